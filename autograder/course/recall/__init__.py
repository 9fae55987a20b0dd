"""Three small questions from the lessons before one, with fresh numbers and no points: ``recall(3)``.

A call without answers draws new numbers. A call with answers says of each whether it is right, what is, and why; where
an answer is a likely slip, it says which. What was drawn is kept as long as this Python lives, and nowhere else.
"""

import random
from collections.abc import Sequence
from html import escape
from typing import Any

from autograder.course.recall._answers import reply_to
from autograder.course.recall._asked import Asked, draw
from autograder.course.recall._questions import QUESTIONS

__all__ = ["Recalled", "recalled"]

#: What was drawn last, by lesson.
_drawn: dict[int, tuple[Asked, ...]] = {}


class Recalled:
    """Questions, each with what is to be said of its answer, for a notebook or a terminal.

    Attributes:
        questions: what is asked, in order.
        replies: a sentence or two to each answer; empty where there was none.
        remarks: sentences at the end.
    """

    def __init__(self, questions: tuple[Asked, ...], replies: tuple[str, ...], remarks: tuple[str, ...]):
        self.questions = questions
        self.replies = replies
        self.remarks = remarks

    def __repr__(self) -> str:
        lines = []
        for number, (asked, reply) in enumerate(zip(self.questions, self.replies, strict=True), 1):
            lines += [f"{number}. {asked.text}", *([f"   {reply}"] if reply else [])]
        return "\n".join([*lines, *self.remarks])

    def _repr_html_(self) -> str:
        items = "".join(
            f'<li style="margin:6px 0">{_marked_up(asked.text)}{f"<br>{_marked_up(reply)}" if reply else ""}</li>'
            for asked, reply in zip(self.questions, self.replies, strict=True)
        )
        remarks = "".join(f'<p style="margin:4px 0">{_marked_up(remark)}</p>' for remark in self.remarks)
        return (
            '<div style="border-left:4px solid #1f5fa8;padding:6px 12px;margin:4px 0">'
            f'<ol style="margin:0;padding-left:24px;line-height:1.5">{items}</ol>{remarks}</div>'
        )


def recalled(lesson: object, answers: Sequence[object], rng: random.Random | None = None) -> Recalled:
    """The three questions to begin a lesson with, and what is to be said of the answers.

    Args:
        lesson: the lesson's number.
        answers: in order; none draws new numbers. ``None`` and ``...`` leave a question out.
        rng: draws the numbers; by default anew each time.

    Raises:
        ValueError: no questions come before that lesson.
    """
    if not isinstance(lesson, int) or isinstance(lesson, bool) or lesson not in QUESTIONS:
        raise ValueError(f"Questions come before the lessons 1 to {max(QUESTIONS)}: write recall({min(QUESTIONS)}).")
    is_new = lesson not in _drawn or not answers
    if is_new:
        rng = random.Random() if rng is None else rng
        _drawn[lesson] = tuple(draw(question, rng) for question in QUESTIONS[lesson])
    asked = _drawn[lesson]
    if not answers:
        return Recalled(asked, ("",) * len(asked), (_how(lesson, asked),))
    if is_new:  # "Run All Cells", the next day
        remark = "These numbers are new. What stands in the cell answered others, so answer again, or read on."
        return Recalled(asked, ("",) * len(asked), (remark,))
    given = _one_each(answers, asked)
    if len(given) > len(asked):
        remark = (
            f"You gave {len(given)} answers to {len(asked)} questions. Is there a comma inside of a number? Write 0.5, "
            "not 0,5; and put a shape between brackets: (4, 2)."
        )
        return Recalled(asked, ("",) * len(asked), (remark,))
    replies = [reply_to(question, answer) for question, answer in zip(asked, given, strict=False)]
    replies += [""] * (len(asked) - len(replies))
    return Recalled(asked, tuple(replies), (f"Once more, with other numbers: `recall({lesson})`.",))


def _how(lesson: int, asked: Sequence[Asked]) -> str:
    answers = ", ".join("(4, 2)" if question.is_pair else "0.5" for question in asked)
    call = f"recall({lesson}, {answers})"
    return f"Your answers go behind the {lesson}, in order, such as `{call}`; then run the cell again."


def _one_each(answers: Sequence[Any], asked: Sequence[Asked]) -> Sequence[Any]:
    """The answers, one to each question, where somebody has put all of them into a list."""
    whole = answers[0]
    is_all = len(answers) == 1 and isinstance(whole, list | tuple) and len(whole) == len(asked)
    return whole if is_all else answers


def _marked_up(text: str) -> str:
    """A text as HTML, with what stands between backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
