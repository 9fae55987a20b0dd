"""One grader process, kept warm from one submission of nbgrader's to the next."""

import atexit
from collections.abc import Callable
from typing import NamedTuple

from autograder.gradebook import outputs
from autograder.gradebook.outputs import Plan
from autograder.grading.grader import Grader, Run
from autograder.grading.pool import GraderDied, GraderProcess
from autograder.notebooks.reading import Notebook

__all__ = ["GraderDied", "Task", "carry_out"]


class Task(NamedTuple):
    """What `autograder.gradebook.outputs.carry_out` needs beside the grader."""

    notebook: Notebook
    plan: Plan
    cell_seconds: float
    files: dict[str, bytes]


_warm: list[GraderProcess[Task, Run]] = []


def carry_out(task: Task) -> Run:
    """Have the process do a task; it is started if there is none.

    Raises:
        GraderDied: it has ended over the task.
        RuntimeError: it cannot grade, with its reason.
    """
    if _warm and not _warm[0].alive:
        _warm.pop().close()
    if not _warm:
        _warm.append(GraderProcess(_carrying_out))
    try:
        _warm[0].give(task)
        return _warm[0].take()
    except BaseException:  # Ctrl-C too: its answer must not be taken for the next one's
        _stop()
        raise


def _carrying_out(grader: Grader) -> Callable[[Task], Run]:
    return lambda task: outputs.carry_out(grader, *task)


@atexit.register
def _stop() -> None:
    while _warm:
        _warm.pop().close()
