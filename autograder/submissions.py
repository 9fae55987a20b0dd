"""Finding submissions: which notebook was handed in by whom, for which lesson."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder.lessons import LESSONS, find_lesson, find_question
from autograder.notebooks import NotebookError, read_notebook


class Submission(NamedTuple):
    """One student's notebook for one lesson.

    Attributes:
        student: nbgrader's student id, or the file's name where there is no such folder.
        assignment: the lesson's name as the folder says it; it need not be one of ours.
        path: the notebook, or the folder in which there is none.
        notes: oddities found on the way, a sentence each.
    """

    student: str
    assignment: str
    path: Path
    notes: tuple[str, ...] = ()


def find_submissions(paths: Iterable[Path], assignment: str | None = None) -> list[Submission]:
    """All submissions at `paths`, sorted by lesson and student.

    Each path is a notebook, or a folder with ``<student>/<assignment>/<notebook>.ipynb`` below it. With `assignment`
    only that lesson's are taken from folders, and every single notebook counts as one of it. A path that does not
    exist is a submission too: grading it says so.
    """
    found: list[Submission] = []
    for path in paths:
        if path.is_dir():
            found.extend(_in_folder(path.resolve(), assignment))
        else:
            found.append(_single(path.resolve(), assignment))
    return sorted(set(found), key=lambda one: (one.assignment, one.student, str(one.path)))


def _in_folder(folder: Path, assignment: str | None) -> list[Submission]:
    """Look for ``<student>/<assignment>`` folders at, below and above `folder`."""
    if folder.parent.is_dir() and find_lesson(folder.name):  # <student>/<assignment> itself
        candidates = [folder]
    else:
        below = [child for child in sorted(folder.iterdir()) if child.is_dir() and not child.name.startswith(".")]
        if any(find_lesson(child.name) for child in below):  # <student>
            candidates = below
        else:
            candidates = [
                inner
                for child in below
                for inner in sorted(child.iterdir())
                if inner.is_dir() and not inner.name.startswith(".")
            ]
    return [_handed_in(one) for one in candidates if assignment in (None, one.name)]


def _handed_in(folder: Path) -> Submission:
    """The notebook in a ``<student>/<assignment>`` folder, whatever it is called."""
    student, assignment = folder.parent.name, folder.name
    expected = folder / f"{assignment}.ipynb"
    if expected.exists():
        return Submission(student, assignment, expected)
    others = sorted(folder.glob("*.ipynb"))
    if len(others) == 1:
        note = f"The notebook is called {others[0].name} instead of {expected.name}."
        return Submission(student, assignment, others[0], (note,))
    return Submission(student, assignment, expected)


def _single(path: Path, assignment: str | None) -> Submission:
    if assignment is None and find_lesson(path.parent.name) and path.parent.parent.name:
        return Submission(path.parent.parent.name, path.parent.name, path)
    return Submission(path.stem, assignment or _assignment_of(path), path)


def _assignment_of(path: Path) -> str:
    """The lesson a lone notebook belongs to, by its name or by the questions in it."""
    if find_lesson(path.stem):
        return path.stem
    try:
        cells = read_notebook(path).cells
    except NotebookError:
        return path.stem
    asked = [found[0].name for cell in cells if cell.is_test and (found := find_question(cell.grade_id))]
    for lesson in LESSONS:
        if asked and asked.count(lesson.name) * 2 > len(asked):
            return lesson.name
    return path.stem
