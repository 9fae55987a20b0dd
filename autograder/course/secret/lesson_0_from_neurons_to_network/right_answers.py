"""Right answers to lesson 0, in the styles that students write."""

import torch


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
