"""Diagnoses of answers as students write them, by the grader and in a self-check."""

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.judging import diagnosis
from autograder.judging.calling import Namespace
from autograder.judging.misconceptions import misconceptions
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import question_result
from autograder.judging.runner import with_suites

NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture(scope="module")
def diagnosed():
    """``diagnosed("softmax", source)``: an answer's result; with ``hidden=False`` as on a student's machine."""

    def ask(question, source, hidden=True):
        names = {"torch": torch, "__name__": "__main__"}
        exec(source, names)
        lesson, _ = COURSE.find_question(question)

        def work(suites):
            return suites.run(lesson, Namespace(names), seed=7 if hidden else 0, question=question)[0]

        return with_suites(work, COURSE, ReferenceSolutions(COURSE), (lesson,), hidden)

    return ask


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(
    ("question", "source", "expected"),
    [
        # In another style than the misconception is written in.
        (
            "softmax",
            "import numpy as np\ndef softmax(z):\n e = np.exp(z.numpy() - z.numpy().max())\n return e / e.sum(axis=0)",
            ("softmax/sums_columns", None),
        ),
        (
            "weighted_sum",
            "def weighted_sum(x, w, b):\n return sum(a * c for a, c in zip(x.T, w))",
            ("weighted_sum/no_bias", None),
        ),
        # Two at once, each in a place of its own.
        (
            "softmax",
            "def softmax(z):\n exps = torch.exp(z)\n return exps / exps.sum(dim=0)",
            ("softmax/sums_columns", "softmax/overflows"),
        ),
        (
            "blame_at_hidden",
            "def blame_at_hidden(delta2, W2, hidden):\n return torch.mm(delta2, W2.t()).div(len(hidden))",
            ("blame_at_hidden/no_sigmoid", "blame_at_hidden/mean_again"),
        ),
    ],
)
def test_mistake_is_recognised(diagnosed, question, source, expected, hidden):
    result = diagnosed(question, source, hidden)
    assert (result.misconception, result.second) == expected


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("softmax", "def softmax(z):\n return z * 0.123"),
        ("softmax", "def softmax(z):\n return None"),
        ("softmax", "def softmax(z):\n return undefined"),
        ("softmax", "def softmax(z):\n raise NotImplementedError()"),
        ("softmax", "def softmax(z):\n return torch.softmax(z, dim=1)"),
        ("linear", "def linear(X, W, b):\n return [['?']]"),
    ],
)
def test_nothing_is_said_where_nothing_explains_it(diagnosed, question, source):
    result = diagnosed(question, source)
    assert (result.misconception, result.second) == (None, None)


def test_explanation_comes_from_the_recording():
    (said,) = diagnosis.explanations(NETWORK, "softmax/sums_columns")
    assert said.diagnosis.startswith("Your columns")
    assert said.pointer.endswith("?")


@pytest.mark.parametrize("name", ["softmax/no_such_thing", "nothing/at_all", "sigmoid/no_minus", "", None])
def test_unknown_misconceptions_have_no_explanation(name):
    assert diagnosis.explanations(NETWORK, name) == []


def test_explanations_are_of_those_that_there_are_in_their_order():
    overflows, sums = diagnosis.explanations(NETWORK, "softmax/overflows", None, "softmax/sums_columns")
    assert [overflows] == diagnosis.explanations(NETWORK, "softmax/overflows")
    assert [sums] == diagnosis.explanations(NETWORK, "softmax/sums_columns")


def test_known_mistakes_are_told_with_one_pointer():
    overflows, sums = diagnosis.explanations(NETWORK, "softmax/overflows", "softmax/sums_columns")
    result = question_result("softmax", (), "softmax/overflows", "softmax/sums_columns")
    assert diagnosis.known_mistakes(NETWORK, result) == [
        overflows.diagnosis,
        sums.diagnosis,
        f"Think about: {overflows.pointer}",
    ]
    assert diagnosis.known_mistakes(NETWORK, question_result("softmax", ())) == []


@pytest.fixture(scope="module")
def seen():
    """What the visible tests see of each misconception of softmax, by id."""

    def work(suites):
        return {
            one.id: suites.look(NETWORK, "softmax", Namespace({"softmax": one.function}))
            for one in misconceptions(NETWORK)
            if one.question == "softmax"
        }

    return with_suites(work, COURSE, ReferenceSolutions(COURSE), (NETWORK,))


def test_where_two_different_things_explain_it_nothing_is_said(seen):
    # Before any test has looked, everything explains everything.
    assert diagnosis.diagnose(NETWORK, "softmax", {}, {}, lambda known: None) == ()
    for name in ("softmax/sums_columns", "softmax/overflows"):
        assert diagnosis.diagnose(NETWORK, "softmax", seen[name], {}, lambda known: None) == (name,)


def test_a_misconception_that_cannot_be_tried_on_hidden_tests_is_no_diagnosis(seen):
    name = "softmax/sums_columns"
    hidden = {"TestSoftmax::test_hidden": {"0.value": torch.tensor(1.0)}}
    assert diagnosis.diagnose(NETWORK, "softmax", seen[name], hidden, lambda known: None) == ()
    assert diagnosis.diagnose(NETWORK, "softmax", seen[name], hidden, lambda known: hidden) == (name,)


def test_lesson_that_is_being_written_has_no_diagnoses(tiny):
    (lesson,) = tiny("").lessons
    answer = {"TestHalf::test_values": {"0.value": torch.tensor(1.0)}}
    assert diagnosis.diagnose(lesson, "half", answer, {}, lambda known: None) == ()
    assert diagnosis.explanations(lesson, "half/doubles") == []
