"""How evidence of networks that read digits is made: pictures of their weights, tables of what they read."""

from itertools import pairwise

import torch
from torch import nn

from autograder.course.data.evidence._made import Piece

#: What a network learns from, and how: images, hidden neurons, images a step, steps, learning rate.
_IMAGES, _HIDDEN, _BATCH, _STEPS, _LR = 3_000, 32, 50, 500, 1.0
_PIXELS, _DIGITS = 784, 10

#: How many neurons a picture shows, and how many levels weights have on each side of 0: so many that files stay small.
_SHOWN, _LEVELS = 4, 100

#: How many images of each digit a table is about, drawn from so many that the network has not seen.
_EACH, _NEW = 50, 3_000

#: By how many pixels images are moved: to the right, to the left, down, up.
_MOVES = ((0, 3), (0, -3), (3, 0), (-3, 0))


def picture_of(way: str, seed: int) -> Piece:
    """The weights of the first four neurons that look at the pixels, 28 rows of 28 each, by the neuron's number."""
    draw = torch.Generator().manual_seed(seed)
    X, y, *_ = _images(draw)
    if way == "scrambled pixels":
        X = X[:, torch.randperm(_PIXELS, generator=draw)]
    lr, hidden = _LR, _HIDDEN
    if way == "step too large":
        lr = 100 * (1 + torch.rand((), generator=draw).item())
    elif way == "no hidden layer":
        lr, hidden = _LR / 5, 0
    network = _network(draw, hidden)
    if way != "untrained":
        _learn(network, X, y, draw, lr)
    weights = next(network.parameters()).detach()[:_SHOWN]
    level = weights.abs().max() / _LEVELS
    shown = ((weights / level).round() * level).reshape(_SHOWN, 28, 28).tolist()
    return {f"neuron {number}": [_rounded(row) for row in rows] for number, rows in enumerate(shown)}


def table_of(mistake: str, seed: int) -> Piece:
    """What a network made of 50 images of each digit: ten rows, one for each true digit, of how often each was read."""
    draw = torch.Generator().manual_seed(seed)
    X, y, X_new, y_new = _images(draw)
    one, other, *_ = torch.randperm(_DIGITS, generator=draw).tolist()
    if mistake == "labels swapped":
        y = torch.where(y == one, other, torch.where(y == other, one, y))
    elif mistake == "digit left out":
        X, y = X[y != one], y[y != one]
    network = _network(draw, _HIDDEN)
    if mistake == "untrained":
        # Whoever reads nearly all as one digit has the same table as many others.
        while _scores(network, X_new).argmax(dim=1).bincount(minlength=_DIGITS).max() > 0.9 * len(X_new):
            network = _network(draw, _HIDDEN)
    else:
        _learn(network, X, y, draw, _LR)
    if mistake == "images moved":
        # The rim is paper, so next to nothing comes in again on the other side.
        move = _MOVES[int(torch.randint(len(_MOVES), (), generator=draw))]
        X_new = X_new.reshape(-1, 28, 28).roll(move, dims=(1, 2)).flatten(1)
    scores = _scores(network, X_new)
    read = (-scores if mistake == "smallest score" else scores).argmax(dim=1)
    if mistake == "labels shuffled":
        y_new = y_new[torch.randperm(len(y_new), generator=draw)]
    table = torch.zeros(_DIGITS, _DIGITS, dtype=torch.long)
    table.index_put_((y_new, read), torch.tensor(1), accumulate=True)
    return {"table": table.tolist()}


def _images(draw: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Images to learn from and their digits, and as many new ones of each digit, all of them training images."""
    # Not before it is needed: that module needs this one.
    from autograder.course.data import load_mnist

    mnist = load_mnist()
    order = torch.randperm(len(mnist.train_labels), generator=draw)
    learn, new = order[:_IMAGES], order[_IMAGES : _IMAGES + _NEW]
    new = torch.cat([new[mnist.train_labels[new] == digit][:_EACH] for digit in range(_DIGITS)])
    X, X_new = (mnist.train_images[rows].flatten(1).float() / 255 for rows in (learn, new))
    return X, mnist.train_labels[learn], X_new, mnist.train_labels[new]


def _network(draw: torch.Generator, hidden: int) -> nn.Sequential:
    """A network before its training; with no hidden neurons, one layer alone."""
    sizes = (_PIXELS, hidden, _DIGITS) if hidden else (_PIXELS, _DIGITS)
    layers = [nn.Linear(*shape) for shape in pairwise(sizes)]
    for layer in layers:
        nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=draw)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0], nn.Sigmoid(), layers[1]) if hidden else nn.Sequential(layers[0])


def _learn(network: nn.Sequential, X: torch.Tensor, y: torch.Tensor, draw: torch.Generator, lr: float) -> None:
    optimiser = torch.optim.SGD(network.parameters(), lr=lr)
    for _ in range(_STEPS):
        rows = torch.randint(len(y), (_BATCH,), generator=draw)
        optimiser.zero_grad()
        torch.autograd.backward(nn.functional.cross_entropy(network(X[rows]), y[rows]))
        optimiser.step()


@torch.no_grad()
def _scores(network: nn.Sequential, X: torch.Tensor) -> torch.Tensor:
    scores: torch.Tensor = network(X)
    return scores


def _rounded(numbers: list[float]) -> list[float]:
    return [round(number, 4) for number in numbers]
