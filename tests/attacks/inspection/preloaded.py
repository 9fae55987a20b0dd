"""Looks whether what was loaded before any student came contains a test label, a suite or an answer."""
# answers: all
# deserves: 18

import sys

import autograder

bad = [
    name
    for name in sys.modules
    if name.startswith(("autograder.judging", "autograder.misc", "autograder.refer", "_pytest"))
]
bad += [name for name in ("runner", "grading", "reference", "misconceptions") if hasattr(autograder, name)]
if bad:
    loot(bad)
