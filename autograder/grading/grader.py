"""Grading submissions: read the notebook, run it in a worker, ask the suites, write down what they say.

Two kinds of notebook. A *lesson* is asked by our suites, from outside. Any *other* notebook (an assignment of the
same course that is not ours) has its tests inside: its cells are run in order, as a kernel would, and that is all.
"""

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from autograder.grading.submissions import Submission
from autograder.judging.calling import Missing, Outcome
from autograder.judging.course import HOME, Lesson, find_lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult, SubmissionResult
from autograder.judging.runner import Suites, with_suites
from autograder.notebooks.reading import Notebook, NotebookCell, NotebookError, parse_notebook, read_bytes
from autograder.notebooks.text import legible
from autograder.sandbox import LAYERS, OUTCOMES, Ancestor, Cell, CellReport, Worker, Zygote
from autograder.sandbox.wire.outputs import Output

T = TypeVar("T")

#: Longest note; names of cells in it are the student's own.
MAX_NOTE = 2_000
#: Seconds for one cell of a student's notebook, and for all of them.
CELL_SECONDS = 10.0
NOTEBOOK_SECONDS = 60.0

#: What nbgrader promises a notebook that it grades.
_ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}

#: What a result says of walls where no code was run.
NOT_RUN = dict.fromkeys((*LAYERS, *OUTCOMES), False)


def with_grader(
    work: "Callable[[Grader], T]",
    solutions: Path = HOME / "solutions",
    require: Collection[str] = (),
    ancestor: Ancestor | None = None,
) -> T:
    """Collect the suites, start a zygote, and return ``work(grader)``.

    Args:
        work: what to do with the grader.
        solutions: where the reference solutions are.
        require: walls of the sandbox (`LAYERS`, `OUTCOMES`) without which nothing is graded.
        ancestor: where the zygote is forked from, if not from nowhere.

    Raises:
        autograder.sandbox.NotConfined: one of them is missing on this machine.
    """
    with Zygote(require=require, ancestor=ancestor) as zygote:
        zygote.start()  # it imports while the suites are collected

        def grade(suites: Suites) -> T:
            if require:
                _ = zygote.confinement  # refuses before the first submission rather than in the middle
            return work(Grader(suites, zygote))

        return with_suites(grade, ReferenceSolutions(solutions))


class Run(NamedTuple):
    """What came of running one notebook.

    Attributes:
        questions: verdicts, in the lesson's order; none where the notebook is no lesson.
        outputs: what the cells printed and showed, by number.
        reports: the cells that did not end well.
        notes: oddities, a sentence each.
        confinement: which walls were up.
        seconds: wall-clock time.
        files: files that the notebook has made or changed, by relative name. Only other notebooks are asked for them.
    """

    questions: tuple[QuestionResult, ...]
    outputs: dict[int, tuple[Output, ...]]
    reports: tuple[CellReport, ...]
    notes: tuple[str, ...]
    confinement: dict[str, bool]
    seconds: float
    files: dict[str, bytes] = {}  # noqa: RUF012  (nobody changes it)


class Grader:
    """Grades one submission after the other, with suites and zygote kept warm."""

    def __init__(self, suites: Suites, zygote: Zygote):
        self._suites = suites
        self._zygote = zygote

    def grade(self, submission: Submission, read: Callable[[Path], bytes] = read_bytes) -> SubmissionResult:
        """Grade one submission. Whatever is wrong with it ends up in the result, never in an exception.

        Args:
            submission: who handed in what.
            read: gives the bytes of its file, which may have come from elsewhere, or raises `NotebookError`.
        """
        lesson = find_lesson(submission.assignment)
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
    ) -> Run:
        """Run a lesson's notebook and ask its questions.

        Args:
            lesson: whose suite.
            notebook: the student's.
            only: ask these questions and no others.
            also: numbers of locked cells that are run among the student's; all others are left out.
        """
        began = time.perf_counter()
        with open_lesson(self._zygote, notebook, also) as worker:
            worker.start()
            missing = why_missing(lesson, notebook, worker.reports)
            questions = self._verdicts(lesson, worker, only, missing)
            notes = (*_oddities(lesson, notebook), *cell_problems(notebook, worker))
        return Run(questions, worker.outputs, worker.reports, notes, worker.confinement, _since(began))

    def _verdicts(
        self, lesson: Lesson, worker: Worker, only: Collection[str] | None, missing: Mapping[str, str]
    ) -> tuple[QuestionResult, ...]:
        # What a student's code can neither know nor guess: order of the tests, inputs of the hidden ones.
        seed = secrets.randbits(128) + 1
        names = [question.name for question in lesson.questions]
        if only is None or set(names) <= set(only):
            return self._suites.run(lesson, worker, seed=seed, missing=missing)
        wanted = [name for name in names if name in only]
        return tuple(
            verdict
            for name in wanted
            for verdict in self._suites.run(lesson, worker, seed=seed, question=name, missing=missing)
        )

    def execute(
        self, notebook: Notebook, numbers: Collection[int], cell_seconds: float, files: Mapping[str, bytes]
    ) -> Run:
        """Run cells of a notebook that is no lesson of ours.

        Args:
            notebook: whose cells.
            numbers: which of them.
            cell_seconds: how long each may take.
            files: what lies beside the notebook; see `autograder.sandbox.wire.files`.
        """
        began = time.perf_counter()
        cells = _as_cells(cell for cell in notebook.cells if cell.number in numbers)
        seconds = (len(cells) + 1) * cell_seconds
        with self._zygote.open(cells, cell_seconds, seconds, seconds, files, _ENVIRONMENT) as worker:
            worker.start()
            made = worker.made_files()
            notes = tuple(cell_problems(notebook, worker, cell_seconds))
        return Run((), worker.outputs, worker.reports, notes, worker.confinement, _since(began), made)

    def unanswered(self, lesson: Lesson) -> tuple[QuestionResult, ...]:
        """The lesson's questions as they stand when there is nothing to grade."""
        return self._suites.run(lesson, _Nothing())


def open_lesson(zygote: Zygote, notebook: Notebook, also: Collection[int] = ()) -> Worker:
    """A worker for a lesson's notebook: it will run the cells of the student's program, and those of `also`."""
    numbers = {cell.number for cell in notebook.code} | set(also)
    cells = [cell for cell in notebook.cells if cell.number in numbers]
    return zygote.open(_as_cells(cells), CELL_SECONDS, NOTEBOOK_SECONDS, environment=_ENVIRONMENT)


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


def _as_cells(cells: Iterable[NotebookCell]) -> list[Cell]:
    return [Cell(cell.number, cell.source) for cell in cells if cell.cell_type == "code" and cell.source.strip()]


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


def cell_problems(notebook: Notebook, worker: Worker, seconds: float = CELL_SECONDS) -> list[str]:
    """Sentences about cells that did not run to their end."""
    answers = {cell.number: cell.grade_id for cell in notebook.cells}
    return [_cell_problem(report, answers.get(report.number, ""), seconds) for report in worker.reports]


def _cell_problem(report: CellReport, grade_id: str, seconds: float = CELL_SECONDS) -> str:
    place = f"Cell {report.number}" + (f" ({grade_id})" if grade_id else "")
    if report.type_name == "TimeLimitReached":
        return f"{place} was stopped: it ran for more than {seconds:g} seconds."
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
