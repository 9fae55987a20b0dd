"""From Neurons to Neural Network: an auto-graded course, and the grader that carries it.

In a notebook: ``from autograder import check, hint``, then ``check("softmax")`` and ``hint("softmax")``. On the command
line: ``autograder --help``.
"""

from typing import Any

__all__ = ["check", "hint"]


def __getattr__(name: str) -> Any:
    # Late, so that `autograder --help` answers before torch and pytest are imported.
    if name == "check":
        from autograder.student.check import check

        return check
    if name == "hint":
        from autograder.student.hint import hint

        return hint
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
