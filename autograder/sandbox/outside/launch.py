"""Processes for submissions that are forked by a zygote, and zygotes that are forked by a server."""

import contextlib
import errno
import logging
import shutil
import socket
import tempfile

import msgspec

from autograder.sandbox.confinement import Limits
from autograder.sandbox.outside.launcher import REPLY_SECONDS, START_SECONDS, SandboxError, because
from autograder.sandbox.outside.processes import OwnProcess, Role
from autograder.sandbox.outside.spawning import SpawnLauncher
from autograder.sandbox.wire.control import (
    DONE,
    FORK,
    INTERRUPT,
    KILL,
    MAX_SETTINGS,
    NOISY,
    QUEUED,
    REQUEST,
    UNSAFE,
    Settings,
    Surroundings,
)

__all__ = ["ForkLauncher", "ForkServer"]

_log = logging.getLogger(__name__)

#: How often a zygote is started before the machine is given up.
_ATTEMPTS = 3


class _Unsafe(Exception):
    """Nothing may be forked from the zygote: it has more threads than one, or its imports have shown something."""


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
        settings: what the zygote is given; the folder in them is replaced by one of its own.
        fork_server: where the first zygote is forked from, if it need not be a Python of its own.

    Attributes:
        not_shared: a sentence if what was to be imported once is not.
    """

    interrupts = True

    def __init__(self, settings: Settings, fork_server: ForkServer | None = None):
        self._settings = settings
        self._fork_server = fork_server
        self._process: OwnProcess | None = None
        self._control: socket.socket | None = None
        self._ready = False
        self._base = ""
        self._instead: SpawnLauncher | None = None
        self._server_at_first = fork_server
        self.not_shared = ""

    def start(self) -> None:
        """See `Launcher`."""
        if self._instead is not None:
            self._instead.start()
        elif self._control is None:
            self._base = tempfile.mkdtemp(prefix="autograder-")
            settings = msgspec.structs.replace(self._settings, base=self._base)
            ours, theirs = socket.socketpair()
            server, self._fork_server = self._fork_server, None
            with theirs:
                if server is None or not server.fork(settings, theirs):
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
            self.close()
            if self._settings.imports:
                self._import_nothing(str(unsafe))
                return self.open()
            _log.info("%s: each submission gets a Python of its own, which takes seconds longer", unsafe)
            self._instead = SpawnLauncher(self._settings)
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
            self._process.wait(REPLY_SECONDS)
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
        """Have the zygote do something, one that is started anew if it has ended: the number it replies with.

        Raises:
            OSError: again and again somebody, as a rule the kernel for want of memory, has killed it while it started.
            SandboxError: it does not start for another reason.
        """
        why, lacks_memory = "", False
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
                    lacks_memory = not self._ready and self._process.was_killed
                    self._process.popen.kill()
                    self._process.popen.wait()
                why = because(error, self.complaint(0))
                had_begun = self._ready
                self.close()
                if kind == KILL:  # its workers died with it
                    return 0
                if self._settings.imports and not had_begun:
                    self._import_nothing(why)
                    continue
                _log.warning("The process that workers are forked from has ended: %s", why)
        if lacks_memory:  # so it would be for whoever is graded next
            raise OSError(errno.ENOMEM, "There is too little memory for the process that workers are forked from")
        raise SandboxError(f"the process that workers are forked from does not start: {why}")

    def _import_nothing(self, why: str) -> None:
        """Have each notebook import for itself from now on."""
        self.not_shared = f"What the source version imports cannot be shared ({why}); each notebook imports for itself."
        _log.warning("%s", self.not_shared)
        self._settings = msgspec.structs.replace(self._settings, imports=())
        self._fork_server = self._server_at_first

    def _running(self) -> socket.socket:
        self.start()
        assert self._control is not None
        if not self._ready:
            self._control.settimeout(START_SECONDS)
            _reply(self._control)
            self._control.settimeout(REPLY_SECONDS)
            self._ready = True
        return self._control


def _see_off(control: socket.socket) -> None:
    """Wait until a zygote that is nobody's child here has ended, and its attendant with it: nobody holds their end."""
    with contextlib.suppress(OSError):
        control.settimeout(REPLY_SECONDS)
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
    if kind == NOISY:
        raise _Unsafe("it shows something")
    if kind == UNSAFE:
        raise _Unsafe(f"the process that would be forked has {number} threads")
    if kind != DONE:
        raise ConnectionError("it gave no sensible reply")
    return int(number)
