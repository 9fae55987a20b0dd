"""Imported by the process that `make test` forks its graders from: what each of them would begin with is done here once.

Our own graders are forks as well, as long as their starter has but one thread. A process in which tests run has several.
"""

import os
import sys
from functools import partial

import pytest  # noqa: F401 a grader judges with it
import torch

from autograder.course.contents import COURSE
from autograder.grading import fork_server, pool
from autograder.sandbox import ForkServer

#: The folder of this file was put there for this import alone.
del os.environ["PYTHONPATH"]
sys.path.remove(os.path.dirname(__file__))

torch.set_num_threads(1)
_server = ForkServer(fork_server.surroundings_of(COURSE))
_with_grader = pool.with_grader


def _with_grader_from_here(*arguments, **settings):
    return _with_grader(*arguments, **{**settings, "fork_server": _server})


pool.with_grader = _with_grader_from_here
