"""Landlock: the kernel refuses this process every path that is not on a list, whoever it runs as."""

import contextlib
import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable

from autograder.sandbox.confinement import _libc, process

__all__ = ["apply", "ruleset", "version"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 10, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
#: Rights over files that each version of Landlock knows.
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
#: The name of a pipe that cannot be made.
_PIPE = ".pipe"


def version() -> int:
    """The kernel's version of Landlock; 0 without it."""
    try:
        return _libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


def ruleset(
    readable: Iterable[str],
    writable: Iterable[str],
    devices: Iterable[str],
    *,
    executable: Iterable[str] = (),
    listable: Iterable[str] = (),
    terminals: Iterable[str] = (),
    network: bool = False,
    sockets: bool = False,
) -> int:
    """A list of what may be used, as a descriptor for `apply`.

    Args:
        readable: files and folders that may be read.
        writable: folders that may be written to, too.
        devices: devices that may be read and written.
        executable: files and folders that may be executed, too.
        listable: folders of which the names in them, and in folders below, may be read.
        terminals: devices that may be asked for more than to read and to write.
        network: whether connections may be made and waited for.
        sockets: whether sockets may be made in writable folders.

    Raises:
        OSError: there is no Landlock here.
    """
    number = version()
    known = _KNOWN[min(number, max(_KNOWN))] if number else 0
    handled = _BIND_AND_CONNECT if number >= 4 and not network else 0
    scoped = _ABSTRACT_SOCKETS_AND_SIGNALS if number >= 6 else 0
    attributes = struct.pack("=QQQ", known, handled, scoped)[: 8 if number < 4 else 16 if number < 6 else 24]
    size = len(attributes)
    handle = _libc.syscall(_CREATE_RULESET, ctypes.create_string_buffer(attributes, size), size, 0)
    os.set_inheritable(handle, False)
    reading = _READ_FILE | _READ_DIR
    nodes = _MAKE_CHAR | _MAKE_BLOCK | _MAKE_FIFO | (0 if sockets else _MAKE_SOCK)
    for paths, rights in (
        (readable, reading),
        (writable, known & ~_EXECUTE & ~_IOCTL_DEV & ~nodes),
        (devices, _READ_FILE | _WRITE_FILE),
        (executable, reading | _EXECUTE),
        (listable, _READ_DIR),
        (terminals, reading | _WRITE_FILE | _IOCTL_DEV),
    ):
        for path in paths:
            _allow(handle, path, rights & known)
    return handle


def _allow(handle: int, path: str, rights: int) -> None:
    with contextlib.suppress(OSError):  # what cannot be opened needs no permission
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(opened).st_mode):
                rights &= _FILE_RIGHTS
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
            _libc.syscall(_ADD_RULE, handle, _PATH_BENEATH, rule, 0)
        finally:
            os.close(opened)


def apply(handle: int) -> bool:
    """Be bound by a ruleset for good, in a folder that is writable. True if it is enforced."""
    process.gain_nothing()  # or the kernel would not let us
    _libc.syscall(_RESTRICT_SELF, handle, 0)
    try:
        os.mkfifo(_PIPE)  # what no ruleset of ours allows
    except OSError as error:
        return error.errno == errno.EACCES
    os.unlink(_PIPE)
    return False
