"""Right answers to lesson 7, in the styles that students write."""

import numpy as np
import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.course.secret.lesson_7_inside_your_network.suite import KEYS


def most_exciting__argsort(hidden, neuron, k):
    """Sort all, keep the first."""
    return hidden[:, neuron].argsort(descending=True)[:k]


def most_exciting__loop(hidden, neuron, k):
    """The largest again and again, in plain Python."""
    values = hidden[:, neuron].tolist()
    return sorted(range(len(values)), key=lambda place: -values[place])[:k]


def most_exciting__numpy(hidden, neuron, k):
    """numpy, by the smallest of the negatives."""
    return np.argsort(-hidden.numpy()[:, neuron])[:k]


def ablate__loop(hidden, neurons):
    """Neuron by neuron, on a copy."""
    silent = hidden.clone()
    for neuron in neurons:
        silent[:, neuron] = hidden[:, neuron].mean()
    return silent


def ablate__where(hidden, neurons):
    """A mask over the neurons chooses between two tables."""
    out = torch.tensor([neuron in neurons for neuron in range(hidden.shape[1])])
    return torch.where(out, hidden.mean(dim=0), hidden)


def ablate__columns(hidden, neurons):
    """Columns put together anew, in double precision."""
    columns = hidden.double().unbind(dim=1)
    return torch.stack(
        [column.mean().expand(len(column)) if n in neurons else column for n, column in enumerate(columns)], dim=1
    )


def which_weights__array():
    """An array of words."""
    return ["ada", np.array(EVIDENCE["which_weights"].right("ada", KEYS["which_weights"]))]


def which_weights__dict():
    """A dict in another order, words in capitals, an id in other letters."""
    says = EVIDENCE["which_weights"].right("emmy.noether@example.org", KEYS["which_weights"])
    return {"says": [word.upper() for word in says], "student": " Emmy.Noether@example.org "}


def shift_images__pad(images, right, down):
    """Paper on all four sides, then cut out."""
    rows, columns = images.shape[1:]
    wide = torch.nn.functional.pad(images, (columns, columns, rows, rows))
    right, down = max(-columns, min(columns, right)), max(-rows, min(rows, down))
    return wide[:, rows - down : 2 * rows - down, columns - right : 2 * columns - right].clone()


def shift_images__roll_and_wipe(images, right, down):
    """torch.roll, and paper over what came round."""
    moved = torch.roll(images, (down, right), dims=(1, 2))
    rows, columns = images.shape[1:]
    moved[:, : max(down, 0)] = 0
    moved[:, rows + min(down, 0) :] = 0
    moved[:, :, : max(right, 0)] = 0
    moved[:, :, columns + min(right, 0) :] = 0
    return moved


def shift_images__pixel_by_pixel(images, right, down):
    """Three loops."""
    moved = torch.zeros_like(images)
    m, rows, columns = images.shape
    for image in range(m):
        for row in range(rows):
            for column in range(columns):
                if 0 <= row + down < rows and 0 <= column + right < columns:
                    moved[image, row + down, column + right] = images[image, row, column]
    return moved


def fit_probe__lstsq(hidden, answers):
    """torch.linalg.lstsq with a column of ones in front."""
    ones = torch.ones(len(hidden), 1)
    solution = torch.linalg.lstsq(torch.cat([ones, hidden], dim=1), answers[:, None]).solution.flatten()
    return solution[1:].clone(), solution[0].clone()


def fit_probe__centred(hidden, answers):
    """Means taken away first; the bias is what is left of them."""
    centre = hidden.mean(dim=0)
    w = torch.linalg.lstsq(hidden - centre, (answers - answers.mean())[:, None]).solution[:, 0]
    return w, answers.mean() - centre @ w


def fit_probe__numpy(hidden, answers):
    """numpy, in double precision."""
    A = np.column_stack([hidden.numpy().astype(np.float64), np.ones(len(hidden))])
    *w, b = np.linalg.lstsq(A, answers.numpy().astype(np.float64), rcond=None)[0]
    return np.array(w), float(b)


def fit_probe__normal_equations(hidden, answers):
    """The slope is 0 at the lowest place: a system of equations, solved."""
    A = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1).double()
    solution = torch.linalg.solve(A.T @ A, A.T @ answers.double())
    return solution[:-1].clone(), solution[-1].clone()


def same_answers__swapped_and_turned():
    """Both neurons turned round, and on each other's chairs; tensors."""
    return {
        "W1": torch.tensor([[2.0, -1.0], [-0.5, -3.0]]),
        "b1": torch.tensor([1.0, -0.5]),
        "W2": torch.tensor([[-0.5, -1.0], [-2.0, 1.0]]),
        "b2": torch.tensor([2.5, 1.0]),
    }


def same_answers__shifted_scores():
    """The scores of both classes higher by 3, which changes no share; numpy."""
    return {
        "b2": np.array([5.5, 4.0]),
        "W2": -np.array([[2, -1], [0.5, 1]]),
        "b1": -np.array([0.5, -1]),
        "W1": -np.array([[1, -2], [3, 0.5]]),
    }
