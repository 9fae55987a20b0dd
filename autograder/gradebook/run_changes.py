"""What has changed in a gradebook before and during one run, and why."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from autograder.gradebook.ledger import LATE, Ledger, LedgerEntry, Mark, MarkKey, read_marks, why_from_outside
from autograder.judging.results import SubmissionResult
from autograder.notebooks.text import legible

__all__ = ["ANEW", "FIRST", "Change", "RunChanges", "StandingMark", "changes_between", "withdrawn"]

#: Why a submission is graded: it never was.
FIRST = "graded for the first time"
#: Why a submission is graded again: it is another than before.
ANEW = "handed in anew"


class Change(NamedTuple):
    """A student whose score for a question is another than before, for the same files."""

    student: str
    assignment: str
    question: str
    before: float
    after: float


class StandingMark(NamedTuple):
    """A score by hand that counts although the answers are others than those that it was given for.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        question: the graded cell.
        by_hand: the score that counts.
        auto: what the autograder gives to the new answer; ``None`` where it gives nothing.
    """

    student: str
    assignment: str
    question: str
    by_hand: float
    auto: float | None


class RunChanges:
    """Watches one run.

    Args:
        ledger: the class's, open.
        db_url: the gradebook's address.

    Attributes:
        reasons: by student and assignment, why it is graded in this run.
        entries: what the ledger has been given: what others changed before the run, and, once it is over, what it did.
        standing: scores given by hand that still count, though the student has handed in anew since.
    """

    def __init__(self, ledger: Ledger, db_url: str):
        self._ledger = ledger
        self._db_url = db_url
        self.reasons: dict[tuple[str, str], str] = {}
        self.entries: list[LedgerEntry] = []
        self.standing: list[StandingMark] = []

    def begin(self) -> None:
        """Enter what has changed since the last run. What the first run finds is nobody's change."""
        marks = read_marks(self._db_url)
        if self._ledger.is_new:
            self._ledger.seed(marks)
        else:
            self.entries += self._ledger.note(marks, why_from_outside)

    def finish(self) -> None:
        """Enter what this run has changed."""
        marks = read_marks(self._db_url)
        self.entries += self._ledger.note(marks, self._why)
        self.standing = [
            StandingMark(*key, mark.manual, mark.auto)
            for key, mark in sorted(marks.items())
            if mark.manual is not None and self.reasons.get((key[0], key[1])) == ANEW
        ]

    def _why(self, key: MarkKey, before: Mark | None, after: Mark | None) -> str:
        reason = self.reasons.get((key[0], key[1]))
        if key[2] == LATE and reason != FIRST:
            return "due date, extension, late rule, or another score"
        return why_from_outside(key, before, after) if reason is None else reason


def changes_between(before: SubmissionResult, after: SubmissionResult) -> list[Change]:
    """The questions whose scores differ between two results of one submission."""
    scores = {question.name: question.score for question in before.questions}
    return [
        Change(after.student, after.assignment, question.name, scores[question.name], question.score)
        for question in after.questions
        if scores.get(question.name, question.score) != question.score
    ]


def withdrawn(submitted: Collection[tuple[str, str]], entered: Mapping[str, set[str]]) -> list[str]:
    """Sentences about scores in the gradebook for which nothing is handed in any more.

    Args:
        submitted: student and assignment of what is.
        entered: by assignment, the students that the gradebook has a submission of.
    """
    remarks = []
    for name, students in entered.items():
        gone = [legible(student) for student in sorted(students) if (student, name) not in submitted]
        if gone:
            remarks.append(
                f"Nothing is handed in any more for {name} by {', '.join(gone)}; the gradebook keeps what it has."
            )
    return remarks
