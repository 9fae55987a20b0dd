"""Lesson 6, hidden tests. `mnist_accuracy` needs none: its visible tests are drawn fresh from the seed at grading."""

from itertools import combinations, permutations

import torch

from autograder.course.lessons.lesson_6_learning_digits.suite import largest_difference, network_of
from autograder.judging import assert_close, assert_that, points, varies


def task(rng, m, d, h, k):
    """m images of d pixels with labels below k, and a network to start from."""
    params = {
        "W1": torch.randn((d, h), generator=rng),
        "b1": torch.randn(h, generator=rng),
        "W2": torch.randn((h, k), generator=rng),
        "b2": torch.randn(k, generator=rng),
    }
    return torch.randn((m, d), generator=rng), torch.randint(0, k, (m,), generator=rng), params


def visit(reference, X, y, params, rows, lr):
    """The network after one step on each of these rows, one row at a time."""
    for row in rows:
        params = reference.train_network(X[row : row + 1], y[row : row + 1], params, lr, 1, 1, 0)
    return params


class TestBlameAtScores:
    @points(0.5)
    def test_any_rows(self, student, reference, rng):
        """Other rows, and such that are no shares: what is taken away is the same."""
        for m, k in ((3, 5), (1, 10), (4, 4)):
            probs = torch.rand((m, k), generator=rng)
            y = torch.randint(0, k - 1, (m,), generator=rng)
            assert_close(student.blame_at_scores(probs, y), reference.blame_at_scores(probs, y))


class TestBlameAtHidden:
    @points(1)
    def test_other_layers(self, student, reference, rng):
        """Other layers and batches; the formula holds for any numbers, also for such as no sigmoid gives."""
        for m, h, k in ((5, 4, 3), (1, 6, 10), (3, 3, 3)):
            arguments = (
                torch.randn((m, k), generator=rng),
                torch.randn((h, k), generator=rng),
                2 * torch.rand((m, h), generator=rng) - 0.5,
            )
            assert_close(student.blame_at_hidden(*arguments), reference.blame_at_hidden(*arguments))


class TestLayerSlopes:
    @points(0.5)
    def test_other_layers(self, student, reference, rng):
        """Other layers and batches, a single image among them."""
        for m, d, h in ((5, 4, 3), (1, 6, 2), (3, 3, 3)):
            arguments = torch.randn((m, d), generator=rng), torch.randn((m, h), generator=rng)
            assert_close(student.layer_slopes(*arguments), reference.layer_slopes(*arguments))


class TestNetworkGradients:
    @points(0.5)
    def test_other_networks(self, student, reference, rng):
        """Other networks, images and labels, in batches of any size."""
        for sizes in ((7, 4, 3, 5), (4, 4, 4, 4), (3, 6, 2, 2)):
            X, y, params = task(rng, *sizes)
            # Without the last class, so that the classes cannot be counted from the labels.
            y = y.clamp(max=sizes[3] - 2)
            assert_close(student.network_gradients(X, y, params), reference.network_gradients(X, y, params))

    @points(0.25)
    def test_absent_class(self, student, reference, rng):
        """A batch in which some digits do not occur."""
        X, _, params = task(rng, 3, 4, 3, 10)
        y = torch.randint(0, 5, (3,), generator=rng)
        assert_close(student.network_gradients(X, y, params), reference.network_gradients(X, y, params))


class TestCountSteps:
    @points(0.5)
    def test_other_numbers(self, student, reference, rng):
        """Other numbers of images, batch sizes and epochs."""
        for _ in range(6):
            m, batch_size, epochs = torch.randint(2, 60, (3,), generator=rng).tolist()
            assert_close(student.count_steps(m, batch_size, epochs), reference.count_steps(m, batch_size, epochs))


class TestTrainNetwork:
    @points(0.5)
    @varies
    def test_visits_each_image_once(self, student, reference, rng):
        """In one epoch, each image is visited once, with its own label."""
        X, y, params = _distinct(rng, 3)
        orders = [visit(reference, X, y, params, rows, 1.0) for rows in permutations(range(3))]
        for seed in torch.randint(1, 2**31, (4,), generator=rng).tolist():
            found = network_of(student.train_network(X, y, params, 1.0, 1, 1, seed), params)
            assert_close(found, orders[_nearest(found, orders)], rtol=5e-4, atol=5e-5)

    @points(0.5)
    @varies
    def test_mixes_batches(self, student, reference, rng):
        """Which images share a batch is drawn too: images are shuffled, not batches."""
        X, y, params = _distinct(rng, 4)
        ends = []
        for first in combinations(range(4), 2):
            end = params
            for pair in (list(first), [row for row in range(4) if row not in first]):
                end = reference.train_network(X[pair], y[pair], end, 1.0, 2, 1, 0)
            ends.append(end)
        # Four images make two pairs in three ways, and either pair may come first: ends[n] and ends[5 - n] have
        # the same pairs. Twenty-four seeds that shuffle the images all agree on the pairs once in 10¹¹ times.
        seen = set()
        for seed in torch.randint(1, 2**31, (24,), generator=rng).tolist():
            found = network_of(student.train_network(X, y, params, 1.0, 2, 1, seed), params)
            nearest = _nearest(found, ends)
            assert_close(found, ends[nearest], rtol=5e-4, atol=5e-5)
            seen.add(min(nearest, 5 - nearest))
            if len(seen) > 1:
                return
        assert_that(False, "of four images, the same two shared a batch whatever the seed.")

    @points(0.5)
    @varies
    def test_shuffles_anew(self, student, reference, rng):
        """The order of the images is drawn anew in each epoch."""
        X, y, params = _distinct(rng, 2)
        ends = [params]
        for _ in range(3):
            ends = [visit(reference, X, y, end, rows, 1.0) for end in ends for rows in ((0, 1), (1, 0))]
        # Three epochs over two images have eight outcomes. Without shuffling there is one, and with one order for
        # all epochs there are two. Twenty-four seeds that shuffle anew miss a third one once in 10¹³ times.
        seen = set()
        for seed in torch.randint(1, 2**31, (24,), generator=rng).tolist():
            found = network_of(student.train_network(X, y, params, 1.0, 1, 3, seed), params)
            nearest = _nearest(found, ends)
            assert_close(found, ends[nearest], rtol=5e-4, atol=5e-5)
            seen.add(nearest)
            if len(seen) > 2:
                return
        assert_that(
            False,
            f"over many seeds, three epochs on two images ended in {len(seen)} different networks: the order is not "
            "drawn anew in each epoch.",
        )


def _distinct(rng, m):
    """m images far from one another with different labels, so that each order of visits leads elsewhere."""
    X, _, params = task(rng, m, 3, 4, 4)
    return 2 * X, torch.randperm(4, generator=rng)[:m], params


def _nearest(found, networks):
    return min(range(len(networks)), key=lambda n: largest_difference(found, networks[n]))
