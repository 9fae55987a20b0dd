"""The results of a class so far, stored beside its gradebook so that nothing is lost and nothing is done twice.

`<course>/.autograder/` holds a small SQLite file. Each result is in it before anybody sees it, so that a grader that is
killed, or that runs out of disk, goes on where it stopped. While one grader holds the store, no other can.
"""

import datetime
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from autograder.gradebook.database import CellScores
from autograder.grading.fingerprints import Fingerprint
from autograder.judging.results import SubmissionResult

#: Grows with each change of the table or of what is in it. What another version has left is graded again.
_VERSION = 2


class Busy(Exception):
    """Another grader is at work in this course."""


class Damaged(Exception):
    """The store cannot be read; the text says where it is and what to do."""


class StoredResult(msgspec.Struct, frozen=True):
    """One submission's last result and all that is needed to enter it into the gradebook.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        fingerprint: what the result depends on.
        result: what people read.
        scores: the cells' scores for the gradebook, by notebook.
        timestamp: when it was handed in, UTC.
        is_known: whether it is entered into the gradebook at all.
    """

    student: str
    assignment: str
    fingerprint: Fingerprint
    result: SubmissionResult
    scores: dict[str, CellScores]
    timestamp: datetime.datetime | None
    is_known: bool = True


class ResultsStore:
    """The results of one course. Use it as a context manager; it is held until the end.

    Raises:
        Busy: another grader holds it.
        Damaged: it cannot be read.
        OSError: its folder cannot be written.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.staging = folder / "staging"

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        # A lock that ends with the process, however that ends. A file of its own, so that others may read results.
        self._lock = sqlite3.connect(self.folder / "lock", timeout=0, isolation_level=None)
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._lock.close()
            if "locked" not in str(error):  # a folder that may not be written
                raise OSError(f"{self.folder} cannot be written: {error}") from error
            raise Busy(
                "Another grader is at work in this course. Wait until it is done, then run this again."
            ) from None
        except sqlite3.DatabaseError as error:
            self._lock.close()
            raise _damaged(self.folder / "lock", error) from None
        shutil.rmtree(self.staging, ignore_errors=True)  # what a killed grader had begun
        self.staging.mkdir()
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._db.close()
            self._lock.close()
            if isinstance(error, sqlite3.OperationalError):  # a full disk, a folder that may not be written
                raise
            raise _damaged(self.folder / "results.db", error) from None
        return self

    def _open(self) -> None:
        self._db = sqlite3.connect(self.folder / "results.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        if _version(self._db) != _VERSION:
            with self._db:  # all of it or nothing
                self._db.execute("BEGIN")
                self._db.execute("DROP TABLE IF EXISTS results")
                self._db.execute(
                    "CREATE TABLE results (student TEXT, assignment TEXT, stored BLOB, entered INTEGER,"
                    " PRIMARY KEY (student, assignment))"
                )
                self._db.execute(f"PRAGMA user_version={_VERSION}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        shutil.rmtree(self.staging, ignore_errors=True)
        self._lock.close()

    def find(self, student: str, assignment: str) -> StoredResult | None:
        """The last result, if there is one."""
        row = self._db.execute(
            "SELECT stored FROM results WHERE student = ? AND assignment = ?", (student, assignment)
        ).fetchone()
        return _read(row[0]) if row else None

    def keep(self, stored: StoredResult) -> None:
        """Store a result in place of an earlier one, as not yet entered into the gradebook."""
        row = (stored.student, stored.assignment, msgspec.msgpack.encode(stored))
        self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, 0)", row)

    def not_entered(self) -> set[tuple[str, str]]:
        """Student and assignment of the results that are not in the gradebook."""
        return set(self._db.execute("SELECT student, assignment FROM results WHERE entered = 0"))

    def have_entered(self, which: Iterable[tuple[str, str]]) -> None:
        """Note that these are in the gradebook."""
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany("UPDATE results SET entered = 1 WHERE student = ? AND assignment = ?", which)


def read_results(folder: Path, assignment: str | None = None) -> Iterator[SubmissionResult]:
    """The results in a course's store, also while a grader is at work; none where nothing was graded.

    Raises:
        Damaged: the store cannot be read.
    """
    return (stored.result for stored in read_stored(folder, assignment))


def read_stored(folder: Path, assignment: str | None = None) -> Iterator[StoredResult]:
    """The results as `read_results` has them, each with what it depends on.

    Raises:
        Damaged: the store cannot be read.
    """
    path = folder / "results.db"
    if not path.exists():
        return
    db = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
    try:
        if _version(db) != _VERSION:
            return
        query = "SELECT stored FROM results WHERE ? IS NULL OR assignment = ? ORDER BY assignment, student"
        for (raw,) in db.execute(query, (assignment, assignment)):
            stored = _read(raw)
            if stored is not None:
                yield stored
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from None
    finally:
        db.close()


def _damaged(path: Path, error: sqlite3.Error) -> Damaged:
    return Damaged(f"{path} cannot be read: {error}. Remove it, and `autograder grade` grades everything again.")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _read(raw: bytes) -> StoredResult | None:
    try:
        return msgspec.msgpack.decode(raw, type=StoredResult)
    except msgspec.MsgspecError:  # of another version of this package: as if it were not there
        return None
