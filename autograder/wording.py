"""The sentences that a student reads about one test: what was called, what came back, what was expected."""

from typing import TYPE_CHECKING, Any

import torch

from autograder import calls
from autograder.lessons import find_question

if TYPE_CHECKING:
    from autograder.runner import Call
    from autograder.suites import Mismatch

NOT_ATTEMPTED = "Not attempted yet."

#: Tensors with more numbers than this are described by their shape alone.
SHOWN_NUMBERS = 12


def missing(name: str, outcome: calls.Missing) -> str:
    """A function that does not exist."""
    return f"{outcome.text}." if outcome.text else f"There is no function `{name}` in this notebook."


def out_of_time(call: "Call", seconds: float) -> str:
    """A call that did not come to an end."""
    return f"{_called(call)} did not finish within {seconds:g} seconds. Is there a loop that never ends?"


def call_failed(call: "Call") -> str:
    """A call that raised, or whose process died."""
    match call.outcome:
        case calls.Raised(untouched=True, where=where):
            return f"`{call.name}` calls `{where}`, which is not written yet."
        case calls.Raised(type_name="NotImplementedError"):
            return (
                f"{_called(call)} ran into `raise NotImplementedError()`. "
                "Remove that line once your own code stands above it."
            )
        case calls.Raised(type_name=kind, text=text, line=line):
            says = f"{_called(call)} raised {kind}" + (f": {_one_line(text)}" if text else ".")
            return f"{says}\nYour line: {line}" if line else says
        case calls.Stopped(text=text):
            return f"{_called(call)} gave no answer: {text}."
    raise ValueError(f"this call did not fail: {call.outcome}")


def mismatch(error: "Mismatch", call: "Call | None") -> str:
    """An answer that is not what it should be."""
    text = error.text[:1].upper() + error.text[1:]
    return text if call is None else f"{_called(call)}.\n{text}"


def unreadable(call: "Call") -> str:
    """An answer that no check could make sense of."""
    return f"{_called(call)} returned something that could not be read as an answer."


def show(value: Any) -> str:
    """A value small enough to read: numbers in full, large tensors by shape and dtype."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        if value.dim() == 0:
            return _number(value.item())
        if 0 < value.numel() <= SHOWN_NUMBERS:
            return f"{_nested(value.tolist())}"
        return f"{'an' if dtype.startswith('int') else 'a'} {dtype} tensor of shape {tuple(value.shape)}"
    if isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {show(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        inside = ", ".join(show(part) for part in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if callable(value):
        return getattr(value, "__name__", "a function")
    return repr(value)


def _called(call: "Call") -> str:
    """``softmax(z) with z = [[1, 2, 3]]``."""
    found = find_question(call.name)
    names = found[1].parameters if found else ()
    inputs = [f"{name} = {show(value)}" for name, value in zip(names, call.arguments, strict=False)]
    shown = ", ".join(names[: len(call.arguments)])
    return f"{call.name}({shown}) with " + ", ".join(inputs)


def _nested(numbers: Any) -> str:
    if isinstance(numbers, list):
        return "[" + ", ".join(_nested(part) for part in numbers) + "]"
    return _number(numbers)


def _number(value: float) -> str:
    return repr(value) if isinstance(value, int) else f"{value:.6g}"  # whole numbers in full; a bool is an int


def _one_line(text: str) -> str:
    return " ".join(text.split())
