"""Two ways of getting a process for a submission: forked by a zygote, or a fresh Python each time."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from .confinement import Limits
from .control import DONE, FORK, KILL, MESSAGE, Settings

#: Importing everything takes 6 seconds here; a busy machine with a cold disk may need a good deal more.
_START_SECONDS = 120.0
_REPLY_SECONDS = 30.0


class SandboxError(Exception):
    """No worker can be opened on this machine; no submission is to blame."""


class Opener(Protocol):
    """Opens and ends workers' processes."""

    def start(self) -> None:
        """Begin whatever opening the next one needs, without waiting for it."""
        ...

    def open(self) -> tuple[int, socket.socket]:
        """Start one: its number, which only `kill` understands, and our end of the socket to it."""
        ...

    def kill(self, number: int) -> None:
        """End one with everything it started. Harmless when it has ended already."""
        ...

    def close(self) -> None:
        """End all of them."""
        ...


class Forked:
    """Workers forked by a zygote. A zygote that has died is replaced."""

    def __init__(self, layers: Sequence[str], limits: Limits):
        self._layers = list(layers)
        self._limits = limits
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._ready = False
        self._base = ""

    def open(self) -> tuple[int, socket.socket]:
        """See `Opener`."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                return self._ask(FORK, 0, theirs), ours
        except BaseException:
            ours.close()
            raise

    def kill(self, number: int) -> None:
        """See `Opener`."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(SandboxError):
                self._ask(KILL, number)

    def close(self) -> None:
        """End the zygote; its workers die with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_REPLY_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._base:
            shutil.rmtree(self._base, ignore_errors=True)
            self._base = ""

    def _ask(self, kind: bytes, number: int, handle: socket.socket | None = None) -> int:
        for attempt in range(3):
            try:
                control = self._running()
                if handle is None:
                    control.sendall(MESSAGE.pack(kind, number))
                else:
                    socket.send_fds(control, [MESSAGE.pack(kind, number)], [handle.fileno()])
                return _reply(control)
            except OSError as error:
                if self._process is not None:
                    self._process.kill()
                self.close()
                if kind == KILL:  # its workers died with it
                    return 0
                if attempt == 2:
                    raise SandboxError(f"the process that workers are forked from does not start: {error}") from None
        raise AssertionError("unreachable")

    def start(self) -> None:
        """See `Opener`."""
        if self._control is None:
            self._base = tempfile.mkdtemp(prefix="autograder-")
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = _python("zygote", Settings(self._layers, self._limits, self._base), theirs)
            self._control = ours
            self._ready = False

    def _running(self) -> socket.socket:
        self.start()
        assert self._control is not None
        if not self._ready:
            self._control.settimeout(_START_SECONDS)
            _reply(self._control)
            self._control.settimeout(_REPLY_SECONDS)
            self._ready = True
        return self._control


class Fresh:
    """Workers that are a Python of their own from the start: 2 to 3 seconds each unless begun ahead, and no fork."""

    def __init__(self, layers: Sequence[str], limits: Limits):
        self._layers = list(layers)
        self._limits = limits
        self._ahead: _Begun | None = None
        self._open: dict[int, _Begun] = {}

    def start(self) -> None:
        """See `Opener`: the next worker's Python begins to import."""
        if self._ahead is None:
            self._ahead = self._begin()

    def open(self) -> tuple[int, socket.socket]:
        """See `Opener`."""
        begun, self._ahead = self._ahead, None
        if begun is not None and begun.process.poll() is not None:  # it died while nobody needed it
            begun.end()
            begun = None
        begun = begun or self._begin()
        number = begun.process.pid
        self._open[number] = begun
        try:
            with begun.server:
                return number, _accept(begun.server, begun.password)
        except OSError as error:
            self.kill(number)
            raise SandboxError(f"a worker's process does not start: {error}") from None

    def kill(self, number: int) -> None:
        """See `Opener`."""
        begun = self._open.pop(number, None)
        if begun is not None:
            begun.end()

    def close(self) -> None:
        """See `Opener`."""
        if self._ahead is not None:
            self._ahead.end()
            self._ahead = None
        for number in list(self._open):
            self.kill(number)

    def _begin(self) -> "_Begun":
        base = tempfile.mkdtemp(prefix="autograder-")
        server = socket.create_server(("127.0.0.1", 0))
        process = _python("alone", Settings(self._layers, self._limits, base), subprocess.PIPE)
        password = secrets.token_hex(16).encode()
        assert process.stdin is not None
        with contextlib.suppress(OSError), process.stdin as pipe:  # it died; `_accept` will notice
            pipe.write(f"{server.getsockname()[1]} {password.decode()}\n".encode())
        return _Begun(process, base, server, password)


class _Begun(NamedTuple):
    """A worker's Python that has been started, and where it is going to report."""

    process: subprocess.Popen
    base: str
    server: socket.socket
    password: bytes

    def end(self) -> None:
        """End it with everything it started, and tidy up."""
        self.server.close()
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)


def _python(module: str, settings: Settings, stdin: socket.socket | int) -> subprocess.Popen:
    """Start one of our modules in a new Python.

    A clean environment, -I and an empty folder: neither the student's folder nor the grader's settings reach it. A
    session of its own, so that Ctrl-C at the terminal is the grader's to handle.
    """
    code = f"from autograder.sandbox.{module} import main; main()"
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if sys.platform == "win32":
        environment = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", "-c", code, msgspec.json.encode(settings).decode()],
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        cwd=settings.base,
        env=environment,
        start_new_session=True,
    )


def _accept(server: socket.socket, password: bytes) -> socket.socket:
    """Wait until the process we started, and nobody else, has connected."""
    server.settimeout(_START_SECONDS)
    while True:
        connection, _ = server.accept()
        connection.settimeout(_REPLY_SECONDS)
        with contextlib.suppress(OSError):
            if secrets.compare_digest(connection.recv(len(password), socket.MSG_WAITALL), password):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
        connection.close()


def _reply(control: socket.socket) -> int:
    reply = b""
    while len(reply) < MESSAGE.size:
        part = control.recv(MESSAGE.size - len(reply))
        if not part:
            raise ConnectionError("it has ended")
        reply += part
    kind, number = MESSAGE.unpack(reply)
    if kind != DONE:
        raise ConnectionError("it gave no sensible reply")
    return number
