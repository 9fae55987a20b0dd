"""The files that lie beside a notebook: brought into a worker's folder, and the notebook's own brought back out.

Names are relative, with `/` between folders. Links are neither followed nor brought back, in either direction.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MAX_BYTES", "MAX_FILES", "WorkerFolder", "beside", "is_plain"]

#: What is brought in or out together. The scratch folder holds 64 MB.
MAX_BYTES = 48 * 2**20
MAX_FILES = 1_000
_MAX_NAME = 255


def is_plain(name: str) -> bool:
    """Whether a name can be joined to a folder and stays inside it."""
    parts = name.split("/")
    return (
        0 < len(name) <= _MAX_NAME
        and name.isprintable()
        and "\\" not in name
        and not any(part in ("", ".", "..") for part in parts)
    )


def beside(folder: str, names: Iterable[str]) -> tuple[dict[str, bytes], list[str]]:
    """Read files of `folder`, by relative name: their contents, and the names of those that cannot be brought along."""
    found: dict[str, bytes] = {}
    left_out = []
    room = MAX_BYTES
    for name in names:
        content = _content(os.path.join(folder, name), room) if is_plain(name) and len(found) < MAX_FILES else None
        if content is None:
            left_out.append(name)
        else:
            found[name] = content
            room -= len(content)
    return found, left_out


class WorkerFolder:
    """The folder in which a worker runs its notebook."""

    def __init__(self, place: str):
        self._place = place
        self._before: dict[str, tuple[int, int]] = {}

    def fill(self, names: Sequence[str], contents: Sequence[bytes | bytearray]) -> None:
        """Write files; what is written later counts as the notebook's."""
        for name, content in zip(names, contents, strict=True):
            path = os.path.join(self._place, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        self._before = {name: _state(os.path.join(self._place, name)) for name in self._names()}

    def made(self) -> tuple[list[str], list[memoryview]]:
        """Names and contents of the files that were made or changed since, as many as may be brought out."""
        changed = [name for name in self._names() if _state(os.path.join(self._place, name)) != self._before.get(name)]
        found, _ = beside(self._place, changed)
        return list(found), [memoryview(content) for content in found.values()]

    def _names(self) -> Iterator[str]:
        count = 0
        for place, folders, names in os.walk(self._place):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
            for name in sorted(names):
                count += 1
                if count > MAX_FILES:
                    return
                yield os.path.relpath(os.path.join(place, name), self._place).replace(os.sep, "/")


def _state(path: str) -> tuple[int, int]:
    with contextlib.suppress(OSError):
        found = os.lstat(path)
        return found.st_mtime_ns, found.st_size
    return 0, -1


def _content(path: str, room: int) -> bytes | None:
    """What is in an ordinary file, if it is one and has no more than `room` bytes."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        content = file.read(room + 1)
    return content if len(content) <= room else None
