"""What tests have measured of the class's own answers, beside what the reference solution reaches."""

import math
from collections.abc import Iterable

from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult

from ._schema import Measured


def collect(results: Iterable[SubmissionResult], course: Course) -> tuple[Measured, ...]:
    """All numbers that tests have measured, by lesson, question and name."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for result in results:
        for question in result.questions:
            for test in question.tests:
                for name, value in test.measured.items():
                    if math.isfinite(value):
                        values.setdefault((result.assignment, question.name, name), []).append(value)
    return tuple(
        Measured(lesson, question, name, tuple(sorted(found)), *course.figures.get((question, name), (None, None)))
        for (lesson, question, name), found in sorted(values.items())
    )
