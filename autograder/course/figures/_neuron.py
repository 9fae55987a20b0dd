"""Pictures of lessons 0 to 3: the map of the course, one neuron, its descent, and neurons in a layer."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from autograder.course.data import load_cells, load_mnist
from autograder.course.guard import as_tensor, parts_of, result_of
from autograder.panels.palette import (
    AMBER,
    BLUE,
    GREEN,
    GREEN_INK,
    GREY,
    INK,
    ORANGE,
    ORANGE_INK,
    PALE,
    PAPER,
    PINK,
    SKY,
)

from ._style import BENIGN, INK_ON_PAPER, MALIGNANT, SIGNED, Picture, drawn, new_picture, signed

_AREA = "mean area of the nuclei (thousands of square pixels)"
_DASHES = ("-", "--", "-.", ":")


# Lesson 0: the map


@drawn
def neuron_with_and_without_bias() -> Picture:
    """The cells, and what the best neuron makes of them with a bias and without one."""
    X, y = load_cells()
    picture, panels = new_picture(
        9,
        3.5,
        columns=2,
        sharey=True,
        alt="The curve of the best neuron with a bias rises between the two kinds of cell; without a "
        "bias it stays just above one half and calls every cell malignant.",
    )
    for axes, bias in zip(panels, (True, False), strict=True):
        w, b = _descend(bias)
        right = ((torch.sigmoid(X @ w + b) > 0.5) == y).float().mean()
        _scatter_cells(axes, X, y)
        area = torch.linspace(0, 2.6, 200)
        axes.plot(area, torch.sigmoid(area * w + b), color=INK, label="hypothesis")
        axes.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
        kind = (
            f"with bias: w = {signed(w.item(), 1)}, b = {signed(b.item(), 1)}"
            if bias
            else f"no bias: w = {signed(w.item(), 2)}"
        )
        axes.set(title=f"{kind}\n{right:.0%} right", xlabel=_AREA)
    panels[0].set_ylabel("hypothesis: how malignant?")
    panels[0].legend(loc="center right", bbox_to_anchor=(1, 0.3))
    return picture


@drawn
def one_cut_is_not_enough() -> Picture:
    """Two pixels, "has exactly one of them ink?": no straight cut, unless two neurons look first."""
    pixels = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    one = torch.tensor([False, True, True, False])
    picture, (left, middle, right) = new_picture(
        10,
        3.5,
        columns=3,
        alt="Four tiny images of two pixels. As points in the plane the two classes lie at opposite "
        "corners and no line parts them. Seen by two neurons they lie so that one line parts them.",
    )

    left.set_title("four images of two pixels")
    for row, (image, yes) in enumerate(zip(pixels, one, strict=True)):
        for column, ink in enumerate(image):
            left.add_patch(Rectangle((column, 3 - row), 1, 0.7, facecolor=INK if ink else "white", edgecolor=GREY))
        left.text(2.3, 3.35 - row, "yes" if yes else "no", va="center", color=ORANGE_INK if yes else BLUE)
    left.set(xlim=(-0.3, 3.3), ylim=(-0.3, 4), aspect="equal")
    left.axis("off")

    hidden = torch.sigmoid(10 * pixels.sum(1, keepdim=True) - torch.tensor([5.0, 15.0]))
    views = (
        (middle, pixels, "what one neuron sees", ("first pixel", "second pixel")),
        (right, hidden, "what two neurons say of it", ("“at least one has ink”", "“both have ink”")),
    )
    for axes, points, title, (across, up) in views:
        axes.scatter(*points[one].T, s=90, color=ORANGE, marker="^", label="yes: exactly one", zorder=3)
        axes.scatter(*points[~one].T, s=90, color=BLUE, marker="o", label="no", zorder=3)
        axes.set(title=title, xlabel=across, ylabel=up, xlim=(-0.25, 1.25), ylim=(-0.25, 1.4), aspect="equal")
        axes.set(xticks=[0, 1], yticks=[0, 1])
    middle.plot([-0.25, 1.25], [0.75, -0.25 + 0.25], color=GREY, linestyle="--")
    middle.plot([-0.25, 1.25], [0.25, 1.15], color=GREY, linestyle=":")
    middle.text(0.45, -0.15, "every line fails", color=GREY, ha="center")
    right.plot([0.25, 1.25], [-0.25, 0.75], color=GREEN)
    right.text(0.42, 0.45, "this line\ndoes it", color=GREEN_INK, ha="center")
    right.text(1, -0.17, "(two images)", color=ORANGE_INK, ha="center", fontsize=8)
    middle.legend(loc="upper center", ncols=2, columnspacing=0.8, handletextpad=0.1)
    return picture


@drawn
def levels_of_abstraction() -> Picture:
    """One digit as pixels, regions, strokes and a name: a picture to think with."""
    image, label = _first_of(4)
    picture, panels = new_picture(
        10,
        3.1,
        columns=4,
        width_ratios=[3, 3, 3, 2],
        alt="A handwritten four, shown as 784 pixels, then as a coarse grid of inked regions, then as "
        "short strokes with a direction, then as the one marked name in a list of ten digits.",
    )
    pixels, regions, strokes, names = panels
    titles = ("784 pixels", "which regions have ink?", "which strokes run there?", "which digit?")
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title, loc="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    pixels.imshow(image.numpy(), cmap=INK_ON_PAPER)

    ink = image.reshape(7, 4, 7, 4).mean(dim=(1, 3))
    regions.imshow(ink.numpy(), cmap=INK_ON_PAPER, extent=(-0.5, 27.5, 27.5, -0.5))
    strokes.imshow(image.numpy(), cmap=INK_ON_PAPER, alpha=0.15)
    for axes in (regions, strokes):
        for place in range(4, 28, 4):
            axes.axhline(place - 0.5, color=SKY, linewidth=0.5)
            axes.axvline(place - 0.5, color=SKY, linewidth=0.5)
    for x, y, across, down in _strokes(image):
        strokes.plot([x - across, x + across], [y - down, y + down], color=ORANGE, linewidth=3.5)
    strokes.set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5))

    for digit in range(10):
        chosen = digit == label
        if chosen:
            names.add_patch(Rectangle((0.25, digit - 0.45), 0.5, 0.9, facecolor=ORANGE, edgecolor=INK))
        names.text(
            0.5,
            digit,
            str(digit),
            ha="center",
            va="center",
            color="white" if chosen else GREY,
            weight="bold" if chosen else "normal",
        )
    names.set(xlim=(0, 1), ylim=(9.6, -0.6))
    names.axis("off")
    return picture


@drawn
def weights_of_first_layer(network: torch.nn.Sequential, neuron: int) -> Picture:
    """The weight matrix of the network's first layer, and one of its rows laid out as an image."""
    weight = network[0].weight.detach()
    limit = weight.abs().max().item()
    picture, (whole, row) = new_picture(
        9,
        2.6,
        columns=2,
        width_ratios=[3.2, 1],
        alt="A wide matrix of random colours with 64 rows and 784 columns; one row of it, folded to 28 "
        "by 28, is random too.",
    )
    shown = whole.imshow(weight.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest")
    whole.add_patch(Rectangle((-0.5, neuron - 0.5), weight.shape[1], 1, fill=False, edgecolor=INK))
    whole.set(
        title=f"network[0].weight, shape {tuple(weight.shape)}",
        xlabel="pixel 0 to 783",
        ylabel="neuron 0 to 63",
    )
    picture.colorbar(shown, ax=whole, label="weight", pad=0.01)
    row.imshow(weight[neuron].reshape(28, 28).numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
    row.set(title=f"row {neuron} as 28 × 28", xticks=[], yticks=[])
    return picture


@drawn
def guess(network: torch.nn.Sequential, image: torch.Tensor) -> Picture:
    """One image, and the ten probabilities that the network gives."""
    with torch.no_grad():
        probs = network(image.reshape(1, 784))[0].numpy()
    picture, (left, right) = new_picture(
        7.5,
        2.7,
        columns=2,
        width_ratios=[1, 2.2],
        alt="A handwritten digit and ten bars, all close to one tenth.",
    )
    left.imshow(image.reshape(28, 28).numpy(), cmap=INK_ON_PAPER)
    left.set(title="the image", xticks=[], yticks=[])
    left.spines[:].set_visible(False)
    right.bar(range(10), probs, color=BLUE)
    right.axhline(0.1, color=GREY, linestyle="--", linewidth=1)
    right.text(9.6, 0.102, "1/10", color=GREY, va="bottom", ha="left")
    for digit, p in enumerate(probs.tolist()):
        right.text(digit, p / 2, f"{p:.2f}", ha="center", va="center", color="white", fontsize=8)
    right.set(title="what the network says", xlabel="digit", ylabel="probability", xticks=range(10))
    right.set(xlim=(-0.7, 10.5), ylim=(0, max(0.2, 1.15 * probs.max())))
    return picture


# Lesson 1: the neuron


@drawn
def cells(X: torch.Tensor, y: torch.Tensor) -> Picture:
    """The cells along one axis, benign below and malignant above."""
    picture, axes = new_picture(
        7.5,
        2.6,
        alt="Benign cells mostly have small nuclei, malignant ones larger; between 0.5 and 0.9 they mix.",
    )
    _scatter_cells(axes, X, y)
    axes.set(xlabel=_AREA, yticks=[0, 1], yticklabels=["benign: 0", "malignant: 1"], ylim=(-0.3, 1.3))
    return picture


@drawn
def neuron_drawn() -> Picture:
    """A neuron of three inputs: weights, sum, bias, sigmoid, with one calculation written beside it."""
    picture, axes = new_picture(
        8.5,
        3.1,
        alt="Three inputs 1, 2 and 0.5 are multiplied by weights 0.4, −0.5 and 2, added up with the "
        "bias 0.1 to 0.5, and the sigmoid makes 0.62 of it.",
    )
    inputs, weights = (1.0, 2.0, 0.5), (0.4, -0.5, 2.0)
    for i, (x, w) in enumerate(zip(inputs, weights, strict=True)):
        place = (0.0, 1.2 - 1.2 * i)
        axes.add_patch(Circle(place, 0.38, facecolor=PALE, edgecolor=INK))
        axes.text(*place, f"{x:g}", ha="center", va="center")
        axes.text(-0.6, place[1], f"$x_{i + 1}$", ha="right", va="center")
        _arrow(axes, (0.4, place[1]), (3.02, 0.25 - 0.25 * i))
        axes.text(1.45, 0.93 - 0.8 * i, f"$w_{i + 1}$ = {signed(w)}", ha="center", va="center", backgroundcolor=PAPER)
    axes.add_patch(Circle((3.5, 0), 0.5, facecolor=SKY, edgecolor=INK))
    axes.text(3.5, 0, "sum", ha="center", va="center")
    _arrow(axes, (3.5, 1.25), (3.5, 0.52))
    axes.text(3.5, 1.35, "b = 0.1", ha="center", va="bottom")
    _arrow(axes, (4.02, 0), (5.6, 0))
    axes.text(4.8, 0.15, "z = 0.5", ha="center", va="bottom")
    axes.text(3.5, -0.75, "0.4 − 1 + 1 + 0.1", ha="center", va="top", fontsize=9)
    axes.add_patch(Rectangle((5.62, -0.5), 1.2, 1, facecolor=AMBER, edgecolor=INK))
    curve = torch.linspace(-5, 5, 50)
    axes.plot(6.22 + curve / 10, torch.sigmoid(curve) * 0.7 - 0.35, color=INK)
    axes.text(6.22, 0.6, "sigmoid", ha="center", va="bottom")
    _arrow(axes, (6.84, 0), (8.1, 0))
    axes.text(8.2, 0, "a = 0.62", va="center", weight="bold")
    axes.set(xlim=(-1.2, 9.6), ylim=(-1.75, 1.9), aspect="equal")
    axes.axis("off")
    return picture


@drawn
def sigmoid_curve(sigmoid: Callable) -> Picture:
    """The learner's sigmoid from -8 to 8."""
    z = torch.linspace(-8, 8, 321)
    a = result_of(sigmoid, z, shape=z.shape)
    ends = ", ".join(f"{a[place]:.2f} at {z[place]:g}" for place in (0, 80, 160, 240, 320)).replace("-", "−")
    picture, axes = new_picture(6.5, 3, alt=f"The curve of your sigmoid over z: {ends}.")
    axes.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
    axes.axvline(0, color=GREY, linewidth=1, linestyle=":")
    axes.plot(z, a, color=BLUE)
    marks = torch.tensor([-2.0, 0.0, 2.0])
    for at, value in zip(marks.tolist(), result_of(sigmoid, marks, shape=(3,)).tolist(), strict=True):
        axes.plot([at], [value], "o", color=ORANGE)
        axes.annotate(f"{value:.2f}", (at, value), (8, -12), textcoords="offset points")
    axes.set(xlabel="weighted sum z", ylabel="sigmoid(z)", title="sigmoid")
    return picture


@drawn
def weight_and_bias(hypothesis: Callable) -> Picture:
    """What a change of the weight does to the curve, and what a change of the bias does."""
    x = torch.linspace(0, 2, 201)
    picture, panels = new_picture(
        9,
        3.3,
        columns=2,
        sharey=True,
        alt="Left: three curves, steeper for larger weights. Right: three curves of one steepness that "
        "cross one half at different places.",
    )
    steeper = (2.0, -2.0), (5.0, -5.0), (20.0, -20.0)
    shifted = (10.0, -2.0), (10.0, -6.0), (10.0, -10.0)
    titles = "a larger weight: a steeper curve", "another bias: the same curve elsewhere"
    for axes, neurons, title in zip(panels, (steeper, shifted), titles, strict=True):
        for (w, b), colour, dash in zip(neurons, (SKY, BLUE, INK), _DASHES, strict=False):
            a = result_of(hypothesis, x[:, None], torch.tensor([w]), torch.tensor(b), shape=x.shape)
            axes.plot(x, a, color=colour, linestyle=dash, label=f"w = {signed(w)}, b = {signed(b)}")
        axes.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
        axes.set(title=title, xlabel="input x")
        axes.legend(loc="lower right")
    panels[0].set_ylabel("hypothesis")
    return picture


@drawn
def neuron_on_cells(
    hypothesis: Callable,
    predict: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
) -> Picture:
    """The neuron's curve over the cells, the place where it begins to fire, and how often it is right."""
    area = torch.linspace(0, 2.6, 261)
    a = result_of(hypothesis, area[:, None], w, b, shape=area.shape)
    fires = result_of(predict, area[:, None], w, b, shape=area.shape).bool()
    right = result_of(predict, X, w, b, shape=y.shape) == y
    share = right.float().mean()
    picture, axes = new_picture(
        7.5,
        3.4,
        alt="The neuron's curve over the cells; the area where it fires is shaded. It is right for "
        f"{share:.0%} of the cells.",
    )
    axes.fill_between(area, -0.15, 1.15, where=fires, color=AMBER, alpha=0.25, linewidth=0, label="it fires here")
    _scatter_cells(axes, X, y)
    axes.plot(area, a, color=INK, label="hypothesis")
    axes.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
    axes.set(
        title=f"w = {signed(w.item())}, b = {signed(float(b))}: {int(right.sum())} of {len(y)} right ({share:.0%})",
        xlabel=_AREA,
        ylabel="hypothesis",
        ylim=(-0.15, 1.15),
    )
    axes.legend(loc="center right", bbox_to_anchor=(1, 0.33))
    return picture


@drawn
def column_minus_row() -> Picture:
    """Why (3, 1) minus (3,) is nine numbers: the trap of broadcasting."""
    column, row = torch.tensor([[0.9], [0.2], [0.6]]), torch.tensor([1.0, 0.0, 1.0])
    picture, axes = new_picture(
        7,
        2.5,
        alt="A column of three numbers minus a row of three numbers gives a table of nine; only its "
        "diagonal was wanted.",
    )
    for i in range(3):
        _cell(axes, 0, -i, f"{column[i, 0]:.1f}", SKY)
        _cell(axes, 2 + i, -1, f"{row[i]:.0f}", AMBER)
        for j in range(3):
            wanted = i == j
            _cell(axes, 6.4 + j, -i, signed((column[i, 0] - row[j]).item(), 1), GREEN if wanted else PALE, bold=wanted)
    axes.text(1.5, -0.6, "−", ha="center", va="center", fontsize=14)
    axes.text(5.7, -0.6, "=", ha="center", va="center", fontsize=14)
    for x, text in ((0.5, "(3, 1)"), (3.5, "(3,)"), (7.9, "(3, 3)")):
        axes.text(x, 1.1, text, ha="center", va="bottom", weight="bold")
    axes.text(9.6, -0.6, "the three that\nwere wanted are\non the diagonal", va="center", color=GREEN_INK)
    axes.set(xlim=(-0.2, 12.2), ylim=(-2.2, 1.7), aspect="equal")
    axes.axis("off")
    return picture


# Lesson 2: descent


@drawn
def cost_of_one_weight(cost: Callable, X: torch.Tensor, y: torch.Tensor, b: float = -7.0) -> Picture:
    """The cost as a curve over the weight, the bias held still, with its slope at two places."""
    bias = torch.tensor(b)

    def at(w: float) -> float:
        return result_of(cost, X, y, torch.tensor([w]), bias, shape=()).item()

    ws = torch.linspace(0, 30, 121).tolist()
    costs = [at(w) for w in ws]
    picture, axes = new_picture(
        7,
        3.3,
        alt="The cost over the weight falls, has a lowest place near 10, and rises again; a line "
        "touches it on either side of that place, one falling and one rising.",
    )
    axes.plot(ws, costs, color=BLUE)
    for w, colour, text in (
        (6.0, ORANGE, "slope below 0:\ngo right"),
        (18.0, GREEN, "slope above 0:\ngo left"),
    ):
        slope = (at(w + 0.05) - at(w - 0.05)) / 0.1
        axes.plot([w - 2.5, w + 2.5], [at(w) - 2.5 * slope, at(w) + 2.5 * slope], color=colour, linestyle="--")
        axes.plot([w], [at(w)], "o", color=colour, markersize=9)
        axes.annotate(text, (w, at(w)), (14, 12 if w < 10 else -32), textcoords="offset points")
    lowest = min(range(len(ws)), key=costs.__getitem__)
    axes.plot([ws[lowest]], [costs[lowest]], "s", color=INK)
    axes.annotate("lowest", (ws[lowest], costs[lowest]), (0, -15), textcoords="offset points", ha="center")
    axes.set(title=f"cost of the neuron on the cells, b = {signed(b)}", xlabel="weight w", ylabel="cost")
    axes.set_ylim(0, max(costs) * 1.08)
    return picture


@drawn
def two_ways_to_measure_a_slope() -> Picture:
    """The line through w and w + h, and the line through w - h and w + h, beside the true slope."""

    def f(w: torch.Tensor) -> torch.Tensor:
        return 0.15 * w**3 - 0.4 * w + 1

    w, h = torch.tensor(1.0), 0.8
    slope = (0.45 * w**2 - 0.4).item()
    picture, panels = new_picture(
        9,
        3.2,
        columns=2,
        sharey=True,
        alt="Left: the line through w and w + h is steeper than the curve at w. Right: the line through "
        "w − h and w + h is nearly parallel to the curve at w.",
    )
    line = torch.linspace(-0.2, 2.2, 121)
    titles = "forward: from w to w + h", "central: from w − h to w + h"
    for axes, start, title in zip(panels, (w, w - h), titles, strict=True):
        end = w + h
        measured = ((f(end) - f(start)) / (end - start)).item()
        axes.plot(line, f(line), color=BLUE)
        axes.axline((w, f(w)), slope=slope, color=GREY, linestyle=":", label=f"true slope {slope:.3f}")
        axes.axline((start, f(start)), slope=measured, color=ORANGE, linestyle="--", label=f"measured {measured:.3f}")
        axes.plot([start, end], [f(start), f(end)], "o", color=ORANGE)
        axes.plot([w], [f(w)], "s", color=INK)
        axes.set(title=f"{title}, h = {h:g}", xlabel="w", xlim=(-0.2, 2.2), ylim=(0.4, 1.9))
        axes.legend(loc="upper left")
    panels[0].set_ylabel("f(w)")
    return picture


@drawn
def rolling_ball(gradient_step: Callable) -> Picture:
    """Twelve of the learner's steps down one valley, with three learning rates."""
    picture, panels = new_picture(
        10,
        3.1,
        columns=3,
        sharey=True,
        alt="",
    )
    valley, told = torch.linspace(-4.6, 8.6, 200), []
    for axes, lr, colour in zip(panels, (0.03, 0.3, 1.05), (SKY, GREEN, ORANGE), strict=True):
        theta = torch.tensor(-1.0)
        track = [theta]
        for _ in range(12):
            theta = result_of(gradient_step, theta, 2 * (theta - 2), lr, shape=())
            track.append(theta)
        ball = torch.stack(track)
        heights = (ball - 2) ** 2
        axes.plot(valley, (valley - 2) ** 2, color=GREY, linewidth=1)
        axes.plot(ball, heights, "o-", color=colour, linewidth=1, markersize=5)
        axes.plot(ball[:1], heights[:1], "s", color=INK, markersize=7)
        told.append(f"lr = {lr:g}: {_where_it_is(heights[0].item(), heights[-1].item())}")
        axes.set(title=told[-1], xlabel="θ", xlim=(-4.6, 8.6), ylim=(-2, 40))
    picture.alt = f"A ball takes twelve steps in a valley, three times. {'; '.join(told)}."
    panels[0].set_ylabel("cost (θ − 2)²")
    return picture


def _where_it_is(first: float, last: float) -> str:
    """Where a ball is at the end, in words, by its heights."""
    if not last <= first:  # a height that is no number too
        return "higher than before"
    if last == first:
        return "where it was"
    return "at the bottom" if last < 0.001 * first else "on its way down"


@drawn
def path_on_cost(cost: Callable, train_neuron: Callable, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """The cost of every weight and bias as a map, and the learner's descent from (0, 0) on it."""
    ws, bs = torch.linspace(-3, 15, 37), torch.linspace(-11, 3, 29)
    heights = torch.tensor(
        [[result_of(cost, X, y, w.reshape(1), b, shape=()).item() for w in ws] for b in bs],
        dtype=torch.float64,
    )
    path = _path(train_neuron, X, y)
    picture, axes = new_picture(
        7.5,
        4.2,
        alt="A map of your cost over weight and bias. The path of 1,000 steps goes from weight 0 and bias 0 to "
        f"weight {signed(float(path[-1][0]), 1)} and bias {signed(float(path[-1][1]), 1)}.",
    )
    filled = axes.contourf(ws.numpy(), bs.numpy(), heights.numpy(), levels=15, cmap="cividis")
    picture.colorbar(filled, ax=axes, label="cost")
    axes.plot(path[:, 0], path[:, 1], ".-", color="white", linewidth=1.5, markersize=4)
    axes.plot(*path[0], "s", color="white", markersize=9)
    axes.annotate("start (0, 0)", path[0].tolist(), (8, 6), textcoords="offset points", color="white")
    axes.plot(*path[-1], "*", color=ORANGE, markeredgecolor="white", markersize=16)
    axes.annotate(
        "after 1,000 steps",
        path[-1].tolist(),
        (-8, -16),
        textcoords="offset points",
        color="white",
        ha="right",
    )
    axes.set(title="cost on the cells", xlabel="weight w", ylabel="bias b", xlim=(-3, 15), ylim=(-11, 3))
    return picture


@drawn
def neuron_learns(train_neuron: Callable, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """The cost as the learner's neuron learns, and its curve before, on the way and after."""
    start = torch.zeros(1), torch.zeros(())
    *_, slow = _trained(train_neuron, X, y, *start, 0.1, 1000)
    halfway = _trained(train_neuron, X, y, *start, 5.0, 20)
    weight, bias, losses = _trained(train_neuron, X, y, *start, 5.0, 1000)
    picture, (left, right) = new_picture(
        10,
        3.4,
        columns=2,
        alt=f"Left: the cost before each step, from {losses[0]:.3f} to {losses[-1]:.3f} with lr 5 and to "
        f"{slow[-1]:.3f} with lr 0.1. Right: the neuron's curve over the cells, before, after 20 and after 1,000 "
        "steps.",
    )
    left.plot(slow, color=SKY, linestyle="--", label="lr = 0.1")
    left.plot(losses, color=BLUE, label="lr = 5")
    left.set(title="cost before each step", xlabel="step", ylabel="cost", ylim=(0, 0.27))
    left.legend()
    area = torch.linspace(0, 2.6, 261)
    _scatter_cells(right, X, y)
    moments = (start, "before", SKY, ":"), (halfway, "after 20 steps", BLUE, "--")
    for (w, b, *_), moment, colour, dash in (*moments, ((weight, bias), "after 1,000 steps", INK, "-")):
        right.plot(area, torch.sigmoid(area * w + b), color=colour, linestyle=dash, label=moment)
    hits = ((torch.sigmoid(X @ weight + bias) > 0.5) == y).float().mean()
    right.set(
        title=f"at the end {hits:.0%} right: w = {signed(weight.item(), 1)}, b = {signed(bias.item(), 1)}", xlabel=_AREA
    )
    right.legend(loc="center right", bbox_to_anchor=(1, 0.3))
    return picture


# Lesson 3: the layer


@drawn
def layer_as_product() -> Picture:
    """X @ W + b in numbers, the shapes above, one row and one column marked, their calculation below."""
    X = torch.tensor([[1.0, 1.0, 0.0], [0.0, 2.0, 1.0], [1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    W, b = torch.tensor([[1.0, -1.0], [2.0, 0.0], [3.0, 4.0]]), torch.tensor([[0.5, -2.0]])
    picture, axes = new_picture(
        9.5,
        3.6,
        alt="A table X of 4 rows and 3 columns times a table W of 3 rows and 2 columns plus a row b of 2 gives a table "
        "z of 4 rows and 2 columns. Row 2 of X, which is 1, 0, 2, and column 1 of W, which is −1, 0, 4, with the bias "
        "−2 make the entry 5 at row 2, column 1.",
    )
    blocks = (
        (0.0, X, SKY, "X  (m, d)", "one row\nan observation"),
        (5.0, W, AMBER, "W  (d, h)", "one column\na neuron"),
        (9.0, b, PINK, "b  (h,)", "one number\na neuron"),
        (13.0, X @ W + b, GREEN, "z  (m, h)", "one row an observation,\none column a neuron"),
    )
    marked = {"X": lambda i, j: i == 2, "W": lambda i, j: j == 1, "b": lambda i, j: j == 1}
    for x, table, colour, name, text in blocks:
        top = len(table) / 2
        is_marked = marked.get(name[0], lambda i, j: (i, j) == (2, 1))
        for i, row in enumerate(table.tolist()):
            for j, value in enumerate(row):
                here = is_marked(i, j)
                _cell(axes, x + j, top - 1 - i, signed(value), colour if here else PALE, bold=here)
        axes.text(x + table.shape[1] / 2, 2.35, name, ha="center", va="bottom", weight="bold")
        axes.text(x + table.shape[1] / 2, -2.35, text, ha="center", va="top", fontsize=9)
    for x, sign in ((4.0, "@"), (8.0, "+"), (12.0, "=")):
        axes.text(x, 0, sign, ha="center", va="center", fontsize=16)
    axes.text(7.2, -4.1, "1 · (−1) + 0 · 0 + 2 · 4 + (−2) = 5", ha="center", va="center", weight="bold", fontsize=10)
    axes.set(xlim=(-0.8, 16.4), ylim=(-4.5, 3.1), aspect="equal")
    axes.axis("off")
    return picture


@drawn
def neurons_look_at_cells(layer_forward: Callable, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """Four neurons of one layer, each with its own idea of a cell."""
    W, b = torch.tensor([[10.3, -10.0, 3.0, 20.0]]), torch.tensor([-7.05, 4.0, -2.0, -26.0])
    area = torch.linspace(0, 2.6, 261)
    a = result_of(layer_forward, area[:, None], W, b, shape=(261, 4))
    picture, axes = new_picture(
        8,
        3.5,
        alt="Four curves over the cells: one rises between the two kinds, one falls, one rises slowly, "
        "and one rises only for very large nuclei.",
    )
    _scatter_cells(axes, X, y)
    ideas = "malignant?", "small?", "rather large?", "very large?"
    for j, (idea, colour, dash) in enumerate(zip(ideas, (INK, GREEN, PINK, AMBER), _DASHES, strict=True)):
        axes.plot(area, a[:, j], color=colour, linestyle=dash, label=f"neuron {j}: {idea}")
    axes.set(xlabel=_AREA, ylabel="a[:, j]", title="one layer, four neurons, one input")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return picture


@drawn
def neurons_look_at_digits(layer_forward: Callable) -> Picture:
    """Four hand-made neurons look at five digits: their weights as images, their answers as numbers."""
    masks, names = _hand_made_masks()
    digits = (0, 1, 4, 6, 7)
    images = torch.stack([_first_of(digit)[0] for digit in digits])
    W = masks.reshape(len(masks), 784).T.contiguous()
    answers = result_of(layer_forward, images.reshape(-1, 784), W, torch.zeros(len(masks)), shape=(5, 4))
    picture, panels = new_picture(
        7,
        6.6,
        rows=6,
        columns=5,
        alt="The weights of four neurons as small images above, five handwritten digits on the left, "
        "and in the table between them how strongly each neuron fires for each digit.",
    )
    panels[0, 0].text(1, 0, "weights of\neach neuron", ha="right", va="center", fontsize=9)
    panels[0, 0].set(xlim=(0, 1), ylim=(-1, 1))
    limit = W.abs().max().item()
    for j, name in enumerate(names):
        panels[0, j + 1].imshow(masks[j].numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
        panels[0, j + 1].set_title(name, loc="center", fontsize=9)
    for i, image in enumerate(images):
        panels[i + 1, 0].imshow(image.numpy(), cmap=INK_ON_PAPER)
        for j in range(4):
            value = answers[i, j].item()
            axes = panels[i + 1, j + 1]
            axes.imshow([[value]], cmap="cividis", vmin=0, vmax=1, extent=(0, 1, 0, 1))
            axes.text(0.5, 0.5, f"{value:.2f}", ha="center", va="center", color="white" if value < 0.6 else INK)
    for axes in panels.flat:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    return picture


@drawn
def transposed_weight() -> Picture:
    """torch's weight with one row a neuron, and ours with one column a neuron."""
    picture, axes = new_picture(
        7.5,
        2.5,
        alt="On the left torch's weight with 2 rows and 3 columns, row 1 marked. On the right W with 3 "
        "rows and 2 columns, column 1 marked. They are each other's transpose.",
    )
    for i in range(2):
        for j in range(3):
            colour = AMBER if i == 1 else PALE
            _cell(axes, j, 1 - i - 1, f"$w_{{{j + 1}}}$" if i == 1 else "", colour)
            _cell(axes, 7 + i, 1.5 - j - 1, f"$w_{{{j + 1}}}$" if i == 1 else "", colour)
    _arrow(axes, (3.6, 0), (6.4, 0))
    axes.text(5, 0.15, "transpose", ha="center", va="bottom")
    axes.text(1.5, 1.75, "torch: weight (h, d)\none row a neuron", ha="center", va="bottom")
    axes.text(8, 1.75, "here: W (d, h)\none column a neuron", ha="center", va="bottom")
    axes.set(xlim=(-1.4, 10.9), ylim=(-1.7, 3.1), aspect="equal")
    axes.axis("off")
    return picture


# Parts of pictures


def _scatter_cells(axes: Any, X: torch.Tensor, y: torch.Tensor) -> None:
    # A little scatter up and down, the same every time, lets dense places be seen.
    jitter = (torch.rand(len(y), generator=torch.Generator().manual_seed(0)) - 0.5) * 0.12
    for label, look in ((0, BENIGN), (1, MALIGNANT)):
        rows = y == label
        axes.scatter(X[rows, 0], y[rows] + jitter[rows], s=12, alpha=0.45, linewidths=0, **look)


def _arrow(axes: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, color=INK, linewidth=1.2))


def _cell(axes: Any, x: float, y: float, text: str, colour: str, bold: bool = False) -> None:
    axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=GREY, linewidth=0.8))
    weight = "bold" if bold else "normal"
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=9, weight=weight)


@cache
def _descend(bias: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """The neuron that gradient descent finds for the cells from weight 0 and bias 0."""
    X, y = load_cells()
    w, b = torch.zeros(1, requires_grad=True), torch.zeros((), requires_grad=bias)
    learned = [w, b] if bias else [w]
    for _ in range(1000):
        cost = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
        for parameter, slope in zip(learned, torch.autograd.grad(cost, learned), strict=True):
            parameter.data -= 5 * slope
    return w.detach(), b.detach()


def _trained(
    train_neuron: Callable, X: torch.Tensor, y: torch.Tensor, w: torch.Tensor, b: torch.Tensor, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What the learner's descent gives back, its shapes checked."""
    weight, bias, losses = parts_of(train_neuron(X, y, w, b, lr, steps), 3, "train_neuron")
    return (
        as_tensor(weight, "train_neuron (w)", (1,)),
        as_tensor(bias, "train_neuron (b)", ()),
        as_tensor(losses, "train_neuron (losses)", (steps,)),
    )


def _path(train_neuron: Callable, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Where 1,000 steps of descent from (0, 0) pass, ``(places, 2)``: close at first, then further apart."""
    w, b = torch.zeros(1), torch.zeros(())
    path = [(0.0, 0.0)]
    for steps in [1] * 20 + [5] * 16 + [50] * 18:
        w, b, _ = _trained(train_neuron, X, y, w, b, 5.0, steps)
        path.append((w.item(), b.item()))
    return torch.tensor(path)


@cache
def _first_of(digit: int) -> tuple[torch.Tensor, int]:
    """The first training image of that digit, as ``(28, 28)`` in [0, 1], and the digit."""
    mnist = load_mnist()
    place = int((mnist.train_labels == digit).nonzero()[0])
    return mnist.train_images[place].float() / 255, digit


def _strokes(image: torch.Tensor) -> list[tuple[float, float, float, float]]:
    """For each 4 by 4 region with enough ink: centre of the ink, and half a stroke along its direction."""
    down, across = torch.gradient(image)
    found = []
    for top in range(0, 28, 4):
        for left in range(0, 28, 4):
            here = slice(top, top + 4), slice(left, left + 4)
            ink = image[here]
            if ink.mean() < 0.18:
                continue
            gx, gy = across[here], down[here]
            # Brightness changes most across a stroke; the stroke runs at a right angle to that.
            angle = 0.5 * torch.atan2(2 * (gx * gy).sum(), (gx**2 - gy**2).sum()) + torch.pi / 2
            rows, columns = torch.meshgrid(torch.arange(4.0), torch.arange(4.0), indexing="ij")
            x = left + ((columns * ink).sum() / ink.sum()).item()
            y = top + ((rows * ink).sum() / ink.sum()).item()
            found.append((x, y, 2 * torch.cos(angle).item(), 2 * torch.sin(angle).item()))
    return found


def _hand_made_masks() -> tuple[torch.Tensor, tuple[str, ...]]:
    """Weights of four neurons, ``(4, 28, 28)``, each for ink in one place and against it in another."""
    rows, columns = torch.meshgrid(torch.arange(28.0) - 13.5, torch.arange(28.0) - 13.5, indexing="ij")
    masks = torch.zeros(4, 28, 28)
    masks[0] = torch.where(rows < 0, 1.0, -1.0)
    masks[1] = torch.where(columns < 0, 1.0, -1.0)
    middle = columns.abs() < 4
    masks[2] = torch.where(middle, 1.0, -1.0)
    radius = (rows**2 + columns**2).sqrt()
    masks[3] = torch.where(radius < 4, -1.0, torch.where(radius < 11, 0.2, 0.0))
    return 0.08 * masks, (
        "more at\nthe top?",
        "more on\nthe left?",
        "an upright\nin the middle?",
        "a hole in\nthe middle?",
    )
