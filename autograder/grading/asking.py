"""Asking a notebook's questions, so that an answer counts as it was when the student checked it.

All cells are run first, and what they show is kept: nothing that a test asks is known to any of them. Then each
question is asked, of the functions as they are at the end. What is not right there is asked once more as it was at the
question's graded cell, if a later cell has made the function another one: in a fresh process in which only the cells
above are run. The better verdict counts. So cells out of order cost nothing, and neither does a later cell that takes
a function's name.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from autograder.grading.lesson_run import why_missing
from autograder.judging import stand_ins
from autograder.judging.course import Lesson, Question
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites
from autograder.notebooks.reading import Notebook
from autograder.notebooks.text import legible
from autograder.sandbox import Cell, Worker

__all__ = ["Asking", "Reopen"]


class Reopen(Protocol):
    """Opens a fresh worker for the notebook; see `autograder.grading.lesson_run.open_lesson`."""

    def __call__(self, *, before: float, extra: Iterable[Cell], seconds: float) -> Worker:
        """For the cells above the one of that number, and for some of ours behind them."""
        ...


class _Found(NamedTuple):
    """A verdict, and of which functions it speaks.

    Attributes:
        verdict: the verdict.
        before: the graded cell before which the functions stood so; endless for the end of the notebook.
        reads: for each function the global names that it reads there.
    """

    verdict: QuestionResult
    before: float
    reads: dict[str, frozenset[str]]


class Asking:
    """One notebook's turn.

    Args:
        suites: the tests.
        lesson: whose questions are asked.
        notebook: the student's.
        worker: its cells, none of which has been run.
        reopen: opens another worker for them.
        seed: draws the seed of each asking; what has been asked once is asked with other inputs the second time.
        only: ask these questions and no others.

    Attributes:
        notes: once all were asked: for questions whose function was replaced further down, a sentence that says so.
    """

    def __init__(
        self,
        suites: Suites,
        lesson: Lesson,
        notebook: Notebook,
        worker: Worker,
        reopen: Reopen,
        seed: Callable[[], int],
        only: Collection[str] | None = None,
    ):
        self.notes: dict[str, str] = {}
        # The functions that each question's tests call.
        self._called: dict[str, set[str]] = {}
        self._suites = suites
        self._lesson = lesson
        self._notebook = notebook
        self._worker = worker
        self._reopen = reopen
        self._seed = seed
        self._asked = [one for one in lesson.questions if only is None or one.name in only]

    def all_verdicts(self) -> tuple[QuestionResult, ...]:
        """Run the cells and ask: the verdicts in the lesson's order, with the notes."""
        return tuple(
            replace(one, note=" ".join(filter(None, (one.note, self.notes.get(one.name))))) for one in self.verdicts()
        )

    def verdicts(self) -> Iterator[QuestionResult]:
        """Run the cells and ask: each question's final verdict, in the lesson's order, as soon as it is final."""
        self._worker.start()
        final: list[QuestionResult] = []
        for question in self._asked:
            found = self._ask(self._worker, question, math.inf)
            for place in self._places(question):
                if found.verdict.outcome == "passed":
                    break
                if any((name, place) in self._worker.replaced for name in self._lesson.used_by(question)):
                    with self._open(before=place) as above:
                        found = _better(self._ask(above, question, place), found)
            final.append(self._without_others_slips(question, found, final))
            if found.before < math.inf:
                self._note(question, int(found.before))
            yield final[-1]

    def _ask(self, worker: Worker, question: Question, before: float) -> _Found:
        """The verdict on one question, as the functions stand in that worker."""
        worker.start()
        called = self._called.setdefault(question.name, set())
        (verdict,) = self._suites.run(
            self._lesson,
            worker,
            seed=self._seed(),
            question=question.name,
            missing=why_missing(self._lesson, self._notebook, worker.reports),
            watch=lambda _, calls: called.update(call.name for call in calls),
        )
        return _Found(verdict, before, worker.reads)

    def _without_others_slips(
        self, question: Question, found: _Found, others: Collection[QuestionResult]
    ) -> QuestionResult:
        """A verdict, after stand-ins have taken the place of functions that the question uses and that are wrong."""
        if found.verdict.outcome == "passed":
            return found.verdict
        culprits = stand_ins.blamed(self._lesson, question, self._called[question.name], found.reads, others)

        def ask(source: str) -> QuestionResult:
            with self._open(found.before, Cell(len(self._notebook.cells) + 1, source)) as fresh:
                return self._ask(fresh, question, found.before).verdict

        return stand_ins.judge_with(self._lesson, found.verdict, culprits, ask) if culprits else found.verdict

    def _open(self, before: float, *extra: Cell) -> Worker:
        """A fresh worker, whose time is the submission's own."""
        return self._reopen(before=before, extra=extra, seconds=self._worker.seconds_left)

    def _places(self, question: Question) -> list[int]:
        """The numbers of a question's graded cells: one, unless somebody has copied it."""
        return [cell.number for cell in self._notebook.cells if cell.is_test and cell.grade_id == question.name]

    def _note(self, question: Question, place: int) -> None:
        """Say that a later cell has replaced what was graded."""
        name = question.name
        replaced = self._worker.replaced.get((name, place))
        if replaced is None or not question.signature:
            return
        other = f"`{legible(replaced.name)}`"
        what = f"makes something else of {other}"
        if replaced.name != name:
            what += f", which `{name}` reads"
        self.notes[name] = f"Cell {replaced.cell}, further down, {what}. What counts is your answer as it was checked."


def _better(one: _Found, other: _Found) -> _Found:
    """The verdict that is better for the student, or says more; the first of two alike."""
    return one if _rank(one.verdict) >= _rank(other.verdict) else other


def _rank(verdict: QuestionResult) -> tuple[float, int]:
    return verdict.score, ("not_attempted", "error", "timeout", "failed", "partial", "passed").index(verdict.outcome)
