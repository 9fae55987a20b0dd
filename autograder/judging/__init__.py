"""What is graded: one pytest file a lesson, here for students to see, in `hidden/` for the grader alone.

A suite is written with the names of this module and two fixtures::

    from autograder.judging import assert_close, points

    class TestSoftmax:
        @points(2)
        def test_rows_sum_to_one(self, student, reference):
            '''Each row of softmax(z) adds up to 1.'''
            z = torch.tensor([[1.0, 2.0, 3.0]])
            assert_close(student.softmax(z), reference.softmax(z))

`student` holds the student's functions and `reference` those of the reference solution; `rng` is a
`torch.Generator` for the inputs of hidden tests, `seed` the int it was seeded from (0 where nothing is hidden), and
``measure("accuracy", 0.946)`` keeps a number with the test's result.
The docstring is the sentence that a student reads. Suites know nothing of processes, notebooks or panels.
"""

from autograder.judging.assertions import Mismatch, assert_close, assert_keeps_arguments, assert_that, tensor_of
from autograder.judging.markers import DEFAULT_TIME_LIMIT, points, time_limit, varies

__all__ = [
    "DEFAULT_TIME_LIMIT",
    "Mismatch",
    "assert_close",
    "assert_keeps_arguments",
    "assert_that",
    "points",
    "tensor_of",
    "time_limit",
    "varies",
]
