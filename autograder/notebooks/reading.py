"""Reading a notebook as data: no cell is run, outputs are skipped, and hostile files end in a sentence.

Deliberately not `nbformat`, which takes 100 ms for an ordinary notebook and a minute for a malicious one.
"""

import math
import re
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec

from autograder.notebooks.files import FileError, read_file
from autograder.notebooks.machine import is_of_the_machine
from autograder.notebooks.text import legible

__all__ = [
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_SOURCE",
    "Notebook",
    "NotebookCell",
    "NotebookError",
    "parse_notebook",
    "read_bytes",
    "read_notebook",
]

#: A notebook with its pictures has a few hundred kilobytes.
MAX_BYTES = 50 * 2**20
#: All code together; a lesson has about 20 KB. Python needs seconds and gigabytes to parse megabytes of code.
MAX_SOURCE = 256 * 2**10
MAX_CELLS = 2_000
#: All text that is no code, together.
MAX_TEXT = 2 * 2**20
#: Values, names and marks between them in a notebook's JSON, and how deep it may nest: memory follows the number of
#: values rather than that of bytes.
MAX_NODES = 300_000
MAX_DEPTH = 500

#: A string, or a mark of JSON.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.DOTALL)

T = TypeVar("T")


class NotebookError(Exception):
    """This file cannot be read as a notebook; the text says why, in a sentence for its author."""


class NotebookCell(NamedTuple):
    """One cell.

    Attributes:
        number: place in the notebook, from 1, as a reader would count.
        id: the cell's id, empty in old formats.
        cell_type: ``code``, ``markdown`` or ``raw``.
        source: its text.
        tags: Jupyter's tags.
        grade_id: nbgrader's name for it, empty for cells that nbgrader does not know.
        is_grade: nbgrader takes points from this cell.
        is_solution: the student writes in this cell.
        points: what nbgrader says it is worth.
    """

    number: int
    id: str
    cell_type: str
    source: str
    tags: tuple[str, ...]
    grade_id: str
    is_grade: bool
    is_solution: bool
    points: float

    @property
    def is_answer(self) -> bool:
        """The student's code for a question."""
        return self.cell_type == "code" and self.is_solution

    @property
    def is_test(self) -> bool:
        """The locked cell that asks for the verdict on a question."""
        return self.cell_type == "code" and self.is_grade and not self.is_solution

    @property
    def is_read_by_a_person(self) -> bool:
        """The student's own sentences, which nbgrader has graded by hand."""
        return self.cell_type == "markdown" and self.is_grade and self.is_solution


class Notebook(NamedTuple):
    """A notebook's cells, in order."""

    cells: tuple[NotebookCell, ...]

    @property
    def code(self) -> tuple[NotebookCell, ...]:
        """The cells that make up the student's program.

        Left out are the locked tests, and what the lesson tags ``show``: pictures and long training, which are for
        the reader and define nothing that a question needs.
        """
        return tuple(
            cell
            for cell in self.cells
            if cell.cell_type == "code" and not cell.is_test and "show" not in cell.tags and cell.source.strip()
        )


class _Nbgrader(msgspec.Struct):
    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    points: float | str | None = None


class _Metadata(msgspec.Struct):
    nbgrader: msgspec.Raw = msgspec.Raw()
    tags: msgspec.Raw = msgspec.Raw()


class _Cell(msgspec.Struct):
    # Metadata are read part by part below: nonsense in one cell's must not cost the rest of the notebook.
    cell_type: str
    source: msgspec.Raw = msgspec.Raw(b'""')
    id: str = ""
    metadata: msgspec.Raw = msgspec.Raw()


class _Version(msgspec.Struct):
    nbformat: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def read_notebook(path: Path) -> Notebook:
    """Read a notebook file.

    Raises:
        NotebookError: there is no such file, or it is no notebook of format 4.
    """
    return parse_notebook(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """What is in a notebook's file, unread.

    Raises:
        NotebookError: there is no such file, or it is nothing that one would open.
    """
    try:
        if path.is_symlink():  # it may lead to somebody else's work, or to the solution
            raise NotebookError(f"{legible(path.name)} is a link. Hand in the notebook itself.")
        if path.is_dir():
            raise NotebookError(f"{legible(path.name)} is a folder, not a notebook.")
        if path.stat().st_size > MAX_BYTES:
            raise NotebookError(f"The file has more than {MAX_BYTES // 2**20} MB. Clear the outputs and save it again.")
        return read_file(path, MAX_BYTES)
    except FileError as error:
        raise NotebookError(str(error)) from None
    except FileNotFoundError:
        raise NotebookError(f"There is no notebook {legible(str(path))}.") from None
    except OSError as error:
        if is_of_the_machine(error):
            raise
        raise NotebookError(f"The file cannot be read: {error.strerror}.") from None


def parse_notebook(raw: bytes) -> Notebook:
    """Read a notebook from the bytes of its file.

    Raises:
        NotebookError: it is no notebook of format 4, or an unreasonably large one.
    """
    if not raw.strip():
        raise NotebookError("The file is empty.")
    _assert_bounded(raw)
    try:
        version = msgspec.json.decode(raw, type=_Version).nbformat
    except (msgspec.ValidationError, RecursionError):
        raise NotebookError("The file is not a notebook.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotebookError("The file is not a notebook: it is not even JSON, perhaps cut off while saving.") from None
    if version is None:
        raise NotebookError("The file is JSON but not a notebook.")
    if version != 4:
        raise NotebookError(
            f"The notebook is in format {version}, this course needs format 4. Open it in Jupyter and save it again."
        )
    try:
        cells = msgspec.json.decode(raw, type=_Notebook).cells
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise NotebookError("The notebook is damaged: its cells cannot be read.") from None
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"The notebook has {len(cells):,} cells, at most {MAX_CELLS:,} are read.")
    # In JSON a character has at most 12 bytes. A string in memory may have four times the bytes of its file.
    if sum(len(bytes(cell.source)) for cell in cells) > 12 * (MAX_SOURCE + MAX_TEXT):
        raise NotebookError(f"The notebook has more than {MAX_TEXT // 2**20} MB of text beside its code.")
    try:
        read = tuple(_cell(number, cell) for number, cell in enumerate(cells, 1))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotebookError("The notebook is damaged: its cells cannot be read.") from None
    if sum(len(cell.source) for cell in read if cell.cell_type == "code") > MAX_SOURCE:
        raise NotebookError(f"The notebook has more than {MAX_SOURCE // 1024} KB of code.")
    if sum(len(cell.source) for cell in read if cell.cell_type != "code") > MAX_TEXT:
        raise NotebookError(f"The notebook has more than {MAX_TEXT // 2**20} MB of text beside its code.")
    return Notebook(read)


def _assert_bounded(raw: bytes) -> None:
    """Look at JSON without keeping anything of it, and refuse what would take much memory or stack to read.

    Raises:
        NotebookError: it has too many values, or they nest too deep.
    """
    if raw.count(b'"') + raw.count(b"[") + raw.count(b"{") + raw.count(b",") <= MAX_NODES // 4:
        return  # it cannot have too many, and what cannot be read says so below
    nodes = depth = 0
    for found in _TOKEN.finditer(raw):
        nodes += 1
        mark = found[0]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise NotebookError(
                "The notebook is made of more parts than any that was written by hand "
                f"({MAX_NODES:,} values, {MAX_DEPTH} deep, are read). Clear the outputs and save it again."
            )


def _cell(number: int, cell: _Cell) -> NotebookCell:
    metadata = _lenient(cell.metadata, _Metadata) or _Metadata()
    nbgrader = _lenient(metadata.nbgrader, _Nbgrader) or _Nbgrader()
    try:
        points = float(nbgrader.points or 0)
    except ValueError:
        points = 0.0
    source = msgspec.json.decode(cell.source, type=str | list[str])
    return NotebookCell(
        number,
        cell.id,
        cell.cell_type,
        source if isinstance(source, str) else "".join(source),
        tuple(_lenient(metadata.tags, list[str]) or ()),
        legible(nbgrader.grade_id),
        nbgrader.grade,
        nbgrader.solution,
        points if math.isfinite(points) else 0.0,
    )


def _lenient(raw: msgspec.Raw, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
