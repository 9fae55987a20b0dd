"""How many threads numpy and torch compute with: one. On networks this small, two cost twenty times the time of one."""

import os

__all__ = ["one_thread"]


def one_thread() -> None:
    """Keep libraries that are imported from now on to one thread. No other thread also means that a fork is safe."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
