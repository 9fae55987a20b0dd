"""Where the boundary between the grader and the students runs through this package.

Every question of the kind "may students have this?", "may a student's code read this?", "do marks depend on this?" is
answered by the tables below, and by no other. They name folders, and the few files that lie in the package's own
folder. A file belongs to the innermost entry that holds it.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath

__all__ = [
    "GRADER",
    "NOT_DECIDING",
    "PACKAGE",
    "PER_QUESTION",
    "SHARED",
    "STUDENT",
    "WORKER",
    "Side",
    "decides_marks",
    "deciding_files",
    "files",
    "hidden_parts",
    "readable_parts",
    "side_of",
]

#: The folder of the package itself.
PACKAGE = Path(__file__).resolve().parents[1]

#: What only the grader has. It is in no wheel that students get, and no worker reads it.
GRADER = ("course/secret", "gradebook", "grading/cluster", "instructor", "plugin.py")
#: What serves students alone: their lessons, what their notebooks show, their commands, the process of their code.
STUDENT = ("course/figures", "course/lessons", "course/widgets", "sandbox/inside", "student")
#: What both sides use.
SHARED = (
    *("__init__.py", "__main__.py", "py.typed"),
    *("cli", "course", "grading", "judging", "notebooks", "panels", "sandbox"),
)

#: What a student's code may read, and so import, while it is graded. Of a folder on the way to one of these, its
#: `__init__.py` and its `__pycache__` are readable too. All else is hidden, a new folder as well.
WORKER = (
    *("course/data/cells", "course/data/evidence", "course/figures", "course/widgets"),
    *("judging", "notebooks", "panels", "sandbox"),
)

#: What has no say in anybody's marks. Everything else has.
NOT_DECIDING = ("cli", "course/figures", "course/widgets", "instructor", "panels", "student")
#: What has a say in the marks of single questions; see `autograder.grading.fingerprints.questions`.
PER_QUESTION = ("course/lessons", "course/secret")

#: What Python makes by itself, and no file of the package.
_CACHE = "__pycache__"


class Side(StrEnum):
    """Whose a file is."""

    GRADER = "grader"
    STUDENT = "student"
    SHARED = "shared"


_SIDES = {
    **dict.fromkeys(GRADER, Side.GRADER),
    **dict.fromkeys(STUDENT, Side.STUDENT),
    **dict.fromkeys(SHARED, Side.SHARED),
}


def side_of(part: str) -> Side:
    """Whose a file or folder of the package is.

    Args:
        part: its path relative to `PACKAGE`, with ``/`` between folders.

    Raises:
        ValueError: no table has an entry for it.
    """
    for entry in _from_inside_out(part):
        if entry in _SIDES:
            return _SIDES[entry]
    raise ValueError(f"autograder/{part} lies on no side of the boundary: give it an entry in {__name__}")


def decides_marks(part: str) -> bool:
    """Whether anybody's marks depend on this file of the package; `part` is a path as `side_of` takes it."""
    return not any(_holds(entry, part) for entry in NOT_DECIDING)


def files(package: Path = PACKAGE) -> Iterator[str]:
    """Every file of the package, as a path relative to it, in order."""
    for path in sorted(package.rglob("*")):
        if path.is_file() and _CACHE not in path.parts:
            yield path.relative_to(package).as_posix()


def deciding_files(package: Path = PACKAGE) -> Iterator[str]:
    """Every file that the marks of all questions depend on: those that decide marks, without `PER_QUESTION`."""
    for part in files(package):
        if decides_marks(part) and not any(_holds(entry, part) for entry in PER_QUESTION):
            yield part


def readable_parts(package: Path = PACKAGE) -> list[str]:
    """Files and folders of the package that a student's code may read with all that is in them, in order."""
    parts = set(WORKER)
    for folder in _folders_on_the_way():
        parts |= {(folder / "__init__.py").as_posix(), (folder / _CACHE).as_posix()}
    return sorted(part for part in parts if (package / part).exists())


def hidden_parts(package: Path = PACKAGE) -> list[str]:
    """Files and folders of the package of which a student's code may read nothing, in order; the outermost ones."""
    readable = set(readable_parts(package))
    on_the_way = _folders_on_the_way()
    found = []
    for folder in on_the_way:
        for path in (package / folder).iterdir() if (package / folder).is_dir() else ():
            part = path.relative_to(package)
            if part.as_posix() not in readable and PurePosixPath(part.as_posix()) not in on_the_way:
                found.append(part.as_posix())
    return sorted(found)


def _folders_on_the_way() -> set[PurePosixPath]:
    """The folders that hold an entry of `WORKER`, the package's own (``.``) among them."""
    return {folder for entry in WORKER for folder in PurePosixPath(entry).parents}


def _from_inside_out(part: str) -> Iterator[str]:
    path = PurePosixPath(part)
    yield str(path)
    yield from map(str, path.parents)


def _holds(folder: str, part: str) -> bool:
    """Whether `part` is `folder` or lies in it."""
    return folder in _from_inside_out(part)
