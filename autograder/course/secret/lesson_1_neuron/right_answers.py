"""Right answers to lesson 1, in the styles that students write."""

import math

import numpy as np
import torch


def weighted_sum__matmul(x, w, b):
    """A matrix product, which takes one observation or many."""
    return x @ w + b


def weighted_sum__products(x, w, b):
    """Products, then a sum along the last dimension."""
    return (x * w).sum(dim=-1) + b


def weighted_sum__loop(x, w, b):
    """Python's own arithmetic, one observation after the other."""
    if x.dim() == 1:
        total = b.item()
        for value, weight in zip(x.tolist(), w.tolist(), strict=True):
            total += value * weight
        return total
    sums = []
    for row in x:
        total = b.clone()
        for n in range(len(w)):
            total = total + row[n] * w[n]
        sums.append(total)
    return torch.stack(sums)


def weighted_sum__numpy(x, w, b):
    """numpy, in double precision."""
    return np.dot(x.numpy().astype(np.float64), w.numpy().astype(np.float64)) + float(b)


def weighted_sum__einsum(x, w, b):
    """An index formula."""
    return torch.einsum("...n,n->...", x, w) + b


def sigmoid__formula(z):
    """The formula as the lesson has it."""
    return 1 / (1 + torch.exp(-z))


def sigmoid__builtin(z):
    """torch's own."""
    return torch.sigmoid(z)


def sigmoid__two_branches(z):
    """A branch for each sign, so that no exponential gets large."""
    small = torch.exp(-z.abs())
    return torch.where(z >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid__tanh(z):
    """By way of the hyperbolic tangent."""
    return (torch.tanh(z / 2) + 1) / 2


def sigmoid__math_loop(z):
    """Python's math on each number."""
    return torch.tensor([1 / (1 + math.exp(-value)) for value in z.flatten().tolist()]).reshape(z.shape)


def sigmoid__numpy(z):
    """numpy, in double precision; a scalar or an array."""
    return 1 / (1 + np.exp(-z.numpy().astype(np.float64)))


def predict__long(x, w, b):
    """Compares the hypothesis, then converts to whole numbers."""
    return (torch.sigmoid(x @ w + b) > 0.5).long()


def predict__sign_of_sum(x, w, b):
    """The sigmoid exceeds a half where its input is positive."""
    return ((x * w).sum(-1) + b > 0).long()


def predict__bool(x, w, b):
    """Leaves the answer as true and false."""
    return torch.sigmoid(x @ w + b) > 0.5


def predict__where(x, w, b):
    """Chooses between 1.0 and 0.0."""
    h = 1 / (1 + torch.exp(-(x @ w + b)))
    return torch.where(h > 0.5, 1.0, 0.0)


def predict__python(x, w, b):
    """Python numbers: an int for one observation, a list for many."""
    h = torch.sigmoid(x @ w + b)
    if h.dim() == 0:
        return 1 if h.item() > 0.5 else 0
    return [1 if value > 0.5 else 0 for value in h.tolist()]


def predict__numpy(x, w, b):
    """numpy; a numpy scalar for one observation."""
    return (np.asarray(x @ w + b) > 0).astype(np.int64)[()]


def careful_neuron__gentle():
    """A gentle curve with the same cut; a list."""
    return [1.0, -0.53]


def careful_neuron__tensors():
    """Tensors."""
    return torch.tensor(20.0), torch.tensor(-10.6)
