"""Expected values: the reference solutions themselves, and the answers recorded of them for students.

Recording is done here too: a student's installation has no solutions and no misconceptions, but what the visible tests
see of them.
"""

from pathlib import Path
from typing import Any

import torch

from autograder.judging import calling, diagnosis, recordings
from autograder.judging.course import HOME, LESSONS, Lesson
from autograder.judging.runner import HIDDEN_TESTS_INSTALLED, Suites, with_suites
from autograder.notebooks.reading import read_notebook


class MissingReference(Exception):
    """There is no reference solution where one is needed."""


class ReferenceSolutions:
    """Expected values for the runner: recorded answers, and solutions loaded from `tree` when first asked for."""

    def __init__(self, tree: Path = HOME / "solutions"):
        self._tree = tree
        self._live: dict[str, calling.Functions] = {}

    def recorded(self, lesson: Lesson, test: str) -> calling.Functions:
        """See `autograder.judging.runner.References`."""
        return _Replay(lesson, test)

    def live(self, lesson: Lesson) -> calling.Functions:
        """See `autograder.judging.runner.References`."""
        if lesson.name not in self._live:
            self._live[lesson.name] = load_solution(lesson, self._tree)
        return self._live[lesson.name]


def load_solution(lesson: Lesson, tree: Path = HOME / "solutions") -> calling.Namespace:
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
    return calling.Namespace(names)


def record(lesson: Lesson, tree: Path = HOME / "solutions") -> dict:
    """Run the reference solution through its own suite and note every expected value.

    Raises:
        RuntimeError: the reference does not pass its suite, or the hidden tests are not installed.
    """
    if not HIDDEN_TESTS_INSTALLED:
        raise RuntimeError("answers are recorded where the hidden tests are, in a clone of the repository")
    solution = load_solution(lesson, tree)
    recorder = _Recorder(solution)
    questions = with_suites(lambda all_suites: all_suites.run(lesson, solution), recorder, (lesson,))
    for question in questions:
        if question.outcome != "passed":
            messages = [test.message for test in question.tests if test.message]
            raise RuntimeError(f"the reference solution of {question.name} does not pass: {messages}")
    return {
        "points": {question.name: question.max_score for question in questions},
        "hidden": {question.name: sum(test.hidden for test in question.tests) for question in questions},
        "answers": recorder.answers,
    }


def record_misconceptions(lesson: Lesson, tree: Path = HOME / "solutions") -> dict:
    """Run the lesson's misconceptions, and the reference solution beside them, through its visible tests."""
    from autograder.judging.misconceptions import misconceptions

    solutions = ReferenceSolutions(tree)

    def look(suites: Suites) -> dict:
        right: dict = {}
        for name in lesson.functions:
            right |= suites.look(lesson, name, solutions.live(lesson))
        known = []
        for one in misconceptions(lesson):
            torch.manual_seed(0)  # some forget the seed
            seen = suites.look(lesson, one.question, calling.Namespace({one.question: one.function}))
            known.append((one.id, diagnosis.Words(one.diagnosis, one.pointer), seen))
        return diagnosis.recording(right, known)

    return with_suites(look, solutions, (lesson,))


def write_recordings(tree: Path = HOME / "solutions") -> None:
    """Record every lesson: the reference's answers, and what the visible tests see of each misconception."""
    for lesson in LESSONS:
        recordings.save(lesson, record(lesson, tree))
        recordings.save(lesson, record_misconceptions(lesson, tree), recordings.MISCONCEPTIONS)


class _Replay:
    """Gives the recorded answers of one test back, one after the other."""

    def __init__(self, lesson: Lesson, test: str):
        self._test = test
        self._answers = iter(recordings.load(lesson)["answers"].get(test, ()))

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> calling.Outcome:
        entry = next(self._answers, None)
        if entry is None or entry["of"] != name:
            raise recordings.MissingRecording(f"{self._test} asks for an answer of {name} that was not recorded")
        return calling.Returned(recordings.from_json(entry["gives"]))


class _Recorder:
    """Expected values from a live solution, noted for the visible tests as they are asked for."""

    def __init__(self, solution: calling.Functions):
        self._solution = solution
        self.answers: dict[str, list[dict]] = {}

    def live(self, lesson: Lesson) -> calling.Functions:
        return self._solution

    def recorded(self, lesson: Lesson, test: str) -> calling.Functions:
        self.answers[test] = []
        return _Noting(self._solution, self.answers[test])


class _Noting:
    def __init__(self, solution: calling.Functions, answers: list[dict]):
        self._solution = solution
        self._answers = answers

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> calling.Outcome:
        outcome = self._solution.call(name, arguments, seconds)
        if isinstance(outcome, calling.Returned):
            self._answers.append({"of": name, "gives": recordings.to_json(outcome.value)})
        return outcome
