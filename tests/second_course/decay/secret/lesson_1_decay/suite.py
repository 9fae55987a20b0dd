"""Lesson 1, decay: what students do not see."""

import numpy as np

from autograder.judging import assert_close, points


class TestRemaining:
    @points(1)
    def test_other_times(self, student, reference, rng):
        """Other amounts and times."""
        start, half, *times = np.random.default_rng(rng.initial_seed()).uniform(1, 9, 6)
        arguments = (float(start), float(half), np.array(times))
        assert_close(student.remaining(*arguments), reference.remaining(*arguments))


class TestHalfLife:
    @points(1)
    def test_other_rates(self, student, reference, rng):
        """Another rate."""
        rate = float(np.random.default_rng(rng.initial_seed()).uniform(0.01, 0.5))
        assert_close(student.half_life(rate), reference.half_life(rate))
