"""The grader's end: open workers, call functions, and put an end to whatever does not end by itself."""

import sys
import time
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

from autograder.judging import calling
from autograder.notebooks.text import legible
from autograder.sandbox.confinement import LAYERS, OUTCOMES, Limits, process
from autograder.sandbox.outside.launch import Ancestor, Forked, Fresh, Opener, SandboxError
from autograder.sandbox.wire import frames
from autograder.sandbox.wire.files import is_plain
from autograder.sandbox.wire.outputs import MAX_CELL, MAX_NOTEBOOK, Output, bounded, size

#: Seconds that a worker gets beyond a limit to stop by itself before it is killed.
GRACE = 0.5
#: How many times its limit a worker may take by the clock on the wall. It stops by itself when the limit is over, and
#: does not count the time in which others had its core; one that does not stop is killed.
PATIENCE = 3.0
#: How many workers may die over a submission's cells before what is left is given up.
MAX_DEATHS = 6
#: Seconds that a worker has to close its walls. It takes milliseconds, or seconds where it starts without a zygote.
_OPENING_SECONDS = 120.0
#: Seconds that a worker has to send the files that its notebook has made.
_COLLECTING_SECONDS = 30.0


class CellReport(NamedTuple):
    """A cell that did not end well: its number in the notebook, and the exception or ``TimeLimitReached``."""

    number: int
    type_name: str
    text: str
    line: str
    line_number: int


class NotConfined(Exception):
    """This machine has fewer walls than the course demands. `missing` names those."""

    def __init__(self, missing: Sequence[str]):
        self.missing = tuple(missing)
        super().__init__(
            f"On this machine a student's code cannot be confined as demanded. Missing: {', '.join(missing)}."
        )


class Zygote:
    """Opens workers, from one zygote process that starts when first needed and anew if it dies.

    Use it as a context manager.

    Args:
        layers: which walls to put up, of `LAYERS`; as far as the machine allows, all of them.
        require: walls and outcomes (`LAYERS`, `OUTCOMES`) without which nothing is run.
        limits: what one submission may use.
        fork: whether workers are forked. By default they are on Linux, where alone that is safe once torch is
            imported; elsewhere each worker is a fresh Python.
        ancestor: where the zygote is forked from, if others like it are wanted; a Python of its own by default.

    Raises:
        ValueError: there is no wall of such a name.
    """

    def __init__(
        self,
        *,
        layers: Collection[str] = LAYERS,
        require: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008  (it cannot change)
        fork: bool | None = None,
        ancestor: Ancestor | None = None,
    ):
        for name in (*layers, *require):
            if name not in (*LAYERS, *OUTCOMES):
                raise ValueError(f"there is no wall called {name!r}; there are {', '.join((*LAYERS, *OUTCOMES))}")
        if fork is None:
            fork = sys.platform == "linux"
        ordered = [name for name in LAYERS if name in layers]
        self._opener: Opener = Forked(ordered, limits, ancestor) if fork else Fresh(ordered, limits)
        self._opaque = "process" in layers
        self._require = tuple(require)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to import what the next worker needs, without waiting for it: its submission will not have to.

        Once is enough where workers are forked. Where each is a fresh Python, ask again before the next one.
        """
        self._opener.start()

    @property
    def confinement(self) -> dict[str, bool]:
        """Which walls bite here, as a worker opened for that purpose finds.

        Raises:
            NotConfined: one is missing that is required.
            SandboxError: no worker can be opened.
        """
        with self.open(()) as worker:
            worker.start()
            return worker.confinement

    def open(
        self,
        cells: Sequence[frames.Cell],
        cell_seconds: float = 10.0,
        total_seconds: float = 60.0,
        submission_seconds: float = 900.0,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> "Worker":
        """Run a notebook's cells in a new worker.

        Args:
            cells: what to run, in order.
            cell_seconds: how long each may take, not counting the time in which others had its core.
            total_seconds: how long all of them may take by the clock, also if they have to be run again.
            submission_seconds: how long cells and calls together may take by the clock.
            files: what lies in the notebook's folder, by relative name; see `files.MAX_BYTES`.
            environment: variables that the notebook finds set, beside the few that it has anyway.
        """
        return Worker(self, cells, cell_seconds, total_seconds, submission_seconds, files, environment)

    def close(self) -> None:
        """End every worker and the process they come from."""
        self._opener.close()

    def begin(self) -> tuple[int, frames.Channel, dict[str, bool]]:
        """Open a worker's process with its walls closed and nothing in it, and say which bite. For `Worker`.

        Raises:
            NotConfined: a wall is missing that is required.
            SandboxError: no worker can be opened.
        """
        if self._opaque:
            process.be_opaque()  # our memory holds the answers
        number, connection = self._opener.open()
        channel = frames.Channel(connection, worker_side=False)
        try:
            message, _ = channel.receive(time.monotonic() + _OPENING_SECONDS)
            if not isinstance(message, frames.Confined) or message.problem:
                raise SandboxError(f"a worker could not close its walls: {getattr(message, 'problem', message)}")
            found = {name: message.layers.get(name, False) for name in (*LAYERS, *OUTCOMES)}
            missing = [name for name in self._require if not found[name]]
            if missing:
                raise NotConfined(missing)
        except BaseException as error:
            channel.close()
            self.end(number)
            if isinstance(error, frames.WireError):
                raise SandboxError(f"a worker ended before it was given anything: {error}") from None
            raise
        return number, channel, found

    def end(self, number: int) -> None:
        """End a worker's process and everything it started. For `Worker`."""
        self._opener.kill(number)


class Worker:
    """One submission, open for calls. Implements `autograder.judging.calling.Functions`.

    When a call or a cell has to be ended by force, the next call gets a fresh process in which the cells were run
    again, the guilty cell left out, so that a mishap costs only the call in which it happened.
    """

    def __init__(
        self,
        zygote: Zygote,
        cells: Sequence[frames.Cell],
        cell_seconds: float,
        total_seconds: float,
        submission_seconds: float,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ):
        self._zygote = zygote
        self._files = dict(files or {})
        self._environment = dict(environment or {})
        self._cells = list(cells)
        self._cell_seconds = cell_seconds
        self._seconds_for_cells = total_seconds
        self._end_of_all = time.monotonic() + submission_seconds
        self._confinement = dict.fromkeys((*LAYERS, *OUTCOMES), False)
        self._reports: dict[int, CellReport] = {}
        self._outputs: dict[int, tuple[Output, ...]] = {}
        self._room = MAX_NOTEBOOK
        self._channel: frames.Channel | None = None
        self._ready = False
        self._number = 0
        self._deaths = 0
        self._cancelled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def confinement(self) -> dict[str, bool]:
        """Which walls bite around this submission, tried before any of its code was there. Known after `start`."""
        return dict(self._confinement)

    @property
    def reports(self) -> tuple[CellReport, ...]:
        """The cells that did not end well, in the notebook's order. Complete after `start`."""
        return tuple(self._reports[number] for number in sorted(self._reports))

    @property
    def outputs(self) -> dict[int, tuple[Output, ...]]:
        """What the cells printed and showed, by number, as far as it was little enough. Complete after `start`."""
        return dict(sorted(self._outputs.items()))

    def start(self) -> bool:
        """Run the cells unless they have been run. False when worker after worker died over them, or `cancel` came.

        Raises:
            NotConfined: a wall is missing that is required.
            SandboxError: no worker can be opened.
        """
        while not self._ready:
            if self._cancelled or self._deaths >= MAX_DEATHS or self._seconds_for_cells <= 0:
                return False
            self._run_cells()
        return not self._cancelled

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> calling.Outcome:
        """Call one of the notebook's functions; see `autograder.judging.calling.Functions`."""
        if not self.start():
            if self._cancelled:
                return calling.Stopped("crash", "it was cancelled")
            return calling.Stopped("crash", "its process ended again and again while the notebook's cells were run")
        assert self._channel is not None
        seconds = min(seconds, self._end_of_all - time.monotonic())
        if seconds <= 0:
            return calling.Stopped("time")
        arrays: list[memoryview] = []
        deadline = min(time.monotonic() + PATIENCE * seconds, self._end_of_all) + GRACE
        try:
            message = frames.Call(name, frames.pack(arguments, arrays), seconds, keep_arguments)
            self._channel.send(message, arrays, deadline)
            answer, blobs = self._channel.receive(deadline)
            return self._outcome(answer, blobs)
        except frames.OutOfTime:
            self._end()
            return calling.Stopped("time")
        except frames.Closed:
            self._end()
            return calling.Stopped("crash", "its process ended during the call")
        except frames.WireError as error:
            self._end()
            return calling.Stopped("crash", f"what came back could not be read: {error}")

    def cancel(self) -> None:
        """Let go of whatever is being waited for, and of all that would come. To be called from another thread.

        Cells and calls end at once, as if the process had died; `close` is still for whoever opened the worker.
        """
        self._cancelled = True
        channel = self._channel
        if channel is not None:
            channel.interrupt()

    def made_files(self) -> dict[str, bytes]:
        """Files that the cells have made or changed in their folder, by relative name. Empty if that cannot be told.

        The names are safe to join to a folder; the contents are whatever the student's code wanted them to be.
        """
        if self._channel is None or not self._ready:
            return {}
        deadline = time.monotonic() + _COLLECTING_SECONDS
        try:
            self._channel.send(frames.Collect(), deadline=deadline)
            message, contents = self._channel.receive(deadline)
            if not isinstance(message, frames.Made) or len(message.files) != len(contents):
                raise frames.WireError("a message came that is no list of files")
        except frames.WireError:
            self._end()
            return {}
        pairs = zip(message.files, contents, strict=True)
        return {name: bytes(content) for name, content in pairs if is_plain(name)}

    def close(self) -> None:
        """End the worker's process and whatever it started."""
        self._end()

    def _run_cells(self) -> None:
        self._number, self._channel, self._confinement = self._zygote.begin()
        channel = self._channel
        if self._cancelled:  # while it was being opened
            return
        began = time.monotonic()
        end = min(began + self._seconds_for_cells, self._end_of_all)
        current = 0
        deadline = end
        waiting = [cell.number for cell in self._cells]
        try:
            opening = frames.Open(self._cells, self._cell_seconds, list(self._files), self._environment)
            channel.send(opening, [memoryview(content) for content in self._files.values()], deadline=end)
            while True:
                message, _ = channel.receive(deadline)
                match message:
                    case frames.CellStarted(number) if waiting and number == waiting[0]:
                        current = waiting.pop(0)
                        deadline = min(end, time.monotonic() + PATIENCE * self._cell_seconds + GRACE)
                    case frames.CellShown(number=number) if number == current:
                        self._keep(number, message.outputs)
                    case frames.CellProblem(number=number) if number == current:
                        self._report(number, message.type_name, message.text, message.line, message.line_number)
                    case frames.Ready() if not waiting:
                        self._ready = True
                        return
                    case _:
                        raise frames.WireError("a message came that was not due")
        except frames.OutOfTime:
            self._give_up(current, "TimeLimitReached", "")
        except frames.WireError as error:
            self._give_up(current, "Crash", str(error))
        finally:
            self._seconds_for_cells -= time.monotonic() - began

    def _report(self, number: int, type_name: str, text: str, line: str, line_number: int) -> None:
        report = CellReport(number, legible(type_name), legible(text), legible(line), line_number)
        self._reports.setdefault(number, report)

    def _keep(self, number: int, shown: list[Output]) -> None:
        """Keep a cell's outputs from the first time it was run."""
        if number not in self._outputs and self._room > 0:
            kept = tuple(bounded(shown, min(MAX_CELL, self._room)))
            self._room -= sum(map(size, kept))
            self._outputs[number] = kept

    def _give_up(self, number: int, type_name: str, text: str) -> None:
        """This cell is beyond stopping: end the process, and leave the cell out the next time."""
        self._deaths += 1
        self._end()
        self._report(number, type_name, text, "", 0)
        self._cells = [cell for cell in self._cells if cell.number != number]

    def _outcome(self, answer: object, arrays: list[bytearray]) -> calling.Outcome:
        match answer:
            case frames.Returned():
                pair = frames.unpack(answer.pair, arrays)
                if not isinstance(pair, tuple) or len(pair) != 2:
                    raise frames.WireError("a result came without its arguments")
                return calling.Returned(*pair)
            case frames.Raised():
                texts = map(legible, (answer.type_name, answer.text, answer.line))
                return calling.Raised(*texts, answer.line_number, answer.untouched, legible(answer.where))
            case frames.Missing(text):
                return calling.Missing(legible(text))
            case frames.Stopped():
                return calling.Stopped("time")
        raise frames.WireError("a message came that is no result")

    def _end(self) -> None:
        self._ready = False
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._number:
            self._zygote.end(self._number)
            self._number = 0
