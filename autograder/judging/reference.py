"""Expected values: the reference solutions themselves, and the answers recorded of them for students."""

from pathlib import Path
from typing import Any

from autograder.judging import recordings
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, Lesson
from autograder.judging.outcomes import Functions, Outcome, ReferenceFailed, Returned
from autograder.notebooks.reading import read_notebook

__all__ = ["MissingReference", "ReferenceSolutions", "load_solution"]


class MissingReference(ReferenceFailed):
    """There is no reference solution where one is needed."""


class ReferenceSolutions:
    """Expected values for the runner: recorded answers, and a course's solutions, loaded when first asked for."""

    def __init__(self, course: Course):
        self._tree = course.solutions
        self._live: dict[str, Functions] = {}

    def recorded(self, lesson: Lesson, test: str) -> Functions:
        """See `autograder.judging.runner.References`."""
        return _Replay(lesson, test)

    def live(self, lesson: Lesson) -> Functions:
        """See `autograder.judging.runner.References`."""
        if lesson.name not in self._live:
            self._live[lesson.name] = load_solution(lesson, self._tree)
        return self._live[lesson.name]


def load_solution(lesson: Lesson, tree: Path) -> Namespace:
    """The reference solution's functions, executed from the lesson's notebook below `tree`.

    Only the set-up cell and the answers are run, none of the pictures.

    Raises:
        MissingReference: there is no such notebook.
        autograder.notebooks.reading.NotebookError: it cannot be read.
    """
    path = lesson.notebook(tree)
    if not path.exists():
        raise MissingReference(f"there is no reference solution at {path}; `make lessons` builds it")
    names: dict[str, Any] = {"__name__": f"solution of {lesson.name}"}
    for cell in read_notebook(path).cells:
        if cell.grade_id == "setup" or cell.is_answer:
            exec(compile(cell.source, f"{path.name}:{cell.id}", "exec"), names)
    return Namespace(names)


class _Replay:
    """Gives the recorded answers of one test back, one after the other."""

    def __init__(self, lesson: Lesson, test: str):
        self._test = test
        self._answers = iter(recordings.load(lesson)["answers"].get(test, ()))

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        entry = next(self._answers, None)
        if entry is None or entry["of"] != name:
            raise recordings.MissingRecording(f"{self._test} asks for an answer of {name} that was not recorded")
        return Returned(recordings.from_json(entry["gives"]))
