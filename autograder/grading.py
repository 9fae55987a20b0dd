"""Grading submissions: read the notebook, run it in a worker, ask the suites, write down what they say."""

import secrets
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from autograder.calls import Missing, Outcome
from autograder.lessons import HOME, Lesson, find_lesson
from autograder.notebooks import Notebook, NotebookError, read_notebook
from autograder.reference import ReferenceSolutions
from autograder.results import QuestionResult, SubmissionResult
from autograder.runner import Suites, with_suites
from autograder.sandbox import LAYERS, OUTCOMES, Cell, CellReport, Worker, Zygote
from autograder.submissions import Submission
from autograder.values import legible

T = TypeVar("T")

#: Longest note; names of cells in it are the student's own.
MAX_NOTE = 2_000
#: Seconds for one cell of a student's notebook, and for all of them.
CELL_SECONDS = 10.0
NOTEBOOK_SECONDS = 60.0

#: What a result says of walls where no code was run.
NOT_RUN = dict.fromkeys((*LAYERS, *OUTCOMES), False)


def with_grader(
    work: "Callable[[Grader], T]", solutions: Path = HOME / "solutions", require: Collection[str] = ()
) -> T:
    """Collect the suites, start a zygote, and return ``work(grader)``.

    Args:
        work: what to do with the grader.
        solutions: where the reference solutions are.
        require: walls of the sandbox (`LAYERS`, `OUTCOMES`) without which nothing is graded.

    Raises:
        autograder.sandbox.NotConfined: one of them is missing on this machine.
    """
    with Zygote(require=require) as zygote:
        zygote.start()  # it imports while the suites are collected

        def grade(suites: Suites) -> T:
            if require:
                _ = zygote.confinement  # refuses before the first submission rather than in the middle
            return work(Grader(suites, zygote))

        return with_suites(grade, ReferenceSolutions(solutions))


class Grader:
    """Grades one submission after the other, with suites and zygote kept warm."""

    def __init__(self, suites: Suites, zygote: Zygote):
        self._suites = suites
        self._zygote = zygote

    def grade(self, submission: Submission) -> SubmissionResult:
        """Grade one submission. Whatever is wrong with it ends up in the result, never in an exception."""
        began = time.perf_counter()
        lesson = find_lesson(submission.assignment)
        try:
            notebook = read_notebook(submission.path)
        except NotebookError as error:
            return refused(submission, str(error), self._unanswered(lesson) if lesson else ())
        if lesson is None:
            return refused(submission, f"There is no lesson called {submission.assignment!r}.")
        cells = [Cell(cell.number, cell.source) for cell in notebook.code]
        with self._zygote.open(cells, CELL_SECONDS, NOTEBOOK_SECONDS) as worker:
            worker.start()
            questions = self._suites.run(
                lesson,
                worker,
                # What a student's code can neither know nor guess: order of the tests, inputs of the hidden ones.
                seed=secrets.randbits(128) + 1,
                missing=why_missing(lesson, notebook, worker.reports),
            )
            notes = (*submission.notes, *_oddities(lesson, notebook), *cell_problems(notebook, worker))
            notes = tuple(legible(note, MAX_NOTE) for note in notes)
        return SubmissionResult(
            student=submission.student,
            assignment=lesson.name,
            score=sum(question.score for question in questions),
            max_score=sum(question.max_score for question in questions),
            seconds=round(time.perf_counter() - began, 6),
            confinement=worker.confinement,
            notes=notes,
            questions=questions,
        )

    def _unanswered(self, lesson: Lesson) -> tuple[QuestionResult, ...]:
        """The lesson's questions as they stand when there is nothing to grade."""
        return self._suites.run(lesson, _Nothing())


def refused(submission: Submission, problem: str, questions: tuple[QuestionResult, ...] = ()) -> SubmissionResult:
    """The result of a submission that could not be graded."""
    return SubmissionResult(
        student=submission.student,
        assignment=submission.assignment,
        score=0.0,
        max_score=sum(question.max_score for question in questions),
        seconds=0.0,
        confinement=NOT_RUN,
        problem=problem,
        notes=submission.notes,
        questions=questions,
    )


class _Nothing:
    """A notebook that defines no function at all."""

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> Outcome:
        return Missing()


def _oddities(lesson: Lesson, notebook: Notebook) -> list[str]:
    """Sentences about graded cells that are missing, duplicated or another lesson's."""
    there = [cell.grade_id for cell in notebook.cells if cell.is_test]
    wanted = [question.name for question in lesson.questions]
    if there and not set(there) & set(wanted):
        return [f"This looks like the notebook of another lesson: it asks for {', '.join(sorted(set(there)))}."]
    missing = [name for name in wanted if name not in there]
    doubled = [name for name in wanted if there.count(name) > 1]
    notes = []
    if missing:
        notes.append(f"The graded cell of {_and(missing)} is missing; the functions were graded all the same.")
    if doubled:
        notes.append(f"The graded cell of {_and(doubled)} appears more than once; each question was graded once.")
    return notes


def cell_problems(notebook: Notebook, worker: Worker) -> list[str]:
    """Sentences about cells that did not run to their end."""
    answers = {cell.number: cell.grade_id for cell in notebook.cells}
    return [_cell_problem(report, answers.get(report.number, "")) for report in worker.reports]


def _cell_problem(report: CellReport, grade_id: str) -> str:
    place = f"Cell {report.number}" + (f" ({grade_id})" if grade_id else "")
    if report.type_name == "TimeLimitReached":
        return f"{place} was stopped: it ran for more than {CELL_SECONDS:g} seconds."
    if report.type_name == "Crash":
        return f"{place} ended its own process and was left out."
    line = f", in the line `{report.line}`" if report.line else ""
    text = " ".join(report.text.split())
    return f"{place} raised {report.type_name}" + (f": {text}" if text else "") + f"{line}."


def why_missing(lesson: Lesson, notebook: Notebook, reports: tuple[CellReport, ...]) -> dict[str, str]:
    """For each question's function: what kept its cell from defining it, if anything did."""
    by_number = {report.number: report for report in reports}
    reasons = {}
    for cell in notebook.code:
        report = by_number.get(cell.number)
        if report is None:
            continue
        for name in lesson.functions:
            if f"def {name}" in cell.source:
                reasons[name] = (
                    f"`{name}` is not defined, because its cell did not run. {_cell_problem(report, cell.grade_id)}"
                )
    return reasons


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
