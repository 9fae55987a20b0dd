"""What of a class is older than what it was made from: said wherever scores leave the gradebook."""

from collections.abc import Container, Iterable
from pathlib import Path

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.results_store import read_stored
from autograder.notebooks.files import folder_digest
from autograder.notebooks.text import legible

__all__ = ["listed", "stale_remarks"]

#: So many are named in one sentence.
_NAMED = 5


def stale_remarks(
    folder: CourseFolder, assignments: Iterable[str] = (), students: Container[str] | None = None
) -> list[str]:
    """A sentence for each way in which a class is not up to date: not graded since, or with old feedback pages.

    Args:
        folder: the class's folder.
        assignments: look at these only; all of them by default.
        students: look at these only; by default at all who have not dropped out.
    """
    wanted = set(assignments)
    students = folder.selection() if students is None else students
    stored = {(one.student, one.assignment): one.fingerprint.submitted for one in read_stored(folder.store)}
    behind = [
        f"{one.student} ({one.assignment})"
        for one in folder.submitted()
        if (not wanted or one.assignment in wanted)
        and one.student in students
        and (one.student, one.assignment) in stored
        and stored[one.student, one.assignment] not in ("", _now(one.folder))
    ]
    pages = [
        f"{one.student} ({one.assignment})"
        for one in FeedbackPages(folder, None, students).stale
        if (not wanted or one.assignment in wanted) and one.before
    ]
    remarks = []
    if behind:
        remarks.append(f"Handed in anew and not graded since: {listed(behind)}. `autograder grade` grades it.")
    if pages:
        remarks.append(
            f"Feedback pages that show something else than the gradebook: {listed(pages)}. "
            "`autograder feedback` makes them anew."
        )
    return remarks


def _now(folder: Path) -> str:
    try:
        return folder_digest(folder)
    except OSError:
        return ""


def listed(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    shown = ", ".join(legible(name) for name in names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
