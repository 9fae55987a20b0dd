"""Lesson 8: evidence of trainings and of gradient checks that went well or wrong, to be read."""

from itertools import pairwise
from typing import Any

from autograder.course.data.evidence import EVIDENCE, Piece, load_evidence, practice
from autograder.course.guard import CannotDraw, kindly
from autograder.judging.assertions import Mismatch
from autograder.panels.palette import BLUE, ORANGE, PALE

from ._style import Picture, drawn, new_picture, signed


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
