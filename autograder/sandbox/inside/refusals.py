"""What a cell wanted that the sandbox does not give: noticed where it is asked for, so that nobody takes the refusal
for a mistake of the student.
"""

import errno
import os
import re
import sys
from collections.abc import Container
from types import FrameType
from typing import Any

from autograder.sandbox.confinement import Permissions
from autograder.sandbox.wire.messages import Refusal

__all__ = ["Refusals"]

#: Python's own reports of what is about to be tried, and what is refused by then.
_EVENTS: dict[str, Refusal] = {
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"), "programs"),
    **dict.fromkeys(("os.fork", "os.forkpty"), "processes"),
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto"), "network"),
    "http.client.send": "network",
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), "network"),
}

#: Of these the first argument is the program.
_WITH_PROGRAM = ("subprocess.Popen", "os.exec", "os.posix_spawn")

#: How a request begins that is meant for a proxy.
_OF_A_PROXY = re.compile(rb"(?:CONNECT |[A-Z]+ http://)\[?([^/:\] ]+)")

#: Whoever asks from here only looks around, and goes on without an answer: imports, and questions about the machine.
_LOOKS_AROUND = ("<frozen importlib", "/platform.py", "/ctypes/util.py", "/uuid.py", "/loky/backend/context.py")

_HIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class Refusals:
    """Notes what the cells of one notebook ask for. One for a process, since what it begins to watch it never ends.

    Args:
        folder: the notebook's folder; what lies elsewhere is not shown.
        granted: the kinds that an instructor has allowed; only what fails of them is noted.
        permissions: what else is known of what is allowed.
    """

    def __init__(
        self,
        folder: str,
        granted: Container[str] = (),
        permissions: Permissions = Permissions(),  # noqa: B008  (it cannot change)
    ):
        self._folder = os.path.realpath(folder)
        self._granted = granted
        self._permissions = permissions
        self._met: set[Refusal] = set()
        sys.addaudithook(self._watch)

    def note(self, kind: Refusal) -> None:
        """The cell has asked for this in another way than by Python's own functions."""
        self._met.add(kind)

    def take(self, error: BaseException | None) -> list[Refusal]:
        """What was refused since this was last asked; `error` is what has ended the cell."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            if (kind := self._kind_of(error)) is not None:
                self._met.add(kind)
            error = error.__cause__ or error.__context__
        met, self._met = sorted(self._met), set()
        return met

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        kind = _EVENTS.get(event)
        if kind is None or kind in self._met or _only_looks_around(sys._getframe()):
            return
        if event == "http.client.send":
            if self._asks_in_vain(arguments[1]):
                self._met.add(kind)
        elif event in _WITH_PROGRAM and "processes" in self._granted:
            if not self._permissions.names_program(os.fsdecode(arguments[0] or "")):
                self._met.add(kind)
        elif kind not in self._granted or (kind == "network" and _leads_elsewhere(arguments)):
            self._met.add(kind)

    def _asks_in_vain(self, request: object) -> bool:
        """Whether this is asked of the proxy, for a host that is not allowed."""
        if "network" not in self._granted or not isinstance(request, bytes):
            return False
        found = _OF_A_PROXY.match(request)
        host = found[1].decode(errors="replace") if found else ""
        return bool(host) and not (self._permissions.names_host(host) or self._permissions.covers_host(host))

    def _kind_of(self, error: BaseException) -> Refusal | None:
        text = str(error) if isinstance(error, RuntimeError) else ""
        if isinstance(error, MemoryError) or "allocate memory" in text:
            return "memory"
        if "can't start new thread" in text:
            return "threads"
        if not isinstance(error, OSError):
            return None
        if error.errno in _FULL:
            return "disk"
        if error.errno in _HIDDEN and isinstance(error.filename, str) and self._is_elsewhere(error.filename):
            return "files"
        return None

    def _is_elsewhere(self, name: str) -> bool:
        path = os.path.realpath(name)
        mine = (self._folder, *self._permissions.folders) if "files" in self._granted else (self._folder,)
        return not any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in mine)


def _leads_elsewhere(arguments: tuple[Any, ...]) -> bool:
    """Whether a socket's event is about another address than the worker's own; for allowed hosts there is a proxy."""
    found = next((one for one in arguments if isinstance(one, (str, bytes, tuple))), "")
    host = found[0] if isinstance(found, tuple) and found else found
    name = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
    return not (name in ("", "localhost", "::1", "0.0.0.0", "::") or name.startswith(("127.", "/", "\0")))


def _only_looks_around(frame: FrameType | None) -> bool:
    while frame is not None:
        name = frame.f_code.co_filename
        if any(part in name for part in _LOOKS_AROUND):
            return True
        frame = frame.f_back
    return False
