"""Lesson 1, decay: what students see."""

import numpy as np

from autograder.judging import assert_close, points


class TestRemaining:
    @points(1)
    def test_one_half_life(self, student, reference):
        """After one half-life one half remains."""
        arguments = (100.0, 5.0, np.array([0.0, 5.0, 10.0]))
        assert_close(student.remaining(*arguments), reference.remaining(*arguments))


class TestHalfLife:
    @points(2)
    def test_one_in_ten(self, student, reference):
        """One in ten decays each year."""
        assert_close(student.half_life(0.1), reference.half_life(0.1))
