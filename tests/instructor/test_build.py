"""`source/` is the source: what is committed elsewhere is what comes out when it is built anew."""

import json
import shutil

import pytest

from autograder.instructor.build import BuildError, build_lessons, without_outputs
from autograder.judging import recordings
from autograder.judging.course import HOME, LESSONS, find_lesson
from autograder.judging.reference import record, record_misconceptions


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(HOME / "source", course / "source")
    shutil.copy(HOME / "nbgrader_config.py", course)
    build_lessons(course, execute=False, say=lambda line: None)
    return course


@pytest.mark.parametrize("tree", ["assignments", "solutions"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_committed_notebooks_are_what_nbgrader_makes(rebuilt, lesson, tree):
    assert without_outputs(lesson.notebook(HOME / tree)) == without_outputs(lesson.notebook(rebuilt / tree))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_committed_solutions_are_executed_without_an_error(lesson):
    cells = json.loads(lesson.notebook(HOME / "solutions").read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    outputs = [output for cell in code for output in cell["outputs"]]
    assert all(cell["execution_count"] for cell in code)
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_widgets_left_their_still_pictures_in_solutions_and_nothing_else(lesson):
    notebook = json.loads(lesson.notebook(HOME / "solutions").read_text())
    assert "widgets" not in notebook["metadata"]  # their state: large, and under another name each time
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", ())
        assert not [
            output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
        ]
        if "import widgets" in "".join(cell["source"]):
            assert "image/png" in outputs[0]["data"]
            assert outputs[0]["metadata"]["image/png"]["alt"] in "".join(outputs[1]["data"]["text/plain"])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_recorded_answers_have_not_drifted(lesson):
    fresh, kept = record(lesson), recordings.load(lesson)
    assert fresh["points"] == kept["points"]
    assert fresh["hidden"] == kept["hidden"]
    assert _rounded(fresh["answers"]) == _rounded(kept["answers"])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_recorded_misconceptions_have_not_drifted(lesson):
    assert _rounded(record_misconceptions(lesson)) == _rounded(recordings.load(lesson, recordings.MISCONCEPTIONS))


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
    shutil.copy(HOME / "nbgrader_config.py", tmp_path)
    shutil.copytree(HOME / "source", tmp_path / "source")
    path = find_lesson("1-neuron").notebook(tmp_path / "source")
    path.write_text(path.read_text().replace('"grade_id": "sigmoid"', '"grade_id": "predict"'))
    with pytest.raises(BuildError, match="predict"):
        build_lessons(tmp_path, execute=False, say=lambda line: None)
