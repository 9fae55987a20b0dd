"""Grading a whole class into nbgrader's gradebook: what is new or has changed, side by side, stored as it comes.

For each submission, in this order, so that a grader may be killed between any two of them: the autograded folder is
moved into its place, the result is stored, and, many submissions at a time, the scores are entered into the gradebook.
"""

import contextlib
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.autograde import Autograded, AutogradeTask, autograding
from autograder.gradebook.course_folder import CourseFolder, CourseFolderError, SubmittedFolder
from autograder.gradebook.database import (
    Entry,
    GradebookWriter,
    SourceVersion,
    read_source_version,
)
from autograder.gradebook.feedback import write_feedback
from autograder.gradebook.late_penalties import class_penalty
from autograder.gradebook.results_store import Busy, Damaged, ResultsStore, StoredResult, read_results
from autograder.gradebook.run_log import write_log
from autograder.grading import fingerprints, pool
from autograder.grading.fingerprints import Fingerprint
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult
from autograder.notebooks.text import legible
from autograder.sandbox import ForkServer

_log = logging.getLogger(__name__)

#: So many submissions are entered into the gradebook at a time, or those that came within so many seconds.
_BATCH = 250
_SECONDS = 10.0

_ADVICE = "What has been graded is kept; run this again to go on."


class StoppedShort(Exception):
    """Grading had to stop. What was graded until then is safe; the text says why and what to do."""


class Change(NamedTuple):
    """A student whose score for a question is another than before, for the same files."""

    student: str
    assignment: str
    question: str
    before: float
    after: float


class ClassRun:
    """One run of the grader over a class. Use it as a context manager; only one can be open in a course at a time.

    Args:
        root: the folder of an nbgrader course.
        course: whose lessons are asked by suites.
        assignment: grade this one only.
        workers: how many grader processes.
        dask: the address of a cluster to grade on instead; see `autograder.grading.cluster`.
        message: is called with a sentence for each thing that goes wrong in the cluster.
        require: layers of the sandbox without which nothing is graded.
        regrade: grade what has not changed as well.
        fork_server: one that was begun before; it is closed when the run ends.

    Attributes:
        unchanged: how many submissions need no grading.
        complaints: sentences about what cannot be graded at all.
        changes: whose scores changed without their doing, as far as the run has come.

    Raises:
        StoppedShort: the course or its gradebook cannot be opened, another grader is at work in it, or nothing has
            been submitted.
    """

    def __init__(
        self,
        root: Path,
        course: Course,
        *,
        assignment: str | None = None,
        workers: int | None = None,
        dask: str | None = None,
        message: Callable[[str], Any] = lambda _: None,
        require: Sequence[str] = (),
        regrade: bool = False,
        fork_server: ForkServer | None = None,
    ):
        with _stopping():
            self._folder = CourseFolder(root)
        self._course = course
        self._assignment = assignment
        self._workers = workers
        self._dask = dask
        self._message = message
        self._require = require
        self._regrade = regrade
        self._fork_server = fork_server
        self._store = ResultsStore(self._folder.store)
        self._source_versions: dict[str, SourceVersion] = {}
        self._fingerprints: dict[str, Fingerprint] = {}
        self._tasks: dict[tuple[str, str], AutogradeTask] = {}
        self._waiting: list[tuple[str, str]] = []
        self._last_entered = time.monotonic()
        self.unchanged = 0
        self.complaints: list[str] = []
        self.changes: list[Change] = []

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            if self._fork_server is not None:
                stack.callback(self._fork_server.close)
            with _stopping():
                stack.enter_context(self._store)
                stack.enter_context(write_log(self._store.folder / "log"))
                directory = self._folder.directory
                writer = GradebookWriter(directory.db_url, directory.course_id, class_penalty(self._folder.converter))
                self._writer = stack.enter_context(writer)
                self._prepare()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def total(self) -> int:
        """How many submissions are to be graded."""
        return len(self._tasks)

    def grade(self) -> Iterator[SubmissionResult]:
        """Grade what is to be graded, and yield each result when it is safe.

        Raises:
            StoppedShort: a grader process cannot go on, or the disk or the database takes no more.
        """
        with _stopping(_ADVICE):
            return self._results(self._start())  # graders start before anybody draws a progress bar with a thread

    def _results(self, autograded: Iterator[tuple[AutogradeTask, Autograded]]) -> Iterator[SubmissionResult]:
        with _stopping(_ADVICE):
            try:
                self._enter()
                for task, came in autograded:
                    self._take(task, came)
                    yield came.result
                    if len(self._waiting) >= _BATCH or time.monotonic() - self._last_entered > _SECONDS:
                        self._enter()
            except BaseException:
                with contextlib.suppress(OSError, RuntimeError, sqlite3.Error, SQLAlchemyError):
                    self._enter()
                raise
            self._enter()

    def _start(self) -> Iterator[tuple[AutogradeTask, Autograded]]:
        if self._dask is None:
            return pool.run_tasks(
                self._tasks.values(),
                autograding(self._folder.root),
                _crashed,
                self._course,
                workers=self._workers,
                require=self._require,
                fork_server=self._fork_server,
            )
        from autograder.gradebook.remote import autograde_on_cluster  # an extra

        return autograde_on_cluster(
            self._tasks.values(),
            self._folder,
            self._source_versions,
            _crashed,
            self._course,
            address=self._dask,
            message=self._report,
            require=self._require,
        )

    def results(self) -> Iterator[SubmissionResult]:
        """Everybody's results as they stand now, those of earlier runs included."""
        return read_results(self._store.folder, self._assignment)

    def without_feedback(self) -> list[tuple[str, str]]:
        """Student and assignment of those whose feedback is missing or out of date."""
        directory = self._folder.directory
        step = directory.feedback_directory
        return [
            (one.student, one.assignment)
            for one in self._folder.submitted(self._assignment)
            if self._folder.autograded(one.student, one.assignment).is_dir()
            and (
                (one.student, one.assignment) in self._tasks
                or not Path(directory.format_path(step, one.student, one.assignment)).is_dir()
            )
        ]

    def write_feedback(self, which: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
        """Make nbgrader's feedback pages for submissions; see `autograder.gradebook.feedback.write_feedback`."""
        return write_feedback(self._folder.root, which, self._workers or pool.default_workers(len(which)))

    def _prepare(self) -> None:
        """Find out what is to be done."""
        submitted = self._folder.submitted(self._assignment)
        if not submitted:
            what = f" for {self._assignment}" if self._assignment else ""
            raise StoppedShort(f"Nothing has been submitted{what} in {self._folder.root}.")
        for name in sorted({one.assignment for one in submitted}):
            directory = self._folder.directory
            source_version = read_source_version(directory.db_url, directory.course_id, name)
            if source_version is None:
                count = sum(one.assignment == name for one in submitted)
                self._complain(
                    f"The gradebook knows no assignment {legible(name)!r}: its {count} submissions are left out. "
                    "`nbgrader generate_assignment --force` enters it."
                )
                continue
            self._source_versions[name] = source_version
            self._fingerprints[name] = self._fingerprint(source_version)
        known = self._writer.students()
        entered = {name: self._writer.submitted(version) for name, version in self._source_versions.items()}
        for one in submitted:
            if one.assignment not in self._source_versions:
                continue
            if one.student not in known and not self._folder.converter.create_student:
                self._complain(f"The gradebook knows no student {legible(one.student)!r}.")
                continue
            self._decide(one, entered[one.assignment])
        self._waiting += sorted(self._store.not_entered() - set(self._tasks))
        self._waiting = [key for key in self._waiting if key[1] in self._source_versions]

    def _complain(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        self.complaints.append(sentence)

    def _report(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        self._message(sentence)

    def _fingerprint(self, source_version: SourceVersion) -> Fingerprint:
        questions: dict[str, str] = {}
        for name in source_version.notebooks:
            lesson = self._course.find_lesson(name)
            if lesson is not None:
                questions |= fingerprints.questions(lesson, self._course.solutions)
        folder = self._folder.source(source_version.name)
        facts = fingerprints.source_version(source_version.facts, folder)
        return Fingerprint("", facts, fingerprints.engine(modules=self._course.modules), questions)

    def _decide(self, one: SubmittedFolder, entered: set[str]) -> None:
        """Decide whether a submission is graded, and which of its questions."""
        key = (one.student, one.assignment)
        stored = self._store.find(*key)
        only = None
        if stored is not None and not self._regrade and self._is_whole(one, stored):
            now, was = self._fingerprints[one.assignment], stored.fingerprint
            same = (fingerprints.folder(one.folder), now.source_version, now.engine)
            if (was.submitted, was.source_version, was.engine) == same:
                touched = {name for name in now.questions if now.questions[name] != was.questions.get(name)}
                if not touched:
                    self.unchanged += 1
                    if stored.result.problem is not None:
                        self._complain(f"{legible(one.student)}, {one.assignment}: {stored.result.problem}")
                    if one.student not in entered and stored.is_known:
                        self._waiting.append(key)
                    return
                only = frozenset(touched)
        staging = str(self._store.staging / str(len(self._tasks)))
        before = stored.result if stored is not None and only else None
        self._tasks[key] = AutogradeTask(*key, str(one.folder), staging, only, before)

    def _is_whole(self, one: SubmittedFolder, stored: StoredResult) -> bool:
        """Whether what was graded earlier still lies in its autograded folder."""
        folder = self._folder.autograded(one.student, one.assignment)
        graded = [name for name, of_cells in stored.scores.items() if of_cells.is_there]
        return all((folder / f"{name}.ipynb").exists() for name in graded)

    def _take(self, task: AutogradeTask, came: Autograded) -> None:
        """Put the autograded folder in its place and store the result."""
        key = (task.student, task.assignment)
        place = self._folder.autograded(*key)
        _log_result(came)
        if came.result.problem is None:
            _put_in_place(Path(task.staging), place)
            self._folder.converter.run_post_convert_hook()
        else:
            shutil.rmtree(place, ignore_errors=True)  # as nbgrader does with what has failed
            shutil.rmtree(task.staging, ignore_errors=True)
        before = self._store.find(*key)
        now = self._fingerprints[task.assignment]
        fingerprint = Fingerprint(came.submitted, now.source_version, now.engine, now.questions)
        self._store.keep(StoredResult(*key, fingerprint, came.result, came.scores, came.timestamp, came.is_known))
        self._waiting.append(key)
        if before is not None and came.submitted and before.fingerprint.submitted == came.submitted:
            self.changes += _changes(before.result, came.result)

    def _enter(self) -> None:
        """Enter into the gradebook what is not in it yet."""
        waiting, self._waiting = list(dict.fromkeys(self._waiting)), []
        for name, source_version in self._source_versions.items():
            keys = [key for key in waiting if key[1] == name]
            for first in range(0, len(keys), _BATCH):
                batch = keys[first : first + _BATCH]
                stored = [found for key in batch if (found := self._store.find(*key)) is not None and found.is_known]
                entries = [
                    Entry(one.student, one.assignment, one.timestamp, one.scores, one.result.problem is None)
                    for one in stored
                ]
                self._writer.enter(source_version, entries)
                self._store.have_entered(batch)
        self._last_entered = time.monotonic()


@contextlib.contextmanager
def _stopping(advice: str = "") -> Iterator[None]:
    """Turn what no submission is to blame for into a sentence."""
    try:
        yield
    except (Busy, CourseFolderError, Damaged) as error:
        raise StoppedShort(str(error)) from error
    except (RuntimeError, OSError, sqlite3.Error, SQLAlchemyError) as error:
        _log.exception("The run stopped.")
        reason = str(error).partition("\n")[0].rstrip(".")
        raise StoppedShort(f"{reason}. {advice}".rstrip()) from error


def _log_result(came: Autograded) -> None:
    result = came.result
    for sentence in (*came.log, *result.notes, *([] if result.problem is None else [result.problem])):
        _log.warning("%s, %s: %s", result.student, result.assignment, sentence)


def _crashed(task: AutogradeTask, why: str) -> tuple[AutogradeTask, Autograded]:
    submission = Submission(legible(task.student), legible(task.assignment), Path(task.folder))
    return task, Autograded(refused(submission, why), {}, "")


def _changes(before: SubmissionResult, after: SubmissionResult) -> list[Change]:
    scores = {question.name: question.score for question in before.questions}
    return [
        Change(after.student, after.assignment, question.name, scores[question.name], question.score)
        for question in after.questions
        if scores.get(question.name, question.score) != question.score
    ]


def _put_in_place(staged: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    old = staged.with_name(f"{staged.name}-old")
    if place.exists():
        shutil.move(place, old)
    try:
        os.rename(staged, place)
    except OSError:  # the autograded folder is on another disk
        shutil.move(staged, place)
    shutil.rmtree(old, ignore_errors=True)
