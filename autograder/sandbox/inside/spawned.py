"""A worker without a zygote: a Python of its own, started for a single submission.

Slower by the time it takes to import torch, and needs no fork, which frameworks on macOS do not survive and Windows
does not have. The layers that a machine has are the same.
"""

import socket
import sys

import msgspec

from autograder.sandbox.confinement import Confinement
from autograder.sandbox.inside import preload, worker
from autograder.sandbox.inside.shell import warm_up
from autograder.sandbox.wire.control import Settings
from autograder.sandbox.wire.packing import module_of

__all__ = ["main"]


def main() -> None:
    """Connect to the grader and become its worker."""
    settings = msgspec.json.decode(sys.argv[1], type=Settings)
    surroundings = settings.surroundings
    connection = _connect()
    preload.one_thread()
    preload.course(surroundings.preload)
    functions = module_of(surroundings.functions)
    # So that one begun ahead has it when its notebook comes. And IPython imports as it goes, which no worker can any
    # more that may open no file.
    warm_up()
    confinement = Confinement(
        settings.layers, settings.limits, settings.base, surroundings.private, settings.permissions
    )
    confinement.prepare()
    worker.main(connection.detach(), confinement, functions, settings.base)


def _connect() -> socket.socket:
    """Reach the grader: over the port and with the password that stand in its first line to us.

    A socket could be handed down on macOS, not on Windows; so it is the same way everywhere.
    """
    port, password = sys.stdin.readline().split()
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(password.encode())
    return connection
