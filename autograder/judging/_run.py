"""One submission's turn: the collected tests, the one that is running, what it called and how it ended."""

import hashlib
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from autograder.judging.course import Lesson
from autograder.judging.markers import DEFAULT_TIME_LIMIT
from autograder.judging.outcomes import CallFailed, Functions, Outcome, Returned, TestCall
from autograder.judging.results import Picture
from autograder.judging.values import size_of

#: Bytes of answers that are kept of one test, for messages and diagnosis; the one that came last is kept in any case.
MAX_KEPT = 32 * 2**20
#: Bytes of a value that is asked for once. What is larger is no answer to a question that asks for a value.
MAX_VALUE = 2**20


class SuiteTest:
    """A collected test and what is known of it before it runs."""

    def __init__(self, item: pytest.Function, lessons: Sequence[Lesson]):
        assert item.cls is not None
        self.item = item
        folder = item.path.parent
        self.lesson = next(lesson for lesson in lessons if folder in (lesson.public, lesson.secret))
        self.hidden = folder == self.lesson.secret
        self.question = _question_of(item.cls.__name__, self.lesson)
        self.name = f"{item.cls.__name__}::{item.name}"
        self.title = " ".join((item.function.__doc__ or item.name).split())
        self.points = float(_argument(item, "points"))
        self.seconds = float(_argument(item, "time_limit", DEFAULT_TIME_LIMIT))
        self.picture: Picture = _argument(item, "drawn_as", "cells")
        self.varies = item.get_closest_marker("varies") is not None


def _question_of(test_class: str, lesson: Lesson) -> str:
    for question in lesson.questions:
        if question.test_class == test_class:
            return question.name
    raise RuntimeError(
        f"{test_class} in a suite of {lesson.name} belongs to no question of that lesson. If the question is new, "
        "`make lessons` finds it in the source notebook."
    )


def _argument(item: pytest.Function, marker: str, otherwise: Any = None) -> Any:
    found = item.get_closest_marker(marker)
    return otherwise if found is None else found.args[0]


class SuiteRun:
    """One submission's turn: the student's functions, the test that is running, what it called and how it ended."""

    def __init__(self, student: Functions, seed: int, missing: Mapping[str, str]):
        self.student = student
        self.seed = seed
        self.missing = missing
        self.test: SuiteTest
        self.calls: list[TestCall] = []
        self.kept = 0
        self.has_forgotten = False
        self.error: BaseException | None = None
        self.measured: dict[str, float] = {}
        self.signed: list[str] = []
        self.values: dict[str, Returned] = {}
        self.began = 0.0
        self.seconds = 0.0

    def draw(self, purpose: str) -> int:
        """A seed for one purpose. Whoever gets to know it can work out neither the run's seed nor any other."""
        digest = hashlib.sha256(f"{self.seed} {purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1 if self.seed else 0

    def begin(self, test: SuiteTest) -> None:
        """The turn of a test: forget the one before."""
        self.test = test
        self.calls = []
        self.kept = 0
        self.has_forgotten = False
        self.error = None
        self.measured = {}
        self.signed = []
        self.began = time.perf_counter()

    def call(self, name: str, arguments: tuple[Any, ...], keep_arguments: bool) -> Returned:
        """Call a function of the student's for the test that is running.

        An answer that is a value is asked for once, and all tests judge that one: a function in its place that says
        something else each time would be a right answer to each question in turn, and to all of them none.

        Raises:
            CallFailed: it did not return.
        """
        outcome: Outcome
        if name in self.values:
            outcome = self.values[name]
        else:
            outcome = self.student.call(name, arguments, self.test.seconds, keep_arguments)
            self._keep_value(name, outcome)
        call = TestCall(name, arguments, outcome, self.test.lesson)
        self._make_room(outcome)
        self.calls.append(call)
        if not isinstance(outcome, Returned):
            raise CallFailed(call)
        return outcome

    def _keep_value(self, name: str, outcome: Outcome) -> None:
        question = self.test.lesson.find(name)
        is_value = question is not None and question.is_value
        if is_value and isinstance(outcome, Returned) and size_of(outcome.value) <= MAX_VALUE:
            self.values[name] = outcome

    def _make_room(self, outcome: Outcome) -> None:
        """Let earlier answers of this test go if they are too large to be kept with this one."""
        size = size_of((outcome.value, outcome.arguments)) if isinstance(outcome, Returned) else 0
        if self.kept + size > MAX_KEPT:
            self.calls.clear()
            self.kept = 0
            self.has_forgotten = True
        self.kept += size


def shuffled(tests: list[SuiteTest], seed: int) -> list[SuiteTest]:
    """The tests in an order drawn from `seed`, each question's together, since they may share a fixture."""
    if not seed:
        return tests
    draw = random.Random(seed)
    groups: dict[tuple[str, bool], list[SuiteTest]] = {}
    for test in tests:
        groups.setdefault((test.question, test.hidden), []).append(test)
    order = list(groups.values())
    draw.shuffle(order)
    for group in order:
        draw.shuffle(group)
    return [test for group in order for test in group]
