"""What all pictures of the course share: colours, a blank picture, and a description for those who can't see it.

A figure function takes the learner's functions as arguments, is decorated with `drawn`, begins with
`new_picture` and returns the picture::

    @drawn
    def sigmoid_curve(sigmoid):
        picture, axes = new_picture(6, 3.4, alt="A curve that rises from 0 to 1 ...")
        z = torch.linspace(-6, 6, 201)
        axes.plot(z, result_of(sigmoid, z, shape=z.shape), color=BLUE)
        return picture
"""

import base64
import contextlib
import functools
import io
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib
import torch
from matplotlib.figure import Figure
from PIL import Image

from autograder.course.guard import kindly, name_of

# Figures take their colours from here, together with the rest of the style.
from autograder.panels.palette import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
)
from autograder.panels.pictures import described, in_words

#: Colour map for weights: negative dark blue, zero grey, positive light orange. Give it equal limits on both sides. It
#: grows lighter from one end to the other, so that a sign is seen without any colour: dark below 0, bright above.
SIGNED = matplotlib.colors.LinearSegmentedColormap.from_list(
    "signed", ["#001B33", "#0B5A94", "#A3A3A3", "#E89A4F", "#FFCF9B"]
)
#: Colour map for mistakes, 0 to 1.
MISTAKES = matplotlib.colors.LinearSegmentedColormap.from_list("mistakes", [PAPER, "#F6C79B", ORANGE])
#: Colour map for ink on paper, 0 to 1.
INK_ON_PAPER = "Greys"

# The two kinds of cell look the same in every picture.
BENIGN = {"color": BLUE, "marker": "o", "label": "benign (y = 0)"}
MALIGNANT = {"color": ORANGE, "marker": "^", "label": "malignant (y = 1)"}

_ARROW = "  →  "

# A picture brings its own paper, so it reads the same on a light page and on a dark one.
_STYLE = {
    "figure.facecolor": PAPER,
    "figure.dpi": 90,
    "savefig.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "font.family": "DejaVu Sans",
}


class Picture(Figure):
    """A figure that shows itself as PNG, with its description for readers who can't see it.

    It needs neither pyplot nor a drawing backend, so importing figures stays quick.
    """

    alt = ""
    _png = b""

    def render(self) -> bytes:
        """The picture as PNG; drawn once, so that whatever goes wrong goes wrong where it is made."""
        if not self._png:
            png = io.BytesIO()
            with matplotlib.rc_context(_STYLE):
                self.savefig(png, format="png", bbox_inches="tight", pad_inches=0.12, pil_kwargs={"compress_level": 0})
            self._png = _with_few_colours(png)
        return self._png

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def mimebundle(self) -> tuple[dict[str, str], dict[str, dict]]:
        """The picture as Jupyter wants it, with its metadata, where nbgrader's feedback and others read `alt`."""
        image = base64.b64encode(self.render()).decode()
        data = {"image/png": image, "text/html": described(image, self.alt), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt}}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self.mimebundle()
        display(data, metadata=metadata, raw=True)
        display(in_words(self.alt), raw=True)


def _with_few_colours(png: io.BytesIO) -> bytes:
    """The same picture in 256 colours, the nearest to its own: a third of the bytes, and no eye sees a difference."""
    few = io.BytesIO()
    with Image.open(png) as picture:
        paletted = picture.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    paletted.save(few, format="png")
    return few.getvalue()


def new_picture(
    width: float, height: float, rows: int = 1, columns: int = 1, *, alt: str, **layout: Any
) -> tuple[Picture, Any]:
    """A blank picture in the course's style, and its axes as `Figure.subplots` returns them.

    Args:
        width: inches; 90 pixels each.
        height: inches.
        rows: rows of axes.
        columns: columns of axes.
        alt: one sentence for readers who can't see the picture.
        layout: goes to `Figure.subplots`, such as ``width_ratios=[2, 1]``.
    """
    picture = Picture(figsize=(width, height), layout="constrained")
    picture.alt = alt
    return picture, picture.subplots(rows, columns, **layout)


def drawn(draw: Callable) -> Callable:
    """Decorate a figure function: in the course's style, and `kindly` towards the learner's functions in it."""

    @kindly
    @functools.wraps(draw)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        with _one_thread(), matplotlib.rc_context(_STYLE), warnings.catch_warnings():
            # A wrong answer may leave nothing to scale an axis by; the picture shows that well enough.
            warnings.simplefilter("ignore")
            picture = draw(*arguments, **options)
            if isinstance(picture, Picture):
                picture.render()
            return picture

    return wrapper


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Tensors here are small: several threads would wait for one another longer than they work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@kindly
def try_out(function: Callable, *arguments: Any, **options: Any) -> None:
    """Call a function and print the call, what came back, and its shape."""
    answer = function(*arguments, **options)
    shown = [_brief(argument) for argument in arguments]
    shown += [f"{name}={_brief(value)}" for name, value in options.items()]
    call = f"{name_of(function)}({', '.join(shown)})"
    results = answer if isinstance(answer, tuple) else (answer,)
    lines = [_result(result) for result in results]
    fits = len(lines) == 1 and "\n" not in lines[0] and len(call + lines[0]) < 90
    print((_ARROW if fits else f"\n{_ARROW}").join([call, *lines]))


def signed(value: float, digits: int | None = None) -> str:
    """A number with a true minus sign, to so many digits after the point or as short as it goes."""
    return (f"{value:g}" if digits is None else f"{value:.{digits}f}").replace("-", "\N{MINUS SIGN}")


def _brief(value: Any) -> str:
    """A value on one line: small tensors in full, large ones left out, functions by name."""
    if isinstance(value, torch.Tensor):
        if value.numel() > 24:
            return "tensor(...)"
        return " ".join(str(value.detach()).split())
    if isinstance(value, float):
        return repr(value) if len(repr(value)) < 8 else f"{value:.6g}"
    if callable(value):
        return name_of(value)
    if isinstance(value, list | tuple) and len(value) <= 8:
        inside = ", ".join(map(_brief, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_brief(part)}" for key, part in value.items()) + "}"
    return repr(value)


def _result(value: Any) -> str:
    """A result with its shape, a matrix on several lines under the arrow."""
    if not isinstance(value, torch.Tensor):
        return _brief(value)
    if value.dim() == 2 and value.numel() <= 24:
        text = str(value.detach()).replace("\n", "\n" + " " * len(_ARROW))
    else:
        text = _brief(value)
    return f"{text}   shape {tuple(value.shape)}"
