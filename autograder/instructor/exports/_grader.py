"""What grades a lesson elsewhere: the package with its hidden tests and known mistakes, and a reference solution."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from autograder.instructor.exports import ExportError
from autograder.judging.course import HOME, Lesson

FILES = Path(__file__).parent / "files"

#: Rooms of the package that are of no use where there is no course.
_AT_HOME = {"__pycache__", "release", "similar", "report"}


def file_of(name: str, lesson: Lesson) -> bytes:
    """One of our own files, written for a lesson."""
    return (FILES / name).read_bytes().replace(b"@LESSON@", lesson.name.encode())


def grader_files(lesson: Lesson, home: Path = HOME) -> Iterator[tuple[str, bytes]]:
    """Everything that has to lie together to grade a lesson, by relative name.

    `requirements.txt` and `constraints.txt` say what to install; the folder itself belongs on Python's path.

    Raises:
        ExportError: a part of it is missing here.
    """
    package = home / "autograder"
    solution = lesson.notebook(home / "solutions")
    for path in (package / "suites" / "hidden", package / "misconceptions", solution, home / "pyproject.toml"):
        if not path.exists():
            raise ExportError(f"{path} is missing. Exports are made in a clone of the repository.")
    for path in sorted(package.rglob("*")):
        if path.is_file() and not _AT_HOME & set(path.relative_to(package).parts):
            yield path.relative_to(home).as_posix(), path.read_bytes()
    yield solution.relative_to(home).as_posix(), solution.read_bytes()
    yield "requirements.txt", requirements(home).encode()
    yield "constraints.txt", (home / "constraints.txt").read_bytes()


def requirements(home: Path = HOME) -> str:
    """The course's requirements, each in the version that it is tested with."""
    wanted = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    tested = {
        line.partition("==")[0].lower(): line for line in (home / "constraints.txt").read_text(encoding="utf-8").split()
    }
    names = [re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted]
    missing = [name for name in names if name not in tested]
    if missing:
        raise ExportError(f"constraints.txt says no version of {', '.join(missing)}.")
    return "".join(f"{tested[name]}\n" for name in names)
