"""Lesson 2, hidden tests."""

import torch

from autograder.course.functions import bowl, valley
from autograder.judging import assert_close, points, tensor_of


def task(rng, m, n):
    """m observations with both labels among them (m at least 2), and a neuron with n weights to start from."""
    X = torch.randn((m, n), generator=rng)
    y = torch.randint(0, 2, (m,), generator=rng)
    y[:2] = torch.tensor([0, 1])[:m]
    return X, y, torch.randn(n, generator=rng), torch.randn((), generator=rng)


class TestCost:
    @points(1)
    def test_other_neurons(self, student, reference, rng):
        """Other neurons and other labels, in batches of any size."""
        for m, n in ((1, 3), (3, 3), (8, 2), (5, 1)):
            arguments = task(rng, m, n)
            assert_close(student.cost(*arguments), reference.cost(*arguments))


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
