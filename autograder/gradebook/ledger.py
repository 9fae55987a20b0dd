"""The ledger: every score in the gradebook that has changed, with the reason and the time, whoever changed it.

`<course>/.autograder/ledger.db` holds what the gradebook had when we last looked. Whatever differs when we look again
is entered, so that changes from outside (points by hand, `nbgrader autograde`, a database tool) are seen as well.
"""

import datetime
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import sqlalchemy
from nbgrader import api
from sqlalchemy.orm import Session

__all__ = [
    "LATE",
    "Ledger",
    "LedgerEntry",
    "Mark",
    "MarkKey",
    "read_ledger",
    "read_marks",
    "read_removed",
    "why_from_outside",
]

#: Stands for a question where points are taken off for handing in late.
LATE = "late penalty"

#: Student, assignment and question.
MarkKey = tuple[str, str, str]


class Mark(NamedTuple):
    """What the gradebook has for one question of one submission.

    Attributes:
        auto: the score of the autograder; ``None`` where it gave none.
        manual: the score that a human has given, which counts before the autograder's.
        extra: extra credit.
        most: what the question is worth.
    """

    auto: float | None
    manual: float | None = None
    extra: float | None = None
    most: float = 0.0

    @property
    def score(self) -> float | None:
        """What counts; ``None`` if nobody has graded it."""
        points = self.manual if self.manual is not None else self.auto
        return None if points is None else points + (self.extra or 0.0)


#: Whom the gradebook knew when a run began, or had scores of when one ended.
_EVER = "SELECT student FROM students UNION SELECT student FROM seen"


class LedgerEntry(NamedTuple):
    """One changed score.

    Attributes:
        at: when it was seen, UTC, as ISO 8601.
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        question: the graded cell, or `LATE`.
        before: the score before; ``None`` for none.
        after: the score since; ``None`` for none.
        why: the cause, as far as it is known.
    """

    at: str
    student: str
    assignment: str
    question: str
    before: float | None
    after: float | None
    why: str


def read_marks(db_url: str) -> dict[MarkKey, Mark]:
    """Everything that the gradebook has for anybody."""
    submitted, notebook, grade = api.SubmittedAssignment, api.SubmittedNotebook, api.Grade
    engine = sqlalchemy.create_engine(db_url)
    found: dict[MarkKey, Mark] = {}
    with Session(engine) as db:
        most: dict[str, float] = {}
        for cell in (api.GradeCell, api.TaskCell):
            most |= {row.id: row.max_score for row in db.query(cell.id, cell.max_score)}
        names = {row.id: row.name for row in db.query(api.BaseCell.id, api.BaseCell.name)}
        grades = (
            db.query(submitted.student_id, api.Assignment.name, grade.cell_id)
            .add_columns(grade.auto_score, grade.manual_score, grade.extra_credit)
            .select_from(submitted)
            .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
            .join(notebook, notebook.assignment_id == submitted.id)
            .join(grade, grade.notebook_id == notebook.id)
        )
        for student, assignment, id, auto, manual, extra in grades:
            found[student, assignment, names[id]] = Mark(auto, manual, extra, most.get(id, 0.0))
        penalties = (
            db.query(submitted.student_id, api.Assignment.name, notebook.late_submission_penalty)
            .select_from(submitted)
            .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
            .join(notebook, notebook.assignment_id == submitted.id)
        )
        for student, assignment, penalty in penalties:
            if penalty:
                before = found.get((student, assignment, LATE), Mark(0.0)).auto or 0.0
                found[student, assignment, LATE] = Mark(before - penalty)
    engine.dispose()
    return found


def why_from_outside(key: MarkKey, before: Mark | None, after: Mark | None) -> str:
    """The cause of a change that no run of ours has made."""
    if key[2] == LATE:
        return "late penalty changed outside `autograder grade`"
    if after is None:
        return "removed from the gradebook"
    if before is None:
        return "graded outside `autograder grade`" if after.manual is None else "points by hand"
    if before.manual != after.manual or before.extra != after.extra:
        return "points by hand"
    return "graded outside `autograder grade`"


class Ledger:
    """A class's ledger. Use it as a context manager.

    Args:
        folder: the class's `.autograder`, which is there already.
    """

    def __init__(self, folder: Path):
        self._path = folder / "ledger.db"

    def __enter__(self) -> Self:
        self._db = sqlite3.connect(self._path, isolation_level=None, timeout=60)
        self._db.execute("PRAGMA journal_mode=WAL")
        for table in (
            "seen (student TEXT, assignment TEXT, question TEXT, auto REAL, manual REAL, extra REAL, most REAL,"
            " PRIMARY KEY (student, assignment, question))",
            "entries (at TEXT, student TEXT, assignment TEXT, question TEXT, before REAL, after REAL, why TEXT)",
            "students (student TEXT PRIMARY KEY)",
        ):
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever seen: what the gradebook has by then is nobody's change."""
        return bool(self._db.execute("PRAGMA user_version").fetchone()[0] == 0)

    def seed(self, marks: Mapping[MarkKey, Mark]) -> None:
        """Remember what the gradebook has, without entering any of it."""
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*key, *mark) for key, mark in marks.items()],
            )
            self._db.execute("PRAGMA user_version=1")

    def removed(self, known: Collection[str]) -> set[str]:
        """Students that the gradebook once knew and knows no longer.

        Args:
            known: those that it knows now; they are remembered. A gradebook that knows nobody was lost: nobody was
                removed from it.
        """
        ever = {student for (student,) in self._db.execute(_EVER)}
        with self._db:
            self._db.execute("BEGIN")
            rows = [(student,) for student in ever | set(known)]
            self._db.executemany("INSERT OR IGNORE INTO students VALUES (?)", rows)
        return ever - set(known) if known else set()

    def note(
        self, marks: Mapping[MarkKey, Mark], why: Callable[[MarkKey, Mark | None, Mark | None], str]
    ) -> list[LedgerEntry]:
        """Enter whatever has changed since the last look.

        Args:
            marks: what the gradebook has now.
            why: names the cause of one change, from what it was and what it is.

        Returns:
            what was entered.
        """
        rows = self._db.execute("SELECT student, assignment, question, auto, manual, extra, most FROM seen")
        seen = {(row[0], row[1], row[2]): Mark(*row[3:]) for row in rows}
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        entered = []
        changed = [key for key in sorted({*seen, *marks}) if seen.get(key) != marks.get(key)]
        for key in changed:
            before, after = seen.get(key), marks.get(key)
            scores = (before.score if before else None, after.score if after else None)
            if scores[0] != scores[1]:
                entered.append(LedgerEntry(at, *key, *scores, why(key, before, after)))
            elif before and after and before.most != after.most:
                reason = f"the question's maximum: {before.most:g} before, {after.most:g} since"
                entered.append(LedgerEntry(at, *key, *scores, reason))
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", entered)
            gone = [key for key in changed if key not in marks]
            self._db.executemany("DELETE FROM seen WHERE student = ? AND assignment = ? AND question = ?", gone)
            there = [(*key, *marks[key]) for key in changed if key in marks]
            self._db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", there)
        return entered

    def forget(self, students: Iterable[str]) -> None:
        """Forget students who were entered by a run that is taken back: nobody has removed them."""
        with self._db:
            self._db.executemany("DELETE FROM students WHERE student = ?", [(student,) for student in students])


def read_removed(folder: Path, known: Collection[str]) -> set[str]:
    """Students whom the gradebook knew when a run last looked, and does not know now.

    Args:
        folder: the class's `.autograder`.
        known: those whom it knows now. A gradebook that knows nobody was lost: nobody was removed from it.
    """
    path = folder / "ledger.db"
    if not path.exists() or not known:
        return set()
    db = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
    try:
        return {student for (student,) in db.execute(_EVER)} - set(known)
    finally:
        db.close()


def read_ledger(folder: Path, student: str | None = None, assignment: str | None = None) -> Iterator[LedgerEntry]:
    """The entries of a class's ledger, the oldest first; none where there is no ledger.

    Args:
        folder: the class's `.autograder`.
        student: of this one only.
        assignment: of this one only.
    """
    path = folder / "ledger.db"
    if not path.exists():
        return
    db = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
    try:
        query = (
            "SELECT at, student, assignment, question, before, after, why FROM entries"
            " WHERE (?1 IS NULL OR student = ?1) AND (?2 IS NULL OR assignment = ?2) ORDER BY rowid"
        )
        yield from (LedgerEntry(*row) for row in db.execute(query, (student, assignment)))
    finally:
        db.close()
