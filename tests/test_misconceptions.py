"""Known wrong answers: each loses points, each is told from the others, and what it says is fit for a student."""

import ast
import itertools
import math

import pytest
import torch

from autograder import calls
from autograder.classroom import reference_answers
from autograder.lessons import LESSONS, find_question, questions
from autograder.misconceptions import misconceptions
from autograder.reference import ReferenceSolutions
from autograder.runner import with_suites

ALL = {known.id: known for lesson in LESSONS for known in misconceptions(lesson)}

#: Every function has at least this many. `count_parameters`, `gradient_step` and `sgd_step`, one line each, do too.
LEAST = 6

#: Seeds of two gradings, each with hidden inputs of its own.
SEEDS = (1, 2)

#: No visible or hidden test can tell these apart, so both must say what is true of either.
ALIKE = {
    # Either tensor or dict has changed when the caller looks again; how that came about is not to be seen.
    ("sgd_step/copies_dict_only", "sgd_step/in_place"),
    ("sgd_step/copies_dict_only", "sgd_step/same_dict"),
    ("sgd_step/in_place", "sgd_step/same_dict"),
    # A generator seeded anew in each epoch deals the order that was dealt before the first.
    ("train_network/seeds_each_epoch", "train_network/shuffles_once"),
    # Neither finds a single right row in any test: both answer 0.
    ("accuracy/counts_from_one", "accuracy/share_equals_label"),
    # Whole numbers are what both end with.
    ("prepare_images/back_to_whole_numbers", "prepare_images/whole_division"),
}


def answer(known):
    """The wrong answer as the names of a notebook in which it was typed, with nothing imported but torch."""
    names = {"torch": torch, "__name__": "__main__"}
    exec(compile(known.source, known.id, "exec"), names)
    return names


class Trial:
    """One wrong answer in all gradings.

    Attributes:
        results: its question's result, one for each seed.
        outcomes: what its calls came to, by seed and test.
    """

    def __init__(self):
        self.results = []
        self.outcomes = {}


@pytest.fixture(scope="module")
def trials():
    """Every wrong answer's `Trial`, by id."""

    def work(suites):
        found = {}
        for known in ALL.values():
            found[known.id] = trial = Trial()
            lesson, _ = find_question(known.question)
            student = calls.Namespace(answer(known))
            for seed in SEEDS:

                def note(test, made, seed=seed, trial=trial):
                    trial.outcomes[seed, test] = [call.outcome for call in made]

                trial.results += suites.run(lesson, student, seed=seed, question=known.question, watch=note)
        return found

    return with_suites(work, ReferenceSolutions(), hidden=True)


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_loses_points(trials, known):
    for result in trials[known.id].results:
        assert any(test.hidden for test in result.tests)
        # The warm-up is worth no points; there, a wrong answer is one that does not pass.
        assert result.outcome != "passed"
        assert result.score < result.max_score or result.max_score == 0


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_is_an_answer_to_its_question(known):
    found = find_question(known.question)
    assert found is not None
    assert known in misconceptions(found[0])
    function = answer(known)[known.question]
    assert function.__code__.co_varnames[: function.__code__.co_argcount] == found[1].parameters
    (definition,) = ast.parse(known.source).body
    assert definition.name == known.question
    assert known.id == f"{known.question}/{known.function.__name__.partition('__')[2]}"


def test_there_are_enough_of_them():
    assert len(ALL) == sum(len(misconceptions(lesson)) for lesson in LESSONS)  # ids are unique
    assert len(ALL) >= 120
    for _, question in questions():
        count = sum(known.question == question.name for known in ALL.values())
        # `mnist_accuracy` has no function of its own.
        assert count >= LEAST if question.signature else count == 0


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_words_are_fit_for_a_student(known):
    for text in (known.diagnosis, known.pointer):
        assert text == text.strip()
        assert text.endswith((".", "?"))
        assert 20 <= len(text) <= 220
    assert known.pointer != known.diagnosis


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_words_give_no_solution_away(known, solution_lines):
    lesson, _ = find_question(known.question)
    for line in solution_lines(reference_answers(lesson)[known.question]):
        assert line not in known.diagnosis
        assert line not in known.pointer


def test_no_two_are_alike_but_those_that_must_be(trials):
    pairs = itertools.combinations(sorted(ALL), 2)
    alike = {
        (one, other)
        for one, other in pairs
        if ALL[one].question == ALL[other].question and same(trials[one].outcomes, trials[other].outcomes)
    }
    assert alike == ALIKE


@pytest.mark.parametrize(("one", "other"), sorted(ALIKE))
def test_those_that_are_alike_say_the_same(one, other):
    assert (ALL[one].diagnosis, ALL[one].pointer) == (ALL[other].diagnosis, ALL[other].pointer)


def same(one, other):
    """Whether two outcomes, or what they are made of, cannot be told apart: numbers within the suites' tolerances."""
    if type(one) is not type(other):
        return False
    match one:
        case torch.Tensor():
            one, other = one.double(), other.double()
            return one.shape == other.shape and torch.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True)
        case float():
            return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5) or (math.isnan(one) and math.isnan(other))
        case calls.Raised():
            return one.type_name == other.type_name
        case tuple() | list():
            return len(one) == len(other) and all(map(same, one, other))
        case dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return callable(one) or one == other
