"""Lesson 4, a network: first weights, softmax, the way forward, the answer."""

import math
from itertools import pairwise
from typing import Any

import torch

from autograder.judging import (
    Examples,
    assert_close,
    assert_keeps_arguments,
    assert_that,
    describe,
    drawn_as,
    keeps_arguments,
    points,
    tensor_of,
    varies,
)

X = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 0.0], [-1.5, 0.25, 2.0], [0.0, 1.0, 1.0]])
W1 = torch.tensor([[0.5, -1.0, 2.0, 0.25], [1.5, 0.75, -0.5, -1.0], [-2.0, 1.0, 0.5, 1.5]])
W2 = torch.tensor([[1.0, -2.0], [-1.5, 0.5], [0.75, 2.0], [2.5, -1.0]])
PARAMS = {
    "W1": W1,
    "b1": torch.tensor([0.5, -1.0, 0.25, 2.0]),
    "W2": W2,
    "b2": torch.tensor([-0.75, 1.0]),
}


EXAMPLES = Examples(name="softmax", function=lambda z: torch.softmax(z, dim=1), dims={"z": 2})

#: Wrong versions that students' examples should catch. These may be read; the grader has others.
WRONG_SOFTMAX = {
    "goes down the columns, so that the images share with one another": lambda z: torch.softmax(z, dim=0),
    "gives the largest score everything": lambda z: (z == z.amax(dim=1, keepdim=True)).float(),
    "gives all scores of a row the same share": lambda z: torch.full_like(z, 1 / z.shape[1]),
}


def network_of(result: Any, sizes: tuple[int, ...]) -> dict[str, torch.Tensor]:
    """The answer as a dict with one W and one b a layer, of the shapes that `sizes` ask for."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, (fan_in, neurons) in enumerate(pairwise(sizes), start=1):
        shapes |= {f"W{layer}": (fan_in, neurons), f"b{layer}": (neurons,)}
    named = isinstance(result, dict) and set(result) == set(shapes)
    assert_that(named, f"expected a dict with the keys {', '.join(shapes)}, got {describe(result)}.", result)
    network = {name: tensor_of(result[name], shape, name) for name, shape in shapes.items()}
    for name, value in network.items():
        assert_that(bool(value.isfinite().all()), f"`{name}` has nan or infinity.", value)
    return network


def assert_spread(weights: torch.Tensor, name: str) -> None:
    """Check mean and standard deviation of one layer's first weights, of which there must be thousands."""
    usual = 1 / math.sqrt(weights.shape[0])
    # The spread first: where that is too large, the mean is off by chance.
    assert_close(weights.double().std(), usual, rtol=0.1, name=f"{name}.std()")
    assert_close(weights.double().mean(), 0.0, atol=0.1 * usual, name=f"{name}.mean()")


class TestInitParams:
    @points(0.25)
    @varies
    def test_shapes(self, student):
        """Sizes (5, 4, 3) make W1 (5, 4), b1 (4,), W2 (4, 3) and b2 (3,)."""
        network_of(student.init_params((5, 4, 3), 0), (5, 4, 3))

    @points(0.25)
    @varies
    def test_biases(self, student):
        """Every bias starts at 0."""
        params = network_of(student.init_params((5, 4, 3), 0), (5, 4, 3))
        assert_close(params["b1"], torch.zeros(4), name="b1")
        assert_close(params["b2"], torch.zeros(3), name="b2")

    @points(1)
    @varies
    def test_spread(self, student):
        """Weights lie around 0, and their spread is 1 divided by the square root of the number of inputs."""
        params = network_of(student.init_params((400, 150, 300), 1), (400, 150, 300))
        assert_spread(params["W1"], "W1")
        assert_spread(params["W2"], "W2")

    @points(0.5)
    @varies
    def test_seed(self, student):
        """The same seed gives the same weights, another seed gives others."""
        first, again, other = (
            network_of(student.init_params((20, 10, 5), seed), (20, 10, 5))["W1"] for seed in (7, 7, 8)
        )
        assert_that(torch.equal(first, again), "the same seed gave other weights the second time.", again)
        assert_that(not torch.equal(first, other), "seeds 7 and 8 gave the same weights.", other)


class TestSoftmaxExamples:
    @points(0.5)
    @varies
    def test_right(self, student):
        """Each example is a table of scores with the table of its shares."""
        EXAMPLES.assert_right(student.softmax_examples())

    @points(1.5)
    @varies
    def test_tell(self, student):
        """Together the examples give three wrong versions away."""
        EXAMPLES.assert_tell(student.softmax_examples(), WRONG_SOFTMAX)


@drawn_as("bars")
class TestSoftmax:
    @points(0.5)
    def test_rows_sum_to_one(self, student):
        """Each row of softmax(z) adds up to 1."""
        z = torch.tensor([[1.0, 2.0, 0.5, -1.0], [0.0, -2.0, 3.0, 1.0]])
        probs = tensor_of(student.softmax(z), (2, 4)).double()
        assert_close(probs.sum(dim=1), torch.ones(2), name="softmax(z).sum(dim=1)")

    @points(0.5)
    def test_values(self, student, reference):
        """Each entry is exp of its logit, divided by the sum of its row."""
        z = torch.tensor([[1.0, 2.0, 0.5], [0.0, -2.0, 3.0], [-1.0, -1.0, 0.0]])
        assert_close(student.softmax(z), reference.softmax(z))

    @points(0.5)
    def test_large(self, student, reference):
        """Logits in the thousands give probabilities, never nan, also beside one of minus a thousand."""
        z = torch.tensor([[1000.0, 1001.0, 999.0], [1000.0, -1000.0, 999.5], [-1000.0, 1000.0, -1000.0]])
        assert_close(student.softmax(z), reference.softmax(z))

    @points(0.5)
    def test_very_negative(self, student, reference):
        """Logits of minus a thousand give probabilities too."""
        z = torch.tensor([[-1000.0, -1001.0, -999.5]])
        assert_close(student.softmax(z), reference.softmax(z))

    @points(0.5)
    def test_keeps_arguments(self, student, reference):
        """The probabilities are right, and the logits are left as they were."""
        assert_keeps_arguments(student.softmax, reference.softmax, torch.tensor([[1.0, 2.0], [3.0, -1.0]]))


@drawn_as("bars")
class TestForward:
    @points(0.25)
    def test_probabilities(self, student):
        """Four observations and two classes: each of four rows adds up to 1."""
        probs = tensor_of(student.forward(X, PARAMS), (4, 2)).double()
        assert_close(probs.sum(dim=1), torch.ones(4), name="forward(X, params).sum(dim=1)")

    @points(0.5)
    def test_both_layers(self, student, reference):
        """Sigmoid after the first layer, softmax after the second."""
        params = {"W1": W1, "b1": torch.zeros(4), "W2": W2, "b2": torch.zeros(2)}
        assert_close(student.forward(X, params), reference.forward(X, params))

    @points(0.5)
    def test_biases(self, student, reference):
        """Both layers add their biases."""
        assert_close(student.forward(X, PARAMS), reference.forward(X, PARAMS))

    @points(0.25)
    def test_batch_of_one(self, student, reference):
        """One observation gives one row of probabilities."""
        assert_close(student.forward(X[:1], PARAMS), reference.forward(X[:1], PARAMS))

    test_keeps_arguments = keeps_arguments("forward", 0.5, X, PARAMS)


class TestPredictDigits:
    @points(0.5)
    def test_largest_of_row(self, student):
        """The answer for a row is the place of its largest probability, counted from 0."""
        probs = torch.tensor([[0.1, 0.7, 0.2], [0.8, 0.1, 0.1], [0.05, 0.05, 0.9], [0.2, 0.6, 0.2]])
        assert_close(student.predict_digits(probs), torch.tensor([1, 0, 2, 1]))

    @points(0.5)
    def test_below_half(self, student):
        """The largest probability wins, even if it is below ½."""
        probs = torch.tensor([[0.3, 0.25, 0.45], [0.4, 0.35, 0.25]])
        assert_close(student.predict_digits(probs), torch.tensor([2, 0]))

    @points(0.5)
    def test_batch_of_one(self, student):
        """One row of probabilities gives one answer, in a tensor of shape (1,)."""
        probs = torch.tensor([[0.02, 0.03, 0.05, 0.1, 0.1, 0.05, 0.05, 0.5, 0.05, 0.05]])
        assert_close(student.predict_digits(probs), torch.tensor([7]))

    test_keeps_arguments = keeps_arguments("predict_digits", 0.5, torch.tensor([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]]))
