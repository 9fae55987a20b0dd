"""Lesson 1, hidden tests."""

import torch

from autograder.course.lessons.lesson_1_neuron.suite import EXAMPLES
from autograder.judging import assert_close, points, varies

#: Wrong versions that only the grader has, and what is said of one that escapes.
WRONG_PREDICT = {
    "compares the sum with one half": lambda x, w, b: x @ w + b > 0.5,
    "says -1 for no, and 0 where it cannot decide": lambda x, w, b: torch.sign(x @ w + b),
    "loses its brackets where there is one observation": lambda x, w, b: (x @ w + b > 0).squeeze(0),
    "fires for the surest observation alone": lambda x, w, b: (x @ w + b > 0) & (x @ w == (x @ w).max()),
    "takes the bias away": lambda x, w, b: x @ w - b > 0,
    "loses the signs of the weights": lambda x, w, b: x @ w.abs() + b > 0,
}

#: One observation; a batch of one; as many observations as inputs; more of them; fewer of them.
SHAPES = ((4,), (1, 4), (4, 4), (7, 3), (2, 5))


def neurons(rng):
    """An x of each shape, with a neuron that has as many weights as x has inputs."""
    for shape in SHAPES:
        x = torch.randn(shape, generator=rng)
        w = torch.randn(shape[-1], generator=rng)
        yield x, w, torch.randn((), generator=rng)


class TestWeightedSum:
    @points(1)
    def test_other_neurons(self, student, reference, rng):
        """Other neurons, for one observation and for batches of any size."""
        for x, w, b in neurons(rng):
            assert_close(student.weighted_sum(x, w, b), reference.weighted_sum(x, w, b))


class TestSigmoid:
    @points(1)
    def test_other_shapes(self, student, reference, rng):
        """One number, a row of numbers, a table of numbers: the shape of z is the shape of the result."""
        for shape in ((), (1,), (6,), (3, 3), (2, 5)):
            z = 3 * torch.randn(shape, generator=rng)
            assert_close(student.sigmoid(z), reference.sigmoid(z))


class TestPredictExamples:
    @points(2)
    @varies
    def test_tell_others(self, student):
        """Together the examples give other wrong versions away, which only the grader has."""
        EXAMPLES.assert_tell(student.predict_examples(), WRONG_PREDICT)
