"""Scores out of nbgrader's gradebook, as it counts them itself: points by hand in, penalties off, never below 0."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.cells import GradedCell, read_comments, read_graded_cells
from autograder.gradebook.class_rules import UnknownGroup
from autograder.gradebook.course_folder import CourseFolder, CourseFolderError
from autograder.gradebook.database import Roster, Standing, is_there, read_roster
from autograder.gradebook.refusals import refusals
from autograder.gradebook.results_store import Damaged, read_results, read_stored
from autograder.gradebook.staleness import stale_remarks
from autograder.instructor.exports import EVERYBODY, Chosen, ExportError, Target
from autograder.judging.course import Course, Lesson
from autograder.judging.diagnosis import known_mistakes
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


class AssignmentScore(NamedTuple):
    """One student's score for one assignment.

    Attributes:
        score: a whole number where it is one; ``None`` if it could not be graded, which is no score and not 0.
        text: what the target has room for beside it.
        needs_manual_grade: whether a human has still to look at it.
        penalty: points that were taken off for being late.
    """

    score: float | None
    text: str
    needs_manual_grade: bool
    penalty: float = 0.0


class ClassScores(NamedTuple):
    """The scores of a class.

    Attributes:
        students: everybody in the gradebook, by name.
        points: what each assignment is worth, in the gradebook's order.
        scores: by student's id and assignment; none where nothing was handed in.
        remarks: what the instructor has to know, a sentence each.
        not_graded: by student's id and assignment, why there is no score although something was handed in.
    """

    students: list[Student]
    points: dict[str, float]
    scores: dict[tuple[str, str], AssignmentScore]
    remarks: list[str]
    not_graded: dict[tuple[str, str], str]


def read_class_scores(
    root: Path, course: Course, target: Target, assignments: Collection[str] = (), chosen: Chosen = EVERYBODY
) -> ClassScores:
    """Read the scores of a class.

    Args:
        root: the class's folder.
        course: the course that is taught.
        target: decides what is read.
        assignments: those to read; all that have points by default.
        chosen: whose.

    Raises:
        ExportError: there is no gradebook, no such assignment in it, or no such group in the class's rules.
    """
    try:
        folder = CourseFolder(root)
        selection = folder.selection(chosen.students, chosen.groups)
    except (CourseFolderError, UnknownGroup) as error:
        raise ExportError(str(error)) from None
    directory = folder.directory
    if not is_there(directory.db_url):
        raise ExportError(f"{root} has no gradebook yet. `autograder grade {root}` makes one.")
    try:
        roster = selection.of(read_roster(directory.db_url, directory.course_id))
        points, remarks = _chosen(roster, assignments)
        refused = {
            key: refusal.reason
            for key, refusal in refusals(read_stored(folder.store), roster.standings).items()
            if key[1] in points and key[0] in roster.students
        }
        remarks += stale_remarks(folder, points, selection)
        texts = {name: _texts(folder, course, name, target) for name in points}
    except Damaged as error:
        raise ExportError(str(error)) from None
    except (SQLAlchemyError, RuntimeError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise ExportError(f"The gradebook of {root} cannot be read: {reason}.") from None
    students = [Student(id, *person) for id, person in roster.students.items()]
    students.sort(key=lambda student: (student.name.casefold(), student.id))
    scores = {
        (student, name): _score(standing, texts[name].get(student, []), target)
        for (student, name), standing in roster.standings.items()
        if name in points
    }
    scores |= {key: AssignmentScore(None, f"Not graded: {reason}", False) for key, reason in refused.items()}
    return ClassScores(students, points, scores, [*remarks, *_remarks(students, points, scores)], refused)


def _chosen(roster: Roster, wanted: Collection[str]) -> tuple[dict[str, float], list[str]]:
    """What each assignment is worth of those that are wanted, and sentences about those that are left out."""
    known = {name: number(most) for name, most in roster.max_scores.items()}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise ExportError(
            f"The gradebook knows no assignment {missing[0]!r}; there are {', '.join(known) or 'none at all'}."
        )
    if wanted:
        return {name: most for name, most in known.items() if name in wanted}, []
    left_out = [f"{name} is worth no points and was left out." for name, most in known.items() if not most]
    return {name: most for name, most in known.items() if most}, left_out


def _remarks(
    students: Collection[Student], points: Iterable[str], scores: dict[tuple[str, str], AssignmentScore]
) -> Iterable[str]:
    if not students:
        yield "There is nobody in the gradebook."
    refused = Counter(name for (_, name), score in scores.items() if score.score is None)
    if refused:
        yield f"Could not be graded, so their cells are empty, which is no score and not 0: {_counted(refused)}."
    by_hand = Counter(name for (_, name), score in scores.items() if score.needs_manual_grade)
    if by_hand:
        yield f"Still to be graded by hand, written with the points they have: {_counted(by_hand)}."
    submitted = Counter(name for _, name in scores)
    nothing = +Counter({name: len(students) - submitted[name] for name in points})
    if nothing:
        yield f"Not handed in, so their cells are empty, which is no score and not 0: {_counted(nothing)}."


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in sorted(counts.items()))


def _score(standing: Standing, lines: list[str], target: Target) -> AssignmentScore:
    if standing.penalty and target.late and target.by_question:
        lines = [*lines, f"handed in late: -{number(standing.penalty):g}"]
    text = "\n".join(lines)
    return AssignmentScore(number(standing.score), text, standing.needs_manual_grade, number(standing.penalty))


def _texts(folder: CourseFolder, course: Course, name: str, target: Target) -> dict[str, list[str]]:
    """For each student the points of the questions, what explains the mistakes, and the comments: a line each."""
    lesson = course.find_lesson(name)
    gradebook = (folder.directory.db_url, folder.directory.course_id, name)
    place = place_in(lesson)
    lines: dict[str, list[str]] = {}
    if target.by_question:
        answers = _answers(folder.store, name) if target.mistakes and lesson else {}
        for one in sorted(read_graded_cells(*gradebook), key=lambda one: place(one.student, one.cell)):
            mine = lines.setdefault(one.student, [])
            mine.append(f"{one.cell}: {number(one.score):g} of {number(one.max_score):g}")
            answer = answers.get((one.student, one.cell))
            if lesson and answer is not None and _is_of(answer, one):
                mine += known_mistakes(lesson, answer)
    if target.comments:
        for comment in sorted(read_comments(*gradebook), key=lambda one: place(one.student, one.cell)):
            text = f"{comment.cell.removesuffix('-answer')}: {' '.join(comment.text.split())}"
            lines.setdefault(comment.student, []).append(text)
    return lines


def _answers(store: Path, assignment: str) -> dict[tuple[str, str], QuestionResult]:
    """What `autograder grade` found, by student and question."""
    results = read_results(store, assignment)
    return {(result.student, question.name): question for result in results for question in result.questions}


def _is_of(answer: QuestionResult, cell: GradedCell) -> bool:
    """Whether the points in the gradebook are those of this answer, and not of one handed in and graded since."""
    found, most = answer.score / (answer.max_score or 1.0), cell.max_score or 1.0
    return cell.auto_score is not None and abs(cell.auto_score / most - found) < _ROUNDING


def place_in(lesson: Lesson | None) -> Callable[[str, str], tuple[str, int, str]]:
    """Sorts by student and, in a lesson of the course, by the order of its questions."""
    order = [question.name for question in lesson.questions] if lesson else []

    def place(student: str, cell: str) -> tuple[str, int, str]:
        name = cell.removesuffix("-answer")
        return student, order.index(name) if name in order else len(order), cell

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
