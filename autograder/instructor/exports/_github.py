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
from autograder.judging.course import Course, Lesson

#: No pins: students install this at home, in a Codespace and on Binder, on whatever Python there is.
_REQUIREMENTS = "./.github/autograding/{wheel}\n"
_BINDER = "--extra-index-url https://download.pytorch.org/whl/cpu\n" + _REQUIREMENTS


def write_folders(lesson: Lesson, course: Course, folder: Path) -> None:
    """Write both folders; see `autograder.instructor.exports.github_classroom`."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} exists and is not empty. Name another folder, or remove it first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        aside = Path(scratch) / folder.name
        for name, content in (*_students(lesson, course, Path(scratch)), *_instructors(lesson, course)):
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        shutil.move(aside, folder)


def _students(lesson: Lesson, course: Course, scratch: Path) -> Iterator[tuple[str, bytes]]:
    released = lesson.notebook(course.home / "assignments")
    try:
        notebook = released.read_bytes()
        wheel = build_wheel(course, scratch)
    except FileNotFoundError:
        raise ExportError(f"{released} is missing; `make lessons` makes it.") from None
    except NotReleased as error:
        raise ExportError(str(error)) from None
    yield f"student/{released.name}", notebook
    yield "student/README.md", file_of("student.md", lesson, course)
    yield "student/.github/workflows/classroom.yml", file_of("classroom.yml", lesson, course)
    yield "student/.github/autograding/report.py", file_of("report.py", lesson, course)
    yield "student/.github/autograding/requirements.txt", _REQUIREMENTS.format(wheel=wheel.name).encode()
    yield "student/.devcontainer/devcontainer.json", file_of("devcontainer.json", lesson, course)
    yield "student/.binder/requirements.txt", _BINDER.format(wheel=wheel.name).encode()
    yield "student/.github/autograding/constraints.txt", (course.home / "constraints.txt").read_bytes()
    yield f"student/.github/autograding/{wheel.name}", wheel.read_bytes()


def _instructors(lesson: Lesson, course: Course) -> Iterator[tuple[str, bytes]]:
    yield "instructor/README.md", file_of("instructor.md", lesson, course)
    yield f"instructor/.github/workflows/grade-{lesson.name}.yml", file_of("grade.yml", lesson, course)
    yield "instructor/students.py", file_of("students.py", lesson, course)
    for name, content in grader_files(lesson, course):
        yield f"instructor/{name}", content
