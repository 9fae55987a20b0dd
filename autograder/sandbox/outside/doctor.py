"""What this machine really refuses: harmless attempts made in a confined worker, as a student's notebook would."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from autograder.judging.outcomes import Raised, Returned, Stopped
from autograder.sandbox.confinement import paths
from autograder.sandbox.inside import probes
from autograder.sandbox.outside.client import Worker, Zygote
from autograder.sandbox.wire.messages import Cell

__all__ = ["Probe", "try_probes"]


class Probe(NamedTuple):
    """One attempt.

    Attributes:
        name: what the attempt is called.
        what: what was tried, completing "a submission can …".
        refused: whether the machine refused.
        message: the exception, or what the attempt got hold of.
    """

    name: str
    what: str
    refused: bool
    message: str


def try_probes(zygote: Zygote | None = None) -> list[Probe]:
    """Try what a malicious submission would, in a confined worker, and report what was refused.

    Args:
        zygote: where to open the worker; one with all layers if not given.

    Raises:
        SandboxError: no worker can be opened on this machine.
    """
    if zygote is None:
        with Zygote() as own:
            return try_probes(own)
    source = Path(probes.__file__).read_text()
    with zygote.open([Cell(1, source)]) as worker, socket.create_server(("127.0.0.1", 0)) as server:
        arguments = (paths.secrets(zygote.surroundings.private), os.getpid(), server.getsockname()[1])
        return [_try(worker, name, what, arguments) for name, what in _attempts()]


def _attempts() -> Iterator[tuple[str, str]]:
    for name, function in vars(probes).items():
        if isinstance(function, FunctionType) and name != probes.checked.__name__:
            yield name, function.__doc__ or name


def _try(worker: Worker, name: str, what: str, arguments: tuple[Any, ...]) -> Probe:
    match worker.call(name, arguments, seconds=10):
        case Raised(type_name, text):
            return Probe(name, what, True, f"{type_name}: {text}")
        case Returned(value):
            return Probe(name, what, False, "" if value is None else str(value))
        case Stopped(by):
            return Probe(name, what, True, "took too long" if by == "time" else "its process was ended")
        case other:
            return Probe(name, what, False, str(other))
