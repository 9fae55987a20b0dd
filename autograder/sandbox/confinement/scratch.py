"""The scratch folder where there is no file system of our own for it: an ordinary folder, looked at now and then."""

import contextlib
import errno
import os

__all__ = ["PARTS", "SHARED_MEMORY", "TEMPORARY", "exceeds", "nothing_else_writable"]

#: Folders in the scratch folder that stand for ``/tmp``, and for ``/dev/shm``, without which there are no locks
#: between processes and libraries warn of that.
TEMPORARY, SHARED_MEMORY = ".tmp", ".shm"
PARTS = (TEMPORARY, SHARED_MEMORY)

#: More files than this count as too much, whatever they hold.
_MOST_FILES = 4096


def exceeds(folder: str, most: int) -> bool:
    """Whether the files in a folder have more than `most` bytes together, or are too many."""
    size = count = 0
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            count += 1
            if count > _MOST_FILES:
                return True
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(place, name)).st_blocks * 512
        if size > most:
            return True
    return size > most


def nothing_else_writable(folder: str, elsewhere: list[str]) -> bool:
    """Try to make a file in each of these folders. True if the kernel refuses all of them."""
    for place in elsewhere:
        attempt = os.path.join(place, f".probe-{os.getpid()}")
        try:
            os.close(os.open(attempt, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except OSError as error:
            if error.errno == errno.EEXIST:
                return False
            continue
        if not os.path.realpath(attempt).startswith(os.path.realpath(folder) + os.sep):
            os.unlink(attempt)
            return False
        os.unlink(attempt)
    return True
