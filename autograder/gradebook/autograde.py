"""Autograding one submission of a course as `nbgrader autograde` does, with our grader and without a database.

The steps are nbgrader's own classes, in the order that the course's configuration names. The autograded folder is made
in a place of its own and moved to where it belongs by whoever asked for it.
"""

import contextlib
import datetime
import fnmatch
import functools
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError

from autograder.gradebook._steps import WORK, NotebookWork, StepContext, make_step
from autograder.gradebook.chosen_notebooks import NotChosen, choose
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import CellScores, SourceVersion, read_source_version
from autograder.gradebook.harmless_copy import HarmlessCopy
from autograder.gradebook.notebook_file import as_bytes, as_node
from autograder.gradebook.permissions import PermissionsError, allowed
from autograder.gradebook.plugin import NotGraded, NotRun, SandboxedExecute
from autograder.gradebook.run_log import collected_log
from autograder.gradebook.written import SideBySide
from autograder.grading.grader import MAX_NOTE, NOT_RUN, OUT_OF_MEMORY, Grader
from autograder.grading.lesson_run import NotebookRun
from autograder.judging.results import QuestionResult, Status, SubmissionResult, grader_failed, signed_by_others
from autograder.notebooks.files import (
    MAX_BESIDE,
    MAX_FILES,
    FileError,
    acts_by_itself,
    copy_file,
    find_files,
    folder_digest,
    read_timestamp,
)
from autograder.notebooks.machine import is_of_the_machine
from autograder.notebooks.reading import NotebookError, read_bytes
from autograder.notebooks.text import legible

_log = logging.getLogger(__name__)

#: What nbgrader's steps and nbformat raise over a notebook that they cannot take.
_NOT_TAKEN = (
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
    *(SchemaTooNewError, SchemaTooOldError, ValidationError),
)


class AutogradeTask(NamedTuple):
    """One submission to autograde.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        folder: what was handed in.
        staging: a folder that is not there yet, to make the autograded one in.
        only: questions to ask; `None` for all of them.
        before: the earlier result, for the verdicts on the questions that are not asked.
    """

    student: str
    assignment: str
    folder: str
    staging: str
    only: frozenset[str] | None = None
    before: SubmissionResult | None = None


class Autograded(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        result: for people, and for the JSON lines.
        scores: the cells' scores for the gradebook, by notebook; none if it could not be graded.
        submitted: the fingerprint of what was graded; empty if it should be tried again.
        timestamp: when it was handed in (UTC), if that is known.
        is_known: whether nbgrader would have made a submission of it: there was a notebook.
        log: what the grader logged over it, tracebacks included.
    """

    result: SubmissionResult
    scores: dict[str, CellScores]
    submitted: str
    timestamp: datetime.datetime | None = None
    is_known: bool = True
    log: tuple[str, ...] = ()


class NotTaken(NotGraded):
    """nbgrader itself fails over this submission; the text says how. With another nbgrader it may not."""


def autograding(root: Path) -> Callable[[Grader], "Autograding"]:
    """For `run_tasks`: what a grader process does with an `AutogradeTask` of the course folder `root`."""
    return functools.partial(_at, root)


def _at(root: Path, grader: Grader) -> "Autograding":
    return Autograding(CourseFolder(root), grader)


class Autograding:
    """Autogrades submissions of one course folder, one after the other, in a process that does nothing else.

    Args:
        folder: whose submissions.
        grader: runs the notebooks.
        source_versions: the assignments' source versions; others are read from the gradebook.
    """

    def __init__(
        self, folder: CourseFolder, grader: Grader, source_versions: Mapping[str, SourceVersion] | None = None
    ):
        self._folder = folder
        self._grader = grader
        self._source_versions: dict[str, SourceVersion | None] = dict(source_versions or {})
        converter = folder.converter
        exporter = NotebookExporter(parent=converter, config=converter.config)
        context = StepContext(grader, self._source_version)
        named = [*converter.sanitize_preprocessors, *converter.autograde_preprocessors]
        named += [step for step in (HarmlessCopy, SideBySide) if step not in named]  # nbgrader's stock settings
        self._steps = [make_step(step, exporter, context) for step in named]

    def __call__(self, task: AutogradeTask) -> tuple[AutogradeTask, Autograded]:
        """Autograde one submission; whatever is wrong with it ends up in the result.

        Raises:
            OSError: the disk is full, or something else is wrong that no submission is to blame for.
        """
        with collected_log() as messages:
            autograded = self._autograded(task)
        return task, msgspec.structs.replace(autograded, log=tuple(messages))

    def _autograded(self, task: AutogradeTask) -> Autograded:
        self._folder.warnings.clear()
        os.makedirs(task.staging)
        work = _SubmissionWork()
        submitted, problem = "", None
        try:
            submitted = folder_digest(task.folder)
            self._autograde(task, work)
        except (NotRun, NotTaken) as error:
            problem, submitted = str(error), ""  # another time all may be well
        except (NotGraded, NotebookError) as error:
            problem = str(error)
        except OSError as error:
            if is_of_the_machine(error):
                raise
            _log.warning("A file cannot be read or written.", exc_info=True)
            problem, submitted = f"A file of it cannot be read or written: {error}.", ""  # the fault may be elsewhere
        except MemoryError:
            _log.warning("The memory ran out.", exc_info=True)
            problem, submitted = OUT_OF_MEMORY, ""  # the machine's fault, or that of its files
        except Exception as error:
            _log.exception("The grader failed.")
            problem, submitted = grader_failed(error), ""
        questions = work.questions if problem is None else self._unanswered(task.assignment)
        result = self._result(task, work, questions, problem)
        scores = work.scores if problem is None else {}
        return Autograded(result, scores, submitted, work.timestamp, work.is_known)

    def _unanswered(self, assignment: str) -> list[QuestionResult]:
        """The questions of an assignment as they stand when nothing of it was graded."""
        source_version = self._source_versions.get(assignment)
        names = source_version.notebooks if source_version is not None else ()
        lessons = [lesson for name in names if (lesson := self._grader.course.find_lesson(name)) is not None]
        return [question for lesson in lessons for question in self._grader.unanswered(lesson)]

    def _result(
        self, task: AutogradeTask, work: "_SubmissionWork", questions: list[QuestionResult], problem: str | None
    ) -> SubmissionResult:
        return SubmissionResult(
            student=legible(task.student),
            assignment=legible(task.assignment),
            score=0.0 if problem else sum(question.score for question in questions),
            max_score=sum(question.max_score for question in questions),
            seconds=round(sum(run.seconds for run in work.runs), 6),
            confinement=work.runs[0].confinement if work.runs else NOT_RUN,
            problem=legible(" ".join(problem.split()), MAX_NOTE) if problem else None,
            notes=tuple(
                legible(note, MAX_NOTE)
                for note in dict.fromkeys([*self._folder.warnings, *signed_by_others(task.student, questions)])
            ),
            refused=tuple(sorted({kind for run in work.runs for kinds in run.refused.values() for kind in kinds})),
            widened=self._widened(task.assignment),
            questions=tuple(questions),
        )

    def _widened(self, assignment: str) -> dict[str, Any]:
        """What the assignment's notebooks were allowed beyond the ordinary."""
        with contextlib.suppress(PermissionsError):  # then nothing was run
            return allowed(self._folder.converter.config, assignment).widened
        return {}

    def _source_version(self, assignment: str) -> SourceVersion:
        """The source version of an assignment.

        Raises:
            NotGraded: the gradebook has none.
        """
        directory = self._folder.directory
        if assignment not in self._source_versions:
            self._source_versions[assignment] = read_source_version(directory.db_url, directory.course_id, assignment)
        source_version = self._source_versions[assignment]
        if source_version is None:
            raise NotGraded(
                f"The gradebook knows no assignment {assignment!r}; `nbgrader generate_assignment --force` enters it."
            )
        return source_version

    def _autograde(self, task: AutogradeTask, work: "_SubmissionWork") -> None:
        """Make the autograded folder.

        Raises:
            NotGraded: why it cannot be made.
            NotebookError: one of the notebooks cannot be read.
        """
        source_version = self._source_version(task.assignment)
        folder = Path(task.folder)
        # macOS puts a `._` beside each file that it packs.
        submitted = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
        work.is_known = bool(submitted)
        if not submitted:
            raise NotGraded("There is no notebook in the folder.")
        try:
            work.timestamp = read_timestamp(folder)
        except FileError as error:
            raise NotGraded(str(error)) from None
        converter = self._folder.converter
        converter.notebooks = [str(path) for path in submitted]
        self._folder.directory.assignment_id = task.assignment
        converter.run_pre_convert_hook()
        ours = self._bring_files(task)
        try:
            chosen = choose(submitted, source_version.released)
        except NotChosen as error:
            raise NotGraded(str(error)) from None
        self._folder.warnings += chosen.notes
        for name, notebook in source_version.notebooks.items():
            if name not in chosen.paths:
                self._folder.warnings.append(f"{name}.ipynb was not handed in and gets no points.")
                cells = (*notebook.grade_cells, *notebook.task_cells)
                work.scores[name] = CellScores({cell.name: 0.0 for cell in cells}, is_there=False)
        for name, path in sorted(chosen.paths.items()):
            self._one_notebook(task, work, path, name)
        self._put_to_sleep(task, ours)
        self._set_permissions(Path(task.staging))

    def _one_notebook(self, task: AutogradeTask, work: "_SubmissionWork", path: Path, name: str) -> None:
        mine = NotebookWork(task.only, task.before.questions if task.before is not None else ())
        work.notebooks.append(mine)
        resources = ResourcesDict()
        resources["unique_key"] = name
        resources["metadata"] = {"name": name, "path": task.staging}
        resources["nbgrader"] = {
            "student": task.student,
            "assignment": task.assignment,
            "notebook": name,
            "db_url": self._folder.directory.db_url,
        }
        resources[WORK] = mine
        with _taken():
            nb = as_node(read_bytes(path))
        for step in self._steps:
            # What runs the notebook is our own: what goes wrong in there is not the submission's fault.
            with contextlib.nullcontext() if isinstance(step, SandboxedExecute) else _taken():
                nb, resources = step(nb, resources)
        work.scores[name] = mine.scores
        work.questions += mine.questions
        work.questions += _answered_by_own_tests(nb, mine.scores, {question.name for question in mine.questions})
        Path(task.staging, f"{name}.ipynb").write_bytes(as_bytes(nb))

    def _bring_files(self, task: AutogradeTask) -> set[str]:
        """Copy what lies beside the notebooks, then the source version's files over it; links excepted.

        Returns:
            the relative names of the source version's files.
        """
        source = self._folder.source(task.assignment)
        spared = set(self._folder.converter.exclude_overwriting.get(task.assignment, []))
        room = MAX_BESIDE
        for number, found in enumerate(find_files(task.folder)):
            if number >= MAX_FILES:
                self._folder.warnings.append(f"There are more than {MAX_FILES:,} files; the others were left out.")
                break
            if self._is_left_alone(found.name):
                continue
            copy = self._place_of_copy(task, found.name)
            try:
                room -= copy_file(found.path, copy, room)
            except FileError as error:
                self._folder.warnings.append(f"{error} It was left out.")
                with contextlib.suppress(FileNotFoundError):
                    os.remove(copy)
        ours = set()
        for found in find_files(source):
            if not self._is_left_alone(found.name) and found.name not in spared and os.path.isfile(found.path):
                shutil.copy(found.path, self._place_of_copy(task, found.name))
                ours.add(found.name)
        return ours

    def _put_to_sleep(self, task: AutogradeTask, ours: set[str]) -> None:
        """Give another name to what would act by itself: the formgrader shows files of this folder to instructors."""
        for found in list(find_files(task.staging)):
            if found.name not in ours and acts_by_itself(found.name):
                os.rename(found.path, f"{found.path}.txt")
                name = legible(os.path.basename(found.path))
                self._folder.warnings.append(f"{name} is called {name}.txt now: it would act by itself.")

    def _is_left_alone(self, name: str) -> bool:
        """Whether nbgrader would not copy a file of that relative name: as its settings say, and no notebook."""
        patterns = self._folder.directory.ignore
        return name.endswith(".ipynb") or any(
            fnmatch.fnmatchcase(part, pattern) and (pattern.startswith(".") or not part.startswith("."))
            for part in name.split("/")
            for pattern in patterns
        )

    def _place_of_copy(self, task: AutogradeTask, name: str) -> str:
        copy = os.path.join(task.staging, name)
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        if os.path.lexists(copy):
            os.remove(copy)
        return copy

    def _set_permissions(self, folder: Path) -> None:
        permissions = int(str(self._folder.converter.permissions), 8)
        for place, _, names in os.walk(folder):
            for name in names:
                os.chmod(os.path.join(place, name), permissions)
            if self._folder.directory.groupshared:
                os.chmod(place, (os.stat(place).st_mode | 0o2770) & 0o2777)


class _SubmissionWork:
    """What is known so far of the submission at hand."""

    def __init__(self) -> None:
        self.is_known = True
        self.timestamp: datetime.datetime | None = None
        self.notebooks: list[NotebookWork] = []
        self.scores: dict[str, CellScores] = {}
        self.questions: list[QuestionResult] = []

    @property
    def runs(self) -> list[NotebookRun]:
        """What came of running its notebooks."""
        return [run for notebook in self.notebooks for run in notebook.runs]


@contextlib.contextmanager
def _taken() -> Iterator[None]:
    """Turn what nbgrader raises over a notebook into a sentence."""
    try:
        yield
    except _NOT_TAKEN as error:
        _log.warning("nbgrader cannot take a notebook.", exc_info=True)
        raise NotTaken(f"nbgrader cannot take it: {type(error).__name__}: {error}") from error


def _answered_by_own_tests(nb: NotebookNode, scores: CellScores, asked: set[str]) -> list[QuestionResult]:
    """Results of graded cells that are not our suites' business.

    Those that a human grades have none yet, but for the ones that are as they were released: nbgrader gives these 0.
    Those that give no points have none ever.
    """
    found = []
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        score = scores.scores.get(name)
        if score is not None and name not in asked and utils.is_grade(cell):
            most = float(cell.metadata.nbgrader["points"])
            if not most and utils.is_solution(cell):
                continue
            nothing: Status = "not_attempted" if utils.is_solution(cell) else "failed"
            status: Status = "passed" if score >= most else "partial" if score > 0 else nothing
            found.append(QuestionResult(legible(name), score, most, status, None, ()))
    return found
