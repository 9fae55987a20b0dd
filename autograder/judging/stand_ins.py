"""A slip costs once: a question that fails because of another function is asked again with a stand-in for that.

Stand-ins are library calls, written beside a lesson's hidden suite as ``stand_ins.py``, one function each and
self-contained. They are no reference solutions: a student could make the same calls. A question gets stand-ins for
functions of earlier questions alone, and never for a function that its own tests call.
"""

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from msgspec.structs import replace

from autograder.judging.course import Lesson, Question
from autograder.judging.results import QuestionResult

__all__ = ["blamed", "judge_with", "sources"]


@cache
def sources(lesson: Lesson) -> Mapping[str, str]:
    """The text of each stand-in of a lesson, by the name of the function; none where they are not installed."""
    path = lesson.secret / "stand_ins.py"
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def blamed(
    lesson: Lesson,
    question: Question,
    called: Collection[str],
    reads: Mapping[str, Collection[str]],
    verdicts: Iterable[QuestionResult],
) -> tuple[str, ...]:
    """Functions that a failed question uses and that are not right themselves, in the lesson's order.

    Args:
        lesson: the lesson.
        question: the question that failed.
        called: the functions that its tests call.
        reads: for each of these the global names that it reads, itself or through other functions.
        verdicts: those of the lesson's questions.
    """
    wrong = {verdict.name for verdict in verdicts if verdict.outcome != "passed"}
    read = {name for function in called for name in reads.get(function, ())}
    earlier = lesson.questions[: lesson.questions.index(question)]
    return tuple(one.name for one in earlier if one.signature and one.name in wrong & read and one.name not in called)


def judge_with(
    lesson: Lesson, alone: QuestionResult, culprits: Collection[str], ask: Callable[[str], QuestionResult]
) -> QuestionResult:
    """The verdict on a question that failed and that uses functions which are not right.

    Args:
        lesson: the lesson.
        alone: the verdict without stand-ins.
        culprits: those functions; see `blamed`.
        ask: asks the question again after code has been run that defines the stand-ins.
    """
    those = " and ".join(f"your `{name}`" for name in culprits)
    known = [text for name in culprits if (text := sources(lesson).get(name))]
    # What was seen of it is not its own doing, or not alone: no known mistake may be read into it.
    found = replace(alone, misconception=None, second=None)
    if len(known) == len(culprits):
        again = ask("\n\n\n".join(known))
        if again.outcome == "passed":
            says = f"What went wrong in `{alone.name}` comes from {those}. It counts there and costs nothing here."
            return replace(again, note=says)
        if again.score > alone.score:
            return replace(
                again, note=f"A part of what went wrong in `{alone.name}` comes from {those}, and costs nothing here."
            )
        if again.score == alone.score and again.outcome == alone.outcome:
            found = again
    return replace(found, note=_mend_first(those, len(culprits)))


def _mend_first(those: str, count: int) -> str:
    are, them = ("is", "that") if count == 1 else ("are", "those")
    return f"This uses {those}, which {are} not right yet. Mend {them} first."
