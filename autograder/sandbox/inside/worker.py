"""The process of one submission: closes the walls around itself, runs the notebook's cells, then answers calls.

Everything here shares a process with the student's code, so nothing here is a secret or a verdict. What the walls
found out about themselves is sent before the first cell arrives; afterwards nobody would believe it.
"""

import os
import signal
import socket
from typing import NoReturn

from autograder import calls

from . import files, wire
from .confinement import Walls
from .outputs import sendable
from .shell import Notebook


def main(handle: int, walls: Walls, folder: str | None = None) -> NoReturn:
    """Become the worker: talk over the socket `handle`, and never return.

    Args:
        handle: descriptor of the socket to the grader.
        walls: prepared, not yet closed.
        folder: where to work, unless this process was forked with ``walls.fork()``.
    """
    try:
        _detach()
        channel = wire.Channel(socket.socket(fileno=handle), worker_side=True)
        calls.seconds_in_queue(walls.proc)  # opens what lies behind the walls
        try:
            bites = walls.close(folder)
        except Exception as error:
            channel.send(wire.Confined({}, f"{type(error).__name__}: {error}"))
            raise
        channel.send(wire.Confined(bites))
        _serve(channel)
    finally:  # the grader has gone or has closed this submission
        os._exit(0)


def _detach() -> None:
    """Leave the zygote's session and standard streams."""
    if hasattr(os, "setsid"):
        os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(channel: wire.Channel) -> None:
    opening, contents = channel.receive()
    os.environ.update(opening.environment)
    folder = files.Folder(os.getcwd())
    folder.fill(opening.files, contents)
    notebook = Notebook()
    for cell in opening.cells:
        channel.send(wire.CellStarted(cell.number))
        error = notebook.run(cell.source, opening.cell_seconds)
        outputs = notebook.outputs()
        if outputs:
            channel.send(wire.CellShown(cell.number, outputs))
        if error is not None:
            told = _sendable(calls.raised(error, notebook.names))
            problem = wire.CellProblem(cell.number, told.type_name, told.text, told.line, told.line_number)
            channel.send(problem)
    channel.send(wire.Ready())
    functions = calls.Namespace(notebook.names)
    while True:
        call, arrays = channel.receive()
        if isinstance(call, wire.Collect):
            names, contents = folder.made()
            channel.send(wire.Made([sendable(name) for name in names]), contents)
            continue
        arguments = wire.unpack(call.arguments, arrays)
        outcome = functions.call(call.name, arguments, call.seconds, call.keep_arguments)
        _answer(channel, outcome)


def _answer(channel: wire.Channel, outcome: calls.Outcome) -> None:
    arrays: list[memoryview] = []
    match outcome:
        case calls.Returned():
            pair = wire.pack((outcome.value, outcome.arguments), arrays)
            channel.send(wire.Returned(pair), arrays)
        case calls.Raised():
            channel.send(wire.Raised(*_sendable(outcome)))
        case calls.Missing(text):
            channel.send(wire.Missing(text))
        case calls.Stopped():
            channel.send(wire.Stopped())


def _sendable(told: calls.Raised) -> calls.Raised:
    return calls.Raised(*(sendable(part) if isinstance(part, str) else part for part in told))
