"""A graded cell that was never run is no score, by plug-in and in bulk: nbgrader would take it for full marks."""

import json

import pytest
from nbgrader.api import Gradebook

ANSWERS = [f"answer-{number}" for number in range(1, 9)]

#: What students write into the eight cells before the graded one.
SUBMISSIONS = {
    "exits": ["import os; os._exit(0)"] * 6 + ["x = 7", "x = 8"],
    "hangs": ["import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(9)"] * 8,
    "fine": ["x = 1"] * 8,
}


def said(done):
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory, notebook, code_cell, command):
    """A course that is not ours, whose one assignment asks for the impossible; and what was submitted."""
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'any'\nc.Execute.timeout = 1\n"
        "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"
    )
    source = course / "source" / "ps1"
    source.mkdir(parents=True)
    answers = [code_cell("x = 0", grade_id=name, solution=True) for name in ANSWERS]
    graded = code_cell("assert False", grade_id="impossible", grade=True, locked=True, points=3)
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    (source / "ps1.ipynb").write_bytes(notebook(*answers, graded, metadata=kernel))
    code, output = said(command("nbgrader", "generate_assignment", "ps1", cwd=course))
    assert code == 0, output
    release = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())
    for student, cells in SUBMISSIONS.items():
        for cell, text in zip(release["cells"], cells, strict=False):
            cell["source"] = text
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(json.dumps(release))
    return course


@pytest.fixture(scope="module")
def plugged(course, command):
    """What `nbgrader autograde` says, and by student the score of the graded cell and whether a human is asked."""
    code, output = said(command("nbgrader", "autograde", "ps1", cwd=course))
    return code, output, scores(course)


@pytest.fixture(scope="module")
def bulk(course, plugged, command):
    """The same for `autograder grade`, and the results by student."""
    (course / "gradebook.db").unlink()
    assert command("nbgrader", "generate_assignment", "ps1", "--force", cwd=course).returncode == 0
    code, output = said(command("autograder", "grade", ".", "--jsonl", "results.jsonl", "--workers", "1", cwd=course))
    results = {one["student"]: one for one in map(json.loads, (course / "results.jsonl").read_text().splitlines())}
    return code, output, scores(course), results


def scores(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        return {
            one.student.id: (grade.auto_score, grade.needs_manual_grade)
            for one in gradebook.find_assignment("ps1").submissions
            for grade in one.notebooks[0].grades
        }


@pytest.mark.parametrize("way", ["plugged", "bulk"])
def test_cell_that_was_not_run_has_no_score_and_a_human_is_asked(way, request):
    found = request.getfixturevalue(way)[2]
    assert found == {"exits": (None, True), "hangs": (None, True), "fine": (0.0, False)}, request.getfixturevalue(way)[
        1
    ]


@pytest.mark.parametrize("way", ["plugged", "bulk"])
def test_exit_code_says_that_not_all_were_graded(way, request):
    code, output = request.getfixturevalue(way)[:2]
    assert code == 1, output


def test_plugin_says_which_cell_was_not_run_and_why(plugged):
    output = plugged[1]
    assert "Cell 9 (impossible) was not run: the process that runs the cells ended" in output
    assert output.count("6 times (in cells 1, 2, 3, 4, 5, 6).") == 2


def test_result_says_which_cell_was_not_run_and_why(course, bulk):
    results = bulk[3]
    assert results["exits"]["problem"].startswith("Cell 9 (impossible) was not run: the process that runs the cells")
    assert results["hangs"]["problem"].endswith("6 times (in cells 1, 2, 3, 4, 5, 6).")
    assert results["fine"]["problem"] is None
    assert {path.parent.parent.name for path in course.glob("autograded/*/ps1/*.ipynb")} == {"fine"}
    assert "exits, ps1: Cell 9 (impossible) was not run" in (course / ".autograder" / "log").read_text()
