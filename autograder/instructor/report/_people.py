"""Scores by lesson, and who may need help."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult

from ._schema import LessonReport, StudentReport

if TYPE_CHECKING:
    from autograder.gradebook.database import Roster

#: So many lessons must be low, or missing, before that is a reason.
SEVERAL = 2
#: A score is low below this share of the points, if it is also below the class's lower quartile: where everybody is
#: low, it is the lesson that needs help.
LOW = 0.5
#: A lesson is due when this share of the class has handed it in.
DUE = 0.5
#: Leaving this share of the questions untouched is a reason.
UNTOUCHED = 0.5

#: The criteria, as instructors read them.
CRITERIA = (
    f"{SEVERAL} or more lessons below {LOW:.0%} of the points, each also in the lowest quarter of the class",
    f"{SEVERAL} or more lessons not handed in that at least {DUE:.0%} of the class handed in, or nothing handed in",
    f"at least {UNTOUCHED:.0%} of the questions in what was handed in left untouched",
    "something handed in that could not be graded",
)


class Book(NamedTuple):
    """Who has what: the gradebook's scores where there is one, the grader's own where there is none.

    Attributes:
        students: ids of the whole class, sorted.
        names: first and last name by student, as far as they are known.
        lessons: those that anybody has handed in, in the course's order, others after them by name.
        max_scores: by lesson.
        scores: by student and lesson; ``None`` where what was handed in could not be graded.
    """

    students: tuple[str, ...]
    names: Mapping[str, str]
    lessons: tuple[str, ...]
    max_scores: Mapping[str, float]
    scores: Mapping[tuple[str, str], float | None]


def open_book(results: Sequence[SubmissionResult], roster: "Roster | None", course: Course) -> Book:
    """Put the scores of the gradebook and of the results together."""
    scores: dict[tuple[str, str], float | None] = {
        (one.student, one.assignment): one.score if one.problem is None else None for one in results
    }
    worth = {one.assignment: one.max_score for one in results}
    names = {}
    if roster is not None:
        # What a human has graded since is a score; nothing else of what could not be graded is.
        refused = {
            key
            for key, score in scores.items()
            if score is None and not (key in roster.standings and roster.standings[key].is_graded)
        }
        scores |= {key: standing.score for key, standing in roster.standings.items() if key not in refused}
        worth |= roster.max_scores
        names = {id: f"{one.first_name} {one.last_name}".strip() for id, one in roster.students.items()}
    students = {student for student, _ in scores} | set(names)
    order = [lesson.name for lesson in course.lessons]
    submitted = {lesson for _, lesson in scores}
    lessons = sorted(submitted, key=lambda name: (order.index(name) if name in order else len(order), name))
    return Book(tuple(sorted(students)), names, tuple(lessons), worth, scores)


def count_lessons(book: Book, roster: "Roster | None") -> tuple[LessonReport, ...]:
    """The scores of each lesson that anybody has handed in."""
    standings = roster.standings if roster is not None else {}
    reports = []
    for lesson in book.lessons:
        entries = {student: score for (student, name), score in book.scores.items() if name == lesson}
        graded = sorted(score for score in entries.values() if score is not None)
        stands = [one for (_, name), one in standings.items() if name == lesson]
        lower, median, upper = _quartiles(graded)
        reports.append(
            LessonReport(
                name=lesson,
                max_score=book.max_scores.get(lesson, 0.0),
                scores=tuple(graded),
                handed_in=len(entries),
                missing=len(book.students) - len(entries),
                not_graded=len(entries) - len(graded),
                by_hand=sum(one.needs_manual_grade for one in stands),
                penalised=sum(one.penalty > 0 for one in stands),
                mean=statistics.fmean(graded) if graded else None,
                lower_quartile=lower,
                median=median,
                upper_quartile=upper,
            )
        )
    return tuple(reports)


def count_people(
    book: Book, lessons: Sequence[LessonReport], results: Iterable[SubmissionResult]
) -> tuple[StudentReport, ...]:
    """Every student of the class, with the reasons for which one may need help; see `CRITERIA`."""
    questions: dict[str, list[bool]] = {}
    for result in results:
        if result.problem is None:
            untouched = (question.outcome == "not_attempted" for question in result.questions)
            questions.setdefault(result.student, []).extend(untouched)
    quartiles = {one.name: one.lower_quartile for one in lessons if one.lower_quartile is not None}
    due = {one.name for one in lessons if one.handed_in >= DUE * len(book.students)}
    people = []
    for student in book.students:
        scores = {lesson: book.scores[student, lesson] for lesson in book.lessons if (student, lesson) in book.scores}
        missing = tuple(lesson for lesson in book.lessons if lesson not in scores)
        low = [
            lesson
            for lesson, score in scores.items()
            if score is not None and score < LOW * book.max_scores.get(lesson, 0.0) and score < quartiles[lesson]
        ]
        reasons = _reasons(scores, low, [one for one in missing if one in due], questions.get(student, []))
        people.append(StudentReport(student, book.names.get(student, ""), scores, missing, tuple(reasons)))
    return tuple(people)


def _reasons(
    scores: Mapping[str, float | None], low: Sequence[str], missing: Sequence[str], untouched: Sequence[bool]
) -> Iterable[str]:
    refused = [lesson for lesson, score in scores.items() if score is None]
    if refused:
        yield f"Could not be graded: {', '.join(refused)}."
    if not scores:
        yield "Has handed in nothing."
    elif len(missing) >= SEVERAL:
        yield f"Not handed in: {', '.join(missing)}."
    if len(low) >= SEVERAL:
        yield f"Low: {', '.join(low)}."
    if untouched and sum(untouched) >= UNTOUCHED * len(untouched):
        yield f"Left {sum(untouched)} of {len(untouched)} questions untouched."


def _quartiles(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    if not values:
        return None, None, None
    if len(values) == 1:
        return values[0], values[0], values[0]
    lower, median, upper = statistics.quantiles(values, method="inclusive")
    return lower, median, upper
