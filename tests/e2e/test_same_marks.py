"""Stock nbgrader and our grader, side by side on one class: the same gradebook and the same files for everyone.

A class of 24 by default; ``CLASS=200`` makes it larger (`make same-marks`).
"""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.build import release_lessons
from autograder.classroom import make_class
from autograder.demo import run_demo
from autograder.lessons import HOME, LESSONS
from autograder.report import build_report, gather

BIN = Path(sys.executable).parent
SIZE = int(os.environ.get("CLASS", "24"))


def environment():
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo as `make demo` runs it: released, handed in, graded by us, marks in a gradebook."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    if SIZE > 24:
        return larger(folder)
    assert run_demo(folder) == 0
    return folder


def larger(folder):
    """The same for a larger class, in the steps that an instructor takes."""
    shutil.copytree(HOME / "source", folder / "source")
    shutil.copy(HOME / "nbgrader_config.py", folder)
    release_lessons(folder, f"sqlite:///{folder}/gradebook.db")
    make_class(folder / "submitted", folder / "assignments", SIZE, seed=SIZE)
    command = [BIN / "autograder", "grade", folder, "--jsonl", folder / "results.jsonl"]
    assert subprocess.run(command, env=environment()).returncode == 1  # not all are notebooks
    return folder


@pytest.fixture(scope="module")
def ours(demo):
    """Our results by student and lesson."""
    lines = (demo / "results.jsonl").read_text().splitlines()
    return {(one["student"], one["assignment"]): one for one in map(json.loads, lines)}


@pytest.fixture(scope="module")
def stock(demo, tmp_path_factory):
    """The course after stock `nbgrader autograde` of the same submissions."""
    course = tmp_path_factory.mktemp("stock")
    for name in ("submitted", "source"):
        shutil.copytree(demo / name, course / name)
    config = (demo / "nbgrader_config.py").read_text().replace("use_sandbox(c)", "")
    (course / "nbgrader_config.py").write_text(config)

    def nbgrader(*arguments):
        command = [BIN / "nbgrader", *arguments]
        return subprocess.run(command, cwd=course, env=environment(), capture_output=True, text=True)

    for lesson in LESSONS:
        nbgrader("generate_assignment", lesson.name).check_returncode()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda lesson: nbgrader("autograde", lesson.name), LESSONS))
    return course


def test_class_covers_every_lesson(ours):
    assert len(ours) == SIZE
    assert {lesson for _, lesson in ours} == {lesson.name for lesson in LESSONS}


def test_class_shows_every_ending(ours):
    endings = {question["outcome"] for one in ours.values() for question in one["questions"]}
    assert endings == {"passed", "partial", "failed", "not_attempted", "error", "timeout"}


def test_files_that_are_no_notebooks_are_told_apart(ours):
    refused = [one for one in ours.values() if one["problem"]]
    assert len(refused) == SIZE // 12
    assert all("not a notebook" in one["problem"] for one in refused)


def test_gradebook_is_that_of_stock_nbgrader(demo, stock, marks_in):
    """Every score, flag, comment, penalty and time of everyone."""
    ours, theirs = marks_in(demo / "gradebook.db"), marks_in(stock / "gradebook.db")
    assert set(ours) == set(theirs)
    assert {key: ours[key] for key in ours if ours[key] != theirs[key]} == {}


def test_results_say_what_the_gradebook_says(demo, ours, marks_in):
    marks = marks_in(demo / "gradebook.db")
    assert {key: one["score"] for key, one in ours.items()} == {key: one["score"] for key, one in marks.items()}


def test_autograded_notebooks_are_those_of_stock_nbgrader(demo, stock):
    """Cell by cell, but for what was run: our panels are not in theirs."""
    theirs = {path.relative_to(stock) for path in stock.glob("autograded/**/*") if path.is_file()}
    assert theirs == {path.relative_to(demo) for path in demo.glob("autograded/**/*") if path.is_file()}
    for path in theirs:
        assert _unrun(demo / path) == _unrun(stock / path)
        assert stat.S_IMODE((demo / path).stat().st_mode) == stat.S_IMODE((stock / path).stat().st_mode)


def _unrun(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


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
    if SIZE > 24:
        pytest.skip("the demo writes them")
    for student, lesson in ours:
        page = (demo / "reports" / student / f"{lesson}.html").read_text()
        assert student in page
        assert "Traceback" not in page


def test_class_report_says_what_gradebook_and_results_say(demo, ours, marks_in):
    report = build_report(gather(demo))
    marks = {key: one["score"] for key, one in marks_in(demo / "gradebook.db").items() if not ours[key]["problem"]}
    scores = {(one.student, lesson): score for one in report.people for lesson, score in one.scores.items()}
    assert {key: score for key, score in scores.items() if score is not None} == marks
    for question in report.questions:
        answers = [one for key in marks for one in ours[key]["questions"] if one["name"] == question.name]
        assert {end: count for end, count in question.endings.items() if count} == Counter(
            one["outcome"] for one in answers
        )
        behind = Counter(id for one in answers for id in (one["misconception"], one["second"]) if id)
        assert {mistake.id: mistake.count for mistake in question.mistakes} == behind
        for mistake in question.mistakes:
            assert f"def {question.name}(" in mistake.answer.source
            assert mistake.diagnosis
            assert mistake.pointer
    assert any(question.mistakes for question in report.questions)


def test_demo_can_be_repeated_and_spares_other_folders(demo, tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert run_demo(tmp_path) == 2
    assert (tmp_path / "thesis.txt").exists()
