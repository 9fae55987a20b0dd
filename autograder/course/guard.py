"""Cells that put a learner's function to work: one kind sentence where it is missing or wrong, never a page of red.

A picture or a widget takes the learner's functions as arguments, is decorated with `kindly`, and reads what they
give back with `result_of`, `as_tensor`, `parts_of` or `like`::

    @kindly
    def try_sigmoid(sigmoid):
        ...result_of(sigmoid, z, shape=z.shape)...

A notebook then runs from top to bottom while half of it is still to be written.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import torch

from autograder.judging.calling import is_stub, raised
from autograder.judging.outcomes import Raised
from autograder.panels.kernel import in_kernel


class CannotDraw(Exception):
    """Nothing can be shown of what a learner's function gave back; the text says why."""


def kindly(show: Callable) -> Callable:
    """Decorate a function that takes functions of the learner's: one sentence instead of a traceback.

    A stub that is still empty says what is to be written first, an error in a learner's function says what it is
    and shows the learner's own line. Either way the answer is ``None`` and the notebook runs on. An error where no
    function of the learner's took part is ours, and is raised.
    """

    @functools.wraps(show)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        try:
            return show(*arguments, **options)
        except Exception as error:
            learners = [value for value in (*arguments, *options.values()) if _is_function(value)]
            overwritten = _overwritten(show, arguments)
            if overwritten:
                show_message(overwritten)
            elif learners or isinstance(error, CannotDraw):
                show_message(*explain(error, learners))
            else:
                raise
            return None

    return wrapper


def show_message(sentence: str, line: str = "") -> None:
    """Show a kind word in the notebook, or print it where there is none.

    Args:
        sentence: what is to be done; names stand between backticks.
        line: a line of the learner's code that it is about.
    """
    note = _Note(sentence, line)
    if not in_kernel():
        print(note)
        return
    from IPython import get_ipython
    from IPython.display import display

    # A cell that asks for the same function three times says so once.
    global _last_shown
    shown = (get_ipython().execution_count, repr(note))
    if shown != _last_shown:
        _last_shown = shown
        display(note)


#: The cell that the last message stands below, by its number, and the message.
_last_shown: tuple[int, str] | None = None


def explain(error: Exception, learners: list[Callable]) -> tuple[str, str]:
    """One sentence for the learner whose functions took part, and their line if it was one that raised.

    For what has no cell below it in which `show_message` could show it, such as a widget that is moved.
    """
    if isinstance(error, CannotDraw):
        return f"Not yet: {error}", ""
    came_of = _came_of(error, learners)
    name = came_of.where or name_of(learners[0])
    if came_of.untouched:
        missing = dict.fromkeys([name, *(name_of(function) for function in learners if _is_stub(function))])
        needed = " and ".join(f"`{one}`" for one in missing)
        write = "Write it above, run it" if len(missing) == 1 else "Write them above, run them"
        return f"This cell needs your {needed}. {write}, then run this cell again.", ""
    if came_of.type_name == "NotImplementedError":
        rest = "Remove that line once your own code stands above it."
        return f"Not yet: your `{name}` ran into `raise NotImplementedError()`. {rest}", ""
    message = came_of.text.split("\n")[0]
    says = f"{came_of.type_name}{': ' if message else ''}{message}"
    if came_of.line:
        return f"Not yet: your `{name}` stopped with {says}", came_of.line
    # A call that did not get as far as their code is named in Python's own message.
    called = [name_of(function) for function in learners if f"{name_of(function)}()" in message]
    if called:
        return f"Not yet: your `{called[0]}` could not be called: {message}", ""
    return f"Not yet: what your `{name}` returned can't be shown here. {says}", ""


def result_of(function: Callable, *arguments: Any, shape: tuple[int, ...] | None = None) -> torch.Tensor:
    """Call a learner's function and read the answer as one tensor, of the given shape if one is given.

    Raises:
        CannotDraw: the answer is not a tensor, or has another shape.
    """
    return as_tensor(function(*arguments), name_of(function), shape)


def as_tensor(answer: Any, name: str, shape: tuple[int, ...] | None = None) -> torch.Tensor:
    """Read what the function of that name gave back as a tensor of real numbers, without gradient.

    Raises:
        CannotDraw: it is not a tensor, or has another shape.
    """
    if answer is None:
        raise CannotDraw(f"`{name}` returned None. Did you forget `return`?")
    try:
        tensor = torch.as_tensor(answer).detach()
    except (TypeError, ValueError, RuntimeError):
        raise CannotDraw(f"`{name}` returned a {type(answer).__name__}, not a tensor.") from None
    if tensor.is_complex():
        raise CannotDraw(f"`{name}` returned complex numbers. Is there a root of something below 0?")
    if shape is not None and tuple(tensor.shape) != tuple(shape):
        raise CannotDraw(f"`{name}` returned shape {tuple(tensor.shape)}, and shape {tuple(shape)} was expected.")
    if tensor.numel() and not tensor.isfinite().any():
        raise CannotDraw(f"`{name}` returned no number, only nan or inf.")
    return tensor


def parts_of(answer: Any, count: int, name: str) -> tuple:
    """What the function of that name gave back, as a tuple of so many results.

    Raises:
        CannotDraw: it is not that many.
    """
    if not isinstance(answer, tuple | list) or len(answer) != count:
        raise CannotDraw(f"`{name}` should return {count} results, with commas between them.")
    return tuple(answer)


def like(answer: Any, params: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """The dict that the function of that name gave back, once it has the keys and shapes of `params`; float32.

    Raises:
        CannotDraw: it is no dict, or has other keys or shapes.
    """
    if answer is None:
        raise CannotDraw(f"`{name}` returned None. Did you forget `return`?")
    if not isinstance(answer, dict) or set(answer) != set(params):
        raise CannotDraw(f"`{name}` should return a dict with the keys {', '.join(params)}.")
    return {
        key: as_tensor(answer[key], f"{name}(...)['{key}']", tuple(value.shape)).float()
        for key, value in params.items()
    }


def name_of(function: Callable) -> str:
    """The name a learner knows the function by."""
    return getattr(function, "__name__", "your function")


class _Note:
    """A sentence beside a grey line, as the panel of a question that is not attempted yet has one."""

    def __init__(self, sentence: str, line: str):
        self._sentence, self._line = sentence, line

    def __repr__(self) -> str:
        return self._sentence + (f"\nYour line: {self._line}" if self._line else "")

    def _repr_html_(self) -> str:
        # Between backticks stands code: every second part.
        parts = [escape(part) for part in self._sentence.split("`")]
        text = "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
        line = f"<br>Your line: <code>{escape(self._line)}</code>" if self._line else ""
        return f'<div style="border-left:4px solid #767676;padding:6px 12px;margin:4px 0">{text}{line}</div>'


def _overwritten(show: Callable, arguments: tuple) -> str:
    """The message where an argument that should be a function of the learner's is none, such as after ``cost = 3``."""
    for parameter, value in zip(inspect.signature(show).parameters.values(), arguments, strict=False):
        if parameter.annotation is Callable and not callable(value):
            wanted = f"This cell needs a function for `{parameter.name}` and got a {type(value).__name__}."
            return f"{wanted} Is the name used for something else by now? Run the cell with the function again."
    return ""


def _is_stub(function: Callable) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and is_stub(code)


def _came_of(error: Exception, learners: list[Callable]) -> Raised:
    """The error as `check` would tell it, found among the lines of any of the functions."""
    found = [raised(error, names) for names in _globals_of(learners)]
    return next((one for one in found if one.where or one.line), found[0] if found else raised(error, {}))


def _globals_of(learners: Iterable[Callable]) -> Iterable[dict]:
    for function in learners:
        # A function that was wrapped, say by `functools.lru_cache`, keeps the learner's own inside.
        names = getattr(getattr(function, "__wrapped__", function), "__globals__", None)
        if names is not None:
            yield names


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, torch.nn.Module)
