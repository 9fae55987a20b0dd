"""Runs the suites on somebody's functions and turns what happens into points and sentences.

pytest is started once and its collected tests are kept warm: `with_suites` collects, then calls back with a
`Suites`, which runs any lesson on any number of submissions. Collecting anew for each would cost more than the tests.
"""

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol, TypeVar

import pytest
import torch

from autograder import judging
from autograder.judging import calling, diagnosis, messages
from autograder.judging.course import LESSONS, Lesson, find_question
from autograder.judging.drawing import comparison_of
from autograder.judging.results import Comparison, Ending, QuestionResult, TestResult, question_result
from autograder.notebooks.text import legible

T = TypeVar("T")

#: Longest message that a student reads; what came back may have a hundred thousand parts to list.
MAX_MESSAGE = 4_000

_FOLDER = Path(judging.__file__).parent

#: Whether the hidden tests are installed here: they are on an instructor's machine, not on a student's.
HIDDEN_TESTS_INSTALLED = (_FOLDER / "hidden" / "__init__.py").exists()

_UNWANTED = """terminal cacheprovider logging doctest unittest junitxml pastebin
faulthandler threadexception unraisableexception warnings""".split()

#: The least of pytest that runs tests. Everything that prints, caches or looks around stays out, so that nothing
#: in the current folder or environment can change a verdict.
_OPTIONS = [
    *("-c", str(_FOLDER / "pytest.ini"), f"--rootdir={_FOLDER}", "--noconftest", "--disable-plugin-autoload"),
    *("--import-mode=importlib", "--assert=plain", "--capture=no", "--strict-markers"),
    *(f"-pno:{name}" for name in _UNWANTED),
]


class References(Protocol):
    """Where expected values come from."""

    def recorded(self, lesson: Lesson, test: str) -> calling.Functions:
        """Answers recorded for a visible test."""
        ...

    def live(self, lesson: Lesson) -> calling.Functions:
        """The reference solution itself, for hidden tests."""
        ...


class CallFailed(Exception):
    """A call of a student's function did not return."""

    def __init__(self, call: "Call"):
        super().__init__(call.name)
        self.call = call


class ReferenceFailed(Exception):
    """The expected value itself could not be had. That is our fault and never a student's."""


class Call:
    """One call of a student's function as a test made it."""

    def __init__(self, name: str, arguments: tuple, outcome: calling.Outcome):
        self.name = name
        self.arguments = arguments
        self.outcome = outcome


def with_suites(
    work: "Callable[[Suites], T]",
    references: References,
    lessons: tuple[Lesson, ...] = LESSONS,
    hidden: bool = HIDDEN_TESTS_INSTALLED,
) -> T:
    """Collect the suites of `lessons` and return ``work(suites)``, called while pytest is running.

    Raises:
        RuntimeError: a suite cannot be collected.
        Exception: whatever `work` raises.
    """
    folders = [_FOLDER, _FOLDER / "hidden"] if hidden else [_FOLDER]
    files = [str(folder / lesson.suite) for lesson in lessons for folder in folders]
    plugin = _Plugin(work, references)
    code = pytest.main([*_OPTIONS, *files], plugins=[plugin, _fixtures(plugin)])
    if plugin.error is not None:
        raise plugin.error
    if code == pytest.ExitCode.INTERRUPTED and not plugin.complaints:
        raise KeyboardInterrupt  # pytest keeps a Ctrl-C that comes while it collects to itself
    if not plugin.finished:
        raise RuntimeError(f"the suites could not be collected (pytest says {code!r}): {plugin.complaints}")
    return plugin.result


class Suites:
    """The collected suites, ready to run."""

    def __init__(self, plugin: "_Plugin", items: list[pytest.Item]):
        self._plugin = plugin
        self._tests: dict[str, list[_Test]] = {}
        for item in items:
            test = _Test(item)
            self._tests.setdefault(test.lesson.name, []).append(test)

    def points(self, lesson: Lesson) -> dict[str, float]:
        """What the collected tests of each of a lesson's questions are worth together."""
        tests = self._tests.get(lesson.name, [])
        return {
            question.name: sum(test.points for test in tests if test.question == question.name)
            for question in lesson.questions
        }

    def run(
        self,
        lesson: Lesson,
        student: calling.Functions,
        *,
        seed: int = 0,
        question: str | None = None,
        missing: Mapping[str, str] | None = None,
        watch: Callable[[str, list[Call]], None] | None = None,
    ) -> tuple[QuestionResult, ...]:
        """Run one lesson's tests, or one question's, on the student's functions.

        Args:
            lesson: which suite.
            student: where the student's functions are called.
            seed: draws the hidden tests' inputs and the order of all tests; 0 keeps the order as written.
            question: run this question only.
            missing: for functions that do not exist, a sentence saying why, by name.
            watch: called after each test with its name and the calls it made of the student's functions.
        """
        tests = [test for test in self._tests.get(lesson.name, []) if question is None or test.question == question]
        run = _Run(student, seed, missing or {})
        self._plugin.run = run
        results: dict[_Test, TestResult] = {}
        # Taken apart only where something went wrong: most answers need no diagnosis.
        seen: dict[_Test, Callable[[], diagnosis.Facets]] = {}
        for test in self._run_tests(run, tests):
            results[test] = _result(run)
            seen[test] = partial(_facets, test, run.calls, run.error)
            if watch is not None:
                watch(test.name, run.calls)
        answered = []
        for asked in lesson.questions:
            mine = [test for test in tests if test.question == asked.name]
            if mine:
                result = question_result(asked.name, tuple(results[test] for test in mine))
                answered.append(self._diagnosed(lesson, result, {test: seen[test] for test in mine}, seed))
        return tuple(answered)

    def look(
        self, lesson: Lesson, question: str, functions: calling.Functions, *, seed: int = 0, hidden: bool = False
    ) -> diagnosis.Seen:
        """What a question's tests see of somebody's functions, for diagnosis: the visible tests, or the hidden ones."""
        tests = [test for test in self._tests[lesson.name] if (test.question, test.hidden) == (question, hidden)]
        run = _Run(functions, seed, {})
        return {test.name: _facets(test, run.calls, run.error) for test in self._run_tests(run, tests)}

    def _run_tests(self, run: "_Run", tests: "list[_Test]") -> "Iterator[_Test]":
        """Run the tests in an order drawn from the run's seed, and yield each when it is done."""
        self._plugin.run = run
        order = _shuffled(tests, run.seed)
        for test, following in zip(order, [*order[1:], None], strict=True):
            run.begin(test)
            # pytest's own hook, so that fixtures are set up and torn down as in any pytest run.
            test.item.config.hook.pytest_runtest_protocol(
                item=test.item, nextitem=None if following is None else following.item
            )
            run.seconds = time.perf_counter() - run.began
            yield test

    def _diagnosed(
        self, lesson: Lesson, result: QuestionResult, seen: "dict[_Test, Callable[[], diagnosis.Facets]]", seed: int
    ) -> QuestionResult:
        """The result with the known mistakes that explain it, if any do."""
        if result.outcome in ("passed", "not_attempted"):
            return result

        def look(known: str) -> diagnosis.Seen | None:
            functions = self._plugin.wrong_or_right(lesson, known)
            return functions and self.look(lesson, result.name, functions, seed=seed, hidden=True)

        visible, hidden = (
            {test.name: facets() for test, facets in seen.items() if test.hidden is which} for which in (False, True)
        )
        found = diagnosis.diagnose(lesson, result.name, visible, hidden, look)
        return question_result(result.name, result.tests, *found)


class _Test:
    """A collected test and what is known of it before it runs."""

    def __init__(self, item: pytest.Item):
        self.item = item
        self.hidden = item.path.parent.name == "hidden"
        self.lesson = next(lesson for lesson in LESSONS if lesson.suite == item.path.name)
        self.question = next(q.name for q in self.lesson.questions if q.test_class == item.cls.__name__)
        self.name = f"{item.cls.__name__}::{item.name}"
        self.title = " ".join((item.function.__doc__ or item.name).split())
        self.points = float(item.get_closest_marker("points").args[0])
        limit = item.get_closest_marker("time_limit")
        self.seconds = float(limit.args[0]) if limit else judging.DEFAULT_TIME_LIMIT
        self.varies = item.get_closest_marker("varies") is not None


class _Run:
    """One submission's turn: the student's functions, the test that is running, what it called and how it ended."""

    def __init__(self, student: calling.Functions, seed: int, missing: Mapping[str, str]):
        self.student = student
        self.seed = seed
        self.missing = missing
        self.test: _Test
        self.calls: list[Call] = []
        self.error: BaseException | None = None
        self.measured: dict[str, float] = {}
        self.began = 0.0
        self.seconds = 0.0

    def draw(self, purpose: str) -> int:
        """A seed for one purpose. Whoever gets to know it can work out neither the run's seed nor any other."""
        digest = hashlib.sha256(f"{self.seed} {purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1 if self.seed else 0

    def begin(self, test: _Test) -> None:
        self.test = test
        self.calls = []
        self.error = None
        self.measured = {}
        self.began = time.perf_counter()

    def call(self, name: str, arguments: tuple, keep_arguments: bool) -> calling.Returned:
        outcome = self.student.call(name, arguments, self.test.seconds, keep_arguments)
        call = Call(name, arguments, outcome)
        self.calls.append(call)
        if not isinstance(outcome, calling.Returned):
            raise CallFailed(call)
        return outcome


class _Student:
    """The `student` fixture: ``student.softmax(z)``."""

    def __init__(self, plugin: "_Plugin"):
        self._plugin = plugin

    def __getattr__(self, name: str) -> "_StudentFunction":
        return _StudentFunction(self._plugin, name)


class _StudentFunction:
    def __init__(self, plugin: "_Plugin", name: str):
        found = find_question(name)
        if found is None or not found[1].signature:
            raise AttributeError(f"no lesson asks for a function {name!r}")
        self._plugin = plugin
        self._name = name
        self.parameters = found[1].parameters

    def __call__(self, *arguments: Any) -> Any:
        return self._plugin.run.call(self._name, arguments, False).value

    def with_arguments_after(self, *arguments: Any) -> tuple[Any, tuple]:
        """Call the function; its result, and the arguments as it left them."""
        outcome = self._plugin.run.call(self._name, arguments, True)
        after = outcome.arguments
        whole = isinstance(after, tuple) and len(after) == len(arguments)
        return outcome.value, after if whole else (None,) * len(arguments)


class _Reference:
    """The `reference` fixture: ``reference.softmax(z)``."""

    def __init__(self, functions: calling.Functions):
        self._functions = functions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            try:
                outcome = self._functions.call(name, arguments, seconds=60.0)
            except Exception as error:
                raise ReferenceFailed(str(error)) from error
            if not isinstance(outcome, calling.Returned):
                raise ReferenceFailed(f"the reference solution of {name} fails: {outcome}")
            return outcome.value

        return call


class _Plugin:
    """Our side of pytest: markers, and a run loop that hands control to `work`."""

    def __init__(self, work: Callable[[Suites], Any], references: References):
        self._work = work
        self._references = references
        self.run: _Run
        self.result: Any = None
        self.error: BaseException | None = None
        self.finished = False
        self.complaints: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n): what the test is worth")
        config.addinivalue_line("markers", "time_limit(seconds): how long each call of the student's code may take")
        config.addinivalue_line("markers", "varies: right answers differ in their numbers")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.complaints.append(str(report.longrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.complaints:
            return True
        try:
            self.result = self._work(Suites(self, session.items))
            self.finished = True
        except BaseException as error:
            self.error = error
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
        if call.excinfo is not None and self.run.error is None:
            self.run.error = call.excinfo.value
        # Instead of pytest's own report, which spends 30 ms on a traceback of each failed test that nobody reads.
        ending = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, ending, None, call.when)

    def wrong_or_right(self, lesson: Lesson, known: str) -> calling.Functions | None:
        """A misconception's function by its id, or the reference solution's; ``None`` where it is not installed."""
        if known == diagnosis.RIGHT:
            return self._references.live(lesson)
        from autograder.judging.misconceptions import misconceptions

        for one in misconceptions(lesson):
            if one.id == known:
                return calling.Namespace({one.question: one.function})
        return None

    def reference(self) -> _Reference:
        """Expected values for the test that is running."""
        test = self.run.test
        if test.hidden:
            return _Reference(self._references.live(test.lesson))
        return _Reference(self._references.recorded(test.lesson, test.name))


def _fixtures(plugin: _Plugin) -> ModuleType:
    """What a test may ask for, bound to whoever's turn it is.

    Functions in a module, since pytest no longer takes methods for fixtures of a wide scope.
    """

    @pytest.fixture(scope="session")
    def student() -> _Student:
        """The student's functions."""
        return _Student(plugin)

    @pytest.fixture
    def reference() -> _Reference:
        """The reference solution's functions: recorded answers for visible tests, itself for hidden ones."""
        return plugin.reference()

    @pytest.fixture(scope="session")
    def seed() -> int:
        """An int that the student may see: 0 in a self-check, drawn anew at every grading."""
        return plugin.run.draw("seed")

    @pytest.fixture
    def measure() -> Callable[[str, float], None]:
        """``measure("accuracy", 0.946)`` keeps a number with the test's result."""
        return plugin.run.measured.__setitem__

    @pytest.fixture
    def rng() -> torch.Generator:
        """A generator for a hidden test's inputs: differs by run and by test, whatever their order."""
        return torch.Generator().manual_seed(plugin.run.draw(plugin.run.test.name))

    module = ModuleType("autograder_fixtures")
    vars(module).update(student=student, reference=reference, seed=seed, measure=measure, rng=rng)
    return module


def _result(run: _Run) -> TestResult:
    """The result of the test that has run."""
    test = run.test
    judgement = _judge(run)
    return TestResult(
        name=test.item.name,
        title=test.title,
        hidden=test.hidden,
        earned=test.points if judgement.ending == "passed" else 0.0,
        points=test.points,
        outcome=judgement.ending,
        message=legible(judgement.message, MAX_MESSAGE),
        seconds=round(run.seconds, 6),
        measured=run.measured,
        kind=judgement.kind,
        comparison=judgement.comparison,
    )


def _facets(test: _Test, made_calls: list[Call], error: BaseException | None) -> diagnosis.Facets:
    """What a test saw, for diagnosis."""
    made = [(call.arguments, call.outcome) for call in made_calls]
    if test.varies:
        return diagnosis.facets_of_verdict("passed" if error is None else "failed", error, made)
    return diagnosis.facets_of_calls(made)


class _Judgement(NamedTuple):
    """How a test ended, the sentences that say so, and what `TestResult` keeps beside them."""

    ending: Ending
    message: str = ""
    kind: str = ""
    comparison: Comparison | None = None


def _judge(run: _Run) -> _Judgement:
    """How the test that has run ended."""
    error = run.error
    if isinstance(error, ReferenceFailed):
        raise error
    if error is None:
        return _Judgement("passed")
    if isinstance(error, CallFailed):
        # Asked of the error and not of `run.calls`: what a shared fixture raised is raised again for every test.
        return _judge_call(error.call, run)
    # A test may stumble over None in many ways, and there is one thing to say of all.
    nothing = next((call for call in run.calls if getattr(call.outcome, "value", 0) is None), None)
    if nothing is not None:
        return _Judgement("failed", messages.nothing_returned(nothing), "none")
    last = run.calls[-1] if run.calls else None
    if isinstance(error, judging.Mismatch):
        drawn = None if run.test.hidden else comparison_of(error, last)
        return _Judgement("failed", messages.mismatch(error, last), error.kind, drawn)
    if last is not None:
        # The test itself stumbled over an answer that no check of ours foresaw. That is an answer gone wrong.
        return _Judgement("failed", messages.unreadable(last), "type")
    raise RuntimeError(f"{run.test.name} failed before it called anything of the student's: {error!r}") from error


def _judge_call(call: Call, run: _Run) -> _Judgement:
    match call.outcome:
        case calling.Raised(untouched=True, where=where) if where == call.name:
            return _Judgement("not_attempted", messages.NOT_ATTEMPTED)
        case calling.Missing():
            why = run.missing.get(call.name)
            return (
                _Judgement("error", why)
                if why
                else _Judgement("not_attempted", messages.missing(call.name, call.outcome))
            )
        case calling.Stopped(by="time"):
            return _Judgement("timeout", messages.out_of_time(call, run.test.seconds))
    return _Judgement("error", messages.call_failed(call))


def _shuffled(tests: list[_Test], seed: int) -> list[_Test]:
    """The tests in an order drawn from `seed`, each question's together, since they may share a fixture."""
    if not seed:
        return tests
    draw = random.Random(seed)
    groups: dict[tuple[str, bool], list[_Test]] = {}
    for test in tests:
        groups.setdefault((test.question, test.hidden), []).append(test)
    order = list(groups.values())
    draw.shuffle(order)
    for group in order:
        draw.shuffle(group)
    return [test for group in order for test in group]
