"""Answers that are values: examples, an input that shows a bug, a belief. What is right, and what is said else."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from autograder.judging import Bug, Examples, Mismatch, assert_belief, numbers_of
from autograder.judging.values import plain

SOFTMAX = Examples(name="softmax", function=lambda z: torch.softmax(z, dim=1), dims={"z": 2})
ADD = Examples(name="add", function=lambda a, b: a + b, dims={"a": 0, "b": 0})
VERSIONS = {
    "goes down the columns": lambda z: torch.softmax(z, dim=0),
    "breaks down where scores are large": lambda z: torch.exp(z) / torch.exp(z).sum(dim=1, keepdim=True),
    "raises": lambda z: z[99],
}
GOOD = ([[2, 1, 0]], [[0.665, 0.245, 0.090]])
LARGE = ([[1000, 1000]], [[0.5, 0.5]])


# --- examples


@pytest.mark.parametrize(
    "answer",
    [
        [GOOD, LARGE],
        (list(GOOD), list(LARGE)),
        [{"expected": GOOD[1], "z": GOOD[0]}, {"z": LARGE[0], "expected": LARGE[1]}],
        [(torch.tensor(GOOD[0]), np.array(GOOD[1])), (np.array(LARGE[0]), torch.tensor(LARGE[1]))],
        torch.tensor([LARGE, [[[0.0, 0.0]], [[0.5, 0.5]]]]),
    ],
    ids=["lists", "tuples and lists", "dicts", "tensors and arrays", "one tensor"],
)
def test_examples_are_read_in_every_style(answer):
    SOFTMAX.assert_right(plain(answer))
    SOFTMAX.assert_tell(plain(answer), VERSIONS)


def test_examples_of_several_inputs(says):
    ADD.assert_right([(1, 2, 3), (0.5, -1, -0.5)])
    assert says(ADD.assert_right, [(1, 2, 4), (0, 0, 0)]) == (
        "example 1 is not right: you expect 4 there. Work it out again.",
        0.5,
    )


def test_what_is_wrong_with_an_example_is_said_with_its_place(says):
    text, share = says(SOFTMAX.assert_right, [GOOD, ([[2, 1, 0]], [[0.665, 0.345, 0.090]]), LARGE, LARGE])
    assert text == "example 2 is not right at [0, 1]: you expect 0.345 there. Work it out again."
    assert share == 0.75
    assert "0.245" not in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (7, "expected a list of examples `[(z, expected), …]`, got the number 7."),
        ({"z": 1}, "expected a list of examples `[(z, expected), …]`, got a dict with 'z'."),
        ([], "the list of examples is empty."),
        ([GOOD] * 5, "there are 5 examples; 4 are enough."),
        (GOOD, "that is one example, and not a list of them: `[(z, expected), …]`."),
        ([[[2, 1, 0]]], "example 1 is a list of 1. An example is `(z, expected)`."),
        ([5], "example 1 is the number 5. An example is `(z, expected)`."),
        (
            [([2, 1, 0], [0.665, 0.245, 0.090])],
            "`z` in example 1 has shape (3,), and `softmax` takes a table, one row an",
        ),
        (
            [(GOOD[0], [0.665, 0.245, 0.090])],
            "what example 1 expects has shape (3,); `softmax` gives shape (1, 3) there.",
        ),
        ([([[math.inf, 1]], [[1, 0]])], "`z` in example 1 has nan or infinity in place of a number."),
        ([([["a", "b"]], [[1, 0]])], "`z` in example 1 should be numbers, and is a list of 1 with a str in it."),
        ([([[1, None]], [[1, 0]])], "`z` in example 1 should be numbers, and is a list of 1 with None in it."),
        ([(GOOD[0], "?")], "`expected` in example 1 should be numbers, and is a str."),
        ([(GOOD[0], None)], "`expected` in example 1 should be numbers, and is None."),
        ([([[]], [[]])], "`z` in example 1 is empty."),
        ([([[1e300, 0]], [[1, 0]])], "`z` in example 1 has a number that is too large for float32."),
        ([([[0.0] * 25], [[1 / 25] * 25])], "`z` in example 1 has 25 numbers; 24 are enough."),
        ([([[1], [2, 3]], [[1, 0]])], "and is a list of 2 whose parts have different shapes."),
    ],
)
def test_what_is_malformed_gets_a_sentence_and_no_points(says, answer, words):
    text, share = says(SOFTMAX.assert_right, plain(answer))
    assert words in text
    assert share == 0


def test_marks_are_the_share_of_wrong_versions_caught(says):
    text, share = says(SOFTMAX.assert_tell, [GOOD], VERSIONS)
    assert share == pytest.approx(2 / 3)
    assert text == (
        "your examples catch 2 of 3 wrong versions of `softmax`. One of those that escape breaks down where scores "
        "are large."
    )
    SOFTMAX.assert_tell([GOOD, LARGE], VERSIONS)


def test_a_wrong_example_catches_nobody(says):
    wrong = ([[2, 1, 0]], [[0.1, 0.1, 0.8]])
    text, share = says(SOFTMAX.assert_tell, [wrong], VERSIONS)
    assert (text, share) == ("none of the examples is right yet, so none can tell right from wrong.", 0)
    assert says(SOFTMAX.assert_tell, [wrong, ([[0, 0]], [[0.5, 0.5]])], VERSIONS)[1] == pytest.approx(2 / 3)


def test_two_digits_are_enough_and_one_is_not(says):
    SOFTMAX.assert_right([([[2, 1, 0]], [[0.67, 0.24, 0.09]])])
    assert says(SOFTMAX.assert_right, [([[2, 1, 0]], [[0.7, 0.2, 0.1]])])[1] == 0


# --- a bug

BUG = Bug(
    name="softmax",
    function=lambda z: torch.softmax(z, dim=1),
    wrong=lambda z: torch.softmax(z, dim=0),
    dims={"z": 2},
)


def test_an_input_that_shows_the_bug(says):
    answer = ([[0, 0]], [[1, 1]], [[0.5, 0.5]])
    for one in (answer, list(answer), dict(zip(("should_be", "comes_out", "z"), answer[::-1], strict=True))):
        BUG.assert_shows(plain(one))
        BUG.assert_says(plain(one))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (([[0, 0], [0, 0]], [[0.5, 0.5]] * 2, [[0.5, 0.5]] * 2), "on this input the bug does not show"),
        (([[0, 0]], [[1, 1]]), "expected `(z, comes_out, should_be)`, got a tuple of 2."),
        (([0, 0], [1, 1], [0.5, 0.5]), "`z` in your answer has shape (2,)"),
        (3, "expected `(z, comes_out, should_be)`, got the number 3."),
    ],
)
def test_an_input_that_shows_nothing(says, answer, words):
    assert words in says(BUG.assert_shows, plain(answer))[0]


def test_what_is_said_of_the_bug_counts_by_itself(says):
    answer = ([[0, 0]], [[0.5, 0.5]], [[0.5, 0.5]])
    BUG.assert_shows(answer)
    assert "What comes out there is something else." in says(BUG.assert_says, answer)[0]
    assert "What should come out there is something else." in says(BUG.assert_says, ([[0, 0]], [[1, 1]], [[1, 1]]))[0]


def test_two_numbers_that_have_changed_places_are_told_from_others(says):
    text, _ = says(BUG.assert_says, ([[0, 0]], [[0.5, 0.5]], [[1, 1]]))
    assert text == "the input is well chosen. What comes out and what should have changed places."


def test_what_is_said_of_the_bug_has_its_shape(says):
    text, _ = says(BUG.assert_says, ([[0, 0]], [1, 1], [[0.5, 0.5]]))
    assert text.endswith("Look at what comes out there: what you give has shape (2,), and it has shape (1, 2).")


COUNT = Bug(
    name="count",
    function=lambda n: {1: n.sum()}[len(n) // 2],
    wrong=lambda n: n[0],
    dims={"n": 1},
    labels=("n",),
    digits=0,
)


def test_whole_numbers_are_whole(says):
    COUNT.assert_says(([3.0, 2.0], 3, 5))
    for check in (COUNT.assert_shows, COUNT.assert_says):
        assert says(check, ([3.5, 2], 3, 5))[0] == (
            "`n` in your answer has a fraction, and `count` takes whole numbers."
        )


def test_inputs_that_the_function_does_not_take_are_said(says):
    assert says(COUNT.assert_shows, ([7], 7, 7))[0] == ("`count` does not take the inputs of your answer: `n` is [7].")


# --- an answer of a few parts


@pytest.mark.parametrize(
    "answer",
    [
        (10, -5.5),
        [10.0, torch.tensor(-5.5)],
        {"b": -5.5, "w": 10},
        torch.tensor([10, -5.5], requires_grad=True),
        np.array([10, -5.5]),
        (np.float32(10), np.float64(-5.5)),
        (Fraction(10), Fraction(-11, 2)),
        (torch.tensor([10.0]), [-5.5]),
    ],
    ids=["tuple", "list", "dict", "tensor", "array", "numpy numbers", "fractions", "rows of one"],
)
def test_parts_are_read_in_every_style(answer):
    w, b = numbers_of(plain(answer), w=(), b=())
    assert (w.item(), b.item()) == (10, -5.5)
    assert w.dtype is b.dtype is torch.float64


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (7, "expected `(w, b)`, got the number 7. `w` is a row of 2 numbers."),
        ((1, 2, 3), "expected `(w, b)`, got a tuple of 3. `w` is a row of 2 numbers."),
        ({"w": [1, 2], "bias": 3}, "expected `(w, b)`, got a dict with 'w', 'bias'. `w` is a row of 2 numbers."),
        (([1, 2, 3], 4), "`w` should be a row of 2 numbers, and is a row of 3 numbers."),
        (([1, 2], [4, 4]), "`b` should be one number, and is a row of 2 numbers."),
        (([[1, 2], [2, 3]], 4), "`w` should be a row of 2 numbers, and is of shape (2, 2)."),
        ((([1], 2), 4), "`w` should be numbers, and is a tuple of 2 whose parts have different shapes."),
        (([1, None], 4), "`w` should be numbers, and is a list of 2 with None in it."),
        (([1, 2], "4"), "`b` should be numbers, and is a str."),
        (([1, 2], math.inf), "`b` has nan or infinity in place of a number."),
    ],
)
def test_what_is_wrong_with_a_part_is_said(says, answer, words):
    assert says(lambda value: numbers_of(value, w=(2,), b=()), plain(answer)) == (words, 0)


def test_a_column_is_read_as_a_row():
    w, b = numbers_of(plain(([[1], [2]], [[3]])), w=(2,), b=())
    assert (w.tolist(), b.item()) == ([1, 2], 3)


def test_parts_that_are_alike_are_described_once(says):
    text, _ = says(lambda value: numbers_of(value, first=(3,), second=(3,)), plain([0] * 200_000))
    assert text == ("expected `(first, second)`, got a list of more than 100,000 parts. Each is a row of 3 numbers.")


# --- a belief

OUTCOMES = ("learns", "stuck", "explodes")


def belief(*shares):
    return dict(zip(OUTCOMES, shares, strict=True))


def score(answer, *happened):
    """What a belief earns."""
    try:
        assert_belief(answer, OUTCOMES, happened)
    except Mismatch as mismatch:
        return mismatch.share
    return 1.0


def test_a_belief_is_scored_against_knowing_nothing():
    assert score(belief(0, 1, 0), "stuck", "stuck") == 1
    assert score(belief(1 / 3, 1 / 3, 1 / 3), "stuck") == 0
    assert score(belief(0.8, 0.1, 0.1), "stuck") == 0  # never below
    assert score(belief(1, 0, 0), "stuck") == 0
    assert score(belief(0.2, 0.7, 0.1), "stuck") == pytest.approx(1 + math.log(0.7) / math.log(3), abs=0.006)


def test_honest_beliefs_do_best():
    happened = ["stuck"] * 8 + ["learns"] * 2
    honest = score(belief(0.2, 0.8, 0), *happened)
    assert honest > score(belief(0.05, 0.95, 0), *happened)
    assert honest > score(belief(0.4, 0.6, 0), *happened)


def test_shares_that_are_rounded_or_reckoned_with_are_none_the_worse():
    assert score(belief(0.33, 0.33, 0.33), "stuck") == pytest.approx(0, abs=1e-9)
    assert score(belief(1 - 0.9 - 0.1, 0.9, 0.1), "stuck") == score(belief(0, 0.9, 0.1), "stuck")  # -2.8e-17
    assert score(belief(0, 1.0000001, 0), "stuck") == 1
    assert score(belief(0.005, 1, 0.005), "stuck") < 1


def test_what_has_happened_is_said(says):
    text, _ = says(assert_belief, belief(0.5, 0.25, 0.25), OUTCOMES, ["stuck"] * 4)
    assert text == 'it was "stuck" in 4 of 4 runs. Your belief costs 1.39; knowing nothing costs 1.10.'


def test_before_the_experiment_the_form_is_checked(says):
    assert_belief({"stuck": 0.25, "explodes": 0.25, "learns": 0.5}, OUTCOMES)
    for answer, words in [
        ("stuck", 'expected a dict with a share for each of "learns", "stuck", "explodes"'),
        ({"learns": 1.0}, "expected a dict"),
        (belief(0.5, 0.5, 0.5), "your shares add up to 1.5. Together they are 1."),
        (belief(1.5, -0.5, 0), "one of your shares is -0.5. None is below 0."),
        (belief(70, 20, 10), "your shares add up to 100. Together they are 1. Write 70 percent as 0.7."),
        (belief([1], 0, 0), 'the share of "learns" is a list of 1, and no single number.'),
        (belief(math.nan, 0.5, 0.5), 'the share of "learns" has nan or infinity in place of a number.'),
        (belief("70%", 0.5, 0.5), 'the share of "learns" should be numbers, and is a str.'),
        (belief(None, 0.5, 0.5), 'the share of "learns" should be numbers, and is None.'),
    ]:
        text, share = says(assert_belief, plain(answer), OUTCOMES)
        assert words in text
        assert share == 0
