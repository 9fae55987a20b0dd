"""Pictures of lesson 0's tools: powers and logarithms, slopes and chains."""

import torch
from matplotlib.patches import Circle

from autograder.panels.palette import BLUE, GREY, INK, ORANGE, ORANGE_INK, PALE

from ._style import Picture, drawn, new_picture, signed


@drawn
def e_and_ln() -> Picture:
    """The powers of e, and the logarithm that undoes them, each with the same four marks."""
    picture, (left, right) = new_picture(
        9,
        3.2,
        1,
        2,
        alt="Left: the curve of e to the z climbs ever faster; it is 0.37 at −1, 1 at 0, 2.72 at 1 and 7.39 at 2. "
        "Right: the logarithm climbs ever slower; it is −1 at 0.37, 0 at 1, 1 at 2.72 and 2 at 7.39.",
    )
    z = torch.linspace(-2.5, 2.2, 200)
    left.plot(z, z.exp(), color=BLUE)
    right.plot(z.exp(), z, color=BLUE)
    for mark in (-1.0, 0.0, 1.0, 2.0):
        power = torch.tensor(mark).exp().item()
        left.plot(mark, power, "o", color=ORANGE)
        right.plot(power, mark, "o", color=ORANGE)
        left.annotate(f"{power:.2f}", (mark, power), (-6, 6), textcoords="offset points", ha="right")
        right.annotate(signed(mark, 0), (power, mark), (6, -12), textcoords="offset points")
    left.set(title="$e^z$: never 0, never below", xlabel="z", ylabel="$e^z$", ylim=(0, 9))
    right.set(title="ln p: the way back", xlabel="p", ylabel="ln p", xlim=(0, 9))
    right.axhline(0, color=GREY, linewidth=1)
    return picture


@drawn
def slopes() -> Picture:
    """The slope of a curve at one place, and a chain of two links whose slopes multiply."""
    picture, (left, right) = new_picture(
        9,
        3.2,
        1,
        2,
        width_ratios=[1, 1.25],
        alt="Left: the curve of x squared, touched at x = 3 by a dashed line of slope 6. Right: three circles, x = 2, "
        "u = 6 and y = 36, joined by arrows with the slopes 3 and 12; below stands 3 times 12 is 36.",
    )
    x = torch.linspace(0, 5, 200)
    left.plot(x, x**2, color=BLUE)
    left.plot(x, 9 + 6 * (x - 3), "--", color=ORANGE, linewidth=1.5)
    left.plot(3, 9, "o", color=ORANGE)
    left.annotate("slope 6", (3, 9), (12, -8), textcoords="offset points", color=ORANGE_INK)
    left.set(title="$x^2$ at x = 3", xlabel="x", ylabel="$x^2$", ylim=(-4, 25))
    for place, text in ((0, "x = 2"), (3, "u = 6"), (6, "y = 36")):
        right.add_patch(Circle((place, 0), 0.75, facecolor=PALE, edgecolor=INK))
        right.text(place, 0, text, ha="center", va="center", fontsize=9)
    for place, rule, slope in ((0, "u = 3x", "slope 3"), (3, "y = u²", "slope 12")):
        right.annotate("", (place + 2.2, 0), (place + 0.8, 0), arrowprops={"arrowstyle": "-|>", "color": INK})
        right.text(place + 1.5, 0.25, rule, ha="center", va="bottom")
        right.text(place + 1.5, -0.25, slope, ha="center", va="top", color=ORANGE_INK, weight="bold")
    right.text(3, -1.5, "from x to y: 3 · 12 = 36", ha="center", va="center", color=ORANGE_INK, weight="bold")
    right.set(xlim=(-1, 7), ylim=(-2, 1.5), aspect="equal", title="a chain: slopes multiply")
    right.axis("off")
    return picture
