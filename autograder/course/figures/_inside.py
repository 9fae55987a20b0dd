"""Pictures of lesson 7: what a trained network's hidden neurons look for, and what becomes of it without them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from autograder.course.guard import CannotDraw, as_tensor, kindly, like, name_of, parts_of, result_of
from autograder.panels.kernel import in_kernel
from autograder.panels.palette import BLUE, GREEN, GREY, INK, ORANGE, PALE

from ._network import _DIGITS, Training, _after_training, _mosaic, _no_frame, _training_curves, watch_training
from ._style import INK_ON_PAPER, SIGNED, Picture, drawn, new_picture, signed

#: The file in which a learner's trained network goes from lesson 6 to lesson 7.
FILE = "my-network.npz"

#: Where lesson 7 looks for it: beside the notebook, above it, and beside lesson 6's.
_PLACES = (Path(), Path(".."), Path("../6-learning-digits"))

#: Longest such file that is read; one of ours has some megabytes.
_MAX_BYTES = 2**26

_SHAPES = {"W1": (784, 64), "b1": (64,), "W2": (64, 10), "b2": (10,)}

#: How many regions an image has across and down, each of 4 × 4 pixels, and from which mean on a region has ink.
REGIONS, INKED = 7, 0.25

#: Fewest observations of a learner's own on the pile that is held out.
_HELD_OUT = 5

#: Shifts that are tried, in pixels.
_SHIFTS = range(-6, 7)


# ---------------------------------------------------------------------------------- the network that is looked into


def keep(run: Training, file: str = FILE) -> None:
    """Write a trained network into a file beside the notebook, where lesson 7 finds it."""
    if run is None:
        raise CannotDraw("there is no trained network to keep. First let yours learn, with `watch_training`.")
    arrays = {f"start_{name}": value.numpy() for name, value in run.start.items()}
    arrays |= {f"params_{name}": value.numpy() for name, value in run.params.items()}
    arrays |= {"epochs": np.array(run.epochs), "costs": np.array(run.costs), "accuracies": np.array(run.accuracies)}
    arrays["film_epochs"] = np.array([epoch for epoch, _ in run.film])
    arrays["film"] = np.array([weights.numpy() for _, weights in run.film], dtype=np.float16)
    np.savez_compressed(file, **arrays)
    print(f"Kept in {file}. Put it beside the notebook of lesson 7, unless both lessons lie in one folder.")


keep = kindly(keep)


@kindly
def your_network(X: torch.Tensor, y: torch.Tensor, file: str = FILE) -> Training | None:
    """The network that `keep` has written, or one of the same kind that torch trains here, in some seconds.

    As in lesson 6 the last twelfth of the training images is not trained on; the curves are about those.
    """
    found = next((place / file for place in _PLACES if (place / file).is_file()), None)
    if found is None:
        print(f"No {file} here, so torch trains a network like that of lesson 6.")
        generator = torch.Generator().manual_seed(0)
        start = {
            name: torch.randn(shape, generator=generator) / shape[0] ** 0.5 if len(shape) == 2 else torch.zeros(shape)
            for name, shape in _SHAPES.items()
        }
        new = len(y) // 12
        return watch_training(_by_torch, start, X[:-new], y[:-new], X[-new:], y[-new:])
    run = _read(found)
    print(f"This is your own network, from {found}.")
    picture = _training_curves(run.epochs, run.costs, run.accuracies, run.epochs[-1])
    _show(picture)
    return run


def _show(picture: Picture) -> None:
    """Show a picture that is not the value of its cell; where nobody looks, nothing."""
    if in_kernel():
        picture._ipython_display_()


def _by_torch(
    X: torch.Tensor,
    y: torch.Tensor,
    params: dict[str, torch.Tensor],
    lr: float,
    batch_size: int,
    epochs: int,
    seed: int = 0,
) -> dict[str, torch.Tensor]:
    """What a learner's `train_network` does, by torch's own layers and steps."""
    (pixels, neurons), classes = params["W1"].shape, params["W2"].shape[1]
    model = nn.Sequential(nn.Linear(pixels, neurons), nn.Sigmoid(), nn.Linear(neurons, classes))
    with torch.no_grad():
        for layer, number in ((model[0], "1"), (model[2], "2")):
            layer.weight.copy_(params["W" + number].T)
            layer.bias.copy_(params["b" + number])
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    order = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(y), generator=order).split(batch_size):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(X[rows]), y[rows]).backward()
            optimiser.step()
    numbers = [value.detach() for value in model.parameters()]
    return dict(zip(("W1", "b1", "W2", "b2"), (numbers[0].T, numbers[1], numbers[2].T, numbers[3]), strict=True))


def _read(path: Path) -> Training:
    """What `keep` has written.

    Raises:
        CannotDraw: the file holds something else.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise CannotDraw(f"{path} is too large to be a network of lesson 6. Take it away, and one is trained here.")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            parts = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
            start, params = (
                like({key: parts[f"{part}_{key}"] for key in _SHAPES}, _empty(), str(path))
                for part in ("start", "params")
            )
            film = zip(parts["film_epochs"].tolist(), parts["film"].reshape(-1, *_SHAPES["W1"]), strict=True)
            epochs, costs, accuracies = (parts[name].tolist() for name in ("epochs", "costs", "accuracies"))
            return Training(start, params, epochs, costs, accuracies, tuple(film))
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, CannotDraw):
        raise CannotDraw(
            f"{path} does not hold a network as lesson 6 keeps it. Take the file away, and one is trained here."
        ) from None


def _empty() -> dict[str, torch.Tensor]:
    return {name: torch.empty(shape) for name, shape in _SHAPES.items()}


# --------------------------------------------------------------------------------------------- one neuron at a time


def hidden_of(run: Training, X: torch.Tensor) -> torch.Tensor:
    """What the hidden neurons say to images: ``(m, 64)``, each between 0 and 1."""
    return torch.sigmoid(X @ run.params["W1"] + run.params["b1"])


def accuracy_of(run: Training, hidden: torch.Tensor, y: torch.Tensor) -> float:
    """The fraction of images that the second layer reads correctly off these hidden numbers."""
    read = (hidden @ run.params["W2"] + run.params["b2"]).argmax(dim=1)
    return (read == y).double().mean().item()


def votes_of(run: Training, neuron: int) -> torch.Tensor:
    """What a hidden neuron that fires adds to each score, ``(10,)``, beyond what it adds to all of them alike."""
    weights = run.params["W2"][neuron]
    return weights - weights.mean()


@_after_training
def all_neurons(run: Training) -> Picture:
    """The weights of all hidden neurons as large tiles, numbered."""
    W = run.params["W1"]
    limit = max(W.abs().quantile(0.99).item(), 1e-6)
    picture, axes = new_picture(
        9.2,
        9,
        alt="Sixty-four numbered tiles of 28 by 28 weights. In most of them bright strokes and dark ones lie side by "
        "side in the middle; the rim is an even grey.",
    )
    across = 8
    shown = axes.imshow(_mosaic(W, across).numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    for neuron in range(W.shape[1]):
        row, column = divmod(neuron, across)
        axes.text(30 * column + 1.5, 30 * row + 4, str(neuron), fontsize=8, va="center", color=INK)
    axes.axis("off")
    picture.colorbar(shown, ax=axes, shrink=0.5, label="weight: bright excites, dark calms")
    return picture


def excited_most(most_exciting: Callable, hidden: torch.Tensor, neuron: int, k: int) -> torch.Tensor:
    """The images that the learner's function finds for a neuron: ``(k,)``, long, places that exist.

    Raises:
        CannotDraw: they are no places of images.
    """
    places = result_of(most_exciting, hidden, neuron, k, shape=(k,))
    if places.is_floating_point() or not ((places >= 0) & (places < len(hidden))).all():
        raise CannotDraw(f"`{name_of(most_exciting)}` should return places of images, from 0 to {len(hidden) - 1}.")
    return places.long()


def without(ablate: Callable, hidden: torch.Tensor, neurons: Iterable[int]) -> torch.Tensor:
    """The hidden numbers after the learner's function has taken these neurons out."""
    return result_of(ablate, hidden, list(neurons), shape=tuple(hidden.shape)).float()


@_after_training
def excites(run: Training, most_exciting: Callable, X: torch.Tensor, y: torch.Tensor, neuron: int = 0) -> Picture:
    """A hidden neuron: its weights, the images that excite it most, and what it votes for."""
    hidden = hidden_of(run, X)
    places = excited_most(most_exciting, hidden, neuron, 12)
    votes = votes_of(run, neuron)
    favourite = int(votes.argmax())
    found = y[places].tolist()
    picture = Picture(figsize=(9, 3.6), layout="constrained")
    picture.alt = (
        f"Left: the weights of hidden neuron {neuron}. Middle: the twelve images that excite it most; they show "
        f"{', '.join(map(str, found))}. Right: its votes, the highest for the {favourite}."
    )
    left, middle, right = picture.subfigures(1, 3, squeeze=False, width_ratios=[1, 1.35, 1.25]).flat
    weights = run.params["W1"][:, neuron].reshape(28, 28)
    limit = max(weights.abs().quantile(0.99).item(), 1e-6)
    tile = left.subplots()
    tile.imshow(weights.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
    tile.set(title=f"neuron {neuron}: its weights", xticks=[], yticks=[])
    _no_frame(tile)
    for axes, place in zip(middle.subplots(3, 4).flat, places.tolist(), strict=True):
        axes.imshow(X[place].reshape(28, 28).numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
        axes.set_title(f"{y[place]}: {hidden[place, neuron]:.2f}", loc="center", fontsize=9)
        axes.axis("off")
    bars = right.subplots()
    drawn_bars = bars.bar(_DIGITS, votes.tolist(), color=PALE, edgecolor=GREY)
    drawn_bars[favourite].set(facecolor=BLUE, hatch="//")
    bars.axhline(0, color=INK, linewidth=0.8)
    bars.set(title="what it votes for", xlabel="digit", ylabel="vote", xticks=_DIGITS)
    return picture


@_after_training
def taken_out(run: Training, ablate: Callable, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """What the network reads without each single hidden neuron, and without more and more of them."""
    hidden = hidden_of(run, X)
    whole = accuracy_of(run, hidden, y)
    lost = torch.tensor([whole - accuracy_of(run, without(ablate, hidden, [n]), y) for n in range(hidden.shape[1])])
    counts = (0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64)
    draw = torch.Generator().manual_seed(0)
    orders = [torch.randperm(hidden.shape[1], generator=draw).tolist() for _ in range(5)]
    reached = torch.tensor(
        [
            [accuracy_of(run, without(ablate, hidden, order[:count]), y) if count else whole for count in counts]
            for order in orders
        ]
    )
    worst = int(lost.argmax())
    half = reached.mean(dim=0)[counts.index(32)].item()
    picture, (left, right) = new_picture(
        9,
        3.4,
        1,
        2,
        alt=f"Left: how much accuracy each hidden neuron's absence costs, sorted; the most is {lost.max():.2%}, for "
        f"neuron {worst}. Right: accuracy over the number of neurons taken out at random: {whole:.1%} with none, "
        f"{half:.0%} without 32 of them, {reached.mean(dim=0)[-1]:.0%} without all.",
    )
    left.bar(range(len(lost)), (100 * lost.sort(descending=True).values).tolist(), color=BLUE, width=0.8)
    left.axhline(0, color=INK, linewidth=0.8)
    left.set(
        title=f"one neuron out: at most {signed(100 * lost.max().item(), 2)} points", xlabel="hidden neurons, sorted"
    )
    left.set_ylabel("accuracy lost, in points")
    for order in reached:
        right.plot(counts, order.tolist(), color=GREY, linewidth=1)
    right.plot(counts, reached.mean(dim=0).tolist(), color=BLUE, marker="o", label="mean of five draws")
    right.axhline(0.1, color=GREY, linestyle="--", linewidth=1)
    right.set(title=f"many out: without 32, {half:.0%}", xlabel="neurons taken out", ylabel="accuracy", ylim=(0, 1))
    right.set_xticks(range(0, 65, 16))
    right.legend()
    return picture


@_after_training
def film(run: Training) -> Picture:
    """Eight hidden neurons through the whole training, one a row."""
    frames = run.film or ((0.0, run.start["W1"]), (run.epochs[-1], run.params["W1"]))
    chosen = run.params["W1"].std(dim=0).topk(8).indices
    limit = max(run.params["W1"].abs().quantile(0.99).item(), 1e-6)
    picture, axes = new_picture(
        9.2,
        6.4,
        alt=f"Eight hidden neurons, one a row, at {len(frames)} moments of the training from left to right: noise "
        "first, then blurred spots, then strokes with sharp edges.",
    )
    strips = torch.stack([weights[:, chosen] for _, weights in frames])  # (frames, 784, 8)
    strips = nn.functional.pad(strips.permute(2, 0, 1).reshape(8, -1, 28, 28), (1, 1, 1, 1), value=float("nan"))
    mosaic = strips.permute(0, 2, 1, 3).reshape(8 * 30, -1)
    axes.imshow(mosaic.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    axes.set_xticks([30 * place + 14.5 for place in range(len(frames))], [f"{epoch:.1f}" for epoch, _ in frames])
    axes.set_yticks([30 * row + 14.5 for row in range(8)], [str(n) for n in chosen.tolist()])
    axes.set(xlabel="epoch", ylabel="hidden neuron")
    _no_frame(axes)
    return picture


# ------------------------------------------------------------------------------------------- without a hidden layer


def nearest_mean(X: torch.Tensor, y: torch.Tensor, X_test: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean image of each digit ``(10, 784)``, and for each test image the digit whose mean is nearest."""
    means = torch.stack([X[y == digit].mean(dim=0) for digit in _DIGITS])
    return means, torch.cdist(X_test, means).argmin(dim=1)


def ten_neurons(X: torch.Tensor, y: torch.Tensor, classes: int = 10) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights ``(d, 10)`` and biases of ten neurons without a hidden layer before them, trained for three epochs."""
    layer = nn.Linear(X.shape[1], classes)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.5)
    order = torch.Generator().manual_seed(0)
    for epoch in range(3):
        optimiser.param_groups[0]["lr"] = 0.5 * (1 - epoch / 3)
        for rows in torch.randperm(len(y), generator=order).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(layer(X[rows]), y[rows]).backward()
            optimiser.step()
    return layer.weight.detach().T, layer.bias.detach()


@drawn
def templates(X: torch.Tensor, y: torch.Tensor, X_test: torch.Tensor, y_test: torch.Tensor) -> Picture:
    """The mean image of each digit, and the weights of ten neurons that have no hidden layer before them."""
    means, nearest = nearest_mean(X, y, X_test)
    W, b = ten_neurons(X, y)
    by_mean = (nearest == y_test).double().mean().item()
    by_neurons = ((X_test @ W + b).argmax(dim=1) == y_test).double().mean().item()
    picture, rows = new_picture(
        9.2,
        2.9,
        2,
        1,
        alt=f"Two rows of ten images. Above, the mean image of each digit, a blurred 0 to 9; reading by the nearest "
        f"mean is right for {by_mean:.1%}. Below, the weights of ten neurons, one a digit; they are right for "
        f"{by_neurons:.1%}.",
    )
    limit = max(W.abs().quantile(0.99).item(), 1e-6)
    above = nn.functional.pad(means.reshape(10, 28, 28), (1, 1, 1, 1)).permute(1, 0, 2).reshape(30, 300)
    rows[0].imshow(above.numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
    rows[1].imshow(_mosaic(W, 10).numpy(), cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    rows[0].set_title(f"ten mean images: the nearest is right for {by_mean:.1%}")
    rows[1].set_title(f"ten neurons without a hidden layer: right for {by_neurons:.1%}")
    for axes in rows:
        axes.axis("off")
    return picture


@_after_training
def exam(run: Training, X: torch.Tensor, y: torch.Tensor, X_test: torch.Tensor, y_test: torch.Tensor) -> Picture:
    """How many of the test images the trained network reads, beside what it has to beat."""
    _, nearest = nearest_mean(X, y, X_test)
    W, b = ten_neurons(X, y)
    rows = {
        "guessing": 0.1,
        "the nearest mean image": (nearest == y_test).double().mean().item(),
        "ten neurons, no hidden layer": ((X_test @ W + b).argmax(dim=1) == y_test).double().mean().item(),
        "your network": accuracy_of(run, hidden_of(run, X_test), y_test),
    }
    return _bars_to_beat(rows, "fraction of the test images read correctly")


def _bars_to_beat(rows: dict[str, float], what: str) -> Picture:
    """One bar for each reader; the last one, hatched, is the learner's network."""
    told = ", ".join(f"{name} {value:.1%}" for name, value in rows.items())
    picture, axes = new_picture(7.5, 0.9 + 0.38 * len(rows), alt=f"Bars, {what}: {told}.")
    bars = axes.barh(list(rows), list(rows.values()), color=[*[PALE] * (len(rows) - 1), BLUE], edgecolor=GREY)
    bars[-1].set_hatch("//")
    axes.bar_label(bars, [f"{value:.1%}" for value in rows.values()], padding=3, fontsize=9)
    axes.set(xlabel=what, xlim=(0, 1.12))
    axes.invert_yaxis()
    return picture


# ------------------------------------------------------------------------------------------- strange digits, probes


@_after_training
def shifted(run: Training, shift_images: Callable, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """One digit at several shifts, and the accuracy on all of them over the shift, to the right and down."""
    images = X.reshape(-1, 28, 28)
    reached: dict[str, list[float]] = {}
    for name, vector in (("to the right", (1, 0)), ("downwards", (0, 1))):
        reached[name] = []
        for pixels in _SHIFTS:
            moved = result_of(
                shift_images, images, vector[0] * pixels, vector[1] * pixels, shape=tuple(images.shape)
            ).float()
            reached[name].append(accuracy_of(run, hidden_of(run, moved.flatten(1)), y))
    mean = {pixels: _mean_at(reached, pixels) for pixels in (0, 1, 2, 4)}
    picture = Picture(figsize=(9, 3.2), layout="constrained")
    picture.alt = (
        "Left: one digit, moved by 0, 1, 2 and 4 pixels to the right. Right: the accuracy over the shift, highest in "
        f"the middle and falling on both sides: {mean[0]:.1%} at 0, {mean[1]:.0%} at 1, {mean[2]:.0%} at 2, "
        f"{mean[4]:.0%} at 4 pixels."
    )
    left, right = picture.subfigures(1, 2, squeeze=False, width_ratios=[1, 1.4]).flat
    for axes, pixels in zip(left.subplots(2, 2).flat, (0, 1, 2, 4), strict=True):
        moved = result_of(shift_images, images[:1], pixels, 0, shape=(1, 28, 28)).float()
        probs = torch.softmax(hidden_of(run, moved.flatten(1)) @ run.params["W2"] + run.params["b2"], dim=1)[0]
        axes.imshow(moved[0].numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
        axes.set_title(f"by {pixels}: reads {int(probs.argmax())} ({probs.max():.0%})", fontsize=9, loc="center")
        axes.set(xticks=[], yticks=[])
        _no_frame(axes)
    curve = right.subplots()
    for (name, values), style in zip(reached.items(), ("o-", "s--"), strict=True):
        curve.plot(_SHIFTS, values, style, color=BLUE if style == "o-" else ORANGE, label=name, markersize=5)
    curve.axhline(0.1, color=GREY, linestyle=":", linewidth=1)
    curve.set(title=f"by 2 pixels {mean[2]:.0%}, by 4 {mean[4]:.0%}", xlabel="shift in pixels", ylabel="accuracy")
    curve.set(ylim=(0, 1), xticks=list(_SHIFTS)[::2])
    curve.legend(loc="upper right")
    return picture


def _mean_at(reached: dict[str, list[float]], pixels: int) -> float:
    """The mean accuracy at a shift of so many pixels, in each of the four directions."""
    places = list(_SHIFTS)
    values = [line[places.index(sign * pixels)] for line in reached.values() for sign in (1, -1)]
    return sum(values) / len(values)


@_after_training
def strangers(run: Training, X: torch.Tensor, y: torch.Tensor) -> Picture:
    """What the network says to a digit, to one with scrambled pixels, to its negative, and to noise."""
    draw = torch.Generator().manual_seed(1)
    scrambled = X[:, torch.randperm(784, generator=draw)]
    noise = torch.rand(X.shape, generator=draw)
    kinds = (("a digit", X), ("scrambled pixels", scrambled), ("ink and paper swapped", 1 - X), ("pure noise", noise))
    picture, panels = new_picture(9.2, 4.2, 2, 4, alt="", height_ratios=[1, 0.9])
    told = []
    for (image, bars), (name, images) in zip(panels.T, kinds, strict=True):
        probs = torch.softmax(hidden_of(run, images) @ run.params["W2"] + run.params["b2"], dim=1)
        sure = probs.max(dim=1).values.median().item()
        first, said = probs[0], int(probs[0].argmax())
        told.append(f"{name}: it reads {said} with {first[said]:.0%}, and over all such images it is {sure:.1%} sure")
        image.imshow(images[0].reshape(28, 28).numpy(), cmap=INK_ON_PAPER, vmin=0, vmax=1)
        image.set(title=name, xticks=[], yticks=[])
        _no_frame(image)
        shown = bars.bar(_DIGITS, first.tolist(), color=PALE, edgecolor=GREY)
        shown[said].set(facecolor=BLUE, hatch="//")
        bars.set(title=f"reads {said} ({first[said]:.0%})\nsure on the whole: {sure:.1%}", ylim=(0, 1), xlabel="digit")
        bars.set_xticks(_DIGITS, [str(digit) for digit in _DIGITS], fontsize=8)
    panels[1, 0].set_ylabel("share")
    picture.alt = f"Four images and the shares that the network gives. {'; '.join(told)}."
    return picture


def regions_of(X: torch.Tensor) -> torch.Tensor:
    """Whether there is ink in each region of each image: ``(m, 49)``, 1 where the mean of its pixels is above ¼."""
    side = 28 // REGIONS
    means = X.reshape(-1, REGIONS, side, REGIONS, side).mean(dim=(2, 4)).flatten(1)
    return (means > INKED).float()


def undecided(inked: torch.Tensor) -> torch.Tensor:
    """Which regions are worth a question: those that have ink in a fifth of the images, and in four fifths at most."""
    share = inked.mean(dim=0)
    return ((share > 0.2) & (share < 0.8)).nonzero()[:, 0]


def read_off(
    probe: Callable, hidden: torch.Tensor, answers: torch.Tensor, new: torch.Tensor, new_answers: torch.Tensor
) -> float:
    """How often a probe that is fitted to some images gives the right answer, yes above ½, for others."""
    name = name_of(probe)
    w, b = parts_of(probe(hidden, answers), 2, name)
    w = as_tensor(w, f"{name} (w)", (hidden.shape[1],)).float()
    said = new @ w + as_tensor(b, f"{name} (b)", ()).float()
    return ((said > 0.5) == (new_answers > 0.5)).double().mean().item()


@_after_training
def probed(
    run: Training, probe: Callable, X: torch.Tensor, y: torch.Tensor, X_test: torch.Tensor, y_test: torch.Tensor
) -> Picture:
    """What can be read from the hidden numbers, before and after training: regions, and digits."""
    before = run._replace(params=run.start)
    chosen = undecided(regions_of(X_test)).tolist()
    inked, new_inked = regions_of(X), regions_of(X_test)
    questions = {
        "ink in a region?": [(inked[:, region], new_inked[:, region]) for region in chosen],
        "is it this digit?": [((y == digit).float(), (y_test == digit).float()) for digit in _DIGITS],
    }
    found: dict[str, list[float]] = {}
    for network, name in ((before, "untrained"), (run, "trained")):
        hidden, new = hidden_of(network, X), hidden_of(network, X_test)
        found[name] = []
        for asked in questions.values():
            right = [read_off(probe, hidden, answers, new, truth) for answers, truth in asked]
            found[name].append(sum(right) / max(len(right), 1))
    guess = []
    for asked in questions.values():
        shares = [truth.mean().item() for _, truth in asked]
        guess.append(sum(max(share, 1 - share) for share in shares) / max(len(shares), 1))
    picture, axes = new_picture(
        7.6,
        3.4,
        alt="Bars in two groups, for guessing, the untrained and the trained layer. Ink in a region: "
        f"{_percents(guess[0], found['untrained'][0], found['trained'][0])}. This digit or not: "
        f"{_percents(guess[1], found['untrained'][1], found['trained'][1])}.",
    )
    looks = (
        ("guessing", guess, PALE, ""),
        ("untrained layer", found["untrained"], GREY, "//"),
        ("trained layer", found["trained"], GREEN, ""),
    )
    for place, (name, values, colour, hatch) in enumerate(looks):
        bars = axes.bar(
            [group + 0.26 * (place - 1) for group in range(2)],
            values, width=0.24, color=colour, hatch=hatch, edgecolor=INK, label=name,
        )  # fmt: skip
        axes.bar_label(bars, [f"{value:.1%}" for value in values], padding=2, fontsize=9)
    axes.set_xticks(range(2), list(questions))
    axes.set(ylabel="answers that are right", ylim=(0.5, 1.08), title="what a probe reads off the 64 hidden numbers")
    axes.legend(loc="upper left", ncols=3)
    return picture


def _percents(*values: float) -> str:
    return ", ".join(f"{value:.1%}" for value in values)


# ------------------------------------------------------------------------------------ lesson 8: one's own question


@kindly
def own_question(
    regroup: Callable,
    deal: Callable,
    X: torch.Tensor,
    y: torch.Tensor,
    groups: list[list[int]],
    hidden: int = 16,
    epochs: int = 3,
) -> Training:
    """Train a network on the learner's own question, and show what it reads of a pile that was held out.

    The learner's `deal` makes three piles: to learn from, to look at while it learns, and the one that is held out, a
    twelfth each of the last two. What comes back can be looked into with the pictures of lesson 7.
    """
    new = result_of(regroup, y, groups, shape=tuple(y.shape)).long()
    if new.min() < 0 or new.max() >= len(groups):
        raise CannotDraw(f"`{name_of(regroup)}` should return numbers of groups, from 0 to {len(groups) - 1}.")
    few = len(y) // 12
    if few < _HELD_OUT:
        raise CannotDraw(
            f"{len(y)} observations are too few: a twelfth of them is held out, and that should be {_HELD_OUT} or more."
        )
    sizes = [len(y) - 2 * few, few, few]
    name = name_of(deal)
    piles = parts_of(deal(len(y), sizes, 0), 3, name)
    learn, choose, held = (
        as_tensor(pile, f"{name} (pile {number})", (size,)).long()
        for number, (pile, size) in enumerate(zip(piles, sizes, strict=True))
    )
    if len(torch.cat([learn, choose, held]).unique()) < sum(sizes):
        raise CannotDraw(f"`{name}` dealt an observation into two piles, or twice into one.")
    draw = torch.Generator().manual_seed(0)
    shapes = {"W1": (X.shape[1], hidden), "b1": (hidden,), "W2": (hidden, len(groups)), "b2": (len(groups),)}
    start = {
        key: torch.randn(shape, generator=draw) / shape[0] ** 0.5 if len(shape) == 2 else torch.zeros(shape)
        for key, shape in shapes.items()
    }
    run = watch_training(_by_torch, start, X[learn], new[learn], X[choose], new[choose], epochs=epochs)
    W, b = ten_neurons(X[learn], new[learn], len(groups))
    largest = new[learn].bincount().argmax()
    _show(
        _held_out(
            {
                "always the largest group": (new[held] == largest).double().mean().item(),
                "no hidden layer": ((X[held] @ W + b).argmax(dim=1) == new[held]).double().mean().item(),
                "your network": accuracy_of(run, hidden_of(run, X[held]), new[held]),
            }
        )
    )
    return run


@drawn
def _held_out(rows: dict[str, float]) -> Picture:
    return _bars_to_beat(rows, "fraction of the held-out pile read correctly")
