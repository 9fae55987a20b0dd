"""Who is in the class: a roster as an LMS writes it, or one of your own, and how to find somebody in it."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder.instructor.collect._reading import CollectError
from autograder.notebooks.text import legible

#: Columns that hold the id which nbgrader shall know a student by, the best first; Moodle's, Canvas's, Gradescope's.
_IDS = ("student_id", "id", "username", "sis login id", "login", "sid", "sis user id", "id number", "email address")
#: Other columns, by what a download may know somebody by.
_KEYS = {
    "number": ("identifier", "id", "canvas id"),
    "email": ("email address", "email", "e-mail"),
    "sid": ("sid", "id number", "sis user id", "username", "sis login id", "student_id", "id"),
}
_NAMES = ("full name", "student", "name")
_LARGEST = 200 * 2**20
#: What no name of a student's folder has: nbgrader puts it into pages and addresses as it stands.
_NO_FOLDER = set('/\\<>&"`%?#')


class RosterRow(NamedTuple):
    """One student.

    Attributes:
        id: nbgrader's student id.
        name: as the roster has it.
        keys: kind and value of all that a download may know the student by.
    """

    id: str
    name: str
    keys: frozenset[tuple[str, str]]


class People:
    """The roster, to be searched."""

    def __init__(self, rows: Iterable[RosterRow]):
        self._by_key: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            for key in row.keys:
                self._by_key[key].add(row.id)

    def find(self, keys: Iterable[tuple[str, str]]) -> tuple[str, str]:
        """The id of whom the first of these keys that anybody has belongs to, and else why there is nobody."""
        for kind, value in keys:
            found = self._by_key.get((kind, plain(value)), set()) if value.strip() else set()
            if len(found) == 1:
                return next(iter(found)), ""
            if found:
                return "", f"{len(found)} in the roster are called {legible(value)}: {', '.join(sorted(found))}."
        return "", "Nobody in the roster is called that."


def read_roster_file(path: Path) -> list[RosterRow]:
    """Read a roster: Moodle's worksheet or list of participants, Canvas's gradebook, Gradescope's roster, or your own.

    Your own needs a column ``id`` and may have ``name``, or ``first name`` and ``last name``, and ``email``.

    Raises:
        CollectError: it cannot be read, has no column for an id, or two students have one id.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise CollectError(f"{path} is too large for a roster.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CollectError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CollectError(f"{path} is not text in UTF-8. Export it anew, as CSV.") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    is_canvas = "section" in header and "student" in header
    candidates = [name for name in _IDS if name in header and not (is_canvas and name == "id")]
    if not candidates:
        raise CollectError(f"{path} has no column for an id. A column 'id' is enough; Moodle's and Canvas's files do.")
    found: list[RosterRow] = []
    taken: dict[str, int] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip().lstrip("'") for name, cell in zip(header, row, strict=False)}
        id = next((cells[name] for name in candidates if cells.get(name)), "")
        if not id or cells.get("student", "").startswith(("Points Possible", "Student, Test")):
            continue
        if id.startswith(".") or set(id) & _NO_FOLDER or not id.isprintable():
            raise CollectError(
                f"{path}, line {number}: {legible(id)!r} cannot be the name of a folder, which an id is."
            )
        if id in taken:
            raise CollectError(f"{path}: lines {taken[id]} and {number} have the same id, {id!r}.")
        taken[id] = number
        found.append(RosterRow(id, _name(cells), frozenset(_keys(cells, id))))
    if not found:
        raise CollectError(f"{path} has nobody in it.")
    return found


def _name(cells: dict[str, str]) -> str:
    whole = next((cells[name] for name in _NAMES if cells.get(name)), "")
    return whole or " ".join(filter(None, (cells.get("first name", ""), cells.get("last name", ""))))


def _keys(cells: dict[str, str], id: str) -> Iterable[tuple[str, str]]:
    yield "id", plain(id)
    for kind, columns in _KEYS.items():
        for name in columns:
            if cells.get(name):
                yield kind, plain(cells[name].removeprefix("Participant ") if kind == "number" else cells[name])
    name = _name(cells)
    if name:
        last, comma, first = name.partition(",")
        yield "name", plain(f"{first} {last}" if comma else name)
        # Canvas writes the sortable name into a file's, letters alone.
        sortable = name if comma else " ".join([*name.split()[-1:], *name.split()[:-1]])
        yield "letters", letters(sortable)


def plain(text: str) -> str:
    """A text without differences that nobody means: letter case, and how many spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).strip()).casefold()


def letters(text: str) -> str:
    """A name as Canvas puts it before a file's: lower-case letters and digits."""
    return plain("".join(letter for letter in text.casefold() if letter.isalnum()))
