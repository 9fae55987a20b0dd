"""How a worker that may reach some hosts does so: it has no network, but somebody outside listens to it.

The worker makes a socket in its own empty network and hands it to the grader, who takes connections from it and makes
those that are allowed (`autograder.sandbox.outside.proxy`). Libraries find the address in the usual variables.
"""

import os
import socket
import sys

from autograder.sandbox.wire.channel import Channel

__all__ = ["hand_out", "prepare"]

_HOST = "127.0.0.1"
_WAITING = 64


def prepare(connection: socket.socket) -> socket.socket | None:
    """Make the socket, and tell libraries where it is; ``None`` where none can be made, or handed over `connection`."""
    if sys.platform == "win32" or connection.family != socket.AF_UNIX:
        return None
    try:
        listener = socket.create_server((_HOST, 0), backlog=_WAITING)
    except OSError:
        return None
    address = f"http://{_HOST}:{listener.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy"):
        os.environ[name] = os.environ[name.upper()] = address
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = f"localhost,{_HOST},::1"
    return listener


def hand_out(channel: Channel, listener: socket.socket) -> None:
    """Give the socket to the grader and keep nothing of it."""
    with listener:
        channel.send_socket(listener)
