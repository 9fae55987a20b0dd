"""Sends SIGKILL to its parent, to the grader, to its process group, and to everyone."""
# deserves: 18
# layers: needed

import os
import signal

for victim in (os.getppid(), machine.grader, -1, 0, *range(2, 300)):
    for number in (signal.SIGKILL, signal.SIGSTOP):
        try:
            os.kill(victim, number)
        except OSError:
            continue
        if victim:
            loot(f"signal {number} sent to {victim}")
