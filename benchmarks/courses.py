"""Courses to be graded: released, handed in, and the same whenever they are made."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.course.contents import COURSE
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import make_class
from autograder.judging.course import Lesson

BIN = Path(sys.executable).parent
TAUGHT = COURSE.lessons[1:6]
KINDS = ("right", "mistakes", "untouched", "mistakes", "raising", "mistakes", "right")


def make_course(folder: Path, count: int, lessons: Sequence[Lesson] = TAUGHT, kinds: Sequence[str] = KINDS) -> Path:
    """An nbgrader course with so many submissions, released and handed in; the same whenever it is made."""
    folder.mkdir()
    for lesson in lessons:
        shutil.copytree(COURSE.home / "source" / lesson.name, folder / "source" / lesson.name)
    shutil.copy(COURSE.home / "nbgrader_config.py", folder)
    release_lessons(COURSE, folder, f"sqlite:///{folder}/gradebook.db", lessons)
    make_class(folder / "submitted", folder / "assignments", COURSE, count, lessons=lessons, kinds=kinds)
    return folder


def environment() -> dict[str, str]:
    """Everybody computes with one thread; nbgrader finds `alembic`."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
