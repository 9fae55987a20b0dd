"""Library calls that stand in for a student's own functions where another question is asked again."""


def softmax(z):
    import torch

    return torch.softmax(z, dim=-1)
