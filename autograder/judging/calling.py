"""Calling one function of a student's and telling what came of it.

The notebook's self-check and the sandboxed worker both call through here, so both see the same outcome. What
a call ends in is one of four plain records; none of them knows of points.
"""

import contextlib
import io
import linecache
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from autograder.judging.values import plain
from autograder.notebooks.text import text_of


class Returned(NamedTuple):
    """The call came back.

    Attributes:
        value: the result as a plain value.
        arguments: the positional arguments as they were after the call, plain; ``None`` unless asked for.
    """

    value: Any
    arguments: tuple | None = None


class Raised(NamedTuple):
    """The call raised an exception.

    Attributes:
        type_name: the exception's class, such as ``RuntimeError``.
        text: its message, shortened.
        line: the student's own line of code that raised, or an empty string.
        line_number: where that line stands in its cell, or 0.
        untouched: the exception came out of a stub as released; `where` names that stub.
        where: the function the line belongs to.
    """

    type_name: str
    text: str
    line: str = ""
    line_number: int = 0
    untouched: bool = False
    where: str = ""


class Missing(NamedTuple):
    """There is no such function. `text` says what stands there instead, if anything."""

    text: str = ""


class Stopped(NamedTuple):
    """The call did not end by itself.

    Attributes:
        by: ``time`` when it ran into the limit, ``crash`` when its process died.
        text: how the process died, for a crash.
    """

    by: str
    text: str = ""


Outcome = Returned | Raised | Missing | Stopped


class Functions(Protocol):
    """Whatever answers calls: a notebook's own namespace, a sandboxed worker, a reference solution."""

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call the function `name`; give up after `seconds`."""
        ...


class TimeLimitReached(BaseException):
    """Raised inside student code when its time is up. Not an `Exception`, so that ``except Exception`` lets it pass."""


class Namespace:
    """Functions that live in this process, in a dict such as a notebook's."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call ``names[name]``; what it prints and warns of is swallowed, and it may change its own copies only."""
        if name not in self._names:
            return Missing()
        function = self._names[name]
        if not callable(function):
            return Missing(f"`{name}` is not a function but {type(function).__name__}")
        copies = _copies(arguments)
        try:
            with time_limit(seconds), quiet():
                value = plain(function(*copies))
                after = _copies(copies) if keep_arguments else None
        except TimeLimitReached:
            return Stopped("time")
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return raised(error, self._names)
        return Returned(value, after)


def _copies(arguments: tuple) -> tuple:
    """Arguments that share nothing with those given; functions are handed on as they are."""
    return tuple(argument if callable(argument) else plain(argument) for argument in arguments)


def raised(error: BaseException, names: Mapping[str, Any]) -> Raised:
    """Describe an exception by the innermost line that the student wrote: the code whose globals are `names`."""
    frame, line_number = _student_frame(error.__traceback__, names)
    try:
        text = str(error)
    except Exception:
        text = ""
    kind = text_of(type(error).__name__)
    if isinstance(error, SyntaxError):
        # Whoever raises it by hand may put anything into its fields.
        number = error.lineno if isinstance(error.lineno, int) else 0
        return Raised(kind, text_of(error.msg or text), text_of(error.text or "").strip(), number)
    if frame is None:
        return Raised(kind, text_of(text))
    code = frame.f_code
    line = linecache.getline(code.co_filename, line_number, frame.f_globals).strip()
    return Raised(
        kind,
        text_of(text),
        text_of(line),
        line_number,
        isinstance(error, NotImplementedError) and is_stub(code),
        "" if code.co_name.startswith("<") else code.co_name,
    )


def _student_frame(traceback: TracebackType | None, names: Mapping[str, Any]) -> tuple[Any, int]:
    """The innermost frame of code that was written where `names` are global, below it only libraries."""
    found, number = None, 0
    while traceback is not None:
        if traceback.tb_frame.f_globals is names:
            found, number = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    return found, number


def _stub() -> None:
    raise NotImplementedError()


def is_stub(code: Any) -> bool:
    """Whether a function is still what nbgrader leaves of a solution: nothing but ``raise NotImplementedError()``."""
    return code.co_names == _stub.__code__.co_names and code.co_code == _stub.__code__.co_code


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what is printed and warned of: to stock nbgrader any line on stderr means no points."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def time_limit(seconds: float) -> contextlib.AbstractContextManager:
    """Raise `TimeLimitReached` in the block once `seconds` are over, not counting those spent in the queue for a core.

    In a main thread with POSIX signals an alarm interrupts sleeping and waiting too; elsewhere (Windows, threads)
    the exception arrives at the next line of Python.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _alarm(seconds)
    return _late_exception(seconds)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    queued = seconds_in_queue()

    def ring(*_: Any) -> None:
        nonlocal queued
        now = seconds_in_queue()
        lost, queued = now - queued, now
        if lost < _TRIFLE:
            raise TimeLimitReached
        signal.setitimer(signal.ITIMER_REAL, lost)  # on a busy machine the same code gets the same time

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


#: Seconds in the queue for a core that are nothing to speak of.
_TRIFLE = 0.002
#: The process that opened its account, and the descriptor; -1 where there is none.
_account = (0, -1)


def seconds_in_queue(proc: int | None = None) -> float:
    """Seconds that this thread was ready to run and had no core (Linux: ``/proc/thread-self/schedstat``); else 0.

    The account stays open, so that a process may close its walls once it has asked.

    Args:
        proc: descriptor of /proc, where nothing is mounted there.
    """
    global _account
    if _account[0] != os.getpid():
        place = "thread-self/schedstat" if proc is not None else "/proc/thread-self/schedstat"
        try:
            handle = os.open(place, os.O_RDONLY, dir_fd=proc)
        except OSError:
            handle = -1
        _account = (os.getpid(), handle)
    if _account[1] < 0:
        return 0.0
    try:
        return int(os.pread(_account[1], 100, 0).split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # student's code may have put another file in its place
        return 0.0


@contextlib.contextmanager
def _late_exception(seconds: float) -> Iterator[None]:
    import ctypes

    thread = ctypes.c_ulong(threading.get_ident())
    raise_in_thread: Callable = ctypes.pythonapi.PyThreadState_SetAsyncExc
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
