"""Whether a notebook is looking."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["in_kernel", "shell"]


def shell() -> "InteractiveShell | None":
    """The IPython in which this runs, in a notebook or in a terminal; ``None`` in a plain Python."""
    if "IPython" not in sys.modules:  # where it runs it has been imported, and it is slow to import
        return None
    from IPython import get_ipython

    running: InteractiveShell | None = get_ipython()
    return running


def in_kernel() -> bool:
    """Whether this runs in a Jupyter kernel, as against a terminal or a script."""
    return getattr(shell(), "kernel", None) is not None
