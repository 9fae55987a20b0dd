"""One grader process of a course, which stays from one submission of nbgrader's to the next."""

import atexit
import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from autograder.gradebook import outputs
from autograder.gradebook.outputs import Plan
from autograder.gradebook.run_log import collected_log
from autograder.grading import fork_server
from autograder.grading.kernel import Kernel
from autograder.judging.course import Course, load_course
from autograder.judging.results import grader_failed
from autograder.notebooks.reading import Notebook
from autograder.sandbox import ForkServer

# Graders take torch along, and every command of nbgrader's imports this module.
if TYPE_CHECKING:
    from autograder.grading.grader import Grader
    from autograder.grading.lesson_run import NotebookRun
    from autograder.grading.pool import GraderProcess


_log = logging.getLogger(__name__)


class PlannedRun(NamedTuple):
    """What `autograder.gradebook.outputs.run_plan` needs beside the grader."""

    notebook: Notebook
    plan: Plan
    kernel: Kernel


class GraderAnswer(NamedTuple):
    """What the process says of one notebook.

    Attributes:
        run: what came of running it; `None` if the grader failed.
        problem: why there is no run, in a sentence.
        log: what the grader logged over it, tracebacks included.
    """

    run: "NotebookRun | None"
    problem: str
    log: tuple[str, ...]


class PersistentGrader:
    """Runs notebooks in a grader process of its own, one after the other.

    The process starts with the first notebook, and anew after it has ended. Whoever makes a `PersistentGrader` closes
    it.

    Args:
        course: whose lessons the notebooks may be.
    """

    def __init__(self, course: Course):
        self._course = course
        self._fork_server: ForkServer | None = None
        self._process: GraderProcess[PlannedRun, GraderAnswer] | None = None

    def run(self, planned: PlannedRun) -> GraderAnswer:
        """Have the process run a notebook.

        Raises:
            autograder.grading.processes.GraderDied: the process has ended over it.
            RuntimeError: it cannot grade, with its reason.
        """
        if self._process is None or not self._process.alive:
            self.close()
            self._process = self._started()
        try:
            self._process.give(planned)
            return self._process.take()
        except BaseException:  # Ctrl-C too: its answer must not be taken for the next one's
            self.close()
            raise

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        server, self._fork_server = self._fork_server, None
        if process is not None:
            process.close()
        if server is not None:
            server.close()

    def _started(self) -> "GraderProcess[PlannedRun, GraderAnswer]":
        self._fork_server = fork_server.begin(self._course)  # it imports torch while we do
        from autograder.grading.pool import GraderProcess

        return GraderProcess(_run_planned, self._course, (), self._fork_server)


def _run_planned(grader: "Grader") -> Callable[[PlannedRun], GraderAnswer]:
    """For `GraderProcess`: what it does with a `PlannedRun`."""

    def answer(planned: PlannedRun) -> GraderAnswer:
        with collected_log() as messages:
            try:
                run, problem = outputs.run_plan(grader, *planned), ""
            except Exception as error:
                _log.exception("The grader failed.")
                run, problem = None, grader_failed(error)
        return GraderAnswer(run, problem, tuple(messages))

    return answer


@cache
def persistent_grader(where: str) -> PersistentGrader:
    """This process's one grader of a course, by the course's `where`. It ends with this process."""
    made = PersistentGrader(load_course(where))
    atexit.register(made.close)
    return made
