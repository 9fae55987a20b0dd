"""Pictures for pages: small inline SVG, each with its words for who cannot see it.

What stands on the page itself takes the page's colour of text (``currentColor``), so that it is read on light pages
and on dark ones; what stands on a coloured cell is black or white.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from autograder.judging.results import Comparison, Number
from autograder.panels.palette import BLUE_MARK, ORANGE

from . import _numbers
from ._numbers import colour, finite, heading_of_row, ink, limits, short, texts

#: Width of a character and height of a cell, in pixels, at a font size of 12.
_CHARACTER, _CELL = 7.3, 24
#: Thickness of a bar, and length of the longest.
_BAR, _LONG = 13, 110
#: Width and height of the curve's own area, and what is kept free beside and above it.
_WIDE, _TALL, _LEFT, _TOP = 300, 130, 30, 14


def picture(comparison: Comparison, captions: tuple[str, str], parameter: str) -> str:
    """The picture in a ``<div>``, its halves side by side where there is room.

    Args:
        comparison: what to draw.
        captions: what stands above the two halves.
        parameter: what the values of a curve are the answers to.
    """
    if comparison.picture == "curve":
        parts = _curve(comparison, captions, parameter)
    else:
        parts = _cells(comparison, captions) if comparison.picture == "cells" else _bars(comparison, captions)
    inside = "".join(parts)
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px 24px;margin:8px 0">{inside}</div>'


# --- cells


def _cells(comparison: Comparison, captions: tuple[str, str]) -> list[str]:
    """Two grids of coloured cells with their numbers; the place of the largest difference is framed."""
    full = _numbers.largest(comparison)
    expected, actual = texts(comparison)
    longest = max(len(text) for rows in (expected, actual) for row in rows for text in row)
    width = round(max(34.0, longest * _CHARACTER + 10))
    return [
        _figure(caption, _grid(numbers, shown, comparison.index, full, width, caption))
        for caption, numbers, shown in zip(
            captions, (comparison.expected or (), comparison.actual), (expected, actual), strict=True
        )
        if numbers
    ]


def _grid(
    rows: _numbers.Rows, shown: list[list[str]], index: tuple[int, int] | None, full: float, width: int, caption: str
) -> str:
    left = 16 if len(rows) > 1 else 2
    top = 15 if len(rows[0]) > 1 else 2
    marks = [
        _text(left + column * width + width / 2, 11, str(column), faint=True)
        for column in range(len(rows[0]))
        if top > 2
    ]
    marks += [_text(7, top + row * _CELL + 16, str(row), faint=True) for row in range(len(rows)) if left > 2]
    for row, (numbers, labels) in enumerate(zip(rows, shown, strict=True)):
        for column, (number, label) in enumerate(zip(numbers, labels, strict=True)):
            paper = colour(number, full)
            x, y = left + column * width, top + row * _CELL
            marks.append(f'<rect x="{x}" y="{y}" width="{width}" height="{_CELL}" fill="{paper}" stroke="#8a8a8a"/>')
            marks.append(_text(x + width / 2, y + 16, label, ink(paper)))
    if index is not None:
        x, y = left + index[1] * width, top + index[0] * _CELL
        box = f'x="{x + 1}" y="{y + 1}" width="{width - 2}" height="{_CELL - 2}" fill="none"'
        marks.append(f'<rect {box} stroke="#ffffff" stroke-width="5"/><rect {box} stroke="#000000" stroke-width="3"/>')
    words = "; ".join((f"row {row}: " if len(rows) > 1 else "") + ", ".join(labels) for row, labels in enumerate(shown))
    framed = f". Framed, the largest difference: {_place(index, rows)}" if index is not None else ""
    return _drawing(left + len(rows[0]) * width + 2, top + len(rows) * _CELL + 2, marks, f"{caption}: {words}{framed}.")


def _place(index: tuple[int, int], rows: _numbers.Rows) -> str:
    return f"row {index[0]}, column {index[1]}" if len(rows) > 1 else f"place {index[1]}"


# --- bars


def _bars(comparison: Comparison, captions: tuple[str, str]) -> list[str]:
    """For each row a chart of its probabilities: expected ones as empty bars, the student's as filled ones below."""
    wanted = comparison.expected
    expected, actual = texts(comparison)
    charts = []
    for row, numbers in enumerate(comparison.actual):
        sides = [_Side(captions[1], numbers, actual[row], ORANGE, 1.0)]
        if wanted:
            sides.insert(0, _Side(captions[0], wanted[row], expected[row], BLUE_MARK, 0.3))
        framed = comparison.index[1] if comparison.index and comparison.index[0] == row else None
        heading = heading_of_row(comparison, row, captions[1])
        charts.append(_figure(heading, _chart(sides, framed, heading)))
    return [_legend(captions), *charts] if wanted else charts


class _Side(NamedTuple):
    """The bars of one side: what they are called, how long they are, what stands beside them, how they look."""

    caption: str
    numbers: Sequence[Number]
    labels: Sequence[str]
    paint: str
    opacity: float


def _chart(sides: list[_Side], framed: int | None, heading: str) -> str:
    low, high = limits(number for side in sides for number in side.numbers)
    left, top, group = 18, 3, _BAR * len(sides) + 8
    longest = max(len(label) for side in sides for label in side.labels)
    width = left + _LONG + longest * _CHARACTER + 10
    count = len(sides[0].numbers)

    def across(value: float) -> float:
        return round(left + (max(low, min(high, value)) - low) / (high - low) * _LONG, 1)

    zero = across(0.0)
    marks = [f'<path d="M{zero} {top}V{top + count * group}" stroke="currentColor" opacity=".6"/>']
    for column in range(count):
        begin = top + column * group
        marks.append(_text(8, begin + group / 2 + 3.5, str(column), faint=True))
        for place, side in enumerate(sides):
            number, y = side.numbers[column], begin + 4 + place * _BAR
            end = zero if isinstance(number, str) else across(number)
            if end != zero:
                box = f'x="{min(zero, end)}" y="{y + 1}" width="{abs(end - zero):.1f}" height="{_BAR - 3}"'
                look = f'fill="{side.paint}" fill-opacity="{side.opacity}" stroke="{side.paint}"'
                marks.append(f"<rect {box} {look}/>")
            marks.append(_text(max(zero, end) + 5, y + _BAR - 3, side.labels[column], size=11, anchor="start"))
        if framed == column:
            box = f'x="{left - 16}" y="{begin + 1}" width="{width - left + 14:g}" height="{group - 2}" rx="3"'
            marks.append(f'<rect {box} fill="none" stroke="currentColor" stroke-width="1.5"/>')
    words = ". ".join([heading, *(f"{side.caption}: {', '.join(side.labels)}" for side in sides)])
    return _drawing(width, top + count * group + 3, marks, f"{words}.")


def _legend(captions: tuple[str, str]) -> str:
    box = '<rect x="1" y="1" width="8" height="10"'
    marks = (f'{box} fill="{BLUE_MARK}" fill-opacity=".3" stroke="{BLUE_MARK}"/>', f'{box} fill="{ORANGE}"/>')
    shown = (
        f'<span style="margin-right:14px"><svg width="10" height="12" aria-hidden="true">{mark}</svg> '
        f"{escape(caption)}</span>"
        for mark, caption in zip(marks, captions, strict=True)
    )
    return f'<div style="flex-basis:100%;font-size:.85em;line-height:1.3">{"".join(shown)}</div>'


# --- curve


class _Plane(NamedTuple):
    """Where a point of the curve lies in the drawing; what is too high or too low lies on the edge."""

    first: float
    last: float
    low: float
    high: float

    def across(self, x: float) -> float:
        span = self.last - self.first
        share = (x - self.first) / span if 0 < span < math.inf else 0.5
        return round(_LEFT + share * _WIDE, 1)

    def down(self, y: float) -> float:
        share = (self.high - max(self.low, min(self.high, y))) / (self.high - self.low)
        return round(_TOP + share * _TALL, 1)


def _curve(comparison: Comparison, captions: tuple[str, str], parameter: str) -> list[str]:
    """Expected and actual values over the inputs: circles on a line, and squares on a dashed one."""
    inputs, index = comparison.inputs, comparison.index
    sides = [*(comparison.expected or ()), *comparison.actual]
    xs = finite(inputs) or [0.0]
    plane = _Plane(min(xs), max(xs), *limits(number for side in sides for number in side))
    marks = _axes(plane, parameter)
    for values, dashed in zip(sides, (False, True)[-len(sides) :], strict=True):
        points = sorted((x, y) for x, y in zip(inputs, values, strict=True) if x in xs and not isinstance(y, str))
        marks += _line([(plane.across(x), plane.down(y)) for x, y in points], dashed)
    if index is not None and (heights := [plane.down(y) for y in finite(side[index[1]] for side in sides)]):
        x, top, bottom = plane.across(float(inputs[index[1]])), min(heights), max(heights)
        if math.isfinite(x):
            box = f'x="{x - 9:.1f}" y="{top - 9:.1f}" width="18" height="{bottom - top + 18:.1f}" rx="3"'
            marks.append(f'<rect {box} fill="none" stroke="currentColor" stroke-width="2"/>')
    expected, actual = texts(comparison)
    words = f"At {parameter} = {', '.join(map(short, inputs))}. {captions[1]}: {', '.join(actual[0])}."
    if expected:
        words += f" {captions[0]}: {', '.join(expected[0])}."
    drawing = _drawing(_LEFT + _WIDE + 14, _TOP + _TALL + 26, marks, words)
    return [f"<div>{_legend_of_lines(captions)}{drawing}</div>"]


def _axes(plane: _Plane, parameter: str) -> list[str]:
    marks = []
    for y in (0, 0.5, 1):
        height = plane.down(y)
        marks.append(f'<path d="M{_LEFT} {height}H{_LEFT + _WIDE}" stroke="currentColor" opacity=".25"/>')
        marks.append(_text(_LEFT - 14, height + 4, f"{y:g}", faint=True))
    below = _TOP + _TALL + 20
    for x in sorted({plane.first, plane.last, 0.0 if plane.first < 0 < plane.last else plane.first}):
        marks.append(_text(plane.across(x), below, short(x), faint=True))
    return [*marks, _text(_LEFT + _WIDE * 0.78, below, parameter, faint=True)]


def _line(points: list[tuple[float, float]], dashed: bool) -> list[str]:
    """A line with a mark at each point: blue with circles, or orange and dashed with squares."""
    through = " ".join(f"{x},{y}" for x, y in points)
    if not dashed:
        line = f'<polyline points="{through}" fill="none" stroke="{BLUE_MARK}" stroke-width="2"/>'
        return [line, *(f'<circle cx="{x}" cy="{y}" r="4.5" fill="{BLUE_MARK}"/>' for x, y in points)]
    line = f'<polyline points="{through}" fill="none" stroke="{ORANGE}" stroke-width="2" stroke-dasharray="5 4"/>'
    return [
        line,
        *(f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{ORANGE}"/>' for x, y in points),
    ]


def _legend_of_lines(captions: tuple[str, str]) -> str:
    shown = (
        f'<span style="margin-right:14px"><svg width="28" height="10" aria-hidden="true">'
        f"{''.join(_line([(5, 5), (23, 5)], dashed))}</svg> {escape(caption)}</span>"
        for caption, dashed in zip(captions, (False, True), strict=True)
    )
    return f'<div style="font-size:.85em;line-height:1.5">{"".join(shown)}</div>'


# --- what all share


def _figure(caption: str, drawing: str) -> str:
    return f'<div><div style="font-size:.85em;line-height:1.5">{escape(caption)}</div>{drawing}</div>'


def _drawing(width: float, height: float, marks: list[str], words: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(words)}" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" style="display:block;max-width:100%;height:auto;font-family:monospace">'
        f"{''.join(marks)}</svg>"
    )


def _text(
    x: float,
    y: float,
    text: str,
    fill: str = "currentColor",
    size: int = 12,
    anchor: str = "middle",
    *,
    faint: bool = False,
) -> str:
    size, dim = (10, ' opacity=".75"') if faint else (size, "")
    look = f'font-size="{size}" text-anchor="{anchor}" fill="{fill}"{dim}'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(text)}</text>'
