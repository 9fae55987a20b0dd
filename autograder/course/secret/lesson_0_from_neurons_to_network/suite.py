"""Lesson 0, hidden tests."""

import torch

from autograder.judging import assert_close, points


class TestCountParameters:
    @points(0)
    def test_other_sizes(self, student, reference, rng):
        """Networks of other sizes, with one layer to four."""
        for layers in range(1, 5):
            sizes = tuple(torch.randint(1, 50, (layers + 1,), generator=rng).tolist())
            assert_close(student.count_parameters(sizes), reference.count_parameters(sizes))
