"""The files in a zip or a folder that others have filled: read with limits, and never written to where a name says."""

import datetime
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.notebooks.reading import MAX_BYTES
from autograder.notebooks.text import legible

#: A class of a thousand with twenty files each.
_MOST_FILES = 20_000
#: All that is read of it, unpacked: it is held in memory until everything is matched.
_MOST_BYTES = 2 * 2**30
#: What is read: notebooks, and what Gradescope says of them. Of everything else the name is enough.
_READ = (".ipynb", ".yml")
#: What operating systems and Jupyter leave in zips.
_LITTER = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store")


class CollectError(Exception):
    """Nothing can be collected from there; the text says why and what to do."""


class Found(NamedTuple):
    """One file.

    Attributes:
        name: its path in the source, parts parted by slashes.
        content: its bytes; empty if it was refused, or if nothing asks for it.
        changed: when it was last changed, as far as the source says; good for an order, not for a late penalty.
        problem: why it was refused; empty if it was not.
    """

    name: str
    content: bytes
    changed: datetime.datetime
    problem: str = ""


def files_in(source: Path) -> Iterator[Found]:
    """Every file in a zip, or in a folder and below.

    Raises:
        CollectError: it is neither, or no zip that one would open.
    """
    if source.is_dir():
        yield from _in_folder(source)
    elif zipfile.is_zipfile(source):
        yield from _in_zip(source)
    else:
        raise CollectError(f"{source} is neither a folder nor a zip. Give the download as it came.")


def _in_folder(source: Path) -> Iterator[Found]:
    count, left = 0, _MOST_BYTES
    for place, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if name not in _LITTER)
        for name in sorted(names):
            path = Path(place, name)
            inside = path.relative_to(source).as_posix()
            if _is_litter(inside):
                continue
            count += 1
            if count > _MOST_FILES:
                raise CollectError(f"{source} has more than {_MOST_FILES:,} files; that is no class's work.")
            found = path.lstat()
            changed = datetime.datetime.fromtimestamp(found.st_mtime, datetime.UTC)
            if not stat.S_ISREG(found.st_mode):
                yield Found(inside, b"", changed, "It is a link, or no ordinary file.")
            elif found.st_size > MAX_BYTES:
                yield Found(inside, b"", changed, _too_large())
            elif path.suffix not in _READ:
                yield Found(inside, b"", changed)
            else:
                left -= found.st_size
                if left < 0:
                    raise CollectError(_too_much(source))
                yield Found(inside, path.read_bytes(), changed)


def _in_zip(source: Path) -> Iterator[Found]:
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
            if len(entries) > _MOST_FILES:
                raise CollectError(f"{source} has more than {_MOST_FILES:,} files; that is no class's work.")
            for entry in entries:
                if PurePosixPath(entry.filename).suffix in _READ and entry.file_size <= MAX_BYTES:
                    left -= entry.file_size  # no more than it claims is ever unpacked of it
                if left < 0:
                    raise CollectError(_too_much(source))
                yield _entry(archive, entry)
    except (zipfile.BadZipFile, OSError) as error:
        raise CollectError(f"{source} cannot be read as a zip: {error}. Download it again.") from None


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Found:
    changed = _time(entry.date_time)
    name = entry.filename
    path = PurePosixPath(name)
    problem = ""
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        problem = "Its name leads out of the zip."
    elif stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        problem = "It is a link, or no ordinary file."
    elif entry.flag_bits & 1:
        problem = "It is encrypted."
    elif entry.file_size > MAX_BYTES:
        problem = _too_large()
    if problem:
        return Found(legible(name), b"", changed, problem)
    if path.suffix not in _READ:
        return Found(name, b"", changed)
    try:
        with archive.open(entry) as file:
            content = file.read(MAX_BYTES + 1)  # what the zip says of sizes need not be true
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return Found(legible(name), b"", changed, "It is damaged in the zip.")
    if len(content) > MAX_BYTES:
        return Found(legible(name), b"", changed, _too_large())
    return Found(name, content, changed)


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _LITTER for part in parts) or bool(parts and parts[-1].startswith("._"))


def _too_much(source: Path) -> str:
    return (
        f"The notebooks in {source} are more than {_MOST_BYTES / 2**30:g} GB together; nothing is collected. Download "
        "one assignment at a time."
    )


def _too_large() -> str:
    return f"It has more than {MAX_BYTES // 2**20} MB."


def _time(when: tuple[int, int, int, int, int, int]) -> datetime.datetime:
    try:
        return datetime.datetime(*when, tzinfo=datetime.UTC)
    except ValueError:
        return datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
