"""Classical item analysis: is each test as hard as it should be, and does it tell who knows from who does not?"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from autograder.judging.results import SubmissionResult, TestResult

from ._schema import TestReport

#: Submissions without which a flag or a correlation would mean nothing. If none of ten passes a test, then fewer than
#: 26 % of all such students would, with 95 % confidence: 0.05 ** (1 / 10) = 0.74.
ENOUGH = 10
#: Submissions without which no correlation is flagged. From 30 the 95 % confidence interval around a correlation of 0
#: ends at 0.36.
ENOUGH_TO_CORRELATE = 30
#: Below this an item discriminates poorly: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement,
#: 5th ed., Prentice Hall 1991, ch. 13.
POOR = 0.20
#: A hidden test is flagged where this share of those who pass all visible tests fails it.
SURPRISED = 0.25
#: A test is flagged where this share runs out of time.
LATE = 0.10


class _Try(NamedTuple):
    """One submission's go at one test."""

    test: TestResult
    item: float
    rest: float
    visible_passed: bool


def analyse(results: Iterable[SubmissionResult]) -> tuple[TestReport, ...]:
    """Every test of every lesson, in the order of the results, over the submissions that attempted its question."""
    tries: dict[tuple[str, str, str, bool], list[_Try]] = {}
    for result in results:
        worth = _worth(result)
        total = sum(worth.values())
        for question in result.questions:
            if question.outcome == "not_attempted":
                continue
            visible_passed = all(test.outcome == "passed" for test in question.tests if not test.hidden)
            for test in question.tests:
                item = worth[question.name, test.name, test.hidden]
                key = (result.assignment, question.name, test.name, test.hidden)
                tries.setdefault(key, []).append(_Try(test, item, total - item, visible_passed))
    return tuple(_report(lesson, question, each) for (lesson, question, _, _), each in tries.items())


def discrimination(items: Sequence[float], rests: Sequence[float]) -> float | None:
    """The corrected item-total correlation of one test: its points against those of all other tests of the lesson.

    Pearson's r of ``items`` and ``rests``, where a rest is the total without the item, since an item correlates with
    any total that contains it. ``None`` where one of the two is the same for everybody, and r does not exist.

    Source: S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963), 211-218;
    J. C. Nunnally and I. H. Bernstein, Psychometric Theory, 3rd ed., McGraw-Hill 1994, ch. 8.
    """
    try:
        return statistics.correlation(items, rests)
    except statistics.StatisticsError:  # fewer than two, or constant
        return None


def upper_limit(r: float, n: int) -> float:
    """Upper end of the 95 % confidence interval of a correlation found in `n` pairs, `n` above 3.

    Source: R. A. Fisher, On the "probable error" of a coefficient of correlation deduced from a small sample, Metron
    1 (1921), 3-32: artanh r is nearly normal with standard deviation 1/√(n − 3).
    """
    if abs(r) >= 1:
        return r
    return math.tanh(math.atanh(r) + 1.96 / math.sqrt(n - 3))


def _worth(result: SubmissionResult) -> Mapping[tuple[str, str, bool], float]:
    """What each test earned; 1 or 0 where the lesson has no points to earn."""
    tests = [(question, test) for question in result.questions for test in question.tests]
    has_points = any(test.points for _, test in tests)
    return {
        (question.name, test.name, test.hidden): test.earned if has_points else float(test.outcome == "passed")
        for question, test in tests
    }


def _report(lesson: str, question: str, tries: Sequence[_Try]) -> TestReport:
    test = tries[-1].test
    passed = sum(one.test.outcome == "passed" for one in tries)
    points = sum(one.test.points for one in tries)
    earned = sum(one.test.earned for one in tries)
    enough = len(tries) >= ENOUGH
    r = discrimination([one.item for one in tries], [one.rest for one in tries]) if enough else None
    return TestReport(
        lesson=lesson,
        question=question,
        name=test.name,
        title=test.title,
        hidden=test.hidden,
        points=test.points,
        attempts=len(tries),
        passed=passed,
        difficulty=earned / points if points else passed / len(tries),
        discrimination=r,
        flags=tuple(_flags(tries, passed, r)),
    )


def _flags(tries: Sequence[_Try], passed: int, r: float | None) -> Iterable[str]:
    n = len(tries)
    if n >= ENOUGH and passed == 0:
        yield f"None of {n} passes it. Is the test right, and does the lesson ask for what it tests?"
    if r is not None and n >= ENOUGH_TO_CORRELATE and upper_limit(r, n) < POOR:
        how = "do worse" if r < -0.1 else "hardly do better"
        yield f"Those who pass it {how} in the rest of the lesson than those who fail it (r = {r:.2f})."
    warned = [one for one in tries if one.visible_passed]
    if tries[0].test.hidden and len(warned) >= ENOUGH:
        surprised = sum(one.test.outcome != "passed" for one in warned)
        if surprised >= SURPRISED * len(warned):
            yield (
                f"{surprised} of the {len(warned)} who pass every visible test of the question fail this hidden one: "
                "nothing warned them."
            )
    late = sum(one.test.outcome == "timeout" for one in tries)
    if n >= ENOUGH and late >= LATE * n:
        yield f"{late} of {n} ran out of time. Is the time limit long enough for this machine?"
