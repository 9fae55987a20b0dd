"""The panel as HTML. Everything is styled in place, and colours of text are the page's own."""

from html import escape

from autograder.judging.results import Status

from . import _svg
from ._content import SAYS, Content, spans

_CODE = (
    "font-family:monospace;font-size:.95em;color:inherit;background:rgba(127,127,127,.15);"
    "border-radius:3px;padding:0 3px;overflow-wrap:anywhere;white-space:pre-wrap"
)
_PARAGRAPH = "margin:6px 0;line-height:1.5"


def page(content: Content) -> str:
    """One ``<div>`` that holds the panel."""
    _, sign, colour = SAYS[content.status]
    head = (
        '<div style="font-weight:600;line-height:1.7">'
        f'<span style="background:{colour};color:#fff;border-radius:4px;padding:1px 8px;margin-right:8px">'
        f"{sign} {content.word}</span> {_code(content.name)}{escape(content.points)}</div>"
    )
    parts = [head]
    if content.first is not None:
        sign = SAYS[content.first.outcome][1]
        parts.append(f'<p style="{_PARAGRAPH}"><b>{sign} {sentence(content.first.title)}</b></p>')
        lines = "<br>".join(sentence(line) for line in content.lines)
        parts.append(f'<p style="{_PARAGRAPH}">{lines}</p>')
    if content.comparison is not None:
        parts.append(_svg.picture(content.comparison, content.captions, content.parameter))
    if content.diagnosis:
        parts.append(_diagnosis(content))
    if content.tests:
        items = "".join(
            f'<li style="padding-left:1.3em;text-indent:-1.3em">{_item(status, title)}</li>'
            for status, title in content.tests
        )
        parts.append(f'<ul style="list-style:none;margin:6px 0;padding-left:0;line-height:1.5">{items}</ul>')
    parts += [f'<p style="{_PARAGRAPH}">{sentence(remark)}</p>' for remark in content.remarks]
    return f'<div style="border-left:4px solid {colour};padding:6px 12px;margin:4px 0">{"".join(parts)}</div>'


def paragraph(html: str) -> str:
    """A paragraph of a panel."""
    return f'<p style="{_PARAGRAPH}">{html}</p>'


def _diagnosis(content: Content) -> str:
    first, *more = (sentence(text) for text in content.diagnosis)
    also = "".join(f'<p style="{_PARAGRAPH}"><b>And also:</b> {text}</p>' for text in more)
    pointer = f'<p style="{_PARAGRAPH}"><b>Think about:</b> {sentence(content.pointer)}</p>'
    return (
        '<div style="background:rgba(127,127,127,.12);border-radius:4px;padding:2px 12px;margin:8px 0;max-width:44em">'
        f'<p style="{_PARAGRAPH}">{first}</p>{pointer}{also}</div>'
    )


def _item(status: Status, title: str) -> str:
    word, sign, _ = SAYS[status]
    return f'<span role="img" aria-label="{word}">{sign}</span> {sentence(title)}'


def sentence(text: str) -> str:
    """A sentence of ours, with what stands between backticks as code."""
    return "".join(_code(piece) if is_code else escape(piece) for is_code, piece in spans(text))


def _code(text: str) -> str:
    return f'<code style="{_CODE}">{escape(text)}</code>'
