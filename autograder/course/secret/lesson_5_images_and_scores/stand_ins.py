"""Library calls that stand in for a student's own functions where another question is asked again."""


def one_hot(y, n_classes):
    import torch

    return torch.nn.functional.one_hot(y, n_classes).float()
