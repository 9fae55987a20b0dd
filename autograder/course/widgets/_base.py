"""What all widgets of the course share: the still picture, one style, and a kind word where something goes wrong.

A widget keeps what the reader sets in traits of its own (`w`, `b`, `lr`) and puts what the page is to draw into
`shown`, one dictionary of plain numbers. The page draws; everything is worked out in the kernel.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import torch
import traitlets

from autograder.course.figures import Picture
from autograder.course.figures._style import BENIGN, MALIGNANT
from autograder.course.guard import CannotDraw, explain

_PAGE = Path(__file__).parent / "page"

#: What stands below the still picture where no widget runs.
_STILL = "This picture does not move here. In JupyterLab or in Notebook, run the cell, and it does."

#: The areas at which a neuron's curve over the cells is drawn, in thousands of square pixels.
AREAS = torch.linspace(0, 2.6, 131)


class CourseWidget(anywidget.AnyWidget):
    """A widget that has a still picture to stand in for it.

    Attributes:
        fixed: what the page draws and nothing changes, such as the cells.
        shown: what the page draws now.
        note: a sentence about what went wrong, or nothing.
    """

    _css = (_PAGE / "style.css").read_text(encoding="utf-8")
    fixed = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)

    def __init__(self, still: Picture, *learners: Callable, **state: Any):
        self._still = still
        self._learners = learners
        # JupyterLab hands what comes from the page to a thread beside the one that runs cells; its first messages come
        # before that thread is there. So two can be at work at once, and each has to finish what it has begun.
        self._at_work = threading.RLock()
        super().__init__(**state)

    def _look(self) -> dict[str, Any]:
        """Work out what the page is to draw."""
        raise NotImplementedError

    def refresh(self, *_: Any) -> None:
        """Work out anew what is shown. What goes wrong in a learner's function becomes a sentence in `note`."""
        with self._kindly():
            self.shown = self._look()

    @contextmanager
    def _kindly(self) -> Iterator[None]:
        """One thread at a time. An error in here is told in `note`; there is no cell below which red could stand."""
        with self._at_work:
            try:
                yield
            except Exception as error:
                if not self._learners and not isinstance(error, CannotDraw):
                    raise
                sentence, line = explain(error, list(self._learners))
                self.note = f"{sentence} Your line: {line}" if line else sentence
            else:
                self.note = ""

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**options)
        assert bundle is not None
        data, metadata = bundle
        still, about = self._still.mimebundle()
        instead = {"text/html": f"{still['text/html']}<p>{_STILL}</p>", "text/plain": self._still.alt}
        return data | still | instead, metadata | about


def page(*names: str) -> str:
    """The script of a widget, with what all of them use in front of it: one text, nothing is loaded from elsewhere."""
    return "\n".join((_PAGE / f"{name}.js").read_text(encoding="utf-8") for name in ("common", *names))


def cells_for_page(X: torch.Tensor, y: torch.Tensor) -> dict[str, Any]:
    """The cells as the page draws them: areas, labels, and where the neuron's curve has its points."""
    return {
        "areas": numbers(X[:, 0], 3),
        "labels": y.long().tolist(),
        "names": [BENIGN["label"], MALIGNANT["label"]],
        "curve_at": numbers(AREAS, 3),
    }


def numbers(values: torch.Tensor, digits: int = 4) -> list[float | None]:
    """Numbers for the page, rounded; what is no number is nothing there."""
    finite = torch.isfinite(values)
    return [round(value, digits) if ok else None for value, ok in zip(values.tolist(), finite.tolist(), strict=True)]
