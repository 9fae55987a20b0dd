"""Relations between all numbers of an answer and the right ones."""

import pytest
import torch

from autograder.judging.diagnosis import explanations
from autograder.judging.diagnosis._facets import facets_of_calls
from autograder.judging.diagnosis._relations import RELATIONS, related
from autograder.judging.outcomes import Raised, Returned

T = torch.tensor
TABLES = [
    T([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]]),
    T([[0.75, 2.5, -3.0], [1.0, -0.5, 4.0]]),
    T([[-2.5, 0.5, 1.25], [0.75, -4.0, 3.5]]),
]


def seen(*values):
    """What two tests and more saw, one call each."""
    return {f"test {n}": facets_of_calls([((), Returned(value))]) for n, value in enumerate(values)}


def name(answer, right):
    found = related(seen(*answer), seen(*right))
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (torch.neg, "wrong_sign"),
        (lambda t: 1 - t, "one_minus"),
        (lambda t: 2 * t, "doubled"),
        (lambda t: t / 2, "halved"),
        (lambda t: t + 1, "one_too_large"),
        (lambda t: t - 1, "one_too_small"),
        (lambda t: t.T, "turned_over"),
        (lambda t: t.flatten(), "other_shape"),
        (lambda t: t.unsqueeze(2), "other_shape"),
        (torch.sum, "sum_of_all"),
        (torch.mean, "mean_of_all"),
        (lambda t: t.sum(0), "sums_of_columns"),
        (lambda t: t.mean(0), "means_of_columns"),
        (lambda t: t.sum(1), "sums_of_rows"),
        (lambda t: t.mean(1), "means_of_rows"),
        (lambda t: t[0], "first_only"),
        (lambda t: t[-1], "last_only"),
        (torch.trunc, "cut_off"),
        (torch.round, "rounded"),
        (torch.abs, "no_sign"),
        (torch.square, "squared"),
        (torch.exp, "power"),
        (torch.reciprocal, "one_over"),
        (torch.zeros_like, "zeros"),
        (lambda t: 3.7 * t, "same_factor"),
        (lambda t: t + 3.7, "same_shift"),
        (lambda t: t * t[0, 0], "factor_a_call"),
        (lambda t: (t, {"cache": t}), "more_than_asked"),
        (lambda t: t, None),
        (lambda t: t**3, None),
        (lambda t: torch.full_like(t, torch.nan), None),
        (lambda t: torch.where(t > 2, t, -t), None),
        (lambda t: "a text", None),
        (lambda t: None, None),
    ],
)
def test_relation_is_found(change, expected):
    assert name([change(table) for table in TABLES], TABLES) == expected


@pytest.mark.parametrize(("change", "expected"), [(torch.log, "logarithm"), (torch.sqrt, "root")])
def test_relation_of_positive_numbers(change, expected):
    positive = [table.abs() for table in TABLES]
    assert name([change(table) for table in positive], positive) == expected


def test_numbers_that_are_none_prove_nothing():
    assert name([torch.log(-table.abs()) for table in TABLES], [-table.abs() for table in TABLES]) is None


TWO = [(T([1.0, 2.0, -3.0]), T(0.5)), (T([4.0, -5.0]), T(2.0)), (T([0.5, 1.5]), T(-1.0))]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda w, b: w, "first_result_only"),
        (lambda w, b: b, "last_result_only"),
        (lambda w, b: (b, w), "exchanged"),
        (lambda w, b: {"dw": w, "db": b}, "other_container"),
        (lambda w, b: (-w, -b), "wrong_sign"),
        (lambda w, b: (w, -b), None),
    ],
)
def test_relation_of_several_results(change, expected):
    assert name([change(*both) for both in TWO], TWO) == expected


def test_dict_under_other_names():
    right = [{"W1": TABLES[0], "b1": T([1.0, 2.0])}, {"W1": TABLES[1], "b1": T([3.0, 4.0])}]
    other = [{"dW1": one["W1"], "db1": one["b1"]} for one in right]
    assert name(other, right) == "other_container"
    assert name([tuple(one.values()) for one in right], right) == "other_container"


def test_it_has_to_hold_in_every_test():
    first, second, third = TABLES
    assert name([-first, 2 * second, third], TABLES) == "factor_a_call"
    assert name([-first, second + 1, third], TABLES) is None
    assert name([-first, second.T, third], TABLES) is None


def test_a_test_may_be_blind_for_it():
    blind = torch.zeros(2, 3)
    assert name([*(-table for table in TABLES), blind], [*TABLES, blind]) == "wrong_sign"


def test_a_few_numbers_prove_nothing():
    assert name([T(2.0), T(4.0)], [T(1.0), T(2.0)]) is None  # two numbers
    assert name([T([2.0, 4.0, 6.0])], [T([1.0, 2.0, 3.0])]) is None  # one call
    assert name([T(2.0), T(4.0), T(-3.0)], [T(1.0), T(2.0), T(-1.5)]) == "doubled"
    assert name([T(4.0), T(8.0), T(12.0)], [T(1.0), T(2.0), T(-3.0)]) is None


def test_single_numbers_have_no_factor_of_their_own():
    """Each number is some multiple of each other."""
    assert name([T(4.0), T(9.0), T(-3.0)], [T(1.0), T(2.0), T(-1.5)]) is None


def test_what_else_went_wrong_has_to_be_explained_too():
    right = seen(*TABLES)
    answer = seen(*(-table for table in TABLES))
    answer["test 3"] = facets_of_calls([((), Raised("ValueError", "no", "", 0))])
    right["test 3"] = facets_of_calls([((), Returned(T(1.0)))])
    assert related(answer, right) is None


def test_what_is_said_is_fit_for_a_student(pretend_lesson):
    names = [relation.name for relation in RELATIONS]
    assert len(set(names)) == len(names)
    for relation in RELATIONS:
        for text in (relation.diagnosis, relation.pointer):
            assert text.endswith((".", "?"))
            assert 20 <= len(text) <= 220
        (said,) = explanations(pretend_lesson, f"double/result-{relation.name}")
        assert said == (relation.diagnosis, relation.pointer)


@pytest.fixture
def pretend_lesson(tmp_path):
    from autograder.judging.course import Lesson

    return Lesson("1-pretend", (), tmp_path / "public", tmp_path / "secret")
