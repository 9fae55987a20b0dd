"""Lesson 1: sliders for weight and bias, and the learner's own neuron over the cells."""

from collections.abc import Callable
from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.guard import kindly, result_of

from ._base import AREAS, CourseWidget, cells_for_page, numbers, page


class NeuronOnCells(CourseWidget):
    """The learner's curve over the cells, and how many it gets right.

    Attributes:
        w: the weight.
        b: the bias.
    """

    _esm = page("neuron_on_cells")
    w = traitlets.Float(10.0).tag(sync=True)
    b = traitlets.Float(-7.0).tag(sync=True)

    def __init__(self, still: figures.Picture, hypothesis: Callable, predict: Callable, X: Any, y: Any, **state: Any):
        self._hypothesis, self._predict, self._X, self._y = hypothesis, predict, X, y
        super().__init__(still, hypothesis, predict, fixed=cells_for_page(X, y), **state)
        self.observe(self.refresh, ["w", "b"])
        self.refresh()

    def _look(self) -> dict[str, Any]:
        w, b = torch.tensor([self.w]), torch.tensor(self.b)
        curve = result_of(self._hypothesis, AREAS[:, None], w, b, shape=AREAS.shape)
        fires = result_of(self._predict, AREAS[:, None], w, b, shape=AREAS.shape)
        answers = result_of(self._predict, self._X, w, b, shape=self._y.shape)
        wrong = answers != self._y
        return {
            "curve": numbers(curve.float()),
            "fires": fires.bool().tolist(),
            "wrong": wrong.tolist(),
            "false_alarms": int((wrong & (self._y == 0)).sum()),
            "missed": int((wrong & (self._y == 1)).sum()),
        }


@kindly
def neuron_on_cells(
    hypothesis: Callable,
    predict: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    w: float = 10.0,
    b: float = -7.0,
) -> NeuronOnCells | None:
    """Sliders for the weight and the bias of a neuron that looks at the cells."""
    still = figures.neuron_on_cells(hypothesis, predict, X, y, torch.tensor([w]), torch.tensor(b))
    return still and NeuronOnCells(still, hypothesis, predict, X, y, w=w, b=b)
