"""The process of one submission: closes the walls around itself, runs the notebook's cells, then answers calls.

Everything here shares a process with the student's code, so nothing here is a secret or a verdict. What the walls
found out about themselves is sent before the first cell arrives; afterwards nobody would believe it.
"""

import os
import signal
import socket
from typing import NoReturn

from autograder.judging import calling
from autograder.sandbox.confinement import Walls
from autograder.sandbox.wire import files, frames
from autograder.sandbox.wire.outputs import sendable

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
        channel = frames.Channel(socket.socket(fileno=handle), worker_side=True)
        calling.seconds_in_queue(walls.proc)  # opens what lies behind the walls
        try:
            bites = walls.close(folder)
        except Exception as error:
            channel.send(frames.Confined({}, f"{type(error).__name__}: {error}"))
            raise
        channel.send(frames.Confined(bites))
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


def _serve(channel: frames.Channel) -> None:
    opening, contents = channel.receive()
    os.environ.update(opening.environment)
    folder = files.Folder(os.getcwd())
    folder.fill(opening.files, contents)
    notebook = Notebook()
    for cell in opening.cells:
        channel.send(frames.CellStarted(cell.number))
        error = notebook.run(cell.source, opening.cell_seconds)
        outputs = notebook.outputs()
        if outputs:
            channel.send(frames.CellShown(cell.number, outputs))
        if error is not None:
            told = _sendable(calling.raised(error, notebook.names))
            problem = frames.CellProblem(cell.number, told.type_name, told.text, told.line, told.line_number)
            channel.send(problem)
    channel.send(frames.Ready())
    functions = calling.Namespace(notebook.names)
    while True:
        call, arrays = channel.receive()
        if isinstance(call, frames.Collect):
            names, contents = folder.made()
            channel.send(frames.Made([sendable(name) for name in names]), contents)
            continue
        arguments = frames.unpack(call.arguments, arrays)
        outcome = functions.call(call.name, arguments, call.seconds, call.keep_arguments)
        _answer(channel, outcome)


def _answer(channel: frames.Channel, outcome: calling.Outcome) -> None:
    arrays: list[memoryview] = []
    match outcome:
        case calling.Returned():
            pair = frames.pack((outcome.value, outcome.arguments), arrays)
            channel.send(frames.Returned(pair), arrays)
        case calling.Raised():
            channel.send(frames.Raised(*_sendable(outcome)))
        case calling.Missing(text):
            channel.send(frames.Missing(text))
        case calling.Stopped():
            channel.send(frames.Stopped())


def _sendable(told: calling.Raised) -> calling.Raised:
    return calling.Raised(*(sendable(part) if isinstance(part, str) else part for part in told))
