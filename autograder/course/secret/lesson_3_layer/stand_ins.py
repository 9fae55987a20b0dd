"""Library calls that stand in for a student's own functions where another question is asked again."""


def linear(X, W, b):
    import torch

    return torch.addmm(b, X, W)
