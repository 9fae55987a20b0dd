"""Lessons 4 and 6: points in a plane, and the learner's own network that bends a boundary between them."""

from collections.abc import Callable
from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.figures import _playground as plane
from autograder.course.guard import kindly

from ._base import CourseWidget, numbers, page
from ._inside import packed

#: Most hidden neurons, most epochs at one press of a button, and most points that can be painted.
NEURONS, EPOCHS, PAINTED = 12, 200, 400

#: What the set of painted points is called.
OWN = "your own points"


class Playground(CourseWidget):
    """A plane with points of two kinds, and what the network makes of it.

    Attributes:
        points: which set of points, one of `figures.POINTS`, or `OWN` for those that were painted.
        hidden: how many hidden neurons the network has.
        lr: the learning rate.
        seed: where the first weights come from.
        epochs: how far the training is.
        painted: the points that were painted, each ``[x, y, kind]``.
    """

    _esm = page("playground")
    points = traitlets.Unicode(plane.POINTS[0]).tag(sync=True)
    hidden = traitlets.Int(1, min=1, max=NEURONS).tag(sync=True)
    lr = traitlets.Float(0.5).tag(sync=True)
    seed = traitlets.Int(1)
    epochs = traitlets.Int(0)
    painted: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        still: figures.Picture,
        *learners: Callable,
        init_params: Callable,
        forward: Callable,
        train: Callable,
    ):
        self._init, self._forward, self._train = init_params, forward, train
        self._params: plane.Params = {}
        fixed = {"sets": [*plane.POINTS, OWN], "reach": plane.REACH, "across": plane.ACROSS, "neurons": NEURONS}
        super().__init__(still, *learners, fixed=fixed)
        self.begin()
        self.observe(self.begin, ["points", "hidden", "painted"])
        self.on_msg(self._asked)

    def begin(self, *_: Any) -> None:
        """Start anew, with first weights from `seed`."""
        with self._kindly():
            self.epochs = 0
            self._params = plane.begin(self._init, self.hidden, self.seed)
            self.shown = self._look()

    def learn(self, epochs: int) -> None:
        """Go on learning for so many epochs; with no points there is nothing to learn."""
        with self._kindly():
            X, y = self._points()
            if len(y):
                self._params = self._train(self._params, X, y, self.lr, epochs, self.epochs)
                self.epochs += epochs
                self.shown = self._look()

    def _points(self) -> tuple[torch.Tensor, torch.Tensor]:
        if self.points != OWN:
            return plane.points(self.points)
        rows = torch.tensor([[float(value) for value in point] for point in self.painted[:PAINTED]]).reshape(-1, 3)
        return rows[:, :2], rows[:, 2].long().clamp(0, 1)

    def _look(self) -> dict[str, Any]:
        X, y = self._points()
        shares = plane.shares_at(self._forward, self._params, plane.plane())
        shown: dict[str, Any] = {
            "epochs": self.epochs,
            "shares": packed(shares, 0, 1),
            "cuts": [
                [numbers(torch.tensor(end), 3) for end in ends] if ends else None for ends in plane.cuts(self._params)
            ],
            "points": [[*numbers(point, 3), kind] for point, kind in zip(X, y.tolist(), strict=True)],
            "right": None,
            "cost": None,
        }
        if len(y):
            share = plane.shares_at(self._forward, self._params, X)
            shown["right"] = round(((share > 0.5) == (y == 1)).double().mean().item(), 4)
            of_truth = torch.where(y == 1, share, 1 - share).clamp(min=1e-12)
            shown["cost"] = round(-of_truth.log().mean().item(), 4)
        return shown

    def _asked(self, _: Any, what: dict[str, Any], __: Any) -> None:
        """The page's buttons: ``{"learn": epochs}`` or ``{"again": true}``, which draws other first weights."""
        if "learn" in what:
            self.learn(max(1, min(int(what["learn"]), EPOCHS)))
        elif "again" in what:
            self.seed += 1
            self.begin()


@kindly
def playground(init_params: Callable, forward: Callable) -> Playground | None:
    """Lesson 4: the learner's own network in the plane, moved by the slopes that torch finds through its `forward`."""
    still = figures.playground(init_params, forward)

    def train(*arguments: Any) -> plane.Params:
        return plane.learn(forward, *arguments)

    return still and Playground(still, init_params, forward, init_params=init_params, forward=forward, train=train)


@kindly
def playground_by(train_network: Callable) -> Playground | None:
    """Lesson 6: a network in the plane, trained by the learner's own `train_network`."""
    still = figures.playground_by(train_network)

    def train(*arguments: Any) -> plane.Params:
        return plane.train(train_network, *arguments)

    return still and Playground(
        still, train_network, init_params=plane.plain_init, forward=plane.plain_forward, train=train
    )
