"""Errors of the machine's, which are nobody's fault who has handed something in: which they are, and what to say."""

import errno
import os

from autograder.notebooks.text import legible

__all__ = ["about_machine", "is_of_the_machine"]

_ROOM = "Make room on the disk, then run this again."
_CLOSE = "Close other programs, then run this again."
#: Errors that have nothing to do with the file over which they happen, and what to do about them.
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: "Choose a place that may be written.",
    errno.EMFILE: "Let this process open more files: `ulimit -n 1024`.",
    errno.ENFILE: _CLOSE,
    errno.ENOMEM: _CLOSE,
}


def is_of_the_machine(error: OSError) -> bool:
    """Whether an error would have happened over any other file as well."""
    return error.errno in _REMEDIES


def about_machine(error: OSError) -> str:
    """Two sentences about such an error: what is wrong, with the place if that is known, and what to do."""
    assert error.errno is not None
    named = isinstance(error.filename, str | bytes)
    where = f"{legible(os.fsdecode(error.filename))}: " if named else ""
    return f"{where}{error.strerror}. {_REMEDIES[error.errno]}"
