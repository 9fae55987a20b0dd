"""Reading what somebody has typed for an answer, and saying something of it."""

import math
import re
from fractions import Fraction
from typing import Any

from autograder.course.recall._asked import Answer, Asked, are_alike, say

#: Longest text that is read as a number, and most of one that is shown.
_LONGEST = 40


def reply_to(asked: Asked, answer: object) -> str:
    """What is to be said of an answer; nothing where there is none."""
    if answer is None or answer is ...:
        return ""
    read = _pair(answer) if asked.is_pair else _number(answer)
    if read is None:
        wanted = "two numbers in brackets, such as (4, 2)" if asked.is_pair else "a number, such as 0.5 or 12"
        return f"This asks for {wanted}; `{_shown(answer)}` can't be read as that."
    if are_alike(read, asked.right):
        return f"✓ Right: {say(asked.right)}. {asked.why}"
    slip = next((sentence for value, sentence in asked.slips if are_alike(read, value)), "")
    return " ".join(part for part in (f"✗ Not {say(read)}.", slip, f"It is {say(asked.right)}.", asked.why) if part)


def _number(answer: Any) -> float | None:
    """A number of any kind, a tensor or array that holds one, or a text that says one; ``None`` for all else."""
    if isinstance(answer, str):
        return _said(answer)
    if isinstance(answer, list | tuple):
        return _number(answer[0]) if len(answer) == 1 else None
    if isinstance(answer, bool | complex | dict | set):
        return None
    try:
        number = float(answer)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None
    return number if math.isfinite(number) else None


def _said(text: str) -> float | None:
    """``"0.5"``, ``"0,5"``, ``"1/2"``, ``"−3"`` and ``"50 %"``."""
    bare = text.strip().replace("−", "-").replace(",", ".")[:_LONGEST]
    found = re.fullmatch(r"([-+]?[\d.]+(?:/[\d.]+)?)( ?%)?", bare)
    try:
        return float(Fraction(found[1])) / (100 if found[2] else 1) if found else None
    except (ValueError, ZeroDivisionError):
        return None


def _pair(answer: Any) -> Answer | None:
    """Two numbers: a shape, a tuple, a list, a tensor, or a text such as ``"(4, 2)"`` or ``"4 x 2"``."""
    if isinstance(answer, dict | set):
        return None
    parts = answer
    if isinstance(answer, str):
        found = re.fullmatch(r"[\s(\[]*(\d+)\s*[,x×]\s*(\d+)[\s)\]]*", answer[:_LONGEST])
        parts = found.groups() if found else ()
    try:
        numbers = tuple(_number(part) for part in parts)
    except TypeError:
        return None
    both = tuple(number for number in numbers if number is not None)
    return both if len(both) == len(numbers) == 2 else None


def _shown(answer: object) -> str:
    text = " ".join(repr(answer).replace("`", "'").split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
