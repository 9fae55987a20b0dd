"""Plain values as the header of a frame has them, made and read by `autograder.sandbox.wire.packing`.

This module imports no torch: commands that run no notebook themselves read messages too.
"""

import msgspec

__all__ = ["Array", "Mapping", "Node", "Public", "Several", "Unsupported"]


class Array(msgspec.Struct, tag="array", array_like=True):
    dtype: str
    shape: list[int]
    is_numpy: bool = False


class Several(msgspec.Struct, tag="several", array_like=True):
    parts: "list[Node]"
    is_list: bool


class Mapping(msgspec.Struct, tag="mapping", array_like=True):
    keys: list[str]
    parts: "list[Node]"


class Unsupported(msgspec.Struct, tag="unsupported", array_like=True):
    type_name: str
    text: str


class Public(msgspec.Struct, tag="public", array_like=True):
    """A function of the module that both sides have, by name."""

    name: str


Node = None | bool | int | float | str | Array | Several | Mapping | Unsupported | Public
