"""A student's own notebook, all questions at once: read as data, run in a worker, asked by the visible suite.

What runs is what runs at grading, but for the hidden tests: those stay out where they are installed, too, since this
is the student's view. Whoever wants all of them grades.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from autograder.grading.asking import Asking
from autograder.grading.fork_server import surroundings_of
from autograder.grading.lesson_run import cell_problems, open_lesson
from autograder.grading.submissions import assignment_of
from autograder.judging import recordings
from autograder.judging.course import Course, Lesson, Question
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites, with_suites
from autograder.notebooks.reading import Notebook, read_notebook
from autograder.notebooks.text import legible
from autograder.sandbox import Cell, Worker, Zygote

__all__ = [
    "Checker",
    "NotebookCheck",
    "is_slow",
    "lesson_of",
    "notebooks_below",
    "notebooks_in",
    "seen_from",
    "with_checker",
]

T = TypeVar("T")

#: How many folders deep below a course's folder notebooks are looked for.
_DEPTH = 4
#: Longest sentence about a cell.
_MAX_NOTE = 500


def lesson_of(path: Path, course: Course) -> Lesson | None:
    """The lesson that a notebook belongs to, by its name or by the questions in it."""
    return course.find_lesson(assignment_of(path, course))


def notebooks_in(folder: Path, course: Course) -> dict[Path, Lesson]:
    """The course's notebooks in a folder, and not below it, in the lessons' order; a link gives what it leads to."""
    seen = (path for path in folder.glob("*.ipynb") if not path.name.startswith(".") and path.is_file())
    paths = [Path(os.path.realpath(path)) if path.is_symlink() else path for path in seen]
    return _in_order({path: lesson for path in paths if (lesson := lesson_of(path, course)) is not None}, course)


def notebooks_below(folder: Path, course: Course) -> dict[Path, Lesson]:
    """The course's notebooks in a folder and up to four folders deep; neither hidden ones nor those of a Python."""
    found: dict[Path, Lesson] = {}
    top = len(folder.parts)
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if "pyvenv.cfg" in files or len(here.parts) - top >= _DEPTH:
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        if any(name.endswith(".ipynb") for name in files):
            found |= notebooks_in(here, course)
    return _in_order(found, course)


def seen_from(folder: Path, path: Path) -> str:
    """A notebook's path from a folder on; in full where it lies on another drive, which a link may lead to."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return str(path)


def _in_order(notebooks: dict[Path, Lesson], course: Course) -> dict[Path, Lesson]:
    return dict(sorted(notebooks.items(), key=lambda item: (course.lessons.index(item[1]), str(item[0]))))


def with_checker(work: "Callable[[Checker], T]", course: Course, *, fork: bool | None = None) -> T:
    """Collect a course's visible suites, make ready to run notebooks, and return ``work(checker)``.

    Args:
        work: what to do with the checker.
        course: whose notebooks are checked.
        fork: whether notebooks run in forks of one prepared process, as `autograder.sandbox.Zygote` has it. For one or
            two notebooks, a fresh Python each (False) is ready sooner.

    Raises:
        autograder.sandbox.SandboxError: no notebook can be run on this machine.
    """
    with Zygote(surroundings_of(course), fork=fork) as zygote:
        zygote.start()  # it imports while the suites are collected
        references = ReferenceSolutions(course)
        return with_suites(lambda suites: work(Checker(suites, zygote)), course, references, hidden=False)


class Checker:
    """Checks one notebook after the other, with the same collected suites and the same zygote."""

    def __init__(self, suites: Suites, zygote: Zygote):
        self._suites = suites
        self._zygote = zygote

    def prepare(self) -> None:
        """Begin, without waiting, whatever the next check would otherwise have to wait for."""
        self._zygote.start()

    def check(self, path: Path, lesson: Lesson) -> "NotebookCheck":
        """Read a notebook; nothing of it runs before the results are asked for.

        Raises:
            autograder.notebooks.reading.NotebookError: it cannot be read.
        """
        return NotebookCheck(self._suites, self._zygote, lesson, read_notebook(path))


class NotebookCheck:
    """One notebook's check.

    Attributes:
        lesson: whose questions are asked.
        points: what each question is worth here, by name.
        later: points of the lesson that only grading gives.
        further: how many tests of each question only grading runs, by name.
        notes: once `results` has ended: a sentence for each cell that did not run to its end, or replaced an answer.
        cancelled: whether `cancel` was called.
    """

    def __init__(self, suites: Suites, zygote: Zygote, lesson: Lesson, notebook: Notebook):
        self.lesson = lesson
        self.points = suites.points(lesson)
        recorded = recordings.load(lesson)
        self.later = sum(recorded["points"].values()) - sum(self.points.values())
        self.further: dict[str, int] = recorded["hidden"]
        self.notes: tuple[str, ...] = ()
        self.cancelled = False
        self._suites = suites
        self._notebook = notebook
        self._zygote = zygote
        self._workers = [open_lesson(zygote, lesson, notebook)]

    def results(self) -> Iterator[QuestionResult]:
        """Run the cells and ask each question, as it is graded: each result once it is final.

        It ends early after `cancel`.

        Raises:
            autograder.sandbox.SandboxError: no notebook can be run on this machine.
        """
        with self._workers[0] as worker:
            # Visible tests have fixed inputs: there is nothing to draw.
            asking = Asking(self._suites, self.lesson, self._notebook, worker, self._reopen, lambda: 0)
            for result in asking.verdicts():
                if self.cancelled:
                    return
                yield result
            notes = (*cell_problems(self._notebook, worker), *asking.notes.values())
            self.notes = tuple(legible(note, _MAX_NOTE) for note in notes)

    def _reopen(self, *, before: float, extra: Iterable[Cell], seconds: float) -> Worker:
        worker = open_lesson(self._zygote, self.lesson, self._notebook, before=before, extra=extra, seconds=seconds)
        self._workers.append(worker)
        if self.cancelled:
            worker.cancel()
        return worker

    def cancel(self) -> None:
        """Stop, from another thread: cells and calls that are running are let go at once."""
        self.cancelled = True
        for worker in list(self._workers):
            worker.cancel()


def is_slow(question: Question) -> bool:
    """Whether a right answer takes seconds: the question puts the lesson's other functions to work together."""
    return not question.signature
