"""Files that open in a spreadsheet: what a student typed is text there, never a formula.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula and works it out, whoever wrote
it. Every CSV file of this package is written here.

Source: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection: an apostrophe before the text,
double quotes around each cell, double quotes inside doubled. The full-width forms count too.
"""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

#: What one cell may hold. ``None`` leaves it empty.
Cell = str | int | float | None

#: What begins a formula, the typographic minus included.
_TRIGGERS = frozenset("=+-@\N{MINUS SIGN}")
#: What some programs drop before they look for a formula, by Unicode's major classes: controls, and separators.
_UNSEEN = frozenset("CZ")


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: with an apostrophe first where it could be a formula.

    Anything else comes back as it was. Numbers belong in a cell as numbers and need none of this.
    """
    if text.startswith(("\t", "\r", "\n", "\0")):
        return "'" + text
    for character in text:
        if unicodedata.category(character)[0] not in _UNSEEN:
            return "'" + text if unicodedata.normalize("NFKC", character)[0] in _TRIGGERS else text
    return text


def write_csv(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table of which no cell is a formula.

    All texts stand in double quotes: where a comma is the decimal sign, spreadsheets part cells at semicolons, and
    ``a;=1+1`` would begin a new cell.

    Args:
        file: opened with ``newline=""``. Excel reads umlauts where the encoding is ``utf-8-sig``.
        header: the columns' names, safe cells as the rest.
        rows: equally long; numbers stay numbers.
    """
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    for row in [header, *rows]:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
