"""Whatever a student's function gives back becomes one of a few plain kinds, or something that can be shown."""

import itertools
import json
import warnings
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.judging.values import MAX_DEPTH, MAX_PARTS, UnsupportedValue, copied, plain, unsupported
from autograder.notebooks.text import MAX_TEXT, text_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXTS
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=8,
)


def depth(value):
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list | tuple) else 0


@given(PLAIN.filter(lambda value: depth(value) <= MAX_DEPTH))
def test_plain_values_stay_what_they_are(value):
    converted = plain(value)
    assert converted == value
    assert type(converted) is type(value)


@given(arrays.arrays(st.sampled_from(["f4", "f8", ">f4", "i8", ">i4", "u1", "?"]), arrays.array_shapes(min_dims=0)))
def test_numpy_array_becomes_a_tensor_of_the_same_shape_and_numbers(array):
    converted = plain(array)
    assert isinstance(converted, torch.Tensor)
    np.testing.assert_array_equal(converted.numpy(), array)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.str_("seven"), "seven"),
        (Fraction(1, 4), 0.25),
        (Decimal("0.25"), 0.25),
    ],
)
def test_number_of_a_library_becomes_a_python_number(value, expected):
    converted = plain(value)
    assert converted == expected
    assert type(converted) is type(expected)


def test_tensor_loses_its_graph_and_keeps_its_numbers():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    converted = plain(w * 3)
    assert not converted.requires_grad
    assert torch.equal(converted, torch.tensor([3.0, 6.0]))


def test_parameter_and_other_subclasses_become_tensors():
    class Own(torch.Tensor):
        pass

    assert type(plain(torch.nn.Parameter(torch.ones(2)))) is torch.Tensor
    assert type(plain(torch.ones(2).as_subclass(Own))) is torch.Tensor


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(3).to_sparse(),
        lambda: torch.eye(3).T,
        lambda: torch.eye(3).expand(3, 3),
        lambda: torch.complex(torch.zeros(3, 3), -torch.eye(3)).conj().imag,
        lambda: np.eye(3)[::-1, ::-1],
        lambda: np.asfortranarray(np.eye(3)),
    ],
    ids=["sparse", "transposed", "expanded", "negated", "reversed", "fortran"],
)
def test_however_it_is_stored_the_tensor_is_dense(make):
    converted = plain(make())
    assert converted.layout is torch.strided
    assert converted.is_contiguous()
    assert torch.equal(converted.float(), torch.eye(3))


@pytest.mark.parametrize("value", [torch.zeros(3), np.zeros(3), [torch.zeros(3)], {"w": (np.zeros(3),)}])
def test_result_shares_no_memory(value):
    def numbers(part):
        while not isinstance(part, torch.Tensor | np.ndarray):
            part = next(iter(part.values() if isinstance(part, dict) else part))
        return part

    converted = plain(value)
    numbers(value)[:] = 1
    assert not numbers(converted).any()


def test_named_results_of_torch_are_a_tuple():
    values, places = plain(torch.tensor([[1.0, 3.0, 2.0]]).max(dim=1))
    assert (values.item(), places.item()) == (3.0, 1)


class Silent:
    def __repr__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (len, "builtin_function_or_method"),
        ({1, 2}, "set"),
        ({1: 2}, "dict"),
        (2**63, "int"),
        (1j, "complex"),
        (Silent(), "Silent"),
        (torch.ones(2, device="meta"), "Tensor"),
        (np.longdouble(1), "longdouble"),
    ],
)
def test_other_kinds_become_unsupported(value, name):
    converted = plain(value)
    assert isinstance(converted, UnsupportedValue)
    assert converted.type_name == name


def test_tensor_of_rows_of_different_lengths_is_unsupported():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls them a prototype
        rows = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    assert isinstance(plain(rows), UnsupportedValue)


def test_unsupported_value_is_no_tuple_of_results():
    assert not isinstance(unsupported(len), tuple)


def test_what_cannot_be_shown_says_so():
    assert unsupported(Silent()).text == "(cannot be shown)"


def test_list_that_contains_itself_ends():
    loop = []
    loop.append(loop)
    assert depth(plain(loop)) == MAX_DEPTH + 1


def test_number_of_parts_is_bounded():
    class Endless(list):
        def __iter__(self):
            return itertools.repeat(1)

    assert plain([0] * (MAX_PARTS - 1)) == [0] * (MAX_PARTS - 1)
    for many in ([0] * MAX_PARTS, [[0] * 9] * MAX_PARTS, Endless()):
        name = f"{type(many).__name__} of more than 100,000 parts"
        assert plain(many) == UnsupportedValue(name, "(too large to be shown)")


def test_texts_are_cut():
    assert len(plain("a" * 10_000)) == MAX_TEXT
    assert len(unsupported(["a" * 10_000]).text) == MAX_TEXT


@given(st.text())
@example("half a \ud83d character")
def test_any_text_can_be_written_down(text):
    for kept in (text_of(text), plain(text), next(iter(plain({text: 1})))):
        assert json.loads(msgspec.json.encode(kept)) == kept


def test_what_a_function_is_given_keeps_numpy_arrays_and_shares_nothing():
    array = np.array([1.0, 2.0])
    (given,) = copied((array,))
    assert isinstance(given, np.ndarray)
    given[0] = 5.0
    assert array[0] == 1.0
    assert isinstance(copied([np.array([[1]], dtype=">i4")])[0], np.ndarray)


def test_range_is_read_as_a_list():
    assert plain((range(2, 5), 22)) == ([2, 3, 4], 22)
    assert plain(range(10**18)) == UnsupportedValue("range of more than 100,000 parts", "(too large to be shown)")


def test_fraction_that_no_float_holds_is_shown():
    assert plain([Fraction(10**400)])[0].type_name == "Fraction"
