"""The steps that we put into nbgrader, so that it runs student notebooks in our sandbox instead of in a kernel.

- Our lessons are asked by our suites, and each graded cell shows its panel.
- Of an answer that is a value, the released notebook keeps the name (`autograder.gradebook.stubs`).
- Answers in sentences are graded by hand, and shown beside ours (`autograder.gradebook.written`).
- The notebooks of all other assignments are run cell by cell in a worker, tests included, as a kernel would: they see
  the files beside them and may write there, but reach no network, no other file and no other program.

What is left of a submission for people to look at, in the formgrader and in feedback, is made harmless
(`autograder.gradebook.harmless_copy`). Feedback pages are nbgrader's own, made to fit a phone. Everything else of
nbgrader stays as it is. A configuration gets all of this from `autograder.plugin`, which knows the course. Needs the
`instructor` extra.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions, DeduplicateIds, Execute, OverwriteCells, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Unicode

from autograder.gradebook import outputs
from autograder.gradebook.ask_human import MET_THE_SANDBOX, AskHuman
from autograder.gradebook.handed_in import guard_autograde
from autograder.gradebook.harmless_copy import VERDICTS, HarmlessCopy
from autograder.gradebook.permissions import Allowed, PermissionsError, allowed
from autograder.gradebook.persistent_grader import GraderAnswer, PlannedRun, persistent_grader
from autograder.gradebook.source_imports import not_beside, source_imports
from autograder.gradebook.standing_grader import NoPlace, standing_grader
from autograder.gradebook.stubs import ClearAnswers
from autograder.gradebook.written import WRITTEN, SaveScores, SideBySide, find_answers
from autograder.grading.kernel import Kernel
from autograder.grading.processes import GraderDied
from autograder.judging.course import Course, load_course
from autograder.judging.results import signed_by_others
from autograder.notebooks.reading import NotebookError, parse_notebook
from autograder.sandbox.wire.files import beside, is_plain

# Every command of nbgrader's imports this module; most of them have no use for torch.
if TYPE_CHECKING:
    from autograder.grading.lesson_run import NotebookRun

#: Where no limit is set: a day.
NO_LIMIT = 86_400.0


class NotGraded(Exception):
    """This submission cannot be graded; the text says why."""


class NotRun(NotGraded):
    """A cell that would have given points was never run. It may be, another time."""


def use_sandbox(config: Any, course: Course) -> None:
    """Replace nbgrader's execution of notebooks by ours in a configuration `c`; what else is in it stays.

    From then on nbgrader also opens submissions with care in this process.
    """
    for converter, option, stock, ours in _replaced():
        options = config[converter.__name__]
        steps = options.get(option) or getattr(converter, option).default()
        names = (stock, f"nbgrader.preprocessors.{stock.__name__}", f"{stock.__module__}.{stock.__name__}")
        options[option] = [ours if step in names else step for step in steps]
    for step in _ADDED:
        if step not in config.Autograde.autograde_preprocessors:
            config.Autograde.autograde_preprocessors.append(step)
    if "plugin_class" not in config.AssignLatePenalties:
        config.AssignLatePenalties.plugin_class = "autograder.gradebook.class_rules.LateRule"
    if "exporter_class" not in config.GenerateFeedback:
        config.GenerateFeedback.exporter_class = "autograder.gradebook.feedback.FeedbackPage"
    if "release_feedback" not in config.ExchangeFactory:
        config.ExchangeFactory.release_feedback = "autograder.gradebook.release_feedback.CurrentReleaseFeedback"
    # nbgrader makes these two and passes them nothing but the configuration.
    config.SandboxedExecute.course = config.FeedbackPage.course = course.where
    guard_autograde()


def use_stock(config: Any) -> None:
    """Put nbgrader's own steps into the place of ours, whatever a configuration has said before."""
    for converter, option, stock, ours in _replaced():
        options = config[converter.__name__]
        if option in options:
            options[option] = [stock if step is ours else step for step in options[option] if step not in _ADDED]


#: Last among the steps of `nbgrader autograde`: what they leave is what people look at.
_ADDED = (AskHuman, HarmlessCopy, SideBySide)


def _replaced() -> tuple[tuple[type, str, type, type], ...]:
    """In which of nbgrader's commands, by which option, which step of its own is one of ours."""
    return (
        (Autograde, "autograde_preprocessors", Execute, SandboxedExecute),
        (Autograde, "sanitize_preprocessors", DeduplicateIds, ForgivingDeduplicateIds),
        (Autograde, "sanitize_preprocessors", OverwriteCells, ForgivingOverwriteCells),
        (Autograde, "autograde_preprocessors", SaveAutoGrades, SaveScores),
        (GenerateAssignment, "preprocessors", ClearSolutions, ClearAnswers),
    )


class SandboxedExecute(Execute):
    """nbgrader's `Execute` with our sandbox in place of a kernel.

    Options are those of `Execute` and are set there: `enabled`, `timeout` (for notebooks that are no lessons of ours;
    the tests of a lesson have limits of their own), `error_on_timeout`, `skip_cells_with_tag`.
    """

    course = Unicode(help="The course whose lessons are asked by our suites, as `module:NAME`.").tag(config=True)
    stays = Bool(
        True,
        help="Whether the grader process stays for a few minutes, so that the next command need not start one. "
        "`autograder stop` ends it.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._told: set[str] = set()
        self._imports: dict[str, tuple[str, ...]] = {}

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: Any = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the notebook and fill in its outputs.

        Raises:
            NotGraded: it needs another kernel, it is too large, the grader died over it, or one of its graded cells
                was not run.
        """
        environment = kernel_environment(self.kernel_name or nb.metadata.get("kernelspec", {}).get("name", ""))
        as_handed_in = msgspec.json.encode(nb)
        try:
            notebook = parse_notebook(as_handed_in)
        except NotebookError as error:
            raise NotGraded(str(error)) from None
        which = resources["nbgrader"]
        planned = outputs.plan(self.load_course(), which["notebook"], notebook, self.skip_cells_with_tag)
        folder = resources.get("metadata", {}).get("path") or None
        files: dict[str, bytes] = {}
        if folder and planned.lesson is None:
            own = f"{which['notebook']}.ipynb"
            files, left_out = beside(folder, (name for name in files_beside(folder) if name != own))
            files[own] = as_handed_in
            for name in left_out:
                self.log.warning("%s is too large to be seen by the notebook, or is a link", name)
        name = which.get("assignment", "")
        may = self.allowed(name)
        kernel = Kernel(
            may.seconds or self.timeout or NO_LIMIT,
            files,
            name if is_plain(name) else "notebook",
            {**environment, **may.environment},
            may.permissions,
            may.limits,
            not_beside(self.imports(name), files),
        )
        run = self.run_notebook(PlannedRun(notebook, planned, kernel), resources)
        for note in (*run.notes, *signed_by_others(which.get("student", ""), run.questions)):
            self.log.warning("%s", note)
        outputs.fill(nb, notebook, planned, run, dict(self.error_on_timeout))
        resources[VERDICTS] = frozenset(planned.asked)
        resources[WRITTEN] = find_answers(nb, planned.lesson)
        resources[MET_THE_SANDBOX] = bool(run.refused)
        reason = outputs.why_not_run(notebook, planned, run)
        if reason is not None:
            raise NotRun(reason)
        if folder:
            outputs.write_files(Path(folder), run.files)
        return nb, resources

    def allowed(self, assignment: str) -> Allowed:
        """What the notebooks of an assignment may do; what differs from the ordinary is put into the log once.

        Raises:
            NotGraded: the settings make no sense.
        """
        try:
            may = allowed(self.config, assignment, self._folders)
        except PermissionsError as error:
            raise NotGraded(str(error)) from None
        if may.widened and assignment not in self._told:
            self._told.add(assignment)
            widened = ", ".join(f"{setting} {value}" for setting, value in may.widened.items())
            self.log.info("The sandbox allows %s more than usual: %s", assignment, widened)
        return may

    def imports(self, assignment: str) -> tuple[str, ...]:
        """What the assignment's source version imports; nothing where it does not lie in the course's folder."""
        folders = self._folders
        if folders is None or not assignment:
            return ()
        if assignment not in self._imports:
            place = folders.format_path(folders.source_directory, ".", assignment)
            self._imports[assignment] = source_imports(Path(place))
        return self._imports[assignment]

    @property
    def _folders(self) -> CourseDirectory | None:
        """The course's folders, as the converter knows them that this step belongs to."""
        converter = getattr(self.parent, "parent", None)
        found = getattr(converter, "coursedir", None)
        return found if isinstance(found, CourseDirectory) else None

    def load_course(self) -> Course:
        """The course that the configuration names.

        Raises:
            NotGraded: it names none, or none that can be imported.
        """
        if not self.course:
            raise NotGraded("The configuration names no course. `use_sandbox(c)` of `autograder.plugin` sets it.")
        try:
            return load_course(self.course)
        except (ImportError, TypeError) as error:
            raise NotGraded(f"The course {self.course} cannot be imported: {error}") from error

    def run_notebook(self, planned: PlannedRun, resources: dict[str, Any]) -> "NotebookRun":
        """Have the notebook run by the grader process that stays from one notebook, and one command, to the next.

        Raises:
            NotGraded: the process cannot grade, failed, or died over it.
        """
        try:
            run, problem, messages = self._answer(planned)
        except (GraderDied, RuntimeError) as error:
            raise NotGraded(str(error)) from error
        for message in messages:
            self.log.error("%s", message)
        if run is None:
            raise NotGraded(problem)
        return run

    def _answer(self, planned: PlannedRun) -> GraderAnswer:
        if self.stays:
            with contextlib.suppress(NoPlace):
                return standing_grader(self.course).run(planned)
        return persistent_grader(self.course).run(planned)


class ForgivingDeduplicateIds(DeduplicateIds):
    """nbgrader's `DeduplicateIds`, without the empty metadata that it leaves and nbgrader takes for an old version's.

    A student who copies a graded cell would stop the grading of the whole class (0.9.6). The copy becomes an ordinary
    cell; the last one counts, as nbgrader means it to.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Leave each graded cell's metadata with its last copy alone, and none that name no cell."""
        for cell in nb.cells:
            if "nbgrader" in cell.metadata and not _names_a_cell(cell.metadata["nbgrader"]):
                del cell.metadata["nbgrader"]
        nb, resources = super().preprocess(nb, resources)
        for cell in nb.cells:
            if cell.metadata.get("nbgrader") == {}:
                del cell.metadata["nbgrader"]
        return nb, resources


class ForgivingOverwriteCells(OverwriteCells):
    """nbgrader's `OverwriteCells`, which can take a notebook with cells of another assignment, or with few of its own.

    nbgrader (0.9.6) leaves half of the metadata with a cell that it does not know and fails over them at the next
    step, with ``KeyError: 'grade_id'``. Here it becomes an ordinary cell. A graded cell is put back where the answer
    before it is missing too: at the end. What differs from the source version is told in a sentence.
    """

    def report_change(self, name: str, attr: str, old: Any, new: Any) -> None:
        """Say what was put back; `old` is the source version's."""
        if attr == "points":
            self.log.warning("%s counts %g points; it was handed in as a question of %g points.", name, old, new)
        else:
            self.log.warning("The cell %s was handed in changed, and is as in the source version again.", name)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Overwrite one cell, or make an ordinary one of it."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if "nbgrader" in cell.metadata and "grade_id" not in cell.metadata.nbgrader:
            del cell.metadata["nbgrader"]
        return cell, resources

    def add_missing_grade_cells(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put graded cells back: behind the cell before them, or at the end."""
        cells = list(nb.cells)
        try:
            whole: tuple[NotebookNode, dict[str, Any]] = super().add_missing_grade_cells(nb, resources)
            return whole
        except KeyError:
            nb.cells = cells
        source = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        there = {cell.metadata.nbgrader.grade_id for cell in nb.cells if is_grade(cell) or is_solution(cell)}
        answers = {cell.name for cell in source.solution_cells}
        by_name = {cell.name: cell for cell in source.source_cells}
        for graded in source.grade_cells:
            if graded.name not in there:
                added = self.missing_cell_transform(
                    by_name[graded.name], graded.max_score, is_solution=graded.name in answers
                )
                nb.cells.append(added)
        return nb, resources


def _names_a_cell(about: Any) -> bool:
    """Whether nbgrader's metadata of a cell are of a cell that it may know."""
    return isinstance(about, dict) and isinstance(about.get("grade_id"), str)


def kernel_environment(name: str) -> dict[str, str]:
    """The variables that a notebook's kernel sets, if it is one that our workers can stand in for.

    Args:
        name: the kernel's name; empty where the notebook names none.

    Raises:
        NotGraded: there is no such kernel here, it is none for Python, or for another Python than ours.
    """
    try:
        spec = KernelSpecManager().get_kernel_spec(name or "python3")
    except NoSuchKernel:
        if name in ("", "python", "python3"):  # ours is one, wherever Jupyter's is
            return {}
        raise NotGraded(
            f"The notebook needs the kernel {name!r}, and there is none of that name here. Give the source version of "
            "the assignment the kernel python3, or install that one; `jupyter kernelspec list` shows which there are."
        ) from None
    if spec.language.lower() != "python" or not any("ipykernel" in part for part in spec.argv):
        raise NotGraded(f"The notebook needs the kernel {name!r}, and the sandbox runs none but Python's own.")
    program = spec.argv[0]
    if os.path.isabs(program) and not _is_our_python(program):
        raise NotGraded(
            f"The notebook's kernel {name!r} runs the Python {program}, and the grader is another one, "
            f"{sys.executable}, whose libraries may be others. Install the autograder there and grade with it, or give "
            "the source version of the assignment the kernel python3."
        )
    return {str(key): str(value) for key, value in spec.env.items()}


def _is_our_python(program: str) -> bool:
    # A Python is the folder that it lies in: in a virtual environment the file itself is a link to somewhere else.
    return os.path.realpath(os.path.dirname(program)) == os.path.realpath(os.path.dirname(sys.executable))


def files_beside(folder: str) -> list[str]:
    """Names of the files in a folder and below."""
    return sorted(
        os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")
        for place, _, names in os.walk(folder)
        for name in names
    )
