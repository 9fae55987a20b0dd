"""`source/` is the source: what is committed elsewhere is what comes out when it is built anew."""

import dataclasses
import html
import json
import re
import shutil

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from autograder.course.contents import COURSE
from autograder.instructor.build import (
    BuildError,
    build_notebooks,
    signatures_in,
    without_outputs,
    write_all_contents,
    written_in,
)
from autograder.judging import recordings
from autograder.judging.course import CONTENTS
from autograder.judging.recording import record, record_misconceptions
from autograder.judging.written import LOOKED_FOR, Written


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE.home / "source", folder / "source")
    shutil.copy(COURSE.home / "nbgrader_config.py", folder)
    build_notebooks(folder, COURSE.lessons)
    return folder


@pytest.mark.parametrize("tree", ["assignments", "solutions"])
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_committed_notebooks_are_what_nbgrader_makes(rebuilt, lesson, tree):
    assert without_outputs(lesson.notebook(COURSE.home / tree)) == without_outputs(lesson.notebook(rebuilt / tree))


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_committed_solutions_are_executed_without_an_error(lesson):
    cells = json.loads(lesson.notebook(COURSE.home / "solutions").read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    outputs = [output for cell in code for output in cell["outputs"]]
    # What a learner's own notebook shows would be something else in each build.
    at_home = ["at-home" in cell["metadata"].get("tags", ()) for cell in code]
    assert [not cell["execution_count"] for cell in code] == at_home
    assert any(at_home)
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_widgets_left_their_still_pictures_in_solutions_and_nothing_else(lesson):
    notebook = json.loads(lesson.notebook(COURSE.home / "solutions").read_text())
    assert "widgets" not in notebook["metadata"]  # their state: large, and under another name each time
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", ())
        assert not [
            output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
        ]
        if "import widgets" in "".join(cell["source"]):
            assert "image/png" in outputs[0]["data"]
            assert outputs[0]["metadata"]["image/png"]["alt"] in "".join(outputs[1]["data"]["text/plain"])


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_picture_of_a_solution_keeps_its_description_in_plain_nbconvert(lesson):
    """`jupyter nbconvert --to html`, with the template that it takes if nobody says another."""
    notebook = nbformat.read(lesson.notebook(COURSE.solutions), as_version=4)
    alts = []
    for cell in notebook.cells:
        shown = [output for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})]
        alts += [output.metadata["image/png"]["alt"] for output in shown]
        cell.outputs = shown
    notebook.cells = [cell for cell in notebook.cells if cell.outputs]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert alts
    assert [html.unescape(alt) for alt in re.findall(r'<img alt="([^"]*)"', page)] == alts


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_recorded_answers_have_not_drifted(lesson):
    fresh, kept = record(COURSE, lesson), recordings.load(lesson)
    assert fresh["points"] == kept["points"]
    assert fresh["hidden"] == kept["hidden"]
    assert _rounded(fresh["answers"]) == _rounded(kept["answers"])


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_recorded_misconceptions_have_not_drifted(lesson):
    assert _rounded(record_misconceptions(COURSE, lesson)) == _rounded(
        recordings.load(lesson, recordings.MISCONCEPTIONS)
    )


def _rounded(value):
    """Machines differ in the last digits of a float32."""
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-4, abs=1e-6, nan_ok=True)
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return value


def test_notebook_that_nbgrader_refuses_is_named(tmp_path):
    shutil.copy(COURSE.home / "nbgrader_config.py", tmp_path)
    shutil.copytree(COURSE.home / "source", tmp_path / "source")
    path = COURSE.find_lesson("1-neuron").notebook(tmp_path / "source")
    path.write_text(path.read_text().replace('"grade_id": "sigmoid"', '"grade_id": "careful_neuron"'))
    with pytest.raises(BuildError, match="careful_neuron"):
        build_notebooks(tmp_path, COURSE.lessons)


# --- contents


@pytest.fixture
def source(tmp_path, notebook, code_cell):
    """``source(answer)``: the path of a source notebook that asks `roll`, with that code as its answer, and `win`."""

    def write(answer):
        path = tmp_path / "source" / "8-dice" / "8-dice.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            notebook(
                code_cell("import torch", grade_id="setup", locked=True),
                code_cell(answer, grade_id="roll-answer", solution=True),
                code_cell('check("roll")', grade_id="roll", grade=True, points=1, locked=True),
                code_cell('check("win")', grade_id="win", grade=True, points=1, locked=True),
            )
        )
        return path

    return write


@pytest.mark.parametrize(
    ("answer", "signature"),
    [
        ("def roll():\n    return 4", "roll()"),
        ("def roll(a, b=1e-3, c='x'):\n    return a", "roll(a, b=1e-3, c='x')"),
        ("def roll(\n    a: int,\n    b: float = (1 + 2),\n) -> int:\n    return a", "roll(a, b=1 + 2)"),
        ("def help(x):\n    return x\n\ndef roll(a, /, b):\n    return help(a)", "roll(a, b)"),
        ("# A list.\nroll = [1, 2]", "roll"),
        ("other = 1\nroll = other", "roll"),
    ],
)
def test_signature_is_that_of_the_stub_and_empty_without_one(source, answer, signature):
    assert signatures_in(source(answer)) == {"roll": signature, "win": ""}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("def row(a):\n    return a", "there is no function roll in it, and no value `roll = …`"),
        ("def roll(a:\n    return a", "this is not Python"),
        ("def roll(*a):\n    return a", "has ordinary parameters only"),
    ],
)
def test_answer_that_has_no_such_function_is_named(source, answer, reason):
    with pytest.raises(BuildError, match=f"8-dice.ipynb, cell roll-answer: .*{reason}"):
        signatures_in(source(answer))


@pytest.fixture
def in_sentences(tmp_path, notebook, code_cell):
    """``in_sentences(text)``: a source notebook with that text in a cell that is graded by hand, and others."""

    def write(text):
        path = tmp_path / "8-dice.ipynb"
        graded = {"grade": True, "solution": True, "points": 0}
        cells = [code_cell(text, grade_id="fair", **graded), code_cell("A card.", grade_id="card", **graded)]
        cells.append(code_cell(f"{LOOKED_FOR}\n\n- in a text of the lesson's own"))
        path.write_bytes(notebook(*({**cell, "cell_type": "markdown"} for cell in cells)))
        return path

    return write


def test_answer_in_sentences_is_read_with_what_is_looked_for(in_sentences):
    found = written_in(in_sentences(f"Throw it often.\n\n{LOOKED_FOR}\n\n- often"))
    assert found == [Written("fair", "Throw it often.", ("often",))]


def test_answer_in_sentences_that_is_incomplete_is_named(in_sentences):
    with pytest.raises(BuildError, match=r"8-dice.ipynb, cell fair: .* needs an answer of our own above it"):
        written_in(in_sentences(f"{LOOKED_FOR}\n\n- often"))


def test_source_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(BuildError, match="cannot be read"):
        written_in(tmp_path / "none.ipynb")


def test_new_lesson_is_a_notebook_and_a_folder_of_its_tests(source, tmp_path):
    source("def roll(a):\n    return a")
    course = dataclasses.replace(COURSE, home=tmp_path, public=tmp_path / "lessons", secret=tmp_path / "secret")
    messages = []
    assert write_all_contents(course, messages.append).lessons == ()
    assert messages == [
        f"8-dice: no lesson, since there is no {tmp_path / 'lessons' / 'lesson_8_dice'}; it is left to nbgrader"
    ]
    (tmp_path / "lessons" / "lesson_8_dice").mkdir(parents=True)
    (lesson,) = write_all_contents(course).lessons
    assert (lesson.name, lesson.functions) == ("8-dice", ("roll",))
    assert [question.signature for question in lesson.questions] == ["roll(a)", ""]
    assert lesson.secret == tmp_path / "secret" / "lesson_8_dice"


def test_copied_lesson_is_one_of_its_own(source, tmp_path):
    """A copied folder still has the contents of the lesson that was copied."""
    source("def roll(a):\n    return a")
    course = dataclasses.replace(COURSE, home=tmp_path, public=tmp_path / "lessons", secret=tmp_path / "secret")
    for number in (8, 9):
        (course.public / f"lesson_{number}_dice").mkdir(parents=True)
    first = write_all_contents(course)
    shutil.copytree(tmp_path / "source" / "8-dice", tmp_path / "source" / "9-dice")
    (tmp_path / "source" / "9-dice" / "8-dice.ipynb").rename(tmp_path / "source" / "9-dice" / "9-dice.ipynb")
    shutil.copy(first.lessons[0].public / CONTENTS, course.public / "lesson_9_dice")
    found = {lesson.name: lesson.public.name for lesson in write_all_contents(course.fresh()).lessons}
    assert found == {"8-dice": "lesson_8_dice", "9-dice": "lesson_9_dice"}
