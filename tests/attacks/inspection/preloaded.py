"""Looks whether what was loaded before any student came contains a test label, a suite or an answer."""
# answers: all
# deserves: 18

import sys

import autograder.judging

bad = [
    name
    for name in sys.modules
    if name.startswith(
        (
            *("autograder.course.lessons", "autograder.course.secret", "autograder.course.contents"),
            *("autograder.judging.refer", "autograder.judging.record", "autograder.judging.run"),
            *("autograder.judging.misc", "autograder.judging.diag", "autograder.gr", "autograder.instr", "_pytest"),
        )
    )
]
bad += [name for name in ("grading", "gradebook", "instructor", "student") if hasattr(autograder, name)]
bad += [name for name in ("runner", "reference", "misconceptions") if hasattr(autograder.judging, name)]
if bad:
    loot(bad)
