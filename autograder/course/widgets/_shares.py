"""Lesson 4: sliders for scores, and the shares that the learner's softmax makes of them."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.guard import kindly, result_of

from ._base import CourseWidget, numbers, page


class ScoresAndShares(CourseWidget):
    """Four scores and their shares.

    Attributes:
        z: the scores.
        shift: a number that is added to every score before softmax sees them.
    """

    _esm = page("scores_and_shares")
    z = traitlets.List(traitlets.Float()).tag(sync=True)
    shift = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, still: figures.Picture, softmax: Callable, z: Sequence[float]):
        self._softmax = softmax
        super().__init__(still, softmax, z=list(z), fixed={"start": list(z)})
        self.observe(self.refresh, ["z", "shift"])
        self.refresh()

    def _look(self) -> dict[str, Any]:
        scores = torch.tensor([self.z]) + self.shift
        shares = result_of(self._softmax, scores, shape=tuple(scores.shape))[0].float()
        return {"scores": numbers(scores[0], 2), "shares": numbers(shares), "sum": numbers(shares.sum()[None], 3)[0]}


@kindly
def scores_and_shares(softmax: Callable, z: Sequence[float] = (2.0, 1.0, 0.0, -1.0)) -> ScoresAndShares | None:
    """Sliders for some scores, one for a number added to all of them, and the learner's shares as bars."""
    still = figures.scores_and_shares(softmax, torch.tensor(z))
    return still and ScoresAndShares(still, softmax, z)
