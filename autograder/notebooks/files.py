"""Opening what was handed in: ordinary files only, never through a link, and no more of them than is reasonable.

Whatever cannot be opened so ends in a sentence that names the file.
"""

import datetime
import errno
import hashlib
import mimetypes
import os
import re
import stat
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from autograder.notebooks.machine import is_of_the_machine
from autograder.notebooks.text import legible

__all__ = [
    "MAX_BESIDE",
    "MAX_FILES",
    "FileError",
    "FoundFile",
    "acts_by_itself",
    "copy_file",
    "find_files",
    "folder_digest",
    "open_file",
    "read_file",
    "read_timestamp",
]

#: What may lie beside the notebooks of one submission: bytes together, and files.
MAX_BESIDE = 100 * 2**20
MAX_FILES = 2_000
#: How deep folders are looked into.
_MAX_DEPTH = 20
#: Of larger files a fingerprint knows size and time alone: reading them could take for ever.
_MAX_HASHED = MAX_BESIDE
_CHUNK = 2**20


class FileError(Exception):
    """A file that was handed in is not read; the text says which and why, in a sentence for its author."""


class FoundFile(NamedTuple):
    """Something in a folder that is no folder.

    Attributes:
        name: its path relative to that folder, with ``/`` between folders.
        path: where it is.
        is_ordinary: whether it is a file, rather than a link, a pipe or a device.
        size: its bytes, if it is a file.
        changed: when it was written last, in nanoseconds.
    """

    name: str
    path: str
    is_ordinary: bool
    size: int
    changed: int


def open_file(path: str | os.PathLike[str], most: int) -> BinaryIO:
    """Open an ordinary file that has no more than `most` bytes.

    Raises:
        FileError: it is a link, a folder, a pipe, a device, or too large.
        OSError: it cannot be opened: it is not there, or not ours to read.
    """
    name = legible(os.path.basename(os.fspath(path)))
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if os.path.islink(path):  # where no flag says so
            raise FileError(f"{name} is a link. Hand in the file itself.")
        if os.path.isdir(path):
            raise FileError(f"{name} is a folder, not a file.")
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
            raise FileError(f"{name} is not a file.") from None
        raise
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{name} is not a file.")
        if found.st_size > most:
            raise FileError(f"{name} has more than {_amount(most)}.")
        return open(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """What is in an ordinary file, as `open_file` opens it, even if it grows meanwhile.

    Raises:
        FileError: as `open_file`.
        OSError: as `open_file`.
    """
    with open_file(path, most) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise FileError(f"{legible(os.path.basename(os.fspath(path)))} has more than {_amount(most)}.")
    return content


def copy_file(path: str | os.PathLike[str], copy: str | os.PathLike[str], most: int) -> int:
    """Copy an ordinary file with its permissions, and return how many bytes it has.

    Raises:
        FileError: as `open_file`, or it has more than `most` bytes.
        OSError: it cannot be read, or the copy not written.
    """
    copied = 0
    with open_file(path, most) as file, open(copy, "xb") as target:
        while chunk := file.read(min(_CHUNK, most + 1 - copied)):
            copied += len(chunk)
            if copied > most:
                raise FileError(f"{legible(os.path.basename(os.fspath(path)))} has more than {_amount(most)}.")
            target.write(chunk)
        os.chmod(copy, stat.S_IMODE(os.fstat(file.fileno()).st_mode))
    return copied


def find_files(folder: str | os.PathLike[str]) -> Iterator[FoundFile]:
    """What is in a folder and below, in a fixed order: at most `MAX_FILES`, and one more if there are more.

    Folders that are links, or cannot be read, or lie too deep, are not looked into.
    """
    count = 0
    folder = os.fspath(folder)
    for place, folders, names in os.walk(folder):
        folders.sort()
        depth = os.path.relpath(place, folder).count(os.sep)
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        if depth >= _MAX_DEPTH:
            folders.clear()
        for name in sorted((*names, *links)):
            path = os.path.join(place, name)
            try:
                found = os.lstat(path)
            except OSError:  # it has just been removed
                continue
            relative = os.path.relpath(path, folder).replace(os.sep, "/")
            yield FoundFile(relative, path, stat.S_ISREG(found.st_mode), found.st_size, found.st_mtime_ns)
            count += 1
            if count > MAX_FILES:
                return


def folder_digest(folder: str | os.PathLike[str]) -> str:
    """The fingerprint of a folder: names and contents of its files, read piece by piece.

    Of a link it is where it points to. Of what cannot be read, and of what is too large, it is what the folder says of
    it: such a file keeps nobody from being graded.
    """
    digest = hashlib.blake2b(digest_size=16)
    room = _MAX_HASHED
    for found in find_files(folder):
        mine = hashlib.blake2b(digest_size=32)
        try:
            if not found.is_ordinary:
                mine.update(_other(found.path))
            else:
                with open_file(found.path, room) as file:
                    left = room + 1
                    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
                        mine.update(chunk)
                        left -= len(chunk)
                room = max(0, left - 1)
        except (OSError, FileError) as error:
            if isinstance(error, OSError) and is_of_the_machine(error):
                raise
            mine.update(f"{type(error).__name__} {found.size} {found.changed}".encode())
        name = os.fsencode(found.name)
        digest.update(len(name).to_bytes(8, "big") + name + mine.digest())
    return digest.hexdigest()


def acts_by_itself(name: str) -> bool:
    """Whether a file of that name does something that nobody asked it to: in a browser, or in a Python or Jupyter
    that is started beside it."""
    name = name.rpartition("/")[2].lower()
    kind = mimetypes.guess_type(name)[0] or ""
    return (
        name in _STARTED
        or name.endswith((".pth", ".mhtml", ".mht", ".swf"))
        or kind.endswith(("html", "xml"))
        or (name.startswith(("jupyter", "ipython", "nbgrader")) and "config." in name)
    )


#: What Python, pytest and editors read of the folder that they are started in.
_STARTED = frozenset({"sitecustomize.py", "usercustomize.py", "conftest.py", "pyvenv.cfg", ".env"})


def _other(path: str) -> bytes:
    return b"link " + os.fsencode(os.readlink(path)) if os.path.islink(path) else b"other"


#: What nbgrader writes (``2026-11-30 17:05:00.000000 UTC``), and ISO 8601.
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?(Z|[+-]\d\d:?\d\d|[A-Za-z][\w+/-]{0,60})?)?",
    re.ASCII,
)


def read_timestamp(folder: str | os.PathLike[str]) -> datetime.datetime | None:
    """When something was handed in, in UTC, as its ``timestamp.txt`` has it; `None` if there is none or it is empty.

    Raises:
        FileError: there is one that holds no time, or that is no ordinary file.
        OSError: the machine cannot read any (`autograder.notebooks.machine`).
    """
    path = Path(folder, "timestamp.txt")
    try:
        text = read_file(path, 200).decode().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_of_the_machine(error):
            raise
        raise FileError(f"timestamp.txt cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        text = "?"
    if not text:
        return None
    found = _MOMENT.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        moment = datetime.datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
        return (moment - _offset(found[3] or "", moment)).replace(tzinfo=None)
    except (ValueError, OverflowError, zoneinfo.ZoneInfoNotFoundError):
        raise FileError(
            f"The file timestamp.txt holds no date that can be understood: {legible(text, 60)!r}. "
            "It should read like 2026-11-30 17:05:00 UTC."
        ) from None


def _offset(zone: str, moment: datetime.datetime) -> datetime.timedelta:
    """How far a zone is ahead of UTC.

    Raises:
        ValueError: there is no such zone.
    """
    if zone in ("", "Z", "UTC", "GMT"):
        return datetime.timedelta()
    if zone[0] in "+-":
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        return offset if zone[0] == "+" else -offset
    # Of names only those that the system lists: another could be the path of any file.
    if zone not in zoneinfo.available_timezones():
        raise ValueError
    return zoneinfo.ZoneInfo(zone).utcoffset(moment) or datetime.timedelta()


def _amount(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size:,} bytes"
