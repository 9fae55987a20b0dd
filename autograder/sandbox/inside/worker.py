"""The process of one submission: confines itself, runs the notebook's cells, then answers calls.

Everything here shares a process with the student's code, so nothing here is a secret or a verdict. What the layers
found out about themselves is sent before the first cell arrives; afterwards nobody would believe it.
"""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, NoReturn

from autograder.judging import calling
from autograder.judging.outcomes import Missing, Outcome, Raised, Returned, Stopped
from autograder.judging.standing import Standing, first_change, standing
from autograder.judging.time_limits import seconds_in_queue
from autograder.sandbox.confinement import Confinement, Permissions
from autograder.sandbox.inside import absent, way_out
from autograder.sandbox.inside.refusals import Refusals
from autograder.sandbox.inside.shell import CellRunner
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.errors import OutOfTime
from autograder.sandbox.wire.files import WorkerFolder
from autograder.sandbox.wire.outputs import MISSING_PACKAGE, sendable
from autograder.sandbox.wire.packing import pack, unpack

__all__ = ["main"]

#: Seconds that a frame may take which has been sent already.
_MOMENT = 0.01


def main(
    handle: int, confinement: Confinement, functions: ModuleType | None = None, folder: str | None = None
) -> NoReturn:
    """Become the worker: talk over the socket `handle`, and never return.

    Args:
        handle: descriptor of the socket to the grader.
        confinement: prepared, not yet put on.
        functions: the module of functions that may travel by name.
        folder: where to work, unless this process was forked with ``confinement.fork()``.
    """
    try:
        connection = socket.socket(fileno=handle)
        channel = Channel(connection, worker_side=True)
        try:
            _detach()
            seconds_in_queue(confinement.proc)  # opens what cannot be reached once this is confined
            enforced = confinement.confine(folder)
        except Exception as error:
            channel.send(messages.ConfinedFrame({}, f"{type(error).__name__}: {error}"))
            raise
        granted, withheld = confinement.granted, confinement.withheld
        listener = way_out.prepare(connection) if "network" in granted else None
        if "network" in granted and listener is None:
            withheld = [*withheld, "network"]
        channel.send(messages.ConfinedFrame(enforced, "", withheld, listener is not None))
        if listener is not None:
            way_out.hand_out(channel, listener)
        _serve(channel, functions, granted, confinement.permissions)
    finally:  # the grader has gone or has closed this submission
        os._exit(0)


def _detach() -> None:
    """Leave the zygote's session and standard streams."""
    # Whoever was started in a session of its own leads it already, and may not begin another.
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _serve(channel: Channel, functions: ModuleType | None, granted: frozenset[str], permissions: Permissions) -> None:
    opening, contents = channel.receive()
    os.environ.update(opening.environment)
    os.mkdir(opening.folder)
    os.chdir(opening.folder)
    folder = WorkerFolder(os.getcwd())
    folder.fill(opening.files, contents)
    cells = CellRunner()
    interrupts = _Interrupts(channel, cells)
    refusals = Refusals(os.getcwd(), granted, permissions)
    cells.when_refused(None if "programs" in granted else refusals.note)
    if opening.stand_in_packages:
        absent.provide(cells.names)
    _run_cells(opening, channel, cells, interrupts, refusals)
    namespace = calling.Namespace(cells.names)
    while True:
        request, arrays = channel.receive()
        if isinstance(request, messages.InterruptFrame):  # it came too late
            continue
        if isinstance(request, messages.CollectFrame):
            names, made = folder.made()
            channel.send(messages.MadeFrame([sendable(name) for name in names]), made)
        else:
            arguments = unpack(request.arguments, arrays, functions, numpy=True)
            asked = (request.name, arguments, request.seconds, request.keep_arguments)
            outcome = cells.context.run(namespace.call, *asked)
            _answer(channel, outcome, functions)


def _run_cells(
    opening: messages.OpenFrame, channel: Channel, cells: CellRunner, interrupts: "_Interrupts", refusals: Refusals
) -> None:
    watched = _Watched(opening.watched, cells.names)
    seconds = None if opening.is_interrupted else opening.cell_seconds
    for cell in opening.cells:
        watched.come_to(cell.number)
        channel.send(messages.CellStartedFrame(cell.number))
        with interrupts.meant_for(cell.number):
            error = cells.run(cell.source, seconds)
        if refused := refusals.take(error):
            channel.send(messages.CellRefusedFrame(cell.number, refused))
        shown = cells.outputs()
        if shown:
            channel.send(messages.CellShownFrame(cell.number, shown))
        if error is not None:
            raised = _sendable(calling.raised(error, cells.names))
            problem = (raised.type_name, raised.text, raised.line, raised.line_number)
            channel.send(messages.CellProblemFrame(cell.number, *problem))
        elif lacking := absent.imported_since():
            channel.send(messages.CellProblemFrame(cell.number, MISSING_PACKAGE, sendable(", ".join(lacking))))
        watched.leave(cell.number)
    channel.send(watched.report())


class _Watched:
    """Functions that are watched: how each stood before a cell, and what later cells have made of it.

    Args:
        wanted: which functions, by the cells' numbers.
        names: the notebook's global names.
    """

    def __init__(self, wanted: list[messages.Watch], names: Mapping[str, Any]):
        self._wanted = wanted
        self._waiting = sorted(wanted, key=lambda watch: watch.before)
        self._names = names
        self._standing: dict[tuple[str, int], Standing] = {}
        self._replaced: list[messages.Replaced] = []

    def come_to(self, number: int) -> None:
        """The cell of this number comes next."""
        while self._waiting and self._waiting[0].before <= number:
            watch = self._waiting.pop(0)
            for function in watch.functions:
                if function in self._names:  # what is not there yet cannot become another
                    self._standing[function, watch.before] = standing(function, self._names)

    def leave(self, number: int) -> None:
        """The cell of this number has been run."""
        for (function, before), was in list(self._standing.items()):
            name = first_change(was, self._names)
            if name is not None:
                self._replaced.append(messages.Replaced(function, before, sendable(name), number))
                del self._standing[function, before]

    def report(self) -> messages.ReadyFrame:
        """All that there is to say at the end."""
        functions = dict.fromkeys(function for watch in self._wanted for function in watch.functions)
        reads = {name: [sendable(read) for read in standing(name, self._names).reads] for name in functions}
        return messages.ReadyFrame(reads, self._replaced)


class _Interrupts:
    """Hands on the grader's signals to the cell that they are meant for: that one may just have ended."""

    def __init__(self, channel: Channel, cells: CellRunner):
        self._channel = channel
        self._cells = cells
        self._current = 0
        signal.signal(signal.SIGINT, self._ring)

    @contextlib.contextmanager
    def meant_for(self, number: int) -> Iterator[None]:
        """While this cell is run, its signals are let through."""
        self._current = number
        try:
            yield
        finally:
            self._current = 0

    def _ring(self, *_: object) -> None:
        if not self._current:  # whoever waits for the next frame reads it
            return
        is_meant = False
        with contextlib.suppress(OutOfTime):
            while True:  # there may be earlier ones, to which the cell has not listened
                frame, _contents = self._channel.receive(time.monotonic() + _MOMENT)
                is_meant = isinstance(frame, messages.InterruptFrame) and frame.number == self._current
        if is_meant:
            self._cells.interrupt()


def _answer(channel: Channel, outcome: Outcome, functions: ModuleType | None) -> None:
    arrays: list[memoryview] = []
    match outcome:
        case Returned():
            pair = pack((outcome.value, outcome.arguments), arrays, functions)
            channel.send(messages.ReturnedFrame(pair, list(outcome.traces)), arrays)
        case Raised():
            channel.send(messages.RaisedFrame(*_sendable(outcome)))
        case Missing(text):
            channel.send(messages.MissingFrame(text))
        case Stopped():
            channel.send(messages.StoppedFrame())


def _sendable(raised: Raised) -> Raised:
    type_name, text, line, where = map(sendable, (raised.type_name, raised.text, raised.line, raised.where))
    return Raised(type_name, text, line, raised.line_number, raised.untouched, where)
