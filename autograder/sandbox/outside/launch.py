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

from autograder.sandbox.confinement import Limits
from autograder.sandbox.wire.control import DONE, FORK, KILL, MESSAGE, Settings

#: Importing everything takes 3 to 4 seconds here; a busy machine with a cold disk may need a good deal more.
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


class Ancestor:
    """A process that imports everything once, so that several zygotes can be forked from it. Linux alone.

    It begins at once. The zygotes that it has forked live on when it is gone.
    """

    def __init__(self) -> None:
        self._base = tempfile.mkdtemp(prefix="autograder-")
        # Whole messages: each is the settings of one zygote.
        self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = _python("ancestor", Settings([], Limits(), self._base), theirs)

    def fork(self, settings: Settings, control: socket.socket) -> bool:
        """Ask for a zygote that is controlled by `control`; it comes when everything is imported. False: none will."""
        try:
            socket.send_fds(self._asked, [msgspec.json.encode(settings)], [control.fileno()])
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End it; not the zygotes."""
        self._asked.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._base, ignore_errors=True)


class Forked:
    """Workers forked by a zygote. A zygote that has died is replaced.

    Args:
        layers: which walls.
        limits: what a submission may use.
        ancestor: where the first zygote is forked from, if it need not be a Python of its own.
    """

    def __init__(self, layers: Sequence[str], limits: Limits, ancestor: Ancestor | None = None):
        self._layers = list(layers)
        self._limits = limits
        self._ancestor = ancestor
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
        if self._control is not None and (self._process is None or self._process.poll() is None):
            with contextlib.suppress(SandboxError):
                self._ask(KILL, number)

    def close(self) -> None:
        """End the zygote; its workers die with it."""
        if self._control is not None:
            if self._process is None:
                _see_off(self._control)
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
            settings = Settings(self._layers, self._limits, self._base)
            ours, theirs = socket.socketpair()
            ancestor, self._ancestor = self._ancestor, None
            with theirs:
                if ancestor is None or not ancestor.fork(settings, theirs):
                    self._process = _python("zygote", settings, theirs)
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


def _see_off(control: socket.socket) -> None:
    """Wait until a zygote that is nobody's child here has ended, and its attendant with it: nobody holds their end."""
    with contextlib.suppress(OSError):
        control.settimeout(_REPLY_SECONDS)
        control.shutdown(socket.SHUT_WR)
        while control.recv(MESSAGE.size):
            pass


def _python(role: str, settings: Settings, stdin: socket.socket | int) -> subprocess.Popen:
    """Start one of our processes in a new Python: ``zygote``, the ``ancestor`` of several, or a worker ``alone``.

    A clean environment, -I and an empty folder: neither the student's folder nor the grader's settings reach it. A
    session of its own, so that Ctrl-C at the terminal is the grader's to handle.
    """
    code = {
        "zygote": "from autograder.sandbox.inside.zygote import main; main()",
        "ancestor": "from autograder.sandbox.inside.zygote import ancestor; ancestor()",
        "alone": "from autograder.sandbox.inside.spawned import main; main()",
    }[role]
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
