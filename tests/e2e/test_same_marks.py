"""Stock nbgrader and our grader, side by side on one class: the same marks for everyone."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.demo import run_demo
from autograder.lessons import LESSONS

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo as `make demo` runs it: released, handed in, graded by us, marks in a gradebook."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    assert run_demo(folder) == 0
    return folder


@pytest.fixture(scope="module")
def ours(demo):
    """Our results by student and lesson."""
    lines = (demo / "results.jsonl").read_text().splitlines()
    return {(one["student"], one["assignment"]): one for one in map(json.loads, lines)}


@pytest.fixture(scope="module")
def stock(demo, tmp_path_factory):
    """Scores in the gradebook after stock `nbgrader autograde` of the same submissions."""
    course = tmp_path_factory.mktemp("stock")
    for name in ("submitted", "source", "nbgrader_config.py"):
        copy = shutil.copytree if (demo / name).is_dir() else shutil.copy
        copy(demo / name, course / name)
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}

    def nbgrader(*arguments):
        return subprocess.run([BIN / "nbgrader", *arguments], cwd=course, env=env, capture_output=True, text=True)

    for lesson in LESSONS:
        nbgrader("generate_assignment", lesson.name).check_returncode()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda lesson: nbgrader("autograde", lesson.name, "--create"), LESSONS))
    return _scores(course / "gradebook.db")


def _scores(database):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{database}", "neurons-to-network") as gradebook:
        return {
            (submission.student.id, assignment.name, grade.cell.name): grade.score
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_class_of_24_covers_every_lesson(ours):
    assert len(ours) == 24
    assert {lesson for _, lesson in ours} == {lesson.name for lesson in LESSONS}


def test_class_shows_every_ending(ours):
    endings = {question["outcome"] for one in ours.values() for question in one["questions"]}
    assert endings == {"passed", "partial", "failed", "not_attempted", "error", "timeout"}


def test_files_that_are_no_notebooks_are_told_apart(ours):
    refused = [one for one in ours.values() if one["problem"]]
    assert len(refused) == 2
    assert all("not a notebook" in one["problem"] for one in refused)


def test_stock_nbgrader_gives_every_question_the_same_points(ours, stock):
    mine = {
        (student, lesson, question["name"]): question["score"]
        for (student, lesson), one in ours.items()
        for question in one["questions"]
    }
    assert mine == stock


def test_gradebook_holds_the_marks(demo, ours, stock):
    """All but the files that are no notebooks: stock enters 0 for those, we leave them to the instructor."""
    graded = {key: score for key, score in stock.items() if not ours[key[:2]]["problem"]}
    assert _scores(demo / "gradebook.db") == graded


def test_right_network_reads_mnist(ours):
    accuracies = [
        test["measured"]["accuracy"]
        for one in ours.values()
        for question in one["questions"]
        for test in question["tests"]
        if "accuracy" in test["measured"] and test["outcome"] == "passed"
    ]
    assert max(accuracies) > 0.94


def test_every_submission_has_a_page(demo, ours):
    for student, lesson in ours:
        page = (demo / "reports" / student / f"{lesson}.html").read_text()
        assert student in page
        assert "Traceback" not in page


def test_demo_can_be_repeated_and_spares_other_folders(demo, tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert run_demo(tmp_path) == 2
    assert (tmp_path / "thesis.txt").exists()
