"""Lesson 2, gradient descent: a neuron's cost, its slopes, and learning."""

from typing import Any

import torch

from autograder.course.data import load_cells
from autograder.course.functions import tilted_plane, waves
from autograder.judging import (
    Examples,
    assert_close,
    assert_keeps_arguments,
    assert_that,
    describe,
    keeps_arguments,
    numbers_of,
    points,
    tensor_of,
    varies,
)

X = torch.tensor([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.25], [2.0, 0.0], [-0.5, -2.0]])
Y = torch.tensor([1, 0, 1, 1, 0])
W = torch.tensor([0.5, -0.75])
B = torch.tensor(0.25)


def parts(result: Any, *names: str) -> tuple[Any, ...]:
    """The results of a function with several, so that each can be judged by itself."""
    whole = isinstance(result, list | tuple) and len(result) == len(names)
    assert_that(whole, f"expected {len(names)} results: {', '.join(names)}; got {describe(result)}.", result)
    return tuple(result)


def miss(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """How far each label is from its hypothesis; there must be one label a row."""
    return torch.stack([torch.sigmoid(torch.mv(X, w) + b), y.float()]).diff(dim=0)[0]


def cost(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The mean squared error; each label is 0 or 1."""
    if not bool(((y == 0) | (y == 1)).all()):
        raise ValueError("Each label is 0 or 1.")
    return miss(X, y, w, b).square().mean()


EXAMPLES = Examples(
    name="cost",
    function=cost,
    dims={"X": 2, "y": 1, "w": 1, "b": 0},
    labels=("y",),
)

#: Wrong versions that students' examples should catch. These may be read; the grader has others.
WRONG_COST = {
    "adds up the squares and takes no mean": lambda *given: miss(*given).square().sum(),
    "forgets to square": lambda *given: miss(*given).abs().mean(),
    "forgets the bias": lambda X, y, w, b: miss(X, y, w, 0 * b).square().mean(),
}


class TestCostExamples:
    @points(1)
    @varies
    def test_right(self, student):
        """Each example has observations, labels, weights and a bias, with the cost that should come out."""
        EXAMPLES.assert_right(student.cost_examples())

    @points(1.5)
    @varies
    def test_tell(self, student):
        """Together the examples give three wrong versions away."""
        EXAMPLES.assert_tell(student.cost_examples(), WRONG_COST)


class TestNumericGradient:
    # These tolerances leave room for the rounding of float32 and for a difference taken on one side only.

    @points(0.5)
    def test_each_slope(self, student):
        """A plane that rises by 1, 2, 3 and 4 has the slopes 1, 2, 3 and 4."""
        w = torch.tensor([0.5, -1.0, 1.0, 0.25])
        assert_close(student.numeric_gradient(tilted_plane, w), torch.tensor([1.0, 2.0, 3.0, 4.0]), atol=0.02)

    @points(0.5)
    def test_matrix(self, student):
        """For a 2 × 3 matrix of parameters, the slopes are a 2 × 3 matrix."""
        w = torch.tensor([[0.0, 0.5, -0.5], [1.0, 2.0, 3.0]])
        assert_close(student.numeric_gradient(waves, w), torch.cos(w), atol=0.02)

    @points(0.25)
    def test_step_size(self, student):
        """The step is h: with h = 1 the slopes of a sine are those over a long way."""
        w, h = torch.tensor([0.0, 0.5, 1.0]), 1.0
        here, right, left = torch.sin(w), torch.sin(w + h), torch.sin(w - h)
        found = tensor_of(student.numeric_gradient(waves, w, h), (3,)).double()
        one_sided = ((right - here) / h, (here - left) / h)
        if not any(torch.allclose(found, slopes.double(), atol=0.005) for slopes in one_sided):
            assert_close(found, (right - left) / (2 * h), atol=0.005)

    @points(0.25)
    def test_keeps_arguments(self, student, reference):
        """The slopes are right, and w is left as it was."""
        assert_keeps_arguments(
            student.numeric_gradient, reference.numeric_gradient, waves, torch.tensor([0.1, 0.7, -1.3]), atol=5e-3
        )


class TestNeuronGradients:
    @points(0.5)
    def test_one_observation(self, student, reference):
        """For one observation, two weights and a bias have three slopes."""
        x, y = torch.tensor([[1.0, -2.0]]), torch.tensor([1])
        assert_close(student.neuron_gradients(x, y, W, B), reference.neuron_gradients(x, y, W, B))

    @points(0.5)
    def test_weights(self, student, reference):
        """dw is the slope of the mean squared error along each weight, over five observations."""
        dw, _ = parts(student.neuron_gradients(X, Y, W, B), "dw", "db")
        assert_close(dw, reference.neuron_gradients(X, Y, W, B)[0], name="dw")

    @points(0.5)
    def test_bias(self, student, reference):
        """db is the slope of the mean squared error along the bias, over five observations."""
        _, db = parts(student.neuron_gradients(X, Y, W, B), "dw", "db")
        assert_close(db, reference.neuron_gradients(X, Y, W, B)[1], name="db")

    test_keeps_arguments = keeps_arguments("neuron_gradients", 0.25, X, Y, W, B)


#: A place that is guessed far from 0 is saturated nearly everywhere; so near it takes a thought.
FARTHEST = 10


def stuck(answer: Any) -> tuple[float, float, float]:
    """How far 1,000 steps move a neuron on the cells, what it costs where it begins, and how far that is from 0."""
    start = torch.stack(numbers_of(answer, w=(), b=()))
    X, y = load_cells()
    x, y = X[:, 0].double(), y.double()
    w, b = start
    cost = float(((torch.sigmoid(w * x + b) - y) ** 2).mean())
    for _ in range(1_000):
        a = torch.sigmoid(w * x + b)
        slopes = 2 * (a - y) * a * (1 - a) / len(y)
        w, b = w - 5 * (slopes @ x), b - 5 * slopes.sum()
    return float((torch.stack([w, b]) - start).abs().max()), cost, float(start.abs().max())


class TestStuckStart:
    @points(2)
    @varies
    def test_is_wrong(self, student):
        """There, the cost on the cells is above 0.3."""
        _, cost, _ = stuck(student.stuck_start())
        assert_that(cost > 0.3, f"the cost is {cost:.3f} there: the neuron is not wrong enough.")

    @points(4)
    @varies
    def test_stays(self, student):
        """From there, wrong and not far from 0, 1,000 steps move neither number by more than 0.01."""
        moved, cost, far = stuck(student.stuck_start())
        assert_that(moved <= 0.01, f"after 1,000 steps it has moved by {moved:.3g}.")
        assert_that(cost > 0.3, "it stays, and it is right: that is the bottom of the valley.")
        near = far <= FARTHEST + 1e-6
        assert_that(near, f"it stays and is wrong, but {far:.4g} is too far from 0: {FARTHEST} is the farthest.")


class TestTrainNeuron:
    @points(0.5)
    def test_one_step(self, student, reference):
        """After one step, w and b have moved downhill once."""
        w, b, _ = parts(student.train_neuron(X, Y, W, B, 0.5, 1), "w", "b", "losses")
        expected = reference.train_neuron(X, Y, W, B, 0.5, 1)
        assert_close((w, b), expected[:2])

    @points(0.5)
    def test_several_steps(self, student, reference):
        """Each of six steps starts where the one before it ended."""
        w, b, _ = parts(student.train_neuron(X, Y, W, B, 2.0, 6), "w", "b", "losses")
        expected = reference.train_neuron(X, Y, W, B, 2.0, 6)
        assert_close((w, b), expected[:2])

    @points(0.5)
    def test_losses(self, student, reference):
        """losses has one number a step, the cost before that step."""
        _, _, losses = parts(student.train_neuron(X, Y, W, B, 1.0, 4), "w", "b", "losses")
        assert_close(losses, reference.train_neuron(X, Y, W, B, 1.0, 4)[2], name="losses")

    @points(0.25)
    def test_keeps_arguments(self, student, reference):
        """The trained neuron is right, and the w and b it started from are left as they were."""
        assert_keeps_arguments(student.train_neuron, reference.train_neuron, X, Y, W, B, 0.5, 3)
