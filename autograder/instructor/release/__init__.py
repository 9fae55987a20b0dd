"""The release kit: for each lesson what students get, and a refusal where it would teach or reveal the wrong thing.

Only instructors have this room: it knows where the secrets are. It needs the `instructor` extra.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.instructor.build import BuildError, build_notebooks
from autograder.instructor.release import _checks, _kit, leaks
from autograder.judging.course import Course, Lesson
from autograder.notebooks.reading import NotebookError

__all__ = ["NotReleased", "build_wheel", "find_problems", "leaks", "release"]


class NotReleased(Exception):
    """The lessons cannot be handed out.

    Attributes:
        problems: a sentence each: what is wrong, and where.
    """

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def release(
    course: Course,
    folder: Path | None = None,
    lessons: Sequence[Lesson] | None = None,
    message: Callable[[str], None] = print,
) -> list[Path]:
    """Check the lessons and write what students get; return the files that were made.

    These are a zip for each lesson that works by itself, one of all lessons, and the wheel alone, for machines that an
    instructor sets up. They are made aside and moved when all are done: until then an earlier release stays as it was.

    Args:
        course: the course; its home is a clone of the repository.
        folder: where the files go; ``dist/`` in the course's home by default.
        lessons: which lessons; all by default.
        message: called with a line of progress.

    Raises:
        NotReleased: something is wrong with the lessons; nothing was written.
    """
    folder = course.home / "dist" if folder is None else folder
    lessons = course.lessons if lessons is None else lessons
    with tempfile.TemporaryDirectory() as scratch:
        message("building what students install")
        wheel = build_wheel(course, Path(scratch))
        problems = list(find_problems(course, wheel, lessons, message))
        if problems:
            raise NotReleased(problems)
        message("packing")
        folder.mkdir(parents=True, exist_ok=True)
        # On the disk where they will lie, so that moving each of them is one step.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as aside:
            made = _kit.write_kits(Path(aside), course, wheel, lessons)
            made.append(Path(shutil.copy(wheel, aside)))
            for path in made:
                os.replace(path, folder / path.name)
    return [folder / path.name for path in made]


def find_problems(
    course: Course, wheel: Path, lessons: Sequence[Lesson], message: Callable[[str], None]
) -> Iterator[str]:
    """Everything that speaks against handing the lessons out, a sentence each."""
    message("looking for what must not get out")
    try:
        secret = leaks.secrets(course)
    except NotebookError as error:
        yield f"source/ cannot be read: {error}"
        return
    for lesson in lessons:
        path = lesson.notebook(course.home / "assignments")
        yield from leaks.in_notebook(path.relative_to(course.home).as_posix(), path, secret)
    yield from leaks.in_wheel(course, wheel, secret)
    yield from _checks.tidy(course, lessons)
    yield from _checks.contents(course, lessons)
    message("building the lessons once more, to compare")
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        try:
            shutil.copytree(course.home / "source", fresh / "source")
            shutil.copy(course.home / "nbgrader_config.py", fresh)
            build_notebooks(fresh, lessons)
        except BuildError as error:
            yield f"source/ cannot be built: {error}"
        else:
            yield from _checks.as_built(course, fresh, lessons)
    message("grading stubs and solutions")
    yield from _checks.graded(course, lessons)


def build_wheel(course: Course, folder: Path) -> Path:
    """Build the wheel that students install and return its path; the same bytes for the same files.

    Raises:
        NotReleased: it cannot be built.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=course.home, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise NotReleased([f"The wheel cannot be built from {course.home}: {last}"])
    return next(folder.glob("*.whl"))
