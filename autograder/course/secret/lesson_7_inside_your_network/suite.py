"""Lesson 7, hidden tests."""

import json
from pathlib import Path

import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.judging import assert_close, points, varies

#: What is right for each piece of evidence in stock.
KEYS = json.loads((Path(__file__).parent / "evidence.json").read_text(encoding="utf-8"))


def spoken(rng, m, h):
    """What h hidden neurons say to m images."""
    return torch.rand((m, h), generator=rng)


class TestMostExciting:
    @points(0.25)
    def test_other_numbers(self, student, reference, rng):
        """Other images, other neurons, other numbers of images."""
        for m, h, k in ((9, 4, 5), (30, 12, 7), (12, 20, 1)):
            hidden = spoken(rng, m, h)
            neuron = int(torch.randint(h, (), generator=rng))
            assert_close(student.most_exciting(hidden, neuron, k), reference.most_exciting(hidden, neuron, k))


class TestAblate:
    @points(0.25)
    def test_other_neurons(self, student, reference, rng):
        """Other images, and any choice of neurons."""
        for m, h, count in ((7, 7, 3), (20, 6, 6), (5, 9, 1)):
            hidden, neurons = spoken(rng, m, h), torch.randperm(h, generator=rng)[:count].tolist()
            assert_close(student.ablate(hidden, neurons), reference.ablate(hidden, neurons))

    @points(0.25)
    def test_none(self, student, reference, rng):
        """Where no neuron is to be taken out, all say what they said."""
        hidden = spoken(rng, 4, 3)
        assert_close(student.ablate(hidden, []), reference.ablate(hidden, []))


class TestWhichWeights:
    @points(4)
    @varies
    def test_evidence(self, student, signed):
        """What the weights of your five networks show."""
        answer = student.which_weights()
        signed(EVIDENCE["which_weights"].read(answer)[0])
        EVIDENCE["which_weights"].assert_read(answer, KEYS["which_weights"])


class TestShiftImages:
    @points(0.5)
    def test_other_shifts(self, student, reference, rng):
        """Other images and shifts in every direction, even out of the image."""
        for shape, right, down in (((3, 6, 6), 2, -3), ((2, 5, 7), -4, 0), ((4, 4, 4), -1, 2), ((2, 3, 3), 3, 0)):
            images = torch.rand(shape, generator=rng)
            assert_close(student.shift_images(images, right, down), reference.shift_images(images, right, down))


class TestFitProbe:
    @points(0.25)
    def test_other_images(self, student, reference, rng):
        """Other images and neurons, and answers that no weights reach exactly."""
        for m, h in ((40, 3), (60, 8)):
            hidden = spoken(rng, m, h)
            answers = (hidden[:, 0] + 0.5 * torch.randn(m, generator=rng) > 0.5).float()
            expected = reference.fit_probe(hidden, answers)
            assert_close(student.fit_probe(hidden, answers), expected, rtol=1e-3, atol=1e-3)
