"""Signals by every other way: tkill, tgkill, sigqueue, pidfd, F_SETOWN and a timer."""
# deserves: 18
# layers: needed

import ctypes
import fcntl
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
victims = (machine.grader, os.getppid(), 1)
for victim in victims:
    if libc.syscall(200, victim, 9) == 0 or libc.syscall(234, victim, victim, 9) == 0:
        loot("killed")
    handle = libc.syscall(434, victim, 0)
    if handle >= 0 and libc.syscall(424, handle, 9, None, 0) == 0:
        loot("killed by pidfd")
    for handle in open_sockets():
        try:
            fcntl.fcntl(handle, fcntl.F_SETOWN, victim)
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(handle, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        except OSError:
            continue
        loot("the socket signals somebody else")
