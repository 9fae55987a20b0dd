"""Plain values as nodes of a header and raw bytes, and back.

Tensors are rebuilt from dtype, shape and bytes. A function can travel by its name only, if it is one of a module that
both sides have. Nothing is ever unpickled.
"""

import importlib
import math
from types import ModuleType
from typing import Any

import numpy as np
import torch

from autograder.judging.values import MAX_DEPTH, MAX_PARTS, UnsupportedValue, plain, unsupported
from autograder.notebooks.text import legible, text_of
from autograder.sandbox.wire.errors import WireError
from autograder.sandbox.wire.nodes import Array, Mapping, Node, Public, Several, Unsupported
from autograder.sandbox.wire.outputs import sendable

__all__ = ["DTYPES", "module_of", "pack", "unpack"]

#: Product of all sizes of a shape that are not 0. Beyond 64 bits torch cannot tell how far apart elements would be.
_MAX_STEPS = 2**48

#: The kinds of numbers that travel, by the name that a node gives them.
DTYPES: dict[str, torch.dtype] = {
    name: getattr(torch, name)
    for name in ("bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128".split())
}


def module_of(name: str) -> ModuleType | None:
    """Import the module of functions that may travel by name; `None` for an empty name."""
    return importlib.import_module(name) if name else None


def pack(value: Any, arrays: list[memoryview], functions: ModuleType | None = None) -> Node:
    """Turn a plain value into a header node.

    Args:
        value: what to pack.
        arrays: the bytes of the value's tensors are appended here.
        functions: the module whose functions may travel by name.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return sendable(value)
    if isinstance(value, np.ndarray):
        tensor = plain(value)
        if not isinstance(tensor, torch.Tensor):  # an array of objects
            return pack(tensor, arrays, functions)
        node = pack(tensor, arrays)
        return Array(node.dtype, node.shape, is_numpy=True) if isinstance(node, Array) else node
    if isinstance(value, torch.Tensor):
        tensor = value.detach().contiguous()
        dtype = str(tensor.dtype).removeprefix("torch.")
        if dtype not in DTYPES:
            return pack(unsupported(value), arrays)
        arrays.append(_bytes_of(tensor) if tensor.numel() else memoryview(b""))
        return Array(dtype, list(tensor.shape))
    if isinstance(value, UnsupportedValue):
        return Unsupported(sendable(value.type_name), sendable(value.text))
    if isinstance(value, tuple | list):
        return Several([pack(part, arrays, functions) for part in value], isinstance(value, list))
    if isinstance(value, dict):
        parts = [pack(part, arrays, functions) for part in value.values()]
        return Mapping([sendable(key) for key in value], parts)
    name = getattr(value, "__name__", "")
    if functions is not None and getattr(functions, name, None) is value:
        return Public(name)
    return pack(unsupported(value), arrays)


def _bytes_of(tensor: torch.Tensor) -> memoryview:
    data: Any = tensor.flatten().view(torch.uint8).numpy()
    return memoryview(data)


def unpack(node: Node, arrays: list[bytearray], functions: ModuleType | None = None, *, numpy: bool = False) -> Any:
    """Rebuild a plain value.

    Args:
        node: what `pack` has made of it, or what a hostile worker claims it has.
        arrays: the frame's arrays; tensors are taken from the front.
        functions: the module whose functions may travel by name.
        numpy: numpy arrays come back as such, for a student's function; otherwise every array becomes a tensor.

    Raises:
        WireError: the header and the arrays do not fit together, or no public function has the name that is asked for.
    """
    # What a plain value has at most, and one more: an answer comes with its arguments, as a pair.
    value = _Unpacker(arrays, functions, numpy).build(node, MAX_DEPTH + 2)
    if arrays:
        raise WireError("there are more arrays than the header speaks of")
    return value


class _Unpacker:
    def __init__(self, arrays: list[bytearray], functions: ModuleType | None, numpy: bool):
        self.arrays = arrays
        self.numpy = numpy
        self.functions = functions
        self.parts = 0

    def build(self, node: Node, depth: int) -> Any:
        self.parts += 1
        if depth < 0 or self.parts > MAX_PARTS + 100:
            raise WireError("a value is nested too deeply or has too many parts")
        if isinstance(node, Array):
            tensor = self._tensor(node)
            return tensor.numpy() if node.is_numpy and self.numpy else tensor
        if isinstance(node, Several):
            parts = [self.build(part, depth - 1) for part in node.parts]
            return parts if node.is_list else tuple(parts)
        if isinstance(node, Mapping):
            if len(node.keys) != len(node.parts):
                raise WireError("a dict has not as many keys as values")
            pairs = zip(node.keys, node.parts, strict=True)
            return {text_of(key): self.build(part, depth - 1) for key, part in pairs}
        if isinstance(node, Unsupported):
            return UnsupportedValue(legible(node.type_name), legible(node.text))
        if isinstance(node, Public):
            return self._function(node.name)
        return text_of(node) if isinstance(node, str) else node

    def _function(self, name: str) -> Any:
        function = None if self.functions is None else getattr(self.functions, name, None)
        # What the module has itself imported is not among its own functions.
        if self.functions is None or getattr(function, "__module__", "") != self.functions.__name__:
            raise WireError("no public function has that name")
        return function

    def _tensor(self, node: Array) -> torch.Tensor:
        dtype = DTYPES.get(node.dtype)
        if dtype is None or len(node.shape) > 16 or any(size < 0 for size in node.shape):
            raise WireError("an array has an unknown dtype or an impossible shape")
        if not self.arrays:
            raise WireError("the header speaks of more arrays than there are")
        raw = self.arrays.pop(0)
        if math.prod(node.shape) * dtype.itemsize != len(raw):
            raise WireError("an array has not as many bytes as its shape needs")
        if math.prod(max(size, 1) for size in node.shape) > _MAX_STEPS:
            raise WireError("an array without elements has an impossible shape")
        if not raw:
            return torch.zeros(node.shape, dtype=dtype)
        if dtype is torch.bool:  # a byte that is neither 0 nor 1 is no bool
            return torch.frombuffer(raw, dtype=torch.uint8).reshape(node.shape) != 0
        return torch.frombuffer(raw, dtype=dtype).reshape(node.shape)
