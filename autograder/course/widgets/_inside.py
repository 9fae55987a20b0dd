"""Lesson 7: hidden neurons to choose and to take out, a film of the training, and a confusion table that opens."""

import base64
from collections.abc import Callable
from typing import Any

import torch
import traitlets

from autograder.course import figures
from autograder.course.figures._inside import accuracy_of, excited_most, hidden_of, votes_of, without
from autograder.course.guard import kindly

from ._base import CourseWidget, numbers, page

#: How many images are shown of those that excite a neuron, or that are behind a number of the table.
EXCITING, BEHIND = 12, 24


def packed(values: torch.Tensor, low: float, high: float) -> str:
    """Numbers for the page as one byte each, in text: `low` and what is below becomes 0, `high` and above 255."""
    share = ((values.flatten().float() - low) / (high - low)).clamp(0, 1)
    return base64.b64encode((share * 255).round().to(torch.uint8).numpy().tobytes()).decode()


def _tiles(weights: torch.Tensor, limit: float) -> list[str]:
    """Each neuron's weights, from the lowest to the highest as far as `limit` goes."""
    return [packed(column, -limit, limit) for column in weights.T]


def _limit(run: figures.Training) -> float:
    return max(run.params["W1"].abs().quantile(0.99).item(), 1e-6)


class HiddenNeurons(CourseWidget):
    """All hidden neurons as tiles; one is looked at closely, and any number is taken out.

    Attributes:
        neuron: which one is looked at.
        out: which ones are taken out.
    """

    _esm = page("hidden_neurons")
    neuron = traitlets.Int(0).tag(sync=True)
    out: traitlets.List[Any] = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self,
        still: figures.Picture,
        run: figures.Training,
        most_exciting: Callable,
        ablate: Callable,
        X: torch.Tensor,
        y: torch.Tensor,
        neuron: int,
    ):
        self._run, self._most_exciting, self._ablate, self._X, self._y = run, most_exciting, ablate, X, y
        self._hidden = hidden_of(run, X)
        self._whole = accuracy_of(run, self._hidden, y)
        fixed = {"tiles": _tiles(run.params["W1"], _limit(run))}
        super().__init__(still, most_exciting, ablate, fixed=fixed, neuron=neuron)
        self.observe(self.refresh, ["neuron", "out"])
        self.refresh()

    def _look(self) -> dict[str, Any]:
        places = excited_most(self._most_exciting, self._hidden, self.neuron, EXCITING)
        votes = votes_of(self._run, self.neuron)
        left = without(self._ablate, self._hidden, self.out) if self.out else self._hidden
        read = (left @ self._run.params["W2"] + self._run.params["b2"]).argmax(dim=1)
        hits = (read == self._y).double()
        return {
            "neuron": self.neuron,
            "images": [packed(self._X[place], 0, 1) for place in places],
            "labels": self._y[places].tolist(),
            "says": numbers(self._hidden[places, self.neuron], 2),
            "votes": numbers(votes, 2),
            "out": list(self.out),
            "whole": round(self._whole, 4),
            "accuracy": round(hits.mean().item(), 4),
            "by_digit": numbers(torch.stack([hits[self._y == digit].mean() for digit in range(10)]), 3),
        }


class Film(CourseWidget):
    """All hidden neurons at several moments of the training, with a slider through them."""

    _esm = page("film")

    def __init__(self, still: figures.Picture, run: figures.Training):
        limit = _limit(run)
        frames = run.film or ((0.0, run.start["W1"]), (run.epochs[-1], run.params["W1"]))
        fixed = {
            "epochs": [round(epoch, 2) for epoch, _ in frames],
            "accuracies": [round(run.accuracies[_nearest(run.epochs, epoch)], 4) for epoch, _ in frames],
            "frames": [_tiles(weights, limit) for _, weights in frames],
        }
        super().__init__(still, fixed=fixed)


def _nearest(places: list[float], place: float) -> int:
    return min(range(len(places)), key=lambda i: abs(places[i] - place))


class Confusion(CourseWidget):
    """A table of true digits by answers, and the images behind one of its numbers.

    Attributes:
        cell: the true digit and the answer that are looked at; empty for none.
    """

    _esm = page("confusion")
    cell: traitlets.List[Any] = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, still: figures.Picture, run: figures.Training, X: torch.Tensor, y: torch.Tensor):
        probs = torch.softmax(hidden_of(run, X) @ run.params["W2"] + run.params["b2"], dim=1)
        self._share, self._read = probs.max(dim=1)
        self._X, self._y = X, y
        table = torch.zeros(10, 10, dtype=torch.long).index_put_((y, self._read), torch.tensor(1), accumulate=True)
        super().__init__(still, fixed={"table": table.tolist()})
        self.observe(self.refresh, ["cell"])
        self.refresh()

    def _look(self) -> dict[str, Any]:
        if not self.cell:
            return {"images": []}
        true, said = self.cell
        places = ((self._y == true) & (self._read == said)).nonzero()[:, 0]
        # The surest first: among mistakes these are the most telling.
        places = places[self._share[places].argsort(descending=True)][:BEHIND]
        return {
            "images": [packed(self._X[place], 0, 1) for place in places],
            "shares": numbers(self._share[places], 3),
        }


@kindly
def hidden_neurons(
    run: figures.Training, most_exciting: Callable, ablate: Callable, X: torch.Tensor, y: torch.Tensor, neuron: int = 5
) -> HiddenNeurons | None:
    """The tiles of all hidden neurons: choose one, see what excites it and what it votes for, take it out."""
    still = figures.excites(run, most_exciting, X, y, neuron)
    return still and HiddenNeurons(still, run, most_exciting, ablate, X, y, neuron)


@kindly
def film(run: figures.Training) -> Film | None:
    """A slider through the training, and all hidden neurons as they were then."""
    still = figures.film(run)
    return still and Film(still, run)


@kindly
def confusion(run: figures.Training, X: torch.Tensor, y: torch.Tensor) -> Confusion | None:
    """How often each digit was read as which; choose a number to see the images behind it."""
    still = figures.confusion(run, X, y)
    return still and Confusion(still, run, X, y)
