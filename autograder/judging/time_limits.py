"""Stopping code that does not end by itself, in the process in which it runs.

A limit counts the time in which the code had a core, so that a busy machine changes no verdict.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

__all__ = ["TimeLimitReached", "seconds_in_queue", "time_limit"]


class TimeLimitReached(BaseException):
    """Raised inside student code when its time is up. Not an `Exception`, so that ``except Exception`` lets it pass."""


def time_limit(seconds: float) -> contextlib.AbstractContextManager[None]:
    """Raise `TimeLimitReached` in the block once `seconds` are over, not counting those spent in the queue for a core.

    In a main thread sleeping and waiting are interrupted too: by an alarm, or where there is none (Windows) as by
    Ctrl-C. In other threads the exception arrives at the next line of Python.
    """
    if threading.current_thread() is not threading.main_thread():
        return _late_exception(seconds)
    return _alarm(seconds) if hasattr(signal, "setitimer") else _as_by_hand(seconds)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    # What is left is reckoned from the beginning: on a machine that is busy enough every short while has a wait in it,
    # and whoever only looked for one without would not come to an end.
    began, queued = time.monotonic(), seconds_in_queue()

    def ring(*_: Any) -> None:
        left = seconds - (time.monotonic() - began) + (seconds_in_queue() - queued)
        if left < _TRIFLE:
            raise TimeLimitReached
        signal.setitimer(signal.ITIMER_REAL, left)  # on a busy machine the same code gets the same time

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


#: Seconds that are nothing to speak of.
_TRIFLE = 0.002
#: The process that opened the file, and its descriptor; -1 where there is none.
_opened = (0, -1)


def seconds_in_queue(proc: int | None = None) -> float:
    """Seconds that this thread was ready to run and had no core (Linux: ``/proc/thread-self/schedstat``); else 0.

    The file stays open, so that a process may confine itself once it has asked.

    Args:
        proc: descriptor of /proc, where nothing is mounted there.
    """
    global _opened
    if _opened[0] != os.getpid():
        place = "thread-self/schedstat" if proc is not None else "/proc/thread-self/schedstat"
        try:
            handle = os.open(place, os.O_RDONLY, dir_fd=proc)
        except OSError:
            handle = -1
        _opened = (os.getpid(), handle)
    if _opened[1] < 0:
        return 0.0
    try:
        return int(os.pread(_opened[1], 100, 0).split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # student's code may have put another file in its place
        return 0.0


@contextlib.contextmanager
def _as_by_hand(seconds: float) -> Iterator[None]:
    """The same by the signal that Ctrl-C sends, the one that ends a sleep on Windows. A real Ctrl-C stays one."""
    main = threading.get_ident()
    over = threading.Lock()
    done = rung = False

    def ring() -> None:
        nonlocal rung
        with over:
            if not done:
                rung = True
                if hasattr(signal, "pthread_kill"):
                    signal.pthread_kill(main, signal.SIGINT)
                else:
                    signal.raise_signal(signal.SIGINT)  # on Windows the main thread is woken whoever raises it

    def interrupted(number: int, frame: FrameType | None) -> None:
        nonlocal rung
        if rung:
            rung = False
            raise TimeLimitReached
        if callable(previous):
            previous(number, frame)

    previous = signal.signal(signal.SIGINT, interrupted)
    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    try:
        try:
            timer.start()
            yield
        finally:
            with over:
                done = True
            timer.cancel()
            time.sleep(0)  # a signal that is already on its way arrives here and not later
    finally:
        signal.signal(signal.SIGINT, previous)


@contextlib.contextmanager
def _late_exception(seconds: float) -> Iterator[None]:
    import ctypes

    thread = ctypes.c_ulong(threading.get_ident())
    raise_in_thread: Callable[..., Any] = ctypes.pythonapi.PyThreadState_SetAsyncExc
    over = threading.Lock()
    done = False

    def ring() -> None:
        with over:
            if not done:
                raise_in_thread(thread, ctypes.py_object(TimeLimitReached))

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with over:
            done = True
        timer.cancel()
        time.sleep(0)  # an exception that is already on its way arrives here and not later
