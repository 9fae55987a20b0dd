"""The command ``feedback``: every page of a class up to date."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import CLASS_FILES, is_class, message_on_stderr, needing, of_students

if TYPE_CHECKING:
    from autograder.gradebook.feedback_pages import FeedbackPages

__all__ = ["feedback", "update_pages", "workers_for"]


@click.command()
@click.argument("path", metavar="[CLASS]", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--assignment", metavar="NAME", help="Pages of this one only.")
@of_students
@click.option("--workers", metavar="N", type=click.IntRange(1), help="So many pages at a time. Default: one a core.")
def feedback(
    path: Path, assignment: str | None, students: tuple[str, ...], groups: tuple[str, ...], workers: int | None
) -> None:
    """Bring every feedback page of CLASS up to date with its gradebook, and say for whom something has changed.

    Whoever could not be graded gets a page as well, with the reason. `autograder grade --feedback` does the same.

    Exit code 0: done. 1: a page could not be made. 2: wrong usage.
    """
    if not is_class(path):
        raise click.UsageError(f"{path} is no class: it has neither {' nor '.join(CLASS_FILES)}")
    with needing("Feedback is made with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder
        from autograder.gradebook.feedback_pages import FeedbackPages
        from autograder.gradebook.results_store import ResultsStore
        from autograder.gradebook.stopping import StoppedShort, stopping
    try:
        with stopping():
            folder = CourseFolder(path)
            with ResultsStore(folder.store):  # no grader may be at work while pages are made
                pages = FeedbackPages(folder, assignment, folder.selection(students, groups))
                failed = update_pages(pages, workers_for(workers, len(pages.stale)))
    except StoppedShort as error:
        raise click.ClickException(str(error)) from error
    sys.exit(1 if failed else 0)


def workers_for(wanted: int | None, pages: int) -> int:
    """How many pages to make at a time."""
    from autograder.grading import pool

    return wanted or pool.default_workers(pages)


def update_pages(pages: "FeedbackPages", workers: int, *, stderr: bool = False) -> int:
    """Make all stale pages anew and show for whom something has changed; how many could not be made."""
    from autograder.grading import terminal as running
    from autograder.instructor import terminal

    failed = 0
    made = running.steps(pages.update(workers), len(pages.stale), "feedback") if pages.stale else ()
    for sentences in made:
        failed += len(sentences)
        for sentence in sentences:
            message_on_stderr(sentence)
    terminal.new_pages(pages.stale, stderr=stderr)
    if pages.strangers:
        who = ", ".join(f"{student} ({assignment})" for student, assignment in pages.strangers)
        message_on_stderr(
            f"Autograded, but not in the gradebook, so no page is made: {who}. One that was made before is handed back "
            "to nobody."
        )
    return failed
