"""Lesson 2: descent step by step, with the learner's own cost, slopes and step."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.figures._stills import MAP_OF_BIASES, MAP_OF_WEIGHTS, cost_map, descend, slopes
from autograder.course.guard import kindly, result_of

from ._base import AREAS, CourseWidget, cells_for_page, numbers, page

#: The path behind the ball is thinned when it has more places than this.
_PATH = 300


class Descent(CourseWidget):
    """A ball on the map of the cost, and the neuron that it stands for beside it.

    Attributes:
        lr: the learning rate.
        w: the weight now; set both to put the ball elsewhere, with `place`.
        b: the bias now.
        steps: how many steps were taken since the ball was placed.
    """

    _esm = page("descent")
    lr = traitlets.Float(5.0).tag(sync=True)
    w = traitlets.Float(0.0)
    b = traitlets.Float(0.0)
    steps = traitlets.Int(0)

    def __init__(
        self,
        still: figures.Picture,
        cost: Callable,
        neuron_gradients: Callable,
        gradient_step: Callable,
        X: torch.Tensor,
        y: torch.Tensor,
        lr: float,
    ):
        self._cost, self._gradients, self._step, self._X, self._y = cost, neuron_gradients, gradient_step, X, y
        fixed = cells_for_page(X, y) | {
            "ws": list(MAP_OF_WEIGHTS),
            "bs": list(MAP_OF_BIASES),
            "map": _without_frame(*cost_map(cost, X, y)),
        }
        super().__init__(still, cost, neuron_gradients, gradient_step, fixed=fixed, lr=lr)
        self._path: list[tuple[float, float]] = []
        self.place(0.0, 0.0)
        self.observe(self.refresh, ["lr"])
        self.on_msg(self._asked)

    def place(self, w: float, b: float) -> None:
        """Put the ball somewhere, and begin to count anew."""
        with self._kindly():
            self.w, self.b, self.steps, self._path = w, b, 0, [(w, b)]
            self.shown = self._look()

    def step(self, times: int = 1) -> None:
        """Take so many steps; the ball stops before a step that leads to no number."""
        with self._kindly():
            for _ in range(times):
                w, b = torch.tensor([self.w]), torch.tensor(self.b)
                w, b = descend(self._gradients, self._step, self._X, self._y, w, b, self.lr)
                self.w, self.b, self.steps = w.item(), b.item(), self.steps + 1
                self._remember()
            self.shown = self._look()

    def _remember(self) -> None:
        self._path.append((self.w, self.b))
        if len(self._path) > _PATH:
            self._path = [*self._path[:-1:2], self._path[-1]]

    def _look(self) -> dict[str, Any]:
        w, b = torch.tensor([self.w]), torch.tensor(self.b)
        height = result_of(self._cost, self._X, self._y, w, b, shape=()).item()
        dw, db = slopes(self._gradients, self._X, self._y, w, b)
        next_w, next_b = descend(self._gradients, self._step, self._X, self._y, w, b, self.lr)
        z = self._X @ w + b
        return {
            "steps": self.steps,
            "path": [[round(place, 4) for place in places] for places in self._path],
            "next": numbers(torch.stack([next_w[0], next_b])),
            "cost": round(height, 5),
            "slopes": numbers(torch.stack([dw[0], db]), 5),
            "curve": numbers(torch.sigmoid(AREAS * w + b)),
            "right": int(((z > 0) == self._y.bool()).sum()),
        }

    def _asked(self, _: Any, what: dict[str, Any], __: Any) -> None:
        """The page's buttons: ``{"step": times}`` or ``{"place": [w, b]}``."""
        if "step" in what:
            self.step(min(int(what["step"]), 1000))
        elif "place" in what:
            self.place(*map(float, what["place"]))


def _without_frame(ws: torch.Tensor, bs: torch.Tensor, heights: torch.Tensor) -> str:
    """The map of the cost alone, as an image that the page can put behind its own axes."""
    picture = figures.Picture(figsize=(4.5, 2.8))
    axes = picture.add_axes((0, 0, 1, 1))
    axes.contourf(ws.numpy(), bs.numpy(), heights.numpy(), levels=15, cmap="cividis")
    axes.axis("off")
    png = BytesIO()
    picture.savefig(png, format="png")
    return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"


@kindly
def descent(
    cost: Callable,
    neuron_gradients: Callable,
    gradient_step: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    lr: float = 5.0,
) -> Descent | None:
    """Buttons that walk down the learner's cost step by step, and the neuron's curve over the cells beside it."""
    still = figures.descent(cost, neuron_gradients, gradient_step, X, y, lr)
    return still and Descent(still, cost, neuron_gradients, gradient_step, X, y, lr)
