"""Leaves daemons behind: forks twice, starts a session, ignores every signal and waits."""
# deserves: 18
# layers: needed

import os
import signal
import time

for _ in range(3):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in range(1, 32):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError):
                        pass
                time.sleep(600)
            os._exit(0)
    except OSError:
        break
