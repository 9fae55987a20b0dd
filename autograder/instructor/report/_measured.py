"""What tests have measured of the class's own networks, beside what the reference solution reaches."""

import math
from collections.abc import Iterable

from autograder.course.lessons.lesson_6_learning_digits.suite import FULL_MARKS, REFERENCE
from autograder.judging.results import SubmissionResult

from ._schema import Measured

#: The reference's mean and where full marks begin, by question and by what was measured.
_BESIDE = {("mnist_accuracy", "accuracy"): (REFERENCE, FULL_MARKS)}


def collect(results: Iterable[SubmissionResult]) -> tuple[Measured, ...]:
    """All numbers that tests have measured, by lesson, question and name."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for result in results:
        for question in result.questions:
            for test in question.tests:
                for name, value in test.measured.items():
                    if math.isfinite(value):
                        values.setdefault((result.assignment, question.name, name), []).append(value)
    return tuple(
        Measured(*key, tuple(sorted(found)), *_BESIDE.get(key[1:], (None, None)))
        for key, found in sorted(values.items())
    )
