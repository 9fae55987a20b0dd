"""What a cell printed and showed, as plain records.

They map one to one to a notebook's outputs, so that they can be written into one. A worker bounds what it sends, and
the grader bounds it once more, since it believes no worker.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

__all__ = [
    "CUT",
    "KINDS",
    "MAX_CELL",
    "MAX_NOTEBOOK",
    "MAX_OUTPUTS",
    "Failure",
    "Output",
    "Shown",
    "Stream",
    "as_nbformat",
    "bounded",
    "sendable",
    "size",
]

#: What is kept of one cell: characters in all, and outputs.
MAX_CELL = 2**20
MAX_OUTPUTS = 100
_ROOM_FOR_FAILURE = 20_000
#: Characters kept of a whole notebook.
MAX_NOTEBOOK = 8 * 2**20
#: Kinds of data that a notebook shows and that are kept. Pictures as base64.
KINDS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/svg+xml")
#: What stands where more was dropped.
CUT = "\n… (the rest was cut off)\n"


class Stream(msgspec.Struct, tag="stream"):
    """Printed text."""

    name: Literal["stdout", "stderr"]
    text: str


class Shown(msgspec.Struct, tag="shown"):
    """Something displayed: its data by kind. `is_result` if it is the value of the cell's last expression."""

    data: dict[str, str]
    is_result: bool = False


class Failure(msgspec.Struct, tag="failure"):
    """An exception that ended the cell."""

    type_name: str
    text: str
    traceback: list[str]


Output = Stream | Shown | Failure


def bounded(outputs: Iterable[Output], room: int = MAX_CELL) -> list[Output]:
    """The outputs as far as they fit into `room` characters. What follows is left out, but for an exception."""
    kept: list[Output] = []
    full = False
    for output in outputs:
        if isinstance(output, Failure):
            kept.append(_shortened(output, max(room, _ROOM_FOR_FAILURE)))
            break  # nothing comes after it
        if full:
            continue
        if isinstance(output, Shown):
            output = Shown({kind: output.data[kind] for kind in KINDS if kind in output.data}, output.is_result)
        full = size(output) > room or len(kept) >= MAX_OUTPUTS
        kept.append(_cut(output, room) if full else output)
        room -= size(output)
    return kept


def size(output: Output) -> int:
    """Characters of an output."""
    match output:
        case Stream(text=text):
            return len(text)
        case Shown(data=data):
            return sum(len(kind) + len(value) for kind, value in data.items())
        case Failure():
            return len(output.type_name) + len(output.text) + sum(map(len, output.traceback))


def _cut(output: Output, room: int) -> Stream:
    if isinstance(output, Stream):
        return Stream(output.name, output.text[: max(room, 0)] + CUT)
    return Stream("stderr", CUT)


def _shortened(failure: Failure, room: int) -> Failure:
    if size(failure) <= room:
        return failure
    return Failure(failure.type_name[:100], failure.text[: room - 100], [])


def sendable(text: str) -> str:
    """The text without halves of characters, which Python's strings may hold and no encoding knows."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def as_nbformat(outputs: Iterable[Output], execution_count: int | None) -> list[dict[str, Any]]:
    """The outputs as a notebook file has them (format 4)."""
    return [_as_nbformat(output, execution_count) for output in outputs]


def _as_nbformat(output: Output, execution_count: int | None) -> dict[str, Any]:
    match output:
        case Stream(name, text):
            return {"output_type": "stream", "name": name, "text": text}
        case Shown(data, is_result):
            shown: dict[str, Any] = {"output_type": "display_data", "metadata": {}, "data": data}
            if is_result:
                shown |= {"output_type": "execute_result", "execution_count": execution_count}
            return shown
        case Failure(type_name, text, traceback):
            return {"output_type": "error", "ename": type_name, "evalue": text, "traceback": traceback}
