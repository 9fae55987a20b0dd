"""The process of one submission: confines itself, runs the notebook's cells, then answers calls.

Everything here shares a process with the student's code, so nothing here is a secret or a verdict. What the layers
found out about themselves is sent before the first cell arrives; afterwards nobody would believe it.
"""

import os
import signal
import socket
from types import ModuleType
from typing import NoReturn

from autograder.judging import calling
from autograder.judging.outcomes import Missing, Outcome, Raised, Returned, Stopped
from autograder.judging.standing import Standing, first_change, standing
from autograder.judging.time_limits import seconds_in_queue
from autograder.sandbox.confinement import Confinement
from autograder.sandbox.inside import absent
from autograder.sandbox.inside.shell import CellRunner
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.files import WorkerFolder
from autograder.sandbox.wire.outputs import sendable
from autograder.sandbox.wire.packing import pack, unpack

__all__ = ["main"]


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
        channel = Channel(socket.socket(fileno=handle), worker_side=True)
        try:
            _detach()
            seconds_in_queue(confinement.proc)  # opens what cannot be reached once this is confined
            enforced = confinement.confine(folder)
        except Exception as error:
            channel.send(messages.ConfinedFrame({}, f"{type(error).__name__}: {error}"))
            raise
        channel.send(messages.ConfinedFrame(enforced))
        _serve(channel, functions)
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
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(channel: Channel, functions: ModuleType | None) -> None:
    opening, contents = channel.receive()
    os.environ.update(opening.environment)
    folder = WorkerFolder(os.getcwd())
    folder.fill(opening.files, contents)
    cells = CellRunner()
    if opening.stand_in_packages:
        absent.provide(cells.names)
    watching: dict[str, Standing] = {}
    _run(channel, cells, opening, watching)
    namespace = calling.Namespace(cells.names)
    while True:
        request, arrays = channel.receive()
        if isinstance(request, messages.CollectFrame):
            names, made = folder.made()
            channel.send(messages.MadeFrame([sendable(name) for name in names]), made)
        elif isinstance(request, messages.RunFrame):
            _run(channel, cells, request, watching)
        else:
            arguments = unpack(request.arguments, arrays, functions, numpy=True)
            outcome = namespace.call(request.name, arguments, request.seconds, request.keep_arguments)
            _answer(channel, outcome, functions)


def _run(
    channel: Channel,
    cells: CellRunner,
    request: messages.OpenFrame | messages.RunFrame,
    watching: dict[str, Standing],
) -> None:
    """Run cells, and see what they make of the functions that are watched; then watch those that are asked for."""
    replaced = []
    for cell in request.cells:
        channel.send(messages.CellStartedFrame(cell.number))
        error = cells.run(cell.source, request.cell_seconds)
        outputs = cells.outputs()
        if outputs:
            channel.send(messages.CellShownFrame(cell.number, outputs))
        if error is not None:
            raised = _sendable(calling.raised(error, cells.names))
            problem = (raised.type_name, raised.text, raised.line, raised.line_number)
            channel.send(messages.CellProblemFrame(cell.number, *problem))
        elif lacking := absent.imported_since():
            channel.send(messages.CellProblemFrame(cell.number, messages.MISSING_PACKAGE, sendable(", ".join(lacking))))
        for function, was in list(watching.items()):
            name = first_change(was, cells.names)
            if name is not None:
                replaced.append(messages.Replaced(function, sendable(name), cell.number))
                del watching[function]
    reads = {}
    for function in request.watched:
        watching[function] = standing(function, cells.names)
        reads[function] = [sendable(name) for name in watching[function]]
    channel.send(messages.ReadyFrame(reads, replaced))


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
