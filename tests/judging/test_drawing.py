"""What is kept of a wrong answer so that it can be drawn."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging import Mismatch, assert_close
from autograder.judging.calling import Raised, Returned
from autograder.judging.drawing import MAX_NUMBERS, comparison_of
from autograder.judging.runner import Call

Z = torch.tensor([[1.0, 2.0, 0.5], [0.0, -2.0, 3.0]])


def kept(question, actual, expected, argument=Z):
    """What is kept where `assert_close` finds the answer wrong."""
    with pytest.raises(Mismatch) as caught:
        assert_close(actual, expected)
    return comparison_of(caught.value, Call(question, (argument,), Returned(actual)))


def test_matrix_is_kept_row_by_row():
    found = kept("linear", torch.tensor([[1.0, 2.0], [3.0, 5.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert found.picture == "cells"
    assert found.actual == ((1.0, 2.0), (3.0, 5.0))
    assert found.expected == ((1.0, 2.0), (3.0, 4.0))
    assert found.index == (1, 1)


def test_vector_is_one_row():
    found = kept("linear", [1, 2, 3], torch.tensor([1.0, 2.0, 4.0]))
    assert (found.actual, found.index) == (((1.0, 2.0, 3.0),), (0, 2))


def test_what_json_cannot_hold_is_kept_as_text():
    found = kept("linear", torch.tensor([math.nan, math.inf, -math.inf]), torch.zeros(3))
    assert found.actual == (("nan", "inf", "-inf"),)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (13,), (2, 13), (13, 2), (9, 9), (2, 2, 2), (0, 3)])
def test_what_is_too_small_or_too_large_is_not_kept(shape):
    error = Mismatch("Wrong.", "values", torch.ones(shape), torch.zeros(shape), None)
    assert comparison_of(error, Call("linear", (Z,), Returned(None))) is None


@pytest.mark.parametrize(
    "error",
    [
        Mismatch("expected shape (3,), got shape (2,).", "shape", torch.ones(2)),
        Mismatch("Wrong.", "values", torch.ones(2), torch.ones(3)),
        Mismatch("Wrong.", "type", "text", torch.ones(2)),
        Mismatch("Wrong.", "keys", {"W1": 1}, {"W2": 1}),
        Mismatch("Wrong.", "arguments", {"W1": torch.ones(2)}, {"W1": torch.zeros(2)}),
        Mismatch("Wrong.", "values", torch.ones(2, dtype=torch.complex64), torch.ones(2)),
        Mismatch("the network has learned nothing."),
    ],
    ids=lambda error: error.kind,
)
@pytest.mark.parametrize("question", ["linear", "softmax", "sigmoid"])
def test_what_has_no_counterpart_is_not_kept(error, question):
    assert comparison_of(error, Call(question, (Z,), Returned(error.actual))) is None
    assert comparison_of(error, None) is None


def test_sigmoid_is_kept_with_its_inputs():
    found = kept("sigmoid", Z, torch.sigmoid(Z))
    assert found.picture == "curve"
    assert found.inputs == (1.0, 2.0, 0.5, 0.0, -2.0, 3.0)
    assert found.actual == (found.inputs,)
    assert found.index == (0, 4)  # -2 against 0.12 lies furthest apart


def test_two_points_are_no_curve():
    assert (
        kept("sigmoid", torch.tensor([0.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([-100.0, 100.0])).picture
        == "cells"
    )


@pytest.mark.parametrize("question", ["softmax", "forward"])
def test_probabilities_are_bars(question):
    found = kept(question, torch.softmax(Z, dim=0), torch.softmax(Z, dim=1))
    assert (found.picture, len(found.actual), len(found.expected)) == ("bars", 2, 2)


def test_many_rows_of_probabilities_are_cells():
    assert kept("softmax", torch.ones(5, 2), torch.full((5, 2), 0.5)).picture == "cells"


def test_where_their_sums_are_wrong_the_probabilities_are_kept():
    returned = torch.softmax(Z, dim=0)
    with pytest.raises(Mismatch) as caught:
        assert_close(returned.sum(dim=1), torch.ones(2))
    found = comparison_of(caught.value, Call("softmax", (Z,), Returned(returned)))
    assert (found.picture, found.expected, found.index) == ("bars", None, None)
    assert [len(row) for row in found.actual] == [3, 3]


def test_call_that_did_not_return_has_nothing_to_keep():
    error = Mismatch("Wrong.", "values", None, torch.ones(2))
    assert comparison_of(error, Call("softmax", (Z,), Raised("ValueError", ""))) is None


#: Every dtype that torch has, with numbers in it and without.
DTYPES = {value for value in vars(torch).values() if isinstance(value, torch.dtype)}


@pytest.mark.parametrize("dtype", sorted(DTYPES, key=str), ids=str)
def test_no_dtype_stops_the_grader(dtype):
    value = torch.zeros(2, 32, dtype=torch.uint8).view(dtype)[:, :2]
    for question in ("softmax", "linear", "sigmoid"):
        error = Mismatch("Wrong.", "values", value, torch.ones(2, 2), (0, 0))
        found = comparison_of(error, Call(question, (Z[:, :2],), Returned(value)))
        assert found is None or len(found.actual) <= MAX_NUMBERS


@given(st.lists(st.floats(width=64), min_size=2, max_size=12))
def test_numbers_are_kept_to_nine_digits(numbers):
    error = Mismatch("Wrong.", "values", torch.tensor(numbers, dtype=torch.float64), torch.zeros(len(numbers)), (0,))
    found = comparison_of(error, None)
    for kept_number, number in zip(found.actual[0], numbers, strict=True):
        assert math.isclose(float(kept_number), number, rel_tol=1e-8) or math.isnan(number)
