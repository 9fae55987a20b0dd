"""Grading submissions: read the notebook, run it in a worker, ask the suites, write down what they say.

Two kinds of notebook. A *lesson* is asked by its course's suites, from outside. Any *other* notebook (an assignment
of the same class that is no lesson) has its tests inside: its cells are run in order, as a kernel would, and that is
all.
"""

import logging
import secrets
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from autograder.grading.asking import Asking
from autograder.grading.fork_server import surroundings_of
from autograder.grading.kernel import REFUSALS, Kernel, withheld_sentence
from autograder.grading.lesson_run import (
    ENVIRONMENT,
    NotebookRun,
    as_cells,
    cell_counts,
    cell_problems,
    open_lesson,
)
from autograder.grading.submissions import Submission
from autograder.grading.zygotes import Zygotes
from autograder.judging.course import Course, Lesson
from autograder.judging.outcomes import Missing, Outcome
from autograder.judging.reference import MissingReference, ReferenceSolutions
from autograder.judging.results import QuestionResult, SubmissionResult, grader_failed, signed_by_others
from autograder.judging.runner import Suites, with_suites
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook, read_bytes
from autograder.notebooks.text import legible
from autograder.sandbox import LAYERS, OUTCOMES, ForkServer, Worker, Zygote

__all__ = ["MAX_NOTE", "NOT_RUN", "OUT_OF_MEMORY", "Grader", "refused", "with_grader"]

_log = logging.getLogger(__name__)

T = TypeVar("T")

#: Longest note; names of cells in it are the student's own.
MAX_NOTE = 2_000

#: The problem of a submission whose notebook is read and then takes more memory than there is.
OUT_OF_MEMORY = "The grader ran out of memory over it."
#: Seconds that are counted for a cell beyond its limit: it may take as long to be stopped.
_BEYOND = 5.0
#: How many times as long a notebook may take by the clock as it may be at work: nobody waits for ever.
_BY_THE_CLOCK = 20

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
    surroundings = surroundings_of(course)

    def another(kernel: Kernel) -> Zygote:
        permissions, limits, imports = kernel.of_zygote
        return Zygote(
            surroundings,
            require=require,
            limits=limits,
            permissions=permissions,
            imports=imports,
            fork_server=fork_server,
        )

    with (
        Zygote(surroundings, require=require, fork_server=fork_server) as zygote,
        Zygotes(zygote, another) as zygotes,
    ):
        zygote.start()  # it imports while the suites are collected

        def grade(suites: Suites) -> T:
            if require:
                _ = zygote.confinement  # refuses before the first submission rather than in the middle
            return work(Grader(suites, zygote, zygotes.suited_to))

        return with_suites(grade, course, ReferenceSolutions(course))


class Grader:
    """Grades one submission after the other, all with the same collected suites and the same zygote.

    Args:
        suites: the collected tests.
        zygote: where workers come from.
        suited_to: gives the zygote for notebooks that are no lessons, which may find more; by default the same one.

    Attributes:
        course: whose suites these are.
    """

    def __init__(self, suites: Suites, zygote: Zygote, suited_to: Callable[[Kernel], Zygote] | None = None):
        self.course = suites.course
        self._suites = suites
        self._zygote = zygote
        self._suited_to = suited_to or (lambda kernel: zygote)

    def grade(self, submission: Submission, read: Callable[[Path], bytes] = read_bytes) -> SubmissionResult:
        """Grade one submission. Whatever is wrong with it ends up in the result, never in an exception.

        Args:
            submission: who handed in what.
            read: gives the bytes of its file, which may have come from elsewhere, or raises `NotebookError`.

        Raises:
            MissingReference: the lesson cannot be graded at all, whoever hands in what.
        """
        lesson = self.course.find_lesson(submission.assignment)
        try:
            notebook = parse_notebook(read(submission.path))
        except NotebookError as error:
            return self._refused(submission, str(error))
        except MemoryError:
            return self._refused(submission, OUT_OF_MEMORY)
        if lesson is None:
            return refused(submission, f"There is no lesson called {submission.assignment!r}.")
        try:
            run = self.run(lesson, notebook)
        except MissingReference:
            raise
        except Exception as error:  # whatever it is, it is this submission's result and nobody else's
            _log.exception("%s, %s: the grader failed.", submission.student, submission.assignment)
            return self._refused(submission, legible(grader_failed(error), MAX_NOTE))
        # Where no folder has the student's id, nobody knows it.
        known = submission.path.parent.parent.name == submission.student
        others = signed_by_others(submission.student, run.questions) if known else []
        return SubmissionResult(
            student=submission.student,
            assignment=lesson.name,
            score=sum(question.score for question in run.questions),
            max_score=sum(question.max_score for question in run.questions),
            seconds=run.seconds,
            confinement=run.confinement,
            notes=tuple(legible(note, MAX_NOTE) for note in (*submission.notes, *run.notes, *others)),
            questions=run.questions,
        )

    def _refused(self, submission: Submission, problem: str) -> SubmissionResult:
        lesson = self.course.find_lesson(submission.assignment)
        return refused(submission, problem, self.unanswered(lesson) if lesson else ())

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
        reopen = partial(open_lesson, self._zygote, lesson, notebook, also)
        with reopen() as worker:
            asking = Asking(
                self._suites,
                lesson,
                notebook,
                worker,
                reopen,
                # What a student's code can neither know nor guess: order of the tests, inputs of the hidden ones.
                lambda: secrets.randbits(128) + 1,
                only,
            )
            questions = asking.all_verdicts()
            notes = (*_oddities(lesson, notebook), *cell_problems(notebook, worker))
        found = (worker.outputs, worker.reports, notes, worker.confinement)
        return NotebookRun(questions, *found, _since(began), not_run=worker.not_run)

    def execute(self, notebook: Notebook, numbers: Collection[int], kernel: Kernel) -> NotebookRun:
        """Run cells of a notebook that is no lesson of ours.

        Args:
            notebook: whose cells.
            numbers: which of them.
            kernel: what they expect around them.
        """
        began = time.perf_counter()
        cells = as_cells(cell for cell in notebook.cells if cell.number in numbers)
        seconds = (len(cells) + 1) * (kernel.cell_seconds + _BEYOND)
        environment = {**kernel.environment, **ENVIRONMENT}
        limits = (kernel.cell_seconds, seconds, _BY_THE_CLOCK * seconds)
        zygote = self._suited_to(kernel)
        with zygote.open(cells, *limits, kernel.files, environment, kernel.folder) as worker:
            worker.start()
            made = worker.made_files()
            lacking = [withheld_sentence(worker.withheld)] if worker.withheld else []
            notes = (*lacking, *_refusals(worker), *cell_counts(notebook, worker, kernel.cell_seconds))
        found = (worker.outputs, worker.reports, notes, worker.confinement)
        return NotebookRun((), *found, _since(began), made, worker.not_run, worker.refused)

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


def _refusals(worker: Worker) -> list[str]:
    """Sentences about what the sandbox did not give."""
    return [
        f"Cell {number} met the sandbox, which does not allow it {' or '.join(REFUSALS[kind] for kind in kinds)}."
        for number, kinds in worker.refused.items()
    ]


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
