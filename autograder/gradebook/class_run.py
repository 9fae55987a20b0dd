"""Grading a whole class into nbgrader's gradebook: what is new or has changed, side by side, kept as it comes.

For each submission, in this order, so that a grader may be killed between any two of them: the autograded folder is
moved into its place, the result is kept in the store, and, many submissions at a time, the gradebook is told.
"""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from traitlets.utils.importstring import import_item

from autograder.gradebook.autograde import Autograded, Task, autograding
from autograder.gradebook.course_folder import Course, CourseError, HandedIn
from autograder.gradebook.database import Entry, Master, Penalty, Register, penalty_of, read_master
from autograder.gradebook.feedback import write_feedback
from autograder.gradebook.results_store import Busy, Damaged, Kept, Store, read_results
from autograder.grading import fingerprints, pool
from autograder.grading.fingerprints import Fingerprint
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.judging.course import HOME, find_lesson
from autograder.judging.results import SubmissionResult
from autograder.notebooks.text import legible

#: The gradebook is told of so many submissions at a time, or of those that came within so many seconds.
_BATCH = 250
_SECONDS = 10.0

_ADVICE = "What has been graded is kept; run this again to go on."


class StoppedShort(Exception):
    """Grading had to stop. What was graded until then is safe; the text says why and what to do."""


class Change(NamedTuple):
    """A student whose points for a question are others than before, for the same files."""

    student: str
    assignment: str
    question: str
    before: float
    after: float


class ClassBook:
    """One run of the grader over a class. Use it as a context manager; only one can be open in a course at a time.

    Args:
        root: the course's folder.
        assignment: grade this one only.
        workers: how many grader processes.
        dask: the address of a cluster to grade on instead; see `autograder.grading.cluster`.
        say: is told, a sentence each, of what goes wrong in it.
        solutions: where the reference solutions are.
        require: walls of the sandbox without which nothing is graded.
        regrade: grade what has not changed as well.

    Attributes:
        unchanged: how many submissions need no grading.
        complaints: sentences about what cannot be graded at all.
        changes: whose points changed without their doing, as far as the run has come.

    Raises:
        StoppedShort: the course or its gradebook cannot be opened, another grader is at work in it, or nothing has
            been submitted.
    """

    def __init__(
        self,
        root: Path,
        *,
        assignment: str | None = None,
        workers: int | None = None,
        dask: str | None = None,
        say: Callable[[str], Any] = lambda _: None,
        solutions: Path = HOME / "solutions",
        require: Sequence[str] = (),
        regrade: bool = False,
    ):
        with _stopping():
            self._course = Course(root)
        self._assignment = assignment
        self._workers = workers
        self._dask = dask
        self._say = say
        self._solutions = solutions
        self._require = require
        self._regrade = regrade
        self._store = Store(self._course.store)
        self._masters: dict[str, Master] = {}
        self._fingerprints: dict[str, Fingerprint] = {}
        self._tasks: dict[tuple[str, str], Task] = {}
        self._waiting: list[tuple[str, str]] = []
        self._told = time.monotonic()
        self.unchanged = 0
        self.complaints: list[str] = []
        self.changes: list[Change] = []

    def __enter__(self) -> Self:
        with _stopping(), contextlib.ExitStack() as stack:
            stack.enter_context(self._store)
            directory = self._course.directory
            register = Register(directory.db_url, directory.course_id, _penalty(self._course))
            self._register = stack.enter_context(register)
            self._prepare()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
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
            return self._grade(self._do_all())  # graders start before anybody draws a progress bar with a thread

    def _grade(self, doing: Iterator[tuple[Task, Autograded]]) -> Iterator[SubmissionResult]:
        with _stopping(_ADVICE):
            try:
                self._tell()
                for graded in doing:
                    self._take(graded)
                    yield graded[1].result
                    if len(self._waiting) >= _BATCH or time.monotonic() - self._told > _SECONDS:
                        self._tell()
            except BaseException:
                with contextlib.suppress(Exception):
                    self._tell()
                raise
            self._tell()

    def _do_all(self) -> Iterator[tuple[Task, Autograded]]:
        tasks, settings = self._tasks.values(), {"solutions": self._solutions, "require": self._require}
        if self._dask is None:
            return pool.do_all(tasks, autograding(self._course.root), _lost, workers=self._workers, **settings)
        from autograder.gradebook.remote import autograde_all  # an extra

        return autograde_all(tasks, self._course, self._masters, _lost, address=self._dask, say=self._say, **settings)

    def results(self) -> Iterator[SubmissionResult]:
        """Everybody's results as they stand now, those of earlier runs included."""
        return read_results(self._store.folder, self._assignment)

    def to_be_told(self) -> list[tuple[str, str]]:
        """Student and assignment of those whose feedback is missing or out of date."""
        directory = self._course.directory
        step = directory.feedback_directory
        return [
            (one.student, one.assignment)
            for one in self._course.submitted(self._assignment)
            if self._course.autograded(one.student, one.assignment).is_dir()
            and (
                (one.student, one.assignment) in self._tasks
                or not Path(directory.format_path(step, one.student, one.assignment)).is_dir()
            )
        ]

    def write_feedback(self, which: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
        """Make nbgrader's feedback pages for submissions; see `autograder.gradebook.feedback.write_feedback`."""
        return write_feedback(self._course.root, which, self._workers or pool.default_workers(len(which)))

    def _prepare(self) -> None:
        """Find out what is to be done."""
        handed_in = self._course.submitted(self._assignment)
        if not handed_in:
            what = f" for {self._assignment}" if self._assignment else ""
            raise StoppedShort(f"Nothing has been submitted{what} in {self._course.root}.")
        for name in sorted({one.assignment for one in handed_in}):
            directory = self._course.directory
            master = read_master(directory.db_url, directory.course_id, name)
            if master is None:
                count = sum(one.assignment == name for one in handed_in)
                self.complaints.append(
                    f"The gradebook knows no assignment {legible(name)!r}: its {count} submissions are left out. "
                    "`nbgrader generate_assignment --force` enters it."
                )
                continue
            self._masters[name] = master
            self._fingerprints[name] = self._fingerprint(master)
        known = self._register.students()
        entered = {name: self._register.submitted(master) for name, master in self._masters.items()}
        for one in handed_in:
            if one.assignment not in self._masters:
                continue
            if one.student not in known and not self._course.converter.create_student:
                self.complaints.append(f"The gradebook knows no student {legible(one.student)!r}.")
                continue
            self._decide(one, entered[one.assignment])
        self._waiting += sorted(self._store.not_entered() - set(self._tasks))
        self._waiting = [key for key in self._waiting if key[1] in self._masters]

    def _fingerprint(self, master: Master) -> Fingerprint:
        questions: dict[str, str] = {}
        for name in master.notebooks:
            lesson = find_lesson(name)
            if lesson is not None:
                questions |= fingerprints.questions(lesson, self._solutions)
        source = self._course.source(master.name)
        return Fingerprint("", fingerprints.master(master, source), fingerprints.engine(), questions)

    def _decide(self, one: HandedIn, entered: set[str]) -> None:
        key = (one.student, one.assignment)
        kept = self._store.find(*key)
        only = None
        if kept is not None and not self._regrade and self._is_whole(one, kept):
            now = self._fingerprints[one.assignment]
            was = kept.fingerprint
            if (was.submitted, was.master, was.engine) == (fingerprints.folder(one.folder), now.master, now.engine):
                touched = {name for name in now.questions if now.questions[name] != was.questions.get(name)}
                if not touched:
                    self.unchanged += 1
                    if kept.result.problem is not None:
                        self.complaints.append(f"{legible(one.student)}, {one.assignment}: {kept.result.problem}")
                    if one.student not in entered and kept.is_known:
                        self._waiting.append(key)
                    return
                only = frozenset(touched)
        staging = str(self._store.staging / str(len(self._tasks)))
        self._tasks[key] = Task(*key, str(one.folder), staging, only, kept.result if kept and only else None)

    def _is_whole(self, one: HandedIn, kept: Kept) -> bool:
        """Whether what an earlier result says was graded is still there."""
        folder = self._course.autograded(one.student, one.assignment)
        graded = [name for name, marks in kept.marks.items() if marks.is_there]
        return all((folder / f"{name}.ipynb").exists() for name in graded)

    def _take(self, graded: tuple[Task, Autograded]) -> None:
        task, came = graded
        key = (task.student, task.assignment)
        place = self._course.autograded(*key)
        if came.result.problem is None:
            _put_in_place(Path(task.staging), place)
            self._course.converter.run_post_convert_hook()
        else:
            shutil.rmtree(place, ignore_errors=True)  # as nbgrader does with what has failed
            shutil.rmtree(task.staging, ignore_errors=True)
        before = self._store.find(*key)
        now = self._fingerprints[task.assignment]
        fingerprint = Fingerprint(came.submitted, now.master, now.engine, now.questions)
        self._store.keep(
            Kept(*key, fingerprint, came.result, came.marks, came.timestamp, came.is_known),
        )
        self._waiting.append(key)
        if before is not None and before.fingerprint.submitted == came.submitted:
            self.changes += _changes(before.result, came.result)

    def _tell(self) -> None:
        """Enter into the gradebook what it has not got yet."""
        waiting, self._waiting = list(dict.fromkeys(self._waiting)), []
        for name, master in self._masters.items():
            keys = [key for key in waiting if key[1] == name]
            for first in range(0, len(keys), _BATCH):
                batch = keys[first : first + _BATCH]
                kept = [found for key in batch if (found := self._store.find(*key)) is not None and found.is_known]
                entries = [
                    Entry(one.student, one.assignment, one.timestamp, one.marks, one.result.problem is None)
                    for one in kept
                ]
                self._register.enter(master, entries)
                self._store.have_entered(batch)
        self._told = time.monotonic()


@contextlib.contextmanager
def _stopping(advice: str = "") -> Iterator[None]:
    """Turn what no submission is to blame for into a sentence."""
    try:
        yield
    except (Busy, CourseError, Damaged) as error:
        raise StoppedShort(str(error)) from None
    except (RuntimeError, OSError, sqlite3.Error, SQLAlchemyError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise StoppedShort(f"{reason}. {advice}".rstrip()) from error


def _lost(task: Task, why: str) -> tuple[Task, Autograded]:
    submission = Submission(legible(task.student), legible(task.assignment), Path(task.folder))
    return task, Autograded(refused(submission, why), {}, "")


def _penalty(course: Course) -> Penalty | None:
    for step in course.converter.autograde_preprocessors:
        kind = import_item(step) if isinstance(step, str) else step
        if issubclass(kind, AssignLatePenalties):
            made = kind(parent=course.converter)
            return penalty_of(made) if made.enabled else None
    return None


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
