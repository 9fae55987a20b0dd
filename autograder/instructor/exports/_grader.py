"""What grades a lesson elsewhere: the package with its hidden tests and misconceptions, and a reference solution."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from autograder.instructor.exports import ExportError
from autograder.judging.course import Course, Lesson
from autograder.sandbox import boundary

FILES = Path(__file__).parent / "files"

#: Folders of the package that are of no use where no class is.
_OF_A_CLASS = (
    "gradebook",
    "grading/cluster",
    "instructor/collect",
    "instructor/demo",
    "instructor/formgrader",
    "instructor/release",
    "instructor/report",
    "instructor/similar",
)


def file_of(name: str, lesson: Lesson, course: Course) -> bytes:
    """One of our own files, written for a lesson."""
    text = (FILES / name).read_bytes()
    return text.replace(b"@LESSON@", lesson.name.encode()).replace(b"@COURSE@", course.where.encode())


def grader_files(lesson: Lesson, course: Course) -> Iterator[tuple[str, bytes]]:
    """Everything that has to lie together to grade a lesson: relative name and content of each file.

    `requirements.txt` and `constraints.txt` list what to install; the folder itself belongs on Python's path.

    Raises:
        ExportError: a part of it is missing here.
    """
    home = course.home
    package = home / boundary.PACKAGE.name
    solution = lesson.notebook(course.solutions)
    for path in (course.secret, solution, home / "pyproject.toml"):
        if not path.exists():
            raise ExportError(f"{path} is missing. Exports are made in a clone of the repository.")
    for part in boundary.files(package):
        if not part.startswith(tuple(f"{folder}/" for folder in _OF_A_CLASS)):
            path = package / part
            yield path.relative_to(home).as_posix(), path.read_bytes()
    yield solution.relative_to(home).as_posix(), solution.read_bytes()
    yield "requirements.txt", requirements(home).encode()
    yield "constraints.txt", (home / "constraints.txt").read_bytes()


def requirements(home: Path) -> str:
    """The course's requirements, each in the version that it is tested with."""
    wanted = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    tested = {
        line.partition("==")[0].lower(): line for line in (home / "constraints.txt").read_text(encoding="utf-8").split()
    }
    names = [match[0].lower() for requirement in wanted if (match := re.match(r"[\w.-]+", requirement))]
    missing = [name for name in names if name not in tested]
    if missing:
        raise ExportError(f"constraints.txt has no version of {', '.join(missing)}.")
    return "".join(f"{tested[name]}\n" for name in names)
