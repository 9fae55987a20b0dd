"""Imported by the process that `make test` forks graders and commands from: what they begin with is done here once.

Our own graders are forks as well, as long as their starter has but one thread. Where tests run there are several.
"""

import os
import sys
from functools import partial

import nbgrader.apps
import pytest  # noqa: F401 a grader judges with it

import autograder.cli
from autograder.course.contents import COURSE
from autograder.grading import fork_server, pool
from autograder.sandbox import ForkServer, Surroundings, Zygote, one_thread
from autograder.student import notebook

#: The folder of this file was put there for this import alone.
del os.environ["PYTHONPATH"]
sys.path.remove(os.path.dirname(__file__))

one_thread()
_surroundings = fork_server.surroundings_of(COURSE)
_server = ForkServer(_surroundings)


class _Lent:
    """The one fork server, for whoever closes the one that he has."""

    fork = staticmethod(_server.fork)

    def close(self):
        """It goes on for others."""


def _fork_server(surroundings: Surroundings):
    return _Lent() if surroundings == _surroundings else ForkServer(surroundings)


_with_grader = pool.with_grader


def _with_grader_from_here(*arguments, **settings):
    return _with_grader(*arguments, **{**settings, "fork_server": _Lent()})


fork_server.ForkServer = _fork_server
notebook.Zygote = partial(Zygote, fork_server=_Lent())
pool.with_grader = _with_grader_from_here


def run(arguments, cwd, environment, stdout, stderr):
    """Be a command: ``nbgrader …`` or ``autograder …``."""
    for path, descriptor in ((os.devnull, 0), (stdout, 1), (stderr, 2)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    if arguments[0] == "nbgrader":
        nbgrader.apps.NbGraderApp.launch_instance()
    else:
        autograder.cli.main(prog_name="autograder")
