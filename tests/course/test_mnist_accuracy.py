"""The last question, on real MNIST: every right network gets full marks, every known wrong one does not."""

import pytest
import torch
import torch.nn.functional as F

from autograder.course.contents import COURSE
from autograder.course.lessons.lesson_6_learning_digits import ALIKE, EPOCHS_ALIKE, FULL_MARKS
from autograder.course.lessons.lesson_6_learning_digits.suite import _digits, likeness
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


def accuracy(result):
    return next(test.measured["accuracy"] for test in result.tests if test.measured)


@pytest.mark.parametrize("seed", SEEDS)
def test_reference_passes_on_every_seed(seed, training):
    result = grade(load_solution(LESSON, COURSE.solutions), seed)
    assert result.score == 4, accuracy(result)


#: What networks that have not learned, or less well, get where the seed is 5.
DESERVED = {"no shuffling": 0, "unscaled pixels": 0, "sum instead of mean": 2}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_network_stays_below_full_marks(name, training, few):
    for seed in few([5, 3, 4], 1):
        result = grade(Namespace({"train_network": WRONG[name]}), seed)
        assert result.score < 4, accuracy(result)
        assert seed != 5 or result.score == DESERVED.get(name, result.score), accuracy(result)


def test_network_trained_beforehand_earns_nothing_at_grading(training):
    """Weights pasted into the notebook pass the student's own check, whose digits keep their names, and no other."""
    kept = {}

    def record(X, y, params, *rest):
        kept.update(load_solution(LESSON, COURSE.solutions).call("train_network", (X, y, params, *rest), 60).value)
        return kept

    assert grade(Namespace({"train_network": record}), 0).score == 4
    assert grade(Namespace({"train_network": lambda *arguments: kept}), 11).score == 0


# --- networks from home


@pytest.fixture(scope="module")
def home():
    """A network that was trained on the very images, under other names and with pixels in other places."""
    kept = {}

    def record(X, y, params, *rest):
        trained = load_solution(LESSON, COURSE.solutions).call("train_network", (X, y, params, *rest), 60).value
        if len(X) == 10_000:
            kept.update(X=X, network=trained)
        return trained

    assert grade(Namespace({"train_network": record}), 0).score == 4
    columns = {tuple(column): place for place, column in enumerate(kept["X"][::50].T.tolist())}

    def undone(X, y):
        """The network with its pixels and names exchanged as the images say."""
        network, names = kept["network"], y[::1000]
        W2, b2 = torch.zeros(64, 10), torch.zeros(10)
        W2[:, names], b2[names] = network["W2"], network["b2"]
        pixels = [columns[tuple(column)] for column in X[::50].T.tolist()]
        return {"W1": network["W1"][pixels], "b1": network["b1"], "W2": W2, "b2": b2}

    return undone


def first_step(X, y, params):
    """Where the first layer's weights would go on all images at once."""
    hidden = torch.sigmoid(X @ params["W1"])
    blame = torch.softmax(hidden @ params["W2"], dim=1) - F.one_hot(y, 10)
    return -X.T @ (blame @ params["W2"].T * hidden * (1 - hidden))


def matched(network, X, y, params):
    """The network with its neurons in the places of those that would learn something like it."""
    near = F.normalize(first_step(X, y, params), dim=0).T @ F.normalize(network["W1"], dim=0)
    near += F.normalize(params["W2"], dim=1) @ F.normalize(network["W2"], dim=1).T
    places = torch.zeros(64, dtype=torch.long)
    for _ in range(64):
        mine, theirs = divmod(near.argmax().item(), 64)
        places[mine] = theirs
        near[mine], near[:, theirs] = -9, -9
    moved = {"W1": network["W1"][:, places], "b1": network["b1"][places], "W2": network["W2"][places]}
    return {**moved, "b2": network["b2"]}


def means(X, y):
    """A network that reads which mean is nearest, without any training."""
    found = torch.stack([X[y == name].mean(dim=0) for name in range(10)])
    W1, W2 = torch.zeros(784, 64), torch.zeros(64, 10)
    W1[:, :10], W2[:10] = found.T / 1000, 4000 * torch.eye(10)
    return {"W1": W1, "b1": torch.zeros(64), "W2": W2, "b2": -2000 - (found**2).sum(dim=1) / 2}


#: What is done to the network from home, beyond undoing what the grader has exchanged.
FORGED = {
    "as it is": lambda network, X, y, params: network,
    "upon the start": lambda network, X, y, params: {name: network[name] + params[name] for name in network},
    "matched": matched,
    "matched, upon the start": lambda network, X, y, params: {
        name: value + params[name] for name, value in matched(network, X, y, params).items()
    },
    "a step in the right direction": lambda network, X, y, params: {
        **(found := matched(network, X, y, params)),
        "W1": found["W1"] + 0.1 * F.normalize(first_step(X, y, params), dim=0) * found["W1"].norm(dim=0),
    },
}


@pytest.mark.parametrize("name", FORGED)
def test_network_from_home_earns_nothing_whatever_is_undone(training, home, name):
    """It reads as many digits as one that was trained, and yet it did not come from the start that was drawn."""

    def train_network(X, y, params, *rest):
        return FORGED[name](home(X, y), X, y, params) if len(X) == 10_000 else params

    result = grade(Namespace({"train_network": train_network}), 11)
    assert accuracy(result) >= 0.9
    assert result.score == 0


def test_means_beside_a_network_from_home_earn_what_means_earn_alone(training, home):
    """What remains: half of the points are for learning anything at all, in whatever way."""

    def with_means(X, y, params, *rest):
        return home(X, y) if len(X) == 10_000 else means(X, y)

    both = grade(Namespace({"train_network": with_means}), 12)
    alone = grade(Namespace({"train_network": lambda X, y, *_: means(X, y)}), 12)
    assert accuracy(both) >= FULL_MARKS > 0.85 > accuracy(alone)
    assert both.score == alone.score == 2


def test_correct_training_comes_from_its_start_by_a_wide_margin(training):
    """Another order of the images ends near the same network; the threshold is far from all of them."""
    digits = _digits()
    train = load_solution(LESSON, COURSE.solutions)
    for seed in (1, 2, 3):
        draw = torch.Generator().manual_seed(seed)
        start = {
            "W1": torch.randn(784, 64, generator=draw) / 28,
            "b1": torch.zeros(64),
            "W2": torch.randn(64, 10, generator=draw) / 8,
            "b2": torch.zeros(10),
        }
        trained, ours = (
            train.call("train_network", (digits.X, digits.y, start, 0.5, 16, epochs, order), 60).value
            for epochs, order in ((10, seed), (EPOCHS_ALIKE, 0))
        )
        assert likeness(trained, ours, start) > ALIKE + 0.1


def test_student_is_not_told_the_seed_of_the_draw():
    """By it, names and places could be worked out without a look at any image."""
    told = []

    def train_network(X, y, params, lr, batch_size, epochs, seed):
        told.append((seed, y[::1000].clone() if len(y) == 10_000 else None))
        return params

    grade(Namespace({"train_network": train_network}), 11)
    for seed, names in told:
        assert names is None or not torch.equal(
            torch.randperm(10, generator=torch.Generator().manual_seed(seed)), names
        )
