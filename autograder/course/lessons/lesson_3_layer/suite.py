"""Lesson 3, a layer: neurons side by side, as columns of a matrix."""

from typing import Any

import torch

from autograder.judging import (
    Examples,
    Mismatch,
    assert_close,
    assert_keeps_arguments,
    assert_that,
    keeps_arguments,
    numbers_of,
    points,
    varies,
)

X = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 0.0], [-1.5, 0.25, 2.0], [0.0, 1.0, 1.0]])
W = torch.tensor([[0.5, -1.0], [0.25, 0.75], [-2.0, 1.5]])
B = torch.tensor([0.1, -0.4])

# As many observations as inputs as neurons: nothing can be told from shapes.
SQUARE_X = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 0.0], [-1.5, 0.25, 2.0]])
SQUARE_W = torch.tensor([[0.5, -1.0, 0.0], [0.25, 0.75, 1.0], [-2.0, 1.5, 0.5]])
SQUARE_B = torch.tensor([1.0, -0.5, 0.25])


EXAMPLES = Examples(name="linear", function=lambda X, W, b: torch.addmm(b, X, W), dims={"X": 2, "W": 2, "b": 1})

#: Wrong versions that students' examples should catch. These may be read; the grader has others.
WRONG_LINEAR = {
    "forgets the biases": lambda X, W, b: torch.mm(X, W),
    "turns W over where it is square": lambda X, W, b: torch.mm(X, W.T if len(W) == len(W.T) else W) + b,
    "adds up the biases and gives their sum to everyone": lambda X, W, b: torch.mm(X, W) + b.sum(),
}


class TestLinearExamples:
    @points(0.5)
    @varies
    def test_right(self, student):
        """Each example has observations, weights and biases, with the sums that should come out."""
        EXAMPLES.assert_right(student.linear_examples())

    @points(1.5)
    @varies
    def test_tell(self, student):
        """Together the examples give three wrong versions away."""
        EXAMPLES.assert_tell(student.linear_examples(), WRONG_LINEAR)


class TestLinear:
    @points(0.5)
    def test_row_times_column(self, student, reference):
        """Each observation meets each neuron: 4 rows and 2 neurons give 4 × 2 sums."""
        b = torch.zeros(2)
        assert_close(student.linear(X, W, b), reference.linear(X, W, b))

    @points(0.25)
    def test_bias_of_neuron(self, student, reference):
        """Each neuron adds its own bias, to its whole column."""
        assert_close(student.linear(SQUARE_X, SQUARE_W, SQUARE_B), reference.linear(SQUARE_X, SQUARE_W, SQUARE_B))

    @points(0.25)
    def test_batch_of_one(self, student, reference):
        """One observation gives one row."""
        assert_close(student.linear(X[:1], W, B), reference.linear(X[:1], W, B))

    test_keeps_arguments = keeps_arguments("linear", 0.25, X, W, B)


#: The four neurons that look at the area of a cell, as the lesson draws them.
FOUR_W = torch.tensor([10.3, -10.0, 3.0, 20.0], dtype=torch.float64)
FOUR_B = torch.tensor([-7.05, 4.0, -2.0, -26.0], dtype=torch.float64)


def fires(answer: Any, first: float, last: float) -> torch.Tensor:
    """Whether the fifth neuron fires for areas from `first` to `last`."""
    w, b = numbers_of(answer, w=(4,), b=())
    area = torch.linspace(first, last, 41, dtype=torch.float64)
    return torch.sigmoid(area[:, None] * FOUR_W + FOUR_B) @ w + b > 0


class TestBetween:
    @points(1)
    @varies
    def test_can_be_read(self, student):
        """Four weights and a bias make a neuron, and it fires for some areas and not for others."""
        fired = fires(student.between(), 0, 2.6)
        assert_that(bool(fired.any()), "this neuron never fires.")
        assert_that(not bool(fired.all()), "this neuron fires for every area.")

    @points(5)
    @varies
    def test_between_the_bounds(self, student):
        """It fires for all areas from 0.9 to 1.1, for none up to 0.5, and for none from 1.6 on."""
        small, middle, large = (fires(student.between(), *bounds) for bounds in ((0.0, 0.5), (0.9, 1.1), (1.6, 2.6)))
        assert_that(bool(middle.all()), "somewhere from 0.9 to 1.1 it does not fire.")
        wrong = [where for where, one in (("below 0.5", small), ("above 1.6", large)) if one.any()]
        if wrong:
            # One bound kept is half of the way.
            raise Mismatch(f"it fires from 0.9 to 1.1, and {wrong[0]} as well.", share=0.5 * (len(wrong) == 1))


class TestFromTorch:
    @points(0.5)
    def test_transposes(self, student, reference):
        """torch's 2 × 3 weight becomes a W of 3 × 2, and the bias stays as it is."""
        weight = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        assert_close(student.from_torch(weight, B), reference.from_torch(weight, B))

    @points(0.5)
    def test_square(self, student, reference):
        """A square weight is turned over too: its rows become columns."""
        actual = student.from_torch(SQUARE_W, SQUARE_B)
        assert_close(actual, reference.from_torch(SQUARE_W, SQUARE_B))

    @points(0.5)
    def test_keeps_arguments(self, student, reference):
        """The layer is right, and torch's own weight and bias are left as they were."""
        assert_keeps_arguments(
            student.from_torch, reference.from_torch, torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), B
        )
