"""The student's screen: what stands on it at every moment, in every width and height."""

import dataclasses
import os
from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.course.contents import COURSE
from autograder.judging.results import question_result
from autograder.panels import SAYS
from autograder.student.terminal import Board, CourseProgress, Fitted, heading, name_note, newest_last

LEARNING = COURSE.find_lesson("6-learning-digits")
POINTS = {"network_gradients": 3.0, "layer_slopes": 1.5, "train_network": 3.0, "mnist_accuracy": 10.0}


def shown(renderable, width=80, height=25):
    """What a terminal of that size shows, a line an entry, trailing spaces off."""
    console = Console(width=width, height=height, color_system=None, force_terminal=True)
    with console.capture() as capture:
        console.print(renderable, height=height)
    return [line.rstrip() for line in capture.get().rstrip("\n").split("\n")]


def check(notes=()):
    """Stands for a check of lesson 6, of which it has four questions."""
    lesson = dataclasses.replace(LEARNING, questions=tuple(LEARNING.find(name) for name in POINTS))
    return SimpleNamespace(lesson=lesson, points=POINTS, later=4.5, further=dict.fromkeys(POINTS, 1), notes=notes)


@pytest.fixture
def verdict(tested):
    """``verdict("layer_slopes", "failed")``: one question's result, worth its points."""

    def make(name, outcome, **fields):
        points = POINTS[name]
        earned = points if outcome == "passed" else 0.0
        return question_result(name, (tested(outcome, earned=earned, points=points, **fields),))

    return make


def test_while_it_fills_it_says_what_runs_and_what_waits(verdict):
    board = Board("6-learning-digits.ipynb", check())
    rows = shown(board)
    assert any(line.startswith("network_gradients") and line.endswith("checking") for line in rows)
    assert any(line.split() == ["layer_slopes", "·", "waiting"] for line in rows)
    for name in ("network_gradients", "layer_slopes", "train_network"):
        assert not board.is_done
        board.add(verdict(name, "passed"))
    rows = shown(board)
    assert any(line.startswith("mnist_accuracy") and "training, this takes some seconds" in line for line in rows)
    assert any(line.endswith("7.5 of 17.5 points  3 of 4 questions done") for line in rows)
    assert not any("hint(" in line or "more points" in line for line in rows)
    board.add(verdict("mnist_accuracy", "passed"))
    assert board.is_done
    assert "4.5 more points of this lesson are for tests that run when your work is graded." in shown(board)


@pytest.mark.parametrize("outcome", [outcome for outcome in SAYS if outcome != "partial"])
def test_a_question_s_row_is_its_sign_its_word_its_points(verdict, outcome):
    board = Board("a", check())
    board.add(verdict("layer_slopes", outcome))
    (row,) = [line for line in shown(board) if line.startswith("layer_slopes")]
    word, sign, _ = SAYS[outcome]
    points = "1.5 of 1.5 points" if outcome == "passed" else "0 of 1.5 points"
    assert " ".join(row.split()) == f"layer_slopes {sign} {word} {points}"


def test_each_question_that_went_wrong_is_explained_and_an_untouched_one_is_not(verdict):
    board = Board("a", check())
    board.add(verdict("network_gradients", "not_attempted", title="Untouched."))
    board.add(verdict("layer_slopes", "failed", message="First thing."))
    board.add(verdict("train_network", "error", message="Second thing."))
    board.add(verdict("mnist_accuracy", "passed", title="All well."))
    said = "\n".join(shown(board, height=60))
    assert "First thing." in said
    assert "Second thing." in said
    assert "Untouched." not in said
    assert "All well." not in said
    assert 'hint("network_gradients")' in said  # the first that is open


def test_long_lines_keep_their_place(verdict):
    board = Board("a", check())
    board.add(verdict("layer_slopes", "failed", message="word " * 40))
    lines = [line for line in shown(board, width=50, height=60) if "word word" in line]
    assert len(lines) > 3
    assert {len(line) - len(line.lstrip()) for line in lines} == {2}


def test_note_that_a_message_says_already_is_not_said_twice(verdict):
    board = Board("a", check(notes=("Cell 3 raised ValueError.", "Cell 9 raised KeyError.")))
    board.add(verdict("layer_slopes", "error", message="`layer_slopes` is not defined. Cell 3 raised ValueError."))
    said = "\n".join(shown(board, height=60))
    assert said.count("Cell 3 raised") == 1
    assert said.count("Cell 9 raised") == 1


def test_whatever_a_student_writes_is_no_markup(verdict):
    board = Board("[red]a[/]", check(notes=("[bold]x[/bold]",)))
    board.add(verdict("layer_slopes", "failed", message="got [link=x]y[/link] and [/]"))
    said = "\n".join(shown(board, height=60))
    for text in ("[red]a[/]", "[bold]x[/bold]", "got [link=x]y[/link] and [/]"):
        assert text in said


def test_one_line_says_it_all(verdict):
    board = Board("a.ipynb at 12:00:00", check())
    board.add(verdict("network_gradients", "passed"))
    assert board.line() == "a.ipynb at 12:00:00: 3 of 17.5 points   ✓ network_gradients   … layer_slopes"
    assert Board("a.ipynb", problem="It is empty.").line() == "a.ipynb: It is empty."


def test_unreadable_notebook_has_its_sentence():
    assert shown(Board("a.ipynb", problem="It is empty."))[:3] == ["a.ipynb", "", "It is empty."]


@given(width=st.integers(20, 200), height=st.integers(1, 60))
def test_fits_every_window(width, height):
    text = "\n".join(f"line {number}" for number in range(30))
    lines = shown(Fitted(text), width, height)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert lines[-1].startswith("… there is more") == (height < 30)
    assert height == 1 or lines[0] == "line 0"


def test_progress_without_anything_wrong_praises(verdict, tmp_path):
    board = Board("a", check())
    table = CourseProgress(COURSE, {LEARNING: [tmp_path / "a"]}, tmp_path)
    assert any(line.split() == ["6-learning-digits", "·", "waiting"] for line in shown(table))
    table.add(LEARNING, board)
    for name in POINTS:
        board.add(verdict(name, "passed"))
    assert "next: lesson 0-from-neurons-to-network, which is not here yet" in shown(table)
    everything = CourseProgress(COURSE, {lesson: [tmp_path / "a"] for lesson in COURSE.lessons}, tmp_path)
    for lesson in COURSE.lessons:
        everything.add(lesson, board)
    assert "All that can be checked here is right. Well done." in shown(everything)


def test_heading_says_when_it_was_saved(tmp_path):
    path = tmp_path / "a.ipynb"
    assert heading(path) == "a.ipynb"
    path.touch()
    now = datetime.now()
    os.utime(path, (now.timestamp(), now.timestamp()))
    assert heading(path) == f"a.ipynb, saved {now:%H:%M:%S}"
    then = datetime(2024, 2, 29, 7, 5, 3).timestamp()
    os.utime(path, (then, then))
    assert heading(path) == "a.ipynb, saved 2024-02-29 07:05:03"


def test_newest_last(tmp_path):
    paths = [tmp_path / name for name in ("a.ipynb", "b.ipynb", "c.ipynb")]
    for path, when in zip(paths, (3, 1, 2), strict=True):
        path.touch()
        os.utime(path, (when, when))
    found = newest_last(dict.fromkeys(paths, LEARNING), COURSE)
    assert [path.name for path in found[LEARNING]] == ["b.ipynb", "c.ipynb", "a.ipynb"]


def test_name_that_will_be_a_nuisance_is_told(tmp_path):
    lesson = COURSE.find_lesson("1-neuron")
    assert name_note(tmp_path / "1-neuron.ipynb", lesson) == ""
    copy = tmp_path / "1-neuron copy.ipynb"
    assert "Call it 1-neuron.ipynb before you hand it in" in name_note(copy, lesson)
    (tmp_path / "1-neuron.ipynb").touch()
    assert "Beside 1-neuron copy.ipynb lies 1-neuron.ipynb." in name_note(copy, lesson)


def test_a_form_that_is_kept_is_not_called_correct(tested):
    """All points of such a question are for tests that only grading runs."""
    lesson = dataclasses.replace(LEARNING, questions=(LEARNING.find("layer_slopes"),))
    about = {"later": 5, "further": {"layer_slopes": 1}, "notes": ()}
    board = Board("any.ipynb", SimpleNamespace(lesson=lesson, points={"layer_slopes": 0.0}, **about))
    board.add(question_result("layer_slopes", (tested("passed", earned=0.0, points=0.0),)))
    assert any(line.split() == "layer_slopes ✓ Can be read judged when graded".split() for line in shown(board))
