"""Lessons 7 and 8: evidence of what went well or wrong, to be read: weights, gradient checks, trainings, tables."""

from itertools import pairwise
from typing import Any

import torch
from torch import nn

from autograder.course.data import load_mnist
from autograder.course.data.evidence import EVIDENCE, Piece, load_evidence, practice
from autograder.course.guard import CannotDraw, kindly
from autograder.judging.assertions import Mismatch
from autograder.panels.palette import BLUE, GREY, INK, ORANGE, PALE

from ._style import MISTAKES, SIGNED, Picture, drawn, new_picture, signed

#: How many of the training images the mean images are means of.
_ENOUGH = 6_000
#: Of a tile's 28 rows and columns, those in the middle, and how many on each side are its rim.
_MIDDLE, _RIM = slice(8, 20), 2


@kindly
def gradient_checks(who: str | int, answers: list[str] | None = None) -> None:
    """Print five gradient checks: for each parameter three slopes as measured, and as calculated.

    Args:
        who: the id with which you hand in, for the checks that you are asked about; a number, for others to practise
            with. Each number makes others.
        answers: what you read from those that a number makes; beside each stands what is right.
    """
    pieces, said = _pieces("which_bug", who, answers)
    for number, piece in enumerate(pieces):
        print(f"check {number + 1}{said[number]}\n        {'measured':<30}calculated")
        for name, pair in piece.items():
            cells = ["".join(f"{signed(one, 4):>9}" for one in numbers) for numbers in pair]
            print(f"  {name} {'   '.join(cells)}")
        print()


@drawn
def loss_curves(who: str | int, answers: list[str] | None = None) -> Picture:
    """Draw the costs of six trainings, on the training images and on those held out.

    Args:
        who: as in `gradient_checks`.
        answers: the same.
    """
    pieces, said = _pieces("which_training", who, answers)
    words = [_in_words(number, piece) + said[number - 1] for number, piece in enumerate(pieces, 1)]
    picture, panels = new_picture(10, 5, 2, 3, alt="Costs of six trainings over 20 epochs. " + ". ".join(words) + ".")
    for number, (axes, piece) in enumerate(zip(panels.flat, pieces, strict=True)):
        axes.plot(piece["training"][0], color=BLUE, label="training")
        axes.plot(piece["held out"][0], color=ORANGE, linestyle="--", label="held out")
        axes.set(ylim=(0, None), xlim=(0, 20), xticks=range(0, 21, 5))
        axes.set_title(f"{number + 1}{said[number]}", fontsize=10)
        axes.grid(axis="y", color=PALE)
        if number == 0:
            axes.legend()
        if number % 3 == 0:
            axes.set_ylabel("cost")
        if number >= 3:
            axes.set_xlabel("epoch")
    return picture


@drawn
def weight_pictures(who: str | int, answers: list[str] | None = None) -> Picture:
    """Draw the weights of five networks: of each, four neurons that look at the pixels, as tiles of 28 × 28.

    Args:
        who: as in `gradient_checks`.
        answers: the same.
    """
    pieces, said = _pieces("which_weights", who, answers)
    networks = [torch.tensor(list(piece.values())) for piece in pieces]
    means = _mean_images()
    words = [f"Picture {n}{said[n - 1]}: {_weights_in_words(tiles, means)}" for n, tiles in enumerate(networks, 1)]
    picture, panels = new_picture(
        9.5, 6.9, 2, 3, alt=f"Weights of five networks, of each four neurons. {'. '.join(words)}."
    )
    picture.set_layout_engine("constrained", hspace=0.08)
    *shown, legend = panels.flat
    for number, (axes, tiles) in enumerate(zip(shown, networks, strict=True)):
        limit = tiles.abs().max().item()
        framed = nn.functional.pad(tiles, (1, 1, 1, 1), value=float("nan")).reshape(2, 2, 30, 30)
        drawn_tiles = axes.imshow(
            framed.permute(0, 2, 1, 3).reshape(60, 60).numpy(),
            cmap=SIGNED,
            vmin=-limit,
            vmax=limit,
            interpolation="nearest",
        )
        axes.set_title(f"{number + 1}{said[number]}", fontsize=10)
        axes.set(xticks=[], yticks=[], xlabel=f"weights from {_signed(tiles.min())} to {_signed(tiles.max())}")
        axes.spines[:].set_visible(False)
    legend.axis("off")
    bar = picture.colorbar(drawn_tiles, cax=legend.inset_axes((0.05, 0.1, 0.07, 0.8)), ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels(["far below 0", "0", "far above 0"])
    return picture


@drawn
def answer_tables(who: str | int, answers: list[str] | None = None) -> Picture:
    """Draw what six networks read: a row for each true digit, a column for each answer.

    Args:
        who: as in `gradient_checks`.
        answers: the same.
    """
    pieces, said = _pieces("which_table", who, answers)
    tables = [piece["table"] for piece in pieces]
    words = [f"Table {n}{said[n - 1]}: {_table_in_words(table)}." for n, table in enumerate(tables, 1)]
    picture, panels = new_picture(
        9.5, 6.6, 2, 3, alt="What six networks read of 50 images of each digit. " + " ".join(words)
    )
    picture.set_layout_engine("constrained", hspace=0.08)
    for number, (axes, table) in enumerate(zip(panels.flat, tables, strict=True)):
        axes.imshow(table, cmap=MISTAKES, vmin=0, vmax=60)
        for row, counts in enumerate(table):
            for column, count in enumerate(counts):
                axes.text(column, row, str(count), fontsize=8, ha="center", va="center", color=INK if count else GREY)
        axes.set_title(f"{number + 1}{said[number]}", fontsize=10)
        axes.set(xticks=range(10), yticks=range(10))
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        if number % 3 == 0:
            axes.set_ylabel("true digit")
        if number >= 3:
            axes.set_xlabel("digit read")
    return picture


def _pieces(question: str, who: Any, answers: Any) -> tuple[list[Piece], list[str]]:
    """What is to be read, and for each piece what stands beside it."""
    asked = EVIDENCE[question]
    if isinstance(who, str):
        if answers is not None:
            raise CannotDraw(
                "what you hand in is judged when it is graded. With a number in place of your id you practise."
            )
        return load_evidence(question, who), [""] * asked.count
    if not isinstance(who, int) or who < 0:
        raise CannotDraw("give your id between quotes, or a whole number to practise.")
    pieces, right = practice(question, who)
    if answers is None:
        return pieces, [""] * asked.count
    try:
        _, says = asked.read(("practice", answers))
    except Mismatch as mismatch:
        raise CannotDraw(mismatch.text) from None
    beside = zip(says, right, strict=True)
    return pieces, [f": {true}" if mine == true else f": {true}, and not {mine}" for mine, true in beside]


def _in_words(number: int, piece: Piece) -> str:
    """A training for those who cannot see its curves: as much as the curves say."""
    (training,), (held_out,) = piece["training"], piece["held out"]
    rises = sum(after > before for before, after in pairwise(training))
    costs = [" ".join(f"{cost:.2f}" for cost in row[::4]) for row in (training, held_out)]
    return (
        f"Training {number}, every fourth epoch: on the training images {costs[0]}, which rises in {rises} of 20 "
        f"epochs; held out {costs[1]}"
    )


def _weights_in_words(tiles: torch.Tensor, means: torch.Tensor) -> str:
    """A picture of weights for those who cannot see it: measured, as far as the eye would find it."""
    rim = tiles.clone()
    rim[:, _RIM:-_RIM, _RIM:-_RIM] = float("nan")
    middle = tiles[:, _MIDDLE, _MIDDLE]
    steps, far = ((middle[..., lag:] - middle[..., :-lag]).abs().mean() / middle.abs().mean() for lag in (1, 6))
    largest = ", ".join(f"{size:.2g}" for size in tiles.abs().amax(dim=(1, 2)).tolist())
    excited = ", ".join(map(str, (tiles.flatten(1) @ means.T).argmax(dim=1).tolist()))
    return (
        f"weights from {_signed(tiles.min())} to {_signed(tiles.max())}, their size on average "
        f"{middle.abs().mean():.2g} in the middle and {rim.abs().nanmean():.2g} at the rim. The largest of each neuron "
        f"is {largest}. In the middle, and as parts of that size, neighbours differ by {steps:.1f} and weights six "
        f"pixels apart by {far:.1f}. Of the ten mean images, neurons 0 to 3 add up to most for those of {excited}"
    )


def _mean_images() -> torch.Tensor:
    """The mean image of each digit, ``(10, 784)``, less the mean of them all."""
    mnist = load_mnist()
    X, y = mnist.train_images[:_ENOUGH].flatten(1).float(), mnist.train_labels[:_ENOUGH]
    means = torch.stack([X[y == digit].mean(dim=0) for digit in range(10)])
    return means - means.mean(dim=0)


def _table_in_words(table: list[list[float]]) -> str:
    """A table for those who cannot see it: all its numbers but the zeros."""
    rows = [", ".join(f"{count} as {read}" for read, count in enumerate(counts) if count) for counts in table]
    return "; ".join(f"of digit {digit}, {row}" for digit, row in enumerate(rows))


def _signed(number: torch.Tensor) -> str:
    return signed(number.item(), 2 if number.abs() < 10 else 0)
