"""Loops in a cell, where no function can be blamed."""
# deserves: 18

import signal

signal.setitimer(signal.ITIMER_REAL, 0)
while True:
    pass
