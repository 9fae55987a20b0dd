"""Plain values: what a student's function may give back, whatever it really made.

The same few kinds are used in a notebook and across the wire, so that a verdict is the same in both: ``None``,
``bool``, ``int``, ``float``, ``str``, dense CPU tensors, and tuples, lists and string-keyed dicts of these. A third may
be ``Fraction(1, 3)``, which is read as a float, and a range is read as a list.
Anything else becomes `UnsupportedValue`, a name and a short text that can be shown and never equals anything expected.
"""

import warnings
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
import torch

from autograder.notebooks.text import text_of

#: Deepest nesting that is followed, and the largest number of parts; a value that has more is of no plain kind.
MAX_DEPTH = 8
MAX_PARTS = 100_000


# Not a NamedTuple: an answer that is a tuple of two is something else.
@dataclass(frozen=True, slots=True)
class UnsupportedValue:
    """A value of no plain kind: ``UnsupportedValue("function", "<function f at …>")``."""

    type_name: str
    text: str


def plain(value: Any) -> Any:
    """Turn a value into plain ones: tensors detached and dense, numpy arrays as tensors, numpy scalars as numbers.

    The result shares no memory with `value`.
    """
    return _Plain().whole(value)


def size_of(value: Any) -> int:
    """About how many bytes a plain value holds in memory."""
    if isinstance(value, torch.Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return 100 + sum(100 + size_of(part) for part in value.values())
    if isinstance(value, list | tuple):
        return 100 + sum(map(size_of, value))
    return 50


def copied(value: Any) -> Any:
    """The same as `plain`, but that numpy arrays stay numpy arrays: what a function of the student's is given.

    The result shares no memory with `value`.
    """
    return _Plain(keep_arrays=True).whole(value)


class _TooManyParts(Exception):
    """There is no end of them, or it is far away."""


class _Plain:
    def __init__(self, keep_arrays: bool = False) -> None:
        self.parts = 0
        self.keep_arrays = keep_arrays

    def whole(self, value: Any) -> Any:
        try:
            return self.convert(value, MAX_DEPTH)
        except _TooManyParts:
            name = text_of(type(value).__name__)
            return UnsupportedValue(f"{name} of more than {MAX_PARTS:,} parts", "(too large to be shown)")

    def convert(self, value: Any, depth: int) -> Any:
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise _TooManyParts
        if depth < 0:
            return unsupported(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return int(value) if -(2**63) <= value < 2**63 else unsupported(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, str):
            return text_of(value)
        if isinstance(value, torch.Tensor):
            return _dense(value)
        if isinstance(value, np.ndarray):
            return self._array(value, depth)
        if isinstance(value, np.generic):
            item = value.item()
            return unsupported(value) if isinstance(item, np.generic) else self.convert(item, depth - 1)
        if isinstance(value, Number) and not isinstance(value, complex):  # a Fraction, a Decimal
            return _number(value)
        if isinstance(value, tuple):
            return tuple(self.convert(part, depth - 1) for part in value)
        if isinstance(value, list | range):
            return [self.convert(part, depth - 1) for part in value]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {text_of(key): self.convert(part, depth - 1) for key, part in value.items()}
        return unsupported(value)

    def _array(self, value: np.ndarray, depth: int) -> Any:
        native = value.astype(value.dtype.newbyteorder("="))  # a copy, also of what is in native order
        try:
            tensor = torch.from_numpy(np.ascontiguousarray(native).reshape(value.shape))
            return tensor.numpy() if self.keep_arrays else tensor
        except TypeError:  # an array of objects or strings
            return self.convert(value.tolist(), depth - 1)


def _number(value: Any) -> Any:
    try:
        return float(value)
    except Exception:  # too large, or whatever else a class of a student's says
        return unsupported(value)


def _dense(value: torch.Tensor) -> Any:
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            tensor = value.detach()
            if tensor.is_nested:  # rows of different lengths: no tensor that has a shape
                return unsupported(value)
            if tensor.is_quantized:
                tensor = tensor.dequantize()
            if tensor.layout is not torch.strided:
                tensor = tensor.to_dense()
            tensor = tensor.as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
            return tensor.clone(memory_format=torch.contiguous_format)
    except (RuntimeError, NotImplementedError):  # meta tensors and other tensors without values
        return unsupported(value)


def unsupported(value: Any) -> UnsupportedValue:
    """Describe a value of no plain kind. Never raises, even where the value's own ``repr`` does."""
    try:
        text = repr(value)
    except Exception:
        text = "(cannot be shown)"
    return UnsupportedValue(text_of(type(value).__name__), text_of(text))
