"""Outputs and verdicts in a notebook, as nbgrader reads them."""

import json

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.course.contents import COURSE
from autograder.gradebook import outputs
from autograder.grading.lesson_run import NotebookRun
from autograder.judging.results import question_result
from autograder.notebooks.reading import parse_notebook
from autograder.sandbox import CellReport
from autograder.sandbox.wire.outputs import Failure, Shown, Stream

TIMEOUT = {"ename": "CellTimeoutError", "evalue": "", "traceback": ["no reply"]}


@pytest.fixture
def lesson(notebook, code_cell):
    """A lesson's notebook: set-up, an answer, its locked cell, a locked cell of the instructor's own, a picture."""
    return notebook(
        code_cell("import torch"),
        code_cell("def softmax(z): ...", grade_id="softmax-answer", solution=True),
        code_cell('check("softmax")', grade_id="softmax", grade=True, locked=True, points=6),
        code_cell("assert 1 == 1", grade_id="mine", grade=True, locked=True, points=2),
        code_cell("figures.shares(z)", tags=["show"]),
    )


def filled(raw, name="4-network", questions=(), shown=None, reports=(), not_run=None):
    """The notebook's cells after `fill`."""
    notebook = parse_notebook(raw)
    nb = nbformat.from_dict(json.loads(raw))
    run = NotebookRun(tuple(questions), shown or {}, tuple(reports), (), {}, 0.1, not_run=not_run or {})
    outputs.fill(nb, notebook, outputs.plan(COURSE, name, notebook), run, TIMEOUT)
    return nb.cells


def test_lesson_is_known_by_name_and_questions(lesson):
    plan = outputs.plan(COURSE, "4-network", parse_notebook(lesson))
    assert plan == (COURSE.find_lesson("4-network"), (1, 2, 4), {3: "softmax"})


@pytest.mark.parametrize("name", ["ps1", "3-layer"])
def test_notebook_of_another_name_is_run_whole(lesson, name):
    assert outputs.plan(COURSE, name, parse_notebook(lesson)) == (None, (1, 2, 3, 4, 5), {})


def test_tag_spares_cells_from_being_run_but_never_a_graded_one(notebook, code_cell):
    raw = notebook(
        code_cell("x", tags=["skip-execution"]), code_cell("y", tags=["skip-execution"], grade_id="y", grade=True)
    )
    assert outputs.plan(COURSE, "ps1", parse_notebook(raw), "skip-execution").run == (2,)


@pytest.mark.parametrize("earned", [0.0, 2.0, 4.5, 6.0])
def test_nbgrader_reads_the_score_that_the_suite_gave(lesson, tested, earned):
    verdict = question_result("softmax", (tested("failed", earned=earned, points=6.0),))
    assert determine_grade(filled(lesson, questions=[verdict])[2]) == (earned, 6.0)


def test_points_that_the_instructor_has_changed_are_kept_in_proportion(lesson, tested):
    verdict = question_result("softmax", (tested("passed", earned=3.0, points=12.0),))
    assert determine_grade(filled(lesson, questions=[verdict])[2]) == (1.5, 6.0)


@pytest.mark.parametrize(("earned", "read"), [(7.0, 6.0), (-1.0, 0.0)])
def test_score_stays_between_nothing_and_the_points_of_the_cell(lesson, tested, earned, read):
    verdict = question_result("softmax", (tested("failed", earned=earned, points=6.0),))
    assert determine_grade(filled(lesson, questions=[verdict])[2]) == (read, 6.0)


def test_graded_cell_shows_the_panel(lesson, tested):
    cells = filled(lesson, questions=[question_result("softmax", (tested("passed"),))])
    assert "Correct" in cells[2].outputs[0].data["text/html"]


def test_what_the_students_cells_showed_is_kept_and_counted(lesson, tested):
    shown = {1: (Stream("stdout", "hello\n"), Shown({"text/plain": "3"}, is_result=True))}
    cells = filled(lesson, questions=[question_result("softmax", (tested("passed"),))], shown=shown)
    assert [output.output_type for output in cells[0].outputs] == ["stream", "execute_result"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, None]


def test_filled_notebook_is_valid(lesson, tested):
    shown = {1: (Stream("stdout", "x"), Shown({"image/png": "aGk="}), Failure("NameError", "x", ["line"]))}
    verdict = question_result("softmax", (tested("passed"),))
    cells = filled(lesson, questions=[verdict], shown=shown)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nb = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    nbformat.validate(nb)


@pytest.mark.parametrize(
    ("report", "name"),
    [
        (CellReport(4, "TimeLimitReached", "", "", 0), "CellTimeoutError"),
        (CellReport(4, "Crash", "", "", 0), "Crash"),
        (CellReport(4, "AssertionError", "hidden by the student", "", 0), "AssertionError"),
    ],
)
def test_cell_that_hides_its_error_gets_no_points(lesson, tested, report, name):
    verdict = question_result("softmax", (tested("passed"),))
    cell = filled(lesson, questions=[verdict], reports=[report])[3]
    assert [output.ename for output in cell.outputs] == [name]
    assert determine_grade(cell) == (0, 2.0)


def test_error_that_shows_is_not_told_twice(lesson, tested):
    verdict = question_result("softmax", (tested("passed"),))
    shown = {4: (Failure("AssertionError", "no", ["Traceback"]),)}
    report = CellReport(4, "AssertionError", "no", "", 0)
    cell = filled(lesson, questions=[verdict], shown=shown, reports=[report])[3]
    assert [output.traceback for output in cell.outputs] == [["Traceback"]]


def test_cell_that_was_not_run_says_so_and_is_no_full_mark(lesson, tested):
    verdict = question_result("softmax", (tested("passed"),))
    cell = filled(lesson, questions=[verdict], not_run={4: "the time was used up"})[3]
    assert [(one.ename, one.evalue) for one in cell.outputs] == [
        ("NotRun", "This cell was not run: the time was used up.")
    ]
    assert cell.execution_count is None
    assert determine_grade(cell) == (0, 2.0)


@pytest.mark.parametrize(
    ("name", "not_run", "sentence"),
    [
        ("4-network", {2: "why"}, None),  # an answer: our suite asks for what it defines
        ("4-network", {2: "why", 4: "why"}, "Cell 4 (mine) was not run: why."),
        ("ps1", {3: "why", 4: "why", 5: "why"}, "Cells 3 (softmax), 4 (mine) were not run: why."),
        ("ps1", {5: "why"}, None),
    ],
)
def test_there_is_no_score_where_a_cell_that_gives_it_was_not_run(lesson, name, not_run, sentence):
    notebook = parse_notebook(lesson)
    run = NotebookRun((), {}, (), (), {}, 0.1, not_run=not_run)
    assert outputs.why_not_run(notebook, outputs.plan(COURSE, name, notebook), run) == sentence


def test_files_are_written_inside_the_folder_only(tmp_path):
    folder, secret = tmp_path / "ps1", tmp_path / "secret"
    folder.mkdir()
    secret.mkdir()
    (secret / "a.txt").write_text("kept")
    (folder / "link").symlink_to(secret)
    (folder / "b.txt").symlink_to(secret / "a.txt")
    outputs.write_files(folder, {"link/a.txt": b"x", "b.txt": b"y", "sub/c.txt": b"z"})
    assert (secret / "a.txt").read_text() == "kept"
    assert (folder / "b.txt").read_bytes() == b"y"
    assert (folder / "sub" / "c.txt").read_bytes() == b"z"


def test_files_that_would_act_by_themselves_get_another_name(tmp_path):
    """A Python or a server that is started in the autograded folder, and a browser that is shown it."""
    made = ["sitecustomize.py", "sub/usercustomize.py", "conftest.py", "nbgrader_config.py", "page.HTML", "a.svg"]
    outputs.write_files(tmp_path, {**dict.fromkeys(made, b"x"), "data.csv": b"y", "model.py": b"z"})
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {*(f"{name}.txt" for name in made), "data.csv", "model.py"}
