"""What a call leaves behind on the objects that it was given, beside other numbers.

Looked for where the function lives, since nothing of it survives a copy: that torch now tracks an argument, that slopes
lie in its `.grad`, that a dict has other entries, that the result is a piece of an argument's memory.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

from autograder.judging.outcomes import Trace

__all__ = ["Before", "look_at", "traces_of"]

#: How deep and how far a result is followed.
_DEPTH = 4
_MOST = 1_000


class Before(NamedTuple):
    """An argument before the call.

    Attributes:
        argument: the object itself.
        entries: the parts of a dict or a list; they are kept, so that no other object gets their identity.
        tracked: for each tensor in it, whether torch tracked it.
    """

    argument: Any
    entries: list[Any]
    tracked: list[tuple[torch.Tensor, bool]]


def look_at(arguments: tuple[Any, ...]) -> list[Before]:
    """Arguments as they are before the call."""
    return [
        Before(
            one, _entries(one), [(part, part.requires_grad) for part in _parts(one) if isinstance(part, torch.Tensor)]
        )
        for one in arguments
    ]


def traces_of(before: list[Before], result: Any) -> tuple[Trace, ...]:
    """What the call has left behind, by the places of the arguments."""
    given = list(_memory(result)) if before else []
    found = []
    for place, (argument, entries, tracked) in enumerate(before):
        now = _entries(argument)
        if len(now) != len(entries) or any(mine is not theirs for mine, theirs in zip(now, entries, strict=True)):
            found.append(Trace("entries", place))
        if any(tensor.requires_grad and not was for tensor, was in tracked):
            found.append(Trace("tracked", place))
        if any(tensor.is_leaf and tensor.grad is not None for tensor, _ in tracked):
            found.append(Trace("slopes", place))
        mine = [block for tensor, _ in tracked for block in _memory(tensor)]
        if any(begin < other_end and other < end for begin, end in given for other, other_end in mine):
            found.append(Trace("shared", place))
    return tuple(found)


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list) else []


def _parts(value: Any, depth: int = _DEPTH) -> Iterator[Any]:
    """A value's tensors and arrays."""
    if isinstance(value, torch.Tensor | np.ndarray):
        yield value
    elif isinstance(value, dict | list | tuple) and depth and len(value) <= _MOST:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part, depth - 1)


def _memory(value: Any) -> Iterator[tuple[int, int]]:
    """Where the numbers of a value lie: begin and end of each piece of memory.

    A single number is no piece: a bias that is handed on is the caller's own, and nobody takes it for a table.
    """
    for part in _parts(value):
        if (part.numel() if isinstance(part, torch.Tensor) else part.size) < 2:
            continue
        if isinstance(part, np.ndarray):
            steps = [(size - 1) * stride for size, stride in zip(part.shape, part.strides, strict=True)]
            below, above = (sum(pick(0, step) for step in steps) for pick in (min, max))
            yield part.ctypes.data + below, part.ctypes.data + above + part.itemsize
        elif part.layout is torch.strided and part.device.type == "cpu":
            storage = part.untyped_storage()
            yield storage.data_ptr(), storage.data_ptr() + storage.nbytes()
