"""Starts a program without execve: by the dynamic loader, a memfd, and code put into memory by hand."""
# deserves: 18
# layers: needed

import ctypes
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
handle = libc.syscall(319, b"program", 0)
if handle >= 0:
    loot("memfd")
if libc.syscall(322, -100, b"/bin/true", None, None, 0) == 0:
    loot("execveat")
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# mov eax, 57 (fork); syscall; ret
code.write(bytes.fromhex("b8390000000f05c3"))
fork = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
if fork() >= 0:
    loot("forked")
