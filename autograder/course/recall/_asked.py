"""What a question to recall something is made of."""

import math
import random
from collections.abc import Callable
from typing import NamedTuple

#: A number, or two: a shape, a place in an image.
Answer = float | tuple[float, ...]
#: A likely slip: what comes of it, and what is said.
Slip = tuple[Answer, str]

#: Two decimals are asked for.
_NEAR = 0.006
#: How often numbers are drawn until no two answers of a question are alike.
_TRIES = 1_000


class Asked(NamedTuple):
    """One question, its numbers drawn.

    Attributes:
        text: the question.
        right: the right answer.
        why: why it is that.
        slips: what likely slips give, and a sentence to each.
    """

    text: str
    right: Answer
    why: str
    slips: tuple[Slip, ...]

    @property
    def is_pair(self) -> bool:
        """Whether two numbers are asked for."""
        return isinstance(self.right, tuple)


def are_alike(one: Answer, other: Answer, near: float = _NEAR) -> bool:
    """Whether two answers are the same, up to the rounding of the second decimal."""
    if isinstance(one, tuple) or isinstance(other, tuple):
        return one == other
    return math.isclose(one, other, rel_tol=0.0, abs_tol=near)


def draw(question: Callable[[random.Random], Asked], rng: random.Random) -> Asked:
    """Draw a question's numbers, such that the right answer and those of its slips can be told apart."""
    for _ in range(_TRIES):
        asked = question(rng)
        answers = [asked.right, *(value for value, _ in asked.slips)]
        pairs = ((one, other) for place, one in enumerate(answers) for other in answers[:place])
        if not any(are_alike(one, other, 2 * _NEAR) for one, other in pairs):
            return asked
    raise AssertionError(f"{question.__name__} draws no numbers that tell its answers apart")


def say(answer: Answer) -> str:
    """An answer as a lesson writes it."""
    if isinstance(answer, tuple):
        return f"({', '.join(say(part) for part in answer)})"
    rounded = round(answer, 3)
    return (f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:g}").replace("-", "−")
