"""The panel as lines for a terminal: wrapped, indented, and coloured where that is wanted."""

import io
import shutil

from rich.console import Console
from rich.text import Text

from autograder.judging.results import Comparison, Number
from autograder.panels.palette import BLUE, ORANGE

from . import _numbers
from ._content import IN_TERMINAL, SAYS, Content, spans
from ._numbers import colour, heading_of_row, ink, limits, short, texts

#: Lines longer than this are hard to read, however wide the terminal.
_WIDEST = 100
#: How far the list of tests is indented, and pictures.
_LISTED, _DRAWN = 4, 5
_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def screen(content: Content, in_colour: bool, width: int | None) -> str:
    """The panel, without an end of line at its end."""
    columns = max(24, width or min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))
    console = Console(
        file=io.StringIO(),
        width=columns,
        force_terminal=in_colour,
        no_color=not in_colour,
        color_system="auto" if in_colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    blocks = _blocks(content, columns)
    lines: list[Text] = []
    for indent, text in blocks:
        hanging = 2 if indent in (0, _LISTED) else 0
        for place, line in enumerate(text.wrap(console, columns - indent - hanging, overflow="fold")):
            if not in_colour:  # the colour of a cell reaches to its end
                line.rstrip()
            lines.append(Text(" " * (indent + hanging * bool(place))).append_text(line) if line.plain else line)
    with console.capture() as captured:
        console.print(Text("\n").join(lines), soft_wrap=True)
    return captured.get().rstrip("\n")


def _blocks(content: Content, columns: int) -> list[tuple[int, Text]]:
    """Everything in order, each with how far it is indented."""
    sign, style = SAYS[content.status][1], f"bold {IN_TERMINAL[content.status]}"
    head = Text().append(f"{sign} {content.name}: ", "bold").append(content.word, style)
    blocks = [(0, head.append(content.points))]
    if content.first is not None:
        blocks.append(
            (2, Text(f"{SAYS[content.first.outcome][1]} ").append_text(_sentence(content.first.title, "bold")))
        )
        blocks += [(2, _sentence(line)) for line in content.lines]
    if content.comparison is not None:
        blocks += [
            (0, Text("")),
            *((_DRAWN, line) for line in _picture(content.comparison, content, columns - _DRAWN)),
        ]
    if content.diagnosis:
        first, *more = content.diagnosis
        blocks += [(0, Text("")), (2, _sentence(first))]
        blocks += [(2, Text().append("Think about: ", "bold").append_text(_sentence(content.pointer)))]
        blocks += [(2, Text().append("And also: ", "bold").append_text(_sentence(text))) for text in more]
    if content.tests and content.first is not None:
        blocks.append((0, Text("")))
    for status, title in content.tests:
        blocks.append(
            (_LISTED, Text().append(f"{SAYS[status][1]} ", IN_TERMINAL[status]).append_text(_sentence(title)))
        )
    blocks += [(2, _sentence(remark)) for remark in content.remarks]
    return blocks


def _sentence(text: str, style: str = "") -> Text:
    """A sentence; its code keeps its backticks, which are read without colours too."""
    whole = Text(style=style)
    for is_code, piece in spans(text):
        whole.append(f"`{piece}`" if is_code else piece, "cyan" if is_code else None)
    return whole


def _picture(comparison: Comparison, content: Content, columns: int) -> list[Text]:
    if comparison.picture == "cells":
        return _cells(comparison, content.captions, columns)
    if comparison.picture == "bars":
        return _bars(comparison, content.captions)
    return _table(comparison, content.captions, content.parameter)


def _cells(comparison: Comparison, captions: tuple[str, str], columns: int) -> list[Text]:
    """Two grids of numbers, beside one another where there is room; the largest difference in square brackets."""
    full, both = _numbers.largest(comparison), texts(comparison)
    width = max(len(text) for rows in both for row in rows for text in row)
    halves = [
        _grid(caption, rows, shown, comparison.index, full, width)
        for caption, rows, shown in zip(captions, (comparison.expected or (), comparison.actual), both, strict=True)
        if rows
    ]
    widths = [max(line.cell_len for line in half) for half in halves]
    if sum(widths) + 3 * (len(halves) - 1) > columns:
        return [line for half in halves for line in half]
    beside = []
    for lines in zip(*halves, strict=True):
        whole = Text()
        for place, (line, width) in enumerate(zip(lines, widths, strict=True)):
            whole.append("   " if place else "").append_text(line).append(" " * (width - line.cell_len))
        beside.append(whole)
    return beside


def _grid(
    caption: str, rows: _numbers.Rows, shown: list[list[str]], index: tuple[int, int] | None, full: float, width: int
) -> list[Text]:
    lines = [Text(caption, "bold")]
    for row, (numbers, labels) in enumerate(zip(rows, shown, strict=True)):
        line = Text()
        for column, (number, label) in enumerate(zip(numbers, labels, strict=True)):
            framed = index == (row, column)
            paper = colour(number, full)
            style = f"{'bold ' if framed else ''}{ink(paper)} on {paper}"
            line.append(f"[{label:>{width}}]" if framed else f" {label:>{width}} ", style)
        lines.append(line)
    return lines


def _bars(comparison: Comparison, captions: tuple[str, str]) -> list[Text]:
    """For each row its probabilities as bars, the expected one above the student's."""
    wanted = comparison.expected
    expected, actual = texts(comparison)
    width = max(len(text) for rows in (expected, actual) for row in rows for text in row)
    named = max(len(caption) for caption in captions)
    lines = []
    for row, numbers in enumerate(comparison.actual):
        heading = heading_of_row(comparison, row, captions[1])
        lines += [Text(heading, "bold")] if heading else []
        _, high = limits((*numbers, *(wanted[row] if wanted else ())))
        for column, number in enumerate(numbers):
            framed = comparison.index == (row, column)
            sides = [(captions[1], number, actual[row][column], ORANGE)]
            if wanted:
                sides.insert(0, (captions[0], wanted[row][column], expected[row][column], BLUE))
            for place, (caption, value, label, paint) in enumerate(sides):
                line = Text(f"{column if not place else '':>2} ").append(
                    f"{caption if wanted else '':<{named if wanted else 0}} "
                )
                line.append(f"{label:>{width}} ", "bold" if framed else "").append(_bar(value, high), paint)
                lines.append(line.append(" ◀" if framed and place == len(sides) - 1 else ""))
    return lines


def _bar(value: Number, high: float) -> str:
    share = 0.0 if isinstance(value, str) else max(0.0, min(1.0, value / high))
    eighths = round(share * _BAR * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _table(comparison: Comparison, captions: tuple[str, str], parameter: str) -> list[Text]:
    """Values of a curve, one line an input, from the smallest to the largest."""
    expected, actual = texts(comparison)
    columns = [
        [parameter, *map(short, comparison.inputs)],
        *([captions[0], *side[0]] for side in (expected,) if side),
        [captions[1], *actual[0]],
    ]
    widths = [max(map(len, column)) for column in columns]
    order = sorted(range(len(comparison.inputs)), key=lambda place: float(comparison.inputs[place]))
    lines = []
    for place in (-1, *order):
        cells = [f"{column[place + 1]:>{width}}" for column, width in zip(columns, widths, strict=True)]
        mark = " ◀" if comparison.index and comparison.index[1] == place else ""
        lines.append(Text("   ".join(cells) + mark, "bold" if place < 0 else ""))
    return lines
