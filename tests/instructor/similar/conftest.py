"""A student whose answers to lesson 4 are like nobody's, and what somebody makes of them who has copied."""

import re

import pytest

ORIGINAL = {
    "init_params": '''def init_params(sizes, seed):
    """Random weights and zero biases."""
    dice = torch.Generator()
    dice.manual_seed(seed)
    brain = dict()
    number = 1
    while number < len(sizes):
        coming_in, going_out = sizes[number - 1], sizes[number]
        shrink = coming_in ** 0.5  # else the sigmoid saturates at once
        brain["W%d" % number] = torch.randn(coming_in, going_out, generator=dice).div(shrink)
        brain["b%d" % number] = torch.zeros(going_out)
        number += 1
    return brain''',
    "softmax_examples": """softmax_examples = [
    # the second row is the first one, moved up
    ([[0.25, 1.75, -3.5], [7.25, 8.75, 3.5]], [[0.181658, 0.814142, 0.0042], [0.181658, 0.814142, 0.0042]]),
    ([[612.0, 612.0, 611.0]], [[0.422319, 0.422319, 0.155362]]),
    ([[-2.5, 4.5]], [[0.000911, 0.999089]]),
    ([[0.75, 0.75, 0.75, 0.75, 0.75]], [[0.2, 0.2, 0.2, 0.2, 0.2]]),
]""",
    "softmax": '''def softmax(z):
    """Turn each row of scores into shares."""
    # shift so that the biggest score becomes zero
    biggest = torch.amax(z, 1).view(-1, 1)
    powered = torch.pow(torch.e, z - biggest)
    totals = torch.einsum("ij->i", powered)
    return torch.stack([row / total for row, total in zip(powered, totals)])''',
    "forward": '''def forward(X, params):
    """Send a batch through a network."""
    inner = X.mm(params["W1"]).add(params["b1"])
    squash = torch.reciprocal(torch.exp(inner.neg()) + 1.0)
    outer = squash.mm(params["W2"]).add(params["b2"])
    return torch.nn.functional.softmax(outer, -1)''',
    "predict_digits": '''def predict_digits(probs):
    """The class with the largest share."""
    winners = []
    for line in probs:
        winners.append(int(torch.topk(line, 1).indices))
    return torch.LongTensor(winners)''',
}

_RENAMED = {
    "dice": "g",
    "brain": "made",
    "number": "k",
    "coming_in": "rows",
    "going_out": "cols",
    "shrink": "by",
    "biggest": "m",
    "powered": "e",
    "totals": "s",
    "inner": "h",
    "squash": "a",
    "outer": "o",
    "winners": "best",
    "line": "p",
    "row": "x",
    "total": "y",
}


@pytest.fixture(scope="session")
def original():
    """The answers, by question."""
    return ORIGINAL


@pytest.fixture(scope="session")
def copied():
    """The same in disguise: other names, other comments, lines in another order, other spaces."""
    return {question: disguise(source) for question, source in ORIGINAL.items()}


def disguise(source):
    """What somebody makes of an answer who has copied it."""
    lines = source.splitlines()
    for number, line in enumerate(lines[:-1]):
        first, following = line.strip(), lines[number + 1].strip()
        if (first.startswith("brain = ") and following.startswith("number")) or first.startswith('brain["W'):
            lines[number], lines[number + 1] = lines[number + 1], lines[number]
            break
    source = "\n".join(lines)
    for name, other in _RENAMED.items():
        source = re.sub(rf"\b{name}\b", other, source)
    return re.sub(r"#.*", "# as explained in the lecture", source).replace(", ", ",  ")
