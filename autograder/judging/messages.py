"""The sentences that a student reads about one test: what was called, what came back, what was expected.

Code in them stands between backticks; `autograder.panels` shows it as code.
"""

from typing import Any

import torch

from autograder.judging.assertions import Mismatch
from autograder.judging.exceptions import explain
from autograder.judging.outcomes import Missing, Raised, Stopped, TestCall

__all__ = [
    "NOT_ATTEMPTED",
    "call_failed",
    "mismatch",
    "missing",
    "nothing_returned",
    "out_of_time",
    "show",
    "unreadable",
]

NOT_ATTEMPTED = "Not attempted yet."

#: Tensors with more numbers than this are described by their shape alone; fewer are shown of calls that have many.
SHOWN_NUMBERS = 12
FEWER_NUMBERS = 6
#: Calls with more numbers than this have many.
MANY_NUMBERS = 36
#: Longest text of an exception that is shown; torch may list every way in which a function can be called.
SHOWN_TEXT = 240


def missing(name: str, outcome: Missing, is_value: bool = False) -> str:
    """A function that does not exist, or a value."""
    what = "nothing called" if is_value else "no function"
    return f"{outcome.text}." if outcome.text else f"There is {what} `{name}` in this notebook."


def out_of_time(call: TestCall, seconds: float) -> str:
    """A call that did not come to an end."""
    return f"{_called(call)} did not finish within {seconds:g} seconds. Is there a loop that never ends?"


def call_failed(call: TestCall) -> str:
    """A call that raised, or whose process died."""
    match call.outcome:
        case Raised(untouched=True, where=where):
            return f"`{call.name}` calls `{where}`, which is not written yet."
        case Raised(type_name="NotImplementedError", text=""):  # with a text it is torch's or the student's own
            return (
                f"{_called(call)} ran into `raise NotImplementedError()`. "
                "Remove that line once your own code stands above it."
            )
        case Raised(type_name=kind, text=text, line=line) as outcome:
            says = f"{_called(call)} raised {kind}" + (f": {_one_line(text)}" if text else ".")
            lines = [says, f"Your line: `{line}`" if line else "", explain(outcome, call)]
            return "\n".join(filter(None, lines))
        case Stopped(text=text):
            return f"{_called(call)} gave no answer: {text}."
    raise ValueError(f"this call did not fail: {call.outcome}")


def mismatch(error: Mismatch, call: TestCall | None) -> str:
    """An answer that is not what it should be."""
    text = error.text[:1].upper() + error.text[1:]
    return f"Called {_called(call)}.\n{text}" if call is not None and call.arguments else text


def nothing_returned(call: TestCall) -> str:
    """An answer that is None."""
    return f"Called {_called(call)}.\nThe result is None. Did you forget `return`?"


def unreadable(call: TestCall) -> str:
    """An answer that no check could make sense of."""
    return f"{_called(call)} returned something that could not be read as an answer."


def show(value: Any, most: int = SHOWN_NUMBERS) -> str:
    """A value small enough to read: numbers in full, tensors of more than `most` numbers by shape and dtype."""
    if isinstance(value, torch.Tensor):
        if value.dim() == 0:
            return _number(value.item())
        if 0 < value.numel() <= most:
            return _nested(value.tolist())
        return f"{str(value.dtype).removeprefix('torch.')} tensor of shape {tuple(value.shape)}"
    if isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {show(part, most)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        inside = ", ".join(show(part, most) for part in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if callable(value):
        return getattr(value, "__name__", "a function")
    return repr(value)


def _called(call: TestCall) -> str:
    """The call with its inputs: ``softmax(z)`` with ``z = [[1, 2, 3]]``; without inputs, the name."""
    if not call.arguments:
        return f"`{call.name}`"
    question = call.lesson.find(call.name)
    names = question.parameters if question else ()
    most = SHOWN_NUMBERS if _count(call.arguments) <= MANY_NUMBERS else FEWER_NUMBERS
    inputs = [f"`{name} = {show(value, most)}`" for name, value in zip(names, call.arguments, strict=False)]
    shown = ", ".join(names[: len(call.arguments)])
    return f"`{call.name}({shown})` with " + ", ".join(inputs)


def _count(value: Any) -> int:
    """How many numbers `show` would write of a value."""
    if isinstance(value, torch.Tensor):
        return value.numel() if value.numel() <= SHOWN_NUMBERS else 0
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return 1


def _nested(numbers: Any) -> str:
    if isinstance(numbers, list):
        return "[" + ", ".join(_nested(part) for part in numbers) + "]"
    return _number(numbers)


def _number(value: float) -> str:
    return repr(value) if isinstance(value, int) else f"{value:.6g}"  # whole numbers in full; a bool is an int


def _one_line(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= SHOWN_TEXT else whole[:SHOWN_TEXT].rstrip() + " …"
