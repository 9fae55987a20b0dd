"""Every measured number that a lesson tells: where it stands, and how it is measured.

``python tests/course/facts.py`` (`make facts`) measures them all again, as the lesson does it, and fails where the
text says another number. `test_facts.py` is quick: it holds the list to the texts, in both directions.

A fact is a passage with its number in double braces, such as ``right for {{88 %}}``. The braces are not in the text.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import torch
from torch import nn

from autograder.course.contents import COURSE
from autograder.course.data import load_cells, load_mnist
from autograder.course.figures import _inside as inside
from autograder.course.figures import _network as network
from autograder.course.figures import _playground as playground
from autograder.course.figures._network import Training
from autograder.judging.reference import load_solution

MARKED = re.compile(r"\{\{(.*?)\}\}")


class Fact(NamedTuple):
    """One number of a text.

    Attributes:
        lesson: the lesson's name.
        told: the passage, its number in double braces.
        measure: what the number is, in the text's own unit (a per cent is a hundredth).
        within: how far the measured number may be from the told one.
    """

    lesson: str
    told: str
    measure: Callable[[], float]
    within: float

    @property
    def passage(self) -> str:
        """The passage as it stands in the text."""
        return MARKED.sub(r"\1", self.told)

    @property
    def number(self) -> float:
        """The number that the passage tells."""
        (written,) = MARKED.findall(self.told)
        digits = written.replace("\N{MINUS SIGN}", "-").replace(",", "").replace("−", "-")
        value = float(re.search(r"-?\d+(\.\d+)?", digits)[0])
        return value / 100 if "%" in written else value


# --- what is measured more than once


def solved(question: str) -> Callable:
    """The reference solution's function."""
    lesson, _ = COURSE.find_question(question)
    solution = _solution(lesson.name)

    def call(*arguments):
        outcome = solution.call(question, arguments, seconds=600)
        if not hasattr(outcome, "value"):
            raise RuntimeError(f"{question}: {outcome}")
        return outcome.value

    return call


@cache
def _solution(lesson: str):
    return load_solution(COURSE.find_lesson(lesson), COURSE.solutions)


@cache
def digits():
    """Inputs and labels of MNIST, training and test."""
    torch.set_num_threads(1)
    mnist = load_mnist()
    return (
        mnist.train_images.flatten(1).float() / 255,
        mnist.train_labels,
        mnist.test_images.flatten(1).float() / 255,
        mnist.test_labels,
    )


def share(hits: torch.Tensor) -> float:
    return hits.double().mean().item()


@cache
def trained(hidden: int = 64, classes: int = 10, scrambled: bool = False, seed: int = 0) -> Training:
    """A network trained as in lesson 6: five epochs, batches of 16, the learning rate from 1 to 0."""
    X, y, X_test, y_test = digits()
    if classes == 2:
        y, y_test = y % 2, y_test % 2
    if scrambled:
        places = torch.randperm(784, generator=torch.Generator().manual_seed(5))
        X, X_test = X[:, places], X_test[:, places]
    start = playground.plain_init((784, hidden, classes), seed)
    params, deal = start, torch.Generator().manual_seed(seed)
    for call in range(50):
        if call % 10 == 0:
            pieces = torch.randperm(len(y), generator=deal).chunk(10)
        piece = pieces[call % 10]
        params = _descend(X[piece], y[piece], params, 1 - call / 50, 100 * seed + call)
    right = share(playground.plain_forward(X_test, params).argmax(dim=1) == y_test)
    return Training(start, params, [5.0], [0.0], [right])


def _descend(X, y, params, lr, seed):
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    optimiser = torch.optim.SGD(leaves.values(), lr=lr)
    for rows in torch.randperm(len(y), generator=torch.Generator().manual_seed(seed)).split(16):
        optimiser.zero_grad()
        hidden = torch.sigmoid(X[rows] @ leaves["W1"] + leaves["b1"])
        nn.functional.cross_entropy(hidden @ leaves["W2"] + leaves["b2"], y[rows]).backward()
        optimiser.step()
    return {name: value.detach() for name, value in leaves.items()}


@cache
def linear(classes: int = 10) -> float:
    """What neurons without a hidden layer before them read of the test images."""
    X, y, X_test, y_test = digits()
    if classes == 10:
        W, b = inside.ten_neurons(X, y)
        return share((X_test @ W + b).argmax(dim=1) == y_test)
    w, b = torch.zeros(784, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([w, b], lr=0.5)
    order = torch.Generator().manual_seed(0)
    for epoch in range(5):
        optimiser.param_groups[0]["lr"] = 0.5 * (1 - epoch / 5)
        for rows in torch.randperm(len(y), generator=order).split(64):
            optimiser.zero_grad()
            target = (y[rows] % 2 == 0).float()[:, None]
            nn.functional.binary_cross_entropy_with_logits(X[rows] @ w + b, target).backward()
            optimiser.step()
    return share(((X_test @ w + b)[:, 0] > 0) == (y_test % 2 == 0))


@cache
def neuron(w: float = 0.0, b: float = 0.0, *, bias: bool = True, steps: int = 1000):
    """A neuron on the cells after so many steps with learning rate 5: weight, bias, first cost, last cost, right."""
    X, y = load_cells()
    w, b = torch.tensor([w]), torch.tensor(b)
    slopes = solved("neuron_gradients")

    def cost() -> float:
        return (torch.sigmoid(X @ w + b) - y).square().mean().item()

    first = cost()
    for _ in range(steps):
        dw, db = slopes(X, y, w, b)
        w, b = w - 5 * dw, b - 5 * db * bias
    return w.item(), b.item(), first, cost(), share((X @ w + b > 0) == (y == 1))


def at(threshold: float, kind: str) -> float:
    """Mistakes of the neuron w = 10, b = −7: cancers missed, or false alarms."""
    X, y = load_cells()
    fires = torch.sigmoid(10 * X[:, 0] - 7) > threshold
    return float(((y == 1) & ~fires).sum() if kind == "missed" else ((y == 0) & fires).sum())


def best_cut() -> float:
    """How many cells the best rule on the area alone gets right."""
    X, y = load_cells()
    return float(max(((X[:, 0] > cut) == (y == 1)).sum() for cut in X[:, 0]))


def _hidden(run: Training) -> torch.Tensor:
    return inside.hidden_of(run, digits()[2])


def _shifted(pixels: int) -> float:
    images, y = digits()[2].reshape(-1, 28, 28), digits()[3]
    reached = []
    for right, down in ((pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)):
        moved = nn.functional.pad(images, (right, -right, down, -down)).flatten(1)
        reached.append(inside.accuracy_of(trained(), inside.hidden_of(trained(), moved), y))
    return sum(reached) / 4


def _without(count: int) -> float:
    hidden, y = _hidden(trained()), digits()[3]
    draw = torch.Generator().manual_seed(0)
    reached = []
    for _ in range(5):
        out = hidden.clone()
        neurons = torch.randperm(64, generator=draw)[:count]
        out[:, neurons] = hidden.mean(dim=0)[neurons]
        reached.append(inside.accuracy_of(trained(), out, y))
    return sum(reached) / 5


def _stuck(scale: float) -> float:
    """The share of answers next to 0 or 1 of 64 untrained neurons to 200 images whose pixels go up to `scale`."""
    draw = torch.Generator().manual_seed(0)
    a = torch.sigmoid(scale * digits()[0][:200] @ (torch.randn(784, 64, generator=draw) / 28))
    return share((a < 0.01) | (a > 0.99))


def _spread() -> float:
    """The spread of a hidden sum of an untrained network, over real digits."""
    return (digits()[2] @ trained().start["W1"]).std().item()


def _rounding() -> float:
    from autograder.course.functions import waves

    slope = solved("numeric_gradient")(waves, torch.tensor([0.5]), 1e-7)
    return abs(slope.item() / torch.tensor(0.5).cos().item() - 1)


def stuck(cost: str) -> float:
    """What the stuck neuron of lesson 2 gets right after 1,000 steps with that cost."""
    return network._stuck_neuron(*load_cells(), cost)[-1]


@cache
def loops(nines: bool = True):
    """Lesson 8's own question, has it a closed loop: parameters, and the places that were held out."""
    X, y, *_ = digits()
    closed = torch.isin(y, torch.tensor([0, 6, 8, 9])).long()
    learn, choose, held = solved("deal")(60_000, [50_000, 5_000, 5_000], 0)
    learn = learn if nines else learn[y[learn] != 9]
    start = playground.plain_init((784, 16, 2), 0)
    run = network.watch_training(inside._by_torch, start, X[learn], closed[learn], X[choose], closed[choose], epochs=3)
    return run.params, held


def read_loops(pixels: int = 0, nines: bool = True, only: int | None = None) -> float:
    """Of 100 held-out images, moved to the right, how many are read correctly; of one digit alone, if it is given."""
    X, y, *_ = digits()
    params, held = loops(nines)
    held = held if only is None else held[y[held] == only]
    moved = nn.functional.pad(X[held].reshape(-1, 28, 28), (pixels, -pixels)).flatten(1)
    closed = torch.isin(y[held], torch.tensor([0, 6, 8, 9])).long()
    return 100 * share(playground.plain_forward(moved, params).argmax(dim=1) == closed)


def _nearest_mean() -> float:
    X, y, X_test, y_test = digits()
    return share(inside.nearest_mean(X, y, X_test)[1] == y_test)


FACTS = [
    Fact(
        "0-from-neurons-to-network",
        "| a neuron with a bias, after gradient descent | {{88 %}} |",
        lambda: neuron()[4],
        0.005,
    ),
    Fact(
        "0-from-neurons-to-network",
        "| the same neuron without a bias | {{37 %}} |",
        lambda: neuron(bias=False)[4],
        0.005,
    ),
    Fact(
        "0-from-neurons-to-network",
        '| "always benign", without looking | {{63 %}} |',
        lambda: share(load_cells()[1] == 0),
        0.005,
    ),
    Fact(
        "0-from-neurons-to-network",
        "| the best cut that any rule on the area alone could make | {{89.5 %}} |",
        lambda: best_cut() / 569,
        0.0005,
    ),
    Fact("0-from-neurons-to-network", "is right for {{90 %}} of the test images", lambda: linear(2), 0.006),
    Fact(
        "0-from-neurons-to-network",
        "with a layer of 64 neurons before it, for {{98.5 %}}.",
        lambda: trained(64, 2).accuracies[0],
        0.002,
    ),
    Fact("0-from-neurons-to-network", "Ten neurons side by side, one a digit, read {{92 %}};", linear, 0.005),
    Fact(
        "0-from-neurons-to-network",
        "such a network read {{85 %}} of the test images.",
        lambda: trained(4).accuracies[0],
        0.02,
    ),
    Fact("0-from-neurons-to-network", "Ours with 64 reads {{97.6 %}}.", lambda: trained().accuracies[0], 0.0015),
    Fact(
        "0-from-neurons-to-network",
        "with 256 hidden neurons we measured {{97.8 %}}.",
        lambda: sum(trained(256, seed=seed).accuracies[0] for seed in (0, 1, 2)) / 3,
        0.0015,
    ),
    Fact("1-neuron", "{{508}} of 569, or 89 %.", lambda: 569 - at(0.5, "missed") - at(0.5, "alarms"), 0),
    Fact("1-neuron", "The best cut that there is on the area gets {{509}}", best_cut, 0),
    Fact("1-neuron", "at ½ it misses {{51}} cancers", lambda: at(0.5, "missed"), 0),
    Fact("1-neuron", "and raises {{10}} false alarms", lambda: at(0.5, "alarms"), 0),
    Fact("1-neuron", "at 0.2 it misses {{19}} and", lambda: at(0.2, "missed"), 0),
    Fact("1-neuron", "and raises {{79}}.", lambda: at(0.2, "alarms"), 0),
    Fact("2-gradient-descent", "rounding makes the slope {{2 %}} wrong", _rounding, 0.005),
    Fact("2-gradient-descent", "{{88 %}}, found by itself.", lambda: neuron()[4], 0.005),
    Fact("2-gradient-descent", "and the cost of $w = {{10.3}}$", lambda: neuron()[0], 0.05),
    Fact("2-gradient-descent", "$b = {{-7.1}}$ is a little lower", lambda: neuron()[1], 0.05),
    Fact("2-gradient-descent", "We measured a first loss of {{0.78}}.", lambda: neuron(-30.0, 30.0)[2], 0.005),
    Fact("2-gradient-descent", "After 1,000 steps it is {{0.63}}", lambda: neuron(-30.0, 30.0)[3], 0.005),
    Fact("2-gradient-descent", "$w \\approx {{-16.8}}$", lambda: neuron(-30.0, 30.0)[0], 0.05),
    Fact("2-gradient-descent", "$b \\approx {{38.8}}$", lambda: neuron(-30.0, 30.0)[1], 0.05),
    Fact("2-gradient-descent", "From $(0, 0)$ the loss came down to {{0.09}}.", lambda: neuron()[3], 0.005),
    Fact("4-network", "(For real digits, which are mostly paper, it is about {{0.3}}.)", _spread, 0.05),
    Fact(
        "5-images-and-scores", "Above, pixels from 0 to 255: {{95 %}} are stuck at 0 or 1.", lambda: _stuck(255), 0.01
    ),
    Fact(
        "5-images-and-scores", "By squares it still gets {{36.9 %}} of the cells right", lambda: stuck("squares"), 0.001
    ),
    Fact("5-images-and-scores", "by the surprise {{88.4 %}}.", lambda: stuck("surprise"), 0.001),
    Fact("6-learning-digits", "That reads {{82.0 %}} of the test images", _nearest_mean, 0.0005),
    Fact("6-learning-digits", "*without* a hidden layer read {{92 %}}.", linear, 0.005),
    Fact(
        "6-learning-digits",
        "We measured {{97.6 %}} with the pixels in their places",
        lambda: trained().accuracies[0],
        0.0015,
    ),
    Fact(
        "6-learning-digits",
        "and {{97.6 %}} with all of them scrambled.",
        lambda: trained(scrambled=True).accuracies[0],
        0.002,
    ),
    Fact("7-inside-your-network", "The means read {{82.0 %}}.", _nearest_mean, 0.0005),
    Fact("7-inside-your-network", "The ten neurons read about {{92 %}}", linear, 0.005),
    Fact("7-inside-your-network", "Ten means read {{82 %}}", _nearest_mean, 0.005),
    Fact("7-inside-your-network", "ten neurons {{92 %}}", linear, 0.005),
    Fact("8-your-own-question", "it is right for {{98}} of 100. Always saying", read_loops, 1.5),
    Fact("8-your-own-question", "It does so for {{3}} nines of 100", lambda: read_loops(nines=False, only=9), 3),
    Fact("8-your-own-question", "By 1 pixel to the right {{95}},", lambda: read_loops(1), 2),
    Fact("8-your-own-question", "by 2 pixels {{88}},", lambda: read_loops(2), 3),
    Fact("8-your-own-question", "by 4 pixels {{69}}.", lambda: read_loops(4), 5),
]


def parted() -> Iterator[str]:
    """A sentence for each number that is another one than its text tells; progress goes to the screen."""
    for fact in FACTS:
        began = time.monotonic()
        found = fact.measure()
        fits = abs(found - fact.number) <= fact.within + 1e-9
        sign = "✓" if fits else "✗"
        print(
            f"{sign} {fact.lesson}: told {fact.number:g}, found {found:.5g} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        if not fits:
            yield f"{fact.lesson} tells “{fact.passage}”, and {found:.5g} was measured (may differ by {fact.within:g})."


if __name__ == "__main__":
    wrong = list(parted())
    print("\n".join(wrong) or f"All {len(FACTS)} numbers are as the texts tell them.")
    sys.exit(bool(wrong))
