"""Two ways of getting a process for a submission: forked by a zygote, or a Python of its own each time."""

import contextlib
import logging
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from autograder.sandbox.confinement import Limits
from autograder.sandbox.outside.processes import OwnProcess, Role
from autograder.sandbox.wire.control import (
    DONE,
    FORK,
    INTERRUPT,
    KILL,
    MAX_SETTINGS,
    QUEUED,
    REQUEST,
    UNSAFE,
    Settings,
    Surroundings,
)

__all__ = ["ForkLauncher", "ForkServer", "Launcher", "NotConfined", "SandboxError", "SpawnLauncher"]

_log = logging.getLogger(__name__)

#: Importing everything takes 3 to 4 seconds here; a busy machine with a cold disk may need a good deal more.
_START_SECONDS = 120.0
_REPLY_SECONDS = 30.0
#: How often somebody who waits for a process looks whether it lives.
_LOOK_SECONDS = 0.2
#: How often a zygote is started before the machine is given up.
_ATTEMPTS = 3


class NotConfined(Exception):
    """This machine enforces fewer layers than the course demands. `missing` names those."""

    def __init__(self, missing: Sequence[str]):
        self.missing = tuple(missing)
        super().__init__(
            f"On this machine a student's code cannot be confined as demanded. Missing: {', '.join(missing)}."
        )


class SandboxError(Exception):
    """No worker can be opened on this machine; no submission is to blame."""


class _Unsafe(Exception):
    """The zygote has more threads than one, so that nothing may be forked from it."""


class Launcher(Protocol):
    """Opens and ends workers' processes.

    Attributes:
        interrupts: whether it can interrupt them; else they have to do that themselves.
    """

    interrupts: bool

    def start(self) -> None:
        """Begin whatever opening the next one needs, without waiting for it."""
        ...

    def open(self) -> tuple[int, socket.socket]:
        """Start one: its number, which only this launcher understands, and our end of the socket to it.

        Raises:
            SandboxError: no process can be started.
        """
        ...

    def complaint(self, number: int) -> str:
        """The last line that the process has written to its standard error; empty if there is none."""
        ...

    def kill(self, number: int) -> None:
        """End one with everything it started. Harmless when it has ended already."""
        ...

    def interrupt(self, number: int) -> None:
        """Interrupt one, as Ctrl-C would. Harmless when it has ended already."""
        ...

    def seconds_in_queue(self, number: int) -> float:
        """Seconds that one was ready to run and had no core, since it began; 0 where that cannot be told."""
        ...

    def close(self) -> None:
        """End all of them."""
        ...


class ForkServer:
    """A process that imports everything once, so that several zygotes can be forked from it. Linux alone.

    It begins at once. The zygotes that it has forked live on when it is gone.

    Args:
        surroundings: what the course wants around its students' code.
    """

    def __init__(self, surroundings: Surroundings):
        self._surroundings = surroundings
        self._base = tempfile.mkdtemp(prefix="autograder-")
        # Whole messages: each is the settings of one zygote.
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            settings = Settings(surroundings, [], Limits(), self._base)
            self._process = OwnProcess(Role.FORK_SERVER, settings, theirs.fileno())

    def fork(self, settings: Settings, control: socket.socket) -> bool:
        """Ask for a zygote that is controlled by `control`; it comes when everything is imported.

        Returns:
            False if none will come: the server is gone, or has imported what another course wants.
        """
        request = msgspec.json.encode(settings)
        if settings.surroundings != self._surroundings or len(request) > MAX_SETTINGS:
            return False
        try:
            socket.send_fds(self._requests, [request], [control.fileno()])
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End it; not the zygotes."""
        self._requests.close()
        self._process.end()
        shutil.rmtree(self._base, ignore_errors=True)


class ForkLauncher:
    """Workers forked by a zygote. A zygote that has died is replaced; one that may not fork, by a fresh Python each.

    Args:
        surroundings: what the course wants around its students' code.
        layers: which layers to enforce.
        limits: what a submission may use.
        fork_server: where the first zygote is forked from, if it need not be a Python of its own.
    """

    interrupts = True

    def __init__(
        self,
        surroundings: Surroundings,
        layers: Sequence[str],
        limits: Limits,
        fork_server: ForkServer | None = None,
    ):
        self._surroundings = surroundings
        self._layers = list(layers)
        self._limits = limits
        self._fork_server = fork_server
        self._process: OwnProcess | None = None
        self._control: socket.socket | None = None
        self._ready = False
        self._base = ""
        self._instead: SpawnLauncher | None = None

    def start(self) -> None:
        """See `Launcher`."""
        if self._instead is not None:
            self._instead.start()
        elif self._control is None:
            self._base = tempfile.mkdtemp(prefix="autograder-")
            settings = Settings(self._surroundings, self._layers, self._limits, self._base)
            ours, theirs = socket.socketpair()
            fork_server, self._fork_server = self._fork_server, None
            with theirs:
                if fork_server is None or not fork_server.fork(settings, theirs):
                    self._process = OwnProcess(Role.ZYGOTE, settings, theirs.fileno())
            self._control = ours
            self._ready = False

    def open(self) -> tuple[int, socket.socket]:
        """See `Launcher`."""
        if self._instead is not None:
            return self._instead.open()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                return self._request(FORK, 0, theirs), ours
        except _Unsafe as unsafe:
            ours.close()
            _log.info("%s: each submission gets a Python of its own, which takes seconds longer", unsafe)
            self.close()
            self._instead = SpawnLauncher(self._surroundings, self._layers, self._limits)
            return self._instead.open()
        except BaseException:
            ours.close()
            raise

    def complaint(self, number: int) -> str:
        """See `Launcher`: a worker that is forked writes where its zygote does."""
        if self._instead is not None:
            return self._instead.complaint(number)
        return "" if self._process is None else self._process.complaint()

    def kill(self, number: int) -> None:
        """See `Launcher`."""
        if self._instead is not None:
            self._instead.kill(number)
        elif self._control is not None and (self._process is None or not self._process.has_ended):
            with contextlib.suppress(SandboxError):
                self._request(KILL, number)

    def interrupt(self, number: int) -> None:
        """See `Launcher`."""
        self._ask(INTERRUPT, number)

    def seconds_in_queue(self, number: int) -> float:
        """See `Launcher`."""
        return self._ask(QUEUED, number) / 1e9

    def close(self) -> None:
        """End the zygote; its workers die with it."""
        if self._instead is not None:
            self._instead.close()
        if self._control is not None:
            if self._process is None:
                _see_off(self._control)
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.wait(_REPLY_SECONDS)
            self._process.end()
            self._process = None
        if self._base:
            shutil.rmtree(self._base, ignore_errors=True)
            self._base = ""

    def _ask(self, kind: bytes, number: int) -> int:
        """What a zygote replies that need not be there: a worker whose zygote has died has died with it."""
        if self._control is None or not self._ready:
            return 0
        try:
            self._control.sendall(REQUEST.pack(kind, number))
            return _reply(self._control)
        except OSError:
            return 0

    def _request(self, kind: bytes, number: int, handle: socket.socket | None = None) -> int:
        """Have the zygote do something, one that is started anew if it has ended: the number it replies with."""
        why = ""
        for _ in range(_ATTEMPTS):
            try:
                control = self._running()
                if handle is None:
                    control.sendall(REQUEST.pack(kind, number))
                else:
                    socket.send_fds(control, [REQUEST.pack(kind, number)], [handle.fileno()])
                return _reply(control)
            except OSError as error:
                if self._process is not None:
                    self._process.popen.kill()
                    self._process.popen.wait()
                why = _because(error, self.complaint(0))
                self.close()
                if kind == KILL:  # its workers died with it
                    return 0
                _log.warning("The process that workers are forked from has ended: %s", why)
        raise SandboxError(f"the process that workers are forked from does not start: {why}")

    def _running(self) -> socket.socket:
        self.start()
        assert self._control is not None
        if not self._ready:
            self._control.settimeout(_START_SECONDS)
            _reply(self._control)
            self._control.settimeout(_REPLY_SECONDS)
            self._ready = True
        return self._control


class SpawnLauncher:
    """Workers that are a Python of their own from the start: 2 to 3 seconds each unless begun ahead, and no fork.

    Args:
        surroundings: what the course wants around its students' code.
        layers: which layers to enforce.
        limits: what a submission may use.
    """

    interrupts = False

    def __init__(self, surroundings: Surroundings, layers: Sequence[str], limits: Limits):
        self._surroundings = surroundings
        self._layers = list(layers)
        self._limits = limits
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
            why = _because(error, self.complaint(number))
            self.kill(number)
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
        settings = Settings(self._surroundings, self._layers, self._limits, base)
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
        until = time.monotonic() + _START_SECONDS
        self.server.settimeout(_LOOK_SECONDS)
        while time.monotonic() < until:
            try:
                connection, _ = self.server.accept()
            except TimeoutError:
                if self.process.has_ended:
                    raise ConnectionError("it has ended") from None
                continue
            connection.settimeout(_REPLY_SECONDS)
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


def _because(error: Exception, complaint: str) -> str:
    """What went wrong, in the process's own last words if it had any."""
    return f"{error} ({complaint})" if complaint else str(error)


def _see_off(control: socket.socket) -> None:
    """Wait until a zygote that is nobody's child here has ended, and its attendant with it: nobody holds their end."""
    with contextlib.suppress(OSError):
        control.settimeout(_REPLY_SECONDS)
        control.shutdown(socket.SHUT_WR)
        while control.recv(REQUEST.size):
            pass


def _reply(control: socket.socket) -> int:
    """The number that a zygote replies with.

    Raises:
        OSError: it has ended, or does not reply.
        _Unsafe: it has too many threads to fork.
    """
    reply = b""
    while len(reply) < REQUEST.size:
        part = control.recv(REQUEST.size - len(reply))
        if not part:
            raise ConnectionError("it has ended")
        reply += part
    kind, number = REQUEST.unpack(reply)
    if kind == UNSAFE:
        raise _Unsafe(f"the process that would be forked has {number} threads")
    if kind != DONE:
        raise ConnectionError("it gave no sensible reply")
    return int(number)
