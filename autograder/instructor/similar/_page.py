"""The pairs as one page: side by side, what both have marked, and above all of it what it does not mean."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from autograder.instructor.similar._groups import Group
from autograder.instructor.similar._pairs import Likeness, Pair, Place

if TYPE_CHECKING:
    from autograder.instructor.similar import Compared

_PAGE = Path(__file__).parent / "page.html"
#: Nobody asks more questions than this; the strongest pairs come first.
MOST = 50


def page(compared: "Compared") -> str:
    """The page, complete: it opens from disk and asks nobody for anything."""
    shown = sorted(compared.pairs, key=lambda pair: -pair.bits)[:MOST]
    by_assignment: dict[str, list[Pair]] = {}
    for pair in sorted(shown, key=lambda pair: (pair.assignment, -pair.bits)):
        by_assignment.setdefault(pair.assignment, []).append(pair)
    sections = "".join(map(_group, compared.groups)) + "".join(
        f"<section><h2>{escape(name)}</h2>"
        f"<p>{compared.counts[name]} submissions were compared.</p>{''.join(map(_pair, pairs))}</section>"
        for name, pairs in by_assignment.items()
    )
    complaints = "".join(f"<li>{escape(one)}</li>" for one in compared.complaints)
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        summary=escape(_summary(compared, len(shown))),
        pairs=sections,
        complaints=f"<section><h2>Not compared</h2><ul>{complaints}</ul></section>" if complaints else "",
    )


def _summary(compared: "Compared", shown: int) -> str:
    submissions, found = sum(compared.counts.values()), len(compared.pairs)
    text = f"{_counted(submissions, 'submission')} of {_counted(len(compared.counts), 'assignment')} compared. "
    if compared.groups:
        text += f"{_counted(len(compared.groups), 'group')} of copies. "
    if not found:
        return text if compared.groups else text + "No two are alike beyond what everybody writes."
    text += f"{_counted(found, 'pair')} {'is' if found == 1 else 'are'} alike beyond what everybody writes"
    return text + (f"; the {shown} most alike are shown." if shown < found else ".")


def in_words(pair: Pair) -> str:
    """What two submissions share, in a sentence."""
    passages = [one for one in pair.likenesses if one.passages[0]]
    comments = sum(len(one.comments) for one in pair.likenesses)
    names = {name for one in pair.likenesses for name in one.names}
    parts = []
    if passages:
        parts.append(f"rare passages in {_counted(len(passages), 'answer')}")
    if comments:
        parts.append(f"{_counted(comments, 'comment')} word for word")
    if names:
        parts.append(f"{_counted(len(names), 'rare name')}")
    return ", ".join(parts)


def _group(group: Group) -> str:
    """A group with the answers of all of them side by side."""
    who = f"{', '.join(group.students[:-1])} and {group.students[-1]}"
    codes = "".join(
        f'<h4><code>{escape(question)}</code></h4><div class="beside">'
        + "".join(
            f"<figure><figcaption>{escape(student)}</figcaption>"
            f'<pre tabindex="0" role="region" aria-label="{escape(student)}: {escape(question)}, in a group">'
            f"<code>{escape(source)}</code></pre></figure>"
            for student, source in by_student.items()
        )
        + "</div>"
        for question, by_student in group.answers.items()
    )
    return (
        f"<section><h2>{escape(group.assignment)}: a group of {len(group.students)}</h2><p>{escape(who)} agree in "
        f"{_counted(len(group.answers), 'answer')}, names and comments aside. Weight {group.bits:.0f}.</p>"
        f"{codes}</section>"
    )


def _pair(pair: Pair) -> str:
    first, second = map(escape, pair.students)
    name = f"{pair.assignment}-{'-'.join(pair.students)}"
    return (
        f'<article aria-label="{escape(name)}"><h3>{first} and {second}</h3>'
        f"<p>They share {escape(in_words(pair))}. Weight {pair.bits:.0f}.</p>"
        + "".join(_likeness(pair.students, one) for one in sorted(pair.likenesses, key=lambda one: -one.bits))
        + "</article>"
    )


def _likeness(students: Sequence[str], one: Likeness) -> str:
    who = "Nobody else in the class has" if not one.others else "One other has"
    sentences = [f"{who if one.others < 2 else f'{one.others:,} others have'} the rarest part of it."]
    if one.names:
        sentences.append("Names: " + ", ".join(f"<code>{escape(name)}</code>" for name in one.names) + ".")
    if one.comments:
        sentences.append("Comments: " + ", ".join(f"“{escape(comment)}”" for comment in one.comments) + ".")
    codes = "".join(
        f"<figure><figcaption>{escape(student)}</figcaption>"
        f'<pre tabindex="0" role="region" aria-label="{escape(student)}: {escape(one.question)}">'
        f"<code>{_marked(source, passages, words)}</code></pre></figure>"
        for student, source, passages, words in zip(students, one.sources, one.passages, one.words, strict=True)
    )
    return f'<h4><code>{escape(one.question)}</code></h4><p>{" ".join(sentences)}</p><div class="beside">{codes}</div>'


def _marked(source: str, passages: Sequence[Place], words: Sequence[Place]) -> str:
    """The code with what is shared marked: passages as such, names and comments strongly within and beside them."""
    kinds = bytearray(len(source))
    for kind, places in ((1, passages), (2, words)):
        for start, end in places:
            kinds[start:end] = bytes([kind]) * (end - start)
    parts = []
    start = 0
    for end in range(1, len(source) + 1):
        if end == len(source) or kinds[end] != kinds[start]:
            text = escape(source[start:end])
            parts.append((text, f"<mark>{text}</mark>", f'<mark class="word">{text}</mark>')[kinds[start]])
            start = end
    return "".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
