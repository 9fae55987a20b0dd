"""Ending a worker with everything it started, where no process namespace does it.

The zygote adopts orphans (`process.adopt_orphans`), so whatever a submission leaves behind is below the zygote
still, whichever session it moved to.
"""

import contextlib
import os
import signal
from collections.abc import Collection

#: A bomb that forks faster than we kill is out of processes long before.
_ROUNDS = 50


def kill_below(parent: int, spare: Collection[int]) -> None:
    """Kill every descendant of `parent`, which is this process, except the workers in `spare` and theirs."""
    for _ in range(_ROUNDS):
        found = _descendants(parent, spare)
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _reap(spare)
        if not found:
            return


def _reap(spare: Collection[int]) -> None:
    """Take the exit status of dead children that are nobody's worker."""
    for pid in _children().get(os.getpid(), ()):
        if pid not in spare:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _descendants(parent: int, spare: Collection[int]) -> list[int]:
    children = _children()
    found: list[int] = []
    todo = [pid for pid in children.get(parent, ()) if pid not in spare]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo.extend(children.get(pid, ()))
    return found


def _children() -> dict[int, list[int]]:
    """The children of every process, as far as /proc shows them."""
    children: dict[int, list[int]] = {}
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError), open(f"{entry.path}/stat", "rb") as file:
                    # The name, in brackets, may hold anything; what follows it may not.
                    parent = int(file.read().rpartition(b")")[2].split()[1])
                    children.setdefault(parent, []).append(int(entry.name))
    return children
