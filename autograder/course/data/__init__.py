"""The data of the course, read from files that come with the package: two data sets, and evidence to be read.

Nothing is downloaded. Each data set carries the source and the licence of its data.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from autograder.course.data.evidence import load_evidence

__all__ = ["Cells", "Mnist", "load_cells", "load_evidence", "load_mnist", "withhold_test_labels"]

_FOLDER = Path(__file__).parent

# The first number in an IDX file says what follows: unsigned bytes in 3 dimensions, or in 1.
_IDX_IMAGES = 2051
_IDX_LABELS = 2049


class Cells(NamedTuple):
    """569 tissue samples: one number measured on each, and the verdict of a pathologist.

    Attributes:
        X: ``(569, 1)`` float32, mean area of the cell nuclei in thousands of square pixels.
        y: ``(569,)`` long, 1 malignant, 0 benign.
    """

    X: torch.Tensor
    y: torch.Tensor


class Mnist(NamedTuple):
    """70,000 handwritten digits, each 28 × 28 pixels, 0 background and 255 ink.

    Attributes:
        train_images: ``(60000, 28, 28)`` uint8.
        train_labels: ``(60000,)`` long, the digits 0 to 9.
        test_images: ``(10000, 28, 28)`` uint8.
        test_labels: ``(10000,)`` long.
    """

    train_images: torch.Tensor
    train_labels: torch.Tensor
    test_images: torch.Tensor
    test_labels: torch.Tensor


def load_cells() -> Cells:
    """Read the cell measurements: ``X, y = load_cells()``. Each call returns fresh tensors."""
    return Cells(*(part.clone() for part in _cells()))


def load_mnist() -> Mnist:
    """Read the four original MNIST files.

    Each call returns fresh tensors, so nothing that is done to them reaches the next caller.

    Raises:
        ValueError: a file does not hold what its name says.
    """
    return Mnist(*(part.clone() for part in _mnist()))


def withhold_test_labels() -> None:
    """From now on `load_mnist` gives zeros for the test labels, and their file is not read.

    For processes that run somebody else's code. Zeros, because they are labels like any other: what a notebook does
    with them comes out wrong and does not break.
    """
    global _test_labels
    _test_labels = _no_labels
    _mnist.cache_clear()


@cache
def _cells() -> Cells:
    table = np.loadtxt(_FOLDER / "cells" / "cells.csv", delimiter=",", skiprows=1, dtype=np.float32)
    return Cells(torch.from_numpy(table[:, :1] / 1000), torch.from_numpy(table[:, 1]).long())


@cache
def _mnist() -> Mnist:
    return Mnist(
        _read_idx("train-images-idx3-ubyte.gz", _IDX_IMAGES),
        _read_idx("train-labels-idx1-ubyte.gz", _IDX_LABELS).long(),
        _read_idx("t10k-images-idx3-ubyte.gz", _IDX_IMAGES),
        _test_labels(),
    )


def _true_labels() -> torch.Tensor:
    return _read_idx("t10k-labels-idx1-ubyte.gz", _IDX_LABELS).long()


def _no_labels() -> torch.Tensor:
    return torch.zeros(10_000, dtype=torch.long)


_test_labels = _true_labels


def _read_idx(name: str, magic: int) -> torch.Tensor:
    """Read one IDX file: big-endian magic number, one size per dimension, then the bytes row by row."""
    raw = gzip.decompress((_FOLDER / "mnist" / name).read_bytes())
    found = int.from_bytes(raw[:4], "big")
    if found != magic:
        raise ValueError(f"{name} starts with {found}, an MNIST file of this kind starts with {magic}")
    dimensions = raw[3]
    shape = np.frombuffer(raw, dtype=">u4", count=dimensions, offset=4).astype(int)
    pixels = np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * dimensions)
    return torch.from_numpy(pixels.reshape(shape).copy())
