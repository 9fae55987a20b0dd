"""Wrong answers that real beginners give, and what a good tutor says to each.

Each lesson has a file of them in its secret folder, ``misconceptions.py``.

::

    @misconception("You added 2, where the number should be taken twice.", "What is twice 5?")
    def double__adds_two(x):
        return x + 2

is the misconception ``double/adds_two``. Each is self-contained but for ``import torch``, so that it can be
pasted into a notebook as a student's answer. None earns full points, and a test of the project says so. Students do
not install them.
"""

import ast
import importlib.util
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar

from autograder.judging.course import Lesson

__all__ = ["Misconception", "misconception", "misconceptions"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Misconception(NamedTuple):
    """One known wrong answer.

    Attributes:
        id: ``double/adds_two``.
        question: the question it is an answer to, ``double``.
        function: the wrong implementation.
        diagnosis: what happened, for the student, in a sentence or two.
        pointer: a question or hint that leads on without giving the answer away.
        any_numbers: what it says is true whatever numbers stand in the text of an exception, the shapes for example.
    """

    id: str
    question: str
    function: Callable[..., Any]
    diagnosis: str
    pointer: str
    any_numbers: bool = False

    @property
    def source(self) -> str:
        """The function as a student would have written it, under the question's name."""
        text = textwrap.dedent(inspect.getsource(self.function))
        (definition,) = ast.parse(text).body
        code = "\n".join(text.splitlines()[definition.lineno - 1 :])  # the `def`; decorators stand above it
        return code.replace(f"def {self.function.__name__}(", f"def {self.question}(", 1) + "\n"


def misconception(diagnosis: str, pointer: str, any_numbers: bool = False) -> Callable[[_Function], _Function]:
    """Mark a function named ``<question>__<mistake>`` as a known wrong answer; see `Misconception`."""

    def mark(function: _Function) -> _Function:
        question, _, mistake = function.__name__.partition("__")
        known = Misconception(f"{question}/{mistake}", question, function, diagnosis, pointer, any_numbers)
        vars(function)["misconception"] = known
        return function

    return mark


@cache
def misconceptions(lesson: Lesson) -> tuple[Misconception, ...]:
    """All that are known of a lesson's questions, in the order of its file; none where that is not installed."""
    path = lesson.secret / "misconceptions.py"
    if not path.exists():
        return ()
    spec = importlib.util.spec_from_file_location(f"misconceptions of {lesson.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return tuple(value.misconception for value in vars(module).values() if hasattr(value, "misconception"))
