"""Hints: for each question three steps towards an answer, each a little more, none of them the solution.

The texts are in one file of each lesson (`TEXTS`): for each question three, separated by commas. The first asks
something or paints a picture; the second names the operation, the dimension, a number worked by hand; the third says
in words what the answer is made of. How many a student has seen is counted on their own computer, for nobody else.
"""

import contextlib
import json
import os
import re
import tempfile
import textwrap
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import platformdirs

from autograder.judging.course import Course, Lesson
from autograder.panels.kernel import in_kernel

__all__ = ["STEPS", "TEXTS", "Hint", "hint_for", "texts"]

#: How many hints each question has.
STEPS = 3

#: The file in a lesson's public folder that has the hints.
TEXTS = "hints.toml"

#: Longest file of counts that is read; ours has some hundred bytes.
_MAX_BYTES = 2**16

#: Columns of a hint on a terminal: few enough to be read with ease.
_WIDTH = 80

#: Counts that could not be written, by file and question, for as long as this Python lives.
_unwritten: dict[Path, dict[str, int]] = {}


class Hint:
    """The steps that a student has seen of a question, the newest last, for a notebook or a terminal.

    Attributes:
        question: the question's name.
        steps: the texts up to now.
        is_last: there is no further one, and this one had been seen before.
    """

    def __init__(self, question: str, section: str, steps: tuple[str, ...], is_last: bool):
        self.question = question
        self.steps = steps
        self.is_last = is_last
        self._section = section

    def __repr__(self) -> str:
        lines = [f"Hint {len(self.steps)} of {STEPS}: {self.question}"]
        lines += [_wrapped(text, f"  {number}. ") for number, text in enumerate(self.steps, 1)]
        return "\n".join([*lines, *(_wrapped(line, "  ") for line in self._foot())])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self)}
        return {**bundle, "text/html": self._html()} if in_kernel() else bundle

    def _html(self) -> str:
        """No script, no style sheet, readable on light and dark pages; earlier steps step back."""
        *earlier, newest = (_marked_up(text) for text in self.steps)
        items = "".join(f'<li style="margin:4px 0;opacity:0.75">{text}</li>' for text in earlier)
        items += f'<li style="margin:4px 0">{newest}</li>'
        return (
            '<div style="border-left:4px solid #1f5fa8;padding:6px 12px;margin:4px 0"><div style="font-weight:600">'
            '<span style="background:#1f5fa8;color:#fff;border-radius:4px;padding:1px 8px;margin-right:8px">'
            f"Hint {len(self.steps)} of {STEPS}</span><code>{escape(self.question)}</code></div>"
            f'<ol style="margin:6px 0;padding-left:24px">{items}</ol>'
            + "".join(f'<p style="margin:4px 0">{_marked_up(line)}</p>' for line in self._foot())
            + "</div>"
        )

    def _foot(self) -> tuple[str, ...]:
        again = f'`hint("{self.question}")`'
        if self.is_last:
            where = (
                f"That was the last hint. Read the section {self._section} of the lesson once more, above all what it "
                f'works by hand. Then try what you have, even if it is not right yet: `check("{self.question}")` '
                "says what came out and what should have."
            )
        elif len(self.steps) == STEPS:
            where = f'This is the last hint. Try it, and run `check("{self.question}")`.'
        else:
            where = f"Try it with that first. {again} once more says a little more."
        return where, "Hints are counted on this computer only, and they never cost points."


def hint_for(question: str, course: Course) -> Hint:
    """The hints to a question that have been asked for, this time included.

    Args:
        question: the question's name.
        course: the course that asks it.

    Raises:
        ValueError: there is no such question, or it has no hints.
    """
    lesson, found = course.question_called(question)
    steps = _texts_of(lesson).get(question)
    if steps is None:
        raise ValueError(f"There are no hints to {question!r}.")
    counts = _counts(course)
    seen = _seen(counts).get(question, 0)
    if seen < STEPS:
        _note(counts, question, seen + 1)
    section = f"“Your turn: {found.signature}”" if found.signature else f"“The whole thing: {question}”"
    return Hint(question, section, steps[: min(seen + 1, STEPS)], is_last=seen >= STEPS)


def texts(course: Course) -> dict[str, tuple[str, ...]]:
    """The hints to every question, in order."""
    return {question: steps for lesson in course.lessons for question, steps in _texts_of(lesson).items()}


@cache
def _texts_of(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """The hints to a lesson's questions; none where its file is not there."""
    path = lesson.public / TEXTS
    read = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {question: tuple(" ".join(text.split()) for text in steps) for question, steps in read.items()}


def _counts(course: Course) -> Path:
    """Where the counts are kept: one small file, which may be deleted to begin anew."""
    return platformdirs.user_data_path(course.data_name, appauthor=False) / "hints.json"


def _seen(counts: Path) -> dict[str, int]:
    """How many hints to each question have been seen; nothing that is wrong with the file is a reason to stop."""
    read: Any = {}
    with contextlib.suppress(OSError, ValueError, RecursionError), counts.open("rb") as file:
        read = json.loads(file.read(_MAX_BYTES))
    if not isinstance(read, dict):
        read = {}
    kept = {name: count for name, count in read.items() if type(count) is int and 0 <= count <= STEPS}
    return {**kept, **_unwritten.get(counts, {})}


def _note(counts: Path, question: str, count: int) -> None:
    """Keep a count: in the file, whole or not at all, or else in memory."""
    text = json.dumps({**_seen(counts), question: count}, indent=1)
    try:
        counts.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=counts.parent, prefix=".hints-")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, counts)
        except BaseException:
            os.unlink(name)
            raise
    except OSError:
        _unwritten.setdefault(counts, {})[question] = count
    else:
        _unwritten.get(counts, {}).pop(question, None)


def _wrapped(text: str, before: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=before, subsequent_indent=" " * len(before))


def _marked_up(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
