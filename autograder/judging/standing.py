"""How a function stands in a notebook: the global names that it reads, and whether they still mean the same.

A later cell may give a name another meaning: ``cost = cost(X, y, w, b)`` makes a number of a function, and a function
that reads ``torch`` is another one after ``torch = "…"``. It may change what a name holds, or what a library has been
told to do everywhere: ``torch.set_default_dtype(torch.float64)``. Used where the function lives, which is beside the
student's code; so nothing here is asked of an object that code of the student's could answer.
"""

import dis
import functools
from collections.abc import Iterator, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np
import torch

__all__ = ["Standing", "first_change", "standing"]

#: What decides about numbers in every function, whatever names it reads.
_SETTINGS = {
    "torch.get_default_dtype()": torch.get_default_dtype,
    "torch.is_grad_enabled()": torch.is_grad_enabled,
    "np.geterr()": np.geterr,
}
#: A name that means nothing in the notebook; it may be one of Python's own.
_NOTHING = object()
#: How many names are followed.
_MOST = 200


class Standing(NamedTuple):
    """How a function stands.

    Attributes:
        reads: what each global name that it reads means, its own name among them.
        held: what those hold that can be changed in place.
        settings: what libraries have been told to do everywhere.
    """

    reads: dict[str, Any]
    held: dict[str, Any]
    settings: dict[str, Any]


def standing(function: str, names: Mapping[str, Any]) -> Standing:
    """What the function of that name reads, and what the notebook's own functions read that it calls.

    Args:
        function: a name; it may mean nothing yet.
        names: the notebook's global names.
    """
    found: dict[str, Any] = {}
    waiting = [function]
    while waiting and len(found) < _MOST:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = names.get(name, _NOTHING)
        waiting.extend(read for read in _read_by(found[name]) if read not in found)
    settings = {name: read() for name, read in _SETTINGS.items()}
    return Standing(found, {name: _held(value) for name, value in found.items()}, settings)


def first_change(was: Standing, names: Mapping[str, Any]) -> str | None:
    """A name that means something else by now, the function's own before others; ``None`` if all is as it was."""
    for name, value in was.reads.items():
        now = names.get(name, _NOTHING)
        if not _same(value, now) or (value is now and not _holds(was.held[name], _held(now))):
            return name
    return next((name for name, value in was.settings.items() if _SETTINGS[name]() != value), None)


def _held(value: Any) -> Any:
    """The parts of a list or a dict, and how many times a tensor was written to; nothing of anything else."""
    kind = type(value)
    if kind is list or kind is set:
        return list(value)
    if kind is dict:
        return [*value.keys(), *value.values()]
    return value._version if kind is torch.Tensor and not value.is_inference() else None


def _holds(one: Any, other: Any) -> bool:
    if type(one) is list and type(other) is list:
        return len(one) == len(other) and all(mine is theirs for mine, theirs in zip(one, other, strict=True))
    return type(one) is type(other) and bool(one == other)


def _read_by(value: Any) -> Iterator[str]:
    """The global names that a function reads, or the methods of a class."""
    for code in _codes(value, 0):
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                yield str(instruction.argval)


def _codes(value: Any, depth: int) -> Iterator[CodeType]:
    # `type` and not `isinstance`, which asks the object itself what it is.
    kind = type(value)
    if depth > 4:
        return
    if kind is CodeType:
        yield value
        for constant in value.co_consts:
            if type(constant) is CodeType:
                yield from _codes(constant, depth + 1)
    elif kind is FunctionType:
        yield from _codes(value.__code__, depth)
        for cell in value.__closure__ or ():  # a decorated function is kept in the one that stands for it
            yield from _codes(_content(cell), depth + 1)
    elif kind is functools.partial:
        yield from _codes(value.func, depth + 1)
    elif kind is functools._lru_cache_wrapper:
        yield from _codes(vars(value).get("__wrapped__"), depth + 1)
    elif kind is type:
        for part in type.__dict__["__dict__"].__get__(value).values():
            if type(part) in (FunctionType, staticmethod, classmethod, property):
                yield from _codes(getattr(part, "__func__", getattr(part, "fget", part)), depth + 1)
    elif type(kind) is type and kind.__module__ == "__main__":  # an object of a class of the notebook
        yield from _codes(kind, depth + 1)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it has none yet
        return None


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) in (bool, int, float, str):
        return bool(one == other)
    if type(one) is FunctionType:  # the same lines, run again
        return one.__closure__ is None and other.__closure__ is None and _same_code(one.__code__, other.__code__)
    return False


def _same_code(one: CodeType, other: CodeType) -> bool:
    if (one.co_code, one.co_names, one.co_varnames) != (other.co_code, other.co_names, other.co_varnames):
        return False
    if len(one.co_consts) != len(other.co_consts):
        return False
    return all(
        _same_code(mine, theirs) if type(mine) is type(theirs) is CodeType else _same_constant(mine, theirs)
        for mine, theirs in zip(one.co_consts, other.co_consts, strict=True)
    )


def _same_constant(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)
