"""Tables that other systems have exported: read, matched with our students, and written for them to import."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.instructor.csv_files import Cell, safe_cell, write_csv
from autograder.instructor.exports import ExportError
from autograder.instructor.exports._scores import ClassScores
from autograder.notebooks.text import legible

#: A class of 100,000 has less.
_MOST = 200 * 2**20


class Table:
    """A table with a header.

    Attributes:
        header: the columns' names.
        rows: all equally long.

    Raises:
        ExportError: it cannot be read, or has not all of the `needed` columns.
    """

    def __init__(self, path: Path, needed: Sequence[str], what: str):
        try:
            if path.stat().st_size > _MOST:
                raise ExportError(f"{path} is too large to be {what}.")
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ExportError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ExportError(f"{path} is not text in UTF-8. Export it anew, as CSV.") from None
        first = text.partition("\n")[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
        except csv.Error as error:
            raise ExportError(f"{path} cannot be read as CSV: {error}.") from None
        self.header = rows[0] if rows else []
        missing = [name for name in needed if name not in self.header]
        if missing:
            raise ExportError(f"{path} is not {what}: it has no column {missing[0]!r}.")
        width = len(self.header)
        self.rows = [(row + [""] * width)[:width] for row in rows[1:]]

    def column(self, name: str) -> int | None:
        """Where a column is, if there is one."""
        return self.header.index(name) if name in self.header else None


class Finder:
    """Finds rows by what stands in them. Letter case and spaces around are no difference.

    Args:
        rows: by number, for each kind of key what the row has of it.
    """

    def __init__(self, rows: Iterable[tuple[int, dict[str, str]]]):
        self._rows: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, keys in rows:
            for kind, value in keys.items():
                if value.strip():
                    self._rows[kind, _plain(value)].add(number)

    def find(self, keys: Iterable[tuple[str, str]]) -> int | None:
        """The row that the first of these keys to lead to one row alone leads to."""
        for kind, value in keys:
            found = self._rows.get((kind, _plain(value)), set()) if value.strip() else set()
            if len(found) == 1:
                return next(iter(found))
        return None


def write(out: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str) -> None:
    """Write a table.

    Raises:
        ExportError: there can be no such file.
    """
    try:
        with out.open("w", encoding=encoding, newline="") as file:
            write_csv(file, header, rows)
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.") from None


def write_not_graded(out: Path, found: ClassScores) -> list[str]:
    """Write who was not graded, and why, beside a file of scores; no list where there is nobody.

    Returns:
        where it is, in a sentence; nothing if it is not.

    Raises:
        ExportError: there can be no such file.
    """
    beside = out.with_name(f"{out.stem}-not-graded.csv")
    if not found.not_graded:
        beside.unlink(missing_ok=True)  # of an earlier export; nobody in it is without a score any more
        return []
    names = {student.id: student.name for student in found.students}
    rows = [
        [student, names[student], assignment, reason]
        for (student, assignment), reason in sorted(found.not_graded.items())
    ]
    write(beside, ["Student id", "Name", "Assignment", "Why it was not graded"], rows, "utf-8-sig")
    return [f"Who was not graded, and why: {beside}."]


def changed_by_safety(ids: Iterable[str]) -> list[str]:
    """A sentence for each identifier that a spreadsheet would run: it is written so that it does not, and differs."""
    return [
        f"{legible(one)} begins like a formula and is written as {legible(safe_cell(one))}, which is nobody's."
        for one in ids
        if safe_cell(one) != one
    ]


def _plain(value: str) -> str:
    return re.sub(r"\s+", " ", value.strip()).casefold()
