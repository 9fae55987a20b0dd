"""Recording what students carry in place of solutions and misconceptions: what the visible tests see of them."""

from collections.abc import Iterable
from typing import Any

import torch

from autograder.judging import diagnosis, recordings
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, Lesson
from autograder.judging.misconceptions import misconceptions
from autograder.judging.outcomes import Functions, Outcome, Returned
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import Suites, with_suites

__all__ = ["record", "record_misconceptions", "write_recordings"]

#: Seconds that a call of the reference solution may take at least: what it answers is noted, not how fast it was.
_SECONDS = 1800.0


def record(course: Course, lesson: Lesson) -> dict[str, Any]:
    """Run the reference solution through its own suite and note every expected value.

    Raises:
        RuntimeError: the reference does not pass its suite, or the hidden tests are not installed.
    """
    if not course.hidden_tests_installed:
        raise RuntimeError("answers are recorded where the hidden tests are, in a clone of the repository")
    solution = _Patient(load_solution(lesson, course.solutions))
    recorder = _Recorder(solution)
    questions = with_suites(lambda suites: suites.run(lesson, solution), course, recorder, (lesson,))
    for question in questions:
        if question.outcome != "passed":
            messages = " ".join(word for test in question.tests for word in test.message.split())
            raise RuntimeError(f"the reference solution of {question.name} does not pass: {messages}")
    return {
        "points": {question.name: question.max_score for question in questions},
        "hidden": {question.name: sum(test.hidden for test in question.tests) for question in questions},
        "answers": recorder.answers,
    }


def record_misconceptions(course: Course, lesson: Lesson) -> dict[str, Any]:
    """Run the lesson's misconceptions, and the reference solution beside them, through its visible tests."""
    solutions = ReferenceSolutions(course)

    def look(suites: Suites) -> dict[str, Any]:
        right: dict[str, diagnosis.Observation] = {}
        for name in lesson.functions:
            right |= suites.look(lesson, name, _Patient(solutions.live(lesson)))
        known = []
        for one in misconceptions(lesson):
            torch.manual_seed(0)  # some forget the seed
            seen = suites.look(lesson, one.question, Namespace({one.question: one.function}))
            known.append((one.id, diagnosis.Explanation(one.diagnosis, one.pointer), seen, one.any_numbers))
        return diagnosis.recording(right, known)

    return with_suites(look, course, solutions, (lesson,))


def write_recordings(course: Course, lessons: Iterable[Lesson] | None = None) -> None:
    """Record lessons, all by default: the reference's answers, and what the visible tests see of each misconception."""
    for lesson in course.lessons if lessons is None else lessons:
        recordings.save(lesson, record(course, lesson))
        recordings.save(lesson, record_misconceptions(course, lesson), recordings.MISCONCEPTIONS)


class _Patient:
    """A solution that may take its time, on a machine that is slow or busy."""

    def __init__(self, solution: Functions):
        self._solution = solution

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        return self._solution.call(name, arguments, max(seconds, _SECONDS), keep_arguments)


class _Recorder:
    """Expected values from a live solution, noted for the visible tests as they are asked for."""

    def __init__(self, solution: Functions):
        self._solution = solution
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def live(self, lesson: Lesson) -> Functions:
        return self._solution

    def recorded(self, lesson: Lesson, test: str) -> Functions:
        self.answers[test] = []
        return _Noting(self._solution, self.answers[test])


class _Noting:
    def __init__(self, solution: Functions, answers: list[dict[str, Any]]):
        self._solution = solution
        self._answers = answers

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        outcome = self._solution.call(name, arguments, seconds)
        if isinstance(outcome, Returned):
            self._answers.append({"of": name, "gives": recordings.to_json(outcome.value)})
        return outcome
