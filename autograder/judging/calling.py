"""Calling one function of a student's, in the process in which it lives.

The notebook's self-check and the sandboxed worker both call through here, so both see the same outcome.
"""

import contextlib
import difflib
import io
import linecache
import warnings
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from autograder.judging.outcomes import Missing, Outcome, Raised, Returned, Stopped
from autograder.judging.time_limits import TimeLimitReached, time_limit
from autograder.judging.traces import look_at, traces_of
from autograder.judging.values import copied, plain
from autograder.notebooks.text import text_of

__all__ = ["Namespace", "is_stub", "quiet", "raised"]


class Namespace:
    """Functions that live in this process, in a dict such as a notebook's."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call ``names[name]``; what it prints and warns of is swallowed, and it may change its own copies only."""
        if name not in self._names:
            return Missing()
        function = self._names[name]
        if not callable(function):
            return Missing(f"`{name}` is not a function but {type(function).__name__}")
        copies = _copies(arguments)
        try:
            with time_limit(seconds), quiet():
                before = look_at(copies) if keep_arguments else []
                result = function(*copies)
                value = plain(result)
                after = _plain(copies) if keep_arguments else None
                traces = traces_of(before, result)
        except TimeLimitReached:
            return Stopped("time")
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return raised(error, self._names)
        return Returned(value, after, traces)


def _copies(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments that share nothing with those given; functions are handed on as they are."""
    return tuple(argument if callable(argument) else copied(argument) for argument in arguments)


def _plain(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments as plain values; functions as they are."""
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
    if isinstance(error, NameError):
        text = _with_suggestion(text, error, frame)
    line = linecache.getline(code.co_filename, line_number, frame.f_globals).strip()
    return Raised(
        kind,
        text_of(text),
        text_of(line),
        line_number,
        isinstance(error, NotImplementedError) and is_stub(code),
        "" if code.co_name.startswith("<") else code.co_name,
    )


def _with_suggestion(text: str, error: NameError, frame: Any) -> str:
    """The text of a NameError as Python shows it: with a name of the student's that is nearly the same, if any."""
    name = error.name
    if not isinstance(name, str) or "Did you mean" in text:
        return text
    for known in (frame.f_locals, frame.f_globals):
        mine = [one for one in known if isinstance(one, str) and not one.startswith("_")]
        near = difflib.get_close_matches(name[:40], mine, 1, cutoff=0.75)
        if near and near[0] != name:
            return f"{text}. Did you mean: '{near[0]}'?"
    return text


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
    return bool(code.co_names == _stub.__code__.co_names and code.co_code == _stub.__code__.co_code)


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
