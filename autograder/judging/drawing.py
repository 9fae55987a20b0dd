"""What a panel can draw of a wrong answer: few numbers of what came back, beside what was expected."""

import math
from typing import Any

import torch

from autograder.judging.assertions import Mismatch, tensor_of
from autograder.judging.outcomes import Returned, TestCall
from autograder.judging.results import Comparison, Number, Picture

__all__ = ["MAX_NUMBERS", "comparison_of"]

#: More numbers than this are not drawn, nor are longer rows or columns.
MAX_NUMBERS = 64
MAX_SIDE = 12
#: A curve through fewer points than this says nothing.
LEAST_POINTS = 4
#: More rows of probabilities than this are drawn as cells.
MAX_BARS = 4


def comparison_of(error: Mismatch, call: TestCall | None, picture: Picture = "cells") -> Comparison | None:
    """What can be drawn of a wrong answer, or ``None`` if it is too large, too small or no tensor.

    Args:
        error: how the answer differs from what it should be.
        call: the call that gave the answer, if there was one.
        picture: how answers to this question are drawn; see `autograder.judging.drawn_as`.
    """
    if call is None or error.kind == "arguments":
        picture = "cells"
    if picture == "bars" and call is not None and (rows := _probabilities(error, call)):
        return Comparison("bars", rows)
    actual, expected = _tensor(error.actual), _tensor(error.expected)
    if actual is None or expected is None or actual.shape != expected.shape or not _drawable(actual):
        return None
    index = error.index or ()
    if picture == "curve" and call is not None and actual.numel() >= LEAST_POINTS:
        inputs = _tensor(call.arguments[0])
        if inputs is not None and inputs.shape == actual.shape:
            place = sum(i * step for i, step in zip(index, actual.stride(), strict=True)) if index else 0
            flat = [_rows(each.flatten()) for each in (actual, expected, inputs)]
            return Comparison("curve", flat[0], flat[1], (0, place) if index else None, flat[2][0])
    bars = picture == "bars" and actual.dim() == 2 and len(actual) <= MAX_BARS
    cell = (index[0] if len(index) > 1 else 0, index[-1]) if index else None
    return Comparison("bars" if bars else "cells", _rows(actual), _rows(expected), cell)


def _probabilities(error: Mismatch, call: TestCall) -> tuple[tuple[Number, ...], ...]:
    """What the function itself returned, where the test looks at something made of it, such as the sums of its rows."""
    if not isinstance(call.outcome, Returned):
        return ()
    returned = _tensor(call.outcome.value)
    judged = _tensor(error.actual)
    if returned is None or judged is None or returned.dim() != 2 or returned.shape == judged.shape:
        return ()
    if not _drawable(returned) or len(returned) > MAX_BARS or len(judged.shape) != 1 or len(judged) != len(returned):
        return ()
    return _rows(returned)


def _tensor(value: Any) -> torch.Tensor | None:
    """The value as a small tensor of float64 without gaps in memory, or ``None`` if it is none."""
    try:
        found = tensor_of(value)
        return found.to(torch.float64).contiguous() if found.numel() <= MAX_NUMBERS else None
    except (Mismatch, RuntimeError, TypeError):  # the last two of dtypes that have no numbers, such as float4
        return None


def _drawable(value: torch.Tensor) -> bool:
    return value.dim() in (1, 2) and value.numel() >= 2 and max(value.shape) <= MAX_SIDE


def _rows(value: torch.Tensor) -> tuple[tuple[Number, ...], ...]:
    rows = value if value.dim() == 2 else value[None]
    return tuple(tuple(_number(x) for x in row) for row in rows.tolist())


def _number(value: float) -> Number:
    """Nine digits tell every float32 from every other."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(f"{value:.9g}")
