"""Diagnoses of answers as students write them, by the grader and in a self-check."""

import pytest
import torch

from autograder.judging import calling, diagnosis
from autograder.judging.course import find_question
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites


@pytest.fixture(scope="module")
def diagnosed():
    """``diagnosed("softmax", source)``: an answer's result; with ``hidden=False`` as on a student's machine."""

    def ask(question, source, hidden=True):
        names = {"torch": torch, "__name__": "__main__"}
        exec(source, names)
        lesson, _ = find_question(question)

        def work(suites):
            return suites.run(lesson, calling.Namespace(names), seed=7 if hidden else 0, question=question)[0]

        return with_suites(work, ReferenceSolutions(), (lesson,), hidden=hidden)

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
            "predict",
            "def predict(x, w, b):\n return (torch.sigmoid(x @ w) >= 0.5).long()",
            ("predict/fires_at_half", "predict/no_bias"),
        ),
        (
            "softmax",
            "def softmax(z):\n exps = torch.exp(z)\n return exps / exps.sum(dim=0)",
            ("softmax/sums_columns", "softmax/overflows"),
        ),
        (
            "sgd_step",
            "def sgd_step(params, grads, lr):\n for k in params:\n  params[k] += lr * grads[k]\n return params",
            ("sgd_step/uphill", "sgd_step/in_place"),
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
        ("predict", "def predict(x, w, b):\n return [['?']]"),
    ],
)
def test_nothing_is_said_where_nothing_explains_it(diagnosed, question, source):
    result = diagnosed(question, source)
    assert (result.misconception, result.second) == (None, None)


def test_words_come_from_the_recording():
    said = diagnosis.words("softmax/sums_columns")
    assert said.diagnosis.startswith("Your columns")
    assert said.pointer.endswith("?")


@pytest.mark.parametrize("name", ["softmax/no_such_thing", "nothing/at_all", ""])
def test_unknown_misconceptions_have_no_words(name):
    assert diagnosis.words(name) is None


def test_where_two_different_things_explain_it_nothing_is_said():
    lesson, _ = find_question("softmax")
    recording = diagnosis._recording(lesson)
    one, other = [suspect for suspect in recording.suspects if suspect.id.startswith("softmax/")][:2]
    # Before any test has looked, everything explains everything.
    assert diagnosis.diagnose(lesson, "softmax", {}, {}, lambda known: None) == ()
    assert diagnosis.diagnose(lesson, "softmax", one.seen, {}, lambda known: None) == (one.id,)
    assert diagnosis.diagnose(lesson, "softmax", other.seen, {}, lambda known: None) == (other.id,)


def test_a_misconception_that_cannot_be_tried_on_hidden_tests_is_no_diagnosis():
    lesson, _ = find_question("softmax")
    one = next(suspect for suspect in diagnosis._recording(lesson).suspects if suspect.id.startswith("softmax/"))
    hidden = {"TestSoftmax::test_hidden": {"0.value": torch.tensor(1.0)}}
    assert diagnosis.diagnose(lesson, "softmax", one.seen, hidden, lambda known: None) == ()
    assert diagnosis.diagnose(lesson, "softmax", one.seen, hidden, lambda known: hidden) == (one.id,)
