"""Library calls that stand in for a student's own functions where another question is asked again."""


def weighted_sum(x, w, b):
    import torch

    return torch.inner(x, w) + b


def sigmoid(z):
    import torch

    return torch.special.expit(torch.as_tensor(z))
