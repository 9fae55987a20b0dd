"""Two folders for GitHub Actions: a template for students' repositories, and a private repository that grades them all.

GitHub Classroom was retired on 28 August 2026 (https://github.com/orgs/community/discussions/205975), its actions are
deprecated (https://github.com/classroom-resources/autograding-grading-reporter). Both workflows do without. The first
keeps to the names and annotations that the reporter's README asks for.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.instructor.exports import ExportError
from autograder.instructor.exports._grader import file_of, grader_files
from autograder.instructor.release import NotReleased, build_wheel
from autograder.judging.course import HOME, Lesson

_REQUIREMENTS = """\
-c constraints.txt
./.github/autograding/{wheel}
"""


def write_folders(lesson: Lesson, folder: Path) -> None:
    """See `autograder.instructor.exports.github_classroom`."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} exists and is not empty. Name another folder, or remove it first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        aside = Path(scratch) / folder.name
        for name, content in (*_students(lesson, Path(scratch)), *_instructors(lesson)):
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        shutil.move(aside, folder)


def _students(lesson: Lesson, scratch: Path) -> Iterator[tuple[str, bytes]]:
    released = lesson.notebook(HOME / "assignments")
    try:
        notebook = released.read_bytes()
        wheel = build_wheel(HOME, scratch)
    except FileNotFoundError:
        raise ExportError(f"{released} is missing; `make lessons` makes it.") from None
    except NotReleased as error:
        raise ExportError(str(error)) from None
    yield f"student/{released.name}", notebook
    yield "student/README.md", file_of("student.md", lesson)
    yield "student/.github/workflows/classroom.yml", file_of("classroom.yml", lesson)
    yield "student/.github/autograding/report.py", file_of("report.py", lesson)
    yield "student/.github/autograding/requirements.txt", _REQUIREMENTS.format(wheel=wheel.name).encode()
    yield "student/.github/autograding/constraints.txt", (HOME / "constraints.txt").read_bytes()
    yield f"student/.github/autograding/{wheel.name}", wheel.read_bytes()


def _instructors(lesson: Lesson) -> Iterator[tuple[str, bytes]]:
    yield "instructor/README.md", file_of("instructor.md", lesson)
    yield f"instructor/.github/workflows/grade-{lesson.name}.yml", file_of("grade.yml", lesson)
    yield "instructor/students.py", file_of("students.py", lesson)
    for name, content in grader_files(lesson):
        yield f"instructor/{name}", content
