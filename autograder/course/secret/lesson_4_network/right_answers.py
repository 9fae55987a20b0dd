"""Right answers to lesson 4, in the styles that students write."""

import itertools
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
    return [[z, torch.tensor([[0.731, 0.269], [0.25, 0.75], [0.5, 0.5]])], [z[:1], torch.tensor([[0.731, 0.269]])]]


def softmax_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays."""
    return (
        {"z": np.array([[1000, 1001.0986], [0, 0]]), "expected": np.array([[0.25, 0.75], [0.5, 0.5]])},
        {"expected": [[0.12, 0.88], [0.5, 0.5]], "z": [[-1, 1], [-1000, -1000]]},
        {"z": [[0, 0], [0, 1000]], "expected": [[0.5, 0.5], [0, 1]]},
        {"z": [[7]], "expected": [[1]]},
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


def init_params__zip(sizes, seed):
    """Pairs of sizes, and another way to draw."""
    rng = torch.Generator()
    rng.manual_seed(seed)
    params = {}
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        params[f"W{i + 1}"] = torch.empty(n_in, n_out).normal_(0, n_in**-0.5, generator=rng)
        params[f"b{i + 1}"] = torch.zeros(n_out)
    return params


def init_params__ordered_dict(sizes, seed):
    """An OrderedDict; a seed for each layer of its own."""
    from collections import OrderedDict

    params = OrderedDict()
    for layer, (a, b) in enumerate(itertools.pairwise(sizes), 1):
        generator = torch.Generator().manual_seed(1000 * seed + layer)
        params[f"W{layer}"] = torch.randn(a, b, generator=generator) * (1.0 / a) ** 0.5
        params[f"b{layer}"] = torch.zeros(b)
    return params


def init_params__python_random(sizes, seed):
    """Python's own random numbers."""
    import random

    draw = random.Random(seed)
    params = {}
    for layer in range(1, len(sizes)):
        rows, columns = sizes[layer - 1], sizes[layer]
        spread = 1 / math.sqrt(rows)
        params[f"W{layer}"] = torch.tensor([[draw.gauss(0, spread) for _ in range(columns)] for _ in range(rows)])
        params[f"b{layer}"] = torch.zeros(columns)
    return params


def softmax__functional(z):
    """torch's function with a named dimension."""
    return torch.nn.functional.softmax(z, dim=-1)


def softmax__module(z):
    """torch's module."""
    return torch.nn.Softmax(dim=1)(z)


def softmax__log_softmax(z):
    """exp of the logarithm."""
    return z.log_softmax(1).exp()


def softmax__fill(z):
    """Fills a new tensor row by row."""
    out = torch.zeros_like(z)
    for i in range(z.shape[0]):
        shifted = z[i] - torch.max(z[i])
        e = torch.exp(shifted)
        out[i] = e / torch.sum(e)
    return out


def softmax__transposed(z):
    """Rows as columns and back."""
    e = torch.exp(z.T - z.T.max(0).values)
    return (e / e.sum(0)).T


def softmax__unsqueeze(z):
    """Columns made by unsqueeze."""
    biggest, _ = torch.max(z, dim=1)
    e = (z - biggest.unsqueeze(1)).exp()
    return e.div(e.sum(dim=1).unsqueeze(1))


def softmax__einsum(z):
    """An index formula for the division."""
    e = torch.exp(z - z.amax(dim=1, keepdim=True))
    return torch.einsum("mk,m->mk", e, 1 / e.sum(1))


def forward__nested_helpers(X, params):
    """Functions inside."""

    def softmax(z):
        e = torch.exp(z - z.max(1, keepdim=True)[0])
        return e / e.sum(1, keepdim=True)

    def layer(a, n):
        return a @ params[f"W{n}"] + params[f"b{n}"]

    return softmax(layer(torch.sigmoid(layer(X, 1)), 2))


def forward__loop_over_layers(X, params):
    """A loop that would do for more layers."""
    layers = len(params) // 2
    a = X
    for n in range(1, layers + 1):
        z = torch.addmm(params[f"b{n}"], a, params[f"W{n}"])
        a = torch.softmax(z, dim=1) if n == layers else torch.sigmoid(z)
    return a


def forward__functional_linear(X, params):
    """torch's linear with the transposes."""
    F = torch.nn.functional
    hidden = torch.sigmoid(F.linear(X, params["W1"].t(), params["b1"]))
    return F.softmax(F.linear(hidden, params["W2"].t(), params["b2"]), dim=1)


def forward__unpacked(X, params):
    """Names for the four tensors; prints of shapes."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    z1 = X.mm(W1).add(b1)
    a1 = torch.sigmoid(z1)
    z2 = a1.mm(W2).add(b2)
    print(z1.shape, a1.shape, z2.shape)
    return torch.exp(torch.log_softmax(z2, dim=1))


def forward__class(X, params):
    """A class of one's own, callable."""

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.params = torch.nn.ParameterDict({name: torch.nn.Parameter(p.clone()) for name, p in params.items()})

        def forward(self, X):
            hidden = torch.sigmoid(X @ self.params["W1"] + self.params["b1"])
            return torch.softmax(hidden @ self.params["W2"] + self.params["b2"], 1)

    return Network()(X).detach()


def predict_digits__loop_of_comparisons(probs):
    """Looks for the largest by hand."""
    answers = []
    for row in probs:
        best = 0
        for place in range(1, len(row)):
            if row[place] > row[best]:
                best = place
        answers.append(best)
    return torch.tensor(answers)


def predict_digits__sort(probs):
    """Sorted downwards, the first place."""
    return torch.sort(probs, dim=1, descending=True)[1][:, 0]


def predict_digits__rows(probs):
    """A list of tensors, one a row."""
    return [torch.argmax(row) for row in probs]


def predict_digits__last_of_ties(probs):
    """Of two that are equally large, the later one."""
    k = probs.shape[1]
    return k - 1 - probs.flip(1).argmax(1)


def predict_digits__int32(probs):
    """Whole numbers of 32 bits."""
    return probs.argmax(-1).to(torch.int32)
