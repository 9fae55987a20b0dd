"""The two data sets are what they are said to be, to the last byte and to the last per cent."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
import torch

from autograder.course import data
from autograder.course.data import load_cells, load_mnist

FOLDER = Path(data.__file__).parent


def published_sums():
    """File name, md5 and sha256 from the table in the README beside the files."""
    return re.findall(
        r"^\| (\S+-ubyte) \| (\w{32}) \| (\w{64}) \|$", (FOLDER / "mnist" / "README.md").read_text(), re.M
    )


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def cells():
    return load_cells()


# --- MNIST


def test_four_sums_are_published():
    assert len(published_sums()) == 4


@pytest.mark.parametrize(("name", "md5", "sha256"), published_sums(), ids=lambda value: value[:16])
def test_file_is_the_original_one(name, md5, sha256):
    raw = gzip.decompress((FOLDER / "mnist" / f"{name}.gz").read_bytes())
    assert hashlib.md5(raw, usedforsecurity=False).hexdigest() == md5
    assert hashlib.sha256(raw).hexdigest() == sha256


def test_mnist_has_its_shapes_and_dtypes(mnist):
    assert [(name, tuple(part.shape), part.dtype) for name, part in mnist._asdict().items()] == [
        ("train_images", (60_000, 28, 28), torch.uint8),
        ("train_labels", (60_000,), torch.int64),
        ("test_images", (10_000, 28, 28), torch.uint8),
        ("test_labels", (10_000,), torch.int64),
    ]


def test_every_digit_is_there_as_often_as_published(mnist):
    assert mnist.train_labels.bincount().tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert mnist.test_labels.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_ink_is_255_on_0(mnist):
    for images in (mnist.train_images, mnist.test_images):
        assert (images.min(), images.max()) == (0, 255)
        assert images[:, 0, 0].sum() == 0


def test_images_stand_upright_beside_their_labels(mnist):
    assert mnist.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    ones = mnist.test_images[mnist.test_labels == 1].float().mean(dim=0)
    assert (ones.max(dim=1).values > 50).sum() > (ones.max(dim=0).values > 50).sum()  # taller than wide
    zeros = mnist.test_images[mnist.test_labels == 0].float().mean(dim=0)
    assert zeros[14, 14] < 10 < zeros[14].max()  # a hole in the middle


def test_each_call_gives_fresh_digits(mnist):
    first = load_mnist()
    first.test_labels.zero_()
    first.test_images.zero_()
    assert torch.equal(load_mnist().test_labels, mnist.test_labels)
    assert torch.equal(load_mnist().test_images, mnist.test_images)


@pytest.fixture
def replaced(tmp_path, monkeypatch):
    """``replaced(raw)``: load MNIST where the file of test labels holds these bytes."""
    (tmp_path / "mnist").mkdir()
    for path in (FOLDER / "mnist").glob("t*.gz"):
        (tmp_path / "mnist" / path.name).symlink_to(path)
    monkeypatch.setattr(data, "_FOLDER", tmp_path)

    def load(raw):
        path = tmp_path / "mnist" / "t10k-labels-idx1-ubyte.gz"
        path.unlink()
        path.write_bytes(gzip.compress(raw))
        data._mnist.cache_clear()
        return load_mnist()

    yield load
    data._mnist.cache_clear()


def test_file_of_another_kind_is_refused(replaced):
    with pytest.raises(ValueError, match=r"t10k-labels-idx1-ubyte\.gz starts with 2051, .* starts with 2049"):
        replaced(bytes([0, 0, 8, 3, 0, 0, 0, 1, 7]))


def test_file_that_was_cut_off_is_refused(replaced):
    with pytest.raises(ValueError, match="cannot reshape"):
        replaced(bytes([0, 0, 8, 1, 0, 0, 0, 5, 7, 7]))


def test_numbers_in_the_header_are_big_endian(replaced):
    assert replaced(bytes([0, 0, 8, 1, 0, 0, 1, 0]) + bytes(range(256))).test_labels.tolist() == list(range(256))


# --- cells


def test_cells_have_their_shapes_and_dtypes(cells):
    assert (tuple(cells.X.shape), cells.X.dtype) == ((569, 1), torch.float32)
    assert (tuple(cells.y.shape), cells.y.dtype) == ((569,), torch.int64)


def test_212_of_569_cells_are_malignant(cells):
    assert cells.y.bincount().tolist() == [357, 212]


def test_areas_are_thousands_of_square_pixels(cells):
    assert cells.X[0].item() == pytest.approx(1.001)  # the first row as published
    assert (cells.X.min().item(), cells.X.max().item()) == pytest.approx((0.1435, 2.501))


def test_malignant_nuclei_are_larger(cells):
    assert cells.X[cells.y == 1].mean() > 2 * cells.X[cells.y == 0].mean()


def test_each_call_gives_fresh_cells(cells):
    load_cells().X.zero_()
    assert torch.equal(load_cells().X, cells.X)


def right(cells, w, b):
    """Share of the cells that a neuron with this weight and bias is right about."""
    return ((w * cells.X[:, 0].double() + b > 0).long() == cells.y).double().mean().item()


def best_neuron(cells, *, bias):
    """Weight and bias with the least mean squared error, found by gradient descent."""
    x, y = cells.X[:, 0].double(), cells.y.double()
    w = b = 0.0
    for _ in range(2_000):
        a = torch.sigmoid(w * x + b)
        dz = 2 * (a - y) * a * (1 - a)
        w -= 5 * (dz * x).mean().item()
        b -= 5 * dz.mean().item() * bias
    return w, b


def test_best_neuron_without_a_bias_calls_everything_malignant_and_is_right_for_37_per_cent(cells):
    w, b = best_neuron(cells, bias=False)
    assert w > 0
    assert b == 0
    assert right(cells, w, b) == 212 / 569 == pytest.approx(0.37, abs=0.005)


def test_best_neuron_with_a_bias_is_right_for_88_per_cent(cells):
    assert right(cells, *best_neuron(cells, bias=True)) == pytest.approx(0.88, abs=0.005)


def test_always_benign_is_right_for_63_per_cent(cells):
    assert right(cells, 0, -1) == pytest.approx(0.63, abs=0.005)


def test_no_cut_on_the_area_beats_89_and_a_half_per_cent(cells):
    areas = cells.X[:, 0].double().unique()
    cuts = torch.cat([areas[:1] - 1, areas, areas[-1:] + 1])
    both_ways = [right(cells, sign, -sign * cut) for cut in cuts.tolist() for sign in (1, -1)]
    assert max(both_ways) == 509 / 569
    assert 0.894 < max(both_ways) < 0.895


def test_neuron_set_by_hand_in_lesson_1_is_right_for_508(cells):
    assert right(cells, 10, -7) == 508 / 569


def test_each_data_set_comes_with_its_source_and_licence():
    for name, licence in (("cells", "CC BY 4.0"), ("mnist", "Attribution-ShareAlike 3.0")):
        assert licence in (FOLDER / name / "README.md").read_text()
