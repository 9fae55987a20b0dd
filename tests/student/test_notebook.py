"""A student's notebook, checked as a whole: the visible half of what grading says, and nothing else."""

import os
import threading

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import with_grader
from autograder.grading.submissions import find_submissions
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging import recordings
from autograder.judging.misconceptions import misconceptions
from autograder.notebooks.reading import NotebookError
from autograder.student.notebook import is_slow, lesson_of, notebooks_below, notebooks_in, seen_from, with_checker

NETWORK = COURSE.find_lesson("4-network")
RELEASE = NETWORK.notebook(COURSE.home / "assignments").read_text()
LOOPS = "def softmax(z):\n    while True:\n        pass\n"


def solved(**answers):
    """The solved notebook of lesson 4, some answers replaced."""
    return fill_in(RELEASE, {**reference_answers(NETWORK, COURSE), **answers})


def mistakes():
    """Every answer of lesson 4 replaced by a known wrong one."""
    known = {one.question: one.source for one in misconceptions(NETWORK)}
    return solved(**{name: known[name] for name in NETWORK.functions})


NOTEBOOKS = {
    "solved": solved(),
    "mistakes": mistakes(),
    "untouched": RELEASE,
    "half": solved(softmax="def softmax(z):\n    return torch.softmax(z, dim=0)", forward="def forward(X, params"),
    "asks": solved(predict_digits="from autograder import hint\n\nassert hint('predict_digits') is None\n1 / 0"),
    "raises": solved(softmax="def softmax(z):\n    raise ValueError('mine')", init_params="1 / 0"),
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checking")
    for name, text in NOTEBOOKS.items():
        (folder / name).mkdir()
        (folder / name / "4-network.ipynb").write_text(text)
    return {name: folder / name / "4-network.ipynb" for name in NOTEBOOKS}


@pytest.fixture(scope="module")
def session(paths, tmp_path_factory):
    """One checker's day: each notebook's check, done, and its results; what checks came to that were cancelled."""

    def work(checker):
        checks = {name: checker.check(path, NETWORK) for name, path in paths.items()}
        checked = {name: (check, tuple(check.results())) for name, check in checks.items()}
        return checked, cancelled(checker, tmp_path_factory.mktemp("cancelled") / "4-network.ipynb")

    return with_checker(work, COURSE)


@pytest.fixture(scope="module")
def checked(session):
    return session[0]


def cancelled(checker, path):
    """Check notebooks that loop in a cell and in a function, cancel, and check the solved one."""
    ends = []
    for text in (solved(init_params="import time\ntime.sleep(1000)"), solved(softmax=LOOPS)):
        path.write_text(text)
        check = checker.check(path, NETWORK)
        soon = threading.Timer(0.5, check.cancel)
        soon.start()
        ends.append([result.name for result in check.results()])
        soon.join()
    path.write_text(solved())
    return ends, [result.outcome for result in checker.check(path, NETWORK).results()]


@pytest.fixture(scope="module")
def graded(paths, fork_server):
    def work(grader):
        return {name: grader.grade(*find_submissions([path], COURSE)) for name, path in paths.items()}

    return with_grader(work, COURSE, fork_server=fork_server)


# --- what is said


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_says_of_every_visible_test_what_grading_says(checked, graded, name):
    verdicts = {result.name: result for result in checked[name][1]}  # each comes as soon as it is final
    assert len(verdicts) == len(checked[name][1]) == len(graded[name].questions)
    for official in graded[name].questions:
        mine = verdicts[official.name]
        visible = [test for test in official.tests if not test.hidden]
        assert [(t.name, t.outcome, t.message) for t in mine.tests] == [(t.name, t.outcome, t.message) for t in visible]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_hidden_tests_stay_out_where_they_are_installed(checked, name):
    assert not any(test.hidden for result in checked[name][1] for test in result.tests)


def test_points_here_and_points_at_grading_add_up_to_the_lesson(checked):
    check, results = checked["solved"]
    assert check.points == {result.name: result.max_score for result in results}
    assert sum(check.points.values()) + check.later == sum(recordings.load(NETWORK)["points"].values()) == 18


def test_notes_are_what_grading_notes_of_cells(checked, graded):
    assert checked["solved"][0].notes == ()
    assert checked["half"][0].notes == graded["half"].notes
    assert len(checked["raises"][0].notes) == 1


def test_hint_has_nothing_to_say_where_a_notebook_is_checked(checked):
    (note,) = checked["asks"][0].notes
    assert "ZeroDivisionError" in note  # and no AssertionError before it


def test_without_fork_it_says_the_same(checked, paths):
    """As on macOS and Windows."""

    def work(checker):
        checker.prepare()
        return tuple(checker.check(paths["half"], NETWORK).results())

    fresh = with_checker(work, COURSE, fork=False)
    assert [(one.name, one.outcome, one.score) for one in fresh] == [
        (one.name, one.outcome, one.score) for one in checked["half"][1]
    ]


def test_unreadable_notebook_is_a_sentence(tmp_path):
    (tmp_path / "4-network.ipynb").write_text("{")

    def work(checker):
        with pytest.raises(NotebookError, match="not even JSON"):
            checker.check(tmp_path / "4-network.ipynb", NETWORK)

    with_checker(work, COURSE, fork=False)


def test_cancelled_check_ends_and_the_next_is_whole(session):
    (in_a_cell, in_a_function), outcomes = session[1]
    assert in_a_cell == []
    assert in_a_function == list(NETWORK.functions)[: len(in_a_function)]
    assert "softmax" not in in_a_function
    assert outcomes == ["passed"] * len(NETWORK.functions)


def test_slow_is_what_puts_the_other_functions_to_work():
    assert [question.name for _, question in COURSE.questions() if is_slow(question)] == ["mnist_accuracy"]
    assert not is_slow(NETWORK.find("softmax"))


# --- which notebooks


def test_lesson_by_name_and_by_questions(tmp_path):
    for name in ("4-network.ipynb", "4-network-Copy1.ipynb", "my own.ipynb"):
        (tmp_path / name).write_text(RELEASE)
        assert lesson_of(tmp_path / name, COURSE) == NETWORK
    (tmp_path / "other.ipynb").write_text('{"nbformat": 4, "cells": []}')
    assert lesson_of(tmp_path / "other.ipynb", COURSE) is None


def test_notebooks_of_a_folder_are_the_course_s_in_order(tmp_path):
    for lesson in reversed(COURSE.lessons):
        (tmp_path / f"{lesson.name}.ipynb").write_text("{}")
    (tmp_path / "diary.ipynb").write_text("{}")
    (tmp_path / ".1-neuron.ipynb").write_text("{}")
    (tmp_path / "2-gradient-descent").mkdir()
    (tmp_path / "2-gradient-descent" / "2-gradient-descent.ipynb").write_text("{}")
    assert list(notebooks_in(tmp_path, COURSE).values()) == list(COURSE.lessons)


def test_a_link_gives_the_notebook_that_it_leads_to(tmp_path):
    folder, kept = tmp_path / "mine", tmp_path / "kept" / "1-neuron.ipynb"
    folder.mkdir()
    kept.parent.mkdir()
    kept.write_text("{}")
    (folder / "1-neuron.ipynb").symlink_to(kept)
    (folder / "2-gradient-descent.ipynb").symlink_to(tmp_path / "gone.ipynb")
    assert list(notebooks_in(folder, COURSE)) == list(notebooks_below(folder, COURSE)) == [kept]
    assert seen_from(folder, kept) == os.path.join("..", "kept", "1-neuron.ipynb")


def test_notebooks_below_leave_out_hidden_folders_pythons_and_what_is_deep(tmp_path):
    def put(folder):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "1-neuron.ipynb").write_text("{}")

    for folder in ("here", "a/b/c/d", "a/b/c/d/e", ".ipynb_checkpoints", "venv/share", "node_modules/x"):
        put(folder)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    found = [str(path.parent.relative_to(tmp_path)) for path in notebooks_below(tmp_path, COURSE)]
    assert found == [os.path.join("a", "b", "c", "d"), "here"]
