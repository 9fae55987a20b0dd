"""Lesson 0, hidden tests."""

import torch

from autograder.course.data import load_mnist
from autograder.course.lessons.lesson_0_from_neurons_to_network.suite import COUNTS
from autograder.judging import assert_belief, assert_close, points, varies


def read_by_a_new_network(rng):
    """How many of 10,000 images a network reads whose weights have just been drawn: counted on the first 2,000."""
    mnist = load_mnist()
    images, labels = mnist.test_images[:2000], mnist.test_labels[:2000]
    hidden = torch.sigmoid(images.reshape(-1, 784) / 255 @ torch.randn((784, 64), generator=rng) / 28)
    scores = hidden @ torch.randn((64, 10), generator=rng) / 8
    return 5 * int((scores.argmax(dim=1) == labels).sum())


class TestCountParameters:
    @points(0.5)
    def test_other_sizes(self, student, reference, rng):
        """Networks of other sizes, with one layer to four."""
        for layers in range(1, 5):
            sizes = tuple(torch.randint(1, 50, (layers + 1,), generator=rng).tolist())
            assert_close(student.count_parameters(sizes), reference.count_parameters(sizes))


class TestHowManyRight:
    @points(4)
    @varies
    def test_new_networks(self, student, rng):
        """Your belief, held against what five new networks read."""
        belief = student.how_many_right()
        assert_belief(belief, COUNTS)
        counts = [read_by_a_new_network(rng) for _ in range(5)]
        assert_belief(belief, COUNTS, [COUNTS[(count >= 300) + (count > 2000)] for count in counts])
