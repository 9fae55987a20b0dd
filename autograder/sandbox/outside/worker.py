"""One submission's worker, seen from the grader: run the cells, call functions, end whatever does not end by itself."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import msgspec

from autograder.judging.outcomes import Outcome, Stopped
from autograder.notebooks.text import legible
from autograder.sandbox.confinement import LAYERS, OUTCOMES
from autograder.sandbox.outside.answers import made_files, outcome_of
from autograder.sandbox.outside.cell_records import CellRecords, CellReport, Replacement
from autograder.sandbox.outside.proxy import Proxy
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.errors import Closed, OutOfTime, WireError
from autograder.sandbox.wire.outputs import Output
from autograder.sandbox.wire.packing import pack

if TYPE_CHECKING:
    from autograder.sandbox.outside.client import Zygote

__all__ = ["Worker"]

#: Seconds that a worker gets beyond a limit to stop by itself before it is killed.
GRACE = 1.0
#: How many times its limit a worker may take by the clock. It stops by itself when the limit is over, and
#: does not count the time in which others had its core; one that does not stop is killed.
PATIENCE = 3.0
#: How many times a cell is interrupted before it is ended by force.
MAX_INTERRUPTS = 3
#: How many workers may die over a submission's cells before what is left is given up.
MAX_DEATHS = 6


class Worker:
    """One submission, open for calls. Implements `autograder.judging.outcomes.Functions`.

    When a call or a cell has to be ended by force, the next call gets a fresh process in which the cells were run
    again, the guilty cell left out, so that a mishap costs only the call in which it happened.
    """

    def __init__(
        self,
        zygote: "Zygote",
        cells: Sequence[messages.Cell],
        opening: messages.OpenFrame,
        total_seconds: float,
        submission_seconds: float,
        files: Mapping[str, bytes] | None = None,
    ):
        self._zygote = zygote
        self._opening = opening
        self._files = dict(files or {})
        self._records = CellRecords(cells)
        self._seconds_for_cells = total_seconds
        self._seconds_for_all = submission_seconds
        self._end_of_all = math.inf
        self._confinement = dict.fromkeys((*LAYERS, *OUTCOMES), False)
        self._withheld: tuple[str, ...] = ()
        self._proxy: Proxy | None = None
        self._channel: Channel | None = None
        self._has_run = False  # whether this process has run the cells
        self._number = 0
        self._deaths = 0
        self._complaint = ""
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
    def refused(self) -> dict[int, tuple[str, ...]]:
        """By the cell's number, what it asked for and the sandbox does not give. Complete after `start`."""
        return dict(sorted(self._records.refused.items()))

    @property
    def withheld(self) -> tuple[str, ...]:
        """What it should have been allowed and this machine cannot allow, by the names that refusals have."""
        return self._withheld

    @property
    def outputs(self) -> dict[int, tuple[Output, ...]]:
        """What the cells printed and showed, by number, as far as it was little enough. Complete after `start`."""
        return self._records.outputs

    @property
    def not_run(self) -> dict[int, str]:
        """The cells that were not run, or were cut off by the time for all of them, with the reason.

        A cell that took too long itself, or that ended its process, is not among them. Complete after `start`.
        """
        return dict.fromkeys(self._records.unfinished, self._why_not())

    @property
    def reads(self) -> dict[str, frozenset[str]]:
        """For each watched function the global names that it reads, as the student's process says."""
        return self._records.reads

    @property
    def replaced(self) -> dict[tuple[str, int], Replacement]:
        """The watched functions that a later cell has made others, as the student's process says.

        Each with the number of the cell before which it was watched.
        """
        return self._records.replaced

    @property
    def seconds_left(self) -> float:
        """What is left, by the clock, of the time for cells and calls together."""
        return min(self._seconds_for_all, self._end_of_all - time.monotonic())

    def start(self) -> bool:
        """Run the cells unless they have been run. False when worker after worker died over them, or `cancel` came.

        Raises:
            NotConfined: a layer is missing that is required.
            SandboxError: no worker can be opened.
        """
        while not self._has_run:
            if self._why_not():
                return False
            self._run_cells()
        return not self._cancelled

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call one of the notebook's functions; see `autograder.judging.outcomes.Functions`."""
        if not self.start():
            again = "its process ended again and again while the notebook's cells were run"
            return Stopped("crash", "it was cancelled" if self._cancelled else again)
        assert self._channel is not None
        seconds = min(seconds, self._end_of_all - time.monotonic())
        if seconds <= 0:
            return Stopped("time")
        arrays: list[memoryview] = []
        deadline = min(time.monotonic() + PATIENCE * seconds, self._end_of_all) + GRACE
        try:
            packed = pack(arguments, arrays, self._zygote.functions)
            message = messages.CallFrame(name, packed, seconds, keep_arguments)
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
        if self._channel is None or not self._has_run:
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
            why = f"the process that runs the cells ended, or had to be ended, {MAX_DEATHS} times"
            return f"{why} ({self._complaint or 'in cells ' + ', '.join(map(str, self._records.left_out))})"
        if self._seconds_for_cells <= 0 or time.monotonic() >= self._end_of_all:
            return "the time for all cells was used up"
        return ""

    def _run_cells(self) -> None:
        if self._channel is None:
            begun = self._zygote.begin()
            self._number, self._channel, self._proxy = begun.number, begun.channel, begun.proxy
            self._confinement, self._withheld = begun.confinement, begun.withheld
        channel, records = self._channel, self._records
        if self._cancelled:  # while it was being opened
            return
        clock = _Clock(self._zygote, self._number)
        if self._end_of_all == math.inf:  # the time in which the zygote starts is nobody's
            self._end_of_all = time.monotonic() + self._seconds_for_all
        patience = _Patience(self, clock, channel)
        waiting = [cell.number for cell in records.to_run]
        try:
            end = time.monotonic() + self._seconds_for_cells
            opening = msgspec.structs.replace(self._opening, cells=records.to_run)
            channel.send(opening, [memoryview(content) for content in self._files.values()], deadline=end)
            while True:
                message = patience.receive()
                match message:
                    case messages.CellStartedFrame(number) if waiting and number == waiting[0]:
                        self._finished(patience)
                        patience.begin(waiting.pop(0))
                    case messages.CellShownFrame(number=number) if number == patience.cell:
                        records.keep(number, message.outputs)
                    case messages.CellRefusedFrame(number, kinds) if number == patience.cell:
                        records.note_refused(number, kinds)
                    case messages.CellProblemFrame(number=number) if number == patience.cell:
                        self._report(patience, message)
                    case messages.ReadyFrame() if not waiting:
                        self._finished(patience)
                        records.close(opening.watched, message)
                        self._has_run = True
                        return
                    case _:
                        raise WireError("a message came that was not due")
        except _NoTimeLeft:  # for all cells together; the one at hand need not be to blame
            self._end()
        except OutOfTime:
            records.finished(patience.cell)
            self._give_up(patience.cell, "TimeLimitReached", "")
        except WireError as error:
            records.finished(patience.cell)
            self._give_up(patience.cell, "Crash", str(error))
        finally:
            self._seconds_for_cells -= clock.seconds()

    def _report(self, patience: "_Patience", problem: messages.CellProblemFrame) -> None:
        if not patience.interrupts:  # else it is the interrupt that ended it
            line = (problem.line, problem.line_number)
            self._records.report(problem.number, problem.type_name, problem.text, *line)

    def _finished(self, patience: "_Patience") -> None:
        if patience.interrupts:
            self._records.report(patience.cell, "TimeLimitReached", "")
        self._records.finished(patience.cell)

    def _give_up(self, number: int, type_name: str, text: str) -> None:
        """This cell is beyond stopping: end the process, and leave the cell out the next time."""
        self._deaths += 1
        self._end()
        if number:
            self._records.leave_out(number, type_name, text)
        else:  # not even the first cell was begun
            self._complaint = f"before the first cell: {legible(text)}" if text else "before the first cell"

    def _end(self) -> None:
        self._has_run = False
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._proxy is not None:
            self._proxy.close()
            self._proxy = None
        if self._number:
            self._zygote.end(self._number)
            self._number = 0


class _NoTimeLeft(Exception):
    """The time for all cells together is over."""


class _Clock:
    """Tells how long a worker has been at work, without the time in which others had its core."""

    def __init__(self, zygote: "Zygote", number: int):
        self._zygote = zygote
        self._number = number
        self._began = time.monotonic()
        self._before = zygote.seconds_in_queue(number)
        self._queued = 0.0

    def seconds(self) -> float:
        """Seconds since this was made. A worker that has ended waits no more."""
        self._queued = max(self._queued, self._zygote.seconds_in_queue(self._number) - self._before)
        return time.monotonic() - self._began - self._queued


class _Patience:
    """Waits for a worker's messages, and interrupts a cell that takes too long.

    Attributes:
        cell: the number of the cell that is being run; 0 before the first.
        interrupts: how many times it was interrupted.
    """

    def __init__(self, worker: Worker, clock: _Clock, channel: Channel):
        self._worker = worker
        self._clock = clock
        self._channel = channel
        self._limit = worker._opening.cell_seconds
        self._began = 0.0
        self.cell = 0
        self.interrupts = 0

    def begin(self, cell: int) -> None:
        """From now on this cell is being run."""
        self.cell, self.interrupts, self._began = cell, 0, self._clock.seconds()

    def receive(self) -> messages.FromWorker:
        """Wait for the next message.

        Raises:
            OutOfTime: the cell has taken too long and cannot be interrupted.
            _NoTimeLeft: the time for all cells is over.
        """
        while True:
            spent = self._clock.seconds()
            left = self._worker._seconds_for_cells - spent
            if left <= 0 or time.monotonic() >= self._worker._end_of_all:
                raise _NoTimeLeft
            due = self._due(spent)
            if due <= 0:
                self._interrupt()
                continue
            try:
                message: messages.FromWorker
                message, _ = self._channel.receive(min(time.monotonic() + min(due, left), self._worker._end_of_all))
            except OutOfTime:  # by the clock; it may have waited for its core
                continue
            return message

    def _due(self, spent: float) -> float:
        """Seconds until something has to be done about the cell."""
        if not self.cell:
            return math.inf
        return self._began + self._limit + self.interrupts * GRACE - spent

    def _interrupt(self) -> None:
        if self.interrupts >= MAX_INTERRUPTS:
            raise OutOfTime("the cell does not mind being interrupted")
        self.interrupts += 1
        self._channel.send(messages.InterruptFrame(self.cell), deadline=time.monotonic() + GRACE)
        self._worker._zygote.interrupt(self._worker._number)
