"""What the gradebook has for each cell of each submission: the score and the comment that a human has written."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from nbgrader import api

from autograder.gradebook.database import scripts_on_path

__all__ = ["CellComment", "GradedCell", "read_comments", "read_graded_cells"]


class GradedCell(NamedTuple):
    """One graded cell of one submission.

    Attributes:
        student: nbgrader's student id.
        cell: the cell's name.
        score: what it counts, a score given by hand before the autograder's, with extra credit.
        max_score: what the cell is worth.
        auto_score: what the autograder gave; `None` where it gave nothing.
    """

    student: str
    cell: str
    score: float
    max_score: float
    auto_score: float | None


class CellComment(NamedTuple):
    """A comment that a human has written to one cell of one submission.

    Attributes:
        student: nbgrader's student id.
        cell: the cell's name.
        text: the comment.
    """

    student: str
    cell: str
    text: str


def read_graded_cells(db_url: str, course_id: str, assignment: str) -> list[GradedCell]:
    """The scores of all graded cells of an assignment that give points, or have given some, by student and cell."""
    with scripts_on_path(), api.Gradebook(db_url, course_id) as gradebook:
        found = (
            GradedCell(student, cell, grade.score or 0.0, grade.max_score or 0.0, grade.auto_score)
            for student, cell, grade in _of_cells(gradebook, assignment, api.Grade)
            if grade.max_score or grade.score
        )
        return sorted(found, key=lambda one: (one.student, one.cell))


def read_comments(db_url: str, course_id: str, assignment: str) -> list[CellComment]:
    """The comments that humans have written to cells of an assignment, by student and cell."""
    with scripts_on_path(), api.Gradebook(db_url, course_id) as gradebook:
        # What nbgrader writes by itself ("No response.") is no comment of a human's.
        return sorted(
            CellComment(student, cell, comment.manual_comment)
            for student, cell, comment in _of_cells(gradebook, assignment, api.Comment)
            if comment.manual_comment
        )


def _of_cells(gradebook: api.Gradebook, assignment: str, kind: Any) -> Iterator[tuple[str, str, Any]]:
    submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    found: Iterator[tuple[str, str, Any]] = iter(
        gradebook.db.query(submitted.student_id, api.BaseCell.name, kind)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .join(notebook, notebook.assignment_id == submitted.id)
        .join(kind, kind.notebook_id == notebook.id)
        .join(api.BaseCell, api.BaseCell.id == kind.cell_id)
        .filter(api.Assignment.name == assignment)
    )
    return found
