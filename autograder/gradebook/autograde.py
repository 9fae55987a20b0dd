"""Autograding one submission of a course as `nbgrader autograde` does, with our grader and without a database.

The steps are nbgrader's own classes, configured as the course configures them, in the order that it names. Those that
would ask the gradebook ask a copy of the assignment's master version instead; what `SaveAutoGrades` would write is
handed back. The autograded folder is made in a place of its own and moved to where it belongs by whoever asked for it.
"""

import datetime
import errno
import functools
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines, split_lines, strip_transient
from nbformat.validator import normalize
from nbgrader import preprocessors as steps
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.utils.importstring import import_item

from autograder.gradebook import outputs
from autograder.gradebook.course_folder import Course
from autograder.gradebook.database import Marks, Master, read_master
from autograder.gradebook.outputs import Plan
from autograder.gradebook.plugin import ForgivingDeduplicateIds, NotGraded, SandboxedExecute
from autograder.grading import fingerprints
from autograder.grading.grader import MAX_NOTE, NOT_RUN, Grader, Run
from autograder.judging.course import find_lesson
from autograder.judging.results import Ending, QuestionResult, SubmissionResult
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook, read_bytes
from autograder.notebooks.text import legible

#: What ends the whole run and is no submission's fault.
_FATAL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Task(NamedTuple):
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
        marks: for the gradebook, by notebook; none if it could not be graded.
        submitted: the fingerprint of what was graded; empty if it should be tried again.
        timestamp: when it was handed in (UTC), if that is known.
        is_known: whether nbgrader would have made a submission of it: there was a notebook.
    """

    result: SubmissionResult
    marks: dict[str, Marks]
    submitted: str
    timestamp: datetime.datetime | None = None
    is_known: bool = True


def autograding(root: Path) -> Callable[[Grader], "Autograding"]:
    """For `farm.do_all`: what a grader process does with a `Task` of the course at `root`."""
    return functools.partial(_at, root)


def _at(root: Path, grader: Grader) -> "Autograding":
    return Autograding(Course(root), grader)


class Autograding:
    """Autogrades submissions of one course, one after the other.

    Args:
        course: whose.
        grader: runs the notebooks.
        masters: the assignments' master versions; others are read from the gradebook.
    """

    def __init__(self, course: Course, grader: Grader, masters: Mapping[str, Master] | None = None):
        self._course = course
        converter = self._course.converter
        exporter = NotebookExporter(parent=converter, config=converter.config)
        self._sanitizing = [_made(step, exporter) for step in converter.sanitize_preprocessors]
        self._grading = [_made(step, exporter) for step in converter.autograde_preprocessors]
        self._masters: dict[str, Master | None] = dict(masters or {})
        self._grader = grader
        for step in self._grading:
            if isinstance(step, _Execute):
                step.grader = grader

    def __call__(self, task: Task) -> tuple[Task, Autograded]:
        """Autograde one submission; whatever is wrong with it ends up in the result.

        Raises:
            OSError: the disk is full, or something else is wrong that no submission is to blame for.
        """
        self._course.warnings.clear()
        submitted = fingerprints.folder(Path(task.folder))
        os.makedirs(task.staging)
        work = _Work(task)
        try:
            problem = self._autograde(task, work)
        except (NotGraded, NotebookError) as error:
            problem = str(error)
        except OSError as error:
            if error.errno in _FATAL:
                raise
            problem = f"A file of it cannot be read or written: {error}."
            submitted = ""  # the fault may be elsewhere, and another time all may be well
        except Exception as error:
            problem = f"nbgrader cannot take it: {type(error).__name__}: {error}"
            submitted = ""
        if problem:
            names = self._master(task.assignment).notebooks
            lessons = [lesson for name in names if (lesson := find_lesson(name)) is not None]
            work.questions = [question for lesson in lessons for question in self._grader.unanswered(lesson)]
        result = self._result(task, work, problem)
        return task, Autograded(result, {} if problem else work.marks, submitted, work.timestamp, work.is_known)

    def _result(self, task: Task, work: "_Work", problem: str | None) -> SubmissionResult:
        return SubmissionResult(
            student=legible(task.student),
            assignment=legible(task.assignment),
            score=0.0 if problem else sum(question.score for question in work.questions),
            max_score=sum(question.max_score for question in work.questions),
            seconds=round(sum(run.seconds for run in work.runs), 6),
            confinement=work.runs[0].confinement if work.runs else NOT_RUN,
            problem=legible(" ".join(problem.split()), MAX_NOTE) if problem else None,
            notes=tuple(legible(note, MAX_NOTE) for note in dict.fromkeys(self._course.warnings)),
            questions=tuple(work.questions),
        )

    def _master(self, assignment: str) -> Master:
        directory = self._course.directory
        if assignment not in self._masters:
            self._masters[assignment] = read_master(directory.db_url, directory.course_id, assignment)
        master = self._masters[assignment]
        if master is None:
            raise NotGraded(
                f"The gradebook knows no assignment {assignment!r}; `nbgrader generate_assignment --force` enters it."
            )
        return master

    def _autograde(self, task: Task, work: "_Work") -> str | None:
        """The sentence that says why there is no result, if there is none."""
        master = self._master(task.assignment)
        folder = Path(task.folder)
        handed_in = sorted(path for path in folder.glob("*.ipynb"))
        work.is_known = bool(handed_in)
        if not handed_in:
            return "There is no notebook in the folder."
        try:
            work.timestamp = self._course.directory.get_existing_timestamp(str(folder))
        except Exception:  # nbgrader means to fail with a sentence here and fails over that
            return "The file timestamp.txt holds no date that can be understood."
        converter = self._course.converter
        converter.notebooks = [str(path) for path in handed_in]
        self._course.directory.assignment_id = task.assignment
        converter.run_pre_convert_hook()
        self._bring_files(task)
        known = [path for path in handed_in if path.stem in master.notebooks]
        for path in handed_in:
            if path not in known:
                self._course.warnings.append(
                    f"{legible(path.name)} is no notebook of this assignment and was left out."
                )
        if not known:
            return f"There is no notebook {' or '.join(f'{name}.ipynb' for name in master.notebooks)} in the folder."
        for name, notebook in master.notebooks.items():
            if not (folder / f"{name}.ipynb").exists():
                self._course.warnings.append(f"{name}.ipynb was not handed in and gets no points.")
                cells = (*notebook.grade_cells, *notebook.task_cells)
                work.marks[name] = Marks({cell.name: 0.0 for cell in cells}, is_there=False)
        for path in known:
            self._one_notebook(task, work, master, path)
        self._set_permissions(Path(task.staging))
        return None

    def _one_notebook(self, task: Task, work: "_Work", master: Master, path: Path) -> None:
        nb = _node(read_bytes(path))
        resources = ResourcesDict()
        resources["unique_key"] = path.stem
        resources["metadata"] = {"name": path.stem, "path": task.staging}
        resources["nbgrader"] = {
            "student": task.student,
            "assignment": task.assignment,
            "notebook": path.stem,
            "db_url": self._course.directory.db_url,
        }
        marks = Marks({})
        questions: tuple[QuestionResult, ...] = ()
        for step in (*self._sanitizing, *self._grading):
            step.master = master
            if isinstance(step, _Execute):
                step.task = task
            nb, resources = step(nb, resources)
            if isinstance(step, _Execute) and step.enabled:
                work.runs.append(step.run)
                questions = step.run.questions
            elif isinstance(step, _SaveAutoGrades) and step.enabled:
                marks = Marks(step.scores, step.comments)
        work.marks[path.stem] = marks
        work.questions += questions
        work.questions += _answered_by_own_tests(nb, marks, {question.name for question in questions})
        Path(task.staging, path.name).write_bytes(as_bytes(nb))

    def _bring_files(self, task: Task) -> None:
        """Copy what lies beside the notebooks, then the master's files over it; links excepted."""
        ignored = [*self._course.directory.ignore, "*.ipynb"]
        source = self._course.source(task.assignment)
        kept = {
            os.path.join(source, name) for name in self._course.converter.exclude_overwriting.get(task.assignment, [])
        }
        for folder in (Path(task.folder), source):
            for name in utils.find_all_files(str(folder), ignored):
                if name in kept:
                    continue
                if os.path.islink(name) or not os.path.isfile(name):
                    self._course.warnings.append(
                        f"{legible(os.path.basename(name))} is no ordinary file and was left out."
                    )
                    continue
                copy = os.path.join(task.staging, os.path.relpath(name, folder))
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                if os.path.exists(copy):
                    os.remove(copy)
                shutil.copy(name, copy)

    def _set_permissions(self, folder: Path) -> None:
        permissions = int(str(self._course.converter.permissions), 8)
        for place, _, names in os.walk(folder):
            for name in names:
                os.chmod(os.path.join(place, name), permissions)
            if self._course.directory.groupshared:
                os.chmod(place, (os.stat(place).st_mode | 0o2770) & 0o2777)


class _Work:
    """What is known so far of the submission at hand."""

    def __init__(self, task: Task):
        self.is_known = True
        self.timestamp: datetime.datetime | None = None
        self.runs: list[Run] = []
        self.marks: dict[str, Marks] = {}
        self.questions: list[QuestionResult] = []


class _WithMaster:
    """A step of nbgrader's that asks `master` in place of a gradebook."""

    master: Master


class _OverwriteCells(_WithMaster, steps.OverwriteCells):
    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.gradebook = self.master
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


class _OverwriteKernelspec(_WithMaster, steps.OverwriteKernelspec):
    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        kernelspec = json.loads(self.master.notebooks[resources["nbgrader"]["notebook"]].kernelspec or "null")
        if kernelspec:
            nb.metadata["kernelspec"] = from_dict(kernelspec)
        return nb, resources


class _CheckCellMetadata(_WithMaster, steps.CheckCellMetadata):
    """The verdict depends on cell types and nbgrader's metadata alone, and they hardly differ within a class."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._sound: set[bytes] = set()

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        seen = msgspec.json.encode([(cell.cell_type, cell.metadata.get("nbgrader")) for cell in nb.cells])
        if seen not in self._sound:
            nb, resources = super().preprocess(nb, resources)
            if len(self._sound) < 1_000:
                self._sound.add(seen)
        return nb, resources


class _SaveAutoGrades(_WithMaster, steps.SaveAutoGrades):
    """Keeps scores and comments in place of writing them."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        notebook = self.master.notebooks[resources["nbgrader"]["notebook"]]
        self.scores: dict[str, float | None] = {}
        self.comments: dict[str, str | None] = {}
        self._graded = {cell.name for cell in notebook.grade_cells}
        self._commented = {cell.name for cell in (*notebook.solution_cells, *notebook.task_cells)}
        return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = _known(cell, self._graded)
        score, _ = utils.determine_grade(cell, self.log)
        self.scores[name] = None if score is None else float(score)

    def _add_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = _known(cell, self._commented)
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        self.comments[name] = "No response." if untouched and not utils.is_task(cell) else None


class _Execute(_WithMaster, SandboxedExecute):
    """Runs the notebook here, where the grader is."""

    grader: Grader
    task: Task
    run: Run

    def carry_out(self, notebook: Notebook, planned: Plan, cell_seconds: float, files: dict[str, bytes]) -> Run:
        run = outputs.carry_out(self.grader, notebook, planned, cell_seconds, files, self.task.only)
        if planned.lesson is not None and self.task.only is not None and self.task.before is not None:
            verdicts = {question.name: question for question in (*self.task.before.questions, *run.questions)}
            asked = [question.name for question in planned.lesson.questions if question.name in planned.asked.values()]
            run = run._replace(questions=tuple(verdicts[name] for name in asked))
        self.run = run
        return run


class _LaterPenalties(_WithMaster, NbGraderPreprocessor):
    """Penalties need the whole score, points given by hand included. They are worked out when marks are entered."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        return nb, resources


class _DeduplicateIds(_WithMaster, ForgivingDeduplicateIds):
    pass


_IN_PLACE_OF = {
    steps.DeduplicateIds: _DeduplicateIds,
    ForgivingDeduplicateIds: _DeduplicateIds,
    steps.OverwriteCells: _OverwriteCells,
    steps.OverwriteKernelspec: _OverwriteKernelspec,
    steps.CheckCellMetadata: _CheckCellMetadata,
    steps.SaveAutoGrades: _SaveAutoGrades,
    steps.Execute: _Execute,
    SandboxedExecute: _Execute,
    steps.AssignLatePenalties: _LaterPenalties,
}


def _made(step: Any, exporter: NotebookExporter) -> Any:
    """A step, by class or by name, configured as nbgrader configures it."""
    step = import_item(step) if isinstance(step, str) else step
    return _IN_PLACE_OF.get(step, step)(parent=exporter)


def _known(cell: NotebookNode, names: set[str]) -> str:
    name = cell.metadata.nbgrader["grade_id"]
    if name not in names:
        raise MissingEntry(f"the gradebook knows no such cell: {name}")
    return name


def _node(raw: bytes) -> NotebookNode:
    """A notebook as nbgrader's steps take it; `nbformat.read` without the 30 ms of checking against a schema."""
    parse_notebook(raw)  # refuses what is too large, or no notebook
    nb = strip_transient(rejoin_lines(from_dict(msgspec.json.decode(raw))))
    ids = [cell.get("id") for cell in nb.cells]
    if nb.get("nbformat_minor", 0) >= 5 and (None in ids or len(set(ids)) < len(ids)):
        _, nb = normalize(nb, strip_invalid_metadata=False)
    return nb


def as_bytes(nb: NotebookNode) -> bytes:
    """The notebook's file, to the byte as `nbformat.write` makes it; `nb` is used up."""
    plain = msgspec.json.encode(strip_transient(split_lines(nb)), order="sorted")
    return msgspec.json.format(plain, indent=1) + b"\n"


def _answered_by_own_tests(nb: NotebookNode, marks: Marks, asked: set[str]) -> list[QuestionResult]:
    """Results of graded cells that are not our suites' business. Those that a human grades have none yet."""
    found = []
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        score = marks.scores.get(name)
        if score is not None and name not in asked and utils.is_grade(cell):
            most = float(cell.metadata.nbgrader["points"])
            ending: Ending = "passed" if score >= most else "partial" if score > 0 else "failed"
            found.append(QuestionResult(legible(name), score, most, ending, None, ()))
    return found
