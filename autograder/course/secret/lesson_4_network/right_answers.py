"""Right answers to lesson 4, in the styles that students write."""

import math

import numpy as np
import torch


def init_params__generator(sizes, seed):
    """One generator for all layers."""
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for layer in range(1, len(sizes)):
        shape = (sizes[layer - 1], sizes[layer])
        params[f"W{layer}"] = torch.randn(shape, generator=generator) / math.sqrt(sizes[layer - 1])
        params[f"b{layer}"] = torch.zeros(sizes[layer])
    return params


def init_params__global_seed(sizes, seed):
    """torch's global generator; biases of shape given by a list; keys in another order."""
    torch.manual_seed(seed)
    weights = {
        f"W{n + 1}": torch.normal(0.0, sizes[n] ** -0.5, (sizes[n], sizes[n + 1])) for n in range(len(sizes) - 1)
    }
    biases = {f"b{n + 1}": torch.zeros([sizes[n + 1]]) for n in range(len(sizes) - 1)}
    return biases | weights


def init_params__numpy(sizes, seed):
    """numpy's generator, in double precision."""
    rng = np.random.default_rng(seed)
    params = {}
    for layer, neurons in enumerate(sizes[1:], start=1):
        inputs = sizes[layer - 1]
        params["W" + str(layer)] = rng.normal(scale=1 / np.sqrt(inputs), size=(inputs, neurons))
        params["b" + str(layer)] = np.zeros(neurons)
    return params


def init_params__uniform(sizes, seed):
    """Uniform numbers of the same spread."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    params = {}
    for layer in range(len(sizes) - 1):
        edge = math.sqrt(3 / sizes[layer])
        drawn = torch.rand(sizes[layer], sizes[layer + 1], generator=generator)
        params[f"W{layer + 1}"] = edge * (2 * drawn - 1)
        params[f"b{layer + 1}"] = torch.zeros(sizes[layer + 1])
    return params


def init_params__torch_init(sizes, seed):
    """torch.nn.init, with parameters that carry grad."""
    torch.manual_seed(seed)
    params = {}
    for layer in range(1, len(sizes)):
        weight = torch.nn.Parameter(torch.empty(sizes[layer - 1], sizes[layer]))
        torch.nn.init.normal_(weight, mean=0.0, std=1 / sizes[layer - 1] ** 0.5)
        params[f"W{layer}"] = weight
        params[f"b{layer}"] = torch.nn.Parameter(torch.zeros(sizes[layer]))
    return params


def softmax_examples__tensors():
    """Tensors, in lists; one large table."""
    z = torch.tensor([[2.0, 1.0], [1000.0, 1001.0986], [-1000.0, -1000.0]])
    return [[z, torch.tensor([[0.731, 0.269], [0.25, 0.75], [0.5, 0.5]])]]


def softmax_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays."""
    return (
        {"z": np.array([[1000, 1001.0986], [0, 0]]), "expected": np.array([[0.25, 0.75], [0.5, 0.5]])},
        {"expected": [[0.12, 0.88], [0.5, 0.5]], "z": [[-1, 1], [-1000, -1000]]},
        {"z": [[0, 0], [0, 1000]], "expected": [[0.5, 0.5], [0, 1]]},
    )


def softmax__shifted(z):
    """The largest logit of each row is taken away first."""
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__builtin(z):
    """torch's own."""
    return torch.softmax(z, dim=1)


def softmax__logsumexp(z):
    """By way of logarithms."""
    return torch.exp(z - torch.logsumexp(z, dim=1, keepdim=True))


def softmax__rows(z):
    """A loop over the rows."""
    rows = []
    for row in z:
        powers = (row - row.max()).exp()
        rows.append(powers / powers.sum())
    return torch.stack(rows)


def softmax__numpy(z):
    """numpy, with a copy changed in place."""
    z = z.numpy().copy()
    z -= z.max(axis=1, keepdims=True)
    powers = np.exp(z)
    return powers / powers.sum(axis=1)[:, None]


def softmax__python_lists(z):
    """Lists of Python numbers."""
    result = []
    for row in z.tolist():
        powers = [math.exp(value - max(row)) for value in row]
        result.append([power / sum(powers) for power in powers])
    return result


def softmax__double(z):
    """Double precision."""
    z = z.double()
    powers = torch.exp(z - z.amax(1, True))
    return powers / powers.sum(1, True)


def forward__two_lines(X, params):
    """One line a layer."""
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


def forward__formulas(X, params):
    """Both functions written out."""
    hidden = 1 / (1 + torch.exp(-(X @ params["W1"] + params["b1"])))
    powers = torch.exp(hidden @ params["W2"] + params["b2"])
    return powers / powers.sum(dim=1, keepdim=True)


def forward__torch_modules(X, params):
    """torch's layers, filled with the transposes."""
    first = torch.nn.Linear(*params["W1"].shape)
    second = torch.nn.Linear(*params["W2"].shape)
    with torch.no_grad():
        first.weight.copy_(params["W1"].T)
        first.bias.copy_(params["b1"])
        second.weight.copy_(params["W2"].T)
        second.bias.copy_(params["b2"])
    return torch.nn.Sequential(first, torch.nn.Sigmoid(), second, torch.nn.Softmax(dim=1))(X)


def forward__numpy(X, params):
    """numpy arrays."""
    W1, b1, W2, b2 = (params[name].numpy() for name in ("W1", "b1", "W2", "b2"))
    hidden = 1 / (1 + np.exp(-(X.numpy() @ W1 + b1)))
    z = hidden @ W2 + b2
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def forward__row_by_row(X, params):
    """One observation at a time."""
    rows = []
    for x in X:
        hidden = torch.sigmoid(x @ params["W1"] + params["b1"])
        rows.append(torch.softmax(hidden @ params["W2"] + params["b2"], dim=0))
    return torch.stack(rows)


def predict_digits__argmax(probs):
    """argmax along the rows."""
    return probs.argmax(dim=1)


def predict_digits__max(probs):
    """The second result of max."""
    return torch.max(probs, 1)[1]


def predict_digits__topk(probs):
    """The first of the top one."""
    return probs.topk(1, dim=1).indices.squeeze(1)


def predict_digits__python(probs):
    """A list of Python numbers."""
    return [row.index(max(row)) for row in probs.tolist()]


def predict_digits__numpy(probs):
    """numpy's argmax."""
    return np.argmax(probs.numpy(), axis=1)


def predict_digits__floats(probs):
    """Whole numbers kept as floats."""
    result = torch.zeros(probs.shape[0])
    for row in range(probs.shape[0]):
        result[row] = torch.argmax(probs[row])
    return result
