"""Marks out of nbgrader's gradebook, as it counts them itself: points by hand in, penalties off, never below 0."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader import api
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.course_folder import Course, CourseError
from autograder.gradebook.database import Roll, Standing, is_there, read_roll, scripts_on_path
from autograder.gradebook.results_store import Damaged, read_results
from autograder.instructor.exports import ExportError, Target
from autograder.instructor.exports._tutor import known_mistakes
from autograder.judging.course import find_lesson
from autograder.judging.results import QuestionResult

#: Scores are sums of points in binary; two that differ by less are the same.
_ROUNDING = 1e-6


class Student(NamedTuple):
    """A student as the gradebook has them; only the id is always there."""

    id: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str

    @property
    def name(self) -> str:
        """``Last, First``, or what there is of it."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.id


class Mark(NamedTuple):
    """One student's mark for one assignment.

    Attributes:
        score: points, a whole number where it is one.
        text: what the target has room for beside it.
        needs_manual_grade: whether a human has still to look at it.
    """

    score: float
    text: str
    needs_manual_grade: bool


class Marks(NamedTuple):
    """The marks of a class.

    Attributes:
        students: everybody in the gradebook, by name.
        points: what each assignment is worth, in the gradebook's order.
        marks: by student's id and assignment; none where nothing was handed in.
        remarks: what the instructor has to know, a sentence each.
    """

    students: list[Student]
    points: dict[str, float]
    marks: dict[tuple[str, str], Mark]
    remarks: list[str]


def read_marks(root: Path, target: Target, assignments: Collection[str] = ()) -> Marks:
    """Read the marks of a course.

    Args:
        root: its folder.
        target: decides what is read.
        assignments: those to read; all that have points by default.

    Raises:
        ExportError: there is no gradebook, or no such assignment in it.
    """
    try:
        course = Course(root)
    except CourseError as error:
        raise ExportError(str(error)) from None
    directory = course.directory
    if not is_there(directory.db_url):
        raise ExportError(f"{root} has no gradebook yet. `autograder grade {root}` makes one.")
    try:
        roll = read_roll(directory.db_url, directory.course_id)
        with scripts_on_path(), api.Gradebook(directory.db_url, directory.course_id) as gradebook:
            return _chosen(roll, gradebook, target, assignments, course.store)
    except Damaged as error:
        raise ExportError(str(error)) from None
    except (SQLAlchemyError, RuntimeError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise ExportError(f"The gradebook of {root} cannot be read: {reason}.") from None


def _chosen(roll: Roll, gradebook: api.Gradebook, target: Target, wanted: Collection[str], store: Path) -> Marks:
    known = {name: number(most) for name, most in roll.max_scores.items()}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise ExportError(
            f"The gradebook knows no assignment {missing[0]!r}; there are {', '.join(known) or 'none at all'}."
        )
    remarks = []
    points = {name: known[name] for name in known if name in wanted}
    if not wanted:
        points = {name: most for name, most in known.items() if most}
        remarks += [f"{name} is worth no points and was left out." for name in known if name not in points]
    students = [Student(id, *person) for id, person in roll.students.items()]
    students.sort(key=lambda student: (student.name.casefold(), student.id))
    texts = {name: _texts(gradebook, name, target, store) for name in points}
    marks = {
        (student, name): _mark(standing, texts[name].get(student, []), target)
        for (student, name), standing in roll.standings.items()
        if name in points
    }
    if not students:
        remarks.append("There is nobody in the gradebook.")
    by_hand = Counter(name for (_, name), mark in marks.items() if mark.needs_manual_grade)
    if by_hand:
        remarks.append(f"Still to be graded by hand, written with the points they have: {_counted(by_hand)}.")
    handed_in = Counter(name for _, name in marks)
    nothing = +Counter({name: len(students) - handed_in[name] for name in points})
    if nothing:
        remarks.append(f"Not handed in, so their cells are empty, which is no mark and not 0: {_counted(nothing)}.")
    return Marks(students, points, marks, remarks)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in sorted(counts.items()))


def _mark(standing: Standing, lines: list[str], target: Target) -> Mark:
    if standing.penalty and target.late and target.by_question:
        lines = [*lines, f"handed in late: -{number(standing.penalty):g}"]
    return Mark(number(standing.score), "\n".join(lines), standing.needs_manual_grade)


def _texts(gradebook: api.Gradebook, name: str, target: Target, store: Path) -> dict[str, list[str]]:
    """For each student, the points of the questions and what was said of them, a line each."""
    lines: dict[str, list[str]] = {}
    if target.by_question:
        answers = _answers(store, name) if target.mistakes else {}
        for student, cell, grade in sorted(_of_cells(gradebook, name, api.Grade), key=_place(name)):
            said = lines.setdefault(student, [])
            said.append(f"{cell}: {number(grade.score or 0.0):g} of {number(grade.max_score or 0.0):g}")
            answer = answers.get((student, cell))
            if answer is not None and _is_of(answer, grade):
                said += known_mistakes(answer)
    if target.comments:
        for student, cell, comment in sorted(_comments(gradebook, name), key=_place(name)):
            lines.setdefault(student, []).append(f"{cell.removesuffix('-answer')}: {' '.join(comment.split())}")
    return lines


def _answers(store: Path, assignment: str) -> dict[tuple[str, str], QuestionResult]:
    """What `autograder grade` found, by student and question."""
    results = read_results(store, assignment)
    return {(result.student, question.name): question for result in results for question in result.questions}


def _is_of(answer: QuestionResult, grade: api.Grade) -> bool:
    """Whether the points in the gradebook are those of this answer, and not of one handed in and graded since."""
    found, most = answer.score / (answer.max_score or 1.0), grade.max_score or 1.0
    return grade.auto_score is not None and abs(grade.auto_score / most - found) < _ROUNDING


def _comments(gradebook: api.Gradebook, name: str) -> list[tuple[str, str, str]]:
    # What nbgrader says by itself ("No response.") is no comment of a human's.
    return [
        (student, cell, comment.manual_comment)
        for student, cell, comment in _of_cells(gradebook, name, api.Comment)
        if comment.manual_comment
    ]


def _of_cells(gradebook: api.Gradebook, name: str, kind: Any) -> Any:
    submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    return (
        gradebook.db.query(submitted.student_id, api.BaseCell.name, kind)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .join(notebook, notebook.assignment_id == submitted.id)
        .join(kind, kind.notebook_id == notebook.id)
        .join(api.BaseCell, api.BaseCell.id == kind.cell_id)
        .filter(api.Assignment.name == name)
    )


def _place(assignment: str) -> Any:
    """Sorts by student and, in a lesson of ours, by the order of its questions."""
    lesson = find_lesson(assignment)
    order = [question.name for question in lesson.questions] if lesson else []

    def place(row: tuple) -> tuple:
        name = row[1].removesuffix("-answer")
        return row[0], order.index(name) if name in order else len(order), row[1]

    return place


def number(value: float) -> float:
    """As few digits as tell it: what was added up in binary is not exact, and 10.0 is 10."""
    rounded = round(value, 5)
    return int(rounded) if rounded == int(rounded) else rounded


def read_number(text: str) -> float | None:
    """A number as another system has written it, with a comma or a point; `None` if it is none."""
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        return None
