"""The command ``collect``: what another system has collected, into a class."""

import sys
from pathlib import Path

import click

from autograder.cli.main import CLASS_FILES, is_class, message_on_stderr, needing

__all__ = ["collect"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--roster",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Who is in the class: Moodle's worksheet, Canvas's gradebook, Gradescope's roster, or your own CSV.",
)
@click.option(
    "--class",
    "path",
    metavar="CLASS",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="Where to collect into. Default: the current folder.",
)
@click.option("--assignment", metavar="NAME", help="Take this one only.")
def collect(source: Path, roster: Path, path: Path, assignment: str | None) -> None:
    """Put the notebooks of SOURCE where the grader looks for them, under the students' ids of the roster.

    SOURCE is what Moodle or Canvas gives as a zip, Gradescope's export, nbgrader's exchange, or a folder of notebooks.
    Which lesson a notebook is of, and which of several was worked on, is decided by what is in it. What was there
    before and is another is kept in .autograder/earlier.

    Exit code 0: every notebook was matched. 1: some were not, or nothing can be collected. 2: wrong usage.
    """
    if not is_class(path):
        raise click.UsageError(f"{path} is no class: it has neither {' nor '.join(CLASS_FILES)}")
    with needing("Submissions are collected with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder
        from autograder.gradebook.database import read_released
        from autograder.gradebook.stopping import StoppedShort, stopping
        from autograder.instructor import terminal
        from autograder.instructor.collect import CollectError, Place, Row, read_roster_file
        from autograder.instructor.collect import collect as collect_into
        from autograder.instructor.csv_files import write_csv
    try:
        with stopping():
            folder = CourseFolder(path)
            directory = folder.directory
            released = read_released(directory.db_url, directory.course_id)
            if not released or (assignment is not None and assignment not in released):
                what = f"no assignment {assignment!r}" if released else "no assignment at all"
                raise click.ClickException(
                    f"The gradebook of {path} knows {what}; there are {', '.join(released) or 'none'}. "
                    "`nbgrader generate_assignment NAME` enters one."
                )
            place = Place(
                directory.format_path(directory.submitted_directory, "{student}", "{assignment}"),
                folder.store / "earlier",
            )
            found = collect_into(source, place, read_roster_file(roster), released, assignment)
            folder.store.mkdir(exist_ok=True)
            table = folder.store / "collected.csv"
            with table.open("w", encoding="utf-8-sig", newline="") as file:
                write_csv(file, Row._fields, found.rows)
    except (CollectError, StoppedShort) as error:
        raise click.ClickException(str(error)) from error
    terminal.collected(found)
    if not found.is_timed:
        message_on_stderr(
            "This source does not say when each was handed in, so nothing of it counts as late. "
            "Moodle's and Canvas's own pages show it."
        )
    click.echo(f"The whole table: {click.format_filename(table)}")
    sys.exit(1 if any(row.what == "not matched" for row in found.rows) else 0)
