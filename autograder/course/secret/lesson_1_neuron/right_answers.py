"""Right answers to lesson 1, in the styles that students write."""

import math
from fractions import Fraction

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


def careful_neuron__gentle():
    """A gentle curve with the same cut; a list."""
    return [1.0, -0.53]


def careful_neuron__tensors():
    """Tensors."""
    return torch.tensor(20.0), torch.tensor(-10.6)


def careful_neuron__one_tensor():
    """One tensor of two numbers."""
    return torch.tensor([10, -5.3])


def careful_neuron__dict():
    """A dict, the bias first."""
    return {"b": -5.3, "w": 10}


def weighted_sum__dot_or_mv(x, w, b):
    """A case for each number of dimensions, with torch's functions for each."""
    if x.ndim == 1:
        return torch.dot(x, w).add(b)
    return torch.mv(x, w).add(b)


def weighted_sum__column_and_back(x, w, b):
    """A column of weights for the matrix product, and flat again."""
    return torch.matmul(x, w.view(-1, 1)).squeeze(-1) + b


def weighted_sum__inner(x, w, b):
    """torch.inner, and a bias that is a Python number."""
    return torch.inner(x, w) + float(b)


def weighted_sum__bias_as_input(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """One more input that is always 1, with the bias for its weight."""
    ones = torch.ones(*x.shape[:-1], 1)
    return torch.cat([x, ones], dim=-1) @ torch.cat([w, torch.as_tensor(b).reshape(1)])


def weighted_sum__list_comprehension(x, w, b):
    """A list of tensors, one an observation."""
    if x.dim() == 1:
        return sum(x[i] * w[i] for i in range(len(w))) + b
    return [sum(row[i] * w[i] for i in range(len(w))) + b for row in x]


def weighted_sum__recursive(x, w, b):
    """Calls itself for each row."""
    if len(x.shape) > 1:
        return torch.stack([weighted_sum__recursive(row, w, b) for row in x])
    return torch.sum(x * w) + b


def weighted_sum__prints(x, w, b):
    """Talks while it works."""
    print("x", x.shape, "w", w.shape)
    z = x @ w
    print("z before the bias:", z)
    return z + b


def weighted_sum__double(x, w, b):
    """Double precision."""
    return (x.double() * w.double()).sum(-1) + b.double()


def weighted_sum__tensordot(x, w, b):
    """torch.tensordot over one dimension."""
    return torch.tensordot(x, w, dims=1) + b


def sigmoid__reciprocal(z):
    """Methods in a row, on new tensors."""
    return z.neg().exp().add(1).reciprocal()


def sigmoid__expit_of_functional(z):
    """The older name of torch's own."""
    return torch.nn.functional.sigmoid(z)


def sigmoid__module(z):
    """torch's module."""
    layer = torch.nn.Sigmoid()
    return layer(z)


def sigmoid__power_of_e(z):
    """Python's power operator."""
    return (1 + math.e**-z) ** -1


def sigmoid__softmax_of_two(z):
    """The second share of a softmax over 0 and z."""
    return torch.softmax(torch.stack([torch.zeros_like(z), z]), dim=0)[1]


def sigmoid__log_space(z):
    """By way of the logarithm of the sigmoid."""
    return torch.exp(-torch.nn.functional.softplus(-z))


def sigmoid__capped(z):
    """Sums that are far out are brought nearer first."""
    return 1.0 / (1.0 + torch.exp(-torch.clamp(z, -80, 80)))


def sigmoid__mask(z):
    """Fills a new tensor, a sign at a time."""
    a = torch.empty_like(z)
    positive = z >= 0
    a[positive] = 1 / (1 + torch.exp(-z[positive]))
    powers = torch.exp(z[~positive])
    a[~positive] = powers / (1 + powers)
    return a


def predict_examples__tensors():
    """Tensors in lists; decisions that are True and False."""
    x = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    return [
        [x, torch.tensor([1.0, 1.0]), torch.tensor(-1.0), torch.tensor([False, False, False, True])],
        [x, torch.tensor([-1.0, 2.0]), torch.tensor(0.25), torch.tensor([1, 0, 1, 1])],
        [x[:1], torch.tensor([1.0, 1.0]), 3, [True]],
    ]


def predict_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays."""
    return (
        {"b": 0, "w": [-1], "x": np.array([[0], [1], [-0.5], [-2]]), "expected": np.array([0, 0, 1, 1])},
        {"expected": [0], "x": [[2]], "w": np.array([1.0]), "b": np.float32(-3)},
        {"expected": [1], "x": [[1, 1]], "w": np.array([-3, 1]), "b": 2.25},
    )


def careful_neuron__weights_of_the_lesson():
    """A row of one weight, as `weighted_sum` takes it."""
    return torch.tensor([10.0]), -5.3


def careful_neuron__fractions():
    """Fractions."""
    return Fraction(10), Fraction(-53, 10)
