"""Right answers to lesson 5, in the styles that students write."""

import math
from fractions import Fraction

import numpy as np
import torch


def prepare_images__flatten(images):
    """flatten and divide."""
    return images.flatten(start_dim=1).float() / 255


def prepare_images__view(images):
    """A view of rows; torch divides whole numbers into floats."""
    return images.view(-1, 784) / 255.0


def prepare_images__numpy(images):
    """numpy, in double precision."""
    return images.numpy().reshape(len(images), 28 * 28) / 255


def prepare_images__image_by_image(images):
    """A loop over images."""
    rows = torch.zeros(images.shape[0], 784)
    for n, image in enumerate(images):
        rows[n] = image.reshape(784).to(torch.float32) * (1 / 255)
    return rows


def prepare_images__in_place_on_copy(images):
    """Converts first, then changes the copy in place."""
    X = images.to(torch.float64).reshape(images.shape[0], -1)
    X /= 255
    return X


def cross_entropy__clamp(probs, y):
    """The probabilities at the labels, held above 1e-12."""
    right = probs[torch.arange(len(y)), y]
    return -torch.log(right.clamp(min=1e-12)).mean()


def cross_entropy__one_hot(probs, y):
    """A product with one-hot rows."""
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    return -(target * torch.log(probs.clamp(min=1e-12))).sum() / len(y)


def cross_entropy__gather(probs, y):
    """gather, and a smallest value of another size."""
    right = probs.gather(1, y.unsqueeze(1)).squeeze(1)
    return (-right.clamp_min(1e-7).log()).mean()


def cross_entropy__tiny(probs, y):
    """The smallest normal float32 as the floor."""
    right = torch.maximum(probs[range(len(y)), y], torch.tensor(torch.finfo(torch.float32).tiny))
    return torch.mean(-torch.log(right))


def cross_entropy__nll_loss(probs, y):
    """torch's negative log likelihood."""
    return torch.nn.functional.nll_loss(torch.log(probs.clamp(min=1e-12)), y)


def cross_entropy__python(probs, y):
    """A loop; a Python number."""
    total = 0.0
    for row, label in zip(probs.tolist(), y.tolist(), strict=True):
        total -= math.log(max(row[label], 1e-12))
    return total / len(y)


def cross_entropy__numpy(probs, y):
    """numpy, in double precision; a numpy scalar."""
    p = probs.numpy().astype(np.float64)[np.arange(len(y)), y.numpy()]
    return -np.log(np.maximum(p, 1e-12)).mean()


def cross_entropy__added(probs, y):
    """A tiny number is added instead; the lesson advises against it, and no share notices."""
    return -torch.log(probs[torch.arange(len(y)), y] + 1e-12).mean()


def right_but_costly__tensor():
    """A tensor made by softmax of small scores."""
    return torch.softmax(0.05 * torch.eye(3)[torch.tensor([0, 1, 2, 0])], dim=1)


def right_but_costly__numpy():
    """Two ways to be hardly right, in a numpy array."""
    return np.array([[0.35, 0.34, 0.31], [0.3, 0.36, 0.34], [0.32, 0.33, 0.35], [0.36, 0.3, 0.34]])


def prepare_images__loop_over_pixels_rows(images):
    """Rows of pixels laid end to end by torch.cat."""
    return torch.stack([torch.cat(list(image)) for image in images]).float().div(255)


def prepare_images__flatten_module(images):
    """torch's module."""
    return torch.nn.Flatten()(images).to(torch.float32) / 255.0


def prepare_images__unfold_sizes(images):
    """Sizes by name, a product of two."""
    m, height, width = images.shape
    return (images / 255).reshape(m, height * width)


def prepare_images__true_divide(images):
    """torch.true_divide and squeeze-free reshape."""
    return torch.true_divide(images.reshape(images.size(0), -1), 255)


def cross_entropy__clip_loop(probs, y):
    """A loop over the rows, with tensors."""
    surprises = []
    for i in range(len(y)):
        p = torch.clip(probs[i][y[i]], 1e-12, 1.0)
        surprises.append(-torch.log(p))
    return sum(surprises) / len(surprises)


def cross_entropy__sum_of_masked(probs, y):
    """A mask of where the labels are."""
    mask = torch.arange(probs.shape[1]) == y.reshape(-1, 1)
    return -torch.log(torch.clamp(probs[mask], min=1e-12)).sum() / y.shape[0]


def cross_entropy__where(probs, y):
    """torch.where holds the smallest."""
    right = torch.take_along_dim(probs, y.view(-1, 1), dim=1)
    return -torch.where(right < 1e-12, torch.tensor(1e-12), right).log().mean()


def cross_entropy__item(probs, y):
    """A Python number, by item."""
    picked = probs[torch.arange(y.size(0)), y].clamp(min=1e-12)
    return picked.log().neg().mean().item()


def cross_entropy__matmul(probs, y):
    """The diagonal of a product."""
    hot = torch.eye(probs.size(1))[y]
    right = torch.diagonal(probs @ hot.T)
    return torch.mean(-torch.log(torch.clamp(right, 1e-12)))


def accuracy_examples__tensors():
    """Tensors in lists; one table in which everything is to be found."""
    probs = torch.tensor([[0.4, 0.35, 0.25], [0.4, 0.3, 0.3], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])
    return [
        [probs, torch.tensor([0, 1, 2, 0]), torch.tensor(0.5)],
        [torch.tensor([[0.9, 0.1], [0.8, 0.2]]), torch.tensor([0, 1]), 0.5],
        [probs[:3], torch.tensor([0, 1, 2]), 0.667],
        [probs[:1], torch.tensor([0]), torch.tensor(1)],
    ]


def accuracy_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays and numpy numbers."""
    three = np.array([[0.4, 0.3, 0.3], [0.5, 0.25, 0.25], [0.6, 0.2, 0.2], [0.1, 0.1, 0.8]])
    return (
        {"y": np.array([0, 1, 0, 2]), "probs": three, "expected": np.float32(0.75)},
        {"expected": 0, "y": [1, 0], "probs": [[0.6, 0.4], [0.2, 0.8]]},
        {"expected": 1, "y": [0, 0], "probs": [[0.6, 0.4], [0.7, 0.3]]},
    )


def accuracy_examples__fractions():
    """Fractions, which are exact."""
    third = Fraction(1, 3)
    return [
        ([[0.4, 0.35, 0.25], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]], [0, 1, 2, 2], Fraction(1, 4)),
        ([[0.1, 0.9, 0], [0.8, 0.1, 0.1], [third, third + 0.01, third - 0.01]], [2, 0, 1], 2 * third),
        ([[0.4, 0.35, 0.25]], [0], 1),
    ]


def right_but_costly__fractions():
    """Fractions of a hundred."""
    few, more = Fraction(33, 100), Fraction(34, 100)
    return [[more, few, few], [few, more, few], [few, few, more], [more, few, few]]
