"""How evidence is made: small networks that are trained, or whose slopes are calculated."""

from collections.abc import Callable

import torch
from torch import nn

#: One piece of evidence, plain numbers by name.
Piece = dict[str, list[list[float]]]

_Params = dict[str, torch.Tensor]

#: What a training reads: numbers an observation, hidden neurons, classes.
_SIZES = (10, 16, 3)
_EPOCHS = 20
_HELD_OUT = 300

#: For each way to train: observations, steps an epoch, the least and the largest learning rate.
_WAYS = {
    "good": (1200, 12, 0.7, 1.2),
    "step too small": (600, 4, 0.002, 0.005),
    "step too large": (600, 3, 30.0, 60.0),
    "by heart": (30, 20, 2.0, 3.0),
}


def training_of(way: str, seed: int) -> Piece:
    """The costs of a training over its epochs, on what it learns from and on what is held out."""
    draw = torch.Generator().manual_seed(seed)
    m, steps, least, most = _WAYS[way]
    lr = least + (most - least) * torch.rand((), generator=draw).item()
    # So close together that nobody can tell all observations apart.
    centres = torch.nn.functional.normalize(torch.randn(_SIZES[2], _SIZES[0], generator=draw), dim=1) * 1.6
    (X, y), (X_new, y_new) = (_observations(draw, centres, count) for count in (m, _HELD_OUT))
    params = _network(draw, _SIZES)
    costs = []
    for epoch in range(_EPOCHS + 1):
        costs.append([_cost(params, X, y).item(), _cost(params, X_new, y_new).item()])
        for _ in range(steps if epoch < _EPOCHS else 0):
            slopes = _slopes(params, X, y, "right")
            params = {name: value - lr * slopes[name] for name, value in params.items()}
    training, held_out = zip(*costs, strict=True)
    return {"training": [_rounded(training, 3)], "held out": [_rounded(held_out, 3)]}


def check_of(bug: str, seed: int) -> Piece:
    """A gradient check of a small network: for some of each parameter's slopes what was measured and calculated."""
    draw = torch.Generator().manual_seed(seed)
    m = int(torch.randint(3, 9, (), generator=draw))
    params = {name: value.double() for name, value in _network(draw, (4, 3, 3)).items()}
    X, y = torch.randn(m, 4, generator=draw).double(), torch.randint(3, (m,), generator=draw)
    calculated = _slopes(params, X, y, bug)
    piece = {}
    for key in params:
        measured = _measured(params, X, y, key)
        # Of each neuron's slopes the largest one.
        tables = [slopes.reshape(-1, params[key].shape[-1]) for slopes in (measured, calculated[key])]
        rows = tables[0].abs().argmax(dim=0)
        piece[key] = [_rounded(table[rows, torch.arange(len(rows))].tolist(), 4) for table in tables]
    return piece


def _slopes(params: _Params, X: torch.Tensor, y: torch.Tensor, bug: str) -> _Params:
    """The slopes that backpropagation with this bug comes to, or with none, by autograd: students write it by hand."""
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    scores = _scores(leaves, X, _sigmoid_of_slope_one if bug == "no sigmoid slope" else torch.sigmoid)
    if bug == "no label":
        cost = scores.logsumexp(dim=1).mean()
    else:
        cost = nn.functional.cross_entropy(scores, y, reduction="sum" if bug == "no mean" else "mean")
    found = torch.autograd.grad(-cost if bug == "wrong sign" else cost, list(leaves.values()))
    return dict(zip(leaves, found, strict=True))


def _sigmoid_of_slope_one(z: torch.Tensor) -> torch.Tensor:
    return z + (torch.sigmoid(z) - z).detach()


def _measured(params: _Params, X: torch.Tensor, y: torch.Tensor, name: str, h: float = 1e-2) -> torch.Tensor:
    """The slopes along one parameter, from both sides; the step is so long that the last digit may be off by one."""
    slopes = torch.zeros(params[name].numel(), dtype=torch.float64)
    for place in range(len(slopes)):
        away = torch.zeros_like(slopes)
        away[place] = h
        away = away.reshape(params[name].shape)
        right, left = (_cost({**params, name: params[name] + side * away}, X, y) for side in (1, -1))
        slopes[place] = (right - left) / (2 * h)
    return slopes.reshape(params[name].shape)


def _cost(params: _Params, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return nn.functional.cross_entropy(_scores(params, X, torch.sigmoid), y)


def _scores(params: _Params, X: torch.Tensor, squash: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    layer = nn.functional.linear
    return layer(squash(layer(X, params["W1"].T, params["b1"])), params["W2"].T, params["b2"])


def _network(draw: torch.Generator, sizes: tuple[int, int, int]) -> _Params:
    d, h, k = sizes
    return {
        "W1": torch.randn(d, h, generator=draw) / d**0.5,
        "b1": 0.3 * torch.randn(h, generator=draw),
        "W2": torch.randn(h, k, generator=draw),
        "b2": 0.3 * torch.randn(k, generator=draw),
    }


def _observations(draw: torch.Generator, centres: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Observations around a few centres, each of which is a class."""
    y = torch.randint(len(centres), (count,), generator=draw)
    return centres[y] + torch.randn(count, centres.shape[1], generator=draw), y


def _rounded(numbers: tuple[float, ...] | list[float], digits: int) -> list[float]:
    return [round(number, digits) for number in numbers]
