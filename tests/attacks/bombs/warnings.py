"""Warns a hundred thousand times and logs as often."""
# answers: all
# deserves: 18

import logging
import warnings

for number in range(20_000):
    warnings.warn(f"number {number}" * 10)
    logging.getLogger("bomb").critical("x" * 1000)
