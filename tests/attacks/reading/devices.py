"""Reads and writes devices: terminals, disks, kernel memory, shared memory, the kernel's log."""
# deserves: 18
# layers: needed

import glob
import os

for path in (
    "/dev/tty",
    "/dev/mem",
    "/dev/kmsg",
    "/dev/shm",
    "/dev/vda",
    "/dev/sda",
    "/dev/pts/0",
    *glob.glob("/dev/*"),
):
    if path in {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/fd"}:
        continue
    if os.path.realpath(path).startswith(os.environ["HOME"]):  # with all layers /dev/shm is a folder in our own
        continue
    for mode in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY):
        try:
            os.open(path, mode | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError:
            continue
        loot(path)
