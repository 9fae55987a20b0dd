"""The grader's end: open workers, call functions, and put an end to whatever does not end by itself."""

import math
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import ModuleType
from typing import Any, Self

from autograder.judging.outcomes import Outcome, Stopped
from autograder.sandbox.confinement import LAYERS, OUTCOMES, Limits, process
from autograder.sandbox.outside.answers import made_files, outcome_of
from autograder.sandbox.outside.cell_records import CellRecords, CellReport, Replacement
from autograder.sandbox.outside.launch import (
    ForkLauncher,
    ForkServer,
    Launcher,
    NotConfined,
    SandboxError,
    SpawnLauncher,
)
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.control import Surroundings
from autograder.sandbox.wire.errors import Closed, OutOfTime, WireError
from autograder.sandbox.wire.outputs import Output
from autograder.sandbox.wire.packing import module_of, pack

__all__ = ["Worker", "Zygote"]

#: Seconds that a worker gets beyond a limit to stop by itself before it is killed.
GRACE = 0.5
#: How many times its limit a worker may take by the clock. It stops by itself when the limit is over, and
#: does not count the time in which others had its core; one that does not stop is killed.
PATIENCE = 3.0
#: How many workers may die over a submission's cells before what is left is given up.
MAX_DEATHS = 6
#: Seconds that a worker has to confine itself. It takes milliseconds, or seconds where it starts without a zygote.
_OPENING_SECONDS = 120.0


class Zygote:
    """Opens workers, from one zygote process that starts when first needed and anew if it dies.

    Use it as a context manager.

    Args:
        surroundings: what the course wants around its students' code.
        layers: which of `LAYERS` to enforce, as far as the machine allows; all of them by default.
        require: layers and outcomes (`LAYERS`, `OUTCOMES`) without which nothing is run.
        limits: what one submission may use.
        fork: whether workers are forked. By default they are on Linux, where alone that is safe once torch is
            imported; elsewhere each worker is a Python of its own.
        fork_server: where the zygote is forked from, if others like it are wanted; a Python of its own by default.

    Attributes:
        surroundings: what the course wants around its students' code.

    Raises:
        ValueError: there is no layer of such a name.
    """

    def __init__(
        self,
        surroundings: Surroundings = Surroundings(),  # noqa: B008  (it cannot change)
        *,
        layers: Collection[str] = LAYERS,
        require: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008  (it cannot change)
        fork: bool | None = None,
        fork_server: ForkServer | None = None,
    ):
        for name in (*layers, *require):
            if name not in (*LAYERS, *OUTCOMES):
                raise ValueError(f"there is no layer called {name!r}; there are {', '.join((*LAYERS, *OUTCOMES))}")
        if fork is None:
            fork = sys.platform == "linux"
        ordered = [name for name in LAYERS if name in layers]
        self._launcher: Launcher = (
            ForkLauncher(surroundings, ordered, limits, fork_server)
            if fork
            else SpawnLauncher(surroundings, ordered, limits)
        )
        self.surroundings = surroundings
        self._opaque = "process" in layers
        self._require = tuple(require)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to import what the next worker needs, without waiting for it: its submission will not have to.

        Once is enough where workers are forked. Where each is a Python of its own, ask again before the next one.
        """
        self._launcher.start()

    @property
    def confinement(self) -> dict[str, bool]:
        """Which layers are enforced here, as a worker opened for that purpose finds.

        Raises:
            NotConfined: one is missing that is required.
            SandboxError: no worker can be opened.
        """
        with self.open(()) as worker:
            worker.start()
            return worker.confinement

    def open(
        self,
        cells: Sequence[messages.Cell],
        cell_seconds: float = 10.0,
        total_seconds: float = 60.0,
        submission_seconds: float = 900.0,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        stand_in_packages: bool = False,
    ) -> "Worker":
        """Run a notebook's cells in a new worker.

        Args:
            cells: what to run, in order.
            cell_seconds: how long each may take, not counting the time in which others had its core.
            total_seconds: how long all of them may take by the clock, also if they have to be run again.
            submission_seconds: how long cells and calls together may take by the clock.
            files: what lies in the notebook's folder, by relative name; see `files.MAX_BYTES`.
            environment: variables that the notebook finds set, beside the few that it has anyway.
            stand_in_packages: whether it may import what is not installed, which then fails where it is used.
        """
        seconds = (cell_seconds, total_seconds, submission_seconds)
        return Worker(self, cells, *seconds, files, environment, stand_in_packages)

    def close(self) -> None:
        """End every worker and the process they come from."""
        self._launcher.close()

    @cached_property
    def functions(self) -> ModuleType | None:
        """The module of the functions that may travel by name. For `Worker`."""
        return module_of(self.surroundings.functions)

    def begin(self) -> tuple[int, Channel, dict[str, bool]]:
        """Open a worker's process, confined and with nothing in it. For `Worker`.

        Returns:
            The worker's number, the channel to it, and which layers it has found enforced.

        Raises:
            NotConfined: a layer is missing that is required.
            SandboxError: no worker can be opened.
        """
        if self._opaque:
            process.be_opaque()  # our memory holds the answers
        number, connection = self._launcher.open()
        channel = Channel(connection, worker_side=False)
        try:
            message, _ = channel.receive(time.monotonic() + _OPENING_SECONDS)
            if not isinstance(message, messages.ConfinedFrame) or message.problem:
                raise SandboxError(f"a worker could not confine itself: {getattr(message, 'problem', message)}")
            found = {name: message.layers.get(name, False) for name in (*LAYERS, *OUTCOMES)}
            missing = [name for name in self._require if not found[name]]
            if missing:
                raise NotConfined(missing)
        except BaseException as error:
            channel.close()
            why = self._launcher.complaint(number) or str(error)
            self.end(number)
            if isinstance(error, WireError):
                raise SandboxError(f"a worker ended before it was given anything: {why}") from None
            raise
        return number, channel, found

    def end(self, number: int) -> None:
        """End a worker's process and everything it started. For `Worker`."""
        self._launcher.kill(number)


class Worker:
    """One submission, open for calls. Implements `autograder.judging.outcomes.Functions`.

    When a call or a cell has to be ended by force, the next call gets a fresh process in which the cells were run
    again, the guilty cell left out, so that a mishap costs only the call in which it happened.
    """

    def __init__(
        self,
        zygote: Zygote,
        cells: Sequence[messages.Cell],
        cell_seconds: float,
        total_seconds: float,
        submission_seconds: float,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        stand_in_packages: bool = False,
    ):
        self._zygote = zygote
        self._stand_in_packages = stand_in_packages
        self._files = dict(files or {})
        self._environment = dict(environment or {})
        self._records = CellRecords(cells)
        self._cell_seconds = cell_seconds
        self._seconds_for_cells = total_seconds
        self._seconds_for_all = submission_seconds
        self._end_of_all = math.inf
        self._confinement = dict.fromkeys((*LAYERS, *OUTCOMES), False)
        self._channel: Channel | None = None
        self._at = 0  # how many stops this process has come to
        self._number = 0
        self._deaths = 0
        self._cancelled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def confinement(self) -> dict[str, bool]:
        """Which layers are enforced around this submission, as found before its code was there. Known after `start`."""
        return dict(self._confinement)

    @property
    def reports(self) -> tuple[CellReport, ...]:
        """The cells that did not end well, in the notebook's order. Complete after `start`."""
        return self._records.reports

    @property
    def outputs(self) -> dict[int, tuple[Output, ...]]:
        """What the cells printed and showed, by number, as far as it was little enough. Complete after `start`."""
        return self._records.outputs

    @property
    def not_run(self) -> dict[int, str]:
        """The cells that were not run, or cut off by the time for all of them and not for their own; and why."""
        return dict.fromkeys(self._records.unfinished, self._why_not())

    @property
    def reads(self) -> dict[str, frozenset[str]]:
        """For each watched function the global names that it reads, as the student's process says."""
        return self._records.reads

    @property
    def replaced(self) -> dict[str, Replacement]:
        """The watched functions that a later cell has made others, as the student's process says."""
        return self._records.replaced

    def start(self, before: float = math.inf, watched: tuple[str, ...] = ()) -> bool:
        """Run the cells unless they have been run. False when worker after worker died over them, or `cancel` came.

        Args:
            before: stop before the cell of this number; calls then meet the functions as they are there. The next
                stop, further down, goes on from it.
            watched: functions of which is noted what they read there, and which later cell makes others of them.

        Raises:
            NotConfined: a layer is missing that is required.
            SandboxError: no worker can be opened.
        """
        self._records.add_stop(before, watched)
        return self._go()

    def _go(self) -> bool:
        while self._at < self._records.stops:
            if self._why_not():
                return False
            self._run_cells()
        return not self._cancelled

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call one of the notebook's functions; see `autograder.judging.outcomes.Functions`."""
        if not (self._go() if self._records.stops else self.start()):
            again = "its process ended again and again while the notebook's cells were run"
            return Stopped("crash", "it was cancelled" if self._cancelled else again)
        assert self._channel is not None
        seconds = min(seconds, self._end_of_all - time.monotonic())
        if seconds <= 0:
            return Stopped("time")
        arrays: list[memoryview] = []
        deadline = min(time.monotonic() + PATIENCE * seconds, self._end_of_all) + GRACE
        try:
            message = messages.CallFrame(name, pack(arguments, arrays, self._zygote.functions), seconds, keep_arguments)
            self._channel.send(message, arrays, deadline)
            answer, blobs = self._channel.receive(deadline)
            return outcome_of(answer, blobs, self._zygote.functions)
        except OutOfTime:
            self._end()
            return Stopped("time")
        except Closed:
            self._end()
            return Stopped("crash", "its process ended during the call")
        except WireError as error:
            self._end()
            return Stopped("crash", f"what came back could not be read: {error}")

    def cancel(self) -> None:
        """Let go of whatever is being waited for, and of all that would come. To be called from another thread.

        Cells and calls end at once, as if the process had died; `close` is still for whoever opened the worker.
        """
        self._cancelled = True
        channel = self._channel
        if channel is not None:
            channel.interrupt()

    def made_files(self) -> dict[str, bytes]:
        """Files that the cells have made or changed in their folder, by a name that is safe to join to a folder."""
        if self._channel is None or self._at < self._records.stops:
            return {}
        try:
            return made_files(self._channel)
        except WireError:
            self._end()
            return {}

    def close(self) -> None:
        """End the worker's process and whatever it started."""
        self._end()

    def _why_not(self) -> str:
        """Why no further worker is opened, if that is so."""
        if self._cancelled:
            return "it was cancelled"
        if self._deaths >= MAX_DEATHS:
            return f"the process that runs the cells ended, or had to be ended, {MAX_DEATHS} times"
        if self._seconds_for_cells <= 0 or time.monotonic() >= self._end_of_all:
            return "the time for all cells was used up"
        return ""

    def _run_cells(self) -> None:
        if self._channel is None:
            self._number, self._channel, self._confinement = self._zygote.begin()
        channel, records = self._channel, self._records
        if self._cancelled:  # while it was being opened
            return
        began = time.monotonic()
        if self._end_of_all == math.inf:  # the time in which the zygote starts is nobody's
            self._end_of_all = began + self._seconds_for_all
        end = min(began + self._seconds_for_cells, self._end_of_all)
        current = 0
        deadline = end
        cells, stop = records.part(self._at)
        waiting = [cell.number for cell in cells]
        watched = list(stop.watched)
        try:
            if self._at:
                channel.send(messages.RunFrame(cells, self._cell_seconds, watched), deadline=end)
            else:
                files = [memoryview(content) for content in self._files.values()]
                given = (list(self._files), self._environment, watched, self._stand_in_packages)
                channel.send(messages.OpenFrame(cells, self._cell_seconds, *given), files, deadline=end)
            while True:
                message, _ = channel.receive(deadline)
                match message:
                    case messages.CellStartedFrame(number) if waiting and number == waiting[0]:
                        records.finished(current)
                        current = waiting.pop(0)
                        deadline = min(end, time.monotonic() + PATIENCE * self._cell_seconds + GRACE)
                    case messages.CellShownFrame(number=number) if number == current:
                        records.keep(number, message.outputs)
                    case messages.CellProblemFrame(number=number) if number == current:
                        records.report(number, message.type_name, message.text, message.line, message.line_number)
                    case messages.ReadyFrame() if not waiting:
                        records.finished(current)
                        records.note_functions(stop, message)
                        self._at += 1
                        return
                    case _:
                        raise WireError("a message came that was not due")
        except OutOfTime:
            if deadline < end:
                records.finished(current)
            self._give_up(current, "TimeLimitReached", "")
        except WireError as error:
            records.finished(current)
            self._give_up(current, "Crash", str(error))
        finally:
            self._seconds_for_cells -= time.monotonic() - began

    def _give_up(self, number: int, type_name: str, text: str) -> None:
        """This cell is beyond stopping: end the process, and leave the cell out the next time."""
        self._deaths += 1
        self._end()
        self._records.leave_out(number, type_name, text)

    def _end(self) -> None:
        self._at = 0
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._number:
            self._zygote.end(self._number)
            self._number = 0
