"""Questions that are answered in sentences: what a source cell says of them, and when an answer is none."""

import pytest

from autograder.judging.course import read_lessons, write_contents
from autograder.judging.written import LOOKED_FOR, PLACEHOLDER, Written, is_empty, read_written

OURS = "A quarter.\n\nEach half-life takes half of what is left."


def test_cell_is_our_answer_and_below_it_what_is_looked_for():
    found = read_written("half_left", f"{OURS}\n\n{LOOKED_FOR}\n\n- a quarter\n- half of $n$, and no more\n")
    assert found == Written("half_left", OURS, ("a quarter", "half of $n$, and no more"))


def test_cell_without_the_list_is_left_to_nbgrader():
    assert read_written("card", "**The question.** Has it a loop?\n\n- a list of another kind") is None


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (f"{LOOKED_FOR}\n\n- a quarter", "an answer of our own above it"),
        (f"{OURS}\n\n{LOOKED_FOR}", "a list of lines that begin with `- `"),
        (f"{OURS}\n\n{LOOKED_FOR}\n\na quarter", "a list of lines that begin with `- `"),
    ],
)
def test_half_a_question_is_refused_with_what_is_missing(source, sentence):
    with pytest.raises(ValueError, match=r"half_left: .* needs ") as caught:
        read_written("half_left", source)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("answer", ["", "  \n", PLACEHOLDER, f"\n{PLACEHOLDER}  ", PLACEHOLDER * 2])
def test_nothing_written_is_empty(answer):
    assert is_empty(answer)


@pytest.mark.parametrize("answer", ["a quarter", f"{PLACEHOLDER}\n\na quarter", "YOUR ANSWER", "?"])
def test_whatever_was_written_is_an_answer(answer):
    assert not is_empty(answer)


def test_contents_keep_them_and_have_none_where_none_are_asked(tmp_path):
    asked = Written("half_left", OURS, ("a quarter",))
    for number, written in ((1, ()), (2, (asked,))):
        folder = tmp_path / f"lesson_{number}_decay"
        folder.mkdir()
        write_contents(folder, f"{number}-decay", {"half_life": "half_life(rate)"}, written)
    without, with_one = read_lessons(tmp_path, tmp_path)
    assert (without.written, with_one.written) == ((), (asked,))
    assert "written" not in (without.public / "contents.json").read_text()
