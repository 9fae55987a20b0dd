"""What leaves this course for other systems: packages that grade elsewhere, and files that carry scores there.

Two kinds. Gradescope and GitHub Actions are given the grader itself and grade what students hand in there; Canvas and
Moodle are given scores out of nbgrader's gradebook. What each of them can carry stands in one place, `TARGETS`.

Made in a clone of the repository; students' installations have no part of this.
"""

from pathlib import Path
from typing import NamedTuple

from autograder.judging.course import Course, Lesson
from autograder.notebooks.reading import read_notebook

from ._targets import CARRIED, TARGETS, Hidden, Target

__all__ = [
    "CARRIED",
    "EVERYBODY",
    "TARGETS",
    "Chosen",
    "ExportError",
    "Hidden",
    "Target",
    "canvas",
    "github_classroom",
    "gradescope",
    "mail_merge",
    "moodle",
    "questions",
]


class Chosen(NamedTuple):
    """Whose scores are written: everybody's, unless it names somebody.

    Attributes:
        students: these, by nbgrader's id.
        groups: and those of these groups of the class's rules.
    """

    students: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


#: Nobody is named.
EVERYBODY = Chosen()


class ExportError(Exception):
    """Nothing was exported; the text says why."""


def gradescope(lesson: Lesson, course: Course, out: Path) -> list[str]:
    """Write the zip from which Gradescope builds its autograder of a lesson.

    Returns:
        what the instructor has to do there, a sentence each.

    Raises:
        ExportError: something that belongs into it is missing here.
    """
    from ._gradescope import SETTINGS, write_package

    write_package(lesson, course, out)
    return [SETTINGS, *_by_hand(lesson, course, "Gradescope")]


def github_classroom(lesson: Lesson, course: Course, folder: Path) -> list[str]:
    """Write two folders for a lesson on GitHub: ``student/``, a template for their repositories, and ``instructor/``.

    Returns:
        what the instructor has to do there, a sentence each.

    Raises:
        ExportError: something that belongs into them is missing here, or the folder holds something else.
    """
    from ._github import write_folders

    write_folders(lesson, course, folder)
    what = f"{folder / 'instructor' / 'README.md'} says what to do with them; instructor/ has to stay private."
    return [what, *_by_hand(lesson, course, "GitHub")]


def _by_hand(lesson: Lesson, course: Course, target: str) -> list[str]:
    """What to say of points that a person gives, where only those of tests arrive."""
    cells = read_notebook(lesson.notebook(course.solutions)).cells
    points = sum(cell.points for cell in cells if cell.is_read_by_a_person)
    if not points:
        return []
    what = f"{points:g} points of {lesson.name} are for answers in sentences."
    return [f"{what} {target} gets what tests give, and not these."]


def canvas(
    root: Path,
    course: Course,
    out: Path,
    assignments: tuple[str, ...] = (),
    roster: Path | None = None,
    chosen: Chosen = EVERYBODY,
) -> list[str]:
    """Write the scores of a class as a file that Canvas's gradebook imports.

    Args:
        root: the class's folder, with nbgrader's gradebook.
        course: the course that is taught: the order of its questions, and the explanations of known mistakes.
        out: the file.
        assignments: those to write; all that have points by default.
        roster: Canvas's own export of its gradebook, to take its ids and its names of assignments from.
        chosen: whose scores.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the roster cannot be read.
    """
    from ._canvas import write

    return write(root, course, out, assignments, roster, chosen)


def moodle(
    root: Path,
    course: Course,
    out: Path,
    assignments: tuple[str, ...] = (),
    roster: Path | None = None,
    chosen: Chosen = EVERYBODY,
) -> list[str]:
    """Write the scores of a class as a file that Moodle imports.

    Args:
        root: the class's folder, with nbgrader's gradebook.
        course: the course that is taught: the order of its questions, and the explanations of known mistakes.
        out: the file.
        assignments: those to write; all that have points by default. With a worksheet, exactly one.
        roster: a Moodle assignment's offline grading worksheet, to be filled in.
        chosen: whose scores.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the worksheet cannot be read.
    """
    from ._moodle import write

    return write(root, course, out, assignments, roster, chosen)


def questions(
    root: Path, course: Course, out: Path, assignments: tuple[str, ...] = (), chosen: Chosen = EVERYBODY
) -> list[str]:
    """Write a table of a class: a row a student, a column a question.

    Args:
        root: the class's folder, with nbgrader's gradebook.
        course: the course that is taught: the order of its questions.
        out: the file.
        assignments: those to write; all that have points by default.
        chosen: whose scores.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, or no such assignment or group.
    """
    from ._questions import write

    return write(root, course, out, assignments, chosen)


def mail_merge(
    root: Path, course: Course, folder: Path, assignments: tuple[str, ...] = (), chosen: Chosen = EVERYBODY
) -> list[str]:
    """Write everybody's feedback pages, and a table by which a mail program sends each to whom it belongs.

    Args:
        root: the class's folder, with nbgrader's gradebook and feedback pages.
        course: the course that is taught.
        folder: where to write; an earlier one is replaced.
        assignments: those to write; all that have points by default.
        chosen: whose pages.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment or group, a page is not up to date, or the folder holds
            something else.
    """
    from ._mail_merge import write

    return write(root, course, folder, assignments, chosen)
