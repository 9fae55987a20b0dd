"""Lesson 1, one neuron: weighted sum, sigmoid, hypothesis, prediction."""

from typing import Any

import torch

from autograder.course.data import load_cells
from autograder.judging import (
    Examples,
    Mismatch,
    assert_close,
    assert_that,
    drawn_as,
    keeps_arguments,
    numbers_of,
    points,
    varies,
)

# The weights do not add up to 1, so that a weighted mean is told from a weighted sum.
X = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0], [0.0, 0.25, -1.5], [-2.0, 1.0, 0.5]])
W = torch.tensor([0.5, -1.0, 0.75])
B = torch.tensor(0.25)
NO_BIAS = torch.tensor(0.0)


class TestWeightedSum:
    @points(0.25)
    def test_multiplies_and_adds(self, student, reference):
        """Each input is multiplied by its weight, and the products are added."""
        x, w = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.5, -1.0, 2.0])
        assert_close(student.weighted_sum(x, w, NO_BIAS), reference.weighted_sum(x, w, NO_BIAS))

    @points(0.25)
    def test_adds_bias(self, student, reference):
        """The bias is added once."""
        x, w, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 0.5]), torch.tensor(-1.5)
        assert_close(student.weighted_sum(x, w, b), reference.weighted_sum(x, w, b))

    @points(0.25)
    def test_batch(self, student, reference):
        """Four observations of three inputs give four sums."""
        assert_close(student.weighted_sum(X, W, B), reference.weighted_sum(X, W, B))

    test_keeps_arguments = keeps_arguments("weighted_sum", 0.25, X, W, B)


@drawn_as("curve")
class TestSigmoid:
    @points(0.25)
    def test_zero_is_half(self, student):
        """sigmoid(0) is 0.5."""
        assert_close(student.sigmoid(torch.tensor(0.0)), 0.5)

    @points(0.25)
    def test_each_entry(self, student, reference):
        """Each entry of z becomes a number between 0 and 1, large where z is large."""
        z = torch.tensor([[-3.0, -1.0, -0.25], [0.5, 2.0, 5.0]])
        assert_close(student.sigmoid(z), reference.sigmoid(z))

    @points(0.25)
    def test_far_from_zero(self, student):
        """sigmoid(-100) is 0 and sigmoid(100) is 1, neither is nan."""
        assert_close(student.sigmoid(torch.tensor([-100.0, 100.0])), torch.tensor([0.0, 1.0]))

    test_keeps_arguments = keeps_arguments("sigmoid", 0.25, torch.tensor([[-2.0, 0.5, 1.0], [3.0, -0.25, 0.0]]))


EXAMPLES = Examples(
    name="predict", function=lambda x, w, b: torch.sigmoid(torch.mv(x, w) + b) > 0.5, dims={"x": 2, "w": 1, "b": 0}
)

#: Wrong versions that students' examples should catch. These may be read; the grader has others.
WRONG_PREDICT = {
    "fires at exactly one half": lambda x, w, b: torch.sigmoid(torch.mv(x, w) + b) >= 0.5,
    "forgets the bias": lambda x, w, b: torch.mv(x, w) > 0,
    "takes the decision of the first observation for all": lambda x, w, b: (torch.mv(x, w) + b > 0)[:1].expand(len(x)),
}


class TestPredictExamples:
    @points(0.5)
    @varies
    def test_right(self, student):
        """Each example has observations, weights and a bias, with the decisions that should come out."""
        EXAMPLES.assert_right(student.predict_examples())

    @points(1.5)
    @varies
    def test_tell(self, student):
        """Together the examples give three wrong versions away."""
        EXAMPLES.assert_tell(student.predict_examples(), WRONG_PREDICT)


def mistakes_of(answer: Any) -> tuple[int, int, float]:
    """How many cancers a neuron misses, how many healthy samples it calls malignant, and its weight."""
    w, b = numbers_of(answer, w=(), b=())
    X, y = load_cells()
    fires = torch.sigmoid(X[:, 0].double() * w + b) > 0.5
    return int((~fires & (y == 1)).sum()), int((fires & (y == 0)).sum()), w.item()


class TestCarefulNeuron:
    @points(1)
    @varies
    def test_misses_few(self, student):
        """It misses at most 15 of the 212 cancers."""
        missed, alarms, w = mistakes_of(student.careful_neuron())
        way = " It fires for small nuclei and not for large ones." if w < 0 else ""
        if missed == 212 and alarms == 0:
            way = " It never fires."
        assert_that(missed <= 15, f"it misses {missed} of the 212 cancers.{way}")

    @points(3)
    @varies
    def test_frightens_few(self, student):
        """It misses at most 15 cancers, and calls at most 110 healthy samples malignant."""
        missed, alarms, _ = mistakes_of(student.careful_neuron())
        if missed > 15:
            raise Mismatch(f"it misses {missed} of the 212 cancers, and calls {alarms} healthy samples malignant.")
        if alarms > 110:
            everybody = " It fires for everybody." if alarms == 357 else ""
            raise Mismatch(f"it calls {alarms} of the 357 healthy samples malignant.{everybody}")
