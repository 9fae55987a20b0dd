"""nbgrader's steps of autograding, made to do without a database and with the grader of this process.

They are nbgrader's own classes, configured as the course configures them. Those that would ask the gradebook ask the
assignment's source version instead, and what `SaveAutoGrades` would write into it is collected.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import preprocessors as steps
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.utils.importstring import import_item

from autograder.gradebook import outputs
from autograder.gradebook.ask_human import AskHuman
from autograder.gradebook.database import CellScores, SourceVersion
from autograder.gradebook.persistent_grader import PlannedRun
from autograder.gradebook.plugin import ForgivingDeduplicateIds, ForgivingOverwriteCells, SandboxedExecute
from autograder.gradebook.written import SaveScores, needs_nobody
from autograder.grading.grader import Grader
from autograder.grading.lesson_run import NotebookRun
from autograder.judging.course import Course
from autograder.judging.results import QuestionResult

#: The name under which a `NotebookWork` travels in nbgrader's `resources`.
WORK = "autograder"

#: What nbgrader's steps hand from one to the next, beside the notebook.
Resources = dict[str, Any]


class StepContext(NamedTuple):
    """What the steps know of where they are run.

    Attributes:
        grader: it runs the notebooks.
        source_version: the look-up of an assignment's source version, by name.
    """

    grader: Grader
    source_version: Callable[[str], SourceVersion]


@dataclass
class NotebookWork:
    """One notebook of a submission on its way through the steps.

    Attributes:
        only: the questions to ask; `None` for all of them.
        before: earlier verdicts on the questions that are not asked.
        runs: what came of running it.
        questions: the verdicts on its questions.
        scores: what `SaveAutoGrades` would write.
    """

    only: frozenset[str] | None = None
    before: tuple[QuestionResult, ...] = ()
    runs: list[NotebookRun] = field(default_factory=list)
    questions: tuple[QuestionResult, ...] = ()
    scores: CellScores = field(default_factory=lambda: CellScores({}))


def make_step(step: Any, exporter: NotebookExporter, context: StepContext) -> NbGraderPreprocessor:
    """A step by its class or its name, configured as nbgrader configures it; ours in place of nbgrader's."""
    kind = import_item(step) if isinstance(step, str) else step
    if kind in _WITH_CONTEXT:
        return _WITH_CONTEXT[kind](context, parent=exporter)
    return _WITHOUT_CONTEXT.get(kind, kind)(parent=exporter)


class _OverwriteCells(ForgivingOverwriteCells):
    def __init__(self, context: StepContext, **kwargs: Any):
        super().__init__(**kwargs)
        self._context = context

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.gradebook = self._context.source_version(self.assignment_id)
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


class _OverwriteKernelspec(steps.OverwriteKernelspec):
    def __init__(self, context: StepContext, **kwargs: Any):
        super().__init__(**kwargs)
        self._context = context

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        kernelspec = json.loads(_released(self._context, resources).kernelspec or "null")
        if kernelspec:
            nb.metadata["kernelspec"] = from_dict(kernelspec)
        return nb, resources


class _CheckCellMetadata(steps.CheckCellMetadata):
    """Its answer depends on cell types and nbgrader's metadata alone, and they hardly differ within a class."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._sound: set[bytes] = set()

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        seen = msgspec.json.encode([(cell.cell_type, cell.metadata.get("nbgrader")) for cell in nb.cells])
        if seen not in self._sound:
            nb, resources = super().preprocess(nb, resources)
            if len(self._sound) < 1_000:
                self._sound.add(seen)
        return nb, resources


class _SaveAutoGrades(steps.SaveAutoGrades):
    """Collects scores and comments in place of writing them."""

    def __init__(self, context: StepContext, **kwargs: Any):
        super().__init__(**kwargs)
        self._context = context

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        notebook = _released(self._context, resources)
        self._scores: dict[str, float | None] = {}
        self._comments: dict[str, str | None] = {}
        self._graded = {cell.name for cell in notebook.grade_cells}
        self._commented = {cell.name for cell in (*notebook.solution_cells, *notebook.task_cells)}
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        met = any(run.refused for run in resources[WORK].runs)
        resources[WORK].scores = CellScores(self._scores, self._comments, met_the_sandbox=met)
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        name = _known(cell, self._graded)
        score = 0.0 if needs_nobody(cell, resources) else utils.determine_grade(cell, self.log)[0]
        self._scores[name] = None if score is None else float(score)

    def _add_comment(self, cell: NotebookNode, resources: Resources) -> None:
        name = _known(cell, self._commented)
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        self._comments[name] = "No response." if untouched and not utils.is_task(cell) else None


class _Execute(SandboxedExecute):
    """Runs the notebook here, where the grader is."""

    def __init__(self, context: StepContext, **kwargs: Any):
        super().__init__(**kwargs)
        self._context = context

    def load_course(self) -> Course:
        return self._context.grader.course

    def run_notebook(self, planned: PlannedRun, resources: Resources) -> NotebookRun:
        work: NotebookWork = resources[WORK]
        lesson, asked = planned.plan.lesson, set(planned.plan.asked.values())
        earlier = {question.name: question for question in work.before} if lesson and work.only is not None else {}
        only = None if work.only is None else work.only | (asked - set(earlier))
        run = outputs.run_plan(self._context.grader, *planned, only=only)
        if lesson is not None:
            verdicts = earlier | {question.name: question for question in run.questions}
            names = [question.name for question in lesson.questions if question.name in verdicts]
            run = run._replace(questions=tuple(verdicts[name] for name in names if name in asked))
        work.runs.append(run)
        work.questions = run.questions
        return run


class _Later(NbGraderPreprocessor):
    """Does nothing yet: a penalty needs the whole score, and what a human has given counts too.

    Penalties are worked out, and humans asked, when scores are entered into the gradebook.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        return nb, resources


_WITHOUT_CONTEXT: dict[type, type[NbGraderPreprocessor]] = {
    steps.DeduplicateIds: ForgivingDeduplicateIds,
    steps.CheckCellMetadata: _CheckCellMetadata,
    steps.AssignLatePenalties: _Later,
    AskHuman: _Later,
}

_WITH_CONTEXT: dict[type, Callable[..., NbGraderPreprocessor]] = {
    steps.OverwriteCells: _OverwriteCells,
    ForgivingOverwriteCells: _OverwriteCells,
    steps.OverwriteKernelspec: _OverwriteKernelspec,
    steps.SaveAutoGrades: _SaveAutoGrades,
    SaveScores: _SaveAutoGrades,
    steps.Execute: _Execute,
    SandboxedExecute: _Execute,
}


def _released(context: StepContext, resources: Resources) -> Any:
    """The notebook at hand as it stands in the source version."""
    which = resources["nbgrader"]
    return context.source_version(which["assignment"]).notebooks[which["notebook"]]


def _known(cell: NotebookNode, names: set[str]) -> str:
    name: str = cell.metadata.nbgrader["grade_id"]
    if name not in names:
        raise MissingEntry(f"the gradebook knows no such cell: {name}")
    return name
