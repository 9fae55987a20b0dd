"""What is kept of a wrong answer so that it can be drawn."""

import math
from pathlib import Path
from typing import get_args

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging import Mismatch, assert_close
from autograder.judging.course import Lesson, Question
from autograder.judging.drawing import MAX_NUMBERS, comparison_of
from autograder.judging.outcomes import Raised, Returned, TestCall
from autograder.judging.results import Picture

#: Every way in which a wrong answer is drawn.
PICTURES = get_args(Picture)

Z = torch.tensor([[1.0, 2.0, 0.5], [0.0, -2.0, 3.0]])


LESSON = Lesson("1-any", (Question("answer", "answer(z)"),), Path("public"), Path("secret"))


def ended(outcome, argument=Z):
    """A call that ended so."""
    return TestCall("answer", (argument,), outcome, LESSON)


def kept(picture, actual, expected, argument=Z):
    """What is kept where `assert_close` finds the answer to a question wrong that is drawn so."""
    with pytest.raises(Mismatch) as caught:
        assert_close(actual, expected)
    return comparison_of(caught.value, ended(Returned(actual), argument), picture)


def test_matrix_is_kept_row_by_row():
    found = kept("cells", torch.tensor([[1.0, 2.0], [3.0, 5.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert found.picture == "cells"
    assert found.actual == ((1.0, 2.0), (3.0, 5.0))
    assert found.expected == ((1.0, 2.0), (3.0, 4.0))
    assert found.index == (1, 1)


def test_vector_is_one_row():
    found = kept("cells", [1, 2, 3], torch.tensor([1.0, 2.0, 4.0]))
    assert (found.actual, found.index) == (((1.0, 2.0, 3.0),), (0, 2))


def test_what_json_cannot_hold_is_kept_as_text():
    found = kept("cells", torch.tensor([math.nan, math.inf, -math.inf]), torch.zeros(3))
    assert found.actual == (("nan", "inf", "-inf"),)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (13,), (2, 13), (13, 2), (9, 9), (2, 2, 2), (0, 3)])
def test_what_is_too_small_or_too_large_is_not_kept(shape):
    error = Mismatch("Wrong.", "values", torch.ones(shape), torch.zeros(shape), None)
    assert comparison_of(error, ended(Returned(None))) is None


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
@pytest.mark.parametrize("picture", PICTURES)
def test_what_has_no_counterpart_is_not_kept(error, picture):
    assert comparison_of(error, ended(Returned(error.actual)), picture) is None
    assert comparison_of(error, None, picture) is None


def test_curve_is_kept_with_its_inputs():
    found = kept("curve", Z, torch.sigmoid(Z))
    assert found.picture == "curve"
    assert found.inputs == (1.0, 2.0, 0.5, 0.0, -2.0, 3.0)
    assert found.actual == (found.inputs,)
    assert found.index == (0, 4)  # -2 against 0.12 lies furthest apart


def test_two_points_are_no_curve():
    assert (
        kept("curve", torch.tensor([0.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([-100.0, 100.0])).picture
        == "cells"
    )


def test_probabilities_are_bars():
    found = kept("bars", torch.softmax(Z, dim=0), torch.softmax(Z, dim=1))
    assert (found.picture, len(found.actual), len(found.expected)) == ("bars", 2, 2)


def test_many_rows_of_probabilities_are_cells():
    assert kept("bars", torch.ones(5, 2), torch.full((5, 2), 0.5)).picture == "cells"


def test_where_their_sums_are_wrong_the_probabilities_are_kept():
    returned = torch.softmax(Z, dim=0)
    with pytest.raises(Mismatch) as caught:
        assert_close(returned.sum(dim=1), torch.ones(2))
    found = comparison_of(caught.value, ended(Returned(returned)), "bars")
    assert (found.picture, found.expected, found.index) == ("bars", None, None)
    assert [len(row) for row in found.actual] == [3, 3]


def test_call_that_did_not_return_has_nothing_to_keep():
    error = Mismatch("Wrong.", "values", None, torch.ones(2))
    assert comparison_of(error, ended(Raised("ValueError", "")), "bars") is None


#: Every dtype that torch has, with numbers in it and without.
DTYPES = {value for value in vars(torch).values() if isinstance(value, torch.dtype)}


@pytest.mark.parametrize("dtype", sorted(DTYPES, key=str), ids=str)
def test_no_dtype_stops_the_grader(dtype):
    value = torch.zeros(2, 32, dtype=torch.uint8).view(dtype)[:, :2]
    for picture in PICTURES:
        error = Mismatch("Wrong.", "values", value, torch.ones(2, 2), (0, 0))
        found = comparison_of(error, ended(Returned(value), Z[:, :2]), picture)
        assert found is None or len(found.actual) <= MAX_NUMBERS


@given(st.lists(st.floats(width=64), min_size=2, max_size=12))
def test_numbers_are_kept_to_nine_digits(numbers):
    error = Mismatch("Wrong.", "values", torch.tensor(numbers, dtype=torch.float64), torch.zeros(len(numbers)), (0,))
    found = comparison_of(error, None)
    for kept_number, number in zip(found.actual[0], numbers, strict=True):
        assert math.isclose(float(kept_number), number, rel_tol=1e-8) or math.isnan(number)
