"""The group ``export``: grading, or scores, for other systems."""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.main import lesson_called, message_on_stderr, needing, of_students

if TYPE_CHECKING:
    from autograder.judging.course import Course

__all__ = ["export"]

#: Writes an export, and says what the instructor has to know.
_Export = Callable[..., Sequence[str]]


@click.group(invoke_without_command=True)
@click.option("--targets", is_flag=True, help="Show what each target can carry; so does `autograder export` alone.")
@click.pass_context
def export(context: click.Context, targets: bool) -> None:
    """Take grading, scores or feedback elsewhere; alone it shows what each target can carry.

    Exit code 0: done; what needs a look is listed on stderr. 1: nothing was written. 2: wrong usage.
    """
    with needing("Exports are made in the instructor's clone"):
        from autograder.instructor import terminal
        from autograder.instructor.exports import TARGETS
    if targets or context.invoked_subcommand is None:
        terminal.targets(TARGETS)
        context.exit()


@export.command()
@click.argument("lesson")
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Default: gradescope-LESSON.zip"
)
@click.pass_obj
def gradescope(course: "Course", lesson: str, out: Path | None) -> None:
    """Write the zip from which Gradescope builds its autograder of LESSON.

    Upload it under Configure Autograder. Whoever has it has the hidden tests and the solution.
    """
    from autograder.instructor import exports

    found = lesson_called(course, lesson)
    out = out or Path(f"gradescope-{found.name}.zip")
    _write(partial(exports.gradescope, found, course, out), out)


@export.command("github-classroom")
@click.argument("lesson")
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Default: github-LESSON")
@click.pass_obj
def github_classroom(course: "Course", lesson: str, out: Path | None) -> None:
    """Write two folders for LESSON on GitHub: a template for students' repositories, and a private one to grade them.

    Whoever has the second has the hidden tests and the solution. Its README.md says what to do with both.
    """
    from autograder.instructor import exports

    found = lesson_called(course, lesson)
    out = out or Path(f"github-{found.name}")
    _write(partial(exports.github_classroom, found, course, out), out)


def _scores_command(usual: str, *options: Callable[..., Any]) -> Callable[[_Export], click.Command]:
    """What the exports of scores have in common: their options, and what is done with what they say.

    Args:
        usual: where one is written by default.
        options: what it has besides, handed on by name.
    """
    path = partial(click.Path, path_type=Path)

    def decorate(write: _Export) -> click.Command:
        @wraps(write)
        def command(
            course: "Course",
            folder: Path,
            assignments: tuple[str, ...],
            out: Path | None,
            students: tuple[str, ...],
            groups: tuple[str, ...],
            **others: Any,
        ) -> None:
            from autograder.instructor.exports import Chosen

            out = out or Path(usual)
            _write(partial(write, folder, course, out, assignments, chosen=Chosen(students, groups), **others), out)

        decorators: tuple[Callable[..., Any], ...] = (
            of_students,
            *options,
            click.option("--out", metavar="PATH", type=path(), help="Where to write it."),
            click.option(
                "--assignment", "assignments", metavar="NAME", multiple=True, help="Only this; may be repeated."
            ),
            click.argument("folder", metavar="CLASS", type=path(exists=True, file_okay=False)),
            click.pass_obj,
        )
        function: Callable[..., Any] = command
        for decorator in decorators:
            function = decorator(function)
        return export.command(write.__name__.replace("_", "-"))(function)

    return decorate


def _roster(help: str) -> Callable[..., Any]:
    """The option ``--roster``; `help` says what theirs is."""
    return click.option(
        "--roster", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=help
    )


@_scores_command(
    "canvas.csv", _roster("Canvas's own export of its gradebook: ids and names of assignments are taken from it.")
)
def canvas(*given: Any, **options: Any) -> Sequence[str]:
    """Write the scores in CLASS's gradebook as canvas.csv, for Canvas to import."""
    from autograder.instructor import exports

    return exports.canvas(*given, **options)


@_scores_command("moodle.csv", _roster("An assignment's offline grading worksheet from Moodle, to be filled in."))
def moodle(*given: Any, **options: Any) -> Sequence[str]:
    """Write the scores in CLASS's gradebook as moodle.csv, for Moodle to import."""
    from autograder.instructor import exports

    return exports.moodle(*given, **options)


@_scores_command("questions.csv")
def questions(*given: Any, **options: Any) -> Sequence[str]:
    """Write a table of CLASS as questions.csv: a row a student, a column a question."""
    from autograder.instructor import exports

    return exports.questions(*given, **options)


@_scores_command("mail-merge")
def mail_merge(*given: Any, **options: Any) -> Sequence[str]:
    """Write CLASS's feedback pages as a file a student, with the table that a mail program sends them by.

    The folder is mail-merge, or what --out says. Pages that are not up to date are refused.
    """
    from autograder.instructor import exports

    return exports.mail_merge(*given, **options)


def _write(write: Callable[[], Sequence[str]], out: Path) -> None:
    """Write an export, and show what the instructor has to know.

    Raises:
        click.ClickException: it could not be written.
    """
    from autograder.instructor.exports import ExportError

    try:
        with needing("Scores are read with nbgrader"):
            remarks = write()
    except ExportError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    for remark in remarks:
        message_on_stderr(remark)
    click.echo(click.format_filename(out))
