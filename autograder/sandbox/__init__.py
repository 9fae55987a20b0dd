"""How a student's code is run without being trusted.

Three kinds of process. The *grader* (whoever imports this package) holds the answers. It starts one *zygote*, which
has everything slow imported and runs no student code; the zygote forks a *worker* for each submission, which runs the
notebook's cells and then answers calls over a socket::

    with Zygote() as zygote, zygote.open(cells) as worker:
        worker.call("softmax", (logits,), seconds=10)

What comes back is rebuilt from bytes and is never more than plain values.
"""

from .client import CellReport, NotConfined, Worker, Zygote
from .confinement import LAYERS, OUTCOMES, Limits
from .openers import Ancestor, SandboxError
from .wire import Cell

__all__ = [
    "LAYERS",
    "OUTCOMES",
    "Ancestor",
    "Cell",
    "CellReport",
    "Limits",
    "NotConfined",
    "SandboxError",
    "Worker",
    "Zygote",
]
