"""Commands about what has changed in a gradebook: ``ledger`` shows it, ``undo`` takes the last run back."""

import sys
from pathlib import Path

import click

from autograder.cli.main import CLASS_FILES, is_class, needing

__all__ = ["ledger", "undo"]

_CLASS = click.argument(
    "path", metavar="[CLASS]", type=click.Path(path_type=Path, exists=True, file_okay=False), default="."
)


@click.command()
@_CLASS
@click.option("--student", metavar="ID", help="This student's scores only.")
@click.option("--assignment", metavar="NAME", help="Scores of this one only.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write it as CSV instead.")
def ledger(path: Path, student: str | None, assignment: str | None, out: Path | None) -> None:
    """List every score in CLASS's gradebook that has changed: whose, which question, before, after, why, and when.

    Each run of `autograder grade` enters what it changes, and what others have changed since the run before.

    Exit code 0: done. 1: the ledger cannot be read, or FILE not written. 2: wrong usage.
    """
    _assert_class(path)
    with needing("The ledger is read with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder
        from autograder.gradebook.ledger import LedgerEntry, read_ledger
        from autograder.gradebook.run_changes import FIRST
        from autograder.gradebook.stopping import StoppedShort, stopping
        from autograder.instructor import terminal
        from autograder.instructor.csv_files import write_csv
    try:
        with stopping():
            entries = list(read_ledger(CourseFolder(path).store, student, assignment))
            if out is None:
                first = sum(one.why == FIRST for one in entries)
                terminal.ledger([one for one in entries if one.why != FIRST], title="Every score that has changed")
                if first:
                    click.echo(f"Scores that were given for the first time: {first:,}. With --out they are listed too.")
            else:
                with out.open("w", encoding="utf-8-sig", newline="") as file:
                    write_csv(file, LedgerEntry._fields, entries)
                click.echo(click.format_filename(out))
    except StoppedShort as error:
        raise click.ClickException(str(error)) from error


@click.command()
@_CLASS
def undo(path: Path) -> None:
    """Take back what the last run of `autograder grade` has done to CLASS's gradebook, and all that was done since.

    The gradebook and our stored results become what they were before that run. What is taken back is kept in
    .autograder/snapshots/undone until the next undo. Of a gradebook that is no SQLite file there are no snapshots.

    Exit code 0: done. 1: there is nothing to go back to. 2: wrong usage.
    """
    _assert_class(path)
    with needing("A gradebook is restored with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder
        from autograder.gradebook.results_store import ResultsStore
        from autograder.gradebook.snapshots import NothingToUndo
        from autograder.gradebook.snapshots import undo as go_back
        from autograder.gradebook.stopping import StoppedShort, stopping
        from autograder.instructor import terminal
    try:
        with stopping():
            folder = CourseFolder(path)
            with ResultsStore(folder.store):  # no grader may be at work meanwhile
                pass
            done = go_back(folder)
    except (NothingToUndo, StoppedShort) as error:
        raise click.ClickException(str(error)) from error
    if done.entries:
        terminal.ledger(done.entries, title="Scores that are as they were before")
    else:
        click.echo("That run had changed no score.")
    click.echo(
        f"The gradebook is as it was at {done.at} UTC. `autograder feedback` brings the pages up to date; "
        "`autograder grade` grades again whatever differs from then."
    )
    sys.exit(0)


def _assert_class(path: Path) -> None:
    if not is_class(path):
        raise click.UsageError(f"{path} is no class: it has neither {' nor '.join(CLASS_FILES)}")
