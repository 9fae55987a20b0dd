"""Namespaces: a file system, process table, network and message queues in which there is nothing to be found.

The zygote enters a user namespace with a file system of its own, made of read-only views of what may be read. Each
worker then gets what must not be shared: process table, network, message queues, and an empty scratch folder in
memory. Nothing is mounted at /proc; what has to be read there is read through a descriptor opened before.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
import traceback
from typing import NamedTuple, NoReturn

from autograder.sandbox.confinement import _libc, paths, process, scratch, user

__all__ = ["MADE", "SCRATCH", "TERMINALS", "Entered", "enter", "fork", "isolate", "queue_of_last_child", "rehearse"]

#: The only writable place, as a submission sees it.
SCRATCH = "/home/student"

#: Where a submission that starts programs finds terminals for them, its own and no others.
TERMINALS = "/dev/pts"

#: Files that tell a submission who and where it is, and nothing of this machine.
MADE = ("/etc/passwd", "/etc/group", "/etc/hosts")

#: The empty file that covers hidden ones.
_COVER = "/.hidden"

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV, _ATTR_NOEXEC = 1, 2, 4, 8
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR = 442
_AT_RECURSIVE = 0x8000
_AT_FDCWD = -100

_SET_INTERFACE_FLAGS, _INTERFACE_IS_UP = 0x8914, 1
#: An address that is nobody's, reserved for texts such as this.
_SOMEBODY_ELSE = "192.0.2.1"

_KINDS = ("user", "net", "mnt", "pid", "ipc")


class Entered(NamedTuple):
    """What a zygote inside its namespaces holds on to.

    Attributes:
        proc: descriptor of the /proc that was there before.
        pids: descriptor of the zygote's own process namespace, to come back to after a fork.
        outside: which namespaces there were before, as `_which` tells them.
    """

    proc: int
    pids: int
    outside: tuple[int, ...]


def enter(base: str, readable: paths.Readable, uid: int) -> Entered:
    """Move into new namespaces and continue in a child of this process, as user `uid`.

    The process that called this becomes an attendant that waits for the child and ends with it. To be called
    while there is a single thread.

    Args:
        base: an empty folder to build the new root in.
        readable: what the new root shows.
        uid: whom to become; only root can become another user.

    Raises:
        OSError: this machine does not allow it. The process may be half-way in and should end.
    """
    if platform.machine() not in _PIVOT_ROOT:
        raise OSError(f"the system calls of {platform.machine()} are not known here")
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    outside = _which(proc)
    if os.geteuid() == 0:
        # Built with root's rights, so that a Python in a closed home folder can be shown to somebody else.
        _libc.call("unshare", _libc.NEWNS)
        _build_root(base, readable, uid, uid)
        user.become(uid)
        _be_alone(proc, uid, uid)
    else:
        _be_alone(proc, uid, os.getgid())
        _build_root(base, readable, uid, os.getgid())
    process.be_opaque()
    pid = os.fork()
    if pid:
        _attend(pid)
    process.tie_to_parent()
    with contextlib.suppress(OSError):  # a read-only /proc; seccomp and the lack of capabilities are still there
        _write_in(proc, "sys/user/max_user_namespaces", "0")
    return Entered(proc, os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc), outside)


def rehearse(base: str, readable: paths.Readable, uid: int) -> bool:
    """Whether `enter` and `isolate` would work, tried in a child that ends at once."""
    pid = os.fork()
    if pid == 0:
        try:
            isolate(enter(base, readable, uid), 2**20)
            os._exit(0)
        except OSError:  # this machine does not allow it
            os._exit(1)
        except BaseException:  # a mistake of ours, which should leave a trace
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def fork(entered: Entered) -> int:
    """Fork into a process namespace of its own, in which the child is number 1 and everything dies with it."""
    _libc.call("unshare", _libc.NEWPID)
    try:
        pid = os.fork()
    except OSError:
        _libc.call("setns", entered.pids, _libc.NEWPID)
        raise
    if pid:
        _libc.call("setns", entered.pids, _libc.NEWPID)
    return pid


def queue_of_last_child(proc: int | None) -> int:
    """Open what tells how long the child that was forked last has waited for a core.

    Args:
        proc: descriptor of /proc, where nothing is mounted there.

    Returns:
        A descriptor; -1 where there is no such file.
    """
    place = "thread-self" if proc is not None else "/proc/thread-self"
    try:
        with open(os.open(f"{place}/children", os.O_RDONLY, dir_fd=proc)) as file:
            child = file.read().split()[-1]
        place = child if proc is not None else f"/proc/{child}"
        return os.open(f"{place}/schedstat", os.O_RDONLY, dir_fd=proc)
    except (OSError, IndexError):
        return -1


def isolate(entered: Entered, room: int, *, loopback: bool = False, terminals: bool = False) -> bool:
    """Give this worker what it must not share, and an empty scratch folder; go there.

    Args:
        entered: what the zygote has.
        room: bytes of the scratch folder.
        loopback: whether the worker can connect to itself.
        terminals: whether it can make terminals for the programs that it starts.

    Returns:
        Whether each namespace differs from the machine's and the network is found empty.
    """
    _libc.call("unshare", _libc.NEWNS | _libc.NEWNET | _libc.NEWIPC)
    _mount("scratch", SCRATCH, "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={room},nr_inodes=4096,mode=700")
    if loopback:
        _loop_back()
    if terminals:
        with contextlib.suppress(OSError):  # what is started has pipes then
            options = "newinstance,ptmxmode=0666,mode=620"
            _mount("terminals", TERMINALS, "devpts", _MS_NOSUID | _MS_NOEXEC, options)
    os.chdir(SCRATCH)
    now = _which(entered.proc)
    os.close(entered.proc)
    os.close(entered.pids)
    return (
        os.getpid() == 1
        and all(here != there for here, there in zip(now, entered.outside, strict=True))
        and _no_network()
    )


def _which(proc: int) -> tuple[int, ...]:
    return tuple(os.stat(f"self/ns/{kind}", dir_fd=proc).st_ino for kind in _KINDS)


def _no_network() -> bool:
    try:
        with socket.socket() as attempt:
            attempt.connect((_SOMEBODY_ELSE, 9))
    except OSError as error:
        return error.errno == errno.ENETUNREACH
    return False


def _loop_back() -> None:
    """Switch on the one way that a network without any device has: to oneself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_INTERFACE_FLAGS, struct.pack("16sH14x", b"lo", _INTERFACE_IS_UP))


def _be_alone(proc: int, uid: int, gid: int) -> None:
    """Enter the namespaces. Inside there is one user, the same as outside."""
    _libc.prctl(_libc.PR_SET_DUMPABLE, 1)  # else our own uid_map belongs to root
    _libc.call("unshare", _libc.NEWUSER | _libc.NEWNS | _libc.NEWPID | _libc.NEWNET | _libc.NEWIPC)
    _write_in(proc, "self/setgroups", "deny")
    _write_in(proc, "self/uid_map", f"{uid} {uid} 1")
    _write_in(proc, "self/gid_map", f"{gid} {gid} 1")


def _attend(pid: int) -> NoReturn:
    """Wait for the zygote and end as it ended. Its death is ours and the other way round."""
    os.closerange(0, 1024)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os._exit(code if code >= 0 else 128 - code)


def _build_root(base: str, readable: paths.Readable, uid: int, gid: int) -> None:
    """Make a file system of read-only views, and make it the root. The old one is gone for this process."""
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    _mount("root", base, "tmpfs", _MS_NOSUID, "size=1m,mode=755")
    for tree in readable.trees:
        _show(tree, base)
    # The package as a whole stays hidden, also where a tree has just shown it.
    package = base + readable.package
    os.makedirs(package, exist_ok=True)
    _mount("package", package, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=1m,mode=755")
    for part in readable.public:
        _show(part, base)
    _seal(package, _ATTR_RDONLY, deep=False)
    for one in readable.hidden_within():
        _cover(one, base)
    for device in paths.DEVICES:
        if os.path.exists(device):
            _show(device, base, _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NOEXEC)
    os.makedirs(base + SCRATCH)
    texts = (f"student:x:{uid}:{gid}::{SCRATCH}:/bin/sh\n", f"student:x:{gid}:\n", "127.0.0.1 localhost\n")
    for name, text in zip(MADE, texts, strict=True):
        os.makedirs(os.path.dirname(base + name), exist_ok=True)
        with open(base + name, "w") as file:
            file.write(text)
    os.makedirs(base + TERMINALS)
    ours = {"/tmp": f"{SCRATCH}/{scratch.TEMPORARY}", "/dev/shm": f"{SCRATCH}/{scratch.SHARED_MEMORY}"}
    ours["/dev/ptmx"] = f"{TERMINALS}/ptmx"
    for name, target in {**readable.links, **ours}.items():
        with contextlib.suppress(OSError):  # already there, in a tree
            place = base + os.path.realpath(os.path.dirname(name))
            os.makedirs(place, exist_ok=True)
            os.symlink(target, os.path.join(place, os.path.basename(name)))
    _seal(base, _ATTR_RDONLY, deep=False)
    os.chdir(base)
    _libc.syscall(_PIVOT_ROOT[platform.machine()], b".", b".")
    _libc.call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


def _show(path: str, base: str, attributes: int = _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV) -> None:
    place = base + path
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mknod(place)
    _mount(path, place, None, _MS_BIND | _MS_REC)
    _seal(place, attributes, deep=True)


def _cover(path: str, base: str) -> None:
    """Put something that nobody may open over a file or folder that has been shown."""
    place = base + path
    if os.path.isdir(path):
        _mount("hidden", place, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4k,mode=000")
    else:
        empty = base + _COVER
        with contextlib.suppress(FileExistsError):
            os.close(os.open(empty, os.O_CREAT | os.O_EXCL, 0o000))
        _mount(empty, place, None, _MS_BIND)
    _seal(place, _ATTR_RDONLY, deep=False)


def _seal(place: str, attributes: int, *, deep: bool) -> None:
    wanted = ctypes.create_string_buffer(struct.pack("=QQQQ", attributes, 0, 0, 0), 32)
    _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, place.encode(), _AT_RECURSIVE if deep else 0, wanted, 32)


def _mount(source: str | None, place: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [None if text is None else os.fsencode(text) for text in (source, place, kind, options)]
    _libc.call("mount", *encoded[:3], ctypes.c_ulong(flags), encoded[3])


def _write_in(proc: int, name: str, text: str) -> None:
    handle = os.open(name, os.O_WRONLY, dir_fd=proc)
    try:
        os.write(handle, text.encode())
    finally:
        os.close(handle)
