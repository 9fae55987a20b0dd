"""Drawings become images as MNIST has them, held against MNIST itself."""

import itertools
import math

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course.data import load_mnist
from autograder.course.widgets import as_mnist, ink_of

TEST = load_mnist()


@pytest.fixture(scope="module")
def real():
    """The first 500 test images, 0 paper and 1 ink."""
    return TEST.test_images[:500] / 255


def _inked(image):
    """Places of the rows, and of the columns, in which there is ink."""
    return [(image > 0).any(dim=1 - axis).nonzero().flatten().tolist() for axis in (0, 1)]


def _extent(image):
    """Rows and columns that the ink reaches over."""
    return [places[-1] - places[0] + 1 for places in _inked(image)]


def _centre(image):
    places = torch.arange(28.0)
    return [((image.sum(dim=1 - axis) * places).sum() / image.sum()).item() for axis in (0, 1)]


def test_a_real_digit_stays_what_it_is(real):
    for image in real:
        assert torch.equal(as_mnist(image), image)


def test_a_real_digit_stays_what_it_is_however_large_it_is_shown_and_wherever(real):
    for image in real[:50]:
        large = torch.zeros(300, 250)
        large[40:236, 11:207] = image.repeat_interleave(7, dim=0).repeat_interleave(7, dim=1)
        torch.testing.assert_close(as_mnist(large), image)


def test_ink_fills_the_box_with_its_proportions_kept():
    tall = as_mnist(torch.ones(400, 100))
    assert _extent(tall) == [20, 5]
    torch.testing.assert_close(tall[tall > 0], torch.ones(100))


def test_edges_are_grey():
    slope = torch.tril(torch.ones(133, 133))
    image = as_mnist(slope)
    assert ((image > 0.1) & (image < 0.9)).sum() >= 10


def test_no_ink_gives_an_empty_image():
    assert not as_mnist(torch.zeros(50, 50)).any()
    assert not as_mnist(ink_of([])).any()
    assert not as_mnist(ink_of([[]])).any()


_STROKES = st.lists(
    st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), min_size=1, max_size=8),
    min_size=1,
    max_size=4,
)


@given(_STROKES)
@example([[(0.5, 0.5)], [(0.75, 0.0), (0.125, 0.0)]])  # heavy above: its box reaches the last row
def test_whatever_is_drawn_fits_as_mnist_does(strokes):
    image = as_mnist(ink_of([[value for place in stroke for value in place] for stroke in strokes]))
    assert image.shape == (28, 28)
    assert image.min() >= 0
    assert image.max() <= 1
    assert max(_extent(image)) <= 20
    # As near to pixel 14 as whole pixels go, unless the box would leave the field.
    for centre, inked in zip(_centre(image), _inked(image), strict=True):
        assert abs(centre - 14) < 0.51 or inked[0] <= 1 or inked[-1] >= 26


def _line(*places, steps=20):
    """A stroke through places, with points between them as a mouse makes them."""
    stroke = []
    for (x, y), (to_x, to_y) in itertools.pairwise(places):
        stroke += [(x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(steps + 1)]
    return [value for place in stroke for value in place]


_CIRCLE = [
    value
    for i in range(41)
    for value in (0.5 + 0.25 * math.cos(i * math.pi / 20), 0.5 + 0.35 * math.sin(i * math.pi / 20))
]
DRAWN = {
    0: [_CIRCLE],
    1: [_line((0.55, 0.1), (0.5, 0.9))],
    4: [_line((0.3, 0.1), (0.25, 0.55), (0.7, 0.5)), _line((0.65, 0.15), (0.6, 0.9))],
    7: [_line((0.25, 0.2), (0.75, 0.2), (0.45, 0.85))],
}


@pytest.mark.parametrize("digit", DRAWN)
def test_the_pen_is_as_wide_as_in_mnist(digit):
    ink = as_mnist(ink_of(DRAWN[digit])).sum().item()
    usual = (TEST.test_images[TEST.test_labels == digit] / 255).sum(dim=(1, 2))
    assert usual.quantile(0.05) < ink < usual.quantile(0.95)


@pytest.mark.parametrize("digit", DRAWN)
def test_a_small_drawing_gives_the_same_image_as_a_large_one(digit):
    small = [[0.1 + value / 5 for value in stroke] for stroke in DRAWN[digit]]
    torch.testing.assert_close(as_mnist(ink_of(small)), as_mnist(ink_of(DRAWN[digit])), atol=0.06, rtol=0)
