"""How many threads numpy and torch compute with: one. On networks this small, two cost twenty times the time of one.

No other thread also means that a fork is safe. Whether there is none is counted, since it depends on the build of torch
and on what else a course imports.
"""

import os

__all__ = ["ONE_THREAD", "how_many", "one_thread"]

#: Variables that keep libraries to one thread, from the moment that they are imported.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def one_thread() -> None:
    """Keep libraries that are imported from now on to one thread."""
    os.environ.update(ONE_THREAD)


def how_many() -> int:
    """How many threads this process has, those of libraries included; 0 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0
