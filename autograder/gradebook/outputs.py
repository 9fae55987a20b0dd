"""A notebook as nbgrader wants it after execution: outputs in the cells of the student, verdicts in the graded ones.

nbgrader reads a score off the outputs of a graded cell (`nbgrader.utils.determine_grade`). The first `execute_result`
counts: a float as text. Anything on stderr or an error before it is 0 points, any other text is full marks, and so is
no output at all; more than the maximum is an exception. So a graded cell of ours holds one `execute_result` and nothing
else, its text a plain float between 0 and the cell's points, and our panel beside it as HTML. A cell that was not run
holds an error.
"""

import html
import os
import platform
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.grading.kernel import Kernel, refusal_sentence
from autograder.judging.course import Course, Lesson
from autograder.judging.results import QuestionResult
from autograder.notebooks.files import acts_by_itself
from autograder.notebooks.reading import Notebook, NotebookCell
from autograder.sandbox.wire.outputs import MISSING_PACKAGE, Failure, Output, as_nbformat

if TYPE_CHECKING:
    from autograder.grading.grader import Grader
    from autograder.grading.lesson_run import NotebookRun
    from autograder.sandbox import CellReport

#: A cell's output as a notebook's file holds it.
_Json = dict[str, Any]

#: What a Python kernel says of itself, for the highlighting of code.
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}


#: What nbgrader's `Execute` writes in place of a traceback that the cell does not show: IPython, or the cell itself,
#: has told of the exception in another way.
_ELSEWHERE = "ERROR: An error occurred while showtraceback was disabled"


class Plan(NamedTuple):
    """What is to be done with a notebook's cells.

    Attributes:
        lesson: whose suite gives the points; `None` if its own cells do.
        run: numbers of the cells that are run.
        asked: for each locked cell that our suite answers, the question's name by the cell's number.
    """

    lesson: Lesson | None
    run: tuple[int, ...]
    asked: dict[int, str]


def plan(course: Course, name: str, notebook: Notebook, skip_tag: str = "") -> Plan:
    """Decide which cells are run and which are answered.

    A notebook is a lesson if it has a lesson's name and asks one of its questions. Graded cells that an instructor has
    added to one are run like those of any other notebook.

    Args:
        course: whose lessons those are.
        name: the notebook's name, as nbgrader knows it.
        notebook: its cells as they are to be graded, locked cells already restored.
        skip_tag: cells with this tag are not run, graded ones excepted: a student can tag them too.
    """
    lesson = course.find_lesson(name)
    wanted = {question.name for question in lesson.questions} if lesson else set()
    asked = {cell.number: cell.grade_id for cell in notebook.cells if cell.is_test and cell.grade_id in wanted}
    if not asked:
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        run = [cell for cell in code if cell.is_grade or not skip_tag or skip_tag not in cell.tags]
        return Plan(None, tuple(cell.number for cell in run), {})
    own = {cell.number for cell in notebook.code}
    run = [cell for cell in notebook.cells if cell.number in own or (cell.is_test and cell.number not in asked)]
    return Plan(lesson, tuple(cell.number for cell in run), asked)


def run_plan(
    grader: "Grader",
    notebook: Notebook,
    plan: Plan,
    kernel: Kernel,
    only: Collection[str] | None = None,
) -> "NotebookRun":
    """Do what was planned; for the arguments see `Grader.run` and `Grader.execute`."""
    if plan.lesson is None:
        return grader.execute(notebook, plan.run, kernel)
    wanted = set(plan.asked.values()) if only is None else set(plan.asked.values()) & set(only)
    return grader.run(plan.lesson, notebook, wanted, plan.run)


def why_not_run(notebook: Notebook, plan: Plan, run: "NotebookRun") -> str | None:
    """A sentence if a cell was not run whose outputs would be its score. Then there is no score for the notebook."""
    cells = [cell for cell in notebook.cells if cell.is_test and cell.number in plan.run and cell.number in run.not_run]
    if not cells:
        return None
    names = ", ".join(f"{cell.number} ({cell.grade_id})" for cell in cells)
    subject, verb = ("Cell", "was") if len(cells) == 1 else ("Cells", "were")
    return f"{subject} {names} {verb} not run: {run.not_run[cells[0].number]}."


def fill(nb: NotebookNode, notebook: Notebook, plan: Plan, run: "NotebookRun", timeout: _Json) -> None:
    """Put outputs and verdicts into the cells of `nb`.

    Args:
        nb: the notebook to fill.
        notebook: the same as it was planned.
        plan: what was to be done.
        run: what came of it.
        timeout: the error that stands in a cell that ran out of time (nbgrader's `Execute.error_on_timeout`).
    """
    verdicts = {question.name: question for question in run.questions}
    reports = {report.number: report for report in run.reports}
    count = 0
    for node, cell in zip(nb.cells, notebook.cells, strict=True):
        if cell.cell_type != "code":
            continue
        node.outputs, node.execution_count = [], None
        if plan.lesson is not None and cell.number in plan.asked:
            count += 1
            node.execution_count = count
            node.outputs = [from_dict(_verdict(verdicts[plan.asked[cell.number]], plan.lesson, cell, count))]
        elif cell.number in run.not_run:
            node.outputs = [from_dict(_error("NotRun", f"This cell was not run: {run.not_run[cell.number]}."))]
        elif cell.number in plan.run and cell.source.strip():
            count += 1
            node.execution_count = count
            shown = _with_problem(run.outputs.get(cell.number, ()), reports.get(cell.number), timeout)
            refused = _refused(run.refused.get(cell.number, ()))
            node.outputs = [from_dict(output) for output in (*refused, *as_nbformat(shown[0], count), *shown[1])]
    nb.metadata["language_info"] = from_dict(_LANGUAGE)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files that a notebook has made beside it. Whatever is there already is replaced, links included.

    What would act by itself in a browser or in a Python that is started there (`acts_by_itself`) gets another name.
    """
    for name, content in files.items():
        path = folder / (f"{name}.txt" if acts_by_itself(name) else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":  # nbgrader writes those, and what was graded is not to be replaced afterwards
            continue
        if os.path.realpath(path.parent) != os.path.join(os.path.realpath(folder), os.path.dirname(name)).rstrip("/"):
            continue  # a link leads out of the folder
        path.unlink(missing_ok=True)
        path.write_bytes(content)


def _verdict(question: QuestionResult, lesson: Lesson, cell: NotebookCell, count: int) -> _Json:
    from autograder import panels  # which import torch, and this module is imported by every command of nbgrader's

    score = question.score
    if question.max_score and cell.points != question.max_score:  # the instructor has given the cell other points
        score *= cell.points / question.max_score
    return {
        "output_type": "execute_result",
        "metadata": {},
        "execution_count": count,
        "data": {
            "text/plain": repr(float(min(max(score, 0.0), cell.points))),
            "text/html": panels.as_html(question, lesson),
        },
    }


def _with_problem(
    outputs: tuple[Output, ...], report: "CellReport | None", timeout: _Json
) -> tuple[list[Output], list[_Json]]:
    """The outputs of a cell, and the error that they do not show although it ended the cell."""
    shown = [output for output in outputs if not _is_our_own(output)]
    if report is not None and report.type_name == "TimeLimitReached":
        return shown, [{"output_type": "error", **timeout}]
    if report is None or report.type_name == MISSING_PACKAGE or any(isinstance(output, Failure) for output in shown):
        return shown, []
    if report.type_name == "Crash":
        text = "This cell ended its own process. It was left out, and the cells after it were run in a new one."
        return shown, [_error(report.type_name, text)]
    return shown, as_nbformat([Failure(report.type_name, report.text, [_ELSEWHERE])], None)


def _refused(kinds: Collection[str]) -> list[_Json]:
    """What stands above a cell's outputs if it met the sandbox; nbgrader reads no score from it."""
    if not kinds:
        return []
    sentence = refusal_sentence(kinds)
    data = {"text/plain": sentence, "text/html": f"<p><b>{html.escape(sentence)}</b></p>"}
    return [{"output_type": "display_data", "metadata": {}, "data": data}]


def _error(type_name: str, text: str) -> _Json:
    return as_nbformat([Failure(type_name, text, [f"{type_name}: {text}"])], None)[0]


def _is_our_own(output: Output) -> bool:
    return isinstance(output, Failure) and output.type_name == "TimeLimitReached"
