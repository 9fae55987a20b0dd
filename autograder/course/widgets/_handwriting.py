"""Lesson 8: a pad on which learners collect their own handwriting, as data for a question of theirs."""

import json
from pathlib import Path
from typing import Any

import torch

from autograder.course import figures
from autograder.course.guard import CannotDraw, kindly

from ._base import CourseWidget, page
from ._inside import packed
from ._mnist import PEN, as_mnist, ink_of

#: The file beside the notebook in which the drawings are kept.
FILE = "handwriting.json"

#: What can be drawn, most drawings that are kept, most numbers in one of them, and the longest file that is read.
DIGITS, _MOST, _LONGEST, _MAX_BYTES = 10, 2000, 20_000, 2**26

#: How many of the last drawings the page shows.
_SHOWN = 12

#: What was drawn: the digit that it is, and for each stroke its places, ``x0, y0, x1, y1, …``.
Drawing = tuple[int, list[list[float]]]


class Handwriting(CourseWidget):
    """Drawings by the learner's own hand, and what each of them is.

    Attributes:
        X: ``(m, 784)``, a row for each drawing, made as MNIST was made, 0 paper and 1 ink.
        y: ``(m,)``, what each of them is.
    """

    _esm = page("pad", "handwriting")

    def __init__(self, still: figures.Picture, kept: list[Drawing], file: Path):
        self._file = file
        self._kept = kept
        self._images = [_image(strokes) for _, strokes in kept]
        super().__init__(still, fixed={"pen": PEN / 20, "digits": DIGITS})
        self.on_msg(self._asked)
        self.refresh()

    @property
    def X(self) -> torch.Tensor:
        return _rows(self._images)

    @property
    def y(self) -> torch.Tensor:
        return _labels(self._kept)

    def keep(self, digit: int, strokes: list[list[float]]) -> None:
        """Keep a drawing, in the file too."""
        image = _image(strokes)
        with self._kindly():
            if not image.any():
                raise CannotDraw("there is nothing on the pad to be kept. Draw first.")
            if len(self._kept) == _MOST:
                raise CannotDraw(f"{_MOST:,} drawings are kept, and no more than that are.")
            self._kept.append((digit, strokes))
            self._images.append(image)
            self._save()

    def throw_away(self) -> None:
        """Throw the last drawing away."""
        with self._kindly():
            if self._kept:
                self._kept.pop()
                self._images.pop()
                self._save()

    def _save(self) -> None:
        self.shown = self._look()
        drawings = [{"digit": digit, "strokes": strokes} for digit, strokes in self._kept]
        try:
            self._file.write_text(json.dumps(drawings), encoding="utf-8")
        except OSError as error:
            raise CannotDraw(
                f"{self._file} could not be written ({error.strerror}). The drawings are here until the kernel stops."
            ) from None

    def _look(self) -> dict[str, Any]:
        count = len(self._kept)
        counts = self.y.bincount(minlength=DIGITS)
        kinds = int((counts > 0).sum())
        drawings = "1 drawing" if count == 1 else f"{count} drawings"
        return {
            "counts": counts.tolist(),
            "images": [packed(image, 0, 1) for image in self._images[-_SHOWN:]],
            "labels": [digit for digit, _ in self._kept[-_SHOWN:]],
            "said": f"{drawings} kept, of {kinds} kind{'s' * (kinds > 1)}." if count else "No drawing is kept yet.",
        }

    def _asked(self, _: Any, what: dict[str, Any], __: Any) -> None:
        """The page's buttons: ``{"keep": digit, "strokes": strokes}`` or ``{"back": true}``."""
        if "keep" in what:
            self.keep(*_drawing(what["keep"], what["strokes"]))
        elif "back" in what:
            self.throw_away()


def _image(strokes: list[list[float]]) -> torch.Tensor:
    return as_mnist(ink_of(strokes))


def _rows(images: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack(images).flatten(1) if images else torch.zeros(0, 784)


def _labels(kept: list[Drawing]) -> torch.Tensor:
    return torch.tensor([digit for digit, _ in kept], dtype=torch.long)


def _drawing(digit: Any, strokes: Any) -> Drawing:
    """One drawing, of plain numbers.

    Raises:
        ValueError: it is none.
    """
    read = [[float(value) for value in stroke] for stroke in strokes]
    if digit not in range(DIGITS) or sum(map(len, read)) > _LONGEST or any(len(stroke) % 2 for stroke in read):
        raise ValueError("no drawing")
    if not all(-1 <= value <= 2 for stroke in read for value in stroke):
        raise ValueError("a place that is not on the pad")
    return int(digit), read


def _read(file: Path) -> list[Drawing]:
    """The drawings that were kept in a file; none where there is no such file.

    Raises:
        CannotDraw: the file holds something else.
    """
    if not file.exists():
        return []
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError("too long")
        kept = [_drawing(one["digit"], one["strokes"]) for one in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise CannotDraw(
            f"{file} does not hold drawings as this cell keeps them. Give it another name, then run this cell again."
        ) from None
    return kept[-_MOST:]


@kindly
def handwriting(file: str = FILE) -> Handwriting | None:
    """A pad that collects the learner's own handwriting and keeps it in a file beside the notebook."""
    path = Path(file)
    kept = _read(path)
    still = figures.own_digits(_rows([_image(strokes) for _, strokes in kept]), _labels(kept))
    return still and Handwriting(still, kept, path)
