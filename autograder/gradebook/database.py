"""nbgrader's gradebook: an assignment's source version is read out of it, and scores are entered, many at a time.

Entering does to each row what nbgrader's own steps do (`Gradebook.add_submission`, `SaveAutoGrades`,
`AssignLatePenalties` and `Autograde.init_assignment` of nbgrader 0.9.6), in one transaction for all of them.
"""

import contextlib
import datetime
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
from nbgrader import api
from nbgrader.api import MissingEntry
from sqlalchemy import Connection, select

from autograder.gradebook import _rows
from autograder.gradebook._rows import Row
from autograder.gradebook.late_penalties import Penalty, seconds_late


class CellScores(msgspec.Struct, frozen=True):
    """What autograding one notebook gives to its cells.

    Attributes:
        scores: the score by the cell's name; `None` where a human decides.
        comments: the automatic comment by the cell's name.
        is_there: whether the notebook was handed in.
    """

    scores: dict[str, float | None]
    comments: dict[str, str | None] = {}
    is_there: bool = True


class Entry(NamedTuple):
    """One submission to be entered.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        timestamp: when it was handed in, UTC; `None` leaves what the gradebook knows.
        scores: the cells' scores by notebook; none if it could not be graded.
        is_graded: False leaves earlier scores alone and asks for a human.
    """

    student: str
    assignment: str
    timestamp: datetime.datetime | None
    scores: dict[str, CellScores]
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
        score: scores given by hand before those of the autograder, with extra credit, less the penalty, never below 0.
        penalty: points taken off for being late.
        needs_manual_grade: a human has still to look at it, so `score` may change.
    """

    score: float
    penalty: float
    needs_manual_grade: bool


class Roster(NamedTuple):
    """Everybody in the gradebook, and how they stand.

    Attributes:
        students: by id.
        max_scores: by assignment, in the order of their names.
        standings: by student and assignment; who handed in nothing has none.
    """

    students: dict[str, Person]
    max_scores: dict[str, float]
    standings: dict[tuple[str, str], Standing]


class SourceVersion:
    """An assignment's source version, to be used without the database.

    It stands in for a `Gradebook` in nbgrader's steps.

    Attributes:
        facts: everything in it that scores depend on, as plain values in a fixed order.
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
        # Reading each of these also loads it, before the database goes away.
        graded = [(*key, cell.max_score, cell.cell_type) for key, cell in self._graded.items()]
        sources = [
            (*key, cell.cell_type, cell.locked, cell.source, cell.checksum) for key, cell in self._sources.items()
        ]
        kernels = [(name, notebook.kernelspec) for name, notebook in self.notebooks.items()]
        self.facts: list[list[tuple[Any, ...]]] = [sorted(graded), sorted(sources), sorted(kernels)]

    def find_notebook(self, notebook: str, assignment: str) -> api.Notebook:
        """As `Gradebook.find_notebook`."""
        return self.notebooks[notebook]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> api.SourceCell:
        """As `Gradebook.find_source_cell`."""
        return self._found(self._sources, notebook, name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> api.GradeCell | api.TaskCell:
        """As `Gradebook.find_graded_cell`."""
        return self._found(self._graded, notebook, name)

    def _found(self, cells: dict[tuple[str, str], Any], notebook: str, name: str) -> Any:
        try:
            return cells[notebook, name]
        except (KeyError, TypeError):
            raise MissingEntry(f"No such cell: {self.name}/{notebook}/{name}") from None


def is_there(db_url: str) -> bool:
    """Whether there is a gradebook. SQLite, asked for one that is not there, makes it."""
    return not db_url.startswith("sqlite:///") or os.path.exists(db_url.removeprefix("sqlite:///"))


def read_source_version(db_url: str, course_id: str, assignment: str) -> SourceVersion | None:
    """Read an assignment's source version, or `None` if it was never released into this gradebook."""
    with scripts_on_path(), api.Gradebook(db_url, course_id) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            return None
        source_version = SourceVersion(found)
        gradebook.db.expunge_all()
        return source_version


def read_roster(db_url: str, course_id: str) -> Roster:
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
        max_scores = dict.fromkeys(sorted(names.values()), 0.0)
        for kind in (api.GradeCell, api.TaskCell):
            cells = db.query(api.Notebook.assignment_id, kind.max_score).join(kind.notebook)
            for assignment, most in cells:
                if assignment in names:
                    max_scores[names[assignment]] += most
        scores: dict[str, float] = defaultdict(float)
        by_hand: set[str] = set()
        rows = db.query(notebook.assignment_id, grade.auto_score, grade.manual_score, grade.extra_credit)
        rows = rows.add_columns(grade.needs_manual_grade).join(notebook, grade.notebook_id == notebook.id)
        for submitted, auto, manual, extra, needs_manual_grade in rows:
            scores[submitted] += _score(auto, manual, extra)
            if needs_manual_grade:
                by_hand.add(submitted)
        penalties: dict[str, float] = defaultdict(float)
        for submitted, penalty in db.query(notebook.assignment_id, notebook.late_submission_penalty):
            penalties[submitted] += penalty or 0.0
        standings = {
            (student, names[assignment]): Standing(max(0.0, scores[id] - penalties[id]), penalties[id], id in by_hand)
            for id, student, assignment in db.query(submission.id, submission.student_id, submission.assignment_id)
            if assignment in names
        }
    return Roster(students, max_scores, standings)


class GradebookWriter:
    """Enters scores into the gradebook at `db_url`. Use it as a context manager.

    Args:
        db_url: the gradebook's address.
        course_id: nbgrader's name of the course.
        penalty: what is taken off for being late; nothing by default.
    """

    def __init__(self, db_url: str, course_id: str, penalty: Penalty | None = None):
        with scripts_on_path():
            api.Gradebook(db_url, course_id).close()  # makes tables and course where they are missing
        self._penalty = penalty
        self._engine = _rows.connect(db_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def students(self) -> set[str]:
        """Ids of all students that the gradebook knows."""
        with self._engine.begin() as db:
            return set(db.execute(select(api.Student.id)).scalars())

    def submitted(self, source_version: SourceVersion) -> set[str]:
        """Ids of the students of whom the gradebook has a submission of this assignment."""
        table = api.SubmittedAssignment
        with self._engine.begin() as db:
            found = db.execute(select(table.student_id).where(table.assignment_id == source_version.id))
            return set(found.scalars())

    def enter(self, source_version: SourceVersion, entries: Sequence[Entry]) -> None:
        """Enter submissions of one assignment in one transaction: all of them, or, on any error, none.

        Notebooks and cells that the source version does not have (any more) are left out.
        """
        students = [entry.student for entry in entries]
        with self._engine.begin() as db:
            _add_students(db, students)
            known = _submissions(db, source_version, students)
            _add_submissions(db, source_version, [entry for entry in entries if entry.student not in known])
            rows = _submissions(db, source_version, students)
            _rows.update(
                db,
                api.SubmittedAssignment,
                [
                    {"row": rows[entry.student].id, "timestamp": entry.timestamp}
                    for entry in entries
                    if entry.timestamp is not None
                ],
            )
            rows = _submissions(db, source_version, students)
            self._enter_scores(db, source_version, [(entry, rows[entry.student]) for entry in entries])

    def _enter_scores(
        self, db: Connection, source_version: SourceVersion, entries: Sequence[tuple[Entry, Any]]
    ) -> None:
        names = {notebook.id: name for name, notebook in source_version.notebooks.items()}
        # A grade and a comment of one cell belong to base cells of their own.
        cells = {cell.id: cell.name for one in source_version.notebooks.values() for cell in one._base_cells}
        notebooks: dict[str, dict[str, str]] = defaultdict(dict)
        for row in _rows.read(db, api.SubmittedNotebook, "assignment_id", [submission.id for _, submission in entries]):
            notebooks[row.assignment_id][names[row.notebook_id]] = row.id
        ids = [one for found in notebooks.values() for one in found.values()]
        grades, comments = (
            _rows.by_notebook(_rows.read(db, kind, "notebook_id", ids)) for kind in (api.Grade, api.Comment)
        )

        scored: list[Row] = []
        flagged: list[Row] = []
        commented: list[Row] = []
        penalised: list[Row] = []
        for entry, submission in entries:
            if not entry.is_graded:
                ungraded = [row for one in notebooks[submission.id].values() for row in grades[one]]
                flagged += [{"row": row.id, "needs_manual_grade": True} for row in ungraded]
                continue
            for name, of_cells in entry.scores.items():
                notebook = notebooks[submission.id].get(name)
                if notebook is None:
                    continue
                total = 0.0
                for row in grades[notebook]:
                    auto = row.auto_score
                    if cells[row.cell_id] in of_cells.scores:
                        auto = of_cells.scores[cells[row.cell_id]]
                        # A score that a human has given stays; they are asked to look at it again.
                        by_hand = of_cells.is_there and (row.manual_score is not None or auto is None)
                        scored.append({"row": row.id, "auto_score": auto, "needs_manual_grade": by_hand})
                    total += _score(auto, row.manual_score, row.extra_credit)
                commented += [
                    {"row": row.id, "auto_comment": of_cells.comments[cells[row.cell_id]]}
                    for row in comments[notebook]
                    if cells[row.cell_id] in of_cells.comments
                ]
                if self._penalty is not None and of_cells.is_there:
                    late = seconds_late(submission.timestamp, source_version.duedate, submission.extension)
                    points = self._penalty(entry.student, total, late) if late > 0 else None
                    penalised.append({"row": notebook, "late_submission_penalty": points})
        _rows.update(db, api.Grade, scored)
        _rows.update(db, api.Grade, flagged)
        _rows.update(db, api.Comment, commented)
        _rows.update(db, api.SubmittedNotebook, penalised)


@contextlib.contextmanager
def scripts_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` by its bare name, and leaves a broken gradebook behind where it is not found."""
    before = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _add_students(db: Connection, students: Iterable[str]) -> None:
    wanted = set(students)
    known = set(db.execute(select(api.Student.id).where(api.Student.id.in_(wanted))).scalars())
    _rows.insert(db, api.Student, [{"id": student} for student in sorted(wanted - known)])


def _submissions(db: Connection, source_version: SourceVersion, students: Sequence[str]) -> dict[str, Any]:
    table = api.SubmittedAssignment.__table__
    wanted = (table.c.assignment_id == source_version.id, table.c.student_id.in_(students))
    return {row.student_id: row for row in db.execute(select(table).where(*wanted))}


def _add_submissions(db: Connection, source_version: SourceVersion, entries: Iterable[Entry]) -> None:
    """As `Gradebook.add_submission`: rows for all notebooks, graded cells and comments, still empty."""
    submissions: list[Row] = []
    notebooks: list[Row] = []
    grades: list[Row] = []
    comments: list[Row] = []
    for entry in entries:
        submission = api.new_uuid()
        submissions.append({"id": submission, "assignment_id": source_version.id, "student_id": entry.student})
        for notebook in source_version.notebooks.values():
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
        _rows.insert(db, kind, rows)


def _score(auto: float | None, manual: float | None, extra: float | None) -> float:
    """As `nbgrader.api.Grade.score`: points given by hand come before those of the autograder."""
    points = manual if manual is not None else auto
    return 0.0 if points is None else points + (extra or 0.0)
