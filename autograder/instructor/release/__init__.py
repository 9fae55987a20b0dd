"""The release kit: for each lesson what students get, and a refusal where it would teach or tell the wrong thing.

Only instructors have this room: it knows where the secrets are. It needs the `instructor` extra.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.instructor.build import BuildError, build_lessons
from autograder.instructor.release import _checks, _kit, leaks
from autograder.judging.course import HOME, LESSONS, Lesson
from autograder.notebooks.reading import NotebookError


class NotReleased(Exception):
    """The lessons cannot be handed out.

    Attributes:
        problems: a sentence each: what is wrong, and where.
    """

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def release(
    course: Path = HOME,
    folder: Path | None = None,
    lessons: Sequence[Lesson] = LESSONS,
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Check the lessons and write what students get; the files that were made.

    A zip for each lesson that works by itself, one of all lessons, and the wheel alone, for machines that an instructor
    sets up. They are made aside and moved when all are done: until then an earlier release stays as it was.

    Args:
        course: the course's folder, a clone of this repository.
        folder: where the files go, ``dist/`` in the course's folder unless given.
        lessons: which lessons.
        say: called with a line of progress.

    Raises:
        NotReleased: something is wrong with them; nothing was written.
    """
    folder = course / "dist" if folder is None else folder
    with tempfile.TemporaryDirectory() as scratch:
        say("building what students install")
        wheel = build_wheel(course, Path(scratch))
        problems = list(find_problems(course, wheel, lessons, say))
        if problems:
            raise NotReleased(problems)
        say("packing")
        folder.mkdir(parents=True, exist_ok=True)
        # On the disk where they will lie, so that moving them is one step each.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as aside:
            made = _kit.write_kits(Path(aside), course, wheel, lessons)
            made.append(Path(shutil.copy(wheel, aside)))
            return [Path(os.replace(path, folder / path.name) or folder / path.name) for path in made]


def find_problems(course: Path, wheel: Path, lessons: Sequence[Lesson], say: Callable[[str], None]) -> Iterator[str]:
    """Everything that speaks against handing the lessons out, a sentence each."""
    say("looking for what must not get out")
    try:
        secret = leaks.secrets(course)
    except NotebookError as error:
        yield f"source/ cannot be read: {error}"
        return
    for lesson in lessons:
        path = lesson.notebook(course / "assignments")
        yield from leaks.in_notebook(path.relative_to(course).as_posix(), path, secret)
    yield from leaks.in_wheel(wheel, secret)
    yield from _checks.tidy(course, lessons)
    say("building the lessons once more, to compare")
    with tempfile.TemporaryDirectory() as fresh:
        try:
            shutil.copytree(course / "source", Path(fresh) / "source")
            shutil.copy(course / "nbgrader_config.py", fresh)
            build_lessons(Path(fresh), execute=False, say=lambda line: None, lessons=lessons)
        except BuildError as error:
            yield f"source/ cannot be built: {error}"
        else:
            yield from _checks.as_built(course, Path(fresh), lessons)
    say("grading stubs and solutions")
    yield from _checks.graded(course, lessons)


def build_wheel(course: Path, folder: Path) -> Path:
    """Build the wheel that students install; the same bytes for the same files.

    Raises:
        NotReleased: it cannot be built.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise NotReleased([f"The wheel cannot be built from {course}: {last}"])
    return next(folder.glob("*.whl"))
