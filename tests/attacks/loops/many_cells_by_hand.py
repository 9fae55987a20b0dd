"""Runs out the time of its cell from a handler that is called by the alarm itself."""
# deserves: 18

import signal

signal.setitimer(signal.ITIMER_REAL, 0)


def again(*_):
    while True:
        pass


signal.signal(signal.SIGALRM, again)
signal.setitimer(signal.ITIMER_REAL, 0.01)
while True:
    pass
