"""Lesson 3, hidden tests."""

import torch

from autograder.course.lessons.lesson_3_layer.suite import EXAMPLES
from autograder.course.secret.lesson_3_layer import misconceptions as known
from autograder.judging import assert_close, points, varies

#: Wrong versions that only the grader has, and what is said of one that escapes.
WRONG_LINEAR = {
    "puts W first where the shapes allow it": lambda X, W, b: (W @ X if X.shape == W.shape else X @ W) + b,
    "gives a bias to each observation where there are as many of them as neurons": lambda X, W, b: (
        X @ W + (b[:, None] if len(X) == len(b) else b)
    ),
    "loses a pair of brackets where there is one observation": lambda X, W, b: (X @ W + b).squeeze(0),
    "loses a pair of brackets where there is one neuron": lambda X, W, b: (X @ W + b).squeeze(1),
    "tells each observation what it tells the first": lambda X, W, b: (X[:1] @ W + b).expand(len(X), -1),
    "takes the biases away": known.linear__bias_subtracted,
    "bends the sums with the sigmoid": known.linear__with_sigmoid,
}

#: Observations, inputs, neurons.
SIZES = ((5, 3, 2), (2, 4, 6), (1, 3, 3))


def layer(rng, m, d, h):
    """m observations, and a layer of h neurons with d inputs."""
    return (
        torch.randn((m, d), generator=rng),
        torch.randn((d, h), generator=rng),
        torch.randn(h, generator=rng),
    )


class TestLinearExamples:
    @points(2)
    @varies
    def test_tell_others(self, student):
        """Together the examples give other wrong versions away, which only the grader has."""
        EXAMPLES.assert_tell(student.linear_examples(), WRONG_LINEAR)


class TestLinear:
    @points(0.5)
    def test_other_layers(self, student, reference, rng):
        """Layers with other numbers of observations, inputs and neurons."""
        for sizes in SIZES:
            arguments = layer(rng, *sizes)
            assert_close(student.linear(*arguments), reference.linear(*arguments))

    @points(0.25)
    def test_square(self, student, reference, rng):
        """As many observations as inputs as neurons, where a wrong turn does not show in the shape."""
        arguments = layer(rng, 4, 4, 4)
        assert_close(student.linear(*arguments), reference.linear(*arguments))


class TestFromTorch:
    @points(0.5)
    def test_other_layers(self, student, reference, rng):
        """Weights and biases of other layers, square and not."""
        for neurons, inputs in ((4, 2), (3, 5), (3, 3), (1, 4)):
            weight = torch.randn((neurons, inputs), generator=rng)
            bias = torch.randn(neurons, generator=rng)
            assert_close(student.from_torch(weight, bias), reference.from_torch(weight, bias))
