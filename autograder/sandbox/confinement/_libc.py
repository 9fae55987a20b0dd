"""The few system calls that Python has no function for."""

import ctypes
import os
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

# Python 3.12 has os.unshare and os.setns; 3.11 has not.
NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)

PR_SET_PDEATHSIG = 1
PR_GET_PDEATHSIG = 2
PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library by name.

    Raises:
        OSError: it returned -1, or this C library has no such function.
    """
    try:
        function = getattr(_libc, name)
    except AttributeError:
        raise OSError(f"the C library has no {name}") from None
    return _checked(name, function(*arguments))


def syscall(number: int, *arguments: Any) -> int:
    """Make a system call by number; integers are passed as C longs.

    Raises:
        OSError: the kernel refused.
    """
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _checked(f"system call {number}", _libc.syscall(ctypes.c_long(number), *passed))


def prctl(option: int, value: Any = 0, third: Any = 0) -> int:
    """Read or change an attribute of this process."""
    zero = ctypes.c_ulong(0)
    value, third = (ctypes.c_ulong(one) if isinstance(one, int) else one for one in (value, third))
    return call("prctl", option, value, third, zero, zero)


def _checked(name: str, result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
