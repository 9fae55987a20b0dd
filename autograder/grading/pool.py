"""The worker pool: a few grader processes side by side, each with its own suites and zygote, fed one task at a time.

Most of a grader's start are imports. So this process forks its graders, for as long as it has but one thread and a fork
is safe, and one fork server (`autograder.grading.fork_server`) imports for all their zygotes.
"""

import contextlib
import gc
import logging
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from autograder.grading.fork_server import begin, may_fork
from autograder.grading.grader import Grader, refused, with_grader
from autograder.grading.processes import GraderDied, safe_path
from autograder.grading.submissions import Submission
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult
from autograder.notebooks.machine import about_machine, is_of_the_machine
from autograder.sandbox import ForkServer

__all__ = [
    "IDLE_SECONDS",
    "GraderProcess",
    "crashed",
    "default_workers",
    "grade_submissions",
    "grading",
    "run_tasks",
]

_log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Make = Callable[[Grader], Callable[[T], R]]

#: How long a grader process waits for something to do before it ends.
IDLE_SECONDS = 600.0

#: How many tasks a grader process is given at a time.
_AHEAD = 2

#: A fresh Python for a grader, where a fork could inherit a lock that some other thread holds.
_spawn = multiprocessing.get_context("spawn")
_fork = multiprocessing.get_context("fork") if sys.platform == "linux" else _spawn

#: Our ends of the graders' connections. A grader must not hold those of the others: it would keep them from noticing
#: that we are gone.
_ours: set[Connection] = set()


#: Starting a grader takes as long as grading about this many submissions.
_WORTH_A_GRADER = 20


def default_workers(submissions: int) -> int:
    """As many graders as this process may use cores, but no more than it takes to be done soon."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 1 + submissions // _WORTH_A_GRADER)


def grade_submissions(
    submissions: Iterable[Submission],
    course: Course,
    *,
    workers: int | None = None,
    require: Sequence[str] = (),
    fork_server: ForkServer | None = None,
) -> Iterator[SubmissionResult]:
    """Grade submissions in `workers` processes and yield each result as it comes, in no particular order.

    A grader process that dies costs the submission it was at, which is reported as not graded, and no other.
    The arguments are those of `run_tasks`.
    """
    return run_tasks(submissions, grading, crashed, course, workers=workers, require=require, fork_server=fork_server)


def run_tasks(
    tasks: Iterable[T],
    make: Make[T, R],
    crashed: Callable[[T, str], R],
    course: Course,
    *,
    workers: int | None = None,
    require: Sequence[str] = (),
    fork_server: ForkServer | None = None,
) -> Iterator[R]:
    """Do tasks in `workers` grader processes and yield each result as it comes, in no particular order.

    The graders start at once, before the first result is asked for: that may be from a process with more threads.

    Args:
        tasks: what to do; tasks and results travel between processes.
        make: called once in each grader process with its grader; what it returns is called with each task.
        crashed: the result of a task whose process died over it, from the task and a sentence.
        course: whose suites and reference solutions.
        workers: how many grader processes; by default one a core, or fewer where there is little to do.
        require: layers of the sandbox without which nothing is graded; see `autograder.grading.grader.with_grader`.
        fork_server: one that was begun before; it is closed when all is done. By default one begins now.

    Raises:
        RuntimeError: a grader process cannot start, with its reason.
    """
    waiting = deque(tasks)
    count = min(workers or default_workers(len(waiting)), len(waiting))
    if count and fork_server is None:
        fork_server = begin(course)
    start = partial(GraderProcess, make, course, require, fork_server)
    graders = [start() for _ in range(count)]
    return _results(waiting, graders, start, crashed, fork_server)


def _results(
    waiting: deque[T],
    graders: "list[GraderProcess[T, R]]",
    start: "Callable[[], GraderProcess[T, R]]",
    crashed: Callable[[T, str], R],
    fork_server: ForkServer | None,
) -> Iterator[R]:
    try:
        while waiting or any(grader.tasks for grader in graders):
            # One to do and one to go on with, so that none stands idle while we are busy with results.
            for ahead in range(_AHEAD):
                for grader in graders:
                    if waiting and len(grader.tasks) == ahead:
                        grader.give(waiting.popleft())
            busy: dict[Any, GraderProcess[T, R]] = {grader.connection: grader for grader in graders if grader.tasks}
            for connection in wait(list(busy)):
                grader = busy[connection]
                task = grader.tasks[0]
                try:
                    yield grader.take()
                except GraderDied as death:
                    waiting.extendleft(grader.tasks)  # these it had not begun
                    graders[graders.index(grader)] = start()
                    yield crashed(task, str(death))
    finally:
        for grader in graders:
            grader.close()
        if fork_server is not None:
            fork_server.close()


def grading(grader: Grader) -> Callable[[Submission], SubmissionResult]:
    """The usual task: grade a submission."""
    return grader.grade


def crashed(submission: Submission, why: str) -> SubmissionResult:
    """The usual result of a submission over which its grader crashed: not graded."""
    return refused(submission, why)


class GraderProcess(Generic[T, R]):
    """One grader process and the tasks that it was given, done in order. The arguments are those of `run_tasks`.

    A process that is given nothing for `IDLE_SECONDS` ends by itself.
    """

    def __init__(
        self,
        make: Make[T, R],
        course: Course,
        require: Sequence[str] = (),
        fork_server: ForkServer | None = None,
    ):
        self.connection, theirs = _spawn.Pipe()
        _ours.add(self.connection)
        self.tasks: deque[T] = deque()
        arguments = (theirs, make, course, require)
        self._process: BaseProcess
        if may_fork():
            self._process = _fork.Process(target=_serve_forked, args=(*arguments, fork_server), daemon=True)
            self._process.start()
        else:
            self._process = _spawn.Process(target=_serve, args=arguments, daemon=True)
            with safe_path():
                self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can be given something."""
        return self._process.is_alive()

    def give(self, task: T) -> None:
        """Let it begin with a task, once it is done with those before."""
        self.tasks.append(task)
        with contextlib.suppress(OSError):  # it died; `take` will notice
            self.connection.send(task)

    def take(self) -> R:
        """Wait for the result of the first task.

        Raises:
            GraderDied: the process has ended over it.
            RuntimeError: the process cannot grade, with its reason.
        """
        self.tasks.popleft()
        try:
            answer: R | str = self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            sentence = f"The grader ended unexpectedly (exit code {self._process.exitcode}) while at it."
            raise GraderDied(sentence) from None
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        _ours.discard(self.connection)
        self.connection.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def _serve_forked(connection: Connection, *arguments: Any) -> None:
    """Run in a grader process that is a copy of ours."""
    gc.freeze()  # a collection would touch, and so copy, what all of them share
    while _ours:
        _ours.pop().close()
    _serve(connection, *arguments)


def _serve(
    connection: Connection,
    make: Make[Any, Any],
    course: Course,
    require: Sequence[str],
    fork_server: ForkServer | None = None,
) -> None:
    """Run in a grader process: do what comes until the connection closes."""
    failed = "A grader could not start"

    def work(grader: Grader) -> None:
        nonlocal failed
        do = make(grader)
        failed = "A grader had to stop"
        while connection.poll(IDLE_SECONDS):
            try:
                task = connection.recv()
            except EOFError:
                return
            connection.send(do(task))

    try:
        with_grader(work, course, require=require, fork_server=fork_server)
    except (BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass  # nobody is waiting any more
    except Exception as error:
        _log.exception("%s", failed)
        with contextlib.suppress(OSError):
            if isinstance(error, OSError) and is_of_the_machine(error):
                what = about_machine(error)
            else:
                what = f"{type(error).__name__}: {error}"
            connection.send(f"{failed}: {what}")
