"""Pictures of lessons 4 to 6: a network, its inputs, its scores, and what it looks like while it learns."""

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from matplotlib.patches import Circle, Rectangle
from torch import nn

from autograder.course.data import load_mnist
from autograder.course.guard import CannotDraw, kindly, like, name_of, result_of, show_message
from autograder.panels.palette import BLUE, GREEN, GREY, INK, ORANGE, ORANGE_INK, PALE, PAPER, SKY

from ._live import LivePicture, TrainingProgress
from ._style import INK_ON_PAPER, MISTAKES, SIGNED, Picture, drawn, new_picture, signed

# The network of the course: pixels, hidden neurons, digits.
_SIZES = (784, 64, 10)
_DIGITS = range(10)


class Training(NamedTuple):
    """What `watch_training` saw.

    Attributes:
        start: the parameters before the first step.
        params: the parameters after the last.
        epochs: how far the training was at each look, in epochs, beginning with 0.
        costs: mean cross-entropy at each look, on images that are not trained on.
        accuracies: fraction of those images that are read correctly at each look.
        film: the weights of the first layer at some of the looks, each with how far the training was, in epochs.
    """

    start: dict[str, torch.Tensor]
    params: dict[str, torch.Tensor]
    epochs: list[float]
    costs: list[float]
    accuracies: list[float]
    film: tuple[tuple[float, torch.Tensor], ...] = ()


#: What a cell says that is run before there is a trained network.
NO_NETWORK = "This cell needs a trained network. First run the cell further up that makes `run`, until it is done."

#: How many frames a film of a training has: close together at the beginning, where most happens.
FRAMES = 12


# ------------------------------------------------------------------------------------ lesson 4: a network


@drawn
def network(sizes: tuple[int, ...] = _SIZES) -> Picture:
    """Layers of circles, joined by lines, with the shapes of what lies between them."""
    picture, axes = new_picture(
        7.5,
        4.2,
        alt=f"Columns of circles for {', '.join(map(str, sizes))} numbers from left to right; lines join every "
        "circle to every circle of the next column, and above them stand the shapes of the weights and biases.",
    )
    columns = [_circle_heights(size) for size in sizes]
    for layer, (left, right) in enumerate(itertools.pairwise(columns), start=1):
        for start in left:
            for end in right:
                axes.plot([layer - 1, layer], [start, end], color=GREY, linewidth=0.4, alpha=0.6, zorder=1)
        axes.text(
            layer - 0.5,
            1.13,
            f"W{layer} ({sizes[layer - 1]}, {sizes[layer]})\nb{layer} ({sizes[layer]},)",
            ha="center",
            va="bottom",
        )
    for place, (size, heights) in enumerate(zip(sizes, columns, strict=True)):
        last = place == len(sizes) - 1
        colour = PAPER if place == 0 else PALE
        axes.scatter([place] * len(heights), heights, s=190, color=colour, edgecolor=BLUE, linewidth=1.5, zorder=2)
        if len(heights) < size:
            axes.text(place, 0, "⋮", ha="center", va="center", fontsize=20, color=BLUE)
        if last:
            for digit, height in enumerate(heights):
                axes.text(place, height, str(digit), ha="center", va="center", fontsize=9, zorder=3)
        kind = "inputs" if place == 0 else "answers" if last else "hidden neurons"
        axes.text(place, -1.15, f"{size} {kind}", ha="center", va="top")
    axes.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(-1.35, 1.5))
    axes.axis("off")
    return picture


def _circle_heights(size: int) -> list[float]:
    """Where the circles of a layer stand, from top to bottom; a large layer shows four at either end."""
    if size <= 10:
        return torch.linspace(1, -1, size).tolist() if size > 1 else [0.0]
    ends = torch.linspace(1, 0.28, 4)
    return [*ends.tolist(), *(-ends).flip(0).tolist()]


@drawn
def twins() -> Picture:
    """Hidden neurons that started equal stay equal; those that started at random do not."""
    picture, panels = new_picture(
        7.5,
        2.9,
        1,
        2,
        alt="Two tables of weights. On the left all six columns are the same, on the right all differ.",
    )
    equal, mixed = _toy_weights(equal=True), _toy_weights(equal=False)
    limit = max(equal.abs().max(), mixed.abs().max()).item()
    for axes, weights, title in zip(
        panels, (equal, mixed), ("started with equal weights", "started with random weights"), strict=True
    ):
        axes.imshow(weights.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
        for row, values in enumerate(weights.tolist()):
            for column, value in enumerate(values):
                _number_on(axes, column, row, signed(value, 1), -2 * value / limit)
        axes.set(title=title, xlabel="hidden neuron", ylabel="input")
        axes.set(xticks=range(weights.shape[1]), yticks=range(weights.shape[0]))
        _no_frame(axes)
    return picture


def _toy_weights(equal: bool) -> torch.Tensor:
    """First-layer weights ``(4, 6)`` of a small network after 500 steps on made-up data."""
    generator = torch.Generator().manual_seed(4)
    X = torch.randn(120, 4, generator=generator)
    y = (X[:, 0] * X[:, 1] > 0).long() + (X[:, 2] > X[:, 3]).long()
    model = nn.Sequential(nn.Linear(4, 6), nn.Sigmoid(), nn.Linear(6, 3))
    for parameter in model.parameters():
        if equal:
            nn.init.constant_(parameter, 0.3)
        else:
            nn.init.normal_(parameter, std=0.5, generator=generator)
    optimiser = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(500):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(X), y).backward()
        optimiser.step()
    return model[0].weight.detach().T


@drawn
def saturation() -> Picture:
    """Sums and answers of neurons with 784 inputs, their weights undivided and divided by the root of 784."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(500, 784, generator=generator)
    W = torch.randn(784, 64, generator=generator)
    return _awake_or_stuck(
        X @ W,
        X @ (W / 28),
        ("weights of spread 1", "weights divided by √784 = 28"),
        alt="With weights of spread 1, most answers are 0 or 1. Divided by 28, they lie in between.",
    )


def _awake_or_stuck(above: torch.Tensor, below: torch.Tensor, titles: tuple[str, str], alt: str) -> Picture:
    """Two rows: on the left where the sums `z` lie on the sigmoid, on the right how the answers spread."""
    picture, panels = new_picture(7.5, 4.6, 2, 2, alt=alt)
    for (curve, counts), z, title in zip(panels, (above.flatten(), below.flatten()), titles, strict=True):
        answers = torch.sigmoid(z)
        reach = max(4.0, z.abs().quantile(0.98).item())
        line = torch.linspace(-reach, reach, 400)
        curve.plot(line.numpy(), torch.sigmoid(line).numpy(), color=GREY)
        some = z[:: max(1, len(z) // 80)]
        some = some[some.abs() <= reach]
        curve.scatter(some.numpy(), torch.sigmoid(some).numpy(), s=22, marker="|", color=ORANGE, zorder=3)
        curve.set(title=title, xlabel="sum z", ylabel="answer a", ylim=(-0.06, 1.06))
        counts.hist(
            answers.numpy(),
            bins=25,
            range=(0, 1),
            color=BLUE,
            weights=torch.full_like(z, 100 / len(z)).numpy(),
        )
        stuck = ((answers < 0.01) | (answers > 0.99)).float().mean().item()
        counts.set(title=f"{stuck:.0%} within 0.01 of 0 or 1", xlabel="answer a", ylabel="answers in %", xlim=(0, 1))
    return picture


@drawn
def shares(z: torch.Tensor) -> Picture:
    """Scores, their powers and their shares, as three groups of bars."""
    picture, panels = new_picture(
        7.5,
        2.8,
        1,
        3,
        alt="Three bar charts: scores of either sign, their positive powers, shares that add up to 1.",
    )
    powers = torch.exp(z)
    steps = ((z, "scores z"), (powers, "powers $e^z$"), (powers / powers.sum(), "shares: divided by the sum"))
    for axes, (values, title), colour in zip(panels, steps, (GREY, BLUE, GREEN), strict=True):
        _bars(axes, values, colour, digits=2)
        axes.set(title=title, xlabel="class")
    for axes, quantity in zip(panels, ("score", "power", "share"), strict=True):
        axes.set_ylabel(quantity)
    panels[2].set_ylim(0, 1.0)
    return picture


@drawn
def axes_of_a_batch() -> Picture:
    """A table of powers, with the sums of its rows and the sums of its columns."""
    picture, axes = new_picture(
        6.4,
        2.9,
        alt="A table of two rows and three columns. Sums along dim 1 stand to the right, along dim 0 below.",
    )
    powers = torch.exp(torch.tensor([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]]))
    for row, values in enumerate(powers.tolist()):
        for column, value in enumerate(values):
            axes.add_patch(Rectangle((column, -row), 0.94, 0.9, facecolor=PALE, edgecolor="none"))
            axes.text(column + 0.47, -row + 0.45, f"{value:.2f}", ha="center", va="center")
        axes.text(-0.15, -row + 0.45, f"image {row}", ha="right", va="center")
        axes.annotate(
            "",
            (3.55, -row + 0.45),
            (3.05, -row + 0.45),
            arrowprops={"arrowstyle": "->", "color": GREEN, "lw": 2},
        )
        axes.text(3.65, -row + 0.45, f"{powers[row].sum():.2f}", ha="left", va="center", color=INK, weight="bold")
    for column in range(3):
        axes.text(column + 0.47, 1.0, f"class {column}", ha="center", va="bottom")
        axes.annotate(
            "", (column + 0.47, -1.5), (column + 0.47, -1.08),
            arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 2, "linestyle": "dashed"},
        )  # fmt: skip
        axes.text(column + 0.47, -1.75, f"{powers[:, column].sum():.2f}", ha="center", va="center", color=GREY)
    axes.text(4.45, -0.05, "dim=1\none sum an image", ha="left", va="center")
    axes.text(3.15, -1.75, "dim=0: mixes images", ha="left", va="center", color=GREY)
    axes.set(xlim=(-1.0, 6.2), ylim=(-2.0, 1.3))
    axes.axis("off")
    return picture


@drawn
def journey(init_params: Callable, forward: Callable, seed: int = 0) -> Picture:
    """One digit on its way through the learner's untrained network: pixels, hidden neurons, shares."""
    params = _network_params(init_params(_SIZES, seed), name_of(init_params))
    mnist = load_mnist()
    image, label = mnist.test_images[0], mnist.test_labels[0].item()
    X = image.flatten()[None] / 255
    probs = result_of(forward, X, params, shape=(1, 10))[0]
    hidden = torch.sigmoid(nn.functional.linear(X, params["W1"].T, params["b1"]))[0]

    picture, (pixels, neurons, answers) = new_picture(
        8,
        2.9,
        1,
        3,
        width_ratios=[1, 1.1, 1.5],
        alt=f"A handwritten {label}, 64 grey squares for the hidden neurons, and ten bars around a tenth. The "
        f"largest share, {probs.max():.2f}, is that of the {int(probs.argmax())}.",
    )
    pixels.imshow(image.numpy(), cmap=INK_ON_PAPER)
    pixels.set(title=f"784 pixels: a {label}", xticks=[], yticks=[])
    shown = neurons.imshow(hidden.reshape(8, 8).numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
    neurons.set(title="64 hidden answers", xticks=[], yticks=[])
    picture.colorbar(shown, ax=neurons, shrink=0.8, ticks=[0, 0.5, 1])
    for axes in (pixels, neurons):
        _no_frame(axes)
    winner = int(probs.argmax())
    drawn = answers.bar(_DIGITS, probs.tolist(), color=PALE, edgecolor=GREY)
    drawn[winner].set(facecolor=BLUE, hatch="//")
    answers.axhline(0.1, color=GREY, linestyle="--", linewidth=1)
    answers.set(title=f"10 shares: it says {winner}", xlabel="digit", ylabel="share", xticks=_DIGITS)
    answers.set_ylim(0, max(0.3, probs.max().item() * 1.1))
    return picture


# ------------------------------------------------------------------------ lesson 5: images and scores


@drawn
def digits(images: torch.Tensor, labels: torch.Tensor) -> Picture:
    """Images in rows of ten, each with its label."""
    return _gallery(
        images,
        [str(label) for label in labels.tolist()],
        columns=10,
        alt=f"{len(images)} handwritten digits in rows of ten, each below its label.",
    )


@drawn
def as_numbers(image: torch.Tensor) -> Picture:
    """An image, and a part of it as the numbers that it is made of."""
    top, left, size = 5, 8, 12
    picture, (whole, part) = new_picture(
        8.5,
        4.3,
        1,
        2,
        width_ratios=[1, 1.45],
        alt="Left a handwritten digit with a frame in it, right the framed part as numbers from 0 to 255.",
    )
    whole.imshow(image.numpy(), cmap=INK_ON_PAPER)
    whole.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor=ORANGE, linewidth=2))
    whole.set(
        title="28 × 28 pixels",
        xlabel="column",
        ylabel="row",
        xticks=[0, 9, 18, 27],
        yticks=[0, 9, 18, 27],
    )
    crop = image[top : top + size, left : left + size]
    part.imshow(crop.numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=255)
    for row, values in enumerate(crop.tolist()):
        for column, value in enumerate(values):
            _number_on(part, column, row, str(value), value / 255, size=8)
    ticks = range(0, size, 3)
    part.set(title="the framed part", xlabel="column", ylabel="row")
    part.set_xticks(ticks, [str(left + tick) for tick in ticks])
    part.set_yticks(ticks, [str(top + tick) for tick in ticks])
    return picture


@drawn
def scaling(images: torch.Tensor) -> Picture:
    """Sums and answers of untrained neurons for pixels up to 255 and for pixels up to 1."""
    generator = torch.Generator().manual_seed(0)
    W = torch.randn(784, 64, generator=generator) / 28
    z = images.reshape(len(images), 784).float() @ W
    return _awake_or_stuck(
        z,
        z / 255,
        ("pixels from 0 to 255", "pixels from 0 to 1"),
        alt="With pixels up to 255, most answers are 0 or 1. Up to 1, they gather around a half.",
    )


@drawn
def prepared(prepare_images: Callable, images: torch.Tensor) -> Picture:
    """Rows of inputs as the learner's function makes them, drawn as stripes."""
    X = result_of(prepare_images, images, shape=(len(images), 784)).float()
    picture, axes = new_picture(8, 2.4, alt=f"{len(images)} rows of 784 stripes, dark where an image has ink.")
    shown = axes.imshow(X.numpy(), cmap=INK_ON_PAPER, aspect="auto", interpolation="nearest")
    axes.set(xlabel="place in the row: 28 × row + column", ylabel="image")
    axes.set(xticks=[*range(0, 784, 112), 783], yticks=range(len(images)))
    axes.hlines([place - 0.5 for place in range(1, len(images))], -0.5, 783.5, color=PAPER, linewidth=6)
    picture.colorbar(shown, ax=axes, label="input")
    return picture


@drawn
def surprise() -> Picture:
    """The surprise −ln p over p, with some values to remember."""
    picture, axes = new_picture(
        6.4, 3.4, alt="A falling curve: surprise 4.6 at p = 0.01, 2.3 at 0.1, 0.69 at a half, 0 at 1."
    )
    p = torch.logspace(-2.4, 0, 300)
    axes.plot(p.numpy(), -p.log().numpy(), color=BLUE)
    notes = {
        0.01: "p = 0.01:  4.61",
        0.1: "p = 0.1:  2.30, knowing nothing",
        0.5: "p = 0.5:  0.69",
        1.0: "p = 1:  0",
    }
    for share, note in notes.items():
        height = -torch.tensor(share).log().item()
        axes.plot(share, height, "o", color=ORANGE, clip_on=False, zorder=3)
        axes.annotate(note, (share, height), (8, 6), textcoords="offset points")
    axes.set(xlabel="share p of the right digit", ylabel="surprise −ln p", xlim=(0, 1.0), ylim=(0, 6))
    return picture


@drawn
def stuck_or_free(X: torch.Tensor, y: torch.Tensor) -> Picture:
    """The stuck neuron of lesson 2, begun at w = −30, b = 30: by squares, and by the surprise."""
    picture, (left, right) = new_picture(9, 3.2, 1, 2, alt="", width_ratios=[1, 1.2])
    a = torch.linspace(0.001, 0.999, 300)
    left.plot(a, 2 * (1 - a) * a * (1 - a), "--", color=ORANGE, label="squares: 2 (a − y) · a (1 − a)")
    left.plot(a, 1 - a, "-", color=BLUE, label="surprise: a − y")
    left.set(title="how hard it is pushed, if y = 1", xlabel="answer a", ylabel="slope along the sum, without its sign")
    left.set_ylim(0, 1.35)
    left.legend(loc="upper right")
    told = []
    for name, style, colour in (("squares", "--", ORANGE), ("surprise", "-", BLUE)):
        hits = _stuck_neuron(X, y, name)
        told.append(f"with {name} {hits[-1]:.1%}")
        right.plot(range(len(hits)), hits, style, color=colour, label=f"{name}: {hits[-1]:.1%}")
    right.set(title="the stuck neuron of lesson 2", xlabel="step", ylabel="cells right", ylim=(0, 1))
    right.legend(loc="center right")
    picture.alt = (
        "Left: the push that a neuron gets over its answer; by squares it is nearly 0 at both ends, by the surprise "
        "it is largest where the answer is most wrong. Right: the cells that it gets right over 1,000 steps; at the "
        f"end {' and '.join(told)}."
    )
    return picture


def _stuck_neuron(X: torch.Tensor, y: torch.Tensor, cost: str, steps: int = 1000) -> list[float]:
    """What a neuron that begins at w = −30, b = 30 gets right before each step with learning rate 5, and at the end."""
    w, b, hits = torch.tensor([-30.0], requires_grad=True), torch.tensor(30.0, requires_grad=True), []
    optimiser = torch.optim.SGD([w, b], lr=5.0)
    target = y.float()
    for step in range(steps + 1):
        z = X @ w + b
        hits.append(((z > 0) == (y == 1)).float().mean().item())
        if step < steps:
            optimiser.zero_grad()
            squares = nn.functional.mse_loss(torch.sigmoid(z), target)
            (squares if cost == "squares" else nn.functional.binary_cross_entropy_with_logits(z, target)).backward()
            optimiser.step()
    return hits


@drawn
def untrained_scores(
    prepare_images: Callable,
    cross_entropy: Callable,
    accuracy: Callable,
    images: torch.Tensor,
    labels: torch.Tensor,
) -> Picture:
    """Cost and accuracy, by the learner's functions, of ten networks that have learned nothing."""
    X = result_of(prepare_images, images, shape=(len(images), 784)).float()
    costs, hits = [], []
    for seed in range(10):
        probs = _answers(_untrained(seed), X)
        costs.append(result_of(cross_entropy, probs, labels, shape=()).item())
        hits.append(result_of(accuracy, probs, labels, shape=()).item())
    picture, axes = new_picture(
        6,
        3.4,
        alt=f"Ten crosses, one a network: accuracies from {min(hits):.2f} to {max(hits):.2f}, costs from "
        f"{min(costs):.2f} to {max(costs):.2f}.",
    )
    axes.plot(costs, hits, "x", color=ORANGE, markersize=9, markeredgewidth=2)
    axes.axvline(2.3026, color=GREY, linestyle="--", linewidth=1)
    axes.axhline(0.1, color=GREY, linestyle=":", linewidth=1)
    axes.set(xlabel="cost", ylabel="accuracy", title="ten untrained networks")
    axes.set_xlim(min(2.2, *costs) - 0.02, max(2.7, *costs) + 0.05)
    axes.set_ylim(0, max(0.3, *hits) + 0.02)
    axes.annotate(
        "−ln 0.1 = 2.303",
        (2.3026, axes.get_ylim()[1]),
        (4, -10),
        textcoords="offset points",
        color=GREY,
    )
    axes.annotate("one in ten", (axes.get_xlim()[1], 0.1), (-4, 4), textcoords="offset points", ha="right", color=GREY)
    return picture


# -------------------------------------------------------------------------- lesson 6: learning digits


@drawn
def blame() -> Picture:
    """Shares, the truth, and their difference, for the scores that the lesson works by hand."""
    picture, panels = new_picture(
        7.5,
        2.8,
        1,
        3,
        sharey=True,
        alt="Bars: shares 0.665, 0.245, 0.090; truth 0, 1, 0; difference 0.665, −0.755, 0.090.",
    )
    said, true = torch.softmax(torch.tensor([2.0, 1.0, 0.0]), dim=0), torch.tensor([0.0, 1.0, 0.0])
    steps = ((said, "said: shares"), (true, "true: one-hot"), (said - true, "difference: blame"))
    for axes, (values, title), colour in zip(panels, steps, (BLUE, GREEN, ORANGE), strict=True):
        _bars(axes, values, colour, digits=3)
        axes.set(title=title, xlabel="class", ylim=(-1.0, 1.2))
    panels[0].set_ylabel("share")
    return picture


@drawn
def blame_passed_back() -> Picture:
    """The lesson's numbers: blame from three scores through one hidden neuron to one pixel's weight."""
    picture, axes = new_picture(
        9.5,
        3.4,
        alt="From right to left: three scores with the blame 0.665, −0.755 and 0.090. Through the weights 1, 2 and 0 "
        "the hidden neuron gets −0.845; its sigmoid lets a quarter through, −0.211. Times the pixel 0.8 that is "
        "the slope of the first weight, −0.169.",
    )
    pixel, hidden = (0.0, 0.0), (4.2, 0.0)
    classes = ((8.6, 1.5, "1", "0.665"), (8.6, 0.0, "2", "−0.755"), (8.6, -1.5, "0", "0.090"))
    for x, y, weight, blame_here in classes:
        axes.annotate("", (x - 0.45, y), (hidden[0] + 0.62, y * 0.28), arrowprops={"arrowstyle": "-|>", "color": GREY})
        axes.text(6.6, y * 0.66, f"weight {weight}", ha="center", va="center", fontsize=9, backgroundcolor=PAPER)
        axes.add_patch(Circle((x, y), 0.42, facecolor=PALE, edgecolor=INK))
        axes.text(x + 0.6, y, blame_here, ha="left", va="center", weight="bold", color=ORANGE_INK)
    for (x, y), digit in zip(((8.6, 1.5), (8.6, 0.0), (8.6, -1.5)), "012", strict=True):
        axes.text(x, y, digit, ha="center", va="center")
    axes.text(9.2, 2.35, "blame at\neach score", ha="center", va="center", fontsize=9)
    axes.annotate("", (hidden[0] - 0.62, 0), (0.6, 0), arrowprops={"arrowstyle": "-|>", "color": GREY})
    axes.add_patch(Rectangle((-0.5, -0.5), 1, 1, facecolor="0.25", edgecolor=INK))
    axes.text(*pixel, "0.8", ha="center", va="center", color="white")
    axes.text(0, 0.65, "pixel", ha="center", va="bottom", fontsize=9)
    axes.add_patch(Circle(hidden, 0.6, facecolor=SKY, edgecolor=INK))
    axes.text(*hidden, "a = 0.5", ha="center", va="center", fontsize=9)
    axes.text(4.2, 0.75, "hidden neuron", ha="center", va="bottom", fontsize=9)
    slopes = (
        (3.2, -1.15, "1 · 0.665 + 2 · (−0.755) + 0 · 0.090 = −0.845"),
        (3.2, -1.6, "times the slope of the sigmoid, 0.25: −0.211"),
        (2.1, -0.1, "0.8 · (−0.211)\n= −0.169"),
        (6.65, -0.2, "0.5 · (−0.755)\n= −0.378"),
    )
    for x, y, text in slopes:
        axes.text(x, y, text, ha="center", va="top", fontsize=9, weight="bold", color=ORANGE_INK)
    axes.set(xlim=(-0.8, 10.4), ylim=(-2.1, 2.7), aspect="equal")
    axes.axis("off")
    return picture


@drawn
def gradient_check(network_gradients: Callable) -> Picture:
    """The learner's slopes over those that torch finds, for every parameter of a small network."""
    generator = torch.Generator().manual_seed(6)
    shapes = {"W1": (6, 5), "b1": (5,), "W2": (5, 4), "b2": (4,)}
    params = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    X, y = torch.randn(8, 6, generator=generator), torch.randint(4, (8,), generator=generator)
    name = name_of(network_gradients)
    mine = like(network_gradients(X, y, {key: value.clone() for key, value in params.items()}), params, name)

    model = _as_sequential(params)
    nn.functional.cross_entropy(model[:-1](X), y).backward()
    theirs = {
        "W1": model[0].weight.grad.T,
        "b1": model[0].bias.grad,
        "W2": model[2].weight.grad.T,
        "b2": model[2].bias.grad,
    }

    apart = max((mine[key] - slopes).abs().max().item() for key, slopes in theirs.items())
    picture, axes = new_picture(
        5,
        4,
        alt="Slopes by the learner's function over slopes by torch, one mark a parameter, and a dashed line on which "
        f"both agree. The furthest mark is {apart:.2g} away from it.",
    )
    reach = 1.1 * max(slopes.abs().max().item() for slopes in theirs.values())
    axes.plot([-reach, reach], [-reach, reach], color=GREY, linestyle="--", linewidth=1, label="equal")
    for (key, slopes), marker, colour in zip(theirs.items(), "o^s*", (BLUE, ORANGE, GREEN, INK), strict=True):
        axes.plot(
            slopes.flatten(),
            mine[key].flatten(),
            marker,
            color=colour,
            label=key,
            markersize=7,
            fillstyle="none",
        )
    axes.set(xlabel="slope found by torch", ylabel=f"slope by your {name}")
    axes.legend()
    return picture


@drawn
def forgetting(train_network: Callable, start: dict[str, torch.Tensor], X: torch.Tensor, y: torch.Tensor) -> Picture:
    """What a network knows of each digit after it was shown one digit after another."""
    known = torch.zeros(10, 10)
    params = start
    asked = [X[y == digit][-200:] for digit in _DIGITS]
    for stage in _DIGITS:
        shown = (y == stage).nonzero()[:500, 0]
        params = like(train_network(X[shown], y[shown], params, 0.5, 16, 1), start, name_of(train_network))
        model = _as_sequential(params)
        for digit, images in enumerate(asked):
            known[stage, digit] = (_answers(model, images).argmax(dim=1) == digit).float().mean()
    picture, axes = new_picture(
        6,
        4.4,
        alt="A table: what is read of each digit after each stage. Of the digit that was shown last "
        f"{known.diagonal().mean():.0%} is read on average, of the others {(known.sum() - known.trace()) / 90:.0%}.",
    )
    axes.imshow(known.numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1.15, aspect="auto")
    for row, values in enumerate(known.tolist()):
        for column, value in enumerate(values):
            _number_on(axes, column, row, f"{value:.0%}".removesuffix("%"), value)
    axes.set(
        title="% read correctly",
        xlabel="digit asked",
        ylabel="digit shown last",
        xticks=_DIGITS,
        yticks=_DIGITS,
    )
    return picture


@kindly
def watch_training(
    train_network: Callable,
    start: dict[str, torch.Tensor],
    X: torch.Tensor,
    y: torch.Tensor,
    X_new: torch.Tensor,
    y_new: torch.Tensor,
    epochs: int = 5,
    batch_size: int = 16,
    lr: float = 1.0,
) -> Training:
    """Train with the learner's function while the learning rate falls evenly from `lr` to 0, and show how it goes.

    Each epoch is dealt into ten random pieces, one call a piece; the new images are scored after each.
    """
    pieces = 10
    calls = epochs * pieces
    generator = torch.Generator().manual_seed(0)
    params, seen, costs, hits = start, [], [], []
    film, frames = [], {round(calls * (frame / (FRAMES - 1)) ** 1.5) for frame in range(FRAMES)}

    def look(call: int) -> None:
        if call in frames:
            film.append((call / pieces, params["W1"].clone()))
        scores = _scores(_as_sequential(params), X_new)
        seen.append(call / pieces)
        costs.append(nn.functional.cross_entropy(scores, y_new).item())
        hits.append((scores.argmax(dim=1) == y_new).float().mean().item())
        if not math.isfinite(costs[-1]):
            raise CannotDraw("the cost is not a number any more. Is the gradient a mean, so that steps stay short?")

    look(0)
    bar = TrainingProgress(calls)
    curves = LivePicture(lambda: _training_curves(seen, costs, hits, epochs))
    for call in range(calls):
        if call % pieces == 0:
            dealt = torch.randperm(len(y), generator=generator).chunk(pieces)
        piece = dealt[call % pieces]
        rate = lr * (1 - call / calls)
        answer = train_network(X[piece], y[piece], params, rate, batch_size, 1, seed=call)
        params = like(answer, start, name_of(train_network))
        look(call + 1)
        bar.show(call + 1, f"epoch {seen[-1]:.1f} of {epochs} · cost {costs[-1]:.3f} · accuracy {hits[-1]:.2%}")
        curves.refresh()
    curves.finish()
    return Training(start, params, seen, costs, hits, tuple(film))


@drawn
def _training_curves(seen: list[float], costs: list[float], hits: list[float], epochs: int) -> Picture:
    """Cost and accuracy on images that are not trained on, as far as the network has learned."""
    picture, (left, right) = new_picture(
        8,
        3,
        1,
        2,
        alt=f"Two curves over {seen[-1]:g} epochs, on images that are not trained on. The cost goes from "
        f"{costs[0]:.2f} to {costs[-1]:.3f}; the accuracy goes from {hits[0]:.3f} to {hits[-1]:.4f}.",
    )
    left.plot(seen, costs, color=ORANGE, marker="o", markersize=3)
    left.axhline(2.3026, color=GREY, linestyle="--", linewidth=1)
    left.annotate("knowing nothing", (epochs, 2.3026), (0, -12), textcoords="offset points", ha="right", color=GREY)
    left.set(title=f"cost {costs[-1]:.3f}", xlabel="epoch", ylabel="mean cross-entropy (log scale)", yscale="log")
    left.set(ylim=(min(0.06, 0.9 * min(costs)), max(3, 1.1 * max(costs))))
    left.set_yticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
    left.minorticks_off()
    right.plot(seen, hits, color=BLUE, marker="o", markersize=3)
    right.set(title=f"accuracy {hits[-1]:.4f}", xlabel="epoch", ylabel="fraction right", ylim=(0, 1))
    for axes in (left, right):
        axes.set_xlim(-0.02 * epochs, 1.02 * epochs)
        axes.grid(axis="y", color=PALE)
    return picture


@drawn
def by_heart(
    train_network: Callable,
    start: dict[str, torch.Tensor],
    X: torch.Tensor,
    y: torch.Tensor,
    X_val: torch.Tensor,
    y_val: torch.Tensor,
    epochs: int = 80,
) -> Picture:
    """Costs and accuracies while the learner's training goes over 1,000 images again and again."""
    few = min(1000, len(y))
    kinds = {"trained on": (X[:few], y[:few]), "validation": (X_val, y_val)}
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    params, every = start, range(1, epochs + 1)
    for epoch in every:
        answer = train_network(X[:few], y[:few], params, 0.5, 16, 1, seed=epoch)
        params = like(answer, start, name_of(train_network))
        for name, (images, labels) in kinds.items():
            scores = _scores(_as_sequential(params), images)
            hit = (scores.argmax(dim=1) == labels).float().mean().item()
            seen[name].append((nn.functional.cross_entropy(scores, labels).item(), hit))
    lowest = min(every, key=lambda epoch: seen["validation"][epoch - 1][0])
    turn, end = seen["validation"][lowest - 1][0], seen["validation"][-1][0]
    picture, (left, right) = new_picture(
        9,
        3.2,
        1,
        2,
        alt=f"Two curves each over {epochs} epochs on {few:,} images. The cost on these falls to "
        f"{seen['trained on'][-1][0]:.3f}; on the validation images it is lowest at epoch {lowest}, {turn:.3f}, and "
        f"ends at {end:.3f}. At the end {seen['trained on'][-1][1]:.0%} of these and "
        f"{seen['validation'][-1][1]:.1%} of the validation images are read.",
    )
    for (name, values), style, colour in zip(seen.items(), ("--", "-"), (GREY, BLUE), strict=True):
        costs, hits = zip(*values, strict=True)
        left.plot(every, costs, style, color=colour, label=name)
        right.plot(every, hits, style, color=colour, label=f"{name}: {hits[-1]:.1%}")
    left.plot(lowest, turn, "*", color=ORANGE, markersize=14)
    left.set(title=f"lowest at epoch {lowest}: {turn:.3f}; at the end {end:.3f}", xlabel="epoch")
    left.set(ylabel="mean cross-entropy", ylim=(0, 1))
    right.set(title="accuracy", xlabel="epoch", ylabel="fraction right", ylim=(0.5, 1.02))
    for axes in (left, right):
        axes.legend(loc="center right")
    return picture


def _after_training(draw: Callable) -> Callable:
    """Decorate a picture of what `watch_training` returned: as long as that is nothing, say so."""
    draw = drawn(draw)

    @functools.wraps(draw)
    def wrapper(run: Training | None, *arguments: Any, **options: Any) -> Any:
        if run is None:
            show_message(NO_NETWORK)
            return None
        return draw(run, *arguments, **options)

    return wrapper


@_after_training
def hidden_neurons(run: Training) -> Picture:
    """First-layer weights before and after training, each neuron's as an image."""
    picture, panels = new_picture(
        8.5, 4.9, 2, 1, alt="Sixty-four small images before training, all noise, and after it, with strokes and bows."
    )
    for axes, params, title in zip(panels, (run.start, run.params), ("before training", "after training"), strict=True):
        # A few weights are much larger than the others; beyond this limit the colour stays full.
        limit = max(params["W1"].abs().quantile(0.99).item(), 1e-6)
        shown = axes.imshow(
            _mosaic(params["W1"]).numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest"
        )
        axes.set(title=title)
        axes.axis("off")
        picture.colorbar(shown, ax=axes, shrink=0.9, label="weight")
    return picture


def _mosaic(W: torch.Tensor, across: int = 16) -> torch.Tensor:
    """The columns of ``W (784, h)`` as images of 28 × 28, so many in a row, with empty lines between them."""
    tiles = nn.functional.pad(W.detach().T.reshape(-1, 28, 28), (1, 1, 1, 1), value=float("nan"))
    blank = (-len(tiles)) % across
    tiles = torch.cat([tiles, torch.full((blank, 30, 30), float("nan"))])
    return tiles.reshape(-1, across, 30, 30).transpose(1, 2).reshape(-1, across * 30)


@_after_training
def confusion(run: Training, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """How often each digit was read as which."""
    read = _answers(_as_sequential(run.params), X).argmax(dim=1)
    table = torch.zeros(10, 10, dtype=torch.long).index_put_((y, read), torch.tensor(1), accumulate=True)
    right, mistakes = table.diagonal().sum().item(), table - table.diagonal().diag()
    (true, said), most = divmod(int(mistakes.argmax()), 10), int(mistakes.max())
    picture, axes = new_picture(
        6.4,
        4.6,
        alt=f"A table of ten true digits by ten answers. On the diagonal stand {right:,} right answers of {len(y):,}; "
        f"the largest number off it is {most}: a {true} that was read as a {said}.",
    )
    # Mistakes have a scale of their own: beside a thousand right answers nobody would see fifteen.
    shade = mistakes / max(most, 1)
    axes.imshow(shade.numpy(), cmap=MISTAKES, vmin=0, vmax=1.15, aspect="auto")
    for digit in _DIGITS:
        axes.add_patch(Rectangle((digit - 0.5, digit - 0.5), 1, 1, facecolor=PALE, edgecolor=GREY, linewidth=0.8))
    for row, values in enumerate(table.tolist()):
        for column, value in enumerate(values):
            _number_on(axes, column, row, str(value), 0, bold=row == column)
    axes.set(title=f"{right:,} of {len(y):,} read correctly", xticks=_DIGITS, yticks=_DIGITS)
    axes.set(xlabel="digit read", ylabel="true digit")
    return picture


@_after_training
def as_torch(run: Training) -> nn.Sequential:
    """The trained network as a torch module."""
    return _as_sequential(run.params)


# --------------------------------------------------------------------------------------- small parts


def _network_params(answer: Any, name: str) -> dict[str, torch.Tensor]:
    """What `init_params` gave back for the network of the course, once its parts have the right shapes."""
    pixels, neurons, classes = _SIZES
    shapes = {"W1": (pixels, neurons), "b1": (neurons,), "W2": (neurons, classes), "b2": (classes,)}
    return like(answer, {key: torch.empty(shape) for key, shape in shapes.items()}, name)


def _as_sequential(params: dict[str, torch.Tensor]) -> nn.Sequential:
    """The course's parameters in torch's own layers, whose weights are the transpose."""
    (pixels, neurons), classes = params["W1"].shape, params["W2"].shape[1]
    model = nn.Sequential(nn.Linear(pixels, neurons), nn.Sigmoid(), nn.Linear(neurons, classes), nn.Softmax(dim=1))
    with torch.no_grad():
        for place, layer in ((0, "1"), (2, "2")):
            model[place].weight.copy_(params["W" + layer].T)
            model[place].bias.copy_(params["b" + layer])
    return model


def _untrained(seed: int) -> nn.Sequential:
    generator = torch.Generator().manual_seed(seed)
    pixels, neurons, classes = _SIZES
    model = nn.Sequential(nn.Linear(pixels, neurons), nn.Sigmoid(), nn.Linear(neurons, classes), nn.Softmax(dim=1))
    for layer in (model[0], model[2]):
        nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=generator)
        nn.init.zeros_(layer.bias)
    return model


def _scores(model: nn.Sequential, X: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model[:-1](X)


def _answers(model: nn.Sequential, X: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model(X)


def _gallery(images: torch.Tensor, notes: list[str], columns: int, alt: str) -> Picture:
    """Images in rows, each below its note."""
    rows = -(-len(images) // columns)
    tall = 0.18 * (1 + max((note.count("\n") for note in notes), default=0))
    wide = max(0.85, 4.6 / columns)
    picture, grid = new_picture(
        columns * wide, max(1, rows) * (wide + tall), max(1, rows), columns, alt=alt, squeeze=False
    )
    for axes in grid.flat:
        axes.axis("off")
    for axes, image, note in zip(grid.flat, images, notes, strict=False):
        axes.imshow(image.numpy(), cmap=INK_ON_PAPER)
        axes.set_title(note, loc="center", fontsize=9)
    return picture


def _bars(axes: Any, values: torch.Tensor, colour: str, digits: int) -> None:
    """One bar a class, with its value at its end."""
    bars = axes.bar(range(len(values)), values.tolist(), color=colour, width=0.7)
    axes.bar_label(
        bars,
        [signed(value, digits) for value in values.tolist()],
        padding=2,
        fontsize=9,
    )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(range(len(values)))
    axes.margins(y=0.18)


def _number_on(axes: Any, column: int, row: int, text: str, darkness: float, size: int = 9, bold: bool = False) -> None:
    """A number on a coloured square, white where the square is dark."""
    look = {"color": "white" if darkness > 0.6 else INK, "weight": "bold" if bold else "normal"}
    axes.text(column, row, text, ha="center", va="center", fontsize=size, **look)


def _no_frame(axes: Any) -> None:
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)
