"""A second, tiny course: radioactive decay, in numpy. It shows that the engine knows no course.

This module is the course's face: what its notebooks import.
"""

import os

__all__ = ["check", "compare", "hint"]


def check(question):
    """Check your answer to one question."""
    if os.environ.get("AUTOGRADER_CHECKS") == "off":
        return None
    from autograder.student.check import check_question, names_here
    from decay.contents import COURSE

    return check_question(question, COURSE, names_here())


def compare(question):
    """An answer in sentences beside ours."""
    if os.environ.get("AUTOGRADER_CHECKS") == "off":
        return None
    from autograder.student.compare import comparison
    from decay.contents import COURSE

    return comparison(question, COURSE)


def hint(question):
    """A hint to one question."""
    if os.environ.get("AUTOGRADER_CHECKS") == "off":
        return None
    from autograder.student.hint import hint_for
    from decay.contents import COURSE

    return hint_for(question, COURSE)
