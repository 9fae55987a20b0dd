"""Ending a worker with everything it started, where no process namespace does it.

The zygote adopts orphans (`process.adopt_orphans`), so whatever a submission leaves behind is below the zygote
still, whichever session it moved to.
"""

import contextlib
import os
import signal
from collections.abc import Collection

__all__ = ["kill_below"]

#: A bomb that forks faster than we kill is out of processes long before.
_ROUNDS = 50


def kill_below(parent: int, spare: Collection[int]) -> None:
    """Kill every descendant of `parent`, which is this process, except the workers in `spare` and theirs."""
    for _ in range(_ROUNDS):
        found = _descendants(parent, spare)
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in found:
            # Those that are not our children yet will be, and are found in the next round.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        if not found:
            return


def _descendants(parent: int, spare: Collection[int]) -> list[int]:
    found: list[int] = []
    todo = [pid for pid in _children_of(parent) if pid not in spare]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo.extend(_children_of(pid))
    return found


def _children_of(pid: int) -> list[int]:
    """The children of a process; none if it has just ended."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                found.extend(map(int, file.read().split()))
    return found
