"""Leaves threads that rewrite the namespace, print, and take processor time while the tests run."""
# answers: none
# deserves: 0

import threading
import time


def rewrite():
    while True:
        globals()["softmax"] = lambda z: True
        time.sleep(0.001)


def burn():
    while True:
        sum(range(1000))


for target in (rewrite, burn, burn):
    threading.Thread(target=target, daemon=True).start()
