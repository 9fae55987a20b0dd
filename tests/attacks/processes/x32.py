"""Makes system calls by their x32 numbers, which a filter of plain numbers does not know."""
# deserves: 18
# layers: needed

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for number in (57, 41, 62, 101, 272):
    if libc.syscall(0x40000000 + number, 0, 0, 0, 0) >= 0:
        loot(f"x32 call {number}")
