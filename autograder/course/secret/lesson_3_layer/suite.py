"""Lesson 3, hidden tests."""

import torch

from autograder.judging import assert_close, points

#: Observations, inputs, neurons.
SIZES = ((5, 3, 2), (2, 4, 6), (1, 3, 3))


def layer(rng, m, d, h):
    """m observations, and a layer of h neurons with d inputs."""
    return (
        torch.randn((m, d), generator=rng),
        torch.randn((d, h), generator=rng),
        torch.randn(h, generator=rng),
    )


class TestStackNeurons:
    @points(1)
    def test_other_layers(self, student, reference, rng):
        """Layers with other numbers of inputs and neurons."""
        for inputs, neurons in ((2, 5), (6, 3), (4, 4), (1, 2)):
            ws = [torch.randn(inputs, generator=rng) for _ in range(neurons)]
            bs = [torch.randn((), generator=rng) for _ in range(neurons)]
            assert_close(student.stack_neurons(ws, bs), reference.stack_neurons(ws, bs))


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
