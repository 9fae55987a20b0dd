"""A fork server, begun early: it imports for the zygotes of the graders to come while we import the same ourselves.

This module imports next to nothing, so that it can be asked first.
"""

import os
import sys

from autograder.judging.course import Course
from autograder.sandbox import ForkServer, Surroundings, one_thread

__all__ = ["begin", "may_fork", "surroundings_of"]


def may_fork() -> bool:
    """Whether graders can be forks of this process: it has but one thread, and so no lock that a fork could inherit."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def surroundings_of(course: Course) -> Surroundings:
    """What a course wants around its students' code."""
    return Surroundings(course.preload, course.functions, [str(path.absolute()) for path in course.all_private])


def begin(course: Course) -> ForkServer | None:
    """Begin to import what graders will want soon, on another core than ours; ``None`` where they are no forks of us.

    It is for `autograder.grading.pool.run_tasks` to use and to close, or for whoever asked to close.
    """
    if not may_fork():
        return None
    one_thread()  # what we import meanwhile would start other threads, and then there would be no forks
    return ForkServer(surroundings_of(course))
