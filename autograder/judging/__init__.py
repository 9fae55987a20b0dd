"""Right or wrong, and why. This face is what a suite is written with.

A suite is an ordinary pytest file, one for students to see and one for the grader alone, written with these names and
two fixtures::

    from autograder.judging import assert_close, points

    class TestSoftmax:
        @points(2)
        def test_rows_sum_to_one(self, student, reference):
            '''Each row of softmax(z) adds up to 1.'''
            z = torch.tensor([[1.0, 2.0, 3.0]])
            assert_close(student.softmax(z), reference.softmax(z))

`student` holds the student's functions and `reference` those of the reference solution; `rng` is a
`torch.Generator` for the inputs of hidden tests, `seed` the int it was seeded from (0 where nothing is hidden), and
``measure("accuracy", 0.946)`` keeps a number with the test's result, and ``signed("ada")`` the id that stands in an
answer. `live_reference` is the reference solution for a visible test that draws its inputs at grading, and ``None`` in
a self-check, which has no solution.
The docstring is the sentence that a student reads. Suites know nothing of processes, notebooks or panels.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.judging.assertions import (
        Mismatch,
        assert_close,
        assert_keeps_arguments,
        assert_that,
        describe,
        tensor_of,
    )
    from autograder.judging.evidence import Evidence
    from autograder.judging.kinds import Bug, Examples, assert_belief, numbers_of
    from autograder.judging.markers import DEFAULT_TIME_LIMIT, drawn_as, keeps_arguments, points, time_limit, varies
    from autograder.judging.misconceptions import misconception

__all__ = [
    "DEFAULT_TIME_LIMIT",
    "Bug",
    "Evidence",
    "Examples",
    "Mismatch",
    "assert_belief",
    "assert_close",
    "assert_keeps_arguments",
    "assert_that",
    "describe",
    "drawn_as",
    "keeps_arguments",
    "misconception",
    "numbers_of",
    "points",
    "tensor_of",
    "time_limit",
    "varies",
]


def __getattr__(name: str) -> Any:
    # Late: many modules of this package are used where neither torch nor pytest is wanted.
    if name in __all__:
        from autograder.judging import assertions, evidence, kinds, markers, misconceptions

        rooms = (assertions, evidence, kinds, markers, misconceptions)
        return next(getattr(room, name) for room in rooms if name in room.__all__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
