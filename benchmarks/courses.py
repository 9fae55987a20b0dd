"""Courses to be graded: released, handed in, and the same whenever they are made."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import make_class
from autograder.judging.course import HOME, LESSONS, Lesson

BIN = Path(sys.executable).parent
TAUGHT = LESSONS[1:6]
KINDS = ("right", "mistakes", "untouched", "mistakes", "raising", "mistakes", "right")


def make_course(folder: Path, count: int, lessons: Sequence[Lesson] = TAUGHT, kinds: Sequence[str] = KINDS) -> Path:
    """An nbgrader course with so many submissions, released and handed in; the same whenever it is made."""
    folder.mkdir()
    for lesson in lessons:
        shutil.copytree(HOME / "source" / lesson.name, folder / "source" / lesson.name)
    shutil.copy(HOME / "nbgrader_config.py", folder)
    release_lessons(folder, f"sqlite:///{folder}/gradebook.db", lessons)
    make_class(folder / "submitted", folder / "assignments", count, lessons=lessons, kinds=kinds)
    return folder


def environment() -> dict[str, str]:
    """Everybody computes with one thread; nbgrader finds `alembic`."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
