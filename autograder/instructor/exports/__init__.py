"""What leaves this course for other systems: packages that grade elsewhere, and files that carry marks there.

Two kinds. Gradescope and GitHub Actions are given the grader itself and grade what students hand in there; Canvas and
Moodle are given marks out of nbgrader's gradebook. What each of them can carry is said once, in `TARGETS`.

Made in a clone of the repository; students' installations have no part of this.
"""

from pathlib import Path

from autograder.judging.course import Lesson

from ._targets import TARGETS, Hidden, Target

__all__ = [
    "TARGETS",
    "ExportError",
    "Hidden",
    "Target",
    "canvas",
    "github_classroom",
    "gradescope",
    "moodle",
    "show_targets",
]


class ExportError(Exception):
    """Nothing was exported; the text says why."""


def show_targets() -> None:
    """Print what each target can carry."""
    from ._screen import show_targets

    show_targets()


def gradescope(lesson: Lesson, out: Path) -> list[str]:
    """Write the zip from which Gradescope builds its autograder of a lesson.

    Returns:
        what the instructor has to do there, a sentence each.

    Raises:
        ExportError: something that belongs into it is missing here.
    """
    from ._gradescope import SETTINGS, write_package

    write_package(lesson, out)
    return [SETTINGS]


def github_classroom(lesson: Lesson, folder: Path) -> list[str]:
    """Write two folders for a lesson on GitHub: ``student/``, a template for their repositories, and ``instructor/``.

    Returns:
        what the instructor has to do there, a sentence each.

    Raises:
        ExportError: something that belongs into them is missing here, or the folder holds something else.
    """
    from ._github import write_folders

    write_folders(lesson, folder)
    return [f"{folder / 'instructor' / 'README.md'} says what to do with them; instructor/ has to stay private."]


def canvas(course: Path, out: Path, assignments: tuple[str, ...] = (), roster: Path | None = None) -> list[str]:
    """Write the marks of a course as a file that Canvas's gradebook imports.

    Args:
        course: an nbgrader course's folder.
        out: the file.
        assignments: those to write; all that have points by default.
        roster: Canvas's own export of its gradebook, to take its ids and its names of assignments from.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the roster cannot be read.
    """
    from ._canvas import write

    return write(course, out, assignments, roster)


def moodle(course: Path, out: Path, assignments: tuple[str, ...] = (), roster: Path | None = None) -> list[str]:
    """Write the marks of a course as a file that Moodle imports.

    Args:
        course: an nbgrader course's folder.
        out: the file.
        assignments: those to write; all that have points by default. With a worksheet, exactly one.
        roster: a Moodle assignment's offline grading worksheet, to be filled in.

    Returns:
        what the instructor has to know, a sentence each.

    Raises:
        ExportError: there is no gradebook, no such assignment, or the worksheet cannot be read.
    """
    from ._moodle import write

    return write(course, out, assignments, roster)
