"""Right answers to lesson 8, in the styles that students write."""

import random

import numpy as np
import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.course.secret.lesson_8_your_own_question.suite import KEYS


def regroup__table(y, groups):
    """A table from label to group, looked up at once."""
    table = torch.zeros(max(max(group) for group in groups) + 1, dtype=torch.long)
    for number, group in enumerate(groups):
        for label in group:
            table[label] = number
    return table[y]


def regroup__list(y, groups):
    """Plain Python, label by label."""
    return [next(number for number, group in enumerate(groups) if label in group) for label in y.tolist()]


def regroup__numpy(y, groups):
    """numpy, a sum over the groups."""
    return sum(number * np.isin(y.numpy(), group) for number, group in enumerate(groups))


def deal__slices(m, sizes, seed):
    """One order, cut by hand."""
    order = torch.randperm(m, generator=torch.Generator().manual_seed(seed))
    piles, first = [], 0
    for size in sizes:
        piles.append(order[first : first + size].clone())
        first += size
    return piles


def deal__python(m, sizes, seed):
    """The random module's own generator, and lists."""
    order = list(range(m))
    random.Random(seed).shuffle(order)
    return [[order.pop() for _ in range(size)] for size in sizes]


def deal__numpy(m, sizes, seed):
    """numpy's generator, a tuple of arrays."""
    order = np.random.default_rng(seed).permutation(m)
    ends = np.cumsum(sizes)
    return tuple(order[end - size : end] for size, end in zip(sizes, ends, strict=True))


def flattering__tensor():
    """One tensor with two rows, for a hundred observations of which three are rare."""
    right, said = torch.zeros(100, dtype=torch.long), torch.zeros(100, dtype=torch.long)
    right[:3], said[:10] = 1, 1
    said[:3] = 0
    return torch.stack([right, said])


def flattering__dict():
    """A dict, what the model says first."""
    return {"said": [0] * 18 + [1, 0], "right": [0] * 19 + [1]}


def flattering__numpy():
    """A list of numpy arrays; the rare group is 0."""
    right = np.ones(40)
    right[7] = 0
    said = np.ones(40)
    said[[0, 1]] = 0
    return [right, said]


def flattering__truth_values():
    """True and False in tuples."""
    return (True,) * 1 + (False,) * 29, (False,) * 28 + (True,) * 2


def which_bug__dict():
    """A dict in another order, and an id in capitals with blanks around it."""
    return {"says": EVIDENCE["which_bug"].right("grace", KEYS["which_bug"]), "student": " Grace "}


def which_bug__capitals():
    """Words in capitals, in a tuple."""
    return ["s-0815", tuple(word.upper() for word in EVIDENCE["which_bug"].right("s-0815", KEYS["which_bug"]))]


def which_training__array():
    """An array of words."""
    return "ada", np.array(EVIDENCE["which_training"].right("ada", KEYS["which_training"]))


def which_training__blanks():
    """Words with blanks around them; an id that is a mail address."""
    student = "emmy.noether@example.org"
    return student, [f" {word} " for word in EVIDENCE["which_training"].right(student, KEYS["which_training"])]


def which_table__dict():
    """A dict with a tuple of words in capitals; an id with an umlaut."""
    says = EVIDENCE["which_table"].right("Jörg Müller", KEYS["which_table"])
    return {"says": tuple(word.title() for word in says), "student": "jörg  MÜLLER"}


def which_table__tuple():
    """A list in a tuple, with line ends in the words."""
    return "s-0815", [word.replace(" ", "\n") for word in EVIDENCE["which_table"].right("s-0815", KEYS["which_table"])]
