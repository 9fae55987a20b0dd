"""What the grader logs: into a file of the class, also when it was logged in another process or on another machine."""

import contextlib
import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from autograder.notebooks.text import legible

__all__ = ["collected_log", "write_log"]

#: The logger above those of all our modules.
_OURS = logging.getLogger("autograder")

#: The log's file grows to so many bytes, and then becomes the older of two.
_MAX_BYTES = 5 * 2**20

#: Longest line and most lines of one message; a submission has its say in exceptions.
_MAX_LINE = 2_000
_MAX_LINES = 500
#: Most messages that one submission can bring about.
_MAX_MESSAGES = 100


@contextlib.contextmanager
def write_log(path: Path) -> Iterator[None]:
    """Write warnings and worse to the file `path` for as long as this lasts, tracebacks included."""
    handler = _LogFile(path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Legible("%(asctime)s %(levelname)s %(message)s"))
    _OURS.addHandler(handler)
    try:
        yield
    finally:
        _OURS.removeHandler(handler)
        handler.close()


@contextlib.contextmanager
def collected_log() -> Iterator[list[str]]:
    """Collect warnings and worse in a list in place of whatever else would be done with them.

    The process that reads the list is the one that has the log's file.
    """
    collecting = _Collecting()
    handlers, propagate = _OURS.handlers, _OURS.propagate
    _OURS.handlers, _OURS.propagate = [collecting], False
    try:
        yield collecting.messages
    finally:
        _OURS.handlers, _OURS.propagate = handlers, propagate


class _LogFile(RotatingFileHandler):
    """A log file on a disk that may be full: what cannot be written is left out, and the run says why it stops."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Leave the record out, in place of a traceback among the lines that the command prints."""

    def close(self) -> None:
        """As `RotatingFileHandler.close`."""
        with contextlib.suppress(OSError):
            super().close()


class _Legible(logging.Formatter):
    """Makes a message harmless to read, whatever of a submission is in it."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n".join(legible(line, _MAX_LINE) for line in lines[:_MAX_LINES])


class _Collecting(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(_Legible())
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.messages) < _MAX_MESSAGES:
            self.messages.append(self.format(record))
