"""Copies of a class's gradebook from before each run that changes it, and going back to the last of them.

A SQLite gradebook is copied by SQLite's own backup, which other programs may write beside; so are our stored results,
which have to agree with it. Of any other database we can only say how to copy it.
"""

import contextlib
import datetime
import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import is_there, read_roster
from autograder.gradebook.ledger import Ledger, LedgerEntry, read_marks

__all__ = ["KEPT", "NothingToUndo", "Undone", "dump_command", "take_snapshot", "undo"]

#: So many are kept.
KEPT = 5
#: Where the state goes that `undo` takes back.
_UNDONE = "undone"

_SQLITE = "sqlite:///"


class Undone(NamedTuple):
    """What was taken back.

    Attributes:
        at: when the snapshot was taken that is the gradebook now; UTC.
        entries: the scores that are others than they were a moment ago.
    """

    at: str
    entries: list[LedgerEntry]


class NothingToUndo(Exception):
    """There is no snapshot to go back to; the text says why."""


def take_snapshot(folder: CourseFolder) -> Path | None:
    """Copy the gradebook and the stored results; where to. ``None`` if the gradebook is no file of SQLite's."""
    db_url = folder.directory.db_url
    if not db_url.startswith(_SQLITE) or not is_there(db_url):
        return None
    place = _place(folder)
    at = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%S.%f")
    aside = place / f".{at}"
    _copy_into(folder, aside)
    aside.rename(place / at)  # whatever has this name is whole
    for old in _kept(folder)[:-KEPT]:
        shutil.rmtree(old)
    return place / at


def dump_command(db_url: str) -> str:
    """How to copy a gradebook that is no file of SQLite's; without the password, which the command asks for."""
    url = make_url(db_url)
    if url.get_backend_name() == "postgresql":
        address = url.set(drivername="postgresql")._replace(password=None).render_as_string(hide_password=False)
        return f"pg_dump --format=custom --file=gradebook.dump '{address}'"
    return "your database's own dump"


def undo(folder: CourseFolder) -> Undone:
    """Go back to the state before the last run that changed the gradebook.

    What is taken back is kept in a folder of its own until the next `undo`.

    Raises:
        NothingToUndo: there is no snapshot, or the gradebook is no file of SQLite's.
    """
    db_url = folder.directory.db_url
    if not db_url.startswith(_SQLITE):
        raise NothingToUndo(
            "The gradebook is no SQLite file, of which snapshots are taken. Go back with your own dump; "
            f"one is made by: {dump_command(db_url)}"
        )
    kept = _kept(folder)
    if not kept:
        raise NothingToUndo(f"There is no snapshot in {_place(folder)}: no run has changed the gradebook yet.")
    last = kept[-1]
    before = _students(folder)
    undone = _place(folder) / _UNDONE
    shutil.rmtree(undone, ignore_errors=True)
    _copy_into(folder, undone)
    for name, path in _files(folder).items():
        if (last / name).exists():
            _copy(last / name, path)
        elif name != "gradebook.db":
            path.unlink(missing_ok=True)
    shutil.rmtree(last)
    with Ledger(folder.store) as ledger:
        ledger.forget(before - _students(folder))
        entries = ledger.note(read_marks(db_url), lambda *_: "`autograder undo`")
    day, _, time = last.name.partition("T")
    return Undone(f"{day} {time.partition('.')[0].replace('-', ':')}", entries)


def _students(folder: CourseFolder) -> set[str]:
    directory = folder.directory
    return set(read_roster(directory.db_url, directory.course_id).students) if is_there(directory.db_url) else set()


def _place(folder: CourseFolder) -> Path:
    return folder.store / "snapshots"


def _kept(folder: CourseFolder) -> list[Path]:
    place = _place(folder)
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    return [place / name for name in names if name != _UNDONE and not name.startswith(".")]


def _files(folder: CourseFolder) -> dict[str, Path]:
    """What belongs to the state of a class, by its name in a snapshot."""
    return {
        "gradebook.db": Path(folder.directory.db_url.removeprefix(_SQLITE)),
        "results.db": folder.store / "results.db",
    }


def _copy_into(folder: CourseFolder, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, path in _files(folder).items():
        if path.exists():
            _copy(path, place / name)


def _copy(one: Path, other: Path) -> None:
    with contextlib.closing(sqlite3.connect(one)) as source, contextlib.closing(sqlite3.connect(other)) as target:
        source.backup(target)
