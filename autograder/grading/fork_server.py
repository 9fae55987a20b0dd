"""The process that imports for the zygotes of the graders to come, begun before we import the same ourselves.

This module imports next to nothing, so that it can be asked first.
"""

import atexit
import os
import sys

from autograder.sandbox import Ancestor
from autograder.sandbox.inside import threads

_ancestors: list[Ancestor] = []


def may_fork() -> bool:
    """Whether graders can be forks of this process: it has but one thread, and so no lock that a fork could inherit."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def get_ready() -> None:
    """Let the zygotes of graders that will be wanted soon begin to import, on another core than ours.

    Graders that are no forks of ours do without.
    """
    if may_fork() and not _ancestors:
        threads.one_thread()  # what we import meanwhile would start others, and there would be no forks
        _ancestors.append(Ancestor())


def take() -> Ancestor | None:
    """The ancestor, if there is one, for a grader that has been forked from us: ours it is no longer in there."""
    return _ancestors.pop() if _ancestors else None


@atexit.register
def dismiss() -> None:
    """No further grader will be forked."""
    while _ancestors:
        _ancestors.pop().close()
