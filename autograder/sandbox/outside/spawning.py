"""A process for a submission that is a Python of its own each time."""

import contextlib
import errno
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from typing import NamedTuple

import msgspec

from autograder.sandbox.outside.launcher import REPLY_SECONDS, START_SECONDS, SandboxError, because
from autograder.sandbox.outside.processes import OwnProcess, Role
from autograder.sandbox.wire.control import Settings

__all__ = ["SpawnLauncher"]

#: How often somebody who waits for a process looks whether it lives.
_LOOK_SECONDS = 0.2


class SpawnLauncher:
    """Workers that are a Python of their own from the start: 2 to 3 seconds each unless begun ahead, and no fork.

    Args:
        settings: what each process is given; the folder in them is replaced by one of its own.
    """

    interrupts = False
    not_shared = ""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._ahead: _Spawned | None = None
        self._open: dict[int, _Spawned] = {}

    def start(self) -> None:
        """See `Launcher`: the next worker's Python begins to import."""
        if self._ahead is None:
            self._ahead = self._spawn()

    def open(self) -> tuple[int, socket.socket]:
        """See `Launcher`."""
        spawned, self._ahead = self._ahead, None
        if spawned is not None and spawned.process.has_ended:  # it died while nobody needed it
            spawned.end()
            spawned = None
        spawned = spawned or self._spawn()
        number = spawned.process.popen.pid
        self._open[number] = spawned
        try:
            with spawned.server:
                return number, spawned.accept()
        except OSError as error:
            lacks_memory = spawned.process.was_killed
            why = because(error, self.complaint(number))
            self.kill(number)
            if lacks_memory:  # so it would be for whoever is graded next
                raise OSError(errno.ENOMEM, "There is too little memory for the process that runs a notebook") from None
            raise SandboxError(f"a worker's process does not start: {why}") from None

    def complaint(self, number: int) -> str:
        """See `Launcher`."""
        return self._open[number].process.complaint()

    def kill(self, number: int) -> None:
        """See `Launcher`."""
        spawned = self._open.pop(number, None)
        if spawned is not None:
            spawned.end()

    def interrupt(self, number: int) -> None:
        """See `Launcher`: it does that itself."""

    def seconds_in_queue(self, number: int) -> float:
        """See `Launcher`: it does not count them itself."""
        with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{number}/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
        return 0.0

    def close(self) -> None:
        """See `Launcher`."""
        if self._ahead is not None:
            self._ahead.end()
            self._ahead = None
        for number in list(self._open):
            self.kill(number)

    def _spawn(self) -> "_Spawned":
        base = tempfile.mkdtemp(prefix="autograder-")
        server = socket.create_server(("127.0.0.1", 0))
        settings = msgspec.structs.replace(self._settings, base=base)
        process = OwnProcess(Role.SPAWNED, settings, subprocess.PIPE)
        password = secrets.token_hex(16).encode()
        pipe = process.popen.stdin
        assert pipe is not None
        with contextlib.suppress(OSError), pipe:  # it died; `accept` will notice
            pipe.write(f"{server.getsockname()[1]} {password.decode()}\n".encode())
        return _Spawned(process, base, server, password)


class _Spawned(NamedTuple):
    """A worker's Python that has been started, and where it is going to report."""

    process: OwnProcess
    base: str
    server: socket.socket
    password: bytes

    def accept(self) -> socket.socket:
        """Wait until the process we started, and nobody else, has connected.

        Raises:
            OSError: it has ended, or has not connected in time.
        """
        until = time.monotonic() + START_SECONDS
        self.server.settimeout(_LOOK_SECONDS)
        while time.monotonic() < until:
            try:
                connection, _ = self.server.accept()
            except TimeoutError:
                if self.process.has_ended:
                    raise ConnectionError("it has ended") from None
                continue
            connection.settimeout(REPLY_SECONDS)
            with contextlib.suppress(OSError):
                if secrets.compare_digest(connection.recv(len(self.password), socket.MSG_WAITALL), self.password):
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return connection
            connection.close()
        raise TimeoutError("it has not answered in time")

    def end(self) -> None:
        """End it with everything it started, and tidy up."""
        self.server.close()
        self.process.end(with_session=True)
        shutil.rmtree(self.base, ignore_errors=True)
