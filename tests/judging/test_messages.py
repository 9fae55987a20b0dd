"""The sentences about one call: what was called, what came back, what was expected."""

import pytest
import torch

from autograder.course.functions import bowl
from autograder.judging import Mismatch, messages
from autograder.judging.outcomes import Missing, Raised, Returned, Stopped

Z = torch.tensor([[1.0, 2.5]])


@pytest.fixture
def softmax(called):
    """``softmax(outcome)``: a call of `softmax` that ended so."""
    return lambda outcome: called("softmax", (Z,), outcome)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor(0.5), "0.5"),
        (torch.tensor([[1.0, 2.0], [3.0, -4.25]]), "[[1, 2], [3, -4.25]]"),
        (torch.tensor([1 / 3]), "[0.333333]"),
        (torch.tensor([True, False]), "[True, False]"),
        (torch.tensor([float("nan"), float("inf")]), "[nan, inf]"),
        (torch.zeros(12), "[" + ", ".join("0" * 12) + "]"),
        (torch.zeros(13), "float32 tensor of shape (13,)"),
        (torch.zeros(784, 10, dtype=torch.long), "int64 tensor of shape (784, 10)"),
        (torch.zeros(0, 2), "float32 tensor of shape (0, 2)"),
        (3, "3"),
        (1_863_690, "1863690"),
        (torch.tensor(1_863_690), "1863690"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "1e-09"),
        (True, "True"),
        (None, "None"),
        ("text", "'text'"),
        ((784, 64, 10), "(784, 64, 10)"),
        ([torch.tensor([1.0]), 2], "[[1], 2]"),
        ({"W1": torch.tensor([1.0]), "b1": torch.zeros(20)}, "{'W1': [1], 'b1': float32 tensor of shape (20,)}"),
        (bowl, "bowl"),
    ],
)
def test_values_are_shown_short_enough_to_read(value, text):
    assert messages.show(value) == text


def test_missing_function_is_named():
    assert messages.missing("softmax", Missing()) == "There is no function `softmax` in this notebook."
    assert messages.missing("primes", Missing(), is_value=True) == "There is nothing called `primes` in this notebook."


def test_what_stands_in_a_functions_place_is_told():
    told = messages.missing("softmax", Missing("`softmax` is not a function but int"))
    assert told == "`softmax` is not a function but int."


def test_call_without_end_is_told_with_its_inputs(softmax):
    assert messages.out_of_time(softmax(Stopped("time")), 4.0) == (
        "`softmax(z)` with `z = [[1, 2.5]]` did not finish within 4 seconds. Is there a loop that never ends?"
    )


def test_exception_is_told_with_the_students_line(softmax):
    outcome = Raised("AttributeError", "module 'torch' has no attribute 'sotfmax'", "return torch.sotfmax(z)", 2)
    assert messages.call_failed(softmax(outcome)) == (
        "`softmax(z)` with `z = [[1, 2.5]]` raised AttributeError: module 'torch' has no attribute 'sotfmax'\n"
        "Your line: `return torch.sotfmax(z)`\n"
        "`torch` has nothing called `sotfmax`. Did you mean `torch.softmax`?"
    )


def test_exception_without_text_or_line_is_still_a_sentence(softmax):
    told = messages.call_failed(softmax(Raised("ValueError", "")))
    assert told == "`softmax(z)` with `z = [[1, 2.5]]` raised ValueError."


def test_message_of_an_exception_becomes_one_line(softmax):
    told = messages.call_failed(softmax(Raised("ValueError", "first\n\n   second")))
    assert told.endswith("raised ValueError: first second")


def test_long_message_of_an_exception_is_cut(softmax):
    told = messages.call_failed(softmax(Raised("ValueError", "word " * 200)))
    assert len(told) < 350
    assert told.endswith(" …")


def test_stub_that_is_called_is_named(softmax):
    outcome = Raised("NotImplementedError", "", "raise NotImplementedError()", 3, True, "sigmoid")
    assert messages.call_failed(softmax(outcome)) == "`softmax` calls `sigmoid`, which is not written yet."


def test_raise_that_was_left_in_is_told(softmax):
    told = messages.call_failed(softmax(Raised("NotImplementedError", "", "raise NotImplementedError()", 3)))
    assert told == (
        "`softmax(z)` with `z = [[1, 2.5]]` ran into `raise NotImplementedError()`. "
        "Remove that line once your own code stands above it."
    )


def test_crash_is_told(softmax):
    told = messages.call_failed(softmax(Stopped("crash", "its process ended during the call")))
    assert told == "`softmax(z)` with `z = [[1, 2.5]]` gave no answer: its process ended during the call."


def test_call_that_returned_did_not_fail(softmax):
    with pytest.raises(ValueError, match="this call did not fail"):
        messages.call_failed(softmax(Returned(1)))


def test_mismatch_begins_with_the_call(softmax):
    told = messages.mismatch(Mismatch("expected shape (1, 2), got shape (2,)."), softmax(Returned(Z[0])))
    assert told == "Called `softmax(z)` with `z = [[1, 2.5]]`.\nExpected shape (1, 2), got shape (2,)."


def test_mismatch_without_a_call_stands_alone():
    assert messages.mismatch(Mismatch("the network has learned nothing."), None) == "The network has learned nothing."


def test_answer_that_cannot_be_read_is_told(softmax):
    assert messages.unreadable(softmax(Returned(None))) == (
        "`softmax(z)` with `z = [[1, 2.5]]` returned something that could not be read as an answer."
    )


@pytest.mark.parametrize(
    ("name", "arguments", "begins"),
    [
        ("weighted_sum", (Z, Z[0], 0.5), "`weighted_sum(x, w, b)` with `x = [[1, 2.5]]`, `w = [1, 2.5]`, `b = 0.5` "),
        ("numeric_gradient", (bowl, Z[0]), "`numeric_gradient(f, w)` with `f = bowl`, `w = [1, 2.5]` "),
        (
            "numeric_gradient",
            (bowl, Z[0], 0.1),
            "`numeric_gradient(f, w, h)` with `f = bowl`, `w = [1, 2.5]`, `h = 0.1` ",
        ),
        ("init_params", ((5, 4, 3), 7), "`init_params(sizes, seed)` with `sizes = (5, 4, 3)`, `seed = 7` "),
    ],
)
def test_call_is_shown_with_the_lessons_own_names(called, name, arguments, begins):
    assert messages.unreadable(called(name, arguments, Returned(None))).startswith(begins)


def test_answer_of_nothing_asks_for_return(softmax):
    assert messages.nothing_returned(softmax(Returned(None))) == (
        "Called `softmax(z)` with `z = [[1, 2.5]]`.\nThe result is None. Did you forget `return`?"
    )


def test_call_with_many_numbers_shows_the_short_ones(called):
    params = {"W1": torch.ones(3, 4), "b1": torch.zeros(4), "W2": torch.ones(4, 2), "b2": torch.zeros(2)}
    told = messages.unreadable(called("forward", (torch.ones(4, 3), params), Returned(None)))
    assert told.startswith(
        "`forward(X, params)` with `X = float32 tensor of shape (4, 3)`, `params = {'W1': float32 tensor of shape "
        "(3, 4), 'b1': [0, 0, 0, 0], 'W2': float32 tensor of shape (4, 2), 'b2': [0, 0]}` "
    )
