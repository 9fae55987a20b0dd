"""The zip that Gradescope builds an autograder from.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (`setup.sh` and `run_autograder` at the top of
the archive, which is unpacked to ``/autograder/source``).
"""

import os
from collections.abc import Iterator
from pathlib import Path

from autograder.instructor.exports._grader import file_of, grader_files
from autograder.instructor.zips import write_zip
from autograder.judging.course import Course, Lesson

#: Its containers have 768 MB by default (.../troubleshooting/ there). Measured, all processes together: 570 MB for a
#: lesson whose tests call small functions, 850 MB for one that trains a network.
SETTINGS = (
    "In Gradescope choose Ubuntu 24.04 as the base image, and in the assignment's settings a container with 1.5 GB of "
    "memory or more."
)

#: The scripts, which are run; everything else is read.
_SCRIPTS = ("setup.sh", "run_autograder")


def write_package(lesson: Lesson, course: Course, out: Path) -> None:
    """Write the zip; see `autograder.instructor.exports.gradescope`."""
    aside = out.with_name(f"{out.name}.part")
    try:
        write_zip(aside, _files(lesson, course), _SCRIPTS)
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)


def _files(lesson: Lesson, course: Course) -> Iterator[tuple[str, bytes]]:
    for name in _SCRIPTS:
        yield name, file_of(name, lesson, course)
    for name, content in grader_files(lesson, course):
        yield f"course/{name}", content
