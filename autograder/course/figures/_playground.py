"""Points in a plane, and a small network that draws a boundary between them: the playground of lessons 4 and 6."""

import itertools
import math
from collections.abc import Callable

import torch

from autograder.course.guard import CannotDraw, as_tensor, like, name_of, result_of
from autograder.panels.palette import BLUE, GREY, INK, ORANGE

from ._style import SIGNED, Picture, drawn, new_picture

#: How far the plane reaches from its middle, in each direction.
REACH = 3.5

#: How many places the shares are worked out at, across and up.
ACROSS = 41

#: The point sets, as people call them.
POINTS = ("disc in a ring", "exactly one", "two moons", "spiral")

_EACH = 100  # points a kind
_BATCH = 20

Params = dict[str, torch.Tensor]


def points(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Two kinds of points in a plane: ``X (200, 2)`` and ``y (200,)``, the same each time.

    Raises:
        ValueError: there is no set of that name.
    """
    draw = torch.Generator().manual_seed(len(name))
    noise = 0.18 * torch.randn(2 * _EACH, 2, generator=draw)
    turn = 2 * math.pi * torch.rand(2 * _EACH, generator=draw)
    along = torch.linspace(0, 1, _EACH)
    y = torch.cat([torch.zeros(_EACH), torch.ones(_EACH)]).long()
    if name == "disc in a ring":
        away = torch.where(y == 1, 1.1 * torch.rand(2 * _EACH, generator=draw).sqrt(), 2.4)
        return _round(away, turn) + noise, y
    if name == "exactly one":
        X = 4.6 * torch.rand(2 * _EACH, 2, generator=draw) - 2.3
        X += 0.25 * X.sign()
        return X, ((X[:, 0] > 0) != (X[:, 1] > 0)).long()
    if name == "two moons":
        half = math.pi * along
        upper = torch.stack([2 * half.cos() - 0.9, 2 * half.sin() - 0.5], dim=1)
        lower = torch.stack([0.9 - 2 * half.cos(), 0.5 - 2 * half.sin()], dim=1)
        return torch.cat([upper, lower]) + noise, y
    if name == "spiral":
        away, turns = 0.4 + 2.4 * along, 6.0 * along
        return torch.cat([_round(away, turns), _round(away, turns + math.pi)]) + 0.5 * noise, y
    raise ValueError(f"there are no points called {name!r}; there are {', '.join(POINTS)}")


def _round(away: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
    return torch.stack([away * turn.cos(), away * turn.sin()], dim=1)


def begin(init_params: Callable, hidden: int, seed: int) -> Params:
    """The learner's first parameters for two inputs, so many hidden neurons and two kinds; with room to move apart."""
    shapes = {"W1": (2, hidden), "b1": (hidden,), "W2": (hidden, 2), "b2": (2,)}
    return like(init_params((2, hidden, 2), seed), {k: torch.empty(s) for k, s in shapes.items()}, name_of(init_params))


def learn(
    forward: Callable, params: Params, X: torch.Tensor, y: torch.Tensor, lr: float, epochs: int, seed: int
) -> Params:
    """Descend the mean cross-entropy by the slopes that torch finds through the learner's own `forward`.

    Raises:
        CannotDraw: `forward` gives other shapes, or leads no way back to the parameters.
    """
    name = name_of(forward)
    order = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(y), generator=order).split(_BATCH):
            leaves = {key: value.detach().clone().requires_grad_() for key, value in params.items()}
            probs = forward(X[rows], leaves)
            as_tensor(probs, name, (len(rows), 2))
            if not isinstance(probs, torch.Tensor) or not probs.requires_grad:
                raise CannotDraw(f"torch finds no way back through your `{name}`. Does it leave torch in between?")
            cost = -probs[torch.arange(len(rows)), y[rows]].clamp(min=1e-12).log().mean()
            slopes = torch.autograd.grad(cost, list(leaves.values()), allow_unused=True)
            params = {
                key: value.detach() - (0 if slope is None else lr * slope)
                for (key, value), slope in zip(leaves.items(), slopes, strict=True)
            }
    return params


def train(
    train_network: Callable, params: Params, X: torch.Tensor, y: torch.Tensor, lr: float, epochs: int, seed: int
) -> Params:
    """The same by the learner's own training."""
    answer = train_network(X, y, params, lr, _BATCH, epochs, seed)
    return like(answer, params, name_of(train_network))


def shares_at(forward: Callable, params: Params, X: torch.Tensor) -> torch.Tensor:
    """The share of the second kind at places ``(p, 2)``: ``(p,)``."""
    return result_of(forward, X, params, shape=(len(X), 2))[:, 1].float()


def plane() -> torch.Tensor:
    """The places at which shares are worked out, row by row from the top: ``(ACROSS², 2)``."""
    line = torch.linspace(-REACH, REACH, ACROSS)
    down, across = torch.meshgrid(-line, line, indexing="ij")
    return torch.stack([across.flatten(), down.flatten()], dim=1)


def plain_init(sizes: tuple[int, ...], seed: int) -> Params:
    """First parameters as lesson 4 makes them, for where the learner's own are not at hand."""
    draw = torch.Generator().manual_seed(seed)
    layers = [torch.nn.Linear(fan_in, neurons) for fan_in, neurons in itertools.pairwise(sizes)]
    params: Params = {}
    for number, layer in enumerate(layers, start=1):
        torch.nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=draw)
        params |= {f"W{number}": layer.weight.detach().T.clone(), f"b{number}": torch.zeros(layer.out_features)}
    return params


def plain_forward(X: torch.Tensor, params: Params) -> torch.Tensor:
    """The forward pass by torch's own layers, for where the learner's own is not at hand."""
    hidden = torch.nn.functional.linear(X, params["W1"].T, params["b1"]).sigmoid()
    return torch.nn.functional.linear(hidden, params["W2"].T, params["b2"]).softmax(dim=1)


def cuts(params: Params) -> list[tuple[tuple[float, float], tuple[float, float]] | None]:
    """Where each hidden neuron's sum is 0: the two ends of that line in the plane, or nothing if it lies outside."""
    return [_cut(w1, w2, b) for w1, w2, b in zip(*params["W1"].tolist(), params["b1"].tolist(), strict=True)]


def _cut(w1: float, w2: float, b: float) -> tuple[tuple[float, float], tuple[float, float]] | None:
    ends = []
    for edge in (-REACH, REACH):
        if w2 and abs(at := -(w1 * edge + b) / w2) <= REACH:
            ends.append((edge, at))
        if w1 and abs(at := -(w2 * edge + b) / w1) <= REACH:
            ends.append((at, edge))
    return (ends[0], ends[-1]) if len(ends) >= 2 else None


@drawn
def playground(init_params: Callable, forward: Callable) -> Picture:
    """A disc in a ring, and what the learner's network makes of it with 1, 2, 3 and 8 hidden neurons."""
    X, y = points(POINTS[0])
    return _side_by_side(
        [
            (hidden, forward, learn(forward, begin(init_params, hidden, 1), X, y, 0.5, 100, 0))
            for hidden in (1, 2, 3, 8)
        ],
        X,
        y,
    )


@drawn
def playground_by(train_network: Callable) -> Picture:
    """The same by the learner's own training."""
    X, y = points(POINTS[0])
    return _side_by_side(
        [
            (hidden, plain_forward, train(train_network, plain_init((2, hidden, 2), 1), X, y, 0.5, 100, 0))
            for hidden in (1, 2, 3, 8)
        ],
        X,
        y,
    )


def _side_by_side(runs: list[tuple[int, Callable, Params]], X: torch.Tensor, y: torch.Tensor) -> Picture:
    told = []
    picture, panels = new_picture(10, 2.9, 1, len(runs), alt="", sharey=True)
    for axes, (hidden, forward, params) in zip(panels, runs, strict=True):
        right = ((shares_at(forward, params, X) > 0.5) == (y == 1)).double().mean().item()
        neurons = f"{hidden} hidden neuron" + "s" * (hidden != 1)
        told.append(f"{neurons}: {right:.0%} right")
        share = shares_at(forward, params, plane()).reshape(ACROSS, ACROSS).numpy()
        axes.imshow(share, extent=(-REACH, REACH, -REACH, REACH), cmap=SIGNED, vmin=-0.3, vmax=1.3)
        for kind, marker, colour in ((0, "o", BLUE), (1, "^", ORANGE)):
            axes.plot(*X[y == kind].T, marker, color=colour, markersize=5, markeredgecolor="white", markeredgewidth=0.6)
        for ends in cuts(params):
            if ends:
                axes.plot(*zip(*ends, strict=True), color="white", linewidth=3, alpha=0.6)
                axes.plot(*zip(*ends, strict=True), color=INK, linewidth=1.3, linestyle="--")
        axes.set(
            title=f"{hidden} hidden: {right:.0%} right",
            xlim=(-REACH, REACH),
            ylim=(-REACH, REACH),
            xlabel="first input",
        )
        axes.tick_params(colors=GREY)
    panels[0].set_ylabel("second input")
    picture.alt = (
        f"A disc of triangles in a ring of dots, {len(runs)} times; dashed lines are the cuts of the hidden neurons. "
        f"With {'; with '.join(told)}."
    )
    return picture
