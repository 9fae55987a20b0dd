"""What pictures on pages and in terminals have in common: numbers in few characters, and colours for them."""

import math
from collections.abc import Iterable, Sequence

from autograder.judging.results import Comparison, Number
from autograder.panels.palette import BLUE, ORANGE

Rows = Sequence[Sequence[Number]]
_NO_NUMBER = "#c8c8c8"


def texts(comparison: Comparison) -> tuple[list[list[str]], list[list[str]]]:
    """Both sides' numbers as short texts, with as many digits as tell the two at the largest difference apart.

    Expected ones are an empty list where nothing is expected.
    """
    expected, actual = comparison.expected or (), comparison.actual
    digits = 3
    if comparison.index and expected:
        row, column = comparison.index
        pair = expected[row][column], actual[row][column]
        digits = next((d for d in (3, 4, 6) if short(pair[0], d) != short(pair[1], d)), 9)
    return _as_texts(expected, digits), _as_texts(actual, digits)


def _as_texts(rows: Rows, digits: int) -> list[list[str]]:
    return [[short(number, digits) for number in row] for row in rows]


def short(number: Number, digits: int = 3) -> str:
    """A number in few characters: ``0.25``, ``-12``, ``1.5e30``, ``nan``."""
    if isinstance(number, str):
        return number
    if number == int(number) and abs(number) < 10**6:
        return str(int(number))
    mantissa, e, exponent = f"{number:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def finite(numbers: Iterable[Number]) -> list[float]:
    """Those that are neither nan nor infinite."""
    return [x for x in numbers if not isinstance(x, str)]


def largest(comparison: Comparison) -> float:
    """The absolute value that gets the full colour: the largest expected one, else the largest there is."""
    for rows in (comparison.expected or (), comparison.actual):
        sizes = [abs(x) for row in rows for x in finite(row) if x]
        if sizes:
            return max(sizes)
    return 1.0


def colour(number: Number, full: float) -> str:
    """Blue for negative numbers, white for zero, orange for positive ones, as deep as `number` is near to `full`."""
    if number == "nan":
        return _NO_NUMBER
    share = float(number) / full
    end = ORANGE if share > 0 else BLUE
    share = min(1.0, abs(share))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in _channels(end))


def ink(paper: str) -> str:
    """Black or white, whichever is read better on `paper`."""
    return "#000000" if luminance(paper) > 0.179 else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, from 0 for black to 1 for white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (p / 255 for p in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def limits(numbers: Iterable[Number]) -> tuple[float, float]:
    """Lowest and highest value of an axis for probabilities: 0 and 1, and a little more where numbers lie outside."""
    inside = finite(numbers)
    return max(-1.0, min([0.0, *inside])), min(2.0, max([1.0, *inside]))


def heading_of_row(comparison: Comparison, row: int, whose: str) -> str:
    """Which row of probabilities it is and, where the student's do not add up to 1, to what they do."""
    name = f"row {row}" if len(comparison.actual) > 1 else ""
    numbers = finite(comparison.actual[row])
    if len(numbers) < len(comparison.actual[row]):
        return name
    total = sum(numbers)
    if comparison.expected and abs(total - 1) < 1e-3:
        return name
    adds_up = f"{whose} add up to {short(total, 4) if math.isfinite(total) else 'infinity'}"
    return f"{name}: {adds_up}" if name else adds_up


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
