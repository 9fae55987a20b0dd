"""What a cell wanted that the sandbox does not give: noticed where it is asked for, so that nobody takes the refusal
for a mistake of the student.
"""

import errno
import os
import sys
from types import FrameType
from typing import Any

from autograder.sandbox.wire.messages import Refusal

__all__ = ["Refusals"]

#: Python's own reports of what is about to be tried, and what is refused by then.
_EVENTS: dict[str, Refusal] = {
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"), "programs"),
    **dict.fromkeys(("os.fork", "os.forkpty"), "processes"),
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto"), "network"),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), "network"),
}

#: Whoever asks from here only looks around, and goes on without an answer: imports, and questions about the machine.
_LOOKS_AROUND = ("<frozen importlib", "/platform.py", "/ctypes/util.py", "/uuid.py", "/loky/backend/context.py")

_HIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class Refusals:
    """Notes what the cells of one notebook ask for. One for a process, since what it begins to watch it never ends.

    Args:
        folder: the notebook's folder; what lies elsewhere is not shown.
    """

    def __init__(self, folder: str):
        self._folder = os.path.realpath(folder)
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
        if kind is not None and kind not in self._met and not _only_looks_around(sys._getframe()):
            self._met.add(kind)

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
        return path != self._folder and not path.startswith(self._folder + os.sep)


def _only_looks_around(frame: FrameType | None) -> bool:
    while frame is not None:
        name = frame.f_code.co_filename
        if any(part in name for part in _LOOKS_AROUND):
            return True
        frame = frame.f_back
    return False
