"""Lesson 2, hidden tests."""

import torch

from autograder.course.functions import bowl, valley
from autograder.course.lessons.lesson_2_gradient_descent.suite import EXAMPLES, miss
from autograder.judging import assert_close, points, tensor_of, varies


def task(rng, m, n):
    """m observations with both labels among them (m at least 2), and a neuron with n weights to start from."""
    X = torch.randn((m, n), generator=rng)
    y = torch.randint(0, 2, (m,), generator=rng)
    y[:2] = torch.tensor([0, 1])[:m]
    return X, y, torch.randn(n, generator=rng), torch.randn((), generator=rng)


def both_kinds_alike(X, y, w, b):
    """The mean over the malignant samples and the mean over the benign ones count the same."""
    squares = miss(X, y, w, b).square()
    return torch.stack([squares[y == kind].mean() for kind in y.unique()]).mean()


def overflowing(X, y, w, b):
    """The other form of the sigmoid, which lesson 1 warns of."""
    powers = torch.exp(X @ w + b)
    return (powers / (1 + powers) - y).square().mean()


#: Wrong versions that only the grader has, and what is said of one that escapes.
WRONG_COST = {
    "gives few samples of one kind as much weight as many of the other": both_kinds_alike,
    "breaks down where a sum is large": overflowing,
    "compares every hypothesis with every label": lambda X, y, w, b: (
        (torch.sigmoid(X @ w[:, None] + b) - y).square().mean()
    ),
    "lets too high and too low cancel out": lambda *given: miss(*given).mean().square(),
    "looks at decisions and not at hypotheses": lambda X, y, w, b: ((X @ w + b > 0).float() - y).square().mean(),
    "divides by the number of inputs": lambda X, *given: miss(X, *given).square().sum() / X.shape[1],
    "takes the largest of the squares": lambda *given: miss(*given).square().max(),
    "halves the cost": lambda *given: miss(*given).square().mean() / 2,
}


class TestCostExamples:
    @points(2.5)
    @varies
    def test_tell_others(self, student):
        """Together the examples give other wrong versions away, which only the grader has."""
        EXAMPLES.assert_tell(student.cost_examples(), WRONG_COST)


class TestNumericGradient:
    @points(1)
    def test_other_places(self, student, rng):
        """The slopes of a curved function, at other places."""
        for shape in ((1,), (4,), (2, 2), (3, 2)):
            # Far enough from 0 for a slope of the wrong sign or size to be told from rounding.
            w = 0.3 + torch.rand(shape, generator=rng)
            w = torch.where(torch.rand(shape, generator=rng) < 0.5, w, -w)
            assert_close(student.numeric_gradient(bowl, w), 2 * w, atol=0.02)

    @points(0.5)
    def test_one_at_a_time(self, student, rng):
        """One parameter moves at a time, and is back in its place when the next one moves."""
        w, h = torch.randn(4, generator=rng), 0.25
        exact = 2 * w
        exact[1:] += w[:-1]
        exact[:-1] += w[1:]
        found = tensor_of(student.numeric_gradient(valley, w, h), (4,)).double()
        # Along one parameter the valley is a parabola: measured on one side only, each slope is off by just h.
        if not any(torch.allclose(found, (exact + off).double(), atol=0.005) for off in (h, -h)):
            assert_close(found, exact, atol=0.005)


class TestNeuronGradients:
    @points(1)
    def test_other_neurons(self, student, reference, rng):
        """Other neurons and other labels, in batches of any size."""
        for m, n in ((2, 3), (3, 3), (8, 2)):
            arguments = task(rng, m, n)
            assert_close(student.neuron_gradients(*arguments), reference.neuron_gradients(*arguments))

    @points(0.25)
    def test_single_input(self, student, reference, rng):
        """A neuron with a single input, as for the cells: dw still has the shape of w."""
        arguments = task(rng, 6, 1)
        assert_close(student.neuron_gradients(*arguments), reference.neuron_gradients(*arguments))


class TestTrainNeuron:
    @points(1.25)
    def test_other_neurons(self, student, reference, rng):
        """Other data and other first parameters, learning rates and numbers of steps."""
        for m, n, lr, steps in ((6, 2, 1.0, 5), (4, 1, 0.3, 8), (3, 3, 2.0, 1)):
            arguments = (*task(rng, m, n), lr, steps)
            assert_close(student.train_neuron(*arguments), reference.train_neuron(*arguments))
