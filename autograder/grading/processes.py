"""How Pythons of ours are started safely, and how it is said that one has ended over its task.

This module imports next to nothing: whoever only asks a grader process need not import what the process does.
"""

import contextlib
import os
from collections.abc import Iterator

__all__ = ["GraderDied", "safe_path"]


@contextlib.contextmanager
def safe_path() -> Iterator[None]:
    """Keep Pythons that are started meanwhile from importing out of the current folder.

    A spawned one looks there first, for `multiprocessing` itself, and the folder may be a submission's.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


class GraderDied(Exception):
    """A grader process ended before it had answered. The text is a sentence."""
