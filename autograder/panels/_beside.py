"""An answer in sentences, ours, and what is looked for: three columns, one below the other where it is narrow."""

import re
import textwrap
from html import escape

from autograder.judging.written import Written

from ._page import paragraph, sentence

_COLUMN = "flex:1 1 15em;min-width:0;overflow-wrap:anywhere;overflow-x:auto"
_BOX = (
    "display:flex;flex-wrap:wrap;gap:4px 28px;border-left:4px solid #1f5fa8;padding:6px 12px;margin:4px 0;"
    "text-align:left"
)
#: Columns of a text on a terminal: few enough to be read with ease.
_WIDTH = 80


def page(question: Written, answer: str, whose: str) -> str:
    """One ``<div>`` with the three columns; formulas are left to the page that it is on."""
    theirs = "".join(paragraph(escape(text).replace("\n", "<br>")) for text in _paragraphs(answer))
    ours = "".join(paragraph(sentence(text)) for text in _paragraphs(question.ours))
    items = "".join(f'<li style="margin:4px 0;line-height:1.5">{sentence(text)}</li>' for text in question.looked_for)
    looked_for = f'<ul style="margin:6px 0;padding-left:20px">{items}</ul>'
    columns = ((whose, theirs), ("Our answer", ours), ("What is looked for", looked_for))
    parts = (f'<div style="{_COLUMN}"><b>{escape(title)}</b>{body}</div>' for title, body in columns)
    return f'<div style="{_BOX}">{"".join(parts)}</div>'


def screen(question: Written, answer: str, whose: str) -> str:
    """The same as text, one part below the other."""
    parts = [f"{whose}:", *_wrapped(answer), "Our answer:", *_wrapped(question.ours), "What is looked for:"]
    return "\n".join([*parts, *(line for one in question.looked_for for line in _wrapped(one, "- "))])


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _wrapped(text: str, mark: str = "") -> list[str]:
    after = "  " + " " * len(mark)
    return [
        textwrap.fill(part, _WIDTH, initial_indent=f"  {mark}", subsequent_indent=after) for part in _paragraphs(text)
    ]
