"""Resource limits: the kernel's own bounds on one process."""

import contextlib
import errno
import mmap
import os
import sys
from typing import NamedTuple

if sys.platform != "win32":
    import resource

__all__ = ["Limits", "apply", "size_of_this_process", "tasks_of"]


class Limits(NamedTuple):
    """What one submission may use.

    Attributes:
        cpu_seconds: processor time of one worker. The wall-clock limits of cells and calls end it long before.
        memory: bytes of address space beyond what the zygote hands down.
        file_size: bytes of one file.
        scratch: bytes of the scratch folder, all files together.
        files: descriptors open at a time.
        processes: processes and threads at a time.
    """

    cpu_seconds: int = 900
    memory: int = 2 * 2**30
    file_size: int = 32 * 2**20
    scratch: int = 64 * 2**20
    files: int = 256
    processes: int = 64


def size_of_this_process() -> int:
    """Bytes of address space in use; 0 where that cannot be told."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0


def tasks_of(uid: int) -> int:
    """How many processes and threads a user has on this machine. The limit counts them all together."""
    count = 0
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if entry.stat().st_uid == uid or _owner(entry.path) == uid:
                        count += len(os.listdir(f"{entry.path}/task"))
    return count


def _owner(folder: str) -> int:
    # The files of a process that is not dumpable belong to root, whoever it runs as.
    with open(f"{folder}/status") as file:
        for line in file:
            if line.startswith("Uid:"):
                return int(line.split()[1])
    return -1


def apply(limits: Limits, size: int, tasks: int) -> bool:
    """Set the limits for this process and its children, and try whether they are enforced.

    Args:
        limits: what a submission may use.
        size: bytes of address space that the process has already.
        tasks: processes and threads that count against the same limit already.
    """
    if sys.platform == "win32":
        return False
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_FSIZE": limits.file_size,
        "RLIMIT_NOFILE": limits.files,
        "RLIMIT_NPROC": tasks + limits.processes,
    }
    if size:  # macOS knows RLIMIT_AS and does not enforce it
        wanted["RLIMIT_AS"] = size + limits.memory
    for name, value in wanted.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))
    return bool(size) and _are_enforced(limits)


def _are_enforced(limits: Limits) -> bool:
    try:
        os.dup2(0, limits.files + 1)
        return False
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.EINVAL):
            return False
    try:
        mmap.mmap(-1, limits.memory + mmap.PAGESIZE).close()
        return False
    except OSError as error:
        return error.errno == errno.ENOMEM
