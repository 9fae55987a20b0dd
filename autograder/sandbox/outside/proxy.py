"""The way from a worker to the hosts that an instructor has allowed, and to no others.

A worker's own network is empty. It has handed over a socket that it made there; who connects to it asks, as browsers
ask a proxy, for a connection to a host, and gets it if the host is allowed. What then goes to and fro is passed on and
not looked at: with HTTPS nobody in between can read it.

What asks is a student's program: requests are short or refused, there are few at a time, and silence ends them.
"""

import contextlib
import ipaddress
import select
import socket
import threading
from typing import NamedTuple
from urllib.parse import urlsplit

from autograder.sandbox.confinement import Permissions

__all__ = ["Proxy"]

#: The longest request that is read, and how many connections there are at a time.
_MAX_REQUEST = 16_384
_MOST = 32
#: Seconds of silence after which a connection ends.
_SILENCE = 60.0
_PIECE = 65_536


class _Wanted(NamedTuple):
    """What a request asks for: whom, and what is to be sent there first; nothing where all is passed on."""

    host: str
    port: int
    first: bytes


class Proxy:
    """Takes connections from a worker and makes those that are allowed, in threads of its own.

    Args:
        listener: the worker's socket.
        permissions: which hosts may be reached.
    """

    def __init__(self, listener: socket.socket, permissions: Permissions):
        self._listener = listener
        self._permissions = permissions
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(_MOST)
        threading.Thread(target=self._listen, name="proxy", daemon=True).start()

    def close(self) -> None:
        """End it and every connection."""
        with self._lock:
            ours, self._open = {*self._open, self._listener}, set()
        for one in ours:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                connection, _ = self._listener.accept()
                if not self._free.acquire(blocking=False):
                    connection.close()
                    continue
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        far = None
        try:
            with self._lock:
                self._open.add(near)
            near.settimeout(_SILENCE)
            wanted = _request(near)
            if wanted is None:
                near.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                return
            far = self._connect(wanted)
            if far is None:
                near.sendall(b"HTTP/1.1 403 Not allowed by the grading sandbox\r\nContent-Length: 0\r\n\r\n")
                return
            with self._lock:
                self._open.add(far)
            if wanted.first:
                far.sendall(wanted.first)
            else:
                near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _pass_on(near, far)
        except OSError:  # the worker has gone, or the host has; who waits sees that the connection ends
            pass
        finally:
            for one in filter(None, (near, far)):
                with self._lock:
                    self._open.discard(one)
                one.close()
            self._free.release()

    def _connect(self, wanted: _Wanted) -> socket.socket | None:
        """A connection to the host; `None` if it is not allowed.

        Raises:
            OSError: it cannot be reached.
        """
        if self._permissions.names_host(wanted.host):
            return socket.create_connection((wanted.host, wanted.port), _SILENCE)
        if self._permissions.covers_host(wanted.host):
            # No name leads to this machine or its neighbours, unless it stands in the list as it is.
            for *_, address in socket.getaddrinfo(wanted.host, wanted.port, type=socket.SOCK_STREAM):
                if ipaddress.ip_address(address[0]).is_global:
                    return socket.create_connection((str(address[0]), wanted.port), _SILENCE)
        return None


def _request(near: socket.socket) -> _Wanted | None:
    """Read the head of a request; `None` if it is none that a proxy understands."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = near.recv(_PIECE)
        head += piece
        if not piece or len(head) > _MAX_REQUEST:
            return None
    line, _, rest = head.partition(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        if method == "CONNECT":
            split = urlsplit(f"//{target}")
            return _Wanted((split.hostname or "").lower(), split.port or 443, b"")
        split = urlsplit(target)
        if split.scheme != "http":
            return None
        path = (split.path or "/") + (f"?{split.query}" if split.query else "")
        # One request a connection: the next one may be to another host.
        fields, _, body = rest.partition(b"\r\n\r\n")
        kept = [one for one in fields.split(b"\r\n") if one.partition(b":")[0].lower() not in _OF_THE_CONNECTION]
        first = b"\r\n".join([f"{method} {path} {version}".encode(), *kept, b"Connection: close", b"", body])
        return _Wanted((split.hostname or "").lower(), split.port or 80, first)
    except ValueError:
        return None


_OF_THE_CONNECTION = (b"connection", b"proxy-connection", b"keep-alive")


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on both ways until one side ends."""
    while True:
        ready, _, _ = select.select([one, other], [], [], _SILENCE)
        if not ready:
            return
        for here in ready:
            piece = here.recv(_PIECE)
            if not piece:
                return
            (other if here is one else one).sendall(piece)
