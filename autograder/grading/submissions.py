"""Finding submissions: which notebook was handed in by whom, for which lesson."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder.judging.course import Course
from autograder.notebooks.reading import NotebookError, read_notebook
from autograder.notebooks.text import legible

__all__ = ["Submission", "assignment_of", "find_submissions"]


class Submission(NamedTuple):
    """One student's notebook for one lesson.

    Attributes:
        student: nbgrader's student id, or the file's name where there is no such folder.
        assignment: the lesson's name as the folder says it; it need not be one of the course.
        path: the notebook, or the folder in which there is none.
        notes: oddities found on the way, a sentence each.
    """

    student: str
    assignment: str
    path: Path
    notes: tuple[str, ...] = ()


def find_submissions(paths: Iterable[Path], course: Course, assignment: str | None = None) -> list[Submission]:
    """All submissions at `paths`, sorted by lesson and student.

    Each path is a notebook, or a folder with ``<student>/<assignment>/<notebook>.ipynb`` below it. With `assignment`
    only that lesson's are taken from folders, and every single notebook counts as one of it. A path that does not
    exist is a submission too: grading it says so.
    """
    found: list[Submission] = []
    for path in paths:
        # Of `os.path`, since pathlib's own raise for links in a circle and for names that are too long.
        real = Path(os.path.realpath(path))
        if os.path.isdir(real):
            found.extend(_in_folder(real, course, assignment))
        else:
            found.append(_single(real, course, assignment))
    return sorted(set(found), key=lambda one: (one.assignment, one.student, str(one.path)))


def _in_folder(folder: Path, course: Course, assignment: str | None) -> list[Submission]:
    """Look for ``<student>/<assignment>`` folders at, below and above `folder`."""
    if folder.parent.is_dir() and course.find_lesson(folder.name):  # <student>/<assignment> itself
        candidates = [folder]
    else:
        below = [child for child in sorted(folder.iterdir()) if child.is_dir() and not child.name.startswith(".")]
        if any(course.find_lesson(child.name) for child in below):  # <student>
            candidates = below
        else:
            candidates = [
                inner
                for child in below
                for inner in sorted(child.iterdir())
                if inner.is_dir() and not inner.name.startswith(".")
            ]
    return [_submitted_in(one) for one in candidates if assignment in (None, one.name)]


def _submitted_in(folder: Path) -> Submission:
    """The notebook in a ``<student>/<assignment>`` folder, whatever it is called."""
    student, assignment = legible(folder.parent.name), legible(folder.name)
    if folder.is_symlink():  # it may lead into somebody else's work; reading it says so
        return Submission(student, assignment, folder)
    expected = folder / f"{folder.name}.ipynb"
    # macOS puts a `._` beside each file that it packs.
    others = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    if len(others) == 1 and others[0] != expected:
        note = f"The notebook is called {legible(others[0].name)} instead of {legible(expected.name)}."
        return Submission(student, assignment, others[0], (note,))
    return Submission(student, assignment, expected)


def _single(path: Path, course: Course, assignment: str | None) -> Submission:
    if course.find_lesson(path.parent.name) and path.parent.parent.name:
        return Submission(legible(path.parent.parent.name), assignment or path.parent.name, path)
    return Submission(legible(path.stem), assignment or assignment_of(path, course), path)


def assignment_of(path: Path, course: Course) -> str:
    """The lesson a lone notebook belongs to, by its name or by the questions in it."""
    if course.find_lesson(path.stem):
        return path.stem
    try:
        cells = read_notebook(path).cells
    except NotebookError:
        return legible(path.stem)
    asked = [found[0].name for cell in cells if cell.is_test and (found := course.find_question(cell.grade_id))]
    for lesson in course.lessons:
        if asked and asked.count(lesson.name) * 2 > len(asked):
            return lesson.name
    return legible(path.stem)
