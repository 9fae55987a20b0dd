"""What a word means: `from autograder import explain`, then ``explain("broadcasting")``."""

import difflib
import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Explanation", "entries", "explanation_of"]

_FILE = Path(__file__).with_name("glossary.toml")

#: How many similar words are named where one is not known.
_SIMILAR = 3


class Entry(NamedTuple):
    """A word of the glossary.

    Attributes:
        word: how the lessons write it.
        also: other spellings.
        lesson: the number of the lesson that explains it.
        text: a sentence or two; code stands between backticks.
    """

    word: str
    also: tuple[str, ...]
    lesson: int
    text: str


class Explanation:
    """A word and what it means, for a notebook or a terminal."""

    def __init__(self, word: str, text: str):
        self.word = word
        self.text = text

    def __repr__(self) -> str:
        return f"{self.word}: {self.text}" if self.word else self.text

    def _repr_html_(self) -> str:
        parts = [escape(part) for part in self.text.split("`")]
        text = "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
        word = f"<b>{escape(self.word)}</b> · " if self.word else ""
        return f'<div style="border-left:4px solid #1f5fa8;padding:6px 12px;margin:4px 0">{word}{text}</div>'


@cache
def entries() -> tuple[Entry, ...]:
    """All words of the glossary, in the order of its file."""
    raw: dict[str, dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Entry(word, tuple(one.get("also", ())), one["lesson"], one["text"]) for word, one in raw.items())


def explanation_of(word: str) -> Explanation:
    """What a word, a sign or a call means; where it is not known, which similar ones are.

    Args:
        word: as a lesson writes it: ``broadcasting``, ``@``, ``torch.stack``, ``.long()``, ``keepdim=True``.
    """
    known = {_plain(spelling): entry for entry in entries() for spelling in (entry.word, *entry.also)}
    entry = known.get(_plain(str(word)))
    if entry is not None:
        where = f" (Lesson {entry.lesson} has more.)"
        return Explanation(entry.word, entry.text + where)
    near = [known[one].word for one in difflib.get_close_matches(_plain(str(word)), known, _SIMILAR)]
    similar = f" Did you mean {' or '.join(f'`{one}`' for one in dict.fromkeys(near))}?" if near else ""
    return Explanation("", f"`{word}` is not in the glossary.{similar}")


def _plain(word: str) -> str:
    """A spelling without what does not matter: backticks, what stands before a point, brackets, capitals."""
    bare = re.sub(r"\(.*\)$", "", word.strip().strip("`")) or word.strip()
    return re.sub(r"^.*\.(?=\w)", "", bare).casefold()
