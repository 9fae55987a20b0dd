"""Lesson 7, inside your network: who excites a neuron, who misses it, what is not known of shifts, what can be read."""

from typing import Any

import torch

from autograder.judging import assert_close, assert_that, describe, keeps_arguments, points, tensor_of

# Six images and five hidden neurons; no two numbers are equal.
HIDDEN = torch.tensor(
    [
        [0.10, 0.92, 0.35, 0.51, 0.77],
        [0.85, 0.03, 0.64, 0.12, 0.28],
        [0.42, 0.58, 0.97, 0.81, 0.06],
        [0.66, 0.24, 0.15, 0.39, 0.94],
        [0.20, 0.71, 0.88, 0.08, 0.45],
        [0.31, 0.47, 0.52, 0.99, 0.17],
    ]
)
ANSWERS = torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
IMAGES = torch.arange(1.0, 41.0).reshape(2, 4, 5)


def two_results(result: Any) -> tuple[Any, Any]:
    """The answer as two results."""
    pair = isinstance(result, list | tuple) and len(result) == 2
    assert_that(pair, f"expected two results, w and b, got {describe(result)}.", result)
    return result[0], result[1]


class TestMostExciting:
    @points(1)
    def test_two_of_six(self, student, reference):
        """The two of six images that excite a neuron most, the strongest first."""
        assert_close(student.most_exciting(HIDDEN, 2, 2), reference.most_exciting(HIDDEN, 2, 2))

    @points(0.5)
    def test_other_neuron(self, student, reference):
        """Another neuron is excited by other images."""
        assert_close(student.most_exciting(HIDDEN, 0, 3), reference.most_exciting(HIDDEN, 0, 3))

    # With k as large as the batch: all images in order.
    test_keeps_arguments = keeps_arguments("most_exciting", 0.5, HIDDEN, 4, 6)


class TestAblate:
    @points(0.5)
    def test_shape(self, student):
        """The table keeps its shape: taken out is not cut out."""
        tensor_of(student.ablate(HIDDEN, [1]), (6, 5))

    @points(1)
    def test_one_neuron(self, student, reference):
        """One neuron says its mean to every image, and the others say what they said."""
        assert_close(student.ablate(HIDDEN, [3]), reference.ablate(HIDDEN, [3]))

    @points(1)
    def test_several_neurons(self, student, reference):
        """Each of three neurons says its own mean."""
        assert_close(student.ablate(HIDDEN, [4, 0, 1]), reference.ablate(HIDDEN, [4, 0, 1]))

    test_keeps_arguments = keeps_arguments("ablate", 0.5, HIDDEN, [2, 3])


class TestShiftImages:
    @points(1)
    def test_to_the_right(self, student, reference):
        """One pixel to the right: the column that falls out is lost, and zeros come in on the left."""
        assert_close(student.shift_images(IMAGES, 1, 0), reference.shift_images(IMAGES, 1, 0))

    @points(0.5)
    def test_down(self, student, reference):
        """Two pixels down: zeros come in at the top."""
        assert_close(student.shift_images(IMAGES, 0, 2), reference.shift_images(IMAGES, 0, 2))

    @points(1)
    def test_both_ways(self, student, reference):
        """To the left and up at once: both numbers are below 0."""
        assert_close(student.shift_images(IMAGES, -2, -1), reference.shift_images(IMAGES, -2, -1))

    test_keeps_arguments = keeps_arguments("shift_images", 0.5, IMAGES, 0, 0)


class TestFitProbe:
    @points(0.5)
    def test_two_results(self, student):
        """The weights, one a hidden neuron, and one bias."""
        w, b = two_results(student.fit_probe(HIDDEN[:, :2], ANSWERS))
        tensor_of(w, (2,), "w")
        tensor_of(b, (), "b")

    @points(1)
    def test_line(self, student, reference):
        """One hidden neuron and three images: the line that was found by hand."""
        hidden, answers = torch.tensor([[0.0], [0.5], [1.0]]), torch.tensor([0.0, 0.0, 1.0])
        assert_close(student.fit_probe(hidden, answers), reference.fit_probe(hidden, answers), rtol=1e-3, atol=1e-3)

    @points(1)
    def test_several_neurons(self, student, reference):
        """Three hidden neurons at once."""
        expected = reference.fit_probe(HIDDEN[:, 1:4], ANSWERS)
        assert_close(student.fit_probe(HIDDEN[:, 1:4], ANSWERS), expected, rtol=1e-3, atol=1e-3)

    test_keeps_arguments = keeps_arguments("fit_probe", 0.5, HIDDEN[:, :2], ANSWERS, rtol=1e-3, atol=1e-3)
