"""Every feedback page of a class: which are stale, and making those anew.

A page is stale if it shows something else than the gradebook and the autograded notebook have today; see
`autograder.gradebook.page_state`. Whoever could not be graded has a page as well, with the reason.
"""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import Roster, is_there, read_roster
from autograder.gradebook.feedback import write_feedback
from autograder.gradebook.ledger import read_removed
from autograder.gradebook.page_refusal import page_names, write_refusal
from autograder.gradebook.page_state import PageMark, Shown, read_mark, read_shown, refusal_state, state_of_page
from autograder.gradebook.refusals import Refusal, refusals
from autograder.gradebook.results_store import read_stored

__all__ = ["FeedbackPages", "PageUpdate"]

#: What stands for a page that shows no score.
NOT_GRADED = "not graded"
UNKNOWN = "?"


class PageUpdate(NamedTuple):
    """The pages of one submission that are not what they should be.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        before: the score that the old page shows, `NOT_GRADED`, `UNKNOWN` if it does not say, or empty: no page yet.
        after: the score that the page has to show, or `NOT_GRADED`.
    """

    student: str
    assignment: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Whether somebody may have seen another score, or none, on a page."""
        return bool(self.before) and self.before != self.after


class FeedbackPages:
    """The feedback pages of one class, as the gradebook stands when this is made.

    Args:
        folder: the class's folder.
        assignment: of this one only.
        students: of these only; by default of all who have not dropped out.

    Attributes:
        stale: what has to be made anew, by assignment and student.
        strangers: student and assignment of what was autograded and is not in the gradebook (any more).
    """

    def __init__(self, folder: CourseFolder, assignment: str | None = None, students: Container[str] | None = None):
        self._folder = folder
        students = folder.selection() if students is None else students
        directory = folder.directory
        there = is_there(directory.db_url)
        roster = read_roster(directory.db_url, directory.course_id) if there else Roster({}, {}, {})
        removed = read_removed(folder.store, roster.students)
        self._refusals = {
            key: refusal
            for key, refusal in refusals(read_stored(folder.store, assignment), roster.standings).items()
            if key[0] not in removed and self._submitted(*key).is_dir()
        }
        self._shown: dict[str, dict[tuple[str, str], Shown]] = {}
        self.strangers: list[tuple[str, str]] = []
        keys = {(one.student, one.assignment) for one in folder.graded(assignment)} | set(self._refusals)
        found = []
        for student, name in sorted(keys, key=lambda key: (key[1], key[0])):
            if student in students:
                found.append(self._look(student, name))
        self.stale = [update for update in found if update is not None]

    def update(self, workers: int) -> Iterator[list[str]]:
        """Make all stale pages anew. Yields for each what went wrong, a sentence each; mostly nothing does."""
        graded = []
        for one in self.stale:
            key = (one.student, one.assignment)
            refusal = self._refusals.get(key)
            if refusal is None:
                graded.append(key)
                continue
            mark = refusal_state(*refusal)
            write_refusal(self._folder.feedback(*key), self._submitted(*key), one.assignment, refusal, mark)
            yield []
        if graded:
            yield from write_feedback(self._folder.root, graded, workers)

    def _submitted(self, student: str, assignment: str) -> Path:
        directory = self._folder.directory
        return Path(directory.format_path(directory.submitted_directory, student, assignment))

    def _look(self, student: str, assignment: str) -> PageUpdate | None:
        """What is stale of one submission's pages."""
        refusal = self._refusals.get((student, assignment))
        wanted = self._of_refusal(student, assignment, refusal) if refusal else self._of_grades(student, assignment)
        if not wanted:
            self.strangers.append((student, assignment))
            return None
        place = self._folder.feedback(student, assignment)
        marks = {name: read_mark(place / name) for name in wanted}
        there = {path.name for path in place.glob("*.html")}
        if marks == wanted and there <= set(wanted):
            return None
        known = [mark.score or NOT_GRADED for name in there if (mark := read_mark(place / name)) is not None]
        before = "" if not there else _total(known) if len(known) == len(there) else UNKNOWN
        return PageUpdate(student, assignment, before, _total([mark.score or NOT_GRADED for mark in wanted.values()]))

    def _of_refusal(self, student: str, assignment: str, refusal: Refusal) -> dict[str, PageMark]:
        return dict.fromkeys(page_names(self._submitted(student, assignment), assignment), refusal_state(*refusal))

    def _of_grades(self, student: str, assignment: str) -> dict[str, PageMark]:
        if assignment not in self._shown:
            self._shown[assignment] = read_shown(self._folder.directory.db_url, assignment)
        shown = self._shown[assignment]
        return {
            f"{path.stem}.html": state_of_page(shown[student, path.stem], path)
            for path in sorted(self._folder.autograded(student, assignment).glob("*.ipynb"))
            if (student, path.stem) in shown
        }


def _total(scores: list[str]) -> str:
    """The score of several pages together."""
    if NOT_GRADED in scores or not scores:
        return NOT_GRADED
    return f"{round(sum(map(float, scores)), 5):g}"
