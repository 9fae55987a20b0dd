"""What a command costs: wall-clock time, CPU time and memory, those of all its descendants included."""

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

#: Seconds between two looks at the memory.
_LOOK = 0.5
#: Seconds to wait for processes that a command has left behind.
_PATIENCE = 5.0
_PR_SET_CHILD_SUBREAPER = 36


class Cost(NamedTuple):
    """What commands have cost.

    Attributes:
        seconds: wall-clock time.
        cpu: CPU seconds of the processes and their descendants.
        memory: the most that they held at a time, in bytes; memory that several share is counted once (PSS).
    """

    seconds: float
    cpu: float
    memory: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, self.cpu + other.cpu, max(self.memory, other.memory))


class Failed(Exception):
    """A command did not do what it should; the text is the end of what it said."""


def run(command: Sequence[str | Path], folder: Path, env: Mapping[str, str] = os.environ) -> Cost:
    """Run a command in `folder` and measure it.

    Raises:
        Failed: its exit code is not 0.
    """
    with tempfile.NamedTemporaryFile() as notes:
        process = subprocess.Popen(
            [sys.executable, __file__, notes.name, *command],
            cwd=folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        peak = _Peak(process.pid)
        said, _ = process.communicate()
        memory = peak.stop()
        if process.returncode:
            raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said[-3000:]}")
        seconds, cpu = json.load(notes)
    return Cost(seconds, cpu, memory)


def adopt_orphans() -> None:
    """Become the parent of whoever loses its own below this process, so that it is counted."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def cpu_of_the_dead() -> float:
    """CPU seconds of all children, and theirs, that have ended; those that are just ending are waited for."""
    until = time.monotonic() + _PATIENCE
    with contextlib.suppress(ChildProcessError):  # that there is none left
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _keep(notes: Path, command: Sequence[str]) -> int:
    """Run a command, note its seconds and CPU seconds, and return its exit code. This process does nothing else."""
    adopt_orphans()
    began = time.perf_counter()
    code = subprocess.run(command, check=False).returncode
    seconds = time.perf_counter() - began
    notes.write_text(json.dumps((seconds, cpu_of_the_dead())))
    return code


class _Peak(threading.Thread):
    """Looks at the memory of a process and its descendants from time to time."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._pid = pid
        self._most = 0
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            self._most = max(self._most, sum(map(_pss, _tree(self._pid))))

    def stop(self) -> int:
        self._over.set()
        self.join()
        return self._most


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    children.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(int(entry))
            except OSError:  # it has ended meanwhile
                continue
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _pss(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):  # it has ended, or we may not look
        return 0


if __name__ == "__main__":
    sys.exit(_keep(Path(sys.argv[1]), sys.argv[2:]))
