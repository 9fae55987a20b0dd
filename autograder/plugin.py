"""nbgrader grades with our sandbox. Two lines at the end of anybody's ``nbgrader_config.py``::

    from autograder.plugin import use_sandbox
    use_sandbox(c)

From then on `nbgrader autograde` and the formgrader's button run student notebooks here instead of in a kernel; see
`autograder.gradebook.plugin` for what that changes. Needs the `instructor` extra.
"""

from typing import Any

from autograder.course.contents import COURSE
from autograder.gradebook import plugin
from autograder.judging.course import Course

__all__ = ["use_sandbox"]


def use_sandbox(config: Any, course: Course = COURSE) -> None:
    """Replace nbgrader's execution of notebooks by ours in a configuration `c`; what else is in it stays.

    Args:
        config: nbgrader's configuration.
        course: whose lessons are asked by suites; by default the one that is installed with this package.
    """
    plugin.use_sandbox(config, course)
