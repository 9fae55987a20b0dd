"""Lesson 5, images and scores: pixels to inputs, labels to rows, and two ways to judge probabilities."""

import math

import torch

from autograder.judging import (
    Examples,
    Mismatch,
    assert_close,
    assert_that,
    keeps_arguments,
    numbers_of,
    points,
    tensor_of,
    varies,
)


class TestPrepareImages:
    @points(0.25)
    def test_row_an_image(self, student):
        """Three images of 28 × 28 pixels become three rows of 784 numbers."""
        images = torch.zeros(3, 28, 28, dtype=torch.uint8)
        assert_close(student.prepare_images(images), torch.zeros(3, 784))

    @points(0.25)
    def test_between_zero_and_one(self, student):
        """Pixels 0, 51 and 255 become 0, 0.2 and 1."""
        images, expected = torch.zeros(2, 28, 28, dtype=torch.uint8), torch.zeros(2, 784)
        images[0, 0, :3] = torch.tensor([0, 51, 255])
        expected[0, :3] = torch.tensor([0.0, 0.2, 1.0])
        assert_close(student.prepare_images(images), expected)

    @points(0.25)
    def test_pixel_order(self, student):
        """An image is read line by line: the pixel in line 2, place 5 comes to 2 · 28 + 5."""
        images, expected = torch.zeros(2, 28, 28, dtype=torch.uint8), torch.zeros(2, 784)
        images[0, 2, 5], images[1, 20, 3] = 255, 255
        expected[0, 2 * 28 + 5], expected[1, 20 * 28 + 3] = 1.0, 1.0
        assert_close(student.prepare_images(images), expected)

    @points(0.25)
    def test_dark_images(self, student):
        """Images without a white pixel stay dark: 51 becomes 0.2 and 102 becomes 0.4, also in one batch."""
        images = torch.tensor([51, 102], dtype=torch.uint8).reshape(2, 1, 1).repeat(1, 28, 28)
        assert_close(student.prepare_images(images), torch.tensor([[0.2], [0.4]]).repeat(1, 784))

    test_keeps_arguments = keeps_arguments(
        "prepare_images", 0.25, torch.arange(2 * 28 * 28).reshape(2, 28, 28).remainder(256).to(torch.uint8)
    )


class TestCrossEntropy:
    @points(0.5)
    def test_one_observation(self, student, reference):
        """For one observation, it is minus the logarithm of the probability at the label."""
        probs, y = torch.tensor([[0.2, 0.5, 0.3]]), torch.tensor([2])
        assert_close(student.cross_entropy(probs, y), reference.cross_entropy(probs, y))

    @points(0.5)
    def test_mean(self, student, reference):
        """For four observations, it is one number, the mean of four."""
        probs = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4], [0.25, 0.7, 0.05]])
        y = torch.tensor([0, 2, 0, 2])
        assert_close(student.cross_entropy(probs, y), reference.cross_entropy(probs, y))

    @points(0.75)
    def test_zero_probability(self, student):
        """Where a probability is 0, it is a number: large at the label, and of no effect elsewhere."""
        probs = torch.tensor([[0.0, 1.0, 0.0]])
        assert_close(student.cross_entropy(probs, torch.tensor([1])), 0.0)
        surprise = tensor_of(student.cross_entropy(probs, torch.tensor([0])), ()).item()
        # Any smallest value from 1e-45 to 1e-7 is fine; the lesson's own, 1e-12, gives 27.6.
        assert_that(
            math.isfinite(surprise) and 10 < surprise < 110,
            f"for a probability of 0 at the label, 27.6 = -log(1e-12) is expected, got {surprise:.6g}.",
            surprise,
        )

    test_keeps_arguments = keeps_arguments(
        "cross_entropy", 0.25, torch.tensor([[0.0, 0.75, 0.25], [0.5, 0.125, 0.375]]), torch.tensor([1, 2])
    )


def hits(probs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Which rows are right, as zeros and ones; there must be one label a row."""
    return torch.stack([probs.argmax(dim=1), y]).diff(dim=0).eq(0)[0].float()


def own_share(probs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The share at the label of each row."""
    return probs.gather(1, y[:, None])[:, 0]


def accuracy(probs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The share of rows that are right; each label is the number of a class."""
    if not bool(((y >= 0) & (y < probs.shape[1])).all()):
        raise ValueError("A label is the number of a class, and the first class is 0.")
    return hits(probs, y).mean()


EXAMPLES = Examples(name="accuracy", function=accuracy, dims={"probs": 2, "y": 1}, labels=("y",))

#: Wrong versions that students' examples should catch. These may be read; the grader has others.
WRONG_ACCURACY = {
    "counts the right rows and does not divide": lambda probs, y: hits(probs, y).sum(),
    "wants more than half of the share at the label": lambda probs, y: (own_share(probs, y) > 0.5).float().mean(),
    "takes the mean of the shares at the labels": lambda probs, y: own_share(probs, y).mean(),
}


class TestAccuracyExamples:
    @points(0.5)
    @varies
    def test_right(self, student):
        """Each example has shares and labels, with their accuracy."""
        EXAMPLES.assert_right(student.accuracy_examples())

    @points(1)
    @varies
    def test_tell(self, student):
        """Together the examples give three wrong versions away."""
        EXAMPLES.assert_tell(student.accuracy_examples(), WRONG_ACCURACY)


def shares_of(answer):
    """The answer as four rows of three shares."""
    probs = torch.stack(numbers_of(answer, first=(3,), second=(3,), third=(3,), fourth=(3,)))
    for name, row in zip(("first", "second", "third", "fourth"), probs, strict=True):
        assert_that(bool((row >= 0).all()), f"a share is never below 0, and in the {name} row one is.", row)
        total = row.sum().item()  # of shares that may be rounded to two digits
        assert_that(abs(total - 1) < 0.0065, f"the {name} row adds up to {total:.4g}, and should add up to 1.", row)
    return probs


class TestRightButCostly:
    @points(1)
    @varies
    def test_shares(self, student):
        """Four rows of three shares, each row together 1."""
        shares_of(student.right_but_costly())

    @points(5)
    @varies
    def test_right_and_costly(self, student):
        """The accuracy is 1 and the cost is above 1."""
        probs, y = shares_of(student.right_but_costly()), torch.tensor([0, 1, 2, 0])
        mine = probs[torch.arange(4), y]
        others = probs.scatter(1, y[:, None], -1.0).amax(dim=1)
        right, cost = int((mine > others).sum()), abs(float(mine.clamp(min=1e-12).log().mean()))
        if right < 4:
            raise Mismatch(f"{right} of the four rows have their largest share at the label, by itself.")
        if cost <= 1:
            raise Mismatch(f"all four rows are right, and the cost is {cost:.4g}: it is not above 1.")
