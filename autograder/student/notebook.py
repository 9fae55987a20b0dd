"""A student's own notebook, all questions at once: read as data, run in a worker, asked by the visible suite.

What runs is what runs at grading, but for the hidden tests: those stay out where they are installed, too, since this
is the student's view. Whoever wants all of them grades.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from autograder.grading.grader import cell_problems, open_lesson, why_missing
from autograder.grading.submissions import assignment_of
from autograder.judging import recordings
from autograder.judging.course import LESSONS, Lesson, Question, find_lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites, with_suites
from autograder.notebooks.reading import Notebook, read_notebook
from autograder.notebooks.text import legible
from autograder.sandbox import Zygote

T = TypeVar("T")

#: How many folders deep below a course's folder notebooks are looked for.
_DEPTH = 4
#: Longest sentence about a cell.
_MAX_NOTE = 500


def lesson_of(path: Path) -> Lesson | None:
    """The lesson that a notebook belongs to, by its name or by the questions in it."""
    return find_lesson(assignment_of(path))


def notebooks_in(folder: Path) -> dict[Path, Lesson]:
    """The course's notebooks in a folder, and not below it, in the lessons' order."""
    paths = [path for path in folder.glob("*.ipynb") if not path.name.startswith(".") and path.is_file()]
    return _in_order({path: lesson for path in paths if (lesson := lesson_of(path)) is not None})


def notebooks_below(folder: Path) -> dict[Path, Lesson]:
    """The course's notebooks in a folder and up to four folders deep; neither hidden ones nor those of a Python."""
    found: dict[Path, Lesson] = {}
    top = len(folder.parts)
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if "pyvenv.cfg" in files or len(here.parts) - top >= _DEPTH:
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        if any(name.endswith(".ipynb") for name in files):
            found |= notebooks_in(here)
    return _in_order(found)


def _in_order(notebooks: dict[Path, Lesson]) -> dict[Path, Lesson]:
    return dict(sorted(notebooks.items(), key=lambda item: (LESSONS.index(item[1]), str(item[0]))))


def with_checker(work: "Callable[[Checker], T]", *, fork: bool | None = None) -> T:
    """Collect the visible suites, make ready to run notebooks, and return ``work(checker)``.

    Args:
        work: what to do with the checker.
        fork: whether notebooks run in forks of one warm process, as `autograder.sandbox.Zygote` has it. For one or
            two notebooks, a fresh Python each (False) is ready sooner.

    Raises:
        autograder.sandbox.SandboxError: no notebook can be run on this machine.
    """
    with Zygote(fork=fork) as zygote:
        zygote.start()  # it imports while the suites are collected
        return with_suites(lambda suites: work(Checker(suites, zygote)), ReferenceSolutions(), hidden=False)


class Checker:
    """Checks one notebook after the other, with suites and zygote kept warm."""

    def __init__(self, suites: Suites, zygote: Zygote):
        self._suites = suites
        self._zygote = zygote

    def prepare(self) -> None:
        """Begin, without waiting, whatever the next check would otherwise have to wait for."""
        self._zygote.start()

    def check(self, path: Path, lesson: Lesson) -> "Check":
        """Read a notebook; nothing of it runs before the results are asked for.

        Raises:
            autograder.notebooks.reading.NotebookError: it cannot be read.
        """
        return Check(self._suites, self._zygote, lesson, read_notebook(path))


class Check:
    """One notebook's check.

    Attributes:
        lesson: whose questions are asked.
        points: what can be earned here for each question, by name.
        later: points of the lesson that only grading gives.
        notes: once `results` has begun: a sentence for each cell that did not run to its end.
    """

    def __init__(self, suites: Suites, zygote: Zygote, lesson: Lesson, notebook: Notebook):
        self.lesson = lesson
        self.points = suites.points(lesson)
        self.later = sum(recordings.load(lesson)["points"].values()) - sum(self.points.values())
        self.notes: tuple[str, ...] = ()
        self.cancelled = False
        self._suites = suites
        self._notebook = notebook
        self._worker = open_lesson(zygote, notebook)

    def results(self) -> Iterator[QuestionResult]:
        """Run the cells, then one question after the other: each result as it comes. Ends early after `cancel`.

        Raises:
            autograder.sandbox.SandboxError: no notebook can be run on this machine.
        """
        with self._worker as worker:
            worker.start()
            missing = why_missing(self.lesson, self._notebook, worker.reports)
            self.notes = tuple(legible(note, _MAX_NOTE) for note in cell_problems(self._notebook, worker))
            for question in self.lesson.questions:
                (result,) = self._suites.run(self.lesson, worker, question=question.name, missing=missing)
                if self.cancelled:
                    return
                yield result

    def cancel(self) -> None:
        """Stop, from another thread: cells and calls that are running are let go at once."""
        self.cancelled = True
        self._worker.cancel()


def is_slow(question: Question) -> bool:
    """Whether a right answer takes seconds: the question puts the lesson's other functions to work together."""
    return not question.signature
