"""Pictures of what the widgets show: they stand in a widget's place where no widget runs."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from autograder.course.data import load_mnist
from autograder.course.guard import as_tensor, name_of, parts_of, result_of
from autograder.panels.palette import BLUE, GREEN, GREY, INK, ORANGE, PALE

from ._network import _DIGITS, Training, _after_training, _bars, _gallery, _no_frame
from ._neuron import _AREA, _scatter_cells
from ._style import INK_ON_PAPER, SIGNED, Picture, drawn, new_picture, signed

#: The part of the plane of weight and bias that maps of the cost show: lowest and highest.
MAP_OF_WEIGHTS = (-3.0, 15.0)
MAP_OF_BIASES = (-11.0, 3.0)

#: Most drawings of the learner's own that are shown.
_OWN = 40


class Reading(NamedTuple):
    """What a trained network makes of one image.

    Attributes:
        probs: ``(10,)``, one probability a digit.
        hidden: ``(64,)``, the hidden activations.
        strongest: the hidden neurons that spoke most for the answer, the strongest first.
        looked: ``(len(strongest), 28, 28)``, for each of them its weights times the image: what it saw of the ink.
    """

    probs: torch.Tensor
    hidden: torch.Tensor
    strongest: list[int]
    looked: torch.Tensor


def read(params: dict[str, torch.Tensor], image: torch.Tensor, strongest: int = 4) -> Reading:
    """Send one image, ``(28, 28)`` in [0, 1], through a network of one hidden layer.

    A hidden neuron speaks for the answer with its activation times its weight to that digit, as far as that weight
    exceeds its mean weight to all ten: what is added to every score alike changes no probability.
    """
    x = image.flatten()
    hidden = torch.sigmoid(x @ params["W1"] + params["b1"])
    logits = hidden @ params["W2"] + params["b2"]
    probs = torch.softmax(logits, dim=0)
    winner = probs.argmax()
    says = hidden * (params["W2"][:, winner] - params["W2"].mean(dim=1))
    chosen = says.topk(min(strongest, len(says))).indices
    looked = (params["W1"][:, chosen] * x[:, None]).T.reshape(-1, 28, 28)
    return Reading(probs, hidden, chosen.tolist(), looked)


def cost_map(
    cost: Callable, X: torch.Tensor, y: torch.Tensor, across: int = 37, up: int = 29
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The learner's cost over weight and bias: weights ``(across,)``, biases ``(up,)``, costs ``(up, across)``."""
    ws, bs = torch.linspace(*MAP_OF_WEIGHTS, across), torch.linspace(*MAP_OF_BIASES, up)
    heights = [[result_of(cost, X, y, w.reshape(1), b, shape=()).item() for w in ws] for b in bs]
    return ws, bs, torch.tensor(heights, dtype=torch.float64)


def descend(
    neuron_gradients: Callable,
    gradient_step: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
    lr: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of the learner's descent: both slopes first, then both parameters."""
    dw, db = slopes(neuron_gradients, X, y, w, b)
    return (
        result_of(gradient_step, w, dw, lr, shape=tuple(w.shape)),
        result_of(gradient_step, b, db, lr, shape=()),
    )


def slopes(
    neuron_gradients: Callable, X: torch.Tensor, y: torch.Tensor, w: torch.Tensor, b: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The learner's slopes along weight and bias, their shapes checked."""
    name = name_of(neuron_gradients)
    dw, db = parts_of(neuron_gradients(X, y, w, b), 2, name)
    return as_tensor(dw, f"{name} (dw)", tuple(w.shape)), as_tensor(db, f"{name} (db)", ())


@drawn
def descent(
    cost: Callable,
    neuron_gradients: Callable,
    gradient_step: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    lr: float = 5.0,
    steps: int = 30,
) -> Picture:
    """Some steps of the learner's descent from (0, 0) on the map of the cost, and the neuron where they end."""
    ws, bs, heights = cost_map(cost, X, y)
    w, b = torch.zeros(1), torch.zeros(())
    path = [(0.0, 0.0)]
    for _ in range(steps):
        w, b = descend(neuron_gradients, gradient_step, X, y, w, b, lr)
        path.append((w.item(), b.item()))
    reached = result_of(cost, X, y, w, b, shape=()).item()
    picture, (left, right) = new_picture(
        10,
        3.7,
        columns=2,
        alt=f"Left: a map of the cost over weight and bias. {steps} steps lead from weight 0 and bias 0 into a long "
        f"valley. Right: the neuron's curve over the cells after them, at weight {w.item():.1f} and bias "
        f"{b.item():.1f}.",
    )
    filled = left.contourf(ws.numpy(), bs.numpy(), heights.numpy(), levels=15, cmap="cividis")
    picture.colorbar(filled, ax=left, label="cost")
    left.plot(*zip(*path, strict=True), ".-", color="white", linewidth=1.5, markersize=5)
    left.plot(*path[0], "s", color="white", markersize=8)
    left.plot(*path[-1], "o", color=ORANGE, markeredgecolor="white", markersize=11)
    left.set(title=f"{steps} steps, lr = {lr:g}: cost {reached:.3f}", xlabel="weight w", ylabel="bias b")
    left.set(xlim=MAP_OF_WEIGHTS, ylim=MAP_OF_BIASES)
    area = torch.linspace(0, 2.6, 261)
    _scatter_cells(right, X, y)
    right.plot(area, torch.sigmoid(area * w + b), color=INK, label="hypothesis")
    right.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
    right.set(
        title=f"the neuron: w = {signed(w.item(), 2)}, b = {signed(b.item(), 2)}", xlabel=_AREA, ylabel="hypothesis"
    )
    right.legend(loc="center right", bbox_to_anchor=(1, 0.3))
    return picture


@drawn
def scores_and_shares(softmax: Callable, z: torch.Tensor) -> Picture:
    """Scores ``(k,)`` above 0 or below it, and the shares that the learner's softmax makes of them."""
    shares = result_of(softmax, z[None], shape=(1, len(z)))[0]
    picture, (left, right) = new_picture(
        7.5,
        2.8,
        columns=2,
        alt=f"Left {len(z)} scores as bars: {', '.join(f'{score:g}' for score in z.tolist())}. Right the shares: "
        f"{', '.join(f'{share:.2f}' for share in shares.tolist())}.",
    )
    for axes, values, colour, title in ((left, z, GREY, "scores z"), (right, shares, GREEN, "your softmax(z)")):
        _bars(axes, values, colour, digits=2)
        axes.set(title=title, xlabel="class")
    left.set_ylabel("score")
    right.set(ylabel="share", ylim=(0, 1.1))
    return picture


@drawn
@_after_training
def digit_read(run: Training, image: torch.Tensor | None = None) -> Picture:
    """What the trained network makes of an image, ``(28, 28)`` in [0, 1]; the first test image if none is given."""
    if image is None:
        image = load_mnist().test_images[0] / 255
    probs, hidden, strongest, looked = read(run.params, image)
    winner = int(probs.argmax())
    picture = Picture(figsize=(9, 4.2), layout="constrained")
    picture.alt = (
        f"A handwritten digit, ten bars with the longest at {winner}, 64 squares for the hidden activations, "
        f"and what the {len(strongest)} strongest of these neurons saw of the ink."
    )
    above, below = picture.subfigures(2, 1, squeeze=True, height_ratios=[1.15, 1]).flat
    pixels, shares, neurons = above.subplots(1, 3, width_ratios=[1, 1.9, 1])
    pixels.imshow(image.numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
    pixels.set(title="what it sees", xticks=[], yticks=[])
    bars = shares.bar(_DIGITS, probs.tolist(), color=PALE, edgecolor=GREY)
    bars[winner].set(facecolor=BLUE, hatch="//")
    shares.set(title=f"it reads {winner} ({probs[winner]:.0%})", xticks=_DIGITS, ylim=(0, 1))
    shares.set(xlabel="digit", ylabel="probability")
    neurons.imshow(hidden.reshape(8, -1).numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
    neurons.set(title="64 hidden activations", xticks=[], yticks=[])
    limit = max(looked.abs().max().item(), 1e-6)
    panels = below.subplots(1, len(strongest), squeeze=False)[0]
    for axes, neuron, seen in zip(panels, strongest, looked, strict=True):
        axes.imshow(seen.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
        axes.set_title(f"neuron {neuron}: {hidden[neuron]:.2f}", loc="center")
        axes.set(xticks=[], yticks=[])
    for axes in (pixels, neurons, *panels):
        _no_frame(axes)
    below.suptitle("weights times ink of the neurons that spoke most for it", fontsize=11)
    return picture


@drawn
def own_digits(images: torch.Tensor, labels: torch.Tensor) -> Picture:
    """The last drawings that a learner has kept, ``(m, 784)``, each below what it was kept as."""
    if len(labels):
        last = slice(-_OWN, None)
        return _gallery(
            images[last].reshape(-1, 28, 28),
            [str(label) for label in labels[last].tolist()],
            columns=10,
            alt=f"The last {min(len(labels), _OWN)} of {len(labels)} drawings that were kept, "
            "in rows of ten, each below what it was kept as.",
        )
    picture, axes = new_picture(
        3, 3, alt="An empty pad to draw on. No drawing has been kept yet, so there is none to be shown."
    )
    axes.text(0.5, 0.5, "nothing kept yet", ha="center", va="center", color=GREY, transform=axes.transAxes)
    axes.set(xticks=[], yticks=[])
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    return picture
