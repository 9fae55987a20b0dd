"""What all pictures of the course share: colours, a blank picture, and a kind word where one can't be drawn.

A figure function takes the learner's functions as arguments, is decorated with `kindly`, begins with
`new_picture` and returns the picture::

    @kindly
    def sigmoid_curve(sigmoid):
        picture, axes = new_picture(6, 3.4, alt="A curve that rises from 0 to 1 ...")
        z = torch.linspace(-6, 6, 201)
        axes.plot(z, result_of(sigmoid, z, shape=z.shape), color=BLUE)
        return picture
"""

import functools
import io
import traceback
from collections.abc import Callable
from typing import Any

import matplotlib
import torch
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart by readers with every common kind of colour blindness. Colour is never
# the only difference between two things: markers, line styles and labels differ as well.
BLUE = "#0072B2"
ORANGE = "#D55E00"
GREEN = "#009E73"
AMBER = "#E69F00"
SKY = "#56B4E9"
PINK = "#CC79A7"
INK = "#222222"
GREY = "#767676"
PALE = "#E9ECEF"
PAPER = "#FCFCFA"

#: Colour map for weights: negative blue, zero white, positive orange. Give it equal limits on both sides.
SIGNED = matplotlib.colors.LinearSegmentedColormap.from_list("signed", [BLUE, "#FFFFFF", ORANGE])
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

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        png = io.BytesIO()
        with matplotlib.rc_context(_STYLE):
            self.savefig(png, format="png", bbox_inches="tight", pad_inches=0.12)
        return png.getvalue(), {"alt": self.alt}


class CannotDraw(Exception):
    """A picture can't be drawn from what a learner's function gave back; the text says why."""


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


def result_of(function: Callable, *arguments: Any, shape: tuple[int, ...] | None = None) -> torch.Tensor:
    """Call a learner's function and read the answer as one tensor, of the given shape if one is given.

    Raises:
        CannotDraw: the answer is not a tensor, or has another shape.
    """
    return as_tensor(function(*arguments), name_of(function), shape)


def as_tensor(answer: Any, name: str, shape: tuple[int, ...] | None = None) -> torch.Tensor:
    """Read what the function of that name gave back as a tensor without gradient.

    Raises:
        CannotDraw: it is not a tensor, or has another shape.
    """
    if answer is None:
        raise CannotDraw(f"`{name}` returned None. Did you forget `return`?")
    try:
        tensor = torch.as_tensor(answer).detach()
    except (TypeError, ValueError, RuntimeError):
        raise CannotDraw(f"`{name}` returned a {type(answer).__name__}, not a tensor.") from None
    if shape is not None and tuple(tensor.shape) != tuple(shape):
        raise CannotDraw(f"`{name}` returned shape {tuple(tensor.shape)}, and shape {tuple(shape)} was expected.")
    if tensor.numel() and not tensor.isfinite().any():
        raise CannotDraw(f"`{name}` returned no number, only nan or inf.")
    return tensor


def parts_of(answer: Any, count: int, name: str) -> tuple:
    """What the function of that name gave back, as a tuple of so many results.

    Raises:
        CannotDraw: it is not that many.
    """
    if not isinstance(answer, tuple | list) or len(answer) != count:
        raise CannotDraw(f"`{name}` should return {count} results, with commas between them.")
    return tuple(answer)


def name_of(function: Callable) -> str:
    """The name a learner knows the function by."""
    return getattr(function, "__name__", "your function")


def kindly(draw: Callable) -> Callable:
    """Decorate a figure function: the course's style, and one kind sentence instead of a page of red.

    A stub that is still empty prints what is to be written first, an error in a learner's function prints
    where it happened and what it says. Either way nothing is returned, so the notebook runs on. An error in a
    picture that takes no function of the learner's is ours, and is raised.
    """

    @functools.wraps(draw)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        try:
            with matplotlib.rc_context(_STYLE):
                return draw(*arguments, **options)
        except Exception as error:
            learners = [name_of(value) for value in arguments if _is_function(value)]
            if not learners:
                raise
            print(_explain(error, learners))
            return None

    return wrapper


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


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, torch.nn.Module)


def _explain(error: Exception, learners: list[str]) -> str:
    """One sentence for the learner whose functions of these names took part in a picture."""
    if isinstance(error, CannotDraw):
        return f"Not yet: {error}"
    # A notebook's functions live in the module `__main__`, wherever they are called from.
    theirs = [
        frame.f_code.co_name
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == "__main__" and not frame.f_code.co_name.startswith("<")
    ]
    # A call that did not get as far as their code is named in Python's own message.
    called = [name for name in learners if f"{name}()" in str(error)]
    name = [*learners[:1], *called, *theirs][-1]
    if isinstance(error, NotImplementedError) and not str(error):
        return f"This needs `{name}`. Write it above, then run this cell again."
    message = str(error).strip().split("\n")[0][:200]
    return f"Not yet: `{name}` stopped with {type(error).__name__}{': ' if message else ''}{message}"


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
