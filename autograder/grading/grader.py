"""Grading submissions: read the notebook, run it in a worker, ask the suites, write down what they say.

Two kinds of notebook. A *lesson* is asked by its course's suites, from outside. Any *other* notebook (an assignment
of the same class that is no lesson) has its tests inside: its cells are run in order, as a kernel would, and that is
all.
"""

import secrets
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from autograder.grading.asking import Asking
from autograder.grading.fork_server import surroundings_of
from autograder.grading.lesson_run import (
    ENVIRONMENT,
    NotebookRun,
    as_cells,
    cell_problems,
    open_lesson,
)
from autograder.grading.submissions import Submission
from autograder.judging.course import Course, Lesson
from autograder.judging.outcomes import Missing, Outcome
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult, SubmissionResult
from autograder.judging.runner import Suites, with_suites
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook, read_bytes
from autograder.notebooks.text import legible
from autograder.sandbox import LAYERS, OUTCOMES, ForkServer, Zygote

__all__ = ["MAX_NOTE", "NOT_RUN", "Grader", "refused", "with_grader"]

T = TypeVar("T")

#: Longest note; names of cells in it are the student's own.
MAX_NOTE = 2_000

#: What a result says of layers where no code was run.
NOT_RUN = dict.fromkeys((*LAYERS, *OUTCOMES), False)


def with_grader(
    work: "Callable[[Grader], T]",
    course: Course,
    *,
    require: Collection[str] = (),
    fork_server: ForkServer | None = None,
) -> T:
    """Collect a course's suites, start a zygote, and return ``work(grader)``.

    Args:
        work: what to do with the grader.
        course: whose suites and reference solutions.
        require: layers of the sandbox (`LAYERS`, `OUTCOMES`) without which nothing is graded.
        fork_server: where the zygote is forked from; by default it is a Python of its own.

    Raises:
        autograder.sandbox.NotConfined: a required layer is missing on this machine.
    """
    with Zygote(surroundings_of(course), require=require, fork_server=fork_server) as zygote:
        zygote.start()  # it imports while the suites are collected

        def grade(suites: Suites) -> T:
            if require:
                _ = zygote.confinement  # refuses before the first submission rather than in the middle
            return work(Grader(suites, zygote))

        return with_suites(grade, course, ReferenceSolutions(course))


class Grader:
    """Grades one submission after the other, all with the same collected suites and the same zygote.

    Attributes:
        course: whose suites these are.
    """

    def __init__(self, suites: Suites, zygote: Zygote):
        self.course = suites.course
        self._suites = suites
        self._zygote = zygote

    def grade(self, submission: Submission, read: Callable[[Path], bytes] = read_bytes) -> SubmissionResult:
        """Grade one submission. Whatever is wrong with it ends up in the result, never in an exception.

        Args:
            submission: who handed in what.
            read: gives the bytes of its file, which may have come from elsewhere, or raises `NotebookError`.
        """
        lesson = self.course.find_lesson(submission.assignment)
        try:
            notebook = parse_notebook(read(submission.path))
        except NotebookError as error:
            return refused(submission, str(error), self.unanswered(lesson) if lesson else ())
        if lesson is None:
            return refused(submission, f"There is no lesson called {submission.assignment!r}.")
        run = self.run(lesson, notebook)
        return SubmissionResult(
            student=submission.student,
            assignment=lesson.name,
            score=sum(question.score for question in run.questions),
            max_score=sum(question.max_score for question in run.questions),
            seconds=run.seconds,
            confinement=run.confinement,
            notes=tuple(legible(note, MAX_NOTE) for note in (*submission.notes, *run.notes)),
            questions=run.questions,
        )

    def run(
        self, lesson: Lesson, notebook: Notebook, only: Collection[str] | None = None, also: Collection[int] = ()
    ) -> NotebookRun:
        """Run a lesson's notebook and ask its questions.

        Args:
            lesson: whose suite.
            notebook: the student's.
            only: ask these questions and no others.
            also: numbers of locked cells that are run among the student's; all others are left out.
        """
        began = time.perf_counter()
        with open_lesson(self._zygote, notebook, also) as worker:
            asking = Asking(
                self._suites,
                lesson,
                notebook,
                worker,
                lambda stand_ins: open_lesson(self._zygote, notebook, also, [stand_ins]),
                # What a student's code can neither know nor guess: order of the tests, inputs of the hidden ones.
                lambda: secrets.randbits(128) + 1,
                only,
            )
            questions = asking.all_verdicts()
            notes = (*_oddities(lesson, notebook), *cell_problems(notebook, worker))
        found = (worker.outputs, worker.reports, notes, worker.confinement)
        return NotebookRun(questions, *found, _since(began), not_run=worker.not_run)

    def execute(
        self, notebook: Notebook, numbers: Collection[int], cell_seconds: float, files: Mapping[str, bytes]
    ) -> NotebookRun:
        """Run cells of a notebook that is no lesson of ours.

        Args:
            notebook: whose cells.
            numbers: which of them.
            cell_seconds: how long each may take.
            files: what lies beside the notebook; see `autograder.sandbox.wire.files`.
        """
        began = time.perf_counter()
        cells = as_cells(cell for cell in notebook.cells if cell.number in numbers)
        seconds = (len(cells) + 1) * cell_seconds
        with self._zygote.open(cells, cell_seconds, seconds, seconds, files, ENVIRONMENT) as worker:
            worker.start()
            made = worker.made_files()
            notes = tuple(cell_problems(notebook, worker, cell_seconds))
        found = (worker.outputs, worker.reports, notes, worker.confinement)
        return NotebookRun((), *found, _since(began), made, worker.not_run)

    def unanswered(self, lesson: Lesson) -> tuple[QuestionResult, ...]:
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

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        return Missing()


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 6)


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


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
