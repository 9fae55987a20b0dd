"""Waits for a lock that nobody will open, for its own thread, and for a pipe in which nothing comes."""
# answers: init_params softmax forward softmax_examples
# deserves: 15

import os
import threading

turns = iter(range(10**9))


def predict_digits(probs):
    if next(turns) % 2:
        lock = threading.Lock()
        with lock:
            while not lock.acquire(timeout=10**6):
                pass
    while True:
        try:
            os.read(os.pipe()[0], 1)
        except BaseException:
            pass
