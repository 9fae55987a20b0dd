"""The command ``try``: a course graded by stock nbgrader and by us, side by side."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import message_on_stderr, needing

if TYPE_CHECKING:
    from autograder.judging.course import Course

__all__ = ["trial"]


@click.command("try")
@click.argument("folder", metavar="COURSE", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--assignment", metavar="NAME", help="Try this one only.")
@click.option(
    "--students",
    metavar="N",
    type=click.IntRange(0),
    default=5,
    show_default=True,
    help="How many submissions of each assignment, beside its source version.",
)
@click.pass_obj
def trial(course: "Course", folder: Path, assignment: str | None, students: int) -> None:
    """See whether COURSE, an nbgrader course, gets the same marks from us as from stock nbgrader.

    Its source versions, solutions and all, and what students have submitted are graded by both, on copies; COURSE
    itself and its gradebook are not written to. Shown are scores that differ, outputs, times, and what would have to be
    allowed. Stock nbgrader runs the submissions without a sandbox.

    Exit code 0: all scores are equal. 1: some are not, or something could not be released or graded. 2: wrong usage.
    """
    from autograder.sandbox import one_thread

    one_thread()  # before anything that computes is imported
    with needing("A course is tried with nbgrader"):
        from autograder.gradebook.class_run import StoppedShort
        from autograder.gradebook.course_folder import CourseFolderError
        from autograder.gradebook.trial import TrialError, try_course
        from autograder.instructor import terminal
    with tempfile.TemporaryDirectory(prefix="autograder-try-") as place:
        try:
            tried = try_course(folder, course, Path(place), assignment, students, message_on_stderr)
        except TrialError as error:
            raise click.UsageError(str(error)) from error
        except (StoppedShort, CourseFolderError) as error:
            raise click.ClickException(str(error)) from error
    terminal.trial(tried)
    sys.exit(0 if all(one.is_equal for one in tried.compared) and not tried.left_out else 1)
