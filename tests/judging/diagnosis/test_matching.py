"""One mistake, or two together: what they must explain, and what speaks against them."""

from itertools import combinations

import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.diagnosis._matching import Suspect, closest, pairs, singles

T = torch.tensor


def seen(**tests):
    """``seen(values=5.0)``: one test that saw one number; a dict gives its facets by name."""
    return {
        test: facets if isinstance(facets, dict) else {"0.value": T(float(facets))} for test, facets in tests.items()
    }


RIGHT = seen(a=1, b=2, c=4)


def ids(found):
    return [tuple(one.id for one in pair) for pair in found]


def test_one_mistake_explains_what_failed_and_what_passed():
    suspects = [Suspect("half", seen(a=0.5, b=1, c=2)), Suspect("only_a", seen(a=0.5, b=2, c=4))]
    assert [one.id for one in singles(seen(a=0.5, b=1, c=2), suspects)] == ["half"]
    assert [one.id for one in singles(seen(a=0.5, b=2, c=4), suspects)] == ["only_a"]
    # `half` would have shown in c, which passed.
    assert singles(seen(a=0.5, b=1, c=4), suspects) == []


def test_a_test_that_the_mistake_has_not_been_through_speaks_against_it():
    assert singles(seen(a=0.5, d=1), [Suspect("half", seen(a=0.5))]) == []


def test_an_exception_is_no_number():
    raised = seen(a={"0.raised": "TypeError: "}, b=2, c=4)
    assert singles(raised, [Suspect("half", seen(a=0.5, b=2, c=4))]) == []
    assert [one.id for one in singles(raised, [Suspect("raises", raised)])] == ["raises"]


def test_fine_facets_decide_between_equals_only():
    answer = seen(a={"0.value": T(0.0), "fine.0.value": "whole numbers"})
    whole = Suspect("whole", answer)
    fraction = Suspect("fraction", seen(a={"0.value": T(0.0), "fine.0.value": "fractions"}))
    assert singles(answer, [whole, fraction]) == [whole, fraction]
    assert closest(answer, [whole, fraction]) == [whole]
    assert closest(answer, [fraction]) == [fraction]


def test_two_mistakes_show_in_different_places():
    suspects = [Suspect("one", seen(a=9, b=2, c=4)), Suspect("two", seen(a=1, b=9, c=4))]
    assert ids(pairs(seen(a=9, b=9, c=4), suspects, RIGHT)) == [("one", "two")]


def test_two_mistakes_in_the_same_place_are_multiplied_or_added():
    suspects = [
        Suspect("minus", seen(a=-1, b=-2, c=-4)),
        Suspect("double", seen(a=2, b=4, c=8)),
        Suspect("plus_7", seen(a=8, b=9, c=11)),
    ]
    assert ids(pairs(seen(a=-2, b=-4, c=-8), suspects, RIGHT)) == [("minus", "double")]
    assert ids(pairs(seen(a=9, b=11, c=15), suspects, RIGHT)) == [("double", "plus_7")]
    assert pairs(seen(a=-2, b=-4, c=8), suspects, RIGHT) == []


def test_differences_that_cancel_each_other_out_are_chance():
    suspects = [Suspect("plus_1", seen(a=2, b=3, c=5)), Suspect("minus_all", seen(a=-1, b=-1, c=-1))]
    assert pairs(seen(a=0, b=0, c=0), suspects, RIGHT) == []


def test_where_one_mistake_leaves_no_number_the_other_may_hide_it():
    nan = float("nan")
    right = seen(a={"0.value": T([1.0, 2.0, 3.0])})
    suspects = [
        Suspect("overflow", seen(a={"0.value": T([nan, nan, 3.0])})),
        Suspect("double", seen(a={"0.value": T([2.0, 4.0, 6.0])})),
    ]
    assert ids(pairs(seen(a={"0.value": T([nan, 4.0, 6.0])}), suspects, right)) == [("overflow", "double")]
    assert pairs(seen(a={"0.value": T([nan, 5.0, 6.0])}), suspects, right) == []


def test_a_pair_must_not_show_where_all_is_right():
    suspects = [Suspect("one", seen(a=9, b=2, c=9)), Suspect("two", seen(a=1, b=9, c=4))]
    assert pairs(seen(a=9, b=9, c=4), suspects, RIGHT) == []


def test_a_pair_must_explain_everything():
    suspects = [Suspect("one", seen(a=9, b=2, c=4)), Suspect("two", seen(a=1, b=9, c=4))]
    assert pairs(seen(a=9, b=9, c=9), suspects, RIGHT) == []


def test_a_pair_needs_both():
    suspects = [Suspect("one", seen(a=9, b=9, c=4)), Suspect("two", seen(a=1, b=9, c=4))]
    assert pairs(seen(a=9, b=9, c=4), suspects, RIGHT) == []


def test_after_its_first_wrong_call_a_test_sees_no_more():
    two_calls = {"0.value": T(1.0), "1.value": T(2.0)}
    suspects = [
        Suspect("one", seen(a={"0.value": T(9.0), "1.value": T(2.0)}, b=2)),
        Suspect("two", seen(a={"0.value": T(1.0), "1.value": T(9.0)}, b=9)),
    ]
    answer = seen(a={"0.value": T(9.0)}, b=9)
    assert ids(pairs(answer, suspects, seen(a=two_calls, b=2))) == [("one", "two")]


leaf = st.sampled_from([T(1.0), T(2.0), T([1.0, 2.0]), T([True]), T(float("nan")), "None", "kept", "changed"])
keys = st.sampled_from(["0.value", "0.raised", "1.value.W1", "0.after.0", "fine.0.value", "verdict", "verdict.random"])
anything = st.dictionaries(st.sampled_from(["a", "b"]), st.dictionaries(keys, leaf, max_size=4), max_size=2)


@given(anything, st.lists(anything, max_size=4), anything)
def test_whatever_was_seen_something_or_nothing_explains_it(answer, others, right):
    suspects = [Suspect(str(number), seen) for number, seen in enumerate(others)]
    assert set(ids(pairs(answer, suspects, right))) <= set(combinations("0123", 2))
    assert all(one in suspects for one in closest(answer, singles(answer, suspects)))


def test_numbers_in_an_exception_count_unless_what_is_said_is_true_of_any():
    answer = seen(a={"0.raised": "RuntimeError: shapes (4x3 and 2x5)"})
    same = Suspect("same", answer)
    other = Suspect("other", seen(a={"0.raised": "RuntimeError: shapes (3x4 and 3x5)"}))
    broad = other._replace(id="broad", any_numbers=True)
    assert [one.id for one in singles(answer, [same, other, broad])] == ["same", "broad"]
    assert closest(answer, [same, broad]) == [same]
    assert closest(answer, [broad]) == [broad]
    assert singles(seen(a={"0.raised": "ValueError: shapes (4x3 and 2x5)"}), [broad]) == []
