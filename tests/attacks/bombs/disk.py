"""Fills the disk with one file, with many files and with deep folders."""
# deserves: 18
# layers: needed

import os

written = 0
try:
    for number in range(40):
        with open(f"{machine.marker}-{number}", "wb") as file:
            written += file.write(b"x" * 2**24)
except OSError:
    pass
try:
    for number in range(50_000):
        os.close(os.open(f"small-{number}", os.O_CREAT))
        os.mkdir(f"folder-{number}")
        os.chdir(f"folder-{number}")
except OSError:
    pass
if written > 2**28:
    loot(f"{written} bytes written")
