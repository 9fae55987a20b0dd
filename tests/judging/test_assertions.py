"""The kit that suites compare with: values are judged and not habits, but a wrong shape never passes."""

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder import judging
from autograder.judging import Mismatch, assert_close, assert_keeps_arguments, assert_that, tensor_of
from autograder.judging.outcomes import Returned, Trace
from autograder.judging.values import unsupported

WANTED = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def refused(actual, expected, **options):
    with pytest.raises(Mismatch) as caught:
        assert_close(actual, expected, **options)
    return caught.value


# --- what is accepted


@pytest.mark.parametrize(
    "dtype",
    [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.uint8, torch.int16, torch.int32, torch.int64],
    ids=str,
)
def test_right_numbers_of_any_real_dtype_are_accepted(dtype):
    assert_close(WANTED.to(dtype), WANTED)


@pytest.mark.parametrize(
    "actual",
    [
        WANTED.tolist(),
        [[1, 2, 3], [4, 5, 6]],
        tuple(WANTED),
        [torch.tensor(row) for row in ([1, 2, 3], [4.0, 5.0, 6.0])],
        [[torch.tensor(1.0), 2, 3.0], WANTED[1]],
    ],
    ids=["floats", "ints", "rows", "rows-of-two-dtypes", "mixed"],
)
def test_nested_lists_are_accepted_for_a_tensor(actual):
    assert_close(actual, WANTED)


@pytest.mark.parametrize("actual", [1, 1.0, True, torch.tensor(1), torch.tensor(1.0), torch.tensor(True)])
@pytest.mark.parametrize("expected", [1, 1.0, True, torch.tensor(1), torch.tensor(1.0)])
def test_one_number_is_one_number(actual, expected):
    assert_close(actual, expected)


def test_bools_are_accepted_for_0_and_1():
    assert_close(torch.tensor([True, False, True]), torch.tensor([1, 0, 1]))
    assert_close([True, False, True], torch.tensor([1, 0, 1]))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_empty_tensors_of_one_shape_are_equal(shape):
    assert_close(torch.zeros(shape), torch.zeros(shape))


def test_infinity_is_infinity():
    assert_close(torch.tensor([float("inf"), -float("inf")]), torch.tensor([float("inf"), -float("inf")]))


def test_tuple_is_accepted_as_tuple_and_as_list():
    assert_close((WANTED, 2.0), (WANTED, 2.0))
    assert_close([WANTED, 2.0], (WANTED, 2.0))


def test_dict_is_accepted_in_any_order():
    assert_close({"b1": 0.0, "W1": WANTED.double()}, {"W1": WANTED, "b1": torch.tensor(0.0)})


def test_tuples_and_dicts_may_be_nested():
    assert_close(({"W1": (1, 2)}, 3), ({"W1": (1.0, 2.0)}, 3.0))


def test_expected_tensor_may_carry_a_graph():
    assert_close(WANTED, WANTED.clone().requires_grad_())


@given(st.floats(-1e6, 1e6, width=32), st.floats(-0.9, 0.9))
def test_differences_within_the_tolerances_are_accepted(number, share):
    wanted = torch.tensor(number, dtype=torch.float64)
    assert_close(wanted + share * (1e-5 + 1e-4 * wanted.abs()), wanted)


@given(st.floats(-1e6, 1e6, width=32), st.floats(1.1, 100) | st.floats(-100, -1.1))
def test_differences_beyond_the_tolerances_are_refused(number, share):
    wanted = torch.tensor(number, dtype=torch.float64)
    assert refused(wanted + share * (1e-5 + 1e-4 * wanted.abs()), wanted).kind == "values"


def test_tolerances_can_be_set():
    assert_close(1.09, 1.0, atol=0.1)
    assert_close(1.09, 1.0, rtol=0.1)
    assert refused(1.09, 1.0, rtol=0.01, atol=0.01).kind == "values"


@pytest.mark.parametrize("expected", [505_510, torch.tensor(505_510)])
def test_whole_numbers_must_match_wholly(expected):
    assert_close(505_510.0, expected)
    assert refused(505_500, expected).text == "the result should be 505510, got 505500."
    assert refused(505_510.5, expected).text == "the result should be 505510, got 505510.5."


# --- what is refused: nothing, other kinds, shapes


def test_forgotten_return_is_told():
    for expected in (WANTED, 1.0, (1.0, 2.0), {"W1": 1.0}):
        error = refused(None, expected)
        assert (error.kind, error.text) == ("none", "the result is None. Did you forget `return`?")


def test_missing_part_is_named():
    error = refused({"W1": None}, {"W1": WANTED})
    assert (error.kind, error.text) == ("none", "`W1` is None.")


@pytest.mark.parametrize(
    ("actual", "expected", "shapes"),
    [
        (WANTED[0], WANTED[:1], "expected shape (1, 3), got shape (3,)."),
        (WANTED[:1], WANTED[0], "expected shape (3,), got shape (1, 3)."),
        (WANTED.T, WANTED, "expected shape (2, 3), got shape (3, 2)."),
        (torch.tensor([1.0]), 1.0, "expected shape (), got shape (1,)."),
        (1.0, torch.tensor([1.0]), "expected shape (1,), got shape ()."),
        ([1.0, 1.0], torch.tensor([1.0]), "expected shape (1,), got shape (2,)."),
        ([], torch.tensor([1.0]), "expected shape (1,), got shape (0,)."),
    ],
)
def test_wrong_shape_is_refused_even_where_it_would_broadcast(actual, expected, shapes):
    error = refused(actual, expected)
    assert (error.kind, error.text) == ("shape", shapes)


def test_shape_of_a_part_is_told_with_its_name():
    error = refused({"W1": WANTED.T}, {"W1": WANTED})
    assert error.text == "expected shape (2, 3), got shape (3, 2) for `W1`."
    assert torch.equal(error.actual, WANTED.T)


@pytest.mark.parametrize(
    ("actual", "got"),
    [
        ("text", "a str"),
        (unsupported(len), "a builtin_function_or_method"),
        ({"W1": 1}, "a dict with 'W1'"),
        ({}, "a dict with no keys"),
        ([[1, 2], [3]], "a list of 2"),
        ([None], "a list of 1"),
        ((WANTED, WANTED[0]), "2 results"),
        (2**70, "the number 1180591620717411303424"),
        (unsupported(2**70), "a whole number of more than 64 bits"),
        (unsupported(range(3)), "a range"),
        (unsupported(object()), "an object"),
        (unsupported(iter([])), "a list_iterator"),
    ],
)
def test_what_is_no_tensor_is_described(actual, got):
    error = refused(actual, WANTED)
    assert (error.kind, error.text) == ("type", f"expected a tensor of shape (2, 3), got {got}.")


def test_text_in_place_of_a_number_is_described():
    assert refused("7", 7).text == "expected one number, got a str."


@pytest.mark.parametrize("actual", [torch.zeros(2, dtype=torch.complex64), [torch.tensor(1j), torch.tensor(0.0)]])
def test_complex_numbers_are_refused(actual):
    error = refused(actual, torch.zeros(2))
    assert error.kind == "dtype"
    assert "complex" in error.text


@pytest.mark.parametrize(
    ("actual", "got"),
    [
        (WANTED, "a tensor of shape (2, 3)"),
        ((1.0,), "1 results"),
        ([1.0, 2.0, 3.0], "a list of 3"),
        (5, "the number 5"),
        (unsupported(len), "a builtin_function_or_method"),
    ],
)
def test_wrong_number_of_results_is_told(actual, got):
    error = refused(actual, (1.0, 2.0))
    assert (error.kind, error.text) == ("count", f"expected 2 results, got {got}.")


def test_wrong_result_of_several_is_named():
    assert refused((1.0, 3.0), (1.0, 2.0)).text == "`result[1]` should be 2, got 3."
    assert refused((1.0, 3.0), (1.0, 2.0), name="slopes").text == "`slopes[1]` should be 2, got 3."


@pytest.mark.parametrize(
    ("actual", "kind", "text"),
    [
        ({"W1": 1}, "keys", "the result misses 'b1'."),
        ({"W1": 1, "b1": 1, "c": 1}, "keys", "the result has 'c' too many."),
        ({"w1": 1, "b1": 1}, "keys", "the result misses 'W1' and has 'w1' too many."),
        ((1, 1), "type", "expected a dict with 'W1', 'b1', got 2 results."),
        (torch.zeros(2), "type", "expected a dict with 'W1', 'b1', got a tensor of shape (2,)."),
    ],
)
def test_wrong_keys_are_named(actual, kind, text):
    error = refused(actual, {"W1": 1, "b1": 1})
    assert (error.kind, error.text) == (kind, text)


def test_wrong_entry_of_a_dict_is_named():
    assert refused({"W1": 2.0}, {"W1": 1.0}).text == "`W1` should be 1, got 2."
    assert refused({"W1": 2.0}, {"W1": 1.0}, name="params").text == "`params['W1']` should be 1, got 2."


# --- values


def test_place_of_the_largest_difference_is_told():
    actual = WANTED.clone()
    actual[0, 2] += 0.5
    actual[1, 1] -= 2
    error = refused(actual, WANTED)
    assert error.text == "the result should be 5 at [1, 1], got 3."
    assert (error.kind, error.index) == ("values", (1, 1))
    assert torch.equal(error.actual, actual)
    assert torch.equal(error.expected, WANTED)


@given(st.integers(0, 1), st.integers(0, 2), st.floats(1, 1e6) | st.floats(-1e6, -1))
def test_single_wrong_number_is_found_wherever_it_is(row, column, difference):
    actual = WANTED.double()
    actual[row, column] += difference
    assert refused(actual, WANTED).index == (row, column)


def test_one_wrong_number_has_no_place():
    error = refused(torch.tensor(3.0), 2.0)
    assert (error.text, error.index) == ("the result should be 2, got 3.", ())


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_nan_and_infinity_are_the_largest_difference(bad):
    error = refused(torch.tensor([[0.0, 1e30], [bad, 0.0]]), torch.zeros(2, 2))
    assert error.index == (1, 0)
    assert error.text == f"the result should be 0 at [1, 0], got {bad:g}."


def test_nan_is_never_right():
    assert refused(torch.tensor([float("nan")]), torch.tensor([float("nan")])).kind == "values"


def test_infinity_of_the_other_sign_is_wrong():
    assert refused(torch.tensor([-float("inf")]), torch.tensor([float("inf")])).kind == "values"


def test_numbers_that_were_cut_to_whole_ones_are_explained():
    error = refused(torch.tensor([0, 1]), torch.tensor([0.5, 1.0]))
    assert error.kind == "dtype"
    assert error.text.endswith("should be 0.5 at [0], got 0. Its dtype is int64, which cannot hold fractions.")


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_two_numbers_that_differ_never_look_alike(actual, expected):
    if actual == expected:
        assert_close(actual, expected)
        return
    text = refused(
        torch.tensor(actual, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64), rtol=0, atol=0
    )
    wanted, _, got = text.text.removeprefix("the result should be ").removesuffix(".").partition(", got ")
    assert wanted != got


# --- the other checks


def test_answer_is_read_as_a_tensor_whatever_its_shape():
    assert tensor_of(2.5).item() == 2.5
    assert tensor_of([1, 2]).tolist() == [1, 2]
    assert tensor_of(WANTED, (2, 3)) is not None
    assert not tensor_of(WANTED.clone().requires_grad_()).requires_grad


@pytest.mark.parametrize(
    ("actual", "shape", "text"),
    [
        (None, None, "`W1` is None."),
        ("text", None, "expected a tensor, got a str."),
        ("text", (), "expected one number, got a str."),
        (WANTED, (3, 2), "expected shape (3, 2), got shape (2, 3) for `W1`."),
    ],
)
def test_answer_that_is_no_such_tensor_is_refused(actual, shape, text):
    with pytest.raises(Mismatch) as caught:
        tensor_of(actual, shape, "W1")
    assert caught.value.text == text


def test_property_that_holds_says_nothing():
    assert_that(True, "never read.")
    assert_that(torch.tensor(True), "never read.")


def test_property_that_does_not_hold_is_the_sentence():
    with pytest.raises(Mismatch) as caught:
        assert_that(False, "the two seeds gave the same weights.", WANTED)
    error = caught.value
    assert (error.text, error.kind, error.actual) == ("the two seeds gave the same weights.", "property", WANTED)
    assert str(error) == error.text


class Function:
    """One of the `student` fixture's functions, which gives `value` and leaves its arguments so."""

    parameters = ("X", "params", "lr")

    def __init__(self, change=lambda *arguments: arguments, value=7.0, traces=()):
        self._change = change
        self._value = value
        self._traces = traces

    def with_arguments_after(self, *arguments):
        return Returned(self._value, self._change(*arguments), self._traces)


def seven(*arguments):
    return torch.tensor(7.0)


ARGUMENTS = (WANTED, {"W1": torch.ones(2), "b1": torch.zeros(1)}, 0.5)


def test_arguments_that_stay_are_accepted():
    assert_keeps_arguments(Function(), seven, *ARGUMENTS)


def test_functions_and_lists_among_the_arguments_are_accepted():
    assert_keeps_arguments(Function(), seven, len, [WANTED, (1, 2)], None)


def test_wrong_answer_earns_nothing_for_keeping_its_arguments():
    with pytest.raises(Mismatch, match="the result should be 7, got 8"):
        assert_keeps_arguments(Function(value=8.0), seven, *ARGUMENTS)
    assert_keeps_arguments(Function(value=8.0), seven, *ARGUMENTS, atol=1.5)
    assert_keeps_arguments(Function(value=8.0), seven, *ARGUMENTS, rtol=0.2)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda X, params, lr: (X + 1, params, lr), "X"),
        (lambda X, params, lr: (X.T, params, lr), "X"),
        (lambda X, params, lr: (X.double(), params, lr), "X"),
        (lambda X, params, lr: (X.tolist(), params, lr), "X"),
        (lambda X, params, lr: (None, None, None), "X"),
        (lambda X, params, lr: (X, {**params, "W1": torch.zeros(2)}, lr), "params"),
        (lambda X, params, lr: (X, {"W1": params["W1"]}, lr), "params"),
        (lambda X, params, lr: (X, {**params, "W3": 1}, lr), "params"),
        (lambda X, params, lr: (X, list(params.values()), lr), "params"),
        (lambda X, params, lr: (X, params, 0.25), "lr"),
    ],
)
def test_argument_that_changed_is_named(change, name):
    with pytest.raises(Mismatch) as caught:
        assert_keeps_arguments(Function(change), seven, *ARGUMENTS)
    assert caught.value.kind == "arguments"
    assert caught.value.text.startswith(f"your function changed its argument `{name}`.")


@pytest.mark.parametrize("change", [lambda ws: ([*ws, WANTED],), lambda ws: (ws[:-1],), lambda ws: ([ws[0], -ws[1]],)])
def test_list_that_changed_is_noticed(change):
    with pytest.raises(Mismatch, match="changed its argument `X`"):
        assert_keeps_arguments(Function(change), seven, [WANTED, WANTED])


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("entries", "put other entries into its argument `params`"),
        ("tracked", "switched on `requires_grad` in its argument `params`"),
        ("slopes", "left slopes in the `.grad` of its argument `params`"),
        ("shared", "is a piece of its argument `params`"),
    ],
)
def test_what_is_left_behind_on_an_argument_has_its_own_sentence(kind, says):
    with pytest.raises(Mismatch, match=re.escape(says)) as caught:
        assert_keeps_arguments(Function(traces=(Trace(kind, 1),)), seven, *ARGUMENTS)
    assert caught.value.kind == "arguments"


def test_face_offers_what_suites_are_told_of():
    assert all(hasattr(judging, name) for name in judging.__all__)
    with pytest.raises(AttributeError, match="'pints'"):
        judging.pints  # noqa: B018
