"""How many threads numpy and torch compute with: one. On networks this small, two cost twenty times the time of one."""

import os


def one_thread() -> None:
    """Say so to libraries that are imported from now on. No other thread also means that a fork is safe."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
