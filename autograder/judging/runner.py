"""Runs the suites on somebody's functions and turns what happens into points and sentences.

pytest is started once and stays, with the tests that it has collected: `with_suites` collects, then calls back with a
`Suites`, which runs any lesson on any number of submissions. Collecting anew for each would cost more than the tests.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from autograder.judging import diagnosis
from autograder.judging._pytest import References, SuitePlugin, fixtures
from autograder.judging._run import SuiteRun, SuiteTest, shuffled
from autograder.judging.course import Course, Lesson
from autograder.judging.outcomes import Functions, TestCall
from autograder.judging.results import QuestionResult, TestResult, question_result
from autograder.judging.verdict import observed, result_of

__all__ = ["References", "Suites", "with_suites"]

T = TypeVar("T")

_FOLDER = Path(__file__).parent

_UNWANTED = """terminal cacheprovider logging doctest unittest junitxml pastebin
faulthandler threadexception unraisableexception warnings""".split()

#: The least of pytest that runs tests. Everything that prints, caches or looks around stays out, so that nothing
#: in the current folder or environment can change a verdict.
_OPTIONS = [
    *("-c", str(_FOLDER / "pytest.ini"), f"--rootdir={_FOLDER}", "--noconftest", "--disable-plugin-autoload"),
    *("--import-mode=importlib", "--assert=plain", "--capture=no", "--strict-markers"),
    *(f"-pno:{name}" for name in _UNWANTED),
]


def with_suites(
    work: "Callable[[Suites], T]",
    course: Course,
    references: References,
    lessons: Sequence[Lesson] | None = None,
    hidden: bool = True,
) -> T:
    """Collect a course's suites and return ``work(suites)``, called while pytest is running.

    Args:
        work: what to do with them.
        course: whose suites.
        references: where expected values come from.
        lessons: of these lessons only.
        hidden: with the hidden tests, where they are installed.

    Raises:
        RuntimeError: a suite cannot be collected.
        Exception: whatever `work` raises.
    """
    chosen = course.lessons if lessons is None else lessons
    files = [str(path) for lesson in chosen for path in lesson.suites if hidden or path.parent == lesson.public]
    plugin = SuitePlugin(lambda plugin, items: work(Suites(plugin, items)), course, references)
    code = pytest.main([*_OPTIONS, *files], plugins=[plugin, fixtures(plugin)])
    if plugin.error is not None:
        raise plugin.error
    if code == pytest.ExitCode.INTERRUPTED and not plugin.complaints:
        raise KeyboardInterrupt  # pytest keeps a Ctrl-C that comes while it collects to itself
    if not plugin.finished:
        raise RuntimeError(f"the suites could not be collected (pytest says {code!r}): {plugin.complaints}")
    result: T = plugin.result
    return result


class Suites:
    """The collected suites, ready to run."""

    def __init__(self, plugin: SuitePlugin, items: list[pytest.Item]):
        self._plugin = plugin
        self.course = plugin.course
        self._tests: dict[str, list[SuiteTest]] = {}
        for item in items:
            assert isinstance(item, pytest.Function)
            test = SuiteTest(item, plugin.course.lessons)
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
        student: Functions,
        *,
        seed: int = 0,
        question: str | None = None,
        missing: Mapping[str, str] | None = None,
        watch: Callable[[str, list[TestCall]], None] | None = None,
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
        run = SuiteRun(student, seed, missing or {})
        self._plugin.run = run
        results: dict[SuiteTest, TestResult] = {}
        # Taken apart only where something went wrong: most answers need no diagnosis.
        seen: dict[SuiteTest, Callable[[], diagnosis.Observation]] = {}
        for test in self._run_tests(run, tests):
            results[test] = result_of(run)
            seen[test] = partial(observed, test, run.calls, run.error)
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
        self, lesson: Lesson, question: str, functions: Functions, *, seed: int = 0, hidden: bool = False
    ) -> diagnosis.Seen:
        """What a question's tests see of somebody's functions, for diagnosis: the visible tests, or the hidden ones."""
        tests = [test for test in self._tests[lesson.name] if (test.question, test.hidden) == (question, hidden)]
        run = SuiteRun(functions, seed, {})
        return {test.name: observed(test, run.calls, run.error) for test in self._run_tests(run, tests)}

    def _run_tests(self, run: SuiteRun, tests: list[SuiteTest]) -> Iterator[SuiteTest]:
        """Run the tests in an order drawn from the run's seed, and yield each when it is done."""
        self._plugin.run = run
        order = shuffled(tests, run.seed)
        for test, following in zip(order, [*order[1:], None], strict=True):
            run.begin(test)
            # pytest's own hook, so that fixtures are set up and torn down as in any pytest run.
            test.item.config.hook.pytest_runtest_protocol(
                item=test.item, nextitem=None if following is None else following.item
            )
            run.seconds = time.perf_counter() - run.began
            yield test

    def _diagnosed(
        self,
        lesson: Lesson,
        result: QuestionResult,
        seen: dict[SuiteTest, Callable[[], diagnosis.Observation]],
        seed: int,
    ) -> QuestionResult:
        """The result with the known mistakes that explain it, if any do."""
        if result.outcome in ("passed", "not_attempted"):
            return result

        def look(known: str) -> diagnosis.Seen | None:
            functions = self._plugin.wrong_or_right(lesson, known)
            if functions is None:
                return None
            return self.look(lesson, result.name, functions, seed=seed, hidden=True)

        visible, hidden = (
            {test.name: facets() for test, facets in seen.items() if test.hidden is which} for which in (False, True)
        )
        found = diagnosis.diagnose(lesson, result.name, visible, hidden, look)
        return question_result(result.name, result.tests, *found)
