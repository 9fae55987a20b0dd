"""Evidence to be read: of trainings, gradient checks, weights and answers, each with one thing wrong or with nothing.

Whoever hands in is given a few pieces of a stock, chosen by the id alone. What is right for the stock's pieces only the
grader has. For practice, pieces are made anew from a number, with their answers. ``python tests/course/evidence.py``
makes the stock.
"""

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from autograder.course.data.evidence._made import Piece, check_of, training_of
from autograder.course.data.evidence._of_digits import picture_of, table_of
from autograder.judging.evidence import Evidence

__all__ = ["EVIDENCE", "MADE", "Piece", "load_evidence", "load_stock", "practice", "stock_file"]

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
    "which_weights": Evidence(
        signs={
            "untrained": "Untrained weights are small, and at the rim they are as large as in the middle.",
            "hidden layer": "Hidden neurons stand for no digit: bright and dark strokes lie side by side.",
            "no hidden layer": "Without a hidden layer, neuron 0 is a bright ring and neuron 1 a bright stroke.",
            "scrambled pixels": "Weights of scrambled pixels look like noise, and yet they have grown.",
            "step too large": "A step that is too large makes weights that are many times as large as 1.",
        },
        count=5,
    ),
    "which_table": Evidence(
        signs={
            "good": "A good network has most of each row on the diagonal.",
            "labels swapped": "Where two labels are swapped, each of the two digits is read as the other one.",
            "digit left out": "A digit that was left out is never read, and all others are.",
            "images moved": "Where images are moved, each digit is mixed up with others, and some are still read.",
            "labels shuffled": "Where labels are shuffled, all rows are alike, and no column is empty.",
            "smallest score": "Whoever takes the smallest score is hardly ever right.",
            "untrained": "An untrained network reads nearly all images as the same few digits.",
        },
        count=6,
    ),
}

#: Makes one piece of a question's evidence: ``MADE["which_bug"]("no mean", seed)``.
MADE: dict[str, Callable[[str, int], Piece]] = {
    "which_bug": check_of,
    "which_training": training_of,
    "which_weights": picture_of,
    "which_table": table_of,
}


def load_evidence(question: str, student: str) -> list[Piece]:
    """The pieces of evidence that somebody is asked about, as numbers: ``load_evidence("which_bug", "ada")``.

    Raises:
        KeyError: no question of that name has evidence.
    """
    stock = load_stock(question)
    return [stock[place] for place in EVIDENCE[question].places(student, len(stock))]


def practice(question: str, number: int) -> tuple[list[Piece], list[str]]:
    """Pieces that are made anew from a number, and what is right for each; another number, other pieces."""
    evidence = EVIDENCE[question]
    choices = list(evidence.signs)
    # Drawn as a student's pieces are, since that is the same on every machine.
    labels = [choices[place % len(choices)] for place in evidence.places(str(number), 10 * len(choices))]
    seeds = [(1_000 * number + place) % 2**63 for place in range(len(labels))]
    return [MADE[question](label, seed) for label, seed in zip(labels, seeds, strict=True)], labels


def stock_file(question: str) -> Path:
    """Where a question's stock lies: a JSON list of its pieces, compressed."""
    return Path(__file__).parent / f"{question}.json.gz"


@cache
def load_stock(question: str) -> list[Piece]:
    """All pieces of evidence that a question has in stock, as numbers."""
    stock: list[Piece] = json.loads(gzip.decompress(stock_file(question).read_bytes()))
    return stock
