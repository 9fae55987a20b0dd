"""Lesson 6: the learner's own training, with one classic bug at a time."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import nn

from autograder.course.guard import CannotDraw, kindly, like, name_of
from autograder.judging.assertions import Mismatch
from autograder.judging.kinds import assert_belief
from autograder.panels.palette import BLUE, GREY, INK, ORANGE_INK, PALE

from ._live import TrainingProgress
from ._style import Picture, drawn, new_picture

#: What can be switched on, in the order of the pictures.
BUGS = ("no bias", "no scaling", "double softmax", "no shuffle", "sum instead of mean", "learning rate × 100")

_LR, _BATCH, _EPOCHS = 0.5, 16, 3
_EACH = 500  # training images a digit
_LOOKS = 5  # an epoch

_Params = dict[str, torch.Tensor]


class _Run(NamedTuple):
    """How the accuracy on the test images went: how far the training was at each look, and what it was."""

    epochs: list[float]
    accuracies: list[float]


@kindly
def sabotage(
    train_network: Callable,
    start: _Params,
    X: torch.Tensor,
    y: torch.Tensor,
    X_test: torch.Tensor,
    y_test: torch.Tensor,
    belief: dict[str, float],
) -> Picture:
    """Train the same network seven times, once as it should be and once with each bug, beside the learner's belief.

    Every training is the learner's own `train_network` on 500 images a digit, batches of 16, three epochs and
    learning rate 0.5, but for one thing:

    - no bias: the biases are set back to 0 after every step
    - no scaling: pixels from 0 to 255, in training and test
    - double softmax: the shares go through softmax again; the bug sits inside the slopes, so this one descends by
      slopes of ours
    - no shuffle: one call a batch, all zeros first and all nines last
    - sum instead of mean: a sum is 16 means, so the learning rate is 16 times as large
    - learning rate × 100

    Args:
        belief: for each bug, how surely it is the one that does the least harm; together 1.
    """
    _score(belief)
    learn = _learn_with(train_network, start)
    sorted_by_digit = torch.cat([(y == digit).nonzero()[:_EACH, 0] for digit in range(10)])
    data = X[sorted_by_digit], y[sorted_by_digit]
    total = (len(BUGS) + 1) * _EPOCHS * _LOOKS
    bar, done = TrainingProgress(total), 0
    runs = {}
    for name, advance in {"as it should be": learn, **_bugs(learn)}.items():
        scale = 255 if name == "no scaling" else 1
        run = _Run([0.0], [_accuracy(start, scale * X_test, y_test)])
        for epoch, params in _train(advance, start, scale * data[0], data[1], shuffled=name != "no shuffle"):
            run.epochs.append(epoch)
            run.accuracies.append(_accuracy(params, scale * X_test, y_test))
            done += 1
            bar.show(done, name if done < total else "seven trainings")
        runs[name] = run
    healthy = runs.pop("as it should be")
    return _side_by_side(healthy, runs, belief)


def _score(belief: Any, happened: tuple[str, ...] = ()) -> float:
    """What a belief is worth, from 0 to 1; 1 as long as nothing has happened.

    Raises:
        CannotDraw: it is none.
    """
    try:
        assert_belief(belief, BUGS, happened)
    except Mismatch as mismatch:
        if not happened:
            raise CannotDraw(f"of your `belief`: {mismatch.text}") from None
        return mismatch.share
    return 1.0


def _learn_with(train_network: Callable, start: _Params) -> Callable:
    """The learner's training on a few images, for one epoch."""

    def learn(params: _Params, X: torch.Tensor, y: torch.Tensor, seed: int, lr: float = _LR) -> _Params:
        answer = train_network(X, y, params, lr, _BATCH, 1, seed=seed)
        return like(answer, start, name_of(train_network))

    return learn


def _bugs(learn: Callable) -> dict[str, Callable]:
    """For each bug how it trains on a piece of the data; what is wrong with the data itself is not done here."""

    def no_bias(params: _Params, X: torch.Tensor, y: torch.Tensor, seed: int) -> _Params:
        for X_batch, y_batch in zip(X.split(_BATCH), y.split(_BATCH), strict=True):
            params = learn(params, X_batch, y_batch, seed)
            params |= {name: torch.zeros_like(params[name]) for name in ("b1", "b2")}
        return params

    def no_shuffle(params: _Params, X: torch.Tensor, y: torch.Tensor, seed: int) -> _Params:
        for X_batch, y_batch in zip(X.split(_BATCH), y.split(_BATCH), strict=True):
            params = learn(params, X_batch, y_batch, seed)
        return params

    return {
        "no bias": no_bias,
        "no scaling": learn,
        "double softmax": _softmax_twice,
        "no shuffle": no_shuffle,
        "sum instead of mean": lambda *arguments: learn(*arguments, lr=_BATCH * _LR),
        "learning rate × 100": lambda *arguments: learn(*arguments, lr=100 * _LR),
    }


def _softmax_twice(params: _Params, X: torch.Tensor, y: torch.Tensor, seed: int) -> _Params:
    """Descent on the cross-entropy of shares that went through softmax once more."""

    def cost(params: _Params, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        # cross_entropy applies softmax itself: this is how the bug comes into the world.
        return nn.functional.cross_entropy(torch.softmax(_logits(params, X), dim=1), y)

    slopes_of = torch.func.grad(cost)
    for X_batch, y_batch in zip(X.split(_BATCH), y.split(_BATCH), strict=True):
        slopes = slopes_of(params, X_batch, y_batch)
        params = {name: value - _LR * slopes[name] for name, value in params.items()}
    return params


def _train(
    advance: Callable, params: _Params, X: torch.Tensor, y: torch.Tensor, shuffled: bool
) -> Iterator[tuple[float, _Params]]:
    """Train piece by piece, and hand out how far it is in epochs and the parameters after each piece."""
    generator = torch.Generator().manual_seed(0)
    for epoch in range(_EPOCHS):
        order = torch.randperm(len(y), generator=generator) if shuffled else torch.arange(len(y))
        for piece, rows in enumerate(order.chunk(_LOOKS), start=1):
            params = advance(params, X[rows], y[rows], epoch * _LOOKS + piece)
            yield epoch + piece / _LOOKS, params


def _logits(params: _Params, X: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


def _accuracy(params: _Params, X: torch.Tensor, y: torch.Tensor) -> float:
    return (_logits(params, X).argmax(dim=1) == y).float().mean().item()


@drawn
def _side_by_side(healthy: _Run, runs: dict[str, _Run], belief: dict[str, float]) -> Picture:
    """A panel for each bug with the healthy training behind it, and beside them the learner's belief."""
    final = {name: run.accuracies[-1] for name, run in runs.items()}
    measured = sorted(final, key=final.__getitem__, reverse=True)
    results = ", ".join(f"{name} {final[name]:.1%}" for name in measured)
    picture, panels = new_picture(
        10,
        4.4,
        alt=f"Accuracy over three epochs. As it should be: {healthy.accuracies[-1]:.1%}. With one bug at a time, from "
        f"the least harm to the most: {results}. Beside it what was believed to do the least harm: "
        f"{', '.join(f'{name} {float(belief[name]):.0%}' for name in measured)}.",
    )
    panels.remove()
    grid = picture.add_gridspec(2, 4, width_ratios=[1, 1, 1, 1.5])
    for place, (name, run) in enumerate(runs.items()):
        axes = picture.add_subplot(grid[place // 3, place % 3])
        axes.plot(healthy.epochs, healthy.accuracies, color=GREY, linestyle="--", linewidth=1.2)
        axes.plot(run.epochs, run.accuracies, color=BLUE, marker="o", markersize=3)
        axes.set_title(f"{name}\n{final[name]:.1%}", fontsize=10)
        axes.set(ylim=(0, 1), xlim=(-0.1, 3.1), xticks=range(4), yticks=[0, 0.5, 1])
        axes.grid(axis="y", color=PALE)
        if place == 0:
            end = healthy.accuracies[-1]
            axes.text(3, 0.72, f"dashed: as it\nshould be, {end:.1%}", ha="right", va="top", fontsize=8, color=GREY)
        if place % 3 == 0:
            axes.set_ylabel("test accuracy")
        if place >= 3:
            axes.set_xlabel("epoch")
    _shares(picture.add_subplot(grid[:, 3]), belief, measured)
    return picture


def _shares(axes: Any, belief: dict[str, float], measured: list[str]) -> None:
    """A bar for each bug, the one that did the least harm above, and what the belief was worth."""
    places = range(len(measured))
    shares = [float(belief[name]) for name in measured]
    axes.barh(places, shares, color=[BLUE] + [PALE] * (len(measured) - 1), edgecolor=GREY, height=0.55)
    for place, (name, share) in enumerate(zip(measured, shares, strict=True)):
        first = {"color": ORANGE_INK, "weight": "bold"} if place == 0 else {"color": INK}
        axes.text(0, place - 0.42, f"{name}: {share:.0%}", va="center", fontsize=9, **first)
    score = _score(belief, (measured[0],))
    axes.set_title(f"your belief is worth {score:.2f} of 1", loc="center", fontsize=10)
    axes.text(0.5, -0.9, "least harm above, most below", ha="center", va="center", fontsize=8, color=INK)
    axes.set(xlim=(0, 1), ylim=(5.6, -1.2))
    axes.axis("off")
