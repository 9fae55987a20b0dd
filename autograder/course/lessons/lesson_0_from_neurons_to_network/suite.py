"""Lesson 0, the map of the course: what one neuron cannot do, and how many numbers a network consists of."""

from typing import Any

import torch

from autograder.judging import Bug, Mismatch, assert_belief, assert_close, assert_that, numbers_of, points, varies

#: The four images of two pixels, and whether exactly one pixel has ink.
IMAGES = {
    "no ink at all": ((0.0, 0.0), 0),
    "ink in the first pixel": ((1.0, 0.0), 1),
    "ink in the second pixel": ((0.0, 1.0), 1),
    "ink in both pixels": ((1.0, 1.0), 0),
}

#: How many of 10,000 images a network may read.
COUNTS = ("fewer than 300", "300 to 2,000", "more than 2,000")


def answers_of(neurons: torch.Tensor, image: tuple[float, float]) -> list[int]:
    """What three neurons say to an image: two to its pixels, and the third to what those two say."""

    def says(neuron: torch.Tensor, x1: float, x2: float) -> int:
        # 0.1 + 0.2 - 0.3 is 0, whatever rounding leaves of it.
        return int((neuron[0] * x1 + neuron[1] * x2 + neuron[2]).item() > 1e-6 * neuron.abs().sum().item())

    first, second = says(neurons[0], *image), says(neurons[1], *image)
    return [first, second, says(neurons[2], first, second)]


def three_neurons(answer: Any) -> torch.Tensor:
    """The answer as a table of three neurons with three finite numbers each."""
    return torch.stack(numbers_of(answer, first=(3,), second=(3,), third=(3,)))


class TestExactlyOne:
    @points(5)
    @varies
    def test_images(self, student):
        """The third neuron fires where exactly one pixel has ink, and nowhere else."""
        neurons = three_neurons(student.exactly_one())
        wrong = [name for name, (image, right) in IMAGES.items() if answers_of(neurons, image)[2] != right]
        if wrong:
            says = ("does not fire", "fires")[answers_of(neurons, IMAGES[wrong[0]][0])[2]]
            # One straight cut gets three of the four right; two can be had without looking.
            raise Mismatch(f"with {wrong[0]} the third neuron {says}.", share=0.5 if len(wrong) == 1 else 0.0)

    @points(1)
    @varies
    def test_each_has_something_to_say(self, student):
        """Each of the first two neurons fires for some images, and not for others."""
        neurons = three_neurons(student.exactly_one())
        said = [answers_of(neurons, image) for image, _ in IMAGES.values()]
        for place, name in enumerate(("first", "second")):
            answers = {one[place] for one in said}
            always = "fires for every image" if 1 in answers else "never fires"
            assert_that(len(answers) == 2, f"the {name} neuron {always}, so it tells the third nothing.")


class TestCountParameters:
    @points(0.5)
    def test_one_layer(self, student):
        """Three inputs and two neurons: six weights and two biases make 8."""
        assert_close(student.count_parameters((3, 2)), 8)

    @points(0.5)
    def test_lesson_network(self, student):
        """The network of this course, (784, 64, 10), has 50,890 parameters."""
        assert_close(student.count_parameters((784, 64, 10)), 50_890)

    @points(0.5)
    def test_more_layers(self, student):
        """Each further layer adds its own weights and biases: (2, 3, 3, 1) makes 25."""
        assert_close(student.count_parameters((2, 3, 3, 1)), 25)


def count(sizes: torch.Tensor) -> int:
    """Weights and biases of a network; a layer has neurons, and there is one behind the inputs at least."""
    if len(sizes) < 2 or bool((sizes < 1).any()):
        raise ValueError("Behind the inputs there is a layer, and no size is below 1.")
    return int((sizes[:-1] * sizes[1:]).sum() + sizes[1:].sum())


def colleagues_count(sizes: torch.Tensor) -> int:
    """What the lesson shows: the biases of the last layer alone."""
    return int((sizes[:-1] * sizes[1:]).sum() + sizes[-1])


BUG = Bug(name="count", function=count, wrong=colleagues_count, dims={"sizes": 1}, labels=("sizes",), digits=0)


class TestColleagueCounts:
    @points(2)
    @varies
    def test_shows(self, student):
        """For these sizes, what comes out is not what should."""
        BUG.assert_shows(student.colleague_counts())

    @points(2)
    @varies
    def test_says(self, student):
        """What comes out, and what should come out."""
        BUG.assert_says(student.colleague_counts())


class TestHowManyRight:
    @points(0)
    @varies
    def test_form(self, student):
        """A share for each answer, and together 1. How good it is will be seen when it is graded."""
        assert_belief(student.how_many_right(), COUNTS)
