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
from typing import Any, Self

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.autograde import Autograded, AutogradeTask, autograding
from autograder.gradebook.course_folder import CourseFolder, SubmittedFolder
from autograder.gradebook.database import (
    Entry,
    GradebookWriter,
    SourceVersion,
    read_source_version,
)
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.late_penalties import class_penalty
from autograder.gradebook.ledger import Ledger
from autograder.gradebook.permissions import allowed
from autograder.gradebook.results_store import ResultsStore, StoredResult, read_stored
from autograder.gradebook.run_changes import ANEW, FIRST, Change, RunChanges, changes_between, withdrawn
from autograder.gradebook.run_log import write_log
from autograder.gradebook.snapshots import dump_command, take_snapshot
from autograder.gradebook.stopping import StoppedShort, stopping
from autograder.grading import fingerprints, pool
from autograder.grading.fingerprints import Fingerprint
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult
from autograder.notebooks.files import folder_digest
from autograder.notebooks.text import legible
from autograder.sandbox import ForkServer

__all__ = ["Change", "ClassRun", "StoppedShort"]

_log = logging.getLogger(__name__)

#: So many submissions are entered into the gradebook at a time, or those that came within so many seconds.
_BATCH = 250
_SECONDS = 10.0

_ADVICE = "What has been graded is kept; run this again to go on."


class ClassRun:
    """One run of the grader over a class. Use it as a context manager; only one can be open in a course at a time.

    Args:
        root: the folder of an nbgrader course.
        course: whose lessons are asked by suites.
        assignment: grade this one only.
        students: grade these only, by id; everybody by default.
        groups: grade the students of these groups of the class's rules, too.
        workers: how many grader processes.
        dask: the address of a cluster to grade on instead; see `autograder.grading.cluster`.
        message: is called with a sentence for each thing that goes wrong in the cluster.
        require: layers of the sandbox without which nothing is graded.
        regrade: grade what has not changed as well.
        fork_server: one that was begun before; see `autograder.grading.pool.run_tasks`.

    Attributes:
        unchanged: how many submissions were graded earlier and need no grading.
        complaints: sentences about what cannot be graded at all.
        remarks: sentences about what an instructor should know, though everything can be graded.
        changes: whose scores changed without their doing, as far as the run has come.
        ledger: what others changed before the run and, once it is over, what it has changed itself.

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
        students: Sequence[str] = (),
        groups: Sequence[str] = (),
        workers: int | None = None,
        dask: str | None = None,
        message: Callable[[str], Any] = lambda _: None,
        require: Sequence[str] = (),
        regrade: bool = False,
        fork_server: ForkServer | None = None,
    ):
        with stopping():
            self._folder = CourseFolder(root)
            self._selection = self._folder.selection(students, groups)
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
        self.remarks: list[str] = []

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack, stopping():
            stack.enter_context(self._store)
            stack.enter_context(write_log(self._store.folder / "log"))
            directory = self._folder.directory
            rules = (class_penalty(self._folder.converter), self._folder.rules.extension)
            self._writer = stack.enter_context(GradebookWriter(directory.db_url, directory.course_id, *rules))
            ledger = stack.enter_context(Ledger(self._store.folder))
            self._removed = ledger.removed(self._writer.students())
            self.ledger = RunChanges(ledger, directory.db_url)
            self.ledger.begin()
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
        with stopping(_ADVICE):
            self._secure()
            return self._results(self._start())  # graders start before anybody draws a progress bar with a thread

    def _results(self, autograded: Iterator[tuple[AutogradeTask, Autograded]]) -> Iterator[SubmissionResult]:
        with stopping(_ADVICE):
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
                    self._finish()
                raise
            self._enter()
            self._finish()

    def _secure(self) -> None:
        """Take a snapshot of the gradebook before anything in it changes."""
        if not (self._tasks or self._waiting):
            return
        if take_snapshot(self._folder) is None:
            command = dump_command(self._folder.directory.db_url)
            self.remarks.append(f"No snapshot is taken of this kind of gradebook. Make one yourself: {command}")

    def _finish(self) -> None:
        """Bring penalties up to date, and enter into the ledger what this run has changed."""
        graded: dict[str, list[str]] = {name: [] for name in self._source_versions}
        for stored in read_stored(self._store.folder, self._assignment):
            if stored.assignment in graded and stored.student in self._selection and stored.result.problem is None:
                graded[stored.assignment].append(stored.student)
        for name, students in graded.items():
            self._writer.refresh_penalties(self._source_versions[name], students)
        self.ledger.finish()

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
        """The results as they stand now, those of earlier runs included."""
        stored = read_stored(self._store.folder, self._assignment)
        return (one.result for one in stored if one.student in self._selection)

    def feedback_pages(self) -> FeedbackPages:
        """The feedback pages, as far as they are stale now."""
        with stopping():
            return FeedbackPages(self._folder, self._assignment, self._selection)

    def _prepare(self) -> None:
        """Find out what is to be done."""
        submitted, misnamed = self._folder.sorted_out(self._assignment)
        for one in misnamed:
            self._complain(
                f"The folder {legible(one.student)!r} with {legible(one.assignment)} is left out: "
                "no student's id begins with a dot, or holds a line's end or a mark of HTML. Rename it."
            )
        submitted = [one for one in submitted if one.student in self._selection]
        if not submitted:
            what = f" for {self._assignment}" if self._assignment else ""
            what += "" if self._selection.is_everybody else " by those students"
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
        entered = {
            name: {student for student in self._writer.submitted(version) if student in self._selection}
            for name, version in self._source_versions.items()
        }
        self.remarks += self._folder.rules.strangers(known, self._writer.assignments())
        for one in submitted:
            if one.assignment not in self._source_versions:
                continue
            if one.student in self._removed:
                self._complain(
                    f"{legible(one.student)} was removed from the gradebook, and {one.assignment} of theirs is left "
                    "out. Take it out of the submitted folder, or add them again: `nbgrader db student add`."
                )
                continue
            if one.student not in known and not self._folder.converter.create_student:
                self._complain(f"The gradebook knows no student {legible(one.student)!r}.")
                continue
            self._decide(one, entered[one.assignment])
        self.remarks += withdrawn({(one.student, one.assignment) for one in submitted}, entered)
        self._waiting += sorted(self._store.not_entered() - set(self._tasks))
        self._waiting = [key for key in self._waiting if key[1] in self._source_versions]
        for key in self._waiting:
            self.ledger.reasons.setdefault(key, "graded in a run that was stopped")

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
        may = allowed(self._folder.converter.config, source_version.name, self._folder.directory)
        engine = fingerprints.engine(modules=self._course.modules)
        return Fingerprint("", facts, engine, questions, may.fingerprint)

    def _decide(self, one: SubmittedFolder, entered: set[str]) -> None:
        """Decide whether a submission is graded, and which of its questions."""
        key = (one.student, one.assignment)
        stored = self._store.find(*key)
        only = None
        reason = FIRST if stored is None else "graded again, as asked"
        if stored is not None and folder_digest(one.folder) != stored.fingerprint.submitted:
            reason = ANEW if stored.fingerprint.submitted else "graded again after it could not be"
        elif stored is not None and not self._regrade and self._is_whole(one, stored):
            now, was = self._fingerprints[one.assignment], stored.fingerprint
            reason = _what_changed(was, now)
            if (was.source_version, was.engine, was.permissions) == (now.source_version, now.engine, now.permissions):
                touched = {name for name in now.questions if now.questions[name] != was.questions.get(name)}
                if not touched:
                    if stored.result.problem is None:
                        self.unchanged += 1
                    else:
                        self._complain(f"{legible(one.student)}, {one.assignment}: {stored.result.problem}")
                    if one.student not in entered and stored.is_known:
                        self._waiting.append(key)
                    return
                only = frozenset(touched)
                reason = "the tests changed"
        self.ledger.reasons[key] = reason
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
        fingerprint = msgspec.structs.replace(now, submitted=came.submitted)
        self._store.keep(StoredResult(*key, fingerprint, came.result, came.scores, came.timestamp, came.is_known))
        self._waiting.append(key)
        if before is not None and came.submitted and before.fingerprint.submitted == came.submitted:
            self.changes += changes_between(before.result, came.result)

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


def _what_changed(was: Fingerprint, now: Fingerprint) -> str:
    """Why a submission that nobody has touched is graded again."""
    if was.engine != now.engine:
        return "the grader changed"
    return "the source version changed" if was.permissions == now.permissions else "what is allowed changed"


def _log_result(came: Autograded) -> None:
    result = came.result
    for sentence in (*came.log, *result.notes, *([] if result.problem is None else [result.problem])):
        _log.warning("%s, %s: %s", result.student, result.assignment, sentence)


def _crashed(task: AutogradeTask, why: str) -> tuple[AutogradeTask, Autograded]:
    submission = Submission(legible(task.student), legible(task.assignment), Path(task.folder))
    return task, Autograded(refused(submission, why), {}, "")


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
