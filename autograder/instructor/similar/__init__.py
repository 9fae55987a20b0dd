"""Submissions that are suspiciously alike: a list of questions to ask, and never a verdict.

Reads what was handed in and runs nothing of it. Only instructors have this room.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from autograder.grading.submissions import Submission
from autograder.instructor.similar._groups import Group, find_groups
from autograder.instructor.similar._page import in_words, page
from autograder.instructor.similar._pairs import Pair, find_pairs
from autograder.judging.course import Course
from autograder.judging.misconceptions import misconceptions
from autograder.notebooks.reading import NotebookError, read_notebook

__all__ = ["Compared", "Group", "Pair", "compare", "given_code", "in_words", "page"]


class Compared(NamedTuple):
    """What came of comparing a class.

    Attributes:
        pairs: the pairs that are alike beyond what everybody writes: by assignment, the most alike first.
        counts: how many submissions of each assignment were compared.
        complaints: a sentence for each submission that could not be.
        groups: three and more that are copies of one another: by assignment, the least likely by chance first.
    """

    pairs: list[Pair]
    counts: dict[str, int]
    complaints: list[str]
    groups: Sequence[Group] = ()


def compare(submissions: Iterable[Submission], course: Course, sources: Sequence[Path] = ()) -> Compared:
    """Compare the answers of all submissions of each assignment with one another.

    Args:
        submissions: who handed in what.
        course: the course that is taught; the sources of its lessons are known.
        sources: folders with the source versions of other assignments, as in ``source/``.
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
    pairs: list[Pair] = []
    groups: list[Group] = []
    for assignment in sorted(answers):
        given = given_code(assignment, course, sources)
        pairs += find_pairs(assignment, answers[assignment], given)
        groups += find_groups(assignment, answers[assignment], given)
    return Compared(pairs, {name: len(students[name]) for name in sorted(students)}, complaints, groups)


def _answers(path: Path) -> dict[str, str]:
    """The code that a student wrote, by question; of a cell that was copied, all copies."""
    found: dict[str, str] = {}
    for cell in read_notebook(path).cells:
        if cell.is_answer:
            question = cell.grade_id.removesuffix("-answer")
            found[question] = "\n".join(filter(None, [found.get(question), cell.source]))
    return found


def given_code(assignment: str, course: Course, sources: Sequence[Path] = ()) -> dict[str, list[str]]:
    """Code by question that is nobody's own: stub and reference solution, and the mistakes that many make."""
    found: dict[str, list[str]] = {}
    lesson = course.find_lesson(assignment)
    if lesson is not None:
        for known in misconceptions(lesson):
            found.setdefault(known.question, []).append(known.source)
        sources = [*sources, course.home / "source", course.home / "assignments"]
    for path in sorted(path for folder in sources for path in (folder / assignment).glob("*.ipynb")):
        try:
            cells = _answers(path)
        except NotebookError:
            continue  # its author sees that elsewhere
        for question, code in cells.items():
            found.setdefault(question, []).append(code)
    return found
