"""Commands that make something of the whole course: ``build``, ``release``, ``demo``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import message_on_stderr, needing

if TYPE_CHECKING:
    from autograder.judging.course import Course

__all__ = ["build", "demo", "release"]


@click.command()
@click.argument("lessons", metavar="[LESSON]...", nargs=-1)
@click.pass_obj
def build(course: "Course", lessons: tuple[str, ...]) -> None:
    """Make assignments/ and solutions/ from source/, and record the reference's answers.

    Of the lessons that are named, as their folders in source/ are; of all where none is. Nothing of another lesson is
    touched, and what students' installations carry is written anew only where more than rounding has changed in it.

    Exit code 0: done. 1: something is wrong; every file is as it was. 2: wrong usage.
    """
    with needing("Lessons are built in the instructor's clone"):
        from autograder.instructor.build import BuildError, build_lessons
    try:
        build_lessons(course, lessons or None, message=click.echo)
    except BuildError as error:
        raise click.ClickException(f"{error}\nNothing was built; every file is as it was.") from error


@click.command()
@click.pass_obj
def release(course: "Course") -> None:
    """Make what students get: a zip for each lesson, and one of all, in dist/.

    Refused if a stub gives points, a solution does not get them all, points disagree, something secret would get out,
    a notebook has been run, or assignments/ is not what source/ gives.

    Exit code 0: done. 1: something is wrong; an earlier release stays as it is. 2: wrong usage.
    """
    with needing("A release is made in the instructor's clone"):
        from autograder.instructor.release import NotReleased
        from autograder.instructor.release import release as make_release
    try:
        made = make_release(course, message=click.echo)
    except NotReleased as error:
        for problem in error.problems:
            message_on_stderr(problem)
        raise click.ClickException("nothing was released, for the reasons above.") from error
    except OSError as error:
        raise click.ClickException(f"nothing was released: {error}") from error
    for path in made:
        click.echo(f"{click.format_filename(path)}  {path.stat().st_size / 1e6:.1f} MB")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-class")
@click.pass_obj
def demo(course: "Course", folder: Path) -> None:
    """See the whole course at work: release it, make a class of 24 submissions in FOLDER, grade them."""
    with needing("The demo runs in the instructor's clone"):
        from autograder.instructor.demo.demo import run_demo
    sys.exit(run_demo(course, folder))
