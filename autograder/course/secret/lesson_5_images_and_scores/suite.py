"""Lesson 5, hidden tests."""

import torch

from autograder.judging import assert_close, points


def probabilities(rng, m, k):
    """m rows of k probabilities, none below 0.02 for k up to 10."""
    scores = 0.25 + torch.rand((m, k), generator=rng)
    return scores / scores.sum(dim=1, keepdim=True)


class TestPrepareImages:
    @points(0.5)
    def test_other_images(self, student, reference, rng):
        """Other images, bright and dark ones."""
        for m, brightest in ((4, 255), (3, 60)):
            images = torch.randint(0, brightest + 1, (m, 28, 28), generator=rng).to(torch.uint8)
            assert_close(student.prepare_images(images), reference.prepare_images(images))

    @points(0.25)
    def test_batch_of_one(self, student, reference, rng):
        """A single image becomes a single row, (1, 784)."""
        images = torch.randint(0, 256, (1, 28, 28), generator=rng).to(torch.uint8)
        images[0, 0, 0] = 255  # so that dividing by the brightest pixel is no mistake here, whatever was drawn
        assert_close(student.prepare_images(images), reference.prepare_images(images))


class TestCrossEntropy:
    @points(1)
    def test_other_rows(self, student, reference, rng):
        """Other probabilities and labels, in batches of any size."""
        for m, k in ((8, 10), (3, 3), (1, 4), (5, 2)):
            probs, y = probabilities(rng, m, k), torch.randint(0, k, (m,), generator=rng)
            assert_close(student.cross_entropy(probs, y), reference.cross_entropy(probs, y))


class TestAccuracy:
    @points(0.25)
    def test_other_rows(self, student, rng):
        """Other probabilities and labels, square tables among them."""
        for m, k in ((16, 10), (6, 6), (10, 3)):
            wins = torch.randint(0, k, (m,), generator=rng)
            wins[:2] = torch.tensor([0, k - 1])
            scores = torch.rand((m, k), generator=rng)
            scores[torch.arange(m), wins] = 1.3
            # Two rows have each other's labels: they are wrong, though as many rows win each class as have its label.
            y = torch.cat([wins[:2].flip(0), wins[2:]])
            probs = scores / scores.sum(dim=1, keepdim=True)
            assert_close(student.accuracy(probs, y), 1 - 2 / m)
