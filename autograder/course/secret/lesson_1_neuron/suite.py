"""Lesson 1, hidden tests."""

import torch

from autograder.judging import assert_close, points

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


class TestPredict:
    @points(0.5)
    def test_other_neurons(self, student, rng):
        """Other neurons, with hypotheses above and below ½, some far from it and some near."""
        # Weighted sums that no rounding moves to the other side of 0: ±0.05 to ±0.45, and ±1 to ±4.
        size = torch.rand(12, generator=rng)
        z = torch.where(torch.arange(12) % 4 < 2, 0.05 + 0.4 * size, 1 + 3 * size)
        z = torch.where(torch.arange(12) % 2 == 0, z, -z)
        w = 0.5 + torch.rand(3, generator=rng)
        # A bias that moves every near one to the other side if it is forgotten, whichever way it points.
        b = (0.5 + torch.rand((), generator=rng)) * (1 - 2 * torch.randint(0, 2, (), generator=rng))
        x = torch.randn((12, 3), generator=rng)
        # The first input is what makes the weighted sum come out as z.
        x[:, 0] = (z - b - x[:, 1:] @ w[1:]) / w[0]
        fires = (z > 0).long()
        assert_close(student.predict(x, w, b), fires)
        for row in range(4):
            assert_close(student.predict(x[row], w, b), fires[row])
        assert_close(student.predict(x[:1], w, b), fires[:1])
