"""One submission autograded without a database: whose fault it is when it cannot be, and what the log says of it."""

import errno
import json
import shutil

import pytest
from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum

from autograder.course.contents import COURSE
from autograder.gradebook import class_run
from autograder.gradebook.autograde import AutogradeTask, Autograding
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import scripts_on_path
from autograder.grading.lesson_run import NotebookRun
from autograder.judging.results import QuestionResult, SubmissionResult

NEURON = COURSE.find_lesson("1-neuron")
NAMES = [question.name for question in NEURON.questions]


def verdict(name, score):
    return QuestionResult(name, score, 3.0, "passed", None, ())


class FakeGrader:
    """Runs nothing. Raises `error` if there is one; verdicts are full marks."""

    course = COURSE

    def __init__(self, error=None):
        self.error = error
        self.asked = None

    def execute(self, notebook, numbers, kernel):
        return self._run(())

    def run(self, lesson, notebook, only, also):
        self.asked = set(only)
        return self._run(tuple(verdict(name, 3.0) for name in NAMES if name in only))

    def unanswered(self, lesson):
        return tuple(verdict(name, 0.0) for name in NAMES)

    def _run(self, verdicts):
        if self.error is not None:
            raise self.error
        return NotebookRun(verdicts, {}, (), (), {}, 0.1)


@pytest.fixture
def folder(made, tmp_path):
    """A copy of the course folder, to be written in."""
    return shutil.copytree(made, tmp_path / "course")


@pytest.fixture(scope="module")
def made(tmp_path_factory, notebook, code_cell):
    """A course folder with two assignments, one of them a lesson, and ada's submissions of both."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'any'\n"
        "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"
    )
    names_in = {"ps1": ["test"], NEURON.name: NAMES}
    with scripts_on_path(), Gradebook(f"sqlite:///{folder}/gradebook.db", "any") as gradebook:
        for assignment, names in names_in.items():
            gradebook.add_assignment(assignment)
            gradebook.add_notebook(assignment, assignment)
            cells = [
                from_dict(code_cell("check()", grade_id=name, grade=True, locked=True, points=3)) for name in names
            ]
            for cell in cells:
                about = cell.metadata.nbgrader
                about.cell_type, about.checksum = "code", compute_checksum(cell)
                where = (about.grade_id, assignment, assignment)
                gradebook.add_grade_cell(*where, max_score=3, cell_type="code")
                released = {"source": cell.source, "locked": True, "checksum": about.checksum}
                gradebook.add_source_cell(*where, cell_type="code", **released)
            place = folder / "submitted" / "ada" / assignment
            place.mkdir(parents=True)
            (place / f"{assignment}.ipynb").write_bytes(notebook(*cells))
    return folder


def autograde(folder, grader, assignment="ps1", **fields):
    submitted = folder / "submitted" / "ada" / assignment
    task = AutogradeTask("ada", assignment, str(submitted), str(folder / "staging"), **fields)
    return Autograding(CourseFolder(folder), grader)(task)[1]


def test_what_could_be_graded_has_scores_and_nothing_in_the_log(folder):
    came = autograde(folder, FakeGrader())
    assert came.result.problem is None
    assert came.scores["ps1"].scores == {"test": 3.0}
    assert came.submitted
    assert came.log == ()


@pytest.mark.parametrize(("text", "outcomes"), [("Your answer.", ["not_attempted"]), ("It learns.", [])])
def test_cell_that_a_human_grades_is_not_wrong_before_anybody_has_read_it(folder, notebook, code_cell, text, outcomes):
    cell = from_dict(code_cell("Your answer.", grade_id="essay", grade=True, solution=True, locked=False, points=3))
    about = cell.metadata.nbgrader
    about.cell_type, about.checksum = "code", compute_checksum(cell)
    with scripts_on_path(), Gradebook(f"sqlite:///{folder}/gradebook.db", "any") as gradebook:
        gradebook.add_assignment("ps2")
        gradebook.add_notebook("ps2", "ps2")
        where = ("essay", "ps2", "ps2")
        gradebook.add_grade_cell(*where, max_score=3, cell_type="code")
        gradebook.add_solution_cell(*where)
        gradebook.add_source_cell(*where, cell_type="code", source=cell.source, checksum=about.checksum)
    cell.source = text
    place = folder / "submitted" / "ada" / "ps2"
    place.mkdir(parents=True)
    (place / "ps2.ipynb").write_bytes(notebook(cell))
    came = autograde(folder, FakeGrader(), "ps2")
    assert came.result.problem is None
    assert [one.outcome for one in came.result.questions] == outcomes


def test_bug_of_ours_is_not_the_students_and_leaves_a_trace(folder):
    came = autograde(folder, FakeGrader(ZeroDivisionError("boom")))
    assert came.result.problem == "The grader failed: ZeroDivisionError: boom"
    assert came.scores == {}
    assert came.submitted == ""  # it is tried again the next time
    (message,) = came.log
    assert "Traceback" in message
    assert "in _run" in message
    assert message.endswith("ZeroDivisionError: boom")


def test_what_nbgrader_cannot_take_is_told_from_it(folder):
    path = folder / "submitted" / "ada" / "ps1" / "ps1.ipynb"
    raw = json.loads(path.read_text())
    raw["cells"][0]["metadata"]["nbgrader"]["schema_version"] = 1
    path.write_text(json.dumps(raw))
    came = autograde(folder, FakeGrader())
    assert came.result.problem.startswith("nbgrader cannot take it: SchemaTooOldError: ")
    assert "Traceback" in came.log[0]


@pytest.mark.parametrize("settings", ["", "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"])
def test_course_with_stock_settings_is_graded_in_the_same_way(folder, settings):
    """A graded cell that was copied counts once, and stops nobody."""
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.course_id = 'any'\n{settings}")
    path = folder / "submitted" / "ada" / "ps1" / "ps1.ipynb"
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "cells": raw["cells"] * 2}))
    came = autograde(folder, FakeGrader())
    assert (came.result.problem, came.scores["ps1"].scores) == (None, {"test": 3.0})


@pytest.mark.parametrize("name", ["ENOSPC", "EROFS", "EMFILE", "ENFILE", "ENOMEM"])
def test_fault_of_the_machine_is_no_submissions_fault(folder, name):
    with pytest.raises(OSError, match="no more"):
        autograde(folder, FakeGrader(OSError(getattr(errno, name), "no more")))


def test_assignment_that_the_gradebook_does_not_know_is_a_sentence(folder):
    (folder / "submitted" / "ada" / "ps2").mkdir()
    problem = autograde(folder, FakeGrader(), "ps2").result.problem
    assert problem.startswith("The gradebook knows no assignment 'ps2'")


def test_only_questions_that_were_touched_are_asked(folder):
    grader = FakeGrader()
    before = result(*(verdict(name, 1.0) for name in NAMES))
    came = autograde(folder, grader, NEURON.name, only=frozenset(NAMES[:1]), before=before)
    assert grader.asked == {NAMES[0]}
    assert [one.score for one in came.result.questions] == [3.0, *[1.0] * (len(NAMES) - 1)]
    assert came.scores[NEURON.name].scores == dict(zip(NAMES, [3.0, *[1.0] * (len(NAMES) - 1)], strict=True))


def test_question_of_which_there_is_no_earlier_verdict_is_asked_too(folder):
    """The earlier result is of a time when the question had another name."""
    grader = FakeGrader()
    before = result(verdict("old_name", 1.0), *(verdict(name, 1.0) for name in NAMES[2:]))
    came = autograde(folder, grader, NEURON.name, only=frozenset(NAMES[:1]), before=before)
    assert grader.asked == set(NAMES[:2])
    assert [one.name for one in came.result.questions] == NAMES


def result(*questions):
    return SubmissionResult(
        student="ada",
        assignment=NEURON.name,
        score=1.0,
        max_score=1.0,
        seconds=0.1,
        confinement={},
        questions=questions,
    )


@pytest.fixture
def grade(folder, monkeypatch):
    """``grade(grader)``: a class run whose graders are no processes of their own; its results by assignment."""

    def run(grader):
        def run_tasks(tasks, make, *_, **__):
            return map(make(grader), tasks)

        monkeypatch.setattr(class_run.pool, "run_tasks", run_tasks)
        with ClassRun(folder, COURSE) as opened:
            return {one.assignment: one for one in opened.grade()}

    return run


def test_class_is_graded_in_spite_of_it_and_keeps_the_trace(folder, grade):
    results = grade(FakeGrader(ZeroDivisionError("boom")))
    assert {one.problem for one in results.values()} == {"The grader failed: ZeroDivisionError: boom"}
    log = (folder / ".autograder" / "log").read_text()
    assert log.count("ada, ps1: The grader failed.\nTraceback") == 1
    assert "ada, ps1: The grader failed: ZeroDivisionError: boom" in log
    # When it was mended, nobody has to know whom it hit.
    assert {one.problem for one in grade(FakeGrader()).values()} == {None}
    assert grade(FakeGrader()) == {}
