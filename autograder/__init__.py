"""An auto-graded course, and the grader that carries it. This is what its notebooks import.

In a notebook: ``from autograder import check, hint``, then ``check("softmax")`` and ``hint("softmax")``; the lessons
also take their data, pictures and widgets from here. On the command line: ``autograder --help``.

This package is a door: it hands the course to an engine that knows no course. It imports nothing heavy before it must.
"""

import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.course.glossary import Explanation
    from autograder.course.recall import Recalled
    from autograder.student.check import Verdict
    from autograder.student.compare import Comparison
    from autograder.student.hint import Hint

__all__ = ["check", "compare", "explain", "hint", "recall"]

# A mistake of ours is logged. Who wants to read the log gives it a handler; nothing is ever printed into a notebook.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def check(question: str) -> "Verdict | None":
    """Check your answer to one question: ``check("softmax")``.

    Shows at once whether it is right and, if not, what was called, what came back and what was expected.

    Args:
        question: the question's name, which is the name of your function.

    Returns:
        The verdict; ``None`` while the notebook is graded, since then its answers are checked from outside.

    Raises:
        ValueError: there is no such question.
    """
    if _is_graded():
        return None
    with _explaining():
        from autograder.course.contents import COURSE
        from autograder.student.check import check_question, names_here

        return check_question(question, COURSE, names_here())


def compare(question: str, answer: str | None = None) -> "Comparison | None":
    """Your answer in sentences beside ours: ``compare("scrambled")``. Ours is shown once you have written one.

    Args:
        question: the question's name.
        answer: your answer, where the notebook's file cannot be found; else it is read from there.

    Returns:
        Both answers, and what is looked for; ``None`` while the notebook is graded, since then nobody reads it.

    Raises:
        ValueError: there is no such question.
    """
    if _is_graded():
        return None
    with _explaining():
        from autograder.course.contents import COURSE
        from autograder.student.compare import comparison

        return comparison(question, COURSE, answer)


def hint(question: str) -> "Hint | None":
    """A hint to one question: ``hint("softmax")``. Call it again for a little more; there are three.

    Args:
        question: the question's name, which is the name of your function.

    Returns:
        The hint; ``None`` while the notebook is graded, since then nobody reads it.

    Raises:
        ValueError: there is no such question.
    """
    if _is_graded():
        return None
    with _explaining():
        from autograder.course.contents import COURSE
        from autograder.student.hint import hint_for

        return hint_for(question, COURSE)


def explain(word: str) -> "Explanation | None":
    """What a word, a sign or a call of the lessons means: ``explain("broadcasting")``, ``explain("@")``.

    Args:
        word: as a lesson writes it.

    Returns:
        A sentence or two; ``None`` while the notebook is graded, since then nobody reads it.
    """
    if _is_graded():
        return None
    with _explaining():
        from autograder.course.glossary import explanation_of

        return explanation_of(word)


def recall(lesson: int, *answers: object) -> "Recalled | None":
    """Three small questions from the lessons before one: ``recall(3)``. Then ``recall(3, 0.5, 12, (4, 2))`` answers.

    Args:
        lesson: the number of the lesson that you are in.
        answers: your answers, in order; ``None`` for one that you leave out. Without any, new numbers are drawn.

    Returns:
        The questions, and what is to be said of the answers; ``None`` while the notebook is graded.

    Raises:
        ValueError: no questions come before that lesson.
    """
    if _is_graded():
        return None
    with _explaining():
        from autograder.course.recall import recalled

        return recalled(lesson, answers)


def _is_graded() -> bool:
    """Whether this process is a worker of the sandbox; its environment says so."""
    return os.environ.get("AUTOGRADER_CHECKS") == "off"


@contextlib.contextmanager
def _explaining() -> Iterator[None]:
    """Say it in a sentence where a student's own file, such as a ``queue.py``, has got in the way of an import."""
    try:
        yield
    except (ImportError, AttributeError, TypeError, NameError, RuntimeError) as error:
        from autograder.student import preflight

        reason = None if _is_graded() else preflight.reason_for(error)
        if reason is None:
            raise
        raise reason from error


class _CourseModules:
    """Gives notebooks the course's own modules under short names: ``autograder.data`` is ``autograder.course.data``.

    Both names stand for one module object, imported when it is first asked for. What lies below such a module has two
    names as well.
    """

    _NAMES = ("data", "figures", "functions", "widgets")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The specification of a module with a short name; ``None`` for every other module."""
        package, _, rest = fullname.partition(".")
        if package != __name__ or rest.partition(".")[0] not in self._NAMES:
            return None
        return ModuleSpec(fullname, self)  # type: ignore[arg-type]  # a loader has two methods and needs no base class

    def create_module(self, spec: ModuleSpec) -> None:
        """Let the import system make an empty module, which `exec_module` replaces."""

    def exec_module(self, module: ModuleType) -> None:
        """Put the course's module in the place of the empty one.

        The import system hands out what stands in `sys.modules` afterwards and does not touch it, so the course's
        module keeps its own name, loader and specification.
        """
        short = module.__name__
        with _explaining():
            sys.modules[short] = importlib.import_module(f"{__name__}.course{short.removeprefix(__name__)}")


# First in the list: the finder of files would load what lies below `autograder.figures` a second time.
if not any(isinstance(finder, _CourseModules) for finder in sys.meta_path):
    sys.meta_path.insert(0, _CourseModules())

# The line that a notebook begins with is the first that can tell what is in the way. A worker has no say in it.
if not _is_graded():
    with _explaining():
        from autograder.student import preflight as _preflight

        _preflight.stop_if_hidden()
