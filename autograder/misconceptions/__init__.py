"""Wrong answers that real beginners give, one file a lesson.

A function ``softmax__sums_columns`` is the misconception ``softmax/sums_columns``: what a student may well write for
`softmax`, and what is wrong with it as its docstring. None of them earns full points, and a test of the project
says so. This folder is not part of what students install.
"""

import importlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from autograder.lessons import Lesson


class Misconception(NamedTuple):
    """One known wrong answer.

    Attributes:
        id: ``softmax/sums_columns``.
        question: ``softmax``.
        function: the wrong implementation.
    """

    id: str
    question: str
    function: Callable

    @property
    def source(self) -> str:
        """The function as a student would have written it: under the question's name, without our remark."""
        lines = inspect.getsource(self.function).splitlines()
        remark = inspect.getdoc(self.function) or ""
        code = [line for line in lines if not line.strip().startswith('"""')] if remark else lines
        return "\n".join(code).replace(f"def {self.function.__name__}(", f"def {self.question}(", 1) + "\n"


@cache
def misconceptions(lesson: Lesson) -> tuple[Misconception, ...]:
    """All that are known of a lesson's questions."""
    module = importlib.import_module(f"{__name__}.{lesson.module}")
    return tuple(
        Misconception(name.replace("__", "/"), name.partition("__")[0], function)
        for name, function in vars(module).items()
        if "__" in name.strip("_") and callable(function)
    )
