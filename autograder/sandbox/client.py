"""The grader's end: start a zygote, open workers, call functions, and put an end to whatever does not end by itself."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

from autograder import calls

from . import wire
from .zygote import DONE, FORK, KILL, MESSAGE

#: Seconds that a worker gets beyond a limit to stop by itself before it is killed.
GRACE = 0.5
#: How often a submission's cells are run anew after its worker died, before what is left is given up.
MAX_WORKERS = 6


class CellReport(NamedTuple):
    """A cell that did not end well: its number in the notebook, and the exception or ``TimeLimitReached``."""

    number: int
    type_name: str
    text: str
    line: str
    line_number: int


class Zygote:
    """One zygote process. Use it as a context manager; it starts anew by itself if it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(
        self, cells: Sequence[wire.Cell], cell_seconds: float = 10.0, total_seconds: float = 60.0
    ) -> "Worker":
        """Run a notebook's cells in a new worker, each for at most `cell_seconds`, all for at most `total_seconds`."""
        return Worker(self, cells, cell_seconds, total_seconds)

    def close(self) -> None:
        """End the zygote and every worker that it still has."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.wait()
            self._process = None

    def fork(self) -> tuple[int, socket.socket]:
        """Fork a worker: its process id and our end of the socket to it."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                return self._ask(FORK, 0, theirs), ours
        except BaseException:
            ours.close()
            raise

    def kill(self, pid: int) -> None:
        """End a worker and everything in its session."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(OSError):
                self._ask(KILL, pid)

    def _ask(self, kind: bytes, pid: int, handle: socket.socket | None = None) -> int:
        for attempt in range(3):
            try:
                control = self._running()
                if handle is None:
                    control.sendall(MESSAGE.pack(kind, pid))
                else:
                    socket.send_fds(control, [MESSAGE.pack(kind, pid)], [handle.fileno()])
                return _reply(control)
            except OSError:
                self._stop()
                if kind == KILL:  # its workers died with it
                    return 0
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _running(self) -> socket.socket:
        if self._control is None:
            ours, theirs = socket.socketpair()
            with theirs:
                # A clean environment and -I: neither the student's folder nor the grader's settings reach it.
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-c", "from autograder.sandbox.zygote import main; main()"],
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                )
            self._control = ours
            _reply(ours)
        return self._control

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
        self.close()


class Worker:
    """One submission, open for calls. Implements `autograder.calls.Functions`.

    When a call or a cell has to be ended by force, the next call gets a fresh process in which the cells were run
    again, the guilty cell left out, so that a mishap costs only the call in which it happened.
    """

    def __init__(
        self, zygote: Zygote, cells: Sequence[wire.Cell], cell_seconds: float, total_seconds: float
    ):
        self._zygote = zygote
        self._cells = list(cells)
        self._cell_seconds = cell_seconds
        self._total_seconds = total_seconds
        self._reports: dict[int, CellReport] = {}
        self._channel: wire.Channel | None = None
        self._pid = 0
        self._started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def reports(self) -> tuple[CellReport, ...]:
        """The cells that did not end well, in the notebook's order. Complete after `start`."""
        return tuple(self._reports[number] for number in sorted(self._reports))

    def start(self) -> bool:
        """Run the cells unless they have been run. False when worker after worker died over them."""
        while self._channel is None:
            if self._started >= MAX_WORKERS:
                return False
            self._started += 1
            self._run_cells()
        return True

    def call(
        self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False
    ) -> calls.Outcome:
        """Call one of the notebook's functions; see `autograder.calls.Functions`."""
        if not self.start():
            return calls.Stopped("crash", "its process ended again and again while the notebook's cells were run")
        assert self._channel is not None
        arrays: list[memoryview] = []
        deadline = time.monotonic() + seconds + GRACE
        try:
            message = wire.Call(name, wire.pack(arguments, arrays), seconds, keep_arguments)
            self._channel.send(message, arrays, deadline)
            answer, blobs = self._channel.receive(deadline)
            return self._outcome(answer, blobs)
        except wire.OutOfTime:
            self._end()
            return calls.Stopped("time")
        except wire.Closed:
            self._end()
            return calls.Stopped("crash", "its process ended during the call")
        except wire.WireError as error:
            self._end()
            return calls.Stopped("crash", f"what came back could not be read: {error}")

    def close(self) -> None:
        """End the worker's process and whatever it started."""
        self._end()

    def _run_cells(self) -> None:
        self._pid, connection = self._zygote.fork()
        channel = wire.Channel(connection, worker_side=False)
        current = 0
        end = time.monotonic() + self._total_seconds
        deadline = end
        try:
            channel.send(wire.Open(self._cells, self._cell_seconds), deadline=end)
            while True:
                message, _ = channel.receive(deadline)
                match message:
                    case wire.CellStarted(number):
                        current = number
                        deadline = min(end, time.monotonic() + self._cell_seconds + GRACE)
                    case wire.CellProblem():
                        self._report(
                            message.number, message.type_name, message.text, message.line, message.line_number
                        )
                    case wire.Ready():
                        self._channel = channel
                        return
                    case _:
                        raise wire.WireError("a result came before any call")
        except wire.OutOfTime:
            self._give_up(channel, current, "TimeLimitReached", "")
        except wire.WireError as error:
            self._give_up(channel, current, "Crash", str(error))

    def _report(self, number: int, *rest: object) -> None:
        self._reports.setdefault(number, CellReport(number, *rest))

    def _give_up(self, channel: wire.Channel, number: int, type_name: str, text: str) -> None:
        """This cell is beyond stopping: end the process, and leave the cell out the next time."""
        channel.close()
        self._end()
        self._report(number, type_name, text, "", 0)
        self._cells = [cell for cell in self._cells if cell.number != number]

    def _outcome(self, answer: object, arrays: list[bytearray]) -> calls.Outcome:
        match answer:
            case wire.Returned():
                pair = wire.unpack(answer.pair, arrays)
                if not isinstance(pair, tuple) or len(pair) != 2:
                    raise wire.WireError("a result came without its arguments")
                return calls.Returned(*pair)
            case wire.Raised():
                return calls.Raised(
                    answer.type_name, answer.text, answer.line, answer.line_number, answer.untouched, answer.where
                )
            case wire.Missing(text):
                return calls.Missing(text)
            case wire.Stopped():
                return calls.Stopped("time")
        raise wire.WireError("a message came that is no result")

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._pid:
            self._zygote.kill(self._pid)
            self._pid = 0


def _reply(control: socket.socket) -> int:
    reply = b""
    while len(reply) < MESSAGE.size:
        part = control.recv(MESSAGE.size - len(reply))
        if not part:
            raise ConnectionError("the zygote has ended")
        reply += part
    kind, pid = MESSAGE.unpack(reply)
    if kind != DONE:
        raise ConnectionError("the zygote gave no sensible reply")
    return pid
