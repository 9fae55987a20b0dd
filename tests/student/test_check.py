"""A check of one question, in a notebook and in a terminal: a panel to read, points for nbgrader."""

import json
import shutil
import subprocess
import sys

import pytest

from autograder import panels
from autograder.course.contents import COURSE
from autograder.judging import recordings
from autograder.student.check import check_question, names_here


@pytest.fixture
def venv_on_path(monkeypatch):
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin:/usr/bin:/bin")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_solved_notebook_shows_full_points(lesson):
    """The committed solutions are executed; what their graded cells show is what nbgrader would count."""
    points = recordings.load(lesson)["points"]
    for cell in json.loads(lesson.notebook(COURSE.home / "solutions").read_text())["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):  # others are read by a human
            (output,) = cell["outputs"]
            assert output["output_type"] == "execute_result"
            assert float("".join(output["data"]["text/plain"])) == points[about["grade_id"]]
            assert "Correct" in "".join(output["data"]["text/html"])


def sigmoid(z):
    return z


def check(question):
    """Check what this module defines."""
    return check_question(question, COURSE, globals())


def test_in_a_script_the_panel_is_its_text():
    verdict = check("sigmoid")
    assert verdict.result.outcome in ("failed", "partial")
    assert repr(verdict).splitlines()[0].startswith(("✗ sigmoid", "◐ sigmoid"))
    assert "should be" in repr(verdict)


def test_on_a_terminal_the_text_is_coloured(monkeypatch):
    verdict = check("sigmoid")
    monkeypatch.setattr(panels, "wants_colour", lambda: True)
    assert "\x1b[" in repr(verdict)
    monkeypatch.setattr(panels, "wants_colour", lambda: False)
    assert "\x1b[" not in repr(verdict)


def test_unknown_question_is_a_sentence():
    with pytest.raises(ValueError, match=r"There is no question 'sofmax'\. The questions are: exactly_one,"):
        check("sofmax")


def test_points_are_between_0_and_those_of_the_cell():
    verdict = check("sigmoid")
    assert 0 <= verdict.points < recordings.load(COURSE.find_lesson("1-neuron"))["points"]["sigmoid"]


def test_hidden_tests_are_counted_and_not_described():
    verdict = check("sigmoid")
    hidden = [test for test in verdict.result.tests if test.hidden]
    assert hidden
    for test in hidden:
        assert test.title not in repr(verdict)
        assert test.name not in repr(verdict)
    assert "that you cannot see" in repr(verdict)


@pytest.mark.parametrize(
    ("tree", "says"),
    [("solutions", "Your notebook passes all the tests"), ("assignments", "VALIDATION FAILED ON 5 CELL(S)")],
)
def test_nbgrader_validate_agrees(tree, says, venv_on_path, tmp_path, request):
    if tree == "assignments":
        request.getfixturevalue("soak")
    notebook = shutil.copy(COURSE.find_lesson("4-network").notebook(COURSE.home / tree), tmp_path)
    done = subprocess.run(["nbgrader", "validate", notebook], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert says in done.stdout


def run(code):
    """What a plain Python prints that runs this code as a script."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_names_of_a_script_are_its_own_wherever_it_calls_from():
    code = (
        "from autograder.student.check import names_here\n"
        "def deep(depth):\n"
        "    return names_here() if not depth else deep(depth - 1)\n"
        "print(deep(3) is globals())\n"
    )
    assert run(code) == "True\n"


def test_names_of_a_notebook_are_those_of_its_cells():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from autograder.student.check import names_here')\n"
        "shell.run_cell('mine = 7; found = names_here()')\n"
        "print(shell.user_ns['found'] is shell.user_ns, shell.user_ns['found']['mine'])\n"
    )
    assert run(code) == "True 7\n"


def test_names_of_this_process_are_those_of_main():
    assert names_here() is vars(sys.modules["__main__"])
