"""Asking a notebook's questions, each where its graded cell stands: as the student checked it.

What is not right there is asked once more at the end, if a later cell has made the function another one, and the better
verdict counts. So cells out of order cost nothing, and neither does a later cell that takes a function's name.
"""

from collections.abc import Callable, Collection, Iterator

from msgspec.structs import replace

from autograder.grading.lesson_run import why_missing
from autograder.judging import stand_ins
from autograder.judging.course import Lesson, Question
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites
from autograder.notebooks.reading import Notebook
from autograder.notebooks.text import legible
from autograder.sandbox import Cell, Worker

__all__ = ["Asking"]


class Asking:
    """One notebook's turn.

    Args:
        suites: the tests.
        lesson: whose questions are asked.
        notebook: the student's.
        worker: its cells, none of which has been run.
        reopen: a fresh worker for the same cells and one more, which is run where its number puts it.
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
        reopen: Callable[[Cell], Worker],
        seed: Callable[[], int],
        only: Collection[str] | None = None,
    ):
        self.notes: dict[str, str] = {}
        # The number of the graded cell before which each verdict was found, or None for the end of the notebook.
        self._places: dict[str, int | None] = {}
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
        found = {verdict.name: verdict for verdict in self.verdicts()}
        said = {name: " ".join(filter(None, (found[name].note, self.notes.get(name)))) for name in found}
        return tuple(replace(found[one.name], note=said[one.name]) for one in self._asked)

    def verdicts(self) -> Iterator[QuestionResult]:
        """Run the cells and ask: each question's final verdict, as soon as it is final."""
        found: dict[str, QuestionResult] = {}
        for number, question in self._stops():
            before = found.get(question.name)
            if before is not None and before.outcome == "passed":
                continue
            self._worker.start(number, self._functions(question))
            found[question.name] = self._ask(question, number, before)
            if found[question.name].outcome == "passed":
                yield found[question.name]
        passed = {name for name, verdict in found.items() if verdict.outcome == "passed"}
        waiting = [name for one in self._asked if one.name not in passed for name in self._functions(one)]
        self._worker.start(watched=tuple(dict.fromkeys(waiting)))
        for question in self._asked:
            if question.name not in passed:
                before = found.get(question.name)
                if before is None or any(name in self._worker.replaced for name in self._functions(question)):
                    before = self._ask(question, None, before)
                found[question.name] = self._without_others_slips(question, before, list(found.values()))
                yield found[question.name]
            if self._places[question.name] is not None:
                self._note(question)

    def _without_others_slips(
        self, question: Question, verdict: QuestionResult, all_of_them: Collection[QuestionResult]
    ) -> QuestionResult:
        """A verdict, after stand-ins have taken the place of functions that the question uses and that are wrong."""
        if verdict.outcome == "passed":
            return verdict
        culprits = stand_ins.blamed(
            self._lesson, question, self._called[question.name], self._worker.reads, all_of_them
        )

        def ask(source: str) -> QuestionResult:
            place = self._places[question.name]
            # A graded cell is not among those that are run: its number is free.
            number = len(self._notebook.cells) + 1 if place is None else place
            with self._reopen(Cell(number, source)) as fresh:
                fresh.start(number + 1)
                return self._verdict(fresh, question)

        return stand_ins.judge_with(self._lesson, verdict, culprits, ask) if culprits else verdict

    def _verdict(self, worker: Worker, question: Question) -> QuestionResult:
        """The verdict on one question, as the functions stand in that worker now."""
        called = self._called.setdefault(question.name, set())
        (verdict,) = self._suites.run(
            self._lesson,
            worker,
            seed=self._seed(),
            question=question.name,
            missing=why_missing(self._lesson, self._notebook, worker.reports),
            watch=lambda _, calls: called.update(call.name for call in calls),
        )
        return verdict

    def _stops(self) -> Iterator[tuple[int, Question]]:
        """The graded cells, from the first to the last."""
        for cell in self._notebook.cells:
            question = self._lesson.find(cell.grade_id)
            if cell.is_test and question in self._asked:
                yield cell.number, question

    def _ask(self, question: Question, place: int | None, before: QuestionResult | None) -> QuestionResult:
        verdict = self._verdict(self._worker, question)
        if before is None or _is_better(verdict, before):
            self._places[question.name] = place
            return verdict
        return before

    def _functions(self, question: Question) -> tuple[str, ...]:
        return (question.name,) if question.signature else self._lesson.functions

    def _note(self, question: Question) -> None:
        """Say that a later cell has replaced what was graded."""
        name = question.name
        replaced = self._worker.replaced.get(name)
        if replaced is None or not question.signature:
            return
        other = f"`{legible(replaced.name)}`"
        what = f"makes something else of {other}"
        if replaced.name != name:
            what += f", which `{name}` reads"
        self.notes[name] = f"Cell {replaced.cell}, further down, {what}. What counts is your answer as it was checked."


def _is_better(one: QuestionResult, other: QuestionResult) -> bool:
    """Whether one verdict is better for the student than another, or says more where both give as many points."""
    return _rank(one) > _rank(other)


def _rank(verdict: QuestionResult) -> tuple[float, int]:
    return verdict.score, ("not_attempted", "error", "timeout", "failed", "partial", "passed").index(verdict.outcome)
