"""Wrong answers that real beginners give, one file a lesson, and what a good tutor says to each.

::

    @misconception(
        "Your columns add up to 1, not your rows: the sum runs over the batch.",
        "Which index of z counts the observations?",
    )
    def softmax__sums_columns(z):
        return torch.softmax(z, dim=0)

is the misconception ``softmax/sums_columns``. Each is self-contained but for ``import torch``, so that it can be
pasted into a notebook as a student's answer. None earns full points, and a test of the project says so. This
folder is not part of what students install.
"""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from autograder.judging.course import Lesson


class Misconception(NamedTuple):
    """One known wrong answer.

    Attributes:
        id: ``softmax/sums_columns``.
        question: the question it is an answer to, ``softmax``.
        function: the wrong implementation.
        diagnosis: what happened, for the student, in a sentence or two.
        pointer: a question or hint that leads on without giving the answer away.
    """

    id: str
    question: str
    function: Callable
    diagnosis: str
    pointer: str

    @property
    def source(self) -> str:
        """The function as a student would have written it, under the question's name."""
        text = textwrap.dedent(inspect.getsource(self.function))
        (definition,) = ast.parse(text).body
        code = "\n".join(text.splitlines()[definition.lineno - 1 :])  # the `def`; decorators stand above it
        return code.replace(f"def {self.function.__name__}(", f"def {self.question}(", 1) + "\n"


def misconception(diagnosis: str, pointer: str) -> Callable[[Callable], Callable]:
    """Mark a function named ``<question>__<mistake>`` as a known wrong answer."""

    def mark(function: Callable) -> Callable:
        question, _, mistake = function.__name__.partition("__")
        function.misconception = Misconception(f"{question}/{mistake}", question, function, diagnosis, pointer)
        return function

    return mark


@cache
def misconceptions(lesson: Lesson) -> tuple[Misconception, ...]:
    """All that are known of a lesson's questions."""
    module = importlib.import_module(f"{__name__}.{lesson.module}")
    return tuple(value.misconception for value in vars(module).values() if hasattr(value, "misconception"))
