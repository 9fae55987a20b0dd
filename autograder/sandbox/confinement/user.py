"""Being nobody in particular: another user than root, and without root's single rights either."""

import ctypes
import os
import struct
import sys
import traceback

if sys.platform == "linux":
    from autograder.sandbox.confinement import _libc

__all__ = ["become", "could_become", "drop_capabilities", "narrow", "somebody"]

#: Where ids begin that no account has: systemd hands out the same range to services without an account.
_FIRST, _COUNT = 61184, 4000
_LAST_CAPABILITY = 63


def somebody() -> int:
    """An id for this zygote's workers, which no account of the machine has."""
    return _FIRST + os.getpid() % _COUNT


def become(uid: int) -> None:
    """Change from root to this user and group for good."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def could_become(uid: int, files: list[str]) -> bool:
    """Whether, having become `uid`, these files could still be read. Tried in a child that ends at once."""
    pid = os.fork()
    if pid == 0:
        try:
            become(uid)
            for file in files:
                with open(file, "rb") as opened:
                    opened.read(1)
            os._exit(0)
        except OSError:
            os._exit(1)
        except BaseException:  # a mistake of ours, which should leave a trace
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def narrow() -> None:
    """Give up, for ourselves and all children, that an executed program could bring rights along."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            _libc.prctl(_libc.PR_CAPBSET_DROP, capability)
        except OSError:  # the kernel knows no more of them, or we may not
            return


def drop_capabilities() -> bool:
    """Give up root's single rights. True if none is left and this is not root."""
    if sys.platform != "linux":
        return False
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    nothing = ctypes.create_string_buffer(24)
    _libc.call("capset", header, nothing)
    now = ctypes.create_string_buffer(b"\xff" * 24, 24)
    _libc.call("capget", header, now)
    return now.raw == bytes(24) and 0 not in (os.getuid(), os.geteuid())
