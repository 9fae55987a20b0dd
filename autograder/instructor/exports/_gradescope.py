"""The zip that Gradescope builds an autograder from.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (`setup.sh` and `run_autograder` at the top of
the archive, which is unpacked to ``/autograder/source``).
"""

import os
from collections.abc import Iterator
from pathlib import Path

from autograder.instructor.exports._grader import file_of, grader_files
from autograder.instructor.zips import write_zip
from autograder.judging.course import Lesson

#: Its containers have 768 MB unless told otherwise (.../troubleshooting/ there). Measured, all processes together:
#: 570 MB for lesson 1, 850 MB for lesson 6, which trains.
SETTINGS = (
    "In Gradescope choose Ubuntu 24.04 as the base image, and in the assignment's settings a container with 1.5 GB of "
    "memory or more."
)

#: The scripts, which are run; everything else is read.
_SCRIPTS = ("setup.sh", "run_autograder")


def write_package(lesson: Lesson, out: Path) -> None:
    """See `autograder.instructor.exports.gradescope`."""
    aside = out.with_name(f"{out.name}.part")
    try:
        write_zip(aside, _files(lesson), _SCRIPTS)
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)


def _files(lesson: Lesson) -> Iterator[tuple[str, bytes]]:
    for name in _SCRIPTS:
        yield name, file_of(name, lesson)
    for name, content in grader_files(lesson):
        yield f"course/{name}", content
