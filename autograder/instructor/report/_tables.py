"""The report as tables for a spreadsheet."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.instructor.csv_files import Cell, write_csv
from autograder.panels import SAYS

from ._schema import Report


def write_tables(report: Report, folder: Path) -> None:
    """Write ``questions.csv``, ``misconceptions.csv``, ``tests.csv`` and ``students.csv``."""
    for name, make in _TABLES.items():
        header, rows = make(report)
        # With its mark in front, Excel takes the file for what it is.
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(file, header, rows)


_Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def _questions(report: Report) -> _Table:
    words = [word.lower() for word, _, _ in SAYS.values()]
    header = ["lesson", "question", "points", *words, "share of points lost", "most frequent misconception", "students"]
    return header, (
        [
            *(one.lesson, one.name, one.max_score),
            *(one.statuses[status] for status in SAYS),
            round(one.lost, 4),
            *((one.mistakes[0].id, one.mistakes[0].count) if one.mistakes else (None, None)),
        ]
        for one in report.questions
    )


def _misconceptions(report: Report) -> _Table:
    header = ["lesson", "question", "misconception", "students", "together with another", "diagnosis", "pointer"]
    return header, (
        [one.lesson, one.name, known.id, known.count, known.together, known.diagnosis, known.pointer]
        for one in report.questions
        for known in one.mistakes
    )


def _tests(report: Report) -> _Table:
    header = ["lesson", "question", "test", "title", "hidden", "points", "attempts", "passed"]
    return [*header, "difficulty", "discrimination", "flags"], (
        [
            *(one.lesson, one.question, one.name, one.title, "yes" if one.hidden else "no"),
            *(one.points, one.attempts, one.passed, round(one.difficulty, 4)),
            None if one.discrimination is None else round(one.discrimination, 4),
            " ".join(one.flags),
        ]
        for one in report.tests
    )


def _students(report: Report) -> _Table:
    lessons = [one.name for one in report.lessons]
    return ["student", "name", *lessons, "may need help"], (
        [
            *(one.student, one.name),
            *("not graded" if score is None else score for score in (one.scores.get(name, "") for name in lessons)),
            " ".join(one.reasons),
        ]
        for one in report.people
    )


_TABLES = {
    "questions.csv": _questions,
    "misconceptions.csv": _misconceptions,
    "tests.csv": _tests,
    "students.csv": _students,
}
