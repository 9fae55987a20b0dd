"""How a student's code is run without being trusted.

Three kinds of process. The *grader* (whoever imports this package) holds the answers. It starts one *zygote*, which
has everything slow imported and runs no student code; the zygote forks a *worker* for each submission, which runs the
notebook's cells and then answers calls over a socket::

    with Zygote() as zygote, zygote.open(cells) as worker:
        worker.call("softmax", (logits,), seconds=10)

What comes back is rebuilt from bytes and is never more than plain values.
"""

from typing import TYPE_CHECKING, Any

from autograder.sandbox.outside.launch import Ancestor, SandboxError

from .confinement import LAYERS, OUTCOMES, Limits

if TYPE_CHECKING:
    from autograder.sandbox.outside.client import CellReport, NotConfined, Worker, Zygote
    from autograder.sandbox.wire.frames import Cell

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


def __getattr__(name: str) -> Any:
    # Late, so that an `Ancestor` can be started before torch is imported here as well.
    if name in __all__:
        from autograder.sandbox.outside import client
        from autograder.sandbox.wire import frames

        return getattr(wire if name == "Cell" else client, name)
    raise AttributeError(f"module 'autograder.sandbox' has no attribute {name!r}")
