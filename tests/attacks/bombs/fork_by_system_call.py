"""Forks without end by raw system calls: fork, vfork, clone and clone3."""
# deserves: 18
# layers: needed

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for _ in range(50):
    for number, arguments in ((57, ()), (56, (17, 0, 0, 0, 0)), (435, (None, 0))):
        if libc.syscall(number, *arguments) == 0:
            while True:
                libc.pause()
