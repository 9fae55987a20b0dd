"""The last question, on real MNIST: every right network gets full marks, every known wrong one does not."""

import pytest
import torch
import torch.nn.functional as F

from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import with_suites

LESSON = COURSE.find_lesson("6-learning-digits")
SEEDS = range(1, 21)


def trainer(loss, *, shuffled=True, scale=1.0):
    """A `train_network` that minimises `loss(logits, y)`, as correct as its arguments are."""

    def train_network(X, y, params, lr, batch_size, epochs, seed=0):
        X = X * scale
        draw = torch.Generator().manual_seed(seed)
        params = [params[name].clone().requires_grad_() for name in ("W1", "b1", "W2", "b2")]
        for _ in range(epochs):
            order = torch.randperm(len(X), generator=draw) if shuffled else torch.arange(len(X))
            for batch in order.split(batch_size):
                logits = torch.sigmoid(X[batch] @ params[0] + params[1]) @ params[2] + params[3]
                slopes = torch.autograd.grad(loss(logits, y[batch]), params)
                with torch.no_grad():
                    for value, slope in zip(params, slopes, strict=True):
                        value -= lr * slope
        return dict(zip(("W1", "b1", "W2", "b2"), (value.detach() for value in params), strict=True))

    return train_network


def squared_error(logits, y):
    return ((torch.softmax(logits, dim=1) - F.one_hot(y, 10)) ** 2).sum(dim=1).mean()


WRONG = {
    "squared error": trainer(squared_error),
    "double softmax": trainer(lambda logits, y: F.cross_entropy(torch.softmax(logits, dim=1), y)),
    "gradient averaged twice": trainer(lambda logits, y: F.cross_entropy(logits, y) / len(y)),
    "sum instead of mean": trainer(lambda logits, y: F.cross_entropy(logits, y, reduction="sum")),
    "no shuffling": trainer(F.cross_entropy, shuffled=False),
    "unscaled pixels": trainer(F.cross_entropy, scale=255.0),
}


def grade(function, seed):
    """The result of `mnist_accuracy`: one training, or more where the function is called again."""

    def work(suites):
        return suites.run(LESSON, function, seed=seed, question="mnist_accuracy")[0]

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return with_suites(work, COURSE, ReferenceSolutions(COURSE), (LESSON,))
    finally:
        torch.set_num_threads(threads)


@pytest.fixture
def training():
    """Says that a test trains a network, which takes seconds; see `COSTLY` in `tests/conftest.py`."""


def accuracy(result):
    return next(test.measured["accuracy"] for test in result.tests if test.measured)


@pytest.mark.parametrize("seed", SEEDS)
def test_reference_passes_on_every_seed(seed, training):
    result = grade(load_solution(LESSON, COURSE.solutions), seed)
    assert result.score == 10, accuracy(result)


#: What networks that have not learned, or less well, get where the seed is 5.
DESERVED = {"no shuffling": 0, "unscaled pixels": 0, "sum instead of mean": 5}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_network_stays_below_full_marks(name, training, few):
    for seed in few([5, 3, 4], 1):
        result = grade(Namespace({"train_network": WRONG[name]}), seed)
        assert result.score < 10, accuracy(result)
        assert seed != 5 or result.score == DESERVED.get(name, result.score), accuracy(result)


def test_network_trained_beforehand_earns_nothing_at_grading(training):
    """Weights pasted into the notebook pass the student's own check, whose digits keep their names, and no other."""
    kept = {}

    def record(X, y, params, *rest):
        kept.update(load_solution(LESSON, COURSE.solutions).call("train_network", (X, y, params, *rest), 60).value)
        return kept

    assert grade(Namespace({"train_network": record}), 0).score == 10
    assert grade(Namespace({"train_network": lambda *arguments: kept}), 11).score == 0
