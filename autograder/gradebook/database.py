"""nbgrader's gradebook: an assignment's master version read out of it, and marks entered, many submissions at a time.

Entering does to each row what nbgrader's own steps do (`Gradebook.add_submission`, `SaveAutoGrades`,
`AssignLatePenalties` and `Autograde.init_assignment` of nbgrader 0.9.6), in one transaction for all of them.
"""

import contextlib
import datetime
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import sqlalchemy
from nbgrader import api
from nbgrader.api import MissingEntry
from sqlalchemy import bindparam, select

#: The penalty for a notebook: student, score, seconds late -> points, or nothing.
Penalty = Callable[[str, float, float], float | None]


class Marks(msgspec.Struct, frozen=True):
    """What autograding one notebook says: by cell, the score (`None`: a human decides) and the comment."""

    scores: dict[str, float | None]
    comments: dict[str, str | None] = {}
    is_there: bool = True


class Entry(NamedTuple):
    """One submission to be entered.

    Attributes:
        timestamp: when it was handed in, UTC; `None` leaves what the gradebook knows.
        marks: by notebook; none if it could not be graded.
        is_graded: False leaves earlier scores alone and asks for a human.
    """

    student: str
    assignment: str
    timestamp: datetime.datetime | None
    marks: dict[str, Marks]
    is_graded: bool = True


class Person(NamedTuple):
    """What the gradebook knows of a student besides the id; empty where it knows nothing."""

    first_name: str
    last_name: str
    email: str
    lms_user_id: str = ""


class Standing(NamedTuple):
    """What one student has in one assignment, as `nbgrader export` counts it.

    Attributes:
        score: points by hand before those of the autograder, with extra credit, less the penalty, never below 0.
        penalty: points taken off for being late.
        needs_manual_grade: a human has still to look at it, so `score` may change.
    """

    score: float
    penalty: float
    needs_manual_grade: bool


class Roll(NamedTuple):
    """Everybody in the gradebook, and how they stand.

    Attributes:
        students: by id.
        max_scores: by assignment, in the order of their names.
        standings: by student and assignment; who handed in nothing has none.
    """

    students: dict[str, Person]
    max_scores: dict[str, float]
    standings: dict[tuple[str, str], Standing]


class Master:
    """An assignment's master version, to be used without the database. Stands in for a `Gradebook` in nbgrader's steps.

    Attributes:
        facts: everything in it that marks depend on, as plain values in a fixed order.
    """

    def __init__(self, assignment: api.Assignment):
        self.id = assignment.id
        self.name = assignment.name
        self.duedate = assignment.duedate
        self.notebooks: dict[str, api.Notebook] = {notebook.name: notebook for notebook in assignment.notebooks}
        self._sources = {
            (name, cell.name): cell for name, notebook in self.notebooks.items() for cell in notebook.source_cells
        }
        self._graded = {
            (name, cell.name): cell
            for name, notebook in self.notebooks.items()
            for cell in (*notebook.task_cells, *notebook.grade_cells)
        }
        # Reading each of these also loads them, before the database goes away.
        graded = [(*key, cell.max_score, cell.cell_type) for key, cell in self._graded.items()]
        sources = [
            (*key, cell.cell_type, cell.locked, cell.source, cell.checksum) for key, cell in self._sources.items()
        ]
        kernels = [(name, notebook.kernelspec) for name, notebook in self.notebooks.items()]
        self.facts = [sorted(graded), sorted(sources), sorted(kernels)]

    def find_notebook(self, notebook: str, assignment: str) -> api.Notebook:
        """As `Gradebook.find_notebook`."""
        return self.notebooks[notebook]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> api.SourceCell:
        """As `Gradebook.find_source_cell`."""
        return self._found(self._sources, notebook, name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> api.GradeCell | api.TaskCell:
        """As `Gradebook.find_graded_cell`."""
        return self._found(self._graded, notebook, name)

    def _found(self, cells: dict, notebook: str, name: str) -> Any:
        try:
            return cells[notebook, name]
        except (KeyError, TypeError):
            raise MissingEntry(f"No such cell: {self.name}/{notebook}/{name}") from None


def is_there(db_url: str) -> bool:
    """Whether there is a gradebook. SQLite, asked for one that is not there, makes it."""
    return not db_url.startswith("sqlite:///") or os.path.exists(db_url.removeprefix("sqlite:///"))


def read_master(db_url: str, course_id: str, assignment: str) -> Master | None:
    """Read an assignment's master version, or `None` if it was never released into this gradebook."""
    with scripts_on_path(), api.Gradebook(db_url, course_id) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            return None
        master = Master(found)
        gradebook.db.expunge_all()
        return master


def read_roll(db_url: str, course_id: str) -> Roll:
    """Read all students and their scores, in a few queries whatever their number."""
    grade, notebook, submission = api.Grade, api.SubmittedNotebook, api.SubmittedAssignment
    with scripts_on_path(), api.Gradebook(db_url, course_id) as gradebook:
        db = gradebook.db
        students = {
            student.id: Person(
                student.first_name or "", student.last_name or "", student.email or "", student.lms_user_id or ""
            )
            for student in db.query(
                api.Student.id,
                api.Student.first_name,
                api.Student.last_name,
                api.Student.email,
                api.Student.lms_user_id,
            )
        }
        names = dict(db.query(api.Assignment.id, api.Assignment.name).filter_by(course_id=course_id).all())
        worth = dict.fromkeys(sorted(names.values()), 0.0)
        for kind in (api.GradeCell, api.TaskCell):
            points = db.query(api.Notebook.assignment_id, kind.max_score).join(kind.notebook)
            for assignment, most in points:
                if assignment in names:
                    worth[names[assignment]] += most
        earned: dict[str, float] = defaultdict(float)
        by_hand: set[str] = set()
        rows = db.query(notebook.assignment_id, grade.auto_score, grade.manual_score, grade.extra_credit)
        rows = rows.add_columns(grade.needs_manual_grade).join(notebook, grade.notebook_id == notebook.id)
        for handed_in, auto, manual, extra, needs_manual_grade in rows:
            earned[handed_in] += _score(auto, manual, extra)
            if needs_manual_grade:
                by_hand.add(handed_in)
        penalties: dict[str, float] = defaultdict(float)
        for handed_in, penalty in db.query(notebook.assignment_id, notebook.late_submission_penalty):
            penalties[handed_in] += penalty or 0.0
        standings = {
            (student, names[assignment]): Standing(max(0.0, earned[id] - penalties[id]), penalties[id], id in by_hand)
            for id, student, assignment in db.query(submission.id, submission.student_id, submission.assignment_id)
            if assignment in names
        }
    return Roll(students, worth, standings)


class Register:
    """Enters marks into the gradebook at `db_url`. Use it as a context manager."""

    def __init__(self, db_url: str, course_id: str, penalty: Penalty | None = None):
        with scripts_on_path():
            api.Gradebook(db_url, course_id).close()  # makes tables and course where they are missing
        self._penalty = penalty
        waiting = {"timeout": 60} if db_url.startswith("sqlite") else {}
        self._engine = sqlalchemy.create_engine(db_url, connect_args=waiting)
        if self._engine.dialect.name == "sqlite":
            sqlalchemy.event.listen(self._engine, "connect", _leave_transactions_to_us)
            sqlalchemy.event.listen(self._engine, "begin", _begin_by_writing)

    def __enter__(self) -> "Register":
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def students(self) -> set[str]:
        """Ids of all students the gradebook knows."""
        with self._engine.begin() as db:
            return set(db.execute(select(api.Student.id)).scalars())

    def submitted(self, master: Master) -> set[str]:
        """Ids of the students of whom the gradebook has a submission of this assignment."""
        column = api.SubmittedAssignment.student_id
        with self._engine.begin() as db:
            return set(db.execute(select(column).where(api.SubmittedAssignment.assignment_id == master.id)).scalars())

    def enter(self, master: Master, entries: Sequence[Entry]) -> None:
        """Enter submissions of one assignment in one transaction: all of them, or, on any error, none."""
        with self._engine.begin() as db:
            _add_students(db, [entry.student for entry in entries])
            rows = _submissions(db, master, [entry.student for entry in entries])
            _add_submissions(db, master, [entry for entry in entries if entry.student not in rows])
            rows = _submissions(db, master, [entry.student for entry in entries])
            stamped = [entry for entry in entries if entry.timestamp is not None]
            _update(
                db,
                api.SubmittedAssignment,
                [{"row": rows[entry.student].id, "timestamp": entry.timestamp} for entry in stamped],
            )
            self._enter_marks(db, master, entries, _submissions(db, master, [entry.student for entry in entries]))

    def _enter_marks(self, db: Any, master: Master, entries: Sequence[Entry], rows: dict[str, Any]) -> None:
        names = {notebook.id: name for name, notebook in master.notebooks.items()}
        cells = {
            cell.id: cell.name for notebook in master.notebooks.values() for cell in notebook._base_cells
        }  # a grade and a comment of one cell belong to base cells of their own
        notebooks = defaultdict(dict)
        for row in _of(db, api.SubmittedNotebook, "assignment_id", [row.id for row in rows.values()]):
            notebooks[row.assignment_id][names[row.notebook_id]] = row.id
        ids = [one for found in notebooks.values() for one in found.values()]
        grades, comments = defaultdict(list), defaultdict(list)
        for row in _of(db, api.Grade, "notebook_id", ids):
            grades[row.notebook_id].append(row)
        for row in _of(db, api.Comment, "notebook_id", ids):
            comments[row.notebook_id].append(row)

        scored, flagged, commented, penalised = [], [], [], []
        for entry in entries:
            submission = rows[entry.student]
            if not entry.is_graded:
                ungraded = [row for one in notebooks[submission.id].values() for row in grades[one]]
                flagged += [{"row": row.id, "needs_manual_grade": True} for row in ungraded]
                continue
            for name, marks in entry.marks.items():
                notebook = notebooks[submission.id][name]
                total = 0.0
                for row in grades[notebook]:
                    auto = row.auto_score
                    if cells[row.cell_id] in marks.scores:
                        auto = marks.scores[cells[row.cell_id]]
                        # A score that a human has given stands; they are asked to look at it again.
                        by_hand = marks.is_there and (row.manual_score is not None or auto is None)
                        scored.append({"row": row.id, "auto_score": auto, "needs_manual_grade": by_hand})
                    total += _score(auto, row.manual_score, row.extra_credit)
                commented += [
                    {"row": row.id, "auto_comment": marks.comments[cells[row.cell_id]]}
                    for row in comments[notebook]
                    if cells[row.cell_id] in marks.comments
                ]
                if self._penalty is not None and marks.is_there:
                    late = _seconds_late(submission, master)
                    points = self._penalty(entry.student, total, late) if late > 0 else None
                    penalised.append({"row": notebook, "late_submission_penalty": points})
        _update(db, api.Grade, scored)
        _update(db, api.Grade, flagged)
        _update(db, api.Comment, commented)
        _update(db, api.SubmittedNotebook, penalised)


@contextlib.contextmanager
def scripts_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` by its bare name, and leaves a broken gradebook behind where it is not found."""
    before = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def penalty_of(step: Any) -> Penalty:
    """The penalty that nbgrader's `AssignLatePenalties`, configured, gives."""
    step.init_plugin()

    def penalty(student: str, score: float, seconds_late: float) -> float | None:
        points = step.plugin_inst.late_submission_penalty(student, score, seconds_late)
        return None if points is None else step._check_late_penalty(SimpleNamespace(score=score), points)

    return penalty


def _add_students(db: Any, students: Iterable[str]) -> None:
    wanted = set(students)
    known = set(db.execute(select(api.Student.id).where(api.Student.id.in_(wanted))).scalars())
    _insert(db, api.Student, [{"id": student} for student in sorted(wanted - known)])


def _submissions(db: Any, master: Master, students: Sequence[str]) -> dict[str, Any]:
    table = api.SubmittedAssignment.__table__
    found = db.execute(select(table).where(table.c.assignment_id == master.id, table.c.student_id.in_(students)))
    return {row.student_id: row for row in found}


def _add_submissions(db: Any, master: Master, entries: Iterable[Entry]) -> None:
    """As `Gradebook.add_submission`: rows for all notebooks, graded cells and comments, still empty."""
    submissions, notebooks, grades, comments = [], [], [], []
    for entry in entries:
        submission = api.new_uuid()
        submissions.append({"id": submission, "assignment_id": master.id, "student_id": entry.student})
        for notebook in master.notebooks.values():
            row = api.new_uuid()
            notebooks.append({"id": row, "assignment_id": submission, "notebook_id": notebook.id, "flagged": False})
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                grades.append(
                    {"id": api.new_uuid(), "notebook_id": row, "cell_id": cell.id, "needs_manual_grade": True}
                )
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                comments.append({"id": api.new_uuid(), "notebook_id": row, "cell_id": cell.id})
    for kind, rows in (
        (api.SubmittedAssignment, submissions),
        (api.SubmittedNotebook, notebooks),
        (api.Grade, grades),
        (api.Comment, comments),
    ):
        _insert(db, kind, rows)


def _of(db: Any, kind: Any, column: str, values: Sequence[str]) -> Iterable[Any]:
    table = kind.__table__
    return db.execute(select(table).where(table.c[column].in_(values)).with_for_update()).all()


def _insert(db: Any, kind: Any, rows: list[dict]) -> None:
    if rows:
        db.execute(kind.__table__.insert(), rows)


def _update(db: Any, kind: Any, rows: list[dict]) -> None:
    """Set columns of rows: each dict names its `row` by id and the new values by column."""
    if rows:
        table = kind.__table__
        db.execute(table.update().where(table.c.id == bindparam("row")), rows)


def _score(auto: float | None, manual: float | None, extra: float | None) -> float:
    """As `nbgrader.api.Grade.score`: points given by hand come before those of the autograder."""
    points = manual if manual is not None else auto
    return 0.0 if points is None else points + (extra or 0.0)


def _seconds_late(submission: Any, master: Master) -> float:
    """As `nbgrader.api.SubmittedAssignment.total_seconds_late`."""
    if submission.timestamp is None or master.duedate is None:
        return 0.0
    due = master.duedate + (submission.extension or datetime.timedelta())
    return max(0.0, (submission.timestamp - due).total_seconds())


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin_by_writing(connection: Any) -> None:
    # What is read in a transaction must still be so when it writes; SQLite's own BEGIN would not see to that.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
