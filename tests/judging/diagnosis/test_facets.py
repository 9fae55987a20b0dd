"""What a test saw, part by part."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging import Mismatch
from autograder.judging.diagnosis._facets import MAX_FINE, MAX_PARTS, alike, facets_of_calls, facets_of_verdict
from autograder.judging.outcomes import CallFailed, Missing, Raised, Returned, Stopped, TestCall
from autograder.judging.values import UnsupportedValue

T = torch.tensor


def facets(*outcomes):
    return facets_of_calls([((), outcome) for outcome in outcomes])


def test_parts_of_a_result_are_facets_of_their_own():
    found = facets(Returned((T([1.0, 2.0]), T(3.0))), Returned({"W1": T([[1.0]])}))
    assert {key for key in found if not key.startswith("fine.")} == {
        "0.value",
        "0.value.0",
        "0.value.1",
        "1.value",
        "1.value.W1",
    }
    assert found["0.value.1"] == 3


def test_numbers_lists_and_tensors_are_read_alike():
    for value in (T([0.5, 1.0]), [0.5, 1.0], (0.5, T(1.0))):
        assert alike(facets(Returned(value))["0.value"], T([0.5, 1.0]))


def test_fractions_and_whole_numbers_differ_only_in_the_fine():
    one, other = facets(Returned(T([1.0, 0.0]))), facets(Returned(T([1, 0])))
    assert alike(one["0.value"], other["0.value"])
    assert one["fine.0.value"] != other["fine.0.value"]


def test_exceptions_are_told_apart_by_their_whole_text():
    one = facets(Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (4x3 and 2x5)"))
    assert one == facets(Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (4x3 and 2x5)"))
    assert one != facets(Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (5x3 and 7x1)"))
    assert one != facets(Raised("ValueError", "mat1 and mat2 shapes cannot be multiplied (4x3 and 2x5)"))


def test_exception_that_ended_a_test_of_random_numbers_is_told_apart_too():
    def seen(kind, text):
        call = TestCall("init_params", (), Raised(kind, text), None)
        return facets_of_verdict("error", CallFailed(call), [])["verdict"]

    assert seen("IndexError", "tuple index out of range") != seen("IndexError", "list index out of range")
    assert seen("IndexError", "tuple index out of range") != seen("TypeError", "tuple index out of range")


@pytest.mark.parametrize(
    "outcome", [Missing(), Stopped("time"), Stopped("crash"), Raised("ValueError", ""), Returned(None)]
)
def test_each_outcome_is_told_from_the_others(outcome):
    others = [Missing(), Stopped("time"), Stopped("crash"), Raised("ValueError", ""), Returned(None), Returned(1.0)]
    assert [facets(other) == facets(outcome) for other in others].count(True) == 1


def test_of_an_argument_counts_whether_it_was_kept():
    before = {"W1": T([1.0]), "b1": T([2.0])}
    found = facets_of_calls([((before, 0.1, torch.sin), Returned(1.0, ({"W1": T([5.0]), "b1": T([2.0])}, 0.1, None)))])
    assert (found["0.after.0.W1"], found["0.after.0.b1"], found["0.after.1"]) == ("changed", "kept", "kept")
    assert not [key for key in found if key.startswith("0.after.2")]


def test_a_verdict_on_random_numbers_is_compared_loosely():
    def verdict(spread):
        return facets_of_verdict("failed", Mismatch(f"std is {spread}.", "values", T(spread), T(1.0)), [])

    assert verdict(0.5)["verdict"] == verdict(0.52)["verdict"]
    assert alike(verdict(0.5)["verdict.random"], verdict(0.52)["verdict.random"], "verdict.random")
    assert not alike(verdict(0.5)["verdict.random"], verdict(0.7)["verdict.random"], "verdict.random")


def test_large_tensors_are_no_fine_facets():
    calls = [((), Returned({"small": torch.ones(MAX_FINE), "large": torch.ones(MAX_FINE + 1)}))]
    found = facets_of_verdict("passed", None, calls)
    assert "fine.0.value.small" in found
    assert "fine.0.value.large" not in found


def test_words_of_an_answer_are_no_fine_facets():
    """They are recorded, and students have the recording."""
    found = facets_of_verdict("passed", None, [((), Returned(("ada", ["slow", "fast"], None)))])
    assert set(found) == {"verdict", "fine.0.value", "fine.0.value.1", "fine.0.value.2"}
    assert not any("slow" in str(facet) or "ada" in str(facet) for facet in found.values())


def test_long_lists_are_counted_and_not_read():
    assert facets(Returned([1.0] * (MAX_PARTS + 1)))["0.value"] == f"{MAX_PARTS + 1} parts"


def test_nan_is_like_nan_and_like_nothing_else():
    nan, inf = T([float("nan")]), T([float("inf")])
    assert alike(nan, nan)
    assert not alike(nan, inf)
    assert not alike(nan, T([0.0]))
    assert not alike(None, nan)
    assert alike(None, None)


tensors = st.sampled_from(
    [T(1), T([True]), T([1.0 + 2j]), torch.zeros(0), torch.zeros(2, 0), T([float("nan")]), T([2**62]), T([1.0]).half()]
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=20), tensors
)
plain_values = st.recursive(
    leaves | st.builds(UnsupportedValue, st.text(max_size=10), st.text(max_size=10)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(plain_values, plain_values)
def test_any_answer_can_be_taken_apart_and_compared_with_any_other(one, other):
    mine, theirs = (facets_of_calls([((value,), Returned(value, (value,)))]) for value in (one, other))
    assert all(alike(facet, mine[key], key) for key, facet in mine.items())
    assert "changed" not in [facet for facet in mine.values() if isinstance(facet, str)] or "complex" in mine.values()
    for key in mine.keys() | theirs.keys():
        assert alike(mine.get(key), theirs.get(key), key) in (True, False)
