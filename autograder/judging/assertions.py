"""Comparing what came back with what was expected: shape first, then dtype, then values.

A fair grader judges values, not habits. A Python number, a numpy array, a nested list and a tensor of any
real dtype are all accepted where their values are right; a wrong shape never is, because shapes are what
the course teaches.
"""

from collections.abc import Iterable
from typing import Any

import torch

from autograder.judging.values import plain

__all__ = ["Mismatch", "assert_close", "assert_keeps_arguments", "assert_that", "describe", "odd_parts", "tensor_of"]


class Mismatch(AssertionError):
    """The student's answer is not what it should be.

    Attributes:
        text: one or two sentences for the student.
        kind: ``none``, ``type``, ``count``, ``keys``, ``shape``, ``dtype``, ``values``, ``arguments`` or ``property``.
        actual: the part of the answer that is wrong, a tensor where it could be read as one.
        expected: what that part should be, or ``None`` where the test asks for a property.
        index: place of the largest difference, or ``None``.
        share: how much of the test's points the answer earns all the same, from 0 to 1.
    """

    def __init__(
        self,
        text: str,
        kind: str = "property",
        actual: Any = None,
        expected: Any = None,
        index: tuple[int, ...] | None = None,
        share: float = 0.0,
    ):
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.actual = actual
        self.expected = expected
        self.index = index
        self.share = share


def assert_close(actual: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-5, name: str = "") -> None:
    """Check that `actual` has the shape and, within ``atol + rtol * |expected|``, the values of `expected`.

    Args:
        actual: what the student's function returned.
        expected: a tensor, a number, a tuple of them (several results) or a dict of them.
        rtol: relative tolerance; the default is right for a few float32 operations. Whole numbers have none: where
            `expected` is an int or a tensor of ints, a count of 505,510 that is 10 too small is wrong.
        atol: absolute tolerance.
        name: what to call the value in the message, ``dw`` or ``params['W1']``; used for parts of a result.

    Raises:
        Mismatch: saying what differs.
    """
    called = f"`{name}`" if name else "the result"
    if actual is None:
        raise Mismatch(
            f"{called} is None. Did you forget `return`?" if not name else f"{called} is None.", "none", None, expected
        )
    if isinstance(expected, dict):
        _assert_same_keys(actual, expected, called)
        for key in expected:
            assert_close(actual[key], expected[key], rtol, atol, f"{name}[{key!r}]" if name else key)
        return
    if isinstance(expected, tuple):
        if not isinstance(actual, list | tuple) or len(actual) != len(expected):
            raise Mismatch(f"expected {len(expected)} results, got {describe(actual)}.", "count", actual, expected)
        for position, (mine, theirs) in enumerate(zip(actual, expected, strict=True)):
            assert_close(mine, theirs, rtol, atol, f"{name or 'result'}[{position}]")
        return

    wanted = expected if isinstance(expected, torch.Tensor) else torch.tensor(expected)
    found = tensor_of(actual, tuple(wanted.shape), name)
    _assert_same_values(found, wanted.detach(), rtol, atol, called)


def tensor_of(actual: Any, shape: tuple[int, ...] | None = None, name: str = "") -> torch.Tensor:
    """Read an answer as one tensor of real numbers, of the given shape if one is given.

    Numbers become tensors without dimensions; lists of equally shaped parts are stacked.

    Raises:
        Mismatch: it cannot be read so, or its shape is another.
    """
    called = f"`{name}`" if name else "the result"
    if actual is None:
        raise Mismatch(f"{called} is None." if name else "the result is None. Did you forget `return`?", "none")
    found = _as_tensor(actual)
    if found is None:
        wanted = "a tensor" if shape is None else f"a tensor of shape {tuple(shape)}" if shape else "one number"
        raise Mismatch(f"expected {wanted}, got {describe(actual)}.", "type", actual)
    if found.is_complex():
        raise Mismatch(f"{called} has complex numbers ({found.dtype}).", "dtype", found)
    if shape is not None and tuple(found.shape) != tuple(shape):
        if isinstance(actual, tuple) or (isinstance(actual, list) and not shape):
            wanted = f"one result of shape {tuple(shape)}" if shape else "one number"
            raise Mismatch(
                f"expected {wanted}, got {describe(actual)}" + (f" for {called}." if name else "."), "shape", found
            )
        raise Mismatch(
            f"expected shape {tuple(shape)}, got shape {tuple(found.shape)}" + (f" for {called}." if name else "."),
            "shape",
            found,
        )
    return found


def assert_that(condition: bool, text: str, actual: Any = None) -> None:
    """Check a property; `text` is the sentence a student reads if it does not hold.

    Raises:
        Mismatch: with that sentence.
    """
    if not condition:
        raise Mismatch(text, "property", actual)


def assert_keeps_arguments(
    function: Any, reference: Any, *arguments: Any, rtol: float = 1e-4, atol: float = 1e-5
) -> None:
    """Call one of the `student` fixture's functions: is it right, is its result new, are its arguments as they were?

    Right as well, because a function that does nothing at all keeps its arguments best.

    Raises:
        Mismatch: naming what is wrong, or the argument that changed.
    """
    expected = reference(*arguments)
    called = function.with_arguments_after(*arguments)
    assert_close(called.value, expected, rtol, atol)
    names = dict(enumerate(function.parameters))
    for place, (before, now) in enumerate(zip(arguments, called.arguments, strict=True)):
        if not callable(before) and not _identical(plain(before), now):
            raise Mismatch(
                f"your function changed its argument `{names.get(place, place)}`. Make a new one and leave what you "
                "were given as it is.",
                "arguments",
                now,
                before,
            )
    for trace in called.traces:
        raise Mismatch(_LEFT_BEHIND[trace.kind].format(names.get(trace.place, trace.place)), "arguments")


#: What is said of what a call has left behind on an argument.
_LEFT_BEHIND = {
    "entries": "your function put other entries into its argument `{}`. Make a dict or a list of your own.",
    "tracked": "your function switched on `requires_grad` in its argument `{}`, which belongs to the caller. Work on a "
    "copy of your own.",
    "slopes": "your function left slopes in the `.grad` of its argument `{}`; a second call would add to them. Work on "
    "a copy of your own.",
    "shared": "what your function returned is a piece of its argument `{}`: whoever changes one of them changes both. "
    "Return a new tensor.",
}


def describe(value: Any) -> str:
    """A few words for any answer: ``a tensor of shape (2, 3)``, ``None``, ``an ndarray``, ``2 results``."""
    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, bool | int | float):
        return f"the number {value!r}"
    if isinstance(value, tuple):
        return f"{len(value)} results"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a dict with {_listed(value) or 'no keys'}"
    kind = getattr(value, "type_name", type(value).__name__)
    if kind == "int":
        return "a whole number of more than 64 bits"  # any other int is a number, see above
    return f"{'an' if kind[:1].lower() in tuple('aeio') else 'a'} {kind}"


def odd_parts(value: Any) -> str:
    """Why a list is no table of numbers: `` with None in it``, or that its parts differ. Empty for what is no list."""
    if not isinstance(value, list | tuple):
        return ""
    rest = list(value)
    while rest:
        one = rest.pop()
        if isinstance(one, list | tuple):
            rest.extend(one)
        elif isinstance(one, str) or not isinstance(one, int | float | torch.Tensor):
            return f" with {describe(one)} in it"
    return " whose parts have different shapes"


def _as_tensor(value: Any) -> torch.Tensor | None:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, bool | int | float):
        # float64 keeps every digit of a Python number.
        return torch.tensor(value, dtype=torch.float64) if isinstance(value, float) else _whole(value)
    if isinstance(value, list | tuple):
        if not value:
            return torch.zeros(0)
        parts = [part for part in map(_as_tensor, value) if part is not None]
        if len(parts) < len(value) or any(part.shape != parts[0].shape for part in parts):
            return None
        wide = torch.complex128 if any(part.is_complex() for part in parts) else torch.float64
        return torch.stack([part.to(wide) for part in parts])
    return None


def _whole(value: int) -> torch.Tensor | None:
    try:
        return torch.tensor(value)
    except (OverflowError, RuntimeError, ValueError):  # which one depends on the version of torch
        return None


def _listed(keys: Iterable[str]) -> str:
    """A few keys by name, each short; of many, how many more there are."""
    names = [repr(key[:20]) for key in keys]
    return ", ".join(names[:6] + ([f"and {len(names) - 6} more"] if len(names) > 6 else []))


def _assert_same_keys(actual: Any, expected: dict[str, Any], called: str) -> None:
    if not isinstance(actual, dict):
        raise Mismatch(f"expected a dict with {_listed(expected)}, got {describe(actual)}.", "type", actual, expected)
    if set(actual) != set(expected):
        missing = [key for key in expected if key not in actual]
        extra = [key for key in actual if key not in expected]
        says = " and ".join(
            ([f"misses {_listed(missing)}"] if missing else []) + ([f"has {_listed(extra)} too many"] if extra else [])
        )
        raise Mismatch(f"{called} {says}.", "keys", actual, expected)


def _assert_same_values(found: torch.Tensor, wanted: torch.Tensor, rtol: float, atol: float, called: str) -> None:
    mine, theirs = found.to(torch.float64), wanted.to(torch.float64)
    close = torch.isclose(mine, theirs, rtol=rtol if wanted.is_floating_point() else 0.0, atol=atol)
    if bool(close.all()):
        return
    difference = torch.where(close, -1.0, (mine - theirs).abs().nan_to_num(nan=torch.inf, posinf=torch.inf))
    flat = int(difference.argmax())
    index = tuple(int(i) for i in torch.unravel_index(torch.tensor(flat), found.shape))
    place = f" at {list(index)}" if index else ""
    got, want = _two_numbers(mine[index].item(), theirs[index].item())
    text = f"{called} should be {want}{place}, got {got}."
    cut = not found.is_floating_point() and wanted.is_floating_point()
    if cut:
        text += f" Its dtype is {str(found.dtype).removeprefix('torch.')}, which cannot hold fractions."
    raise Mismatch(text, "dtype" if cut else "values", found, wanted, index)


def _two_numbers(one: float, other: float) -> tuple[str, str]:
    """Two different numbers, short and yet told apart: whole ones in full, others with six digits if that is enough."""
    digits = next((few for few in (6, 9) if _short(one, few) != _short(other, few)), 17)
    return _short(one, digits), _short(other, digits)


def _short(number: float, digits: int) -> str:
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.{digits}g}"


def _identical(before: Any, now: Any) -> bool:
    if isinstance(before, torch.Tensor):
        return (
            isinstance(now, torch.Tensor)
            and before.shape == now.shape
            and before.dtype == now.dtype
            and torch.equal(before, now)
        )
    if isinstance(before, dict):
        return (
            isinstance(now, dict)
            and set(before) == set(now)
            and all(_identical(before[key], now[key]) for key in before)
        )
    if isinstance(before, list | tuple):
        return (
            isinstance(now, list | tuple)
            and len(before) == len(now)
            and all(_identical(a, b) for a, b in zip(before, now, strict=True))
        )
    if callable(before):
        return True
    return bool(before == now)
