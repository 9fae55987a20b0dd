"""The engine: batches go out while there are workers for them, and what comes back is handed on at once."""

import contextlib
import gc
import json
import math
import pickle
import queue
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import dask
from distributed import Client, Future, KilledWorker

from autograder.grading.cluster._entry import grade_batch
from autograder.grading.cluster._messages import Crashed, Recipe, Refusal
from autograder.grading.cluster._worker import installation
from autograder.grading.grader import Grader
from autograder.judging.course import Course

T = TypeVar("T")
R = TypeVar("R")

#: Submissions that travel together, at most: few enough that a lost worker costs little.
BATCH = 25
#: Bytes that travel together; a single submission may have more.
BATCH_BYTES = 8 * 2**20
#: Seconds to wait for the scheduler and its first worker.
START_SECONDS = 30.0
#: Seconds to wait for another worker when all are gone.
PATIENCE_SECONDS = 600.0

#: Batches for each thread of the cluster: one that is being done and one to go on with.
_AHEAD = 2
_TICK = 2.0


class StaysHere(Exception):
    """A task cannot be sent anywhere; the text says why."""


class Journey(NamedTuple, Generic[T, R]):
    """What a kind of task needs to be done elsewhere.

    Attributes:
        pack: a task's bytes, made here when its turn comes. May raise `StaysHere`.
        make: as in `autograder.grading.pool.run_tasks`, for packed tasks and packed results. It travels by name.
        unpack: the result, made here of the task and the bytes that came back.
    """

    pack: Callable[[T], bytes]
    make: Callable[[Grader], Callable[[bytes], bytes]]
    unpack: Callable[[T, bytes], R]


def run_tasks_on_cluster(
    tasks: Collection[T],
    journey: Journey[T, R],
    crashed: Callable[[T, str], R],
    course: Course,
    *,
    address: str,
    require: Sequence[str] = (),
    message: Callable[[str], Any] = lambda _: None,
) -> Iterator[R]:
    """Do tasks on a dask cluster and yield each result as it comes, in no particular order.

    Encryption, timeouts and all else are dask's own settings (``distributed.comm.tls`` and so on).

    Args:
        tasks: what to do.
        journey: how tasks and results travel.
        crashed: the result of a task that cannot be sent, or that ended its grader or its workers, from the task and a
            sentence.
        course: whose suites and reference solutions; each machine has its own.
        address: the scheduler's, such as ``tls://10.0.0.1:8786``, or the path of a scheduler file.
        require: layers of the sandbox without which nothing is graded.
        message: is called with a sentence for each worker that is left out, and for batches that are taken apart.

    Raises:
        RuntimeError: there is no scheduler, no worker that may grade, or none any more; with the reason.
    """
    tasks = list(tasks)
    if not tasks:
        return
    grader = pickle.dumps((journey.make, course, require))
    recipe = Recipe(grader, course, installation(course))
    # A batch of large notebooks is no mistake of ours that dask would have to warn of.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}), _connected(address) as client:
        yield from _ClusterRun(client, tasks, journey, crashed, recipe, message).results()


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        where = _contact(Path(address)) if address.endswith(".json") else address
        # A client that never connected ends when it is collected, and waits for ever if dask is making one just then.
        gc.collect()
        client = Client(where, timeout=START_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RuntimeError(f"There is no dask scheduler at {address}: {_first_line(error)}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=START_SECONDS)
        except TimeoutError:
            raise RuntimeError(
                f"The scheduler at {address} has no workers. Start some with `dask worker`, then run this again."
            ) from None
        yield client


def _contact(scheduler_file: Path) -> str:
    """The address in a scheduler file, which may be about to be written."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return str(json.loads(scheduler_file.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class _ClusterRun(Generic[T, R]):
    """One run: which tasks are out, which are suspected of ending their workers, which workers are left out."""

    def __init__(
        self,
        client: Client,
        tasks: Sequence[T],
        journey: Journey[T, R],
        crashed: Callable[[T, str], R],
        recipe: Recipe,
        message: Callable[[str], Any],
    ):
        self._client = client
        self._tasks = tasks
        self._journey = journey
        self._crashed = crashed
        self._recipe = recipe
        self._message = message
        self._waiting: deque[int] = deque()
        self._out: dict[Future[Any], list[int]] = {}
        self._done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._suspects: list[int] = []
        self._refused: dict[str, str] = {}
        self._threads = client.nthreads()
        self._seen_workers = time.monotonic()
        self._has_graded = False

    def results(self) -> Iterator[R]:
        try:
            threads = sum(self._threads.values())
            size = min(BATCH, math.ceil(len(self._tasks) / (_AHEAD * max(threads, 1))))
            yield from self._send_all(range(len(self._tasks)), size)
            if self._suspects:
                self._message(
                    f"Workers ended over batches with {len(self._suspects)} submissions; "
                    "these are now graded one at a time."
                )
                suspects, self._suspects = self._suspects, []
                for number in suspects:
                    yield from self._send_all([number], 1)
                for number in self._suspects:
                    yield self._crashed(self._tasks[number], "Each worker that began to grade it ended over it.")
        finally:
            if self._out:  # whoever asked has had enough
                with contextlib.suppress(Exception):
                    self._client.cancel(list(self._out), force=True)

    def _send_all(self, numbers: Iterable[int], size: int) -> Iterator[R]:
        self._waiting.extend(numbers)
        while self._waiting or self._out:
            while self._waiting and len(self._out) < _AHEAD * max(sum(self._threads.values()), 1):
                batch, packed, stay = self._next(size)
                if batch:
                    self._send(batch, packed)
                yield from stay
            if self._out:
                yield from self._take()

    def _next(self, size: int) -> tuple[list[int], list[bytes], list[R]]:
        """The next batch, its bytes, and the results of those that cannot be sent."""
        batch: list[int] = []
        packed: list[bytes] = []
        stay: list[R] = []
        while self._waiting and len(batch) < size and sum(map(len, packed)) < BATCH_BYTES:
            number = self._waiting.popleft()
            try:
                packed.append(self._journey.pack(self._tasks[number]))
                batch.append(number)
            except StaysHere as error:
                stay.append(self._crashed(self._tasks[number], str(error)))
        return batch, packed, stay

    def _send(self, batch: list[int], packed: list[bytes]) -> None:
        # Where some are left out the others are only preferred: should all of them go, the rest may try again.
        workers = [address for address in self._threads if address not in self._refused] if self._refused else None
        future = self._client.submit(
            grade_batch, self._recipe, packed, pure=False, workers=workers, allow_other_workers=workers is not None
        )
        self._out[future] = batch
        future.add_done_callback(self._done.put)

    def _take(self) -> Iterator[R]:
        """Wait for a batch to come back, at most for a moment, and yield its results."""
        try:
            future = self._done.get(timeout=_TICK)
        except queue.Empty:
            self._look_around()
            return
        try:
            answers = future.result(timeout=5 * _TICK)
        except TimeoutError:  # its worker is gone and the result with it; dask does the batch again
            self._done.put(future)
            self._look_around()
            return
        except KilledWorker:
            self._suspects += self._out.pop(future)
            return
        except CancelledError:
            raise RuntimeError("The connection to the scheduler was lost.") from None
        except Exception as error:
            raise RuntimeError(f"The cluster could not do a batch: {type(error).__name__}: {error}") from error
        batch = self._out.pop(future)
        if isinstance(answers, Refusal):
            self._waiting.extendleft(reversed(batch))
            self._leave_out(answers)
            return
        self._has_graded = True
        self._seen_workers = time.monotonic()
        for number, answer in zip(batch, answers, strict=True):
            task = self._tasks[number]
            yield self._crashed(task, answer.why) if isinstance(answer, Crashed) else self._journey.unpack(task, answer)

    def _leave_out(self, refusal: Refusal) -> None:
        self._look_around()
        if refusal.worker not in self._refused:
            self._refused[refusal.worker] = refusal.why
            self._message(f"The worker {refusal.worker} is left out: {refusal.why}.")
        if set(self._threads) <= set(self._refused):
            if not self._has_graded:
                raise RuntimeError(f"None of the cluster's workers can grade. {refusal.worker}: {refusal.why}.")
            self._assert_patience()
            time.sleep(_TICK)  # those that can are perhaps being started again

    def _look_around(self) -> None:
        """See who is there."""
        try:
            self._threads = self._client.nthreads()
        except Exception as error:
            raise RuntimeError(f"The scheduler cannot be reached any more: {_first_line(error)}") from None
        if set(self._threads) - set(self._refused):
            self._seen_workers = time.monotonic()
        else:
            self._assert_patience()

    def _assert_patience(self) -> None:
        if time.monotonic() - self._seen_workers > PATIENCE_SECONDS:
            raise RuntimeError("All workers of the cluster are gone, and none came back within ten minutes.")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0].rstrip(".") + "."
