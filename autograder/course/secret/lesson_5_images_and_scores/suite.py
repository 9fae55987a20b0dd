"""Lesson 5, hidden tests."""

import torch

from autograder.course.lessons.lesson_5_images_and_scores.suite import EXAMPLES, hits
from autograder.judging import assert_close, points, varies

#: Wrong versions that only the grader has, and what is said of one that escapes.
WRONG_ACCURACY = {
    "forgets which row has which label": lambda probs, y: (
        (probs.argmax(dim=1).sort().values == y.sort().values).float().mean()
    ),
    "goes down the columns where there are as many rows as classes": lambda probs, y: hits(
        probs.T if len(probs) == len(probs.T) else probs, y
    ).mean(),
    "divides by the number of classes": lambda probs, y: hits(probs, y).sum() / probs.shape[1],
    "is content with a label that comes second": lambda probs, y: (
        (probs.topk(min(2, probs.shape[1]), dim=1).indices == y[:, None]).any(dim=1).float().mean()
    ),
    "says 1 if all rows are right, and 0 if one is wrong": lambda probs, y: hits(probs, y).prod(),
    "says how large a part is wrong": lambda probs, y: 1 - hits(probs, y).mean(),
    "gives percent": lambda probs, y: 100 * hits(probs, y).mean(),
}


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


class TestAccuracyExamples:
    @points(1.5)
    @varies
    def test_tell_others(self, student):
        """Together the examples give other wrong versions away, which only the grader has."""
        EXAMPLES.assert_tell(student.accuracy_examples(), WRONG_ACCURACY)
