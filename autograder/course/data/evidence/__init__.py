"""Evidence to be read: trainings and gradient checks, each with one thing wrong in it or with nothing.

Whoever hands in is given a few pieces of a stock, chosen by the id alone. What is right for the stock's pieces only the
grader has. For practice, pieces are made anew from a number, with their answers. ``python tests/course/evidence.py``
makes the stock.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course.data.evidence._made import Piece, check_of, training_of
from autograder.judging.evidence import Evidence

__all__ = ["EVIDENCE", "MADE", "Piece", "load_evidence", "practice"]

#: What is asked of each kind of evidence, and what each answer would look like if it were right.
EVIDENCE = {
    "which_bug": Evidence(
        signs={
            "right": "Where nothing is wrong, both numbers agree in every row.",
            "no mean": "Where the mean is missing, each slope is too large by one and the same factor.",
            "no sigmoid slope": "Where the sigmoid's slope is missing, the rows of W2 and b2 agree.",
            "no label": "Where the label is missing, no slope of b2 is below 0.",
            "wrong sign": "Where the sign is wrong, each slope has the right size.",
        },
        count=5,
    ),
    "which_training": Evidence(
        signs={
            "good": "A good training brings both costs down and keeps them together.",
            "step too small": "With a small step both costs still fall at the end, as evenly as before.",
            "step too large": "With a large step the cost of the training images itself leaps up and down.",
            "by heart": "Whoever learns by heart gets better and better on the training images.",
        },
        count=6,
    ),
}

#: Makes one piece of a question's evidence: ``MADE["which_bug"]("no mean", seed)``.
MADE: dict[str, Callable[[str, int], Piece]] = {"which_bug": check_of, "which_training": training_of}


def load_evidence(question: str, student: str) -> list[Piece]:
    """The pieces of evidence that somebody is asked about, as numbers: ``load_evidence("which_bug", "ada")``.

    Raises:
        KeyError: no question of that name has evidence.
    """
    stock = _stock(question)
    return [stock[place] for place in EVIDENCE[question].places(student, len(stock))]


def practice(question: str, number: int) -> tuple[list[Piece], list[str]]:
    """Pieces that are made anew from a number, and what is right for each; another number, other pieces."""
    evidence = EVIDENCE[question]
    choices = list(evidence.signs)
    # Drawn as a student's pieces are, since that is the same on every machine.
    labels = [choices[place % len(choices)] for place in evidence.places(str(number), 10 * len(choices))]
    seeds = [(1_000 * number + place) % 2**63 for place in range(len(labels))]
    return [MADE[question](label, seed) for label, seed in zip(labels, seeds, strict=True)], labels


@cache
def _stock(question: str) -> list[Any]:
    stock: list[Any] = json.loads((Path(__file__).parent / f"{question}.json").read_text(encoding="utf-8"))
    return stock
