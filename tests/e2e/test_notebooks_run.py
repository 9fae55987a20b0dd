"""Every notebook from top to bottom in a real kernel: as students get it, and as it is once all is written."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course.contents import COURSE

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)


@pytest.fixture
def kernel(tmp_path):
    """``kernel(path)``: a notebook's code cells by id, run as "Run All" does; a cell that raises fails the test."""

    def run(path):
        notebook = nbformat.read(path, as_version=4)
        # Somewhere else than in the repository, as at a student's.
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
        ).execute()
        return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}

    return run


def _written(cells):
    """All that the outputs of the cells say, as plain text."""
    outputs = [output for cell in cells for output in cell.outputs]
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def _assert_nothing_is_red(cells):
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text


@EACH_LESSON
def test_released_notebook_runs_to_its_end(lesson, kernel):
    cells = kernel(lesson.notebook(COURSE.home / "assignments"))
    _assert_nothing_is_red(cells.values())
    for question in lesson.questions:
        (output,) = cells[question.name].outputs
        assert output.output_type == "execute_result"
        assert output.data["text/plain"] == "0.0"
        assert "Not attempted yet" in output.data["text/html"]
    asked = [line for line in _written(cells.values()).splitlines() if line.startswith("This cell needs your")]
    for name in (question.name for question in lesson.questions if question.signature and not question.is_value):
        assert any(f"`{name}`" in line for line in asked)


@EACH_LESSON
def test_solved_notebook_runs_to_its_end(lesson, kernel):
    cells = kernel(lesson.notebook(COURSE.home / "solutions"))
    _assert_nothing_is_red(cells.values())
    for question in lesson.questions:
        assert "Correct" in cells[question.name].outputs[0].data["text/html"]
    written = _written(cells.values())
    assert "Not yet" not in written
    assert "This cell needs" not in written
    if lesson.name == "6-learning-digits":
        reached = re.search(r"accuracy (\d\d\.\d+)%", _written([cells["training"]]))
        assert float(reached[1]) >= 97  # of images that are not trained on, by the functions in this notebook
