"""Becomes root in a user namespace of its own, mounts, and leaves the root folder by chroot and pivot_root."""
# deserves: 18
# layers: needed

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x00020000, 0x10020000, 0x20000000, 0x40000000):
    if libc.unshare(flags) == 0:
        loot(f"unshare {flags:x}")
if libc.mount(b"none", b"/home/student", b"tmpfs", 0, None) == 0:
    loot("mounted")
if libc.umount2(b"/home/student", 2) == 0 or libc.syscall(155, b".", b".") == 0:
    loot("unmounted")
try:
    os.chroot(".")
except OSError:
    pass
else:
    loot("chroot")
