"""Lesson 6, learning digits: slopes of a whole network, steps, training, and the real thing."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
import torch

from autograder.course.data import load_mnist
from autograder.course.lessons.lesson_6_learning_digits import ALIKE, EPOCHS_ALIKE, FULL_MARKS, FULL_MARKS_SEEN
from autograder.judging import (
    assert_close,
    assert_keeps_arguments,
    assert_that,
    describe,
    keeps_arguments,
    points,
    tensor_of,
    time_limit,
    varies,
)

X = torch.tensor(
    [
        [1.0, 2.0, -1.0],
        [0.5, -1.0, 0.0],
        [-1.5, 0.25, 2.0],
        [0.0, 1.0, 1.0],
        [2.0, -0.5, 0.5],
        [-1.0, -2.0, 1.5],
    ]
)
Y = torch.tensor([2, 0, 1, 2, 0, 1])
PARAMS = {
    "W1": torch.tensor([[0.5, -1.0, 1.0, 0.25], [1.5, 0.75, -0.5, -1.0], [-2.0, 1.0, 0.5, 1.5]]),
    "b1": torch.tensor([0.5, -1.0, 0.25, 0.0]),
    "W2": torch.tensor([[1.0, -2.0, 0.5], [-1.5, 0.5, 1.0], [0.75, 2.0, -1.0], [1.5, -1.0, 0.0]]),
    "b2": torch.tensor([-0.75, 1.0, 0.25]),
}


def network_of(result: Any, like: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The answer as a dict of tensors with the keys and shapes of `like`."""
    named = isinstance(result, dict) and set(result) == set(like)
    assert_that(named, f"expected a dict with the keys {', '.join(like)}, got {describe(result)}.", result)
    return {name: tensor_of(result[name], tuple(value.shape), name) for name, value in like.items()}


def largest_difference(one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> float:
    """How far apart two networks of the same shapes are, at the parameter where they differ most."""
    return max((one[name].double() - other[name].double()).abs().max().item() for name in one)


PROBS = torch.tensor([[0.665, 0.245, 0.09], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5]])
LABELS = torch.tensor([1, 2, 0, 2])
DELTA = torch.tensor([[0.25, -0.5, 0.25], [-0.125, 0.0, 0.125], [0.5, -0.25, -0.25], [0.0, 0.125, -0.125]])
HIDDEN = torch.tensor([[0.5, 0.9], [0.25, 0.5], [0.75, 0.1], [0.5, 0.6]])
WEIGHTS = torch.tensor([[1.0, 2.0, 0.0], [-1.5, 0.5, 3.0]])


class TestBlameAtScores:
    @points(0.5)
    def test_one_image(self, student):
        """One image: too much for two classes, too little for the right one."""
        expected = torch.tensor([[0.665, -0.755, 0.09]])
        assert_close(student.blame_at_scores(PROBS[:1], LABELS[:1]), expected)

    @points(0.5)
    def test_mean(self, student, reference):
        """Of four images each has a quarter of the blame."""
        assert_close(student.blame_at_scores(PROBS, LABELS), reference.blame_at_scores(PROBS, LABELS))

    test_keeps_arguments = keeps_arguments("blame_at_scores", 0.5, PROBS, LABELS)


class TestBlameAtHidden:
    @points(1)
    def test_one_neuron(self, student):
        """The neuron of the lesson: -0.845 comes back to it, and a quarter of that gets through its sigmoid."""
        delta, weights = torch.tensor([[0.665, -0.755, 0.09]]), torch.tensor([[1.0, 2.0, 0.0]])
        expected = torch.tensor([[-0.21125]])
        assert_close(student.blame_at_hidden(delta, weights, torch.tensor([[0.5]])), expected)

    @points(0.5)
    def test_batch(self, student, reference):
        """Four images, two hidden neurons, three classes: a row an image, a column a neuron."""
        expected = reference.blame_at_hidden(DELTA, WEIGHTS, HIDDEN)
        assert_close(student.blame_at_hidden(DELTA, WEIGHTS, HIDDEN), expected)

    test_keeps_arguments = keeps_arguments("blame_at_hidden", 0.5, DELTA, WEIGHTS, HIDDEN)


class TestLayerSlopes:
    @points(0.5)
    def test_weights(self, student, reference):
        """dW has the slope of each weight, added up over four images."""
        slopes = student.layer_slopes(HIDDEN, DELTA)
        assert_that(isinstance(slopes, list | tuple) and len(slopes) == 2, "expected two results: dW, db.", slopes)
        assert_close(slopes[0], reference.layer_slopes(HIDDEN, DELTA)[0], name="dW")

    @points(0.5)
    def test_biases(self, student, reference):
        """db has the blame of each neuron, added up over four images."""
        slopes = student.layer_slopes(HIDDEN, DELTA)
        assert_that(isinstance(slopes, list | tuple) and len(slopes) == 2, "expected two results: dW, db.", slopes)
        assert_close(slopes[1], reference.layer_slopes(HIDDEN, DELTA)[1], name="db")

    test_keeps_arguments = keeps_arguments("layer_slopes", 0.5, HIDDEN, DELTA)


class TestNetworkGradients:
    @points(0.25)
    def test_shapes(self, student):
        """Each gradient has the shape of its parameter."""
        network_of(student.network_gradients(X, Y, PARAMS), PARAMS)

    @points(0.25)
    def test_second_layer(self, student, reference):
        """The slopes along W2 and b2, for the mean over six images."""
        expected = reference.network_gradients(X, Y, PARAMS)
        found = network_of(student.network_gradients(X, Y, PARAMS), PARAMS)
        assert_close(found["W2"], expected["W2"], name="W2")
        assert_close(found["b2"], expected["b2"], name="b2")

    @points(0.25)
    def test_first_layer(self, student, reference):
        """The slopes along W1 and b1, for the mean over six images."""
        expected = reference.network_gradients(X, Y, PARAMS)
        found = network_of(student.network_gradients(X, Y, PARAMS), PARAMS)
        assert_close(found["W1"], expected["W1"], name="W1")
        assert_close(found["b1"], expected["b1"], name="b1")

    @points(0.25)
    def test_batch_of_one(self, student, reference):
        """The slopes for a single image."""
        actual = student.network_gradients(X[:1], Y[:1], PARAMS)
        assert_close(actual, reference.network_gradients(X[:1], Y[:1], PARAMS))

    test_keeps_arguments = keeps_arguments("network_gradients", 0.25, X, Y, PARAMS)


class TestCountSteps:
    @points(0.5)
    def test_last_batch(self, student):
        """10 images in batches of 4 make 3 steps, and 9 images make 3 as well."""
        assert_close(student.count_steps(10, 4, 1), 3)
        assert_close(student.count_steps(9, 4, 1), 3)

    @points(0.5)
    def test_epochs(self, student):
        """Each epoch has as many steps: 60,000 images in batches of 16, five times, make 18,750."""
        assert_close(student.count_steps(60_000, 16, 5), 18_750)
        assert_close(student.count_steps(10, 4, 5), 15)

    @points(0.5)
    def test_one_batch(self, student):
        """A batch size above the number of images makes one step an epoch."""
        assert_close(student.count_steps(10, 100, 2), 2)


class TestTrainNetwork:
    @points(0.5)
    def test_one_large_batch(self, student, reference):
        """A batch size larger than the number of images makes one step an epoch, on all of them."""
        expected = reference.train_network(X, Y, PARAMS, 0.5, 100, 3, 0)
        assert_close(student.train_network(X, Y, PARAMS, 0.5, 100, 3, 0), expected, rtol=5e-4)

    @points(0.5)
    def test_last_batch(self, student, reference):
        """Five images in batches of two make three steps an epoch, the last one on a single image."""
        # Five times the same image, so that the order does not matter.
        x, y = X[:1].repeat(5, 1), Y[:1].repeat(5)
        expected = reference.train_network(x, y, PARAMS, 0.5, 2, 2, 0)
        assert_close(student.train_network(x, y, PARAMS, 0.5, 2, 2, 0), expected, rtol=5e-4)

    @points(0.25)
    @varies
    def test_seed(self, student):
        """The same seed gives the same network, and another seed another one."""
        # Twelve images have so many orders that no two seeds agree by luck.
        x, y = torch.cat([X, -X]), torch.cat([Y, Y.flip(0)])
        first, again, *others = (
            network_of(student.train_network(x, y, PARAMS, 1.0, 1, 1, seed), PARAMS) for seed in (5, 5, 6, 7, 8)
        )
        assert_that(largest_difference(first, again) < 1e-5, "seed 5 gave another network the second time.", again)
        assert_that(
            max(largest_difference(first, other) for other in others) > 1e-5,
            "four seeds gave one and the same network: the order of the images does not depend on the seed.",
            others[0],
        )

    @points(0.25)
    def test_keeps_arguments(self, student, reference):
        """The trained network is right, and the parameters it started from are left as they were."""
        assert_keeps_arguments(student.train_network, reference.train_network, X, Y, PARAMS, 0.5, 100, 2, 0, rtol=5e-4)


class TestMnistAccuracy:
    @pytest.fixture(scope="class")
    @classmethod
    def training(cls, student, seed) -> "_Training":
        """A training by the student's function, and what the network reads."""
        digits = _digits()
        draw = torch.Generator().manual_seed(seed)
        # Digits change names and pixels change places with the seed, so a network that was trained beforehand reads
        # nothing. To one that learns here, neither makes a difference.
        names = torch.randperm(10, generator=draw) if seed else torch.arange(10)
        pixels = torch.randperm(784, generator=draw) if seed else torch.arange(784)
        X, X_test = digits.X.index_select(1, pixels), digits.X_test.index_select(1, pixels)
        params = _network_to_start_from(draw)
        # Another seed than ours, of which names and places could be worked out.
        order = int(torch.randint(2**31, (), generator=draw)) if seed else 0
        trained = network_of(student.train_network(X, names[digits.y], params, 0.5, 16, 10, order), params)
        accuracy, seen = (_accuracy(trained, *of) for of in ((X_test, names[digits.y_test]), (X, names[digits.y])))
        return _Training(X, names[digits.y], params, trained, accuracy, seen)

    @points(2)
    @time_limit(120)
    def test_has_learned(self, student, training, measure, rng):
        """The trained network reads at least half of the 10,000 test images, and another one half of some new signs."""
        measure("accuracy", training.accuracy)
        assert_that(
            training.accuracy >= 0.5,
            f"the network reads {training.accuracy:.1%} of the test images, fewer than half of them.",
            training.accuracy,
        )
        # Signs that nobody has seen before: whatever a function knows of digits is of no use here.
        X, y = _signs(rng)
        params = _network_to_start_from(rng)
        trained = network_of(student.train_network(X[::2], y[::2], params, 0.5, 16, 10, 0), params)
        accuracy = _accuracy(trained, X[1::2], y[1::2])
        assert_that(
            accuracy >= 0.5,
            f"trained on ten signs that are no digits, the network reads {accuracy:.1%} of them. It reads digits, but "
            "your function does not learn them from the images that it is given.",
            accuracy,
        )

    @points(2)
    @time_limit(120)
    def test_reads_digits(self, training, live_reference):
        """The trained network reads as many images as a correctly trained one, both new ones and those it has seen."""
        for accuracy, enough, which in (
            (training.accuracy, FULL_MARKS, "test images"),
            (training.seen, FULL_MARKS_SEEN, "images it was trained on"),
        ):
            assert_that(
                accuracy >= enough,
                f"the network reads {accuracy:.1%} of the {which}, a correctly trained one at least {enough:.1%}.",
                accuracy,
            )
        if live_reference is not None:
            X, y, params = training[:3]
            ours = live_reference.train_network(X, y, params, 0.5, 16, EPOCHS_ALIKE, 0)
            assert_that(
                likeness(training.trained, ours, params) >= ALIKE,
                f"the network reads {training.accuracy:.1%} of the test images, but it is none to which training leads "
                "from the `params` that your function was given.",
                training.trained,
            )


class _Training(NamedTuple):
    X: torch.Tensor
    y: torch.Tensor
    params: dict[str, torch.Tensor]
    trained: dict[str, torch.Tensor]
    accuracy: float
    seen: float


def likeness(
    one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor], start: Mapping[str, torch.Tensor]
) -> float:
    """The cosine between the ways that two networks went from their start, looked at in the first layer's weights."""
    ways = ((network["W1"].double() - start["W1"]).flatten() for network in (one, other))
    return torch.cosine_similarity(*ways, dim=0).item()


def _network_to_start_from(draw: torch.Generator) -> dict[str, torch.Tensor]:
    return {
        "W1": torch.randn(784, 64, generator=draw) / 28,
        "b1": torch.zeros(64),
        "W2": torch.randn(64, 10, generator=draw) / 8,
        "b2": torch.zeros(10),
    }


def _accuracy(network: Mapping[str, torch.Tensor], X: torch.Tensor, y: torch.Tensor) -> float:
    """The fraction of the images that the network reads."""
    W1, b1, W2, b2 = (network[name].float() for name in ("W1", "b1", "W2", "b2"))
    return ((torch.sigmoid(X @ W1 + b1) @ W2 + b2).argmax(dim=1) == y).double().mean().item()


def _signs(draw: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Two hundred images of each of ten smooth patterns, of the size of digits and sorted like them.

    They are so pale that a training learns them even where its steps are much too long or too short.
    """
    coarse = torch.randn(10, 1, 7, 7, generator=draw)
    smooth = torch.nn.functional.interpolate(coarse, size=(28, 28), mode="bicubic").flatten(1)
    y = torch.arange(10).repeat_interleave(200)
    noise = torch.randn(len(y), 784, generator=draw)
    return 0.4 * (torch.sigmoid(8 * (smooth[y] - 1.2)) + 0.1 * noise).clamp(0, 1), y


class _Digits(NamedTuple):
    X: torch.Tensor
    y: torch.Tensor
    X_test: torch.Tensor
    y_test: torch.Tensor


@cache
def _digits() -> _Digits:
    """The first 1,000 training images of each digit, sorted by digit, and all test images, as rows of 0 to 1."""
    mnist = load_mnist()
    chosen = torch.cat([torch.nonzero(mnist.train_labels == digit)[:1000, 0] for digit in range(10)])
    return _Digits(
        mnist.train_images[chosen].flatten(1) / 255,
        mnist.train_labels[chosen],
        mnist.test_images.flatten(1) / 255,
        mnist.test_labels,
    )
