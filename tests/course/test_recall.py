"""The questions to recall: right answers in any style, likely slips by name, a sentence for everything else."""

import random
import re
from fractions import Fraction

import numpy as np
import pytest
import torch

import autograder
from autograder.course import recall
from autograder.course.contents import COURSE
from autograder.course.recall import recalled
from autograder.course.recall._answers import reply_to
from autograder.course.recall._asked import are_alike, draw, say
from autograder.course.recall._questions import QUESTIONS

ALL = dict.fromkeys(one for three in QUESTIONS.values() for one in three)
EACH = pytest.mark.parametrize("question", ALL, ids=lambda one: one.__name__)
SEEDS = range(60)


def drawn(question):
    return [draw(question, random.Random(seed)) for seed in SEEDS]


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    monkeypatch.setattr(recall, "_drawn", {})


def styles_of_number(number):
    yield from (number, f"{number}", f" {number} ", str(number).replace(".", ",").replace("-", "−"))
    yield from (torch.tensor(float(number)), torch.tensor([float(number)]), np.float32(number), [number], (number,))
    yield from (round(number, 2), Fraction(number).limit_denominator(1000), f"{number * 100:.0f} %", f"{number:.2f}")
    if number == int(number):
        yield from (int(number), f"{int(number)}", np.int64(number), torch.tensor(int(number)))


def styles_of_pair(pair):
    row, column = map(int, pair)
    yield from (
        (row, column),
        [row, column],
        torch.Size(pair),
        torch.tensor(pair),
        np.array(pair),
        (float(row), column),
    )
    yield from (f"({row}, {column})", f"{row} x {column}", f"[{row},{column}]", f"{row}×{column}")
    yield (f"{row}", f"{column}")


@EACH
def test_right_answer_is_accepted_in_any_style(question):
    for asked in drawn(question):
        for answer in (styles_of_pair if asked.is_pair else styles_of_number)(asked.right):
            assert reply_to(asked, answer).startswith("✓ Right: "), answer
            assert reply_to(asked, answer).endswith(asked.why)


@EACH
def test_each_likely_slip_is_named_and_followed_by_what_is_right(question):
    for asked in drawn(question):
        for value, sentence in asked.slips:
            reply = reply_to(asked, value)
            assert reply == f"✗ Not {say(value)}. {sentence} It is {say(asked.right)}. {asked.why}"


@EACH
def test_other_answers_get_what_is_right_and_no_slip(question):
    for asked in drawn(question):
        other = (77, 78) if asked.is_pair else 4321.5
        assert reply_to(asked, other) == f"✗ Not {say(other)}. It is {say(asked.right)}. {asked.why}"


GARBAGE = [
    *(
        "a lot",
        "",
        "1e999999999",
        "1/0",
        "…" * 1000,
        ["a", "b"],
        [1, 2, 3],
        [],
        {},
        set(),
        {1: 2, 3: 4},
        object(),
        print,
    ),
    *(float("nan"), float("inf"), 1j, True, 10**400, torch.ones(3), torch.ones(2, 2), np.array(["a", "b"])),
]


@EACH
@pytest.mark.parametrize("answer", GARBAGE, ids=lambda one: repr(one)[:12])
def test_what_cannot_be_read_gets_a_sentence(question, answer):
    asked = draw(question, random.Random(1))
    reply = reply_to(asked, answer)
    assert reply.startswith("This asks for two numbers" if asked.is_pair else "This asks for a number"), reply
    assert len(reply) < 150


@EACH
def test_number_where_two_are_asked_for_and_two_where_one_is(question):
    asked = draw(question, random.Random(1))
    assert reply_to(asked, 5 if asked.is_pair else (5, 6)).startswith("This asks for")


@EACH
def test_answers_of_one_question_can_be_told_apart(question):
    for asked in drawn(question):
        answers = [asked.right, *(value for value, _ in asked.slips)]
        assert not any(are_alike(one, other) for place, one in enumerate(answers) for other in answers[:place])
        assert len(asked.slips) >= 3


@EACH
def test_numbers_are_fresh_and_short(question):
    texts = {asked.text for asked in drawn(question)}
    assert len(texts) >= 4
    for asked in drawn(question):
        for text in (asked.text, asked.why, *(sentence for _, sentence in asked.slips)):
            assert re.search(r"[.?]$", text)
            assert not re.search(r"\d\.\d{4}|-\d|\$", text), text
        assert len(asked.text.split()) <= 40


def test_each_lesson_but_the_first_has_three():
    numbers = [int(lesson.name.split("-")[0]) for lesson in COURSE.lessons]
    assert sorted(QUESTIONS) == numbers[1:]
    assert all(len(set(three)) == 3 for three in QUESTIONS.values())


# --- the call


def test_first_call_asks_and_says_how_to_answer():
    shown = recalled(4, ())
    assert [line[:2] for line in repr(shown).splitlines()] == ["1.", "2.", "3.", "Yo"]
    assert "`recall(4, (4, 2), 0.5, 0.5)`" in shown.remarks[0]


def test_answers_are_to_what_was_drawn_last():
    asked = recalled(3, ()).questions
    shown = recalled(3, [one.right for one in asked])
    assert shown.questions == asked
    assert [reply[:7] for reply in shown.replies] == ["✓ Right"] * 3
    again = recalled(3, ())
    assert again.questions != asked or recalled(3, ()).questions != asked
    assert again.replies == ("", "", "")


@pytest.mark.parametrize("left_out", [None, ...])
def test_one_may_be_left_out(left_out):
    asked = recalled(3, ()).questions
    assert [bool(reply) for reply in recalled(3, (left_out, asked[1].right)).replies] == [False, True, False]


@pytest.mark.parametrize("kind", [list, tuple])
def test_all_answers_may_stand_in_a_list(kind):
    asked = recalled(4, ()).questions
    assert all(recalled(4, (kind(one.right for one in asked),)).replies)


def test_answers_of_yesterday_are_not_called_wrong():
    """A new kernel has drawn nothing, and "Run All Cells" runs the cell with its old answers."""
    shown = recalled(3, (1, 2, 3))
    assert shown.replies == ("", "", "")
    assert shown.remarks[0].startswith("These numbers are new.")
    assert any(recalled(3, (1, 2, 3)).replies)


def test_comma_inside_of_a_number():
    recalled(3, ())
    shown = recalled(3, (0, 62, 5, 1))
    assert shown.replies == ("", "", "")
    assert "Write 0.5, not 0,5" in shown.remarks[0]


@pytest.mark.parametrize("lesson", [0, 9, -1, "3", None, True, 2.5, "layer", [3]])
def test_lesson_that_has_none_is_refused_with_those_that_have(lesson):
    with pytest.raises(ValueError, match="before the lessons 1 to 8"):
        recalled(lesson, ())


def test_page_shows_code_and_escapes_what_was_typed():
    recalled(3, ())
    page = recalled(3, ("<script>",))._repr_html_()
    assert "<script" not in page
    assert "<code>&#x27;&lt;script&gt;&#x27;</code>" in page
    assert page.count("<li") == 3


def test_same_seed_same_numbers_and_the_learners_own_generators_are_left_alone():
    random.seed(1)
    torch.manual_seed(1)
    before = random.getstate(), torch.get_rng_state()
    one, other = recalled(5, (), random.Random(7)), recalled(5, (), random.Random(7))
    assert one.questions == other.questions
    recalled(5, ())
    assert random.getstate() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])


def test_nothing_is_asked_while_a_notebook_is_graded(monkeypatch):
    assert autograder.recall(3) is not None
    monkeypatch.setenv("AUTOGRADER_CHECKS", "off")
    assert autograder.recall(3) is None
    assert autograder.recall("nonsense") is None
