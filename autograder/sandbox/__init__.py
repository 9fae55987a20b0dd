"""How a student's code is run without being trusted.

Three kinds of process. The *grader* (whoever imports this package) holds the answers. It starts one *zygote*, which
has everything slow imported and runs no student code; the zygote forks a *worker* for each submission, which runs the
notebook's cells and then answers calls over a socket::

    with Zygote(surroundings) as zygote, zygote.open(cells) as worker:
        worker.call("softmax", (logits,), seconds=10)

What comes back is rebuilt from bytes and is never more than plain values.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.confinement import LAYERS, OUTCOMES, Limits, Permissions
    from autograder.sandbox.inside.threads import one_thread
    from autograder.sandbox.outside.cell_records import CellReport
    from autograder.sandbox.outside.client import Worker, Zygote
    from autograder.sandbox.outside.launch import ForkServer
    from autograder.sandbox.outside.launcher import NotConfined, SandboxError
    from autograder.sandbox.wire.control import Surroundings
    from autograder.sandbox.wire.messages import Cell

__all__ = [
    "LAYERS",
    "OUTCOMES",
    "Cell",
    "CellReport",
    "ForkServer",
    "Limits",
    "NotConfined",
    "Permissions",
    "SandboxError",
    "Surroundings",
    "Worker",
    "Zygote",
    "one_thread",
]

#: Where each name comes from. Late, so that a `ForkServer` can be started before torch is imported here as well.
_ROOMS = {
    "confinement": ("LAYERS", "OUTCOMES", "Limits", "Permissions"),
    "inside.threads": ("one_thread",),
    "outside.cell_records": ("CellReport",),
    "outside.client": ("Worker", "Zygote"),
    "outside.launch": ("ForkServer",),
    "outside.launcher": ("NotConfined", "SandboxError"),
    "wire.control": ("Surroundings",),
    "wire.messages": ("Cell",),
}


def __getattr__(name: str) -> Any:
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
