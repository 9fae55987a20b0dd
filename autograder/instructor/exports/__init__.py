"""What leaves this course for other systems: packages that grade elsewhere, and files that carry scores there.

Two kinds. Gradescope and GitHub Actions are given the grader itself and grade what students hand in there; Canvas and
Moodle are given scores out of nbgrader's gradebook. What each of them can carry stands in one place, `TARGETS`.

Made in a clone of the repository; students' installations have no part of this.
"""

from pathlib import Path

from autograder.judging.course import Course, Lesson

from ._targets import CARRIED, TARGETS, Hidden, Target

__all__ = [
    "CARRIED",
    "TARGETS",
    "ExportError",
    "Hidden",
    "Target",
    "canvas",
    "github_classroom",
    "gradescope",
    "moodle",
]


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
    return [SETTINGS]


def github_classroom(lesson: Lesson, course: Course, folder: Path) -> list[str]:
    """Write two folders for a lesson on GitHub: ``student/``, a template for their repositories, and ``instructor/``.

    Returns:
        what the instructor has to do there, a sentence each.

    Raises:
        ExportError: something that belongs into them is missing here, or the folder holds something else.
    """
    from ._github import write_folders

    write_folders(lesson, course, folder)
    return [f"{folder / 'instructor' / 'README.md'} says what to do with them; instructor/ has to stay private."]


def canvas(
    root: Path, course: Course, out: Path, assignments: tuple[str, ...] = (), roster: Path | None = None
) -> list[str]:
    """Write the scores of a class as a file that Canvas's gradebook imports.

    Args:
        root: the class's folder, with nbgrader's gradebook.
        course: the course that is taught: the order of its questions, and the explanations of known mistakes.
        out: the file.
        assignments: those to write; all that have points by default.
        roster: Canvas's own export of its gradebook, to take its ids and its names of assignments from.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the roster cannot be read.
    """
    from ._canvas import write

    return write(root, course, out, assignments, roster)


def moodle(
    root: Path, course: Course, out: Path, assignments: tuple[str, ...] = (), roster: Path | None = None
) -> list[str]:
    """Write the scores of a class as a file that Moodle imports.

    Args:
        root: the class's folder, with nbgrader's gradebook.
        course: the course that is taught: the order of its questions, and the explanations of known mistakes.
        out: the file.
        assignments: those to write; all that have points by default. With a worksheet, exactly one.
        roster: a Moodle assignment's offline grading worksheet, to be filled in.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the worksheet cannot be read.
    """
    from ._moodle import write

    return write(root, course, out, assignments, roster)
