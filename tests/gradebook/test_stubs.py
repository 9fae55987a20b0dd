"""What is left of an answer in a released notebook: of a function its stub, of a value its name."""

import nbformat
import pytest
from traitlets.config import Config

from autograder.course.contents import COURSE
from autograder.gradebook.plugin import use_sandbox
from autograder.gradebook.stubs import ClearAnswers

VALUE = "# Three of them.\n### BEGIN SOLUTION\nprimes = [2, 3, 5]\n### END SOLUTION"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def released(source, grade_id, config=None):
    """A cell as students get it."""
    about = {"grade_id": grade_id, "grade": False, "solution": True, "locked": False, "schema_version": 3}
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": about})
    step = ClearAnswers(config=config)
    nb, _ = step.preprocess(nbformat.v4.new_notebook(cells=[cell]), {})
    return nb.cells[0].source


def test_of_a_value_the_name_is_left():
    source = released(VALUE, "primes-answer")
    names = {}
    exec(source, names)
    assert names["primes"] is None
    assert source.startswith("# Three of them.\nprimes = None  # YOUR ANSWER HERE")
    assert "[2, 3, 5]" not in source


@pytest.mark.parametrize(
    ("source", "grade_id"),
    [
        (VALUE, "other-answer"),  # the cell is named after something else
        (VALUE, "primes"),
        (
            "def primes():\n    ### BEGIN SOLUTION\n    primes = [2]\n    return primes\n    ### END SOLUTION",
            "primes-answer",
        ),
        ("### BEGIN SOLUTION\nother = 3\n### END SOLUTION", "primes-answer"),
        ("primes = [2, 3, 5]", "primes-answer"),  # no region: nbgrader takes all of it
    ],
)
def test_all_else_is_nbgrader_s(source, grade_id):
    assert "raise NotImplementedError()" in released(source, grade_id)


def test_options_of_nbgrader_s_own_count():
    config = Config()
    config.ClearSolutions.code_stub = {"python": "fail()"}
    assert released("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "y-answer", config) == "fail()"


def test_configuration_has_it_in_place_of_nbgrader_s():
    config = Config()
    use_sandbox(config, COURSE)
    steps = config.GenerateAssignment.preprocessors
    assert [step.__name__ for step in steps].count("ClearAnswers") == 1
    assert "ClearSolutions" not in [step.__name__ for step in steps]
