"""Fewer and larger pages for the zygote's memory, so that forks and ends of workers have less to copy and to free.

A fork copies the table of pages, and 300 MB are 75,000 entries of 4 KB. Collapsed into pages of 2 MB they are 150:
measured, a fork takes 1.6 ms instead of 6.7, and the end of a worker 2.5 instead of 8.3.
"""

import contextlib
import ctypes

from autograder.sandbox.confinement import _libc

__all__ = ["collapse"]

_SIZE = 2 * 2**20
_HUGEPAGE, _COLLAPSE = 14, 25


def collapse() -> None:
    """Collapse as much of our memory as can be; where the kernel does not do that (before 6.1) nothing happens."""
    for start, end in _regions():
        with contextlib.suppress(OSError):
            _advise(start, end - start, _HUGEPAGE)
            for place in range(start, end, _SIZE):
                with contextlib.suppress(OSError):  # a page in which nothing is
                    _advise(place, _SIZE, _COLLAPSE)


def _regions() -> list[tuple[int, int]]:
    """Private writable memory that no file stands behind, in whole large pages."""
    found = []
    with contextlib.suppress(OSError), open("/proc/self/maps") as file:
        for line in file:
            addresses, rights, _, _, _, *name = line.split()
            start, end = (int(text, 16) for text in addresses.split("-"))
            if rights == "rw-p" and name in ([], ["[heap]"]):
                start, end = -(-start // _SIZE) * _SIZE, end // _SIZE * _SIZE
                if start < end:
                    found.append((start, end))
    return found


def _advise(start: int, size: int, what: int) -> None:
    _libc.call("madvise", ctypes.c_void_p(start), ctypes.c_size_t(size), what)
