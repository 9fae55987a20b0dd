"""Running one notebook: its cells in a worker, and sentences about those that did not run to their end."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from autograder.judging.course import Lesson
from autograder.judging.results import QuestionResult
from autograder.notebooks.reading import Notebook, NotebookCell
from autograder.sandbox import Cell, CellReport
from autograder.sandbox.wire.messages import Watch
from autograder.sandbox.wire.outputs import MISSING_PACKAGE, Output

# They take torch along, and whoever asks a grader process reads a `NotebookRun` and opens no worker.
if TYPE_CHECKING:
    from autograder.sandbox import Worker, Zygote

__all__ = [
    "CELL_SECONDS",
    "ENVIRONMENT",
    "NOTEBOOK_SECONDS",
    "SUBMISSION_SECONDS",
    "NotebookRun",
    "as_cells",
    "cell_counts",
    "cell_problems",
    "open_lesson",
    "why_missing",
]

#: Seconds for one cell of a student's notebook, and for all of them.
CELL_SECONDS = 10.0
NOTEBOOK_SECONDS = 60.0
#: Seconds by the clock for all that is run and asked of a submission together.
SUBMISSION_SECONDS = 900.0

#: What nbgrader promises a notebook that it grades.
ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}


class NotebookRun(NamedTuple):
    """What came of running one notebook.

    Attributes:
        questions: verdicts, in the lesson's order; none where the notebook is no lesson.
        outputs: what the cells printed and showed, by number.
        reports: the cells that did not end well.
        notes: oddities, a sentence each.
        confinement: which layers of the sandbox were active.
        seconds: wall-clock time.
        files: files that the notebook has made or changed, by relative name. Only other notebooks are asked for them.
        refused: by the cell's number, what it asked for and the sandbox does not give; see
            `autograder.grading.kernel.REFUSALS`.
        not_run: the cells that were to be run and were not, by number, with the reason. There is no score for them.
    """

    questions: tuple[QuestionResult, ...]
    outputs: dict[int, tuple[Output, ...]]
    reports: tuple[CellReport, ...]
    notes: tuple[str, ...]
    confinement: dict[str, bool]
    seconds: float
    files: dict[str, bytes] = {}  # noqa: RUF012  (nobody changes it)
    not_run: dict[int, str] = {}  # noqa: RUF012
    refused: dict[int, tuple[str, ...]] = {}  # noqa: RUF012


def open_lesson(
    zygote: "Zygote",
    lesson: Lesson,
    notebook: Notebook,
    also: Collection[int] = (),
    *,
    before: float = math.inf,
    extra: Iterable[Cell] = (),
    seconds: float = SUBMISSION_SECONDS,
) -> "Worker":
    """A worker for a lesson's notebook. It watches each question's functions from the question's graded cell on.

    Args:
        zygote: where it comes from.
        lesson: whose questions.
        notebook: the cells of the student's program will be run.
        also: numbers of further cells of it that will be run.
        before: run the cells above the one of this number alone.
        extra: cells of ours, run behind those.
        seconds: how long cells and calls together may take by the clock.
    """
    numbers = {cell.number for cell in notebook.code if cell.number < before}
    numbers |= {number for number in also if number < before}
    cells = as_cells(cell for cell in notebook.cells if cell.number in numbers)
    places = [(cell.number, lesson.find(cell.grade_id)) for cell in notebook.cells if cell.is_test]
    watched = [Watch(number, list(lesson.used_by(question))) for number, question in places if question is not None]
    return zygote.open(
        [*cells, *extra],
        CELL_SECONDS,
        NOTEBOOK_SECONDS,
        seconds,
        environment=ENVIRONMENT,
        stand_in_packages=True,
        watched=[*watched, Watch(len(notebook.cells) + 1, list(lesson.functions))],
    )


def cell_problems(notebook: Notebook, worker: "Worker", seconds: float = CELL_SECONDS) -> list[str]:
    """Sentences about cells that did not run to their end."""
    answers = {cell.number: cell.grade_id for cell in notebook.cells}
    return [_cell_problem(report, answers.get(report.number, ""), seconds) for report in worker.reports]


def cell_counts(notebook: Notebook, worker: "Worker", seconds: float) -> list[str]:
    """Sentences about cells that were stopped, and one that counts the exceptions: failed tests are exceptions too."""
    answers = {cell.number: cell.grade_id for cell in notebook.cells}
    stopped = [report for report in worker.reports if report.type_name in ("TimeLimitReached", "Crash")]
    raised = Counter(report.type_name for report in worker.reports if report not in stopped)
    sentences = [_cell_problem(report, answers.get(report.number, ""), seconds) for report in stopped]
    if raised:
        kinds = ", ".join(f"{name} {count}" for name, count in raised.most_common(10))
        cells = f"{raised.total()} cells" if raised.total() > 1 else "1 cell"
        sentences.append(f"{cells} raised an exception ({kinds}).")
    return sentences


def _cell_problem(report: CellReport, grade_id: str, seconds: float = CELL_SECONDS) -> str:
    place = f"Cell {report.number}" + (f" ({grade_id})" if grade_id else "")
    if report.type_name == "TimeLimitReached":
        return f"{place} was stopped: it ran for more than {seconds:g} seconds."
    if report.type_name == MISSING_PACKAGE:
        names = ", ".join(f"`{name}`" for name in report.text.split(", "))
        return f"{place} imports {names}, which is not installed here; only what uses it fails."
    if report.type_name == "Crash":
        return f"{place} ended its own process and was left out."
    line = f", in the line `{report.line}`" if report.line else ""
    text = " ".join(report.text.split())
    return f"{place} raised {report.type_name}" + (f": {text}" if text else "") + f"{line}."


def why_missing(lesson: Lesson, notebook: Notebook, reports: tuple[CellReport, ...]) -> dict[str, str]:
    """For each name that a question asks for: what kept its cell from defining it, if anything did."""
    by_number = {report.number: report for report in reports}
    reasons = {}
    for cell in notebook.code:
        report = by_number.get(cell.number)
        if report is None or report.type_name == MISSING_PACKAGE:
            continue
        for name in lesson.functions:
            if re.search(rf"^\s*(def\s+{name}\b|{name}\s*=)", cell.source, re.MULTILINE):
                reasons[name] = (
                    f"`{name}` is not defined, because its cell did not run. {_cell_problem(report, cell.grade_id)}"
                )
    return reasons


def as_cells(cells: Iterable[NotebookCell]) -> list[Cell]:
    """The code among these cells, as a worker takes it."""
    return [Cell(cell.number, cell.source) for cell in cells if cell.cell_type == "code" and cell.source.strip()]
