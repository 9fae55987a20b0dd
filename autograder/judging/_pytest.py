"""Our side of pytest: what a test may ask for, and a run loop that hands control to whoever grades."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Literal, Protocol

import pytest
import torch

from autograder.judging import diagnosis
from autograder.judging._run import SuiteRun
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, Lesson
from autograder.judging.markers import MARKERS
from autograder.judging.misconceptions import misconceptions
from autograder.judging.outcomes import Functions, ReferenceFailed, Returned


class References(Protocol):
    """Where expected values come from."""

    def recorded(self, lesson: Lesson, test: str) -> Functions:
        """Answers recorded for a visible test."""
        ...

    def live(self, lesson: Lesson) -> Functions:
        """The reference solution itself, for hidden tests."""
        ...


class StudentFixture:
    """The `student` fixture: ``student.softmax(z)``."""

    def __init__(self, plugin: "SuitePlugin"):
        self._plugin = plugin

    def __getattr__(self, name: str) -> "StudentFunction":
        return StudentFunction(self._plugin, name)


class StudentFunction:
    """One function of the student's, as a test calls it."""

    def __init__(self, plugin: "SuitePlugin", name: str):
        found = plugin.course.find_question(name)
        if found is None or not found[1].signature:
            raise AttributeError(f"no lesson asks for a function {name!r}")
        self._plugin = plugin
        self._name = name
        self.parameters = found[1].parameters

    def __call__(self, *arguments: Any) -> Any:
        return self._plugin.run.call(self._name, arguments, False).value

    def with_arguments_after(self, *arguments: Any) -> Returned:
        """Call the function; its result, the arguments as it left them, and what it left behind on them."""
        outcome = self._plugin.run.call(self._name, arguments, True)
        after = outcome.arguments
        if not isinstance(after, tuple) or len(after) != len(arguments):  # a hostile worker says what it likes
            after = (None,) * len(arguments)
        return outcome._replace(arguments=after)


class ReferenceFixture:
    """The `reference` fixture: ``reference.softmax(z)``."""

    def __init__(self, functions: Functions):
        self._functions = functions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            try:
                outcome = self._functions.call(name, arguments, seconds=60.0)
            except Exception as error:
                raise ReferenceFailed(str(error)) from error
            if not isinstance(outcome, Returned):
                raise ReferenceFailed(f"the reference solution of {name} fails: {outcome}")
            return outcome.value

        return call


class SuitePlugin:
    """Our side of pytest: markers, and a run loop that hands control to `work` with the collected tests."""

    def __init__(
        self,
        work: Callable[["SuitePlugin", list[pytest.Item]], Any],
        course: Course,
        references: References,
    ):
        self._work = work
        self.course = course
        self._references = references
        self.run: SuiteRun
        self.result: Any = None
        self.error: BaseException | None = None
        self.finished = False
        self.complaints: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the markers known."""
        for line in MARKERS:
            config.addinivalue_line("markers", line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what cannot be collected."""
        if report.failed:
            self.complaints.append(str(report.longrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand control over, in place of pytest's own loop."""
        if self.complaints:
            return True
        try:
            self.result = self._work(self, session.items)
            self.finished = True
        except BaseException as error:
            self.error = error
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Remember what a test raised."""
        if call.excinfo is not None and self.run.error is None:
            self.run.error = call.excinfo.value
        # Instead of pytest's own report, which spends 30 ms on a traceback of each failed test that nobody reads.
        status: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, status, None, call.when)

    def wrong_or_right(self, lesson: Lesson, known: str) -> Functions | None:
        """A misconception's function by its id, or the reference solution's; ``None`` where it is not installed."""
        if known == diagnosis.RIGHT:
            return self._references.live(lesson)
        for one in misconceptions(lesson):
            if one.id == known:
                return Namespace({one.question: one.function})
        return None

    def reference(self) -> ReferenceFixture:
        """Expected values for the test that is running."""
        test = self.run.test
        if test.hidden:
            return ReferenceFixture(self._references.live(test.lesson))
        return ReferenceFixture(self._references.recorded(test.lesson, test.name))

    def live_reference(self) -> ReferenceFixture | None:
        """The reference solution for the test that is running, where there is one."""
        return ReferenceFixture(self._references.live(self.run.test.lesson)) if self.run.seed else None


def fixtures(plugin: SuitePlugin) -> ModuleType:
    """What a test may ask for, bound to whoever's turn it is.

    Functions in a module, since pytest no longer takes methods for fixtures of a wide scope.
    """

    @pytest.fixture(scope="session")
    def student() -> StudentFixture:
        """The student's functions."""
        return StudentFixture(plugin)

    @pytest.fixture
    def reference() -> ReferenceFixture:
        """The reference solution's functions: recorded answers for visible tests, itself for hidden ones."""
        return plugin.reference()

    @pytest.fixture
    def live_reference() -> ReferenceFixture | None:
        """The reference solution's functions for a visible test that draws its inputs; ``None`` in a self-check."""
        return plugin.live_reference()

    @pytest.fixture(scope="session")
    def seed() -> int:
        """An int that the student may see: 0 in a self-check, drawn anew at every grading."""
        return plugin.run.draw("seed")

    @pytest.fixture
    def measure() -> Callable[[str, float], None]:
        """``measure("accuracy", 0.946)`` keeps a number with the test's result."""
        return plugin.run.measured.__setitem__

    @pytest.fixture
    def signed() -> Callable[[str], None]:
        """``signed("ada")`` keeps the id that stands in an answer: a folder of another name is flagged."""
        return lambda student: plugin.run.signed.append(student)

    @pytest.fixture
    def rng() -> torch.Generator:
        """A generator for a hidden test's inputs: differs by run and by test, whatever their order."""
        return torch.Generator().manual_seed(plugin.run.draw(plugin.run.test.name))

    module = ModuleType("autograder_fixtures")
    given = {"student": student, "reference": reference, "live_reference": live_reference}
    vars(module).update(**given, seed=seed, measure=measure, signed=signed, rng=rng)
    return module
