"""What the kernel keeps about a process: who may look at it, when it dies, and that it gains no rights.

Used for the zygote and for each worker; the grader makes itself opaque too, since its memory holds the answers.
"""

import ctypes
import os
import signal
import sys

if sys.platform == "linux":
    from autograder.sandbox.confinement import _libc

__all__ = ["adopt_orphans", "apply", "be_opaque", "gain_nothing", "tie_to_parent"]


def be_opaque() -> bool:
    """Keep other processes of this user out of our memory: no ptrace, no ``/proc/<pid>/mem``, no core dump."""
    if sys.platform != "linux":
        return False
    _libc.prctl(_libc.PR_SET_DUMPABLE, 0)
    return True


def tie_to_parent() -> None:
    """Die when the process that forked us dies."""
    _libc.prctl(_libc.PR_SET_PDEATHSIG, int(signal.SIGKILL))


def gain_nothing() -> None:
    """From here on no program we execute gives us rights that we do not have."""
    _libc.prctl(_libc.PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has died, so that a daemon cannot slip away."""
    _libc.prctl(_libc.PR_SET_CHILD_SUBREAPER, 1)


def apply() -> bool:
    """Do all of this for a worker. True if the kernel confirms it."""
    if sys.platform != "linux":
        return False
    tie_to_parent()
    gain_nothing()
    be_opaque()
    deadly = ctypes.c_int()
    _libc.prctl(_libc.PR_GET_PDEATHSIG, ctypes.byref(deadly))
    return (
        deadly.value == signal.SIGKILL
        and _libc.prctl(_libc.PR_GET_NO_NEW_PRIVS) == 1
        and _libc.prctl(_libc.PR_GET_DUMPABLE) == 0
        and os.getsid(0) == os.getpgid(0)
    )
