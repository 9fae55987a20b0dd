"""How many threads numpy and torch compute with: one. On networks this small, two cost twenty times the time of one.

No other thread also means that a fork is safe. Whether there is none is counted, since it depends on the build of torch
and on what else a course imports.
"""

import os

__all__ = ["how_many", "one_thread"]


def one_thread() -> None:
    """Keep libraries that are imported from now on to one thread."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def how_many() -> int:
    """How many threads this process has, those of libraries included; 0 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0
