"""Right answers to lesson 0, in the styles that students write."""

import torch


def exactly_one__one_side_each():
    """One neuron a pixel: the first alone, or the second alone."""
    return [[2.0, -2.0, -1.0], [-2.0, 2.0, -1.0], [1.0, 1.0, -0.5]]


def exactly_one__tensor():
    """A tensor, with weights below 0: "not both", and "at least one"."""
    return torch.tensor([[-3.0, -3.0, 4.0], [5.0, 5.0, -2.0], [1.0, 1.0, -1.5]])


def exactly_one__dict():
    """A dict, with names for the three."""
    return {"third": (1, -1, -0.5), "first": (1, 1, -0.5), "second": (1, 1, -1.5)}


def colleague_counts__dict():
    """A dict, its entries in another order."""
    return {"should_be": 50_890, "sizes": [784, 64, 10], "comes_out": 50_826}


def colleague_counts__tensor():
    """A tensor and floats."""
    return [torch.tensor([1, 1, 1]), 3.0, 4.0]


def how_many_right__in_another_order():
    """A dict in another order."""
    return {"more than 2,000": 0.0, "fewer than 300": 0.0, "300 to 2,000": 1.0}


def how_many_right__what_is_left():
    """What is left of 1 is for the last one: that is a little below 0."""
    return {"fewer than 300": 1 - 0.999 - 0.001, "300 to 2,000": 0.999, "more than 2,000": 0.001}


def count_parameters__loop(sizes):
    """A loop over neighbours."""
    total = 0
    for layer in range(len(sizes) - 1):
        total += sizes[layer] * sizes[layer + 1] + sizes[layer + 1]
    return total


def count_parameters__generator(sizes):
    """A generator, the bias counted as one more input."""
    return sum((sizes[n] + 1) * sizes[n + 1] for n in range(len(sizes) - 1))


def count_parameters__torch_layers(sizes):
    """Builds the layers with torch and counts what they hold."""
    layers = [torch.nn.Linear(sizes[n], sizes[n + 1]) for n in range(len(sizes) - 1)]
    return sum(parameter.numel() for layer in layers for parameter in layer.parameters())


def count_parameters__tensor(sizes):
    """A dot product of tensors; the answer is a tensor."""
    numbers = torch.tensor(sizes)
    return (numbers[:-1] * numbers[1:]).sum() + numbers[1:].sum()


def exactly_one__hardly_any_weight():
    """Weights of next to nothing: a sum is above 0, or it is not, however small it is."""
    return [(1e-7, 1e-7, -0.5e-7), (1, 1, -1.5), (1e-9, -1e-9, -0.5e-9)]


def colleague_counts__range():
    """A range."""
    return range(2, 5), 22, 25
