"""seccomp: the kernel refuses this process every system call that is not on a list.

The filter is a small program for the kernel's packet-filter machine. It is put together here by hand, once and on
the trusted side, because the library that does so is not installed on a bare machine. Refused calls fail with
"operation not permitted", so that honest code gets an exception that explains itself.
"""

import ctypes
import errno
import platform
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

from autograder.sandbox.confinement import _libc, process

__all__ = ["Filter", "apply", "build"]

#: Allowed whatever the arguments: name, number on x86-64, number on AArch64 (-1 where there is no such call).
#: Reading and writing what is open, files by name (which Landlock and the file system bound), memory, waiting,
#: clocks, threads, and asking about oneself. Not among them: starting programs and processes, sockets, signals to
#: anybody, mounting, namespaces, tracing, keys, io_uring, BPF, shared memory, changing priorities.
_CALLS = """
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69, pwritev 296 70,
preadv2 327 286, pwritev2 328 287, lseek 8 62, close 3 57, close_range 436 436, dup 32 23, dup2 33 -1, dup3 292 24,
pipe 22 -1, pipe2 293 59, sendfile 40 71, copy_file_range 326 285, fsync 74 82, fdatasync 75 83, ftruncate 77 46,
fallocate 285 47, fadvise64 221 223, flock 73 32,
stat 4 -1, fstat 5 80, lstat 6 -1, newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44,
access 21 -1, faccessat 269 48, faccessat2 439 439, readlink 89 -1, readlinkat 267 78, getcwd 79 17, chdir 80 49,
fchdir 81 50, getdents 78 -1, getdents64 217 61, truncate 76 45, mkdir 83 -1, mkdirat 258 34, rmdir 84 -1,
unlink 87 -1, unlinkat 263 35, rename 82 -1, renameat 264 38, renameat2 316 276, link 86 -1, linkat 265 37,
symlink 88 -1, symlinkat 266 36, umask 95 166,
mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, madvise 28 233, brk 12 214, msync 26 227, mincore 27 232,
futex 202 98, futex_waitv 449 449, set_robust_list 273 99, set_tid_address 218 96, rseq 334 293, membarrier 324 283,
gettid 186 178, exit 60 93, exit_group 231 94, restart_syscall 219 128, sched_yield 24 124,
sched_getaffinity 204 123, getcpu 309 168,
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigtimedwait 128 137,
rt_sigsuspend 130 133, sigaltstack 131 132, pause 34 -1, alarm 37 -1, setitimer 38 103, getitimer 36 102,
nanosleep 35 101, clock_nanosleep 230 115, clock_gettime 228 113, clock_getres 229 114, gettimeofday 96 169,
time 201 -1, times 100 153,
poll 7 -1, ppoll 271 73, select 23 -1, pselect6 270 72, epoll_create 213 -1, epoll_create1 291 20, epoll_ctl 233 21,
epoll_wait 232 -1, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd2 290 19, timerfd_create 283 85,
timerfd_settime 286 86, timerfd_gettime 287 87,
socketpair 53 199, recvfrom 45 207, sendto 44 206, shutdown 48 210, getsockopt 55 209, setsockopt 54 208,
getsockname 51 204, getpeername 52 205,
getpid 39 172, getppid 110 173, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getgroups 115 158,
getresuid 118 148, getresgid 120 150, getpgid 121 155, getpgrp 111 -1, getsid 124 156, getrusage 98 165,
getrlimit 97 163, uname 63 160, sysinfo 99 179, getrandom 318 278, getpriority 140 141
"""

#: Opening files by name. Left out where neither Landlock nor a file system of our own says which.
_OPENING = "open 2 -1, openat 257 56"

#: Allowed for these values of an argument only: name, numbers, the argument's place, the values. File control
#: without the commands that have signals sent to others; terminals asked about, never driven; own thread names.
_ARGUMENTS: tuple[tuple[str, tuple[int, int], int, tuple[int, ...]], ...] = (
    ("fcntl", (72, 25), 1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)),
    ("ioctl", (16, 29), 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    ("prctl", (157, 167), 0, (15, 16, 0x53564D41)),
    ("prlimit64", (302, 261), 2, (0,)),  # no new limits, so it only asks
    ("arch_prctl", (158, -1), 0, (0x1002, 0x1003)),
)

#: Answered with "no such call": the C library then does it the older way, which can be judged by its arguments.
_UNKNOWN = "clone3 435 435, openat2 437 437, set_mempolicy 238 237, get_mempolicy 239 236, mbind 237 235"

#: Answered with "done" and not done, unless no harm can come of them. Landlock does not bound
#: them, and `shutil.copy` need not fail for their sake.
_PRETENDED = """
chmod 90 -1, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, utime 132 -1, utimes 235 -1, utimensat 280 88
"""

#: Allowed where there may be other processes: they and what they start are all in one process namespace.
_PROCESSES = """
fork 57 -1, vfork 58 -1, execve 59 221, wait4 61 260, waitid 247 95, kill 62 129, tgkill 234 131, tkill 200 130,
setpgid 109 154, setsid 112 157, pidfd_open 434 434, pidfd_send_signal 424 424, setrlimit 160 164, prlimit64 302 261,
sched_setaffinity 203 122, setpriority 141 140, sched_getparam 143 121, sched_getscheduler 145 120,
sched_get_priority_max 146 125, sched_get_priority_min 147 126, inotify_init1 294 26, inotify_add_watch 254 27,
inotify_rm_watch 255 28, memfd_create 319 279, signalfd4 289 74, capget 125 90, getxattr 191 8, lgetxattr 192 9,
fgetxattr 193 10, listxattr 194 11, llistxattr 195 12, flistxattr 196 13, chown 92 -1, fchown 93 55, lchown 94 -1,
fchownat 260 54
"""

#: Allowed where there may be connections, be it among a submission's own processes.
_SOCKETS = """
bind 49 200, listen 50 201, accept 43 202, accept4 288 242, connect 42 203, sendmsg 46 211, recvmsg 47 212,
sendmmsg 307 269, recvmmsg 299 243
"""
#: Kinds of sockets: among one's own processes, and beside that to addresses.
_AMONG_OWN, _TO_ADDRESSES = (1,), (1, 2, 10)

#: What programs ask of their own terminal, and what makes one; never to type into it.
_TERMINAL = (
    *(0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5409, 0x540A, 0x540B, 0x540E, 0x540F, 0x5410, 0x5413, 0x5414),
    *(0x541B, 0x5421, 0x5422, 0x5429, 0x5441, 0x5450, 0x5451, 0x80045430, 0x40045431),
)

_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE_THREAD = 0x00010000
#: Namespaces of the new process's own.
_CLONE_NAMESPACES = 0x7E020000
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_MODE_FILTER = 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
# The machine's instructions: load a word of the call, compare, test bits, return.
_LOAD, _IF_EQUAL, _IF_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16


class Filter(NamedTuple):
    """A filter ready to be loaded: so many instructions of 8 bytes."""

    program: bytes


def build(
    opening: bool = True,
    changing: bool = False,
    machine: str | None = None,
    *,
    processes: bool = False,
    network: bool = False,
) -> Filter:
    """Put the filter together.

    Args:
        opening: whether files may be opened by name.
        changing: whether rights and times of files may be changed: a file system of our own lets that be done only
            to the submission's own files.
        machine: the processor, as `platform.machine` calls it; this one's by default.
        processes: whether processes and programs may be started, and talked to.
        network: whether sockets may be connected to addresses.

    Raises:
        OSError: the system calls of this kind of processor are not known here.
    """
    machine = machine or platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"the system calls of {machine} are not known here")
    column = 1 if machine == "x86_64" else 2
    program = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_IF_EQUAL, _ARCHITECTURES[machine], skip_if=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    allowed = [_CALLS, *([_OPENING] if opening else []), *([_PROCESSES] if processes else [])]
    allowed += [_SOCKETS] if processes or network else []
    for number in _numbers(",".join(allowed), column):
        program += [_step(_IF_EQUAL, number, skip_else=1), _step(_RETURN, _ALLOW)]
    for number in _numbers(_UNKNOWN, column):
        program += [_step(_IF_EQUAL, number, skip_else=1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    for number in _numbers(_PRETENDED, column):
        program += [_step(_IF_EQUAL, number, skip_else=1), _step(_RETURN, _ALLOW if changing else _REFUSE | 0)]
    arguments = list(_ARGUMENTS)
    if processes:
        arguments = [one for one in arguments if one[0] not in ("ioctl", "prlimit64")]
        arguments.append(("ioctl", (16, 29), 1, _TERMINAL))
    if processes or network:
        arguments.append(("socket", (41, 198), 0, _TO_ADDRESSES if network else _AMONG_OWN))
    for _, numbers, place, values in arguments:
        if numbers[column - 1] >= 0:
            program += _with_argument(numbers[column - 1], place, values)
    flags, with_them, without = (
        (_CLONE_NAMESPACES, _REFUSE | errno.EPERM, _ALLOW)
        if processes
        else (_CLONE_THREAD, _ALLOW, _REFUSE | errno.EPERM)
    )
    program += [
        _step(_IF_EQUAL, _CLONE[machine], skip_else=4),
        _step(_LOAD, _ARGUMENTS_AT),
        _step(_IF_BITS, flags, skip_else=1),
        _step(_RETURN, with_them),
        _step(_RETURN, without),
        _step(_RETURN, _REFUSE | errno.EPERM),
    ]
    return Filter(b"".join(program))


def apply(ready: Filter) -> bool:
    """Be bound by the filter for good. True if it is enforced, and False on a kernel without filters."""
    process.gain_nothing()  # or the kernel would not let us
    program = ctypes.create_string_buffer(ready.program, len(ready.program))
    header = struct.pack("@HP", len(ready.program) // 8, ctypes.addressof(program))
    try:
        _libc.prctl(_libc.PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(header, len(header)))
    except OSError:  # the kernel has no filters
        return False
    return _refused(lambda: _libc.call("unshare", 0)) and _refused(lambda: socket.socket(socket.AF_NETLINK).close())


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    return False


def _with_argument(number: int, place: int, values: tuple[int, ...]) -> list[bytes]:
    """Allow a call if the lower half of one argument is among `values` and the upper half is zero."""
    low = _ARGUMENTS_AT + 8 * place
    inner = [_step(_LOAD, low + 4), _step(_IF_EQUAL, 0, skip_if=1), _step(_RETURN, _REFUSE | errno.EPERM)]
    inner.append(_step(_LOAD, low))
    for value in values:
        inner += [_step(_IF_EQUAL, value, skip_else=1), _step(_RETURN, _ALLOW)]
    inner.append(_step(_RETURN, _REFUSE | errno.EPERM))
    return [_step(_IF_EQUAL, number, skip_else=len(inner)), *inner]


def _step(code: int, value: int, *, skip_if: int = 0, skip_else: int = 0) -> bytes:
    return struct.pack("=HBBI", code, skip_if, skip_else, value)


def _numbers(table: str, column: int) -> list[int]:
    rows = [row.split() for row in table.split(",")]
    return [int(row[column]) for row in rows if int(row[column]) >= 0]
