"""Wrong answers to lesson 1."""

import numpy as np

from autograder.judging import misconception


@misconception(
    "You took away one half of the first amount each time, so that nothing is left after two half-lives.",
    "One half of what decays in the second half-life?",
)
def remaining__straight_line(start, half, t):
    return start * (1 - 0.5 * t / half)


@misconception(
    "You took the logarithm to the base 10.",
    "Which logarithm goes with e?",
)
def half_life__base_ten(rate):
    return np.log10(2) / rate
