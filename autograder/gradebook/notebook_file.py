"""A notebook's file read and written as nbgrader does it, in a fraction of the time."""

import warnings
from typing import Any

import msgspec
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines, split_lines, strip_transient
from nbformat.validator import normalize

from autograder.notebooks.reading import NotebookError, parse_notebook

#: Bytes of a notebook's metadata, its cells' included, and of pictures that are attached to its texts.
MAX_METADATA = 2**20
MAX_ATTACHMENTS = 10 * 2**20
#: Values in all metadata: each becomes an object some hundred bytes large.
MAX_VALUES = 50_000


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    id: str | None = None
    metadata: msgspec.Raw = msgspec.Raw(b"{}")
    attachments: msgspec.Raw = msgspec.Raw(b"{}")


class _Notebook(msgspec.Struct):
    cells: list[_Cell]
    nbformat: int
    nbformat_minor: int = 0
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


def as_node(raw: bytes) -> NotebookNode:
    """A notebook as nbgrader's steps take it: `nbformat.read` without the 30 ms of checking against a schema.

    Outputs are left out, which nbgrader's first step would do, and what nbformat knows nothing of.

    Raises:
        autograder.notebooks.reading.NotebookError: it is too large, or no notebook.
    """
    parse_notebook(raw)
    try:
        whole = msgspec.json.decode(raw, type=_Notebook)
    except msgspec.MsgspecError:
        raise NotebookError("The notebook is damaged: its cells cannot be read.") from None
    about = [bytes(whole.metadata), *(bytes(cell.metadata) for cell in whole.cells)]
    if sum(map(len, about)) > MAX_METADATA or sum(map(_values, about)) > MAX_VALUES:
        raise NotebookError(
            "The notebook has far more metadata than Jupyter would write. Copy its cells into a new one."
        )
    if sum(len(bytes(cell.attachments)) for cell in whole.cells) > MAX_ATTACHMENTS:
        raise NotebookError(f"The pictures in the notebook's texts have more than {MAX_ATTACHMENTS // 2**20} MB.")
    plain: dict[str, Any] = {
        "nbformat": whole.nbformat,
        "nbformat_minor": whole.nbformat_minor,
        "metadata": _metadata(whole.metadata),
        "cells": [_plain(cell) for cell in whole.cells],
    }
    kernel = plain["metadata"].get("kernelspec")
    if not isinstance(kernel, dict) or not isinstance(kernel.get("name", ""), str):
        plain["metadata"].pop("kernelspec", None)
    nb: NotebookNode = strip_transient(rejoin_lines(from_dict(plain)))
    ids = [cell.get("id") for cell in nb.cells]
    if nb.get("nbformat_minor", 0) >= 5 and (None in ids or len(set(ids)) < len(ids)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what is being mended here
            _, nb = normalize(nb, strip_invalid_metadata=False)
    return nb


def as_bytes(nb: NotebookNode) -> bytes:
    """The notebook's file, to the byte as `nbformat.write` makes it; `nb` is used up."""
    plain = msgspec.json.encode(strip_transient(split_lines(nb)), order="sorted")
    return msgspec.json.format(plain, indent=1) + b"\n"


def _plain(cell: _Cell) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": cell.cell_type, "metadata": _metadata(cell.metadata), "source": cell.source}
    if cell.id is not None:
        made["id"] = cell.id
    attachments = {
        name: {kind: content for kind, content in kinds.items() if isinstance(content, str)}
        for name, kinds in _metadata(cell.attachments).items()
        if isinstance(kinds, dict)
    }
    if attachments and cell.cell_type != "code":
        made["attachments"] = attachments
    if cell.cell_type == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def _metadata(raw: msgspec.Raw) -> dict[str, Any]:
    """What is known of a cell; nothing, if it is nonsense."""
    found = msgspec.json.decode(raw)
    return found if isinstance(found, dict) else {}


def _values(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")
