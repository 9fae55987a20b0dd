"""Formulas in a feedback page: TeX becomes MathML, which browsers draw by themselves, without a network or a script.

What a student has written becomes a formula only if nothing is in it but what draws one; whatever else it is, it stays
as the text that it was.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

__all__ = ["FORMULA_STYLE", "draw_formulas"]

#: A page's style for formulas on lines of their own: a long one gets a scroll bar.
FORMULA_STYLE = ".formula { display: block; overflow-x: auto; overflow-y: hidden; padding: .5em 0; }"

#: Longest formula, in characters of TeX, and all formulas of one page.
_MOST_TEX = 2_000
_MOST_OF_A_PAGE = 100_000

#: A tag or a comment. Between quotation marks it may hold anything; a comment that never ends takes the rest.
_TAG = re.compile(r"""(<!--(?:.*?-->|.*)|<[/!]?[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
#: In there a dollar is a dollar.
_LITERAL = ("code", "math", "pre", "script", "style", "svg", "textarea", "title")
#: What begins a formula, as MathJax has it in Jupyter, and what ends it.
_BEGINS = re.compile(r"(?<!\\)\$\$|(?<!\\)\$|\\\[|\\\(|\\begin\{([a-z]{1,20}\*?)\}")
_ENDS = {"$$": "$$", "$": "$", "\\[": "\\]", "\\(": "\\)"}
#: Commands that define others: a few of them can make a page of any length.
_DEFINES = re.compile(r"\\(def|newcommand|renewcommand|let)\b")

_DRAWS = frozenset(
    """
    math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle msub
    msubsup msup mtable mtd mtext mtr munder munderover none
    """.split()
)
#: Values of all attributes but the name of what they belong to.
_LENGTH = r"[+-]?\d{0,3}(\.\d{1,5})?(em|ex|pt|px|mu|%)?"
_VALUE = re.compile(rf"#[\da-fA-F]{{3,8}}|[a-zA-Z-]{{0,30}}|{_LENGTH}( {_LENGTH}){{0,50}}")
_ATTRIBUTES = frozenset(
    """
    accent accentunder columnalign columnlines columnspacing depth display displaystyle fence height largeop
    linebreak linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits
    notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width
    """.split()
)


class _Formula(NamedTuple):
    start: int
    end: int
    tex: str
    display: str


def draw_formulas(page: str) -> str:
    """The page with MathML in place of its formulas."""
    left = _MOST_OF_A_PAGE
    literal: list[str] = []
    parts = _TAG.split(page)
    for number, part in enumerate(parts):
        if number % 2:
            _enter(part, literal)
        elif not literal and left > 0 and ("$" in part or "\\" in part):
            written, last = [], 0
            for one in _formulas(part):
                left -= len(one.tex)
                if left > 0 and (drawn := _mathml(one.tex, one.display)):
                    drawn = f'<span class="formula">{drawn}</span>' if one.display == "block" else drawn
                    written += [part[last : one.start], drawn]
                    last = one.end
            parts[number] = "".join([*written, part[last:]])
    return "".join(parts)


def _enter(tag: str, literal: list[str]) -> None:
    """Remember in which literal parts of the page we are."""
    found = _NAME.match(tag)
    name = found[2].lower() if found else ""
    if found and name in _LITERAL and not tag.endswith("/>"):
        if not found[1]:
            literal.append(name)
        elif literal and literal[-1] == name:
            literal.pop()


def _formulas(text: str) -> Iterator[_Formula]:
    """The formulas in a piece of text. A dollar beside a space, or before a digit, is money."""
    at = 0
    while begins := _BEGINS.search(text, at):
        at = begins.end()
        closing = _ENDS.get(begins[0]) or f"\\end{{{begins[1]}}}"
        end = text.find(closing, at, at + _MOST_TEX)
        inner = text[at : max(at, end)]
        after = text[end + 1 : end + 2]
        is_money = begins[0] == "$" and (inner != inner.strip() or after.isdigit())
        if not inner or is_money or inner.endswith("\\"):
            continue
        at = end + len(closing)
        whole = text[begins.start() : at] if begins[1] else inner
        display = "inline" if begins[0] in ("$", "\\(") else "block"
        yield _Formula(begins.start(), at, html.unescape(whole), display)


@lru_cache(maxsize=5_000)
def _mathml(tex: str, display: str) -> str:
    """MathML for TeX; empty if there is none, or if it would do more than show a formula."""
    if len(tex) > _MOST_TEX or _DEFINES.search(tex):
        return ""
    try:
        return _written(convert_to_element(tex, display=display), tex)
    except Exception:  # ours; the library's own for TeX that it cannot read; others that it lets through
        return ""


class _NoFormula(Exception):
    """There is something else in it."""


def _written(element: Element, tex: str = "") -> str:
    """An element as text. The library itself would write a student's `<` as it stands.

    Raises:
        _NoFormula: there is something in it that draws no formula.
    """
    if element.tag not in _DRAWS:
        raise _NoFormula
    attributes = {name: value for name, value in element.attrib.items() if name != "xmlns"}
    if not all(name in _ATTRIBUTES and _VALUE.fullmatch(value) for name, value in attributes.items()):
        raise _NoFormula
    if tex:
        attributes["alttext"] = tex
    text = html.unescape(element.text or "")
    if "\\" in text and element.tag == "mi":  # a command that the library does not know
        raise _NoFormula
    inner = html.escape(text) + "".join(map(_written, element))
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<{element.tag}{written}>{inner}</{element.tag}>"
