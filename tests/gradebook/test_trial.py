"""What a trial calls equal and what not; the trial itself, with both graders, is in `e2e/test_other_course.py`."""

import pytest
from click.testing import CliRunner
from nbgrader.converters import Autograde, GenerateAssignment
from traitlets.config import Config

from autograder.cli import main
from autograder.gradebook import trial
from autograder.gradebook.plugin import use_stock
from autograder.gradebook.trial import GradedBy, GradedTwice, Trial
from autograder.plugin import use_sandbox

CELL, ANOTHER = ("ps1", "test"), ("ps1", "more")
HALF = GradedBy({CELL: 3.0, ANOTHER: 0.0}, {("ps1", 1): ["stdout: 5"]})
SAME = "1 of 1 submissions have the same scores."
OTHER = "0 of 1 submissions have the same scores"


@pytest.fixture
def tried(monkeypatch, tmp_path):
    """``tried(stock, ours)``: the exit code of a trial in which both have made that of a submission, and its words."""

    def run(stock, ours, left_out=None):
        compared = [GradedTwice("ada", "ps1", stock, ours, ())]
        monkeypatch.setattr(trial, "try_course", lambda *_: Trial(compared, 9.0, 1.0, left_out or {}))
        done = CliRunner().invoke(main, ["try", str(tmp_path)])
        return done.exit_code, " ".join(done.output.split())

    return run


@pytest.mark.parametrize(
    ("ours", "code", "sentences"),
    [
        (HALF, 0, [SAME]),
        (
            HALF._replace(scores={CELL: 0.0, ANOTHER: 0.0}),
            1,
            [OTHER, "ps1, ada: the cell test of ps1 gets 3 from stock nbgrader and 0 from us"],
        ),
        (HALF._replace(scores={CELL: 3.0}), 1, [OTHER, "the cell more of ps1"]),
        (HALF._replace(scores={**HALF.scores, CELL: None}), 1, [OTHER, "the cell test of ps1"]),
        (HALF._replace(outputs={("ps1", 1): ["stdout: 6"]}), 0, [SAME, "the outputs of ps1 are others in cell 1"]),
        (GradedBy({}, {}, "It is empty."), 1, [OTHER, "ps1, ada: we have not graded it: It is empty."]),
    ],
    ids=["all", "a score", "a cell that one has not", "one leaves to a human", "outputs", "not graded"],
)
def test_equal_is_what_has_the_same_scores(tried, ours, code, sentences):
    found, said = tried(HALF, ours)
    assert found == code
    for sentence in sentences:
        assert sentence in said


def test_what_neither_has_graded_is_not_equal(tried):
    nothing = GradedBy({}, {}, "It is empty.")
    code, said = tried(nothing, nothing)
    assert code == 1
    assert f"{OTHER}, and neither could grade 1." in said


def test_assignment_that_cannot_be_released_is_told(tried):
    code, said = tried(HALF, HALF, {"ps2": "it has no cell"})
    assert code == 1
    assert "ps2: nbgrader cannot release it: it has no cell" in said


def test_scores_and_outputs_are_read_without_what_differs_from_run_to_run(tmp_path, notebook, code_cell):
    def graded(printed, points):
        shown = {"output_type": "stream", "name": "stdout", "text": printed}
        score = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": points}}
        answer = {**code_cell("x"), "id": "x", "outputs": [shown]}
        test = {**code_cell("y", grade_id="test", grade=True, locked=True, points=3), "id": "y", "outputs": [score]}
        place = tmp_path / "autograded" / "ada" / "ps1"
        place.mkdir(parents=True, exist_ok=True)
        (place / "ps1.ipynb").write_bytes(notebook(answer, test))
        return trial._graded(tmp_path, "ada", "ps1")

    first = graded("<A at 0x7f33aa10> took 31 ms\n", "2.0")
    assert first.scores == {CELL: 2.0}
    assert graded("<A at 0x7f33bb20> took 9 ms\n", "2.0") == first
    other = graded("<B at 0x7f33aa10> took 31 ms\n", "1.0")
    assert (other.scores, other.problem) == ({CELL: 1.0}, "")
    assert other.outputs[("ps1", 1)] != first.outputs[("ps1", 1)]


def test_nothing_is_no_grading(tmp_path):
    assert trial._graded(tmp_path, "ada", "ps1", "Its kernel died.") == GradedBy({}, {}, "Its kernel died.")


def test_stock_is_nbgraders_own_step_whatever_the_course_has_set():
    config = Config()
    use_sandbox(config)
    use_stock(config)
    assert [*config.Autograde.autograde_preprocessors] == Autograde.autograde_preprocessors.default()
    assert [*config.Autograde.sanitize_preprocessors] == Autograde.sanitize_preprocessors.default()
    assert [*config.GenerateAssignment.preprocessors] == GenerateAssignment.preprocessors.default()
    untouched = Config()
    use_stock(untouched)
    assert not any(untouched.values())
