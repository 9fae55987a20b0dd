"""The process of one submission: runs the notebook's cells as Jupyter would, then answers calls.

Everything here shares a process with the student's code, so nothing here is a secret or a verdict.
"""

import builtins
import contextlib
import io
import os
import signal
import socket
import warnings
from typing import Any, NoReturn

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder import calls

from . import wire

#: What one cell may print before the rest is dropped.
MAX_PRINTED = 100_000


def main(handle: int, folder: str) -> NoReturn:
    """Become the worker: talk over the socket `handle`, work in `folder`, and never return."""
    try:
        _detach(folder)
        _serve(wire.Channel(socket.socket(fileno=handle), worker_side=True))
    except wire.WireError:
        pass  # the grader has gone or has closed this submission
    finally:
        os._exit(0)


def _detach(folder: str) -> None:
    """Leave the zygote's session, folder and standard streams."""
    os.setsid()
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = folder
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(channel: wire.Channel) -> None:
    opening, _ = channel.receive()
    notebook = _Notebook()
    for cell in opening.cells:
        channel.send(wire.CellStarted(cell.number))
        problem = notebook.run(cell, opening.cell_seconds)
        if problem is not None:
            channel.send(problem)
    channel.send(wire.Ready())
    functions = calls.Namespace(notebook.names)
    while True:
        call, arrays = channel.receive()
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
            channel.send(wire.Raised(*outcome))
        case calls.Missing(text):
            channel.send(wire.Missing(text))
        case calls.Stopped():
            channel.send(wire.Stopped())


class Shell(InteractiveShell):
    """IPython without a terminal or a frontend: nobody sees a window, so there is nothing to enable."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept ``%matplotlib inline`` and its kin; pictures are drawn and shown to nobody."""


def make_shell() -> Shell:
    """The shell that cells run in. The zygote makes it once, before it forks; it is slow to make."""
    config = Config()
    config.HistoryManager.enabled = False  # no database, no thread
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 100
    return Shell.instance(config=config)


class _Notebook:
    """Runs cells in an IPython shell, so that magics, `display`, top-level await and `_` are what they are in Jupyter."""

    def __init__(self) -> None:
        self._shell = make_shell()
        builtins.input = _no_input

    @property
    def names(self) -> dict[str, Any]:
        """The notebook's global names."""
        return self._shell.user_ns

    def run(self, cell: wire.Cell, seconds: float) -> wire.CellProblem | None:
        """Run one cell; `None` if it ended well."""
        printed = _Bounded()
        try:
            with (
                calls.time_limit(seconds),
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                warnings.catch_warnings(),
            ):
                result = self._shell.run_cell(cell.source, store_history=True)
        except calls.TimeLimitReached as stopped:
            error: BaseException | None = stopped
        else:
            error = result.error_before_exec or result.error_in_exec
        if error is None:
            return None
        told = calls.raised(error, self._shell.user_ns)
        return wire.CellProblem(cell.number, told.type_name, told.text, told.line, told.line_number)


class _Bounded(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError("input() waits for somebody to type, and while grading nobody does")
