"""Late penalties of submissions that need no grading, and the times that they depend on: a due date, an extension or
the class's rule may have changed."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from nbgrader import api
from sqlalchemy import Connection, Engine, select

from autograder.gradebook import _rows
from autograder.gradebook._rows import Row
from autograder.gradebook.late_penalties import Extension, Penalty, seconds_late


def note_times(
    db: Connection,
    assignment: str,
    submissions: Mapping[str, Any],
    handed_in: Mapping[str, datetime.datetime | None],
    extension: Extension,
) -> None:
    """Write when each was handed in, if that is known, and what the class's rules say of extensions, if they do."""
    timed: list[Row] = []
    extended: list[Row] = []
    for student, timestamp in handed_in.items():
        submission = submissions[student]
        if timestamp is not None:
            timed.append({"row": submission.id, "timestamp": timestamp})
        longer = extension(student, assignment)
        if longer is not None and longer != submission.extension:
            extended.append({"row": submission.id, "extension": longer})
    _rows.update(db, api.SubmittedAssignment, timed)
    _rows.update(db, api.SubmittedAssignment, extended)


def refresh(
    engine: Engine, penalty: Penalty | None, extension: Extension, source_version: Any, students: Collection[str]
) -> None:
    """Work out the penalties of these students anew, and write those that are others than before."""
    table = api.SubmittedAssignment.__table__
    wanted = select(table).where(table.c.assignment_id == source_version.id, table.c.student_id.in_(list(students)))
    with engine.begin() as db:
        found = {row.student_id: row for row in db.execute(wanted)}
        note_times(db, source_version.name, found, dict.fromkeys(found), extension)
        if penalty is None:
            return
        submissions = {row.id: row for row in db.execute(wanted)}
        notebooks = list(_rows.read(db, api.SubmittedNotebook, "assignment_id", list(submissions)))
        grades = _rows.by_notebook(_rows.read(db, api.Grade, "notebook_id", [one.id for one in notebooks]))
        changed: list[Row] = []
        for one in notebooks:
            submission = submissions[one.assignment_id]
            scores = [
                _rows.score_of(grade.auto_score, grade.manual_score, grade.extra_credit) for grade in grades[one.id]
            ]
            late = seconds_late(submission.timestamp, source_version.duedate, submission.extension)
            points = penalty(submission.student_id, sum(scores), late) if late > 0 else None
            if (points or 0.0) != (one.late_submission_penalty or 0.0):
                changed.append({"row": one.id, "late_submission_penalty": points})
        _rows.update(db, api.SubmittedNotebook, changed)
