"""Lesson 6: a pad to draw digits on, read by the learner's own trained network while they are drawn."""

from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.data import load_mnist
from autograder.course.figures._stills import read
from autograder.course.guard import kindly

from ._base import CourseWidget, numbers, page
from ._mnist import PEN, as_mnist, ink_of


class DigitPad(CourseWidget):
    """What was drawn, and what the network makes of it.

    Attributes:
        strokes: for each stroke its places, ``x0, y0, x1, y1, …``, 0 to 1 across the pad and down.
        image: ``(28, 28)`` in [0, 1], what the network sees.
    """

    _esm = page("pad", "digit_pad")
    # The page knows what it sent; there is no need to send it back.
    strokes: traitlets.List[Any] = traitlets.List().tag(sync=True, echo_update=False)

    def __init__(self, still: figures.Picture, params: dict[str, torch.Tensor]):
        self._params = params
        self._examples = 0
        self.image = torch.zeros(28, 28)
        super().__init__(still, fixed={"pen": PEN / 20})
        self.observe(self._drawn, ["strokes"])
        self.on_msg(self._asked)
        self.refresh()

    def show(self, image: torch.Tensor) -> None:
        """Let the network read an image, ``(28, 28)`` in [0, 1]."""
        with self._kindly():
            self.image = image
            self.shown = self._look()

    def example(self) -> None:
        """Put the next image of the test set on the pad."""
        image = load_mnist().test_images[self._examples % 10_000]
        self._examples += 1
        self.strokes = []
        self.show(image / 255)

    def _look(self) -> dict[str, Any]:
        if not self.image.any():
            return {"empty": True}
        reading = read(self._params, self.image)
        limit = reading.looked.abs().max().clamp(min=1e-6)
        return {
            "pixels": numbers(self.image.flatten(), 2),
            "probs": numbers(reading.probs),
            "hidden": numbers(reading.hidden, 2),
            "strongest": reading.strongest,
            "looked": [numbers(one, 2) for one in (reading.looked / limit).flatten(1)],
        }

    def _drawn(self, _: Any) -> None:
        self.show(as_mnist(ink_of(self.strokes)))

    def _asked(self, _: Any, what: dict[str, Any], __: Any) -> None:
        """The page's button: ``{"example": true}``."""
        if "example" in what:
            self.example()


@kindly
def digit_pad(run: figures.Training) -> DigitPad | None:
    """A pad to draw digits on, read by the network that `figures.watch_training` has trained."""
    still = figures.digit_read(run)
    return still and DigitPad(still, run.params)
