"""Grading side by side: a few grader processes, each with its own suites and zygote, fed one submission at a time."""

import contextlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from autograder.grading import Grader, refused, with_grader
from autograder.lessons import HOME
from autograder.results import SubmissionResult
from autograder.submissions import Submission

#: A fresh Python for each grader: a fork of this process could inherit threads of torch in a bad moment.
_spawn = multiprocessing.get_context("spawn")


#: Starting a grader takes as long as grading about this many submissions.
_WORTH_A_GRADER = 20


def default_workers(submissions: int) -> int:
    """As many graders as this process may use cores, but no more than it takes to be done soon."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 1 + submissions // _WORTH_A_GRADER)


def grade_all(
    submissions: Iterable[Submission],
    *,
    workers: int | None = None,
    solutions: Path = HOME / "solutions",
    require: Sequence[str] = (),
) -> Iterator[SubmissionResult]:
    """Grade submissions in `workers` processes and yield each result as it comes, in no particular order.

    A grader process that dies costs the submission it was at, which is reported as not graded, and no other.

    Args:
        submissions: what to grade.
        workers: how many grader processes; by default one a core, or fewer where there is little to grade.
        solutions: where the reference solutions are.
        require: walls of the sandbox without which nothing is graded; see `autograder.grading.with_grader`.

    Raises:
        RuntimeError: a grader process cannot start, with its reason.
    """
    waiting = list(reversed(list(submissions)))
    count = min(workers or default_workers(len(waiting)), len(waiting))
    graders = [_GraderProcess(solutions, require) for _ in range(count)]
    try:
        while any(grader.current for grader in graders) or waiting:
            for grader in graders:
                if grader.current is None and waiting:
                    grader.give(waiting.pop())
            busy = {grader.connection: grader for grader in graders if grader.current is not None}
            for connection in wait(list(busy)):
                grader = busy[connection]
                result = grader.take()
                if grader.died:
                    graders[graders.index(grader)] = _GraderProcess(solutions, require)
                yield result
    finally:
        for grader in graders:
            grader.close()


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Keep Pythons that are started meanwhile from importing out of the current folder.

    A spawned one looks there first, for `multiprocessing` itself, and the folder may be a submission's.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


class _GraderProcess:
    """One grader process and the submission it is at."""

    def __init__(self, solutions: Path, require: Sequence[str]):
        self.connection, theirs = _spawn.Pipe()
        self.current: Submission | None = None
        self.died = False
        self._process = _spawn.Process(target=_serve, args=(theirs, solutions, require), daemon=True)
        with _safe_path():
            self._process.start()
        theirs.close()

    def give(self, submission: Submission) -> None:
        self.current = submission
        with contextlib.suppress(OSError):  # it died; `take` will notice
            self.connection.send(submission)

    def take(self) -> SubmissionResult:
        submission, self.current = self.current, None
        assert submission is not None
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            self.died = True
            self._process.join()
            return refused(
                submission, f"The grader ended unexpectedly (exit code {self._process.exitcode}) while at it."
            )
        if isinstance(answer, str):
            raise RuntimeError(f"A grader could not start: {answer}")
        return answer

    def close(self) -> None:
        self.connection.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def _serve(connection: Connection, solutions: Path, require: Sequence[str]) -> None:
    """Run in a grader process: grade what comes until the connection closes."""

    def work(grader: Grader) -> None:
        while True:
            try:
                submission = connection.recv()
            except (EOFError, KeyboardInterrupt):
                return
            connection.send(grader.grade(submission))

    try:
        with_grader(work, solutions, require)
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # nobody is waiting any more
    except Exception as error:
        with contextlib.suppress(OSError):
            connection.send(f"{type(error).__name__}: {error}")
