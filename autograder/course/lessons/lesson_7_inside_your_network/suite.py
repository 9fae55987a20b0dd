"""Lesson 7, inside your network: what has no place, who excites a neuron, who misses it, what weights tell."""

from collections.abc import Mapping
from typing import Any

import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.course.lessons.lesson_6_learning_digits.suite import network_of
from autograder.judging import (
    Mismatch,
    assert_close,
    assert_that,
    describe,
    keeps_arguments,
    points,
    tensor_of,
    varies,
)

#: The lesson's small network: two pixels, two hidden neurons, two classes.
NETWORK = {
    "W1": torch.tensor([[1.0, -2.0], [3.0, 0.5]]),
    "b1": torch.tensor([0.5, -1.0]),
    "W2": torch.tensor([[2.0, -1.0], [0.5, 1.0]]),
    "b2": torch.tensor([0.0, 1.0]),
}
#: Images of two pixels on which networks are compared, and how far apart what they say may be.
GRID = torch.cartesian_prod(torch.linspace(-2, 2, 17), torch.linspace(-2, 2, 17)).double()
NEAR = 1e-3
#: How far apart what two neurons say may be if they are one. More than `NEAR`: a neuron that is moved by a hair is no
#: other one, and hardly moves the shares.
SAME = 0.05

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


def said(network: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the hidden neurons of a network say to each image of `GRID`, and its shares."""
    W1, b1, W2, b2 = (network[name].double() for name in ("W1", "b1", "W2", "b2"))
    hidden = torch.sigmoid(GRID @ W1 + b1)
    return hidden, torch.softmax(hidden @ W2 + b2, dim=1)


def neurons_of(result: Any) -> list[str]:
    """What each hidden neuron is of a network that gives the same shares as `NETWORK` at other places.

    ``"0"`` is one that says what the neuron at place 0 of `NETWORK` says, ``"not 0"`` one that says the opposite.

    Raises:
        Mismatch: it gives other shares, or a neuron is where it was.
    """
    (now, theirs), (hidden, mine) = said(NETWORK), said(network_of(result, NETWORK))
    kinds = {"0": now[:, 0], "1": now[:, 1], "not 0": 1 - now[:, 0], "not 1": 1 - now[:, 1]}
    found = []
    for place, spoken in enumerate(hidden.T):
        same = (name for name, one in kinds.items() if bool(((spoken - one).abs() <= SAME).all()))
        found.append(next(same, "another"))
        if found[-1] == str(place):
            raise Mismatch(f"hidden neuron {place} says what the one at its place says now.")
    apart = (mine - theirs).abs().amax(dim=1).nan_to_num(1.0)
    worst = int(apart.argmax())
    if apart[worst] > NEAR:
        image, yours, right = (
            ", ".join(f"{value:.3g}" for value in row) for row in (GRID[worst], mine[worst], theirs[worst])
        )
        if "another" in found:
            why = f"Hidden neuron {found.index('another')} is a new one: no other layer can make up for that"
        elif any(name.startswith("not") for name in found):
            why = "A hidden neuron says the opposite, and the second layer does not make up for it"
        else:
            why = "The hidden neurons have changed places, and the second layer does not fit them"
        raise Mismatch(f"for the image ({image}) the shares are ({yours}), and should be ({right}). {why}.")
    return found


class TestSameAnswers:
    @points(3)
    @varies
    def test_other_places(self, student):
        """The same shares for every image, and at each place another hidden neuron."""
        neurons_of(student.same_answers())

    @points(3)
    @varies
    def test_other_neurons(self, student):
        """None of the hidden neurons says what one of the two says now."""
        for place, name in enumerate(neurons_of(student.same_answers())):
            if not name.startswith("not"):
                raise Mismatch(f"hidden neuron {place} says what the one at place {name} says now.")


class TestMostExciting:
    @points(0.25)
    def test_two_of_six(self, student, reference):
        """The two of six images that excite a neuron most, the strongest first."""
        assert_close(student.most_exciting(HIDDEN, 2, 2), reference.most_exciting(HIDDEN, 2, 2))

    @points(0.25)
    def test_other_neuron(self, student, reference):
        """Another neuron is excited by other images."""
        assert_close(student.most_exciting(HIDDEN, 0, 3), reference.most_exciting(HIDDEN, 0, 3))

    # With k as large as the batch: all images in order.
    test_keeps_arguments = keeps_arguments("most_exciting", 0.25, HIDDEN, 4, 6)


class TestAblate:
    @points(0.25)
    def test_shape(self, student):
        """The table keeps its shape: taken out is not cut out."""
        tensor_of(student.ablate(HIDDEN, [1]), (6, 5))

    @points(0.5)
    def test_one_neuron(self, student, reference):
        """One neuron says its mean to every image, and the others say what they said."""
        assert_close(student.ablate(HIDDEN, [3]), reference.ablate(HIDDEN, [3]))

    @points(0.5)
    def test_several_neurons(self, student, reference):
        """Each of three neurons says its own mean."""
        assert_close(student.ablate(HIDDEN, [4, 0, 1]), reference.ablate(HIDDEN, [4, 0, 1]))

    test_keeps_arguments = keeps_arguments("ablate", 0.25, HIDDEN, [2, 3])


class TestWhichWeights:
    @points(0)
    @varies
    def test_form(self, student):
        """Your id, and five words. Whether they are right is judged when it is graded."""
        EVIDENCE["which_weights"].read(student.which_weights())


class TestShiftImages:
    @points(0.5)
    def test_to_the_right(self, student, reference):
        """One pixel to the right: the column that falls out is lost, and zeros come in on the left."""
        assert_close(student.shift_images(IMAGES, 1, 0), reference.shift_images(IMAGES, 1, 0))

    @points(0.25)
    def test_down(self, student, reference):
        """Two pixels down: zeros come in at the top."""
        assert_close(student.shift_images(IMAGES, 0, 2), reference.shift_images(IMAGES, 0, 2))

    @points(0.5)
    def test_both_ways(self, student, reference):
        """To the left and up at once: both numbers are below 0."""
        assert_close(student.shift_images(IMAGES, -2, -1), reference.shift_images(IMAGES, -2, -1))

    test_keeps_arguments = keeps_arguments("shift_images", 0.25, IMAGES, 0, 0)


class TestFitProbe:
    @points(0)
    def test_two_results(self, student):
        """The weights, one a hidden neuron, and one bias."""
        w, b = two_results(student.fit_probe(HIDDEN[:, :2], ANSWERS))
        tensor_of(w, (2,), "w")
        tensor_of(b, (), "b")

    @points(0.25)
    def test_line(self, student, reference):
        """One hidden neuron and three images: the line that was found by hand."""
        hidden, answers = torch.tensor([[0.0], [0.5], [1.0]]), torch.tensor([0.0, 0.0, 1.0])
        assert_close(student.fit_probe(hidden, answers), reference.fit_probe(hidden, answers), rtol=1e-3, atol=1e-3)

    @points(0.25)
    def test_several_neurons(self, student, reference):
        """Three hidden neurons at once."""
        expected = reference.fit_probe(HIDDEN[:, 1:4], ANSWERS)
        assert_close(student.fit_probe(HIDDEN[:, 1:4], ANSWERS), expected, rtol=1e-3, atol=1e-3)

    test_keeps_arguments = keeps_arguments("fit_probe", 0.25, HIDDEN[:, :2], ANSWERS, rtol=1e-3, atol=1e-3)
