"""What a cell printed and showed, as plain records.

They map one to one to a notebook's outputs, so that they can be written into one. A worker bounds what it sends, and
the grader bounds it once more, since it believes no worker.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

__all__ = [
    "CUT",
    "MAX_CELL",
    "MAX_NOTEBOOK",
    "MAX_OUTPUTS",
    "MISSING_PACKAGE",
    "Failure",
    "Output",
    "Shown",
    "Stream",
    "Update",
    "as_nbformat",
    "bounded",
    "is_json",
    "sendable",
    "size",
]

#: In place of an exception: the cell has run, and has imported packages that are not installed; the text names them.
MISSING_PACKAGE = "MissingPackage"

#: What is kept of one cell: characters in all, and outputs.
MAX_CELL = 2**20
MAX_OUTPUTS = 100
_ROOM_FOR_FAILURE = 20_000
#: Characters kept of a whole notebook.
MAX_NOTEBOOK = 8 * 2**20
#: What is kept of a score, a float in text, where the rest of a cell's outputs was cut off.
_ROOM_FOR_RESULT = 10_000
#: Kinds of data that one output has at most, and how deep JSON among them may be.
_MOST_KINDS = 20
_DEEPEST = 50
#: What stands where more was dropped.
CUT = "\n… (the rest was cut off)\n"


class Stream(msgspec.Struct, tag="stream"):
    """Printed text."""

    name: Literal["stdout", "stderr"]
    text: str


class Shown(msgspec.Struct, tag="shown"):
    """Something displayed.

    Attributes:
        data: what it looks like, by kind: pictures as base64, and JSON as its text (`is_json`).
        is_result: whether it is the value of the cell's last expression.
        metadata: a JSON object as text; empty for none.
        display_id: the name under which it can be changed later; empty if it has none.
    """

    data: dict[str, str]
    is_result: bool = False
    metadata: str = ""
    display_id: str = ""


class Update(msgspec.Struct, tag="update"):
    """What was displayed under this name looks different from now on, in whatever cell it stands."""

    display_id: str
    data: dict[str, str]
    metadata: str = ""


class Failure(msgspec.Struct, tag="failure"):
    """An exception that ended the cell."""

    type_name: str
    text: str
    traceback: list[str]


Output = Stream | Shown | Failure | Update


def bounded(outputs: Iterable[Output], room: int = MAX_CELL) -> list[Output]:
    """The outputs as far as they fit into `room` characters.

    Of what follows those are kept, shortened, that a score is read from: the last value, whether anything was written
    to stderr, and an exception.
    """
    kept: list[Output] = []
    full = False
    for output in outputs:
        if isinstance(output, Failure):
            if len(kept) < MAX_OUTPUTS or not any(isinstance(one, Failure) for one in kept):
                kept.append(_shortened(output, max(room, _ROOM_FOR_FAILURE)))
                room -= size(kept[-1])
            continue
        if isinstance(output, Shown | Update) and len(output.data) > _MOST_KINDS:
            output = msgspec.structs.replace(output, data=dict(list(output.data.items())[:_MOST_KINDS]))
        if not full:
            full = size(output) > room or len(kept) >= MAX_OUTPUTS
            kept.append(_cut(output, room) if full else output)
            room -= size(output)
        elif _decides(output) and not any(_decides(one) for one in kept):
            kept.append(_cut(output, 0))
    return kept


def _decides(output: Output) -> bool:
    """Whether nbgrader would take a score from it."""
    return (isinstance(output, Shown) and output.is_result) or (isinstance(output, Stream) and output.name == "stderr")


def size(output: Output) -> int:
    """Characters of an output."""
    match output:
        case Stream(text=text):
            return len(text)
        case Shown(data=data) | Update(data=data):
            return sum(len(kind) + len(value) for kind, value in data.items()) + len(output.metadata)
        case Failure():
            return len(output.type_name) + len(output.text) + sum(map(len, output.traceback))


def _cut(output: Output, room: int) -> Output:
    if isinstance(output, Stream):
        return Stream(output.name, output.text[: max(room, 0)] + CUT)
    if isinstance(output, Shown) and output.is_result and len(output.data.get("text/plain", "")) < _ROOM_FOR_RESULT:
        return Shown({kind: text for kind, text in output.data.items() if kind == "text/plain"}, True)
    return Shown({"text/plain": CUT})


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


def is_json(kind: str) -> bool:
    """Whether data of this kind stands in a notebook as JSON, and not as text."""
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _as_nbformat(output: Output, execution_count: int | None) -> dict[str, Any]:
    match output:
        case Stream(name, text):
            return {"output_type": "stream", "name": name, "text": text}
        case Shown(data, is_result, metadata):
            shown: dict[str, Any] = {"output_type": "display_data", "data": _data(data)}
            shown["metadata"] = {} if (found := _plain(metadata)) is None or not isinstance(found, dict) else found
            if is_result:
                shown |= {"output_type": "execute_result", "execution_count": execution_count}
            return shown
        case Failure(type_name, text, traceback):
            return {"output_type": "error", "ename": type_name, "evalue": text, "traceback": traceback}
        case Update():
            raise ValueError("a change of an output is none itself")


def _data(texts: dict[str, str]) -> dict[str, Any]:
    found = {kind: _plain(text) if is_json(kind) else text for kind, text in texts.items()}
    return {kind: value for kind, value in found.items() if value is not None}


def _plain(text: str) -> Any:
    """The value of a JSON text; `None` if it has none, or is so deep that nobody can write it down again."""
    try:
        value = msgspec.json.decode(text or "null")
    except (msgspec.MsgspecError, RecursionError):
        return None
    return None if _is_deeper(value, _DEEPEST) else value


def _is_deeper(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(one, most - 1) for one in inner)
