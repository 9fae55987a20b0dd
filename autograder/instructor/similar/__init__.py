"""Submissions that are suspiciously alike: a list of questions to ask, and never a verdict.

Reads what was handed in and runs nothing of it. Only instructors have this room.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from autograder.grading.submissions import Submission
from autograder.instructor.similar._page import in_words, page
from autograder.instructor.similar._pairs import Pair, find_pairs
from autograder.judging.course import HOME, find_lesson
from autograder.judging.misconceptions import misconceptions
from autograder.notebooks.reading import NotebookError, read_notebook

__all__ = ["Compared", "Pair", "compare", "in_words", "page"]


class Compared(NamedTuple):
    """What came of comparing a class.

    Attributes:
        pairs: the pairs that are alike beyond what everybody writes: by assignment, the most alike first.
        counts: how many submissions of each assignment were compared.
        complaints: a sentence for each submission that could not be.
    """

    pairs: list[Pair]
    counts: dict[str, int]
    complaints: list[str]


def compare(submissions: Iterable[Submission], sources: Sequence[Path] = ()) -> Compared:
    """Compare the answers of all submissions of each assignment with one another.

    Args:
        submissions: who handed in what.
        sources: folders with the assignments' master versions, as in ``source/``; of our lessons they are known.
    """
    answers: dict[str, dict[str, dict[str, str]]] = {}
    students: dict[str, set[str]] = {}
    complaints = []
    for one in submissions:
        try:
            cells = _answers(one.path)
        except NotebookError as error:
            complaints.append(f"{one.student}, {one.assignment}: {error}")
            continue
        students.setdefault(one.assignment, set()).add(one.student)
        for question, code in cells.items():
            answers.setdefault(one.assignment, {}).setdefault(question, {})[one.student] = code
    pairs = []
    for assignment in sorted(answers):
        pairs += find_pairs(assignment, answers[assignment], _given(assignment, sources))
    return Compared(pairs, {name: len(students[name]) for name in sorted(students)}, complaints)


def _answers(path: Path) -> dict[str, str]:
    """The code that a student wrote, by question; of a cell that was copied, all copies."""
    found: dict[str, str] = {}
    for cell in read_notebook(path).cells:
        if cell.is_answer:
            question = cell.grade_id.removesuffix("-answer")
            found[question] = "\n".join(filter(None, [found.get(question), cell.source]))
    return found


def _given(assignment: str, sources: Sequence[Path]) -> dict[str, list[str]]:
    """Code that says nothing about anybody: stub and reference solution, and the mistakes that many make."""
    found: dict[str, list[str]] = {}
    lesson = find_lesson(assignment)
    if lesson is not None:
        for known in misconceptions(lesson):
            found.setdefault(known.question, []).append(known.source)
        sources = [*sources, HOME / "source", HOME / "assignments"]
    for path in sorted(path for folder in sources for path in (folder / assignment).glob("*.ipynb")):
        try:
            cells = _answers(path)
        except NotebookError:
            continue  # its author sees that elsewhere
        for question, code in cells.items():
            found.setdefault(question, []).append(code)
    return found
