"""What was handed in is opened with care by nbgrader's own command too.

`nbgrader autograde` opens ``timestamp.txt``, copies what lies beside the notebooks and reads these before any step of
ours. A pipe or an endless device would keep it for ever, and a link would bring in whatever it leads to. So a
submission is looked through before nbgrader opens anything of it, as `autograder grade` does.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, base

from autograder.gradebook.chosen_notebooks import NotChosen, choose
from autograder.gradebook.database import read_source_version
from autograder.gradebook.notebook_file import as_node
from autograder.notebooks.files import MAX_BESIDE, MAX_FILES, FileError, open_file, read_timestamp
from autograder.notebooks.reading import NotebookError, read_bytes
from autograder.notebooks.text import legible

__all__ = ["guard_autograde"]

_init_destination, _init_assignment, _find_all_files = (
    Autograde.init_destination,
    Autograde.init_assignment,
    base.find_all_files,
)


class _Refused(Exception):
    """This submission is not opened; the text says why."""


def guard_autograde() -> None:
    """Have nbgrader's converter look at what it opens of a submission, in this process from now on."""
    for name, ours in (("init_destination", _begin), ("init_assignment", _bring_files)):
        setattr(Autograde, name, ours)


def _begin(self: Autograde, assignment_id: str, student_id: str) -> bool:
    """As `Autograde.init_destination`, which compares times.

    Raises:
        _Refused: the submission's time is nothing that one would read.
    """
    try:
        read_timestamp(self._format_source(assignment_id, student_id))
    except FileError as error:
        raise _Refused(str(error)) from None
    return bool(_init_destination(self, assignment_id, student_id))


def _bring_files(self: Autograde, assignment_id: str, student_id: str) -> None:
    """As `Autograde.init_assignment`, which copies what lies beside the notebooks: no links, and not without end.

    Raises:
        _Refused: one of its notebooks is nothing that one would read, or of another assignment, or another is meant.
    """
    try:
        _assert_meant(self, assignment_id, student_id)
    except _Refused:
        if self.coursedir.notebook_id != "*":  # as nbgrader leaves the folder of one whose notebooks fail
            os.makedirs(self._format_dest(assignment_id, student_id), exist_ok=True)
        raise

    def ordinary(*which: Any) -> list[str]:
        return _ordinary(sorted(_find_all_files(*which)), self.log)

    setattr(base, _find_all_files.__name__, ordinary)
    try:
        _init_assignment(self, assignment_id, student_id)
    finally:
        setattr(base, _find_all_files.__name__, _find_all_files)
    try:
        for notebook in self.notebooks:  # those that the gradebook knows; they are read next
            as_node(read_bytes(Path(notebook)))
    except NotebookError as error:
        raise _Refused(str(error)) from None


def _assert_meant(self: Autograde, assignment_id: str, student_id: str) -> None:
    """nbgrader goes by names, and gives 0 to what has the right one and is blank, or another assignment's."""
    version = read_source_version(self.coursedir.db_url, self.coursedir.course_id, assignment_id)
    folder = Path(self._format_source(assignment_id, student_id))
    submitted = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    if version is None:  # nbgrader says so
        return
    try:
        chosen = choose(submitted, version.released)
    except NotChosen as error:
        raise _Refused(str(error)) from None
    for path in submitted:
        if path.stem in version.notebooks and path.stem not in chosen.paths:
            raise _Refused(f"{path.name} is the notebook of another assignment. Hand in this assignment's.")
    for name, path in chosen.paths.items():
        if path.stem != name:
            raise _Refused(
                f"{legible(path.name)} is what was worked on, and nbgrader takes {name}.ipynb. `autograder grade` "
                "takes the right one; or give it that name."
            )


def _ordinary(paths: Iterable[str], log: Any) -> list[str]:
    found: list[str] = []
    room = MAX_BESIDE
    for path in paths:
        if len(found) == MAX_FILES:
            log.warning("There are more than %s files; the others were left out.", f"{MAX_FILES:,}")
            break
        try:
            with open_file(path, room) as file:
                room -= os.fstat(file.fileno()).st_size
        except FileError as error:
            log.warning("%s It was left out.", error)
        else:
            found.append(path)
    return found
