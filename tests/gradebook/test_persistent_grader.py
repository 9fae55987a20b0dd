"""The one grader process that nbgrader's own process keeps."""

import os

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook import outputs
from autograder.gradebook.persistent_grader import PersistentGrader, PlannedRun, persistent_grader
from autograder.grading.kernel import Kernel
from autograder.grading.processes import GraderDied
from autograder.notebooks.reading import parse_notebook


@pytest.fixture(scope="module")
def grader():
    made = PersistentGrader(COURSE)
    yield made
    made.close()


@pytest.fixture
def planned(notebook, code_cell):
    """``planned(source)``: a notebook of one cell that is no lesson, as it is to be run."""

    def make(source):
        read = parse_notebook(notebook(code_cell(source)))
        return PlannedRun(read, outputs.plan(COURSE, "ps1", read), Kernel(10.0))

    return make


def printed(answer):
    return [output.text for shown in answer.run.outputs.values() for output in shown]


def test_it_runs_one_notebook_after_the_other(grader, planned):
    for text in ("first", "second"):
        answer = grader.run(planned(f"print('{text}')"))
        assert printed(answer) == [f"{text}\n"]
        assert (answer.problem, answer.log) == ("", ())


def test_bug_of_ours_is_a_sentence_and_a_traceback_and_it_goes_on(grader, planned):
    broken = planned("x")._replace(plan=None)
    run, problem, (message,) = grader.run(broken)
    assert run is None
    assert problem == "The grader failed: AttributeError: 'NoneType' object has no attribute 'lesson'"
    assert message.startswith("The grader failed.\nTraceback")
    assert "in run_plan" in message
    assert printed(grader.run(planned("print('next')"))) == ["next\n"]


def test_it_starts_anew_after_it_was_ended(soak, grader, planned):
    grader.close()
    assert printed(grader.run(planned("print('anew')"))) == ["anew\n"]
    grader.close()
    grader.close()


class Deadly:
    """Ends the process in which it is unpickled."""

    def __reduce__(self):
        return os._exit, (3,)


def test_process_that_dies_over_a_notebook_is_replaced(grader, planned):
    with pytest.raises(GraderDied, match="exit code 3"):
        grader.run(planned("x")._replace(kernel=Kernel(10.0, {"a": Deadly()})))
    assert printed(grader.run(planned("print('again')"))) == ["again\n"]


def test_there_is_one_a_course():
    assert persistent_grader(COURSE.where) is persistent_grader(COURSE.where)
