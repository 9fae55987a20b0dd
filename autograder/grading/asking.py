"""Asking a notebook's questions, each where its graded cell stands: as the student checked it.

What is not right there is asked once more at the end, if a later cell has made the function another one, and the better
verdict counts. So cells out of order cost nothing, and neither does a later cell that takes a function's name.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from autograder.grading.lesson_run import why_missing
from autograder.judging.course import Lesson, Question
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites
from autograder.notebooks.reading import Notebook
from autograder.notebooks.text import legible
from autograder.sandbox import Worker

__all__ = ["Asking", "better", "in_order"]


class Asking:
    """One notebook's turn.

    Args:
        suites: the tests.
        lesson: whose questions are asked.
        notebook: the student's.
        worker: its cells, none of which has been run.
        seed: draws the seed of each asking; what has been asked once is asked with other inputs the second time.
        only: ask these questions and no others.

    Attributes:
        places: once it was asked: the number of the graded cell before which each question's verdict was found, or
            ``None`` for the end of the notebook.
        notes: once all were asked: for questions whose function was replaced further down, a sentence that says so.
    """

    def __init__(
        self,
        suites: Suites,
        lesson: Lesson,
        notebook: Notebook,
        worker: Worker,
        seed: Callable[[], int],
        only: Collection[str] | None = None,
    ):
        self.places: dict[str, int | None] = {}
        self.notes: dict[str, str] = {}
        self._suites = suites
        self._lesson = lesson
        self._notebook = notebook
        self._worker = worker
        self._seed = seed
        self._asked = [one for one in lesson.questions if only is None or one.name in only]

    def verdicts(self) -> Iterator[QuestionResult]:
        """Run the cells and ask: each question's final verdict, as soon as it is final."""
        open_ones: dict[str, QuestionResult] = {}
        passed: list[Question] = []
        for number, question in self._stops():
            if question in passed:
                continue
            self._worker.start(number, self._functions(question))
            verdict = self._ask(question, number, open_ones.get(question.name))
            if verdict.outcome == "passed":
                passed.append(question)
                open_ones.pop(question.name, None)
                yield verdict
            else:
                open_ones[question.name] = verdict
        self._worker.start()
        for question in self._asked:
            if question in passed:
                self._note(question)
                continue
            before = open_ones.get(question.name)
            if before is not None and not any(name in self._worker.replaced for name in self._functions(question)):
                yield before
                continue
            yield self._ask(question, None, before)
            if self.places[question.name] is not None:
                self._note(question)

    def _stops(self) -> Iterator[tuple[int, Question]]:
        """The graded cells, from the first to the last."""
        for cell in self._notebook.cells:
            question = self._lesson.find(cell.grade_id)
            if cell.is_test and question in self._asked:
                yield cell.number, question

    def _ask(self, question: Question, place: int | None, before: QuestionResult | None) -> QuestionResult:
        missing = why_missing(self._lesson, self._notebook, self._worker.reports)
        (verdict,) = self._suites.run(
            self._lesson, self._worker, seed=self._seed(), question=question.name, missing=missing
        )
        if before is None or better(verdict, before):
            self.places[question.name] = place
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


def better(one: QuestionResult, other: QuestionResult) -> bool:
    """Whether one verdict is better for the student than another, or says more where both give as many points."""
    return _rank(one) > _rank(other)


def _rank(verdict: QuestionResult) -> tuple[float, int]:
    return verdict.score, ("not_attempted", "error", "timeout", "failed", "partial", "passed").index(verdict.outcome)


def in_order(lesson: Lesson, verdicts: Iterable[QuestionResult]) -> tuple[QuestionResult, ...]:
    """Verdicts in the lesson's order."""
    found = {verdict.name: verdict for verdict in verdicts}
    return tuple(found[question.name] for question in lesson.questions if question.name in found)
