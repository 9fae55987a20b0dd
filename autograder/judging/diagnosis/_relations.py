"""Wrong answers that stand in a plain relation to the right ones, whatever code is behind them.

All numbers have the wrong sign, or the right ones stand in another shape, or the sum of them came back. That can be
seen in the answers alone, for any question of any course, so no author has to think of it. What is said of it speaks of
the numbers and not of the code, so it is true whatever the code is. A relation has to hold in every call of every test.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch

from ._facets import FINE, Observation, alike
from ._numbers import (
    LEAST_CALLS,
    LEAST_NUMBERS,
    Calls,
    Parts,
    by,
    each,
    exchanged,
    factor_a_call,
    in_another_container,
    more_than_asked,
    only,
    over,
    part,
    same_factor,
    same_numbers_elsewhere,
    same_shift,
    turned,
)

__all__ = ["RELATIONS", "Relation", "related"]


class Relation(NamedTuple):
    """A relation, and what to say of it.

    Attributes:
        name: stands in an id where misconceptions have theirs: ``double/result-wrong_sign``.
        diagnosis: what is true of the answer.
        pointer: a question that leads on.
        holds: whether it holds between right parts and an answer's, in all calls.
    """

    name: str
    diagnosis: str
    pointer: str
    holds: Callable[[Calls], bool]


def related(answer: Mapping[str, Observation], right: Mapping[str, Observation]) -> Relation | None:
    """The first relation that explains all that the tests saw of an answer.

    Args:
        answer: what the tests saw of it.
        right: what the same tests see of the reference solution.
    """
    calls: Calls = []
    for test, mine in answer.items():
        pairs = _calls_of(mine, right.get(test, {}))
        if pairs is None:
            return None
        calls += pairs
    wrong = [(theirs, mine) for theirs, mine in calls if not _alike(theirs, mine)]
    if len(wrong) < LEAST_CALLS or sum(_numbers_wrong(*call) for call in wrong) < LEAST_NUMBERS:
        return None
    return next((relation for relation in RELATIONS if relation.holds(calls)), None)


def _calls_of(mine: Observation, right: Observation) -> Calls | None:
    """One test's calls; none where something differs that is no value."""
    parts: dict[str, tuple[Parts, Parts]] = {}
    mine, right = ({key: facet for key, facet in seen.items() if not key.startswith(FINE)} for seen in (mine, right))
    made = {key.partition(".")[0] for key in mine}
    for key in mine.keys() | {key for key in right if key.partition(".")[0] in made}:
        call, kind, *path = [*key.split(".", 2), ""]
        if kind != "value":
            if not alike(mine.get(key), right.get(key), key):
                return None
            continue
        theirs, ours = parts.setdefault(call, ({}, {}))
        where = path[0]
        if key in right:
            theirs[where] = right[key]
        if key in mine:
            ours[where] = mine[key]
    # A test ends at the first call that goes wrong: what is missing in the answer was not asked for.
    return [(_ordered(theirs, right), _ordered(ours, mine)) for _, (theirs, ours) in sorted(parts.items())]


def _ordered(parts: Parts, seen: Observation) -> Parts:
    """The parts in the order in which they were taken apart."""
    places = list(seen)
    return dict(sorted(parts.items(), key=lambda part: _place(places, part[0])))


def _place(places: list[str], path: str) -> int:
    return next((n for n, key in enumerate(places) if key.partition(".value")[2].lstrip(".") == path), len(places))


def _alike(theirs: Parts, mine: Parts) -> bool:
    return theirs.keys() == mine.keys() and all(alike(theirs[path], mine[path]) for path in theirs)


def _numbers_wrong(theirs: Parts, mine: Parts) -> int:
    wrong = 0
    for path, facet in mine.items():
        other = theirs.get(path)
        if not isinstance(facet, torch.Tensor):
            wrong += facet != other
        elif isinstance(other, torch.Tensor) and other.shape == facet.shape:
            close = torch.isclose(facet.double(), other.double(), rtol=1e-3, atol=1e-4, equal_nan=True)
            wrong += int((~close).sum())
        else:
            wrong += facet.numel()
    return wrong


_FRACTION = "Which line makes whole numbers of fractions?"
_BATCH = "Which numbers belong together, and which stay apart?"

#: Those that say most come first.
RELATIONS = (
    Relation(
        "wrong_sign",
        "Every number that came back has the right size and the wrong sign.",
        "Where does a minus belong, or where is one too many?",
        each(torch.neg),
    ),
    Relation(
        "one_minus",
        "Every number that came back is 1 minus what it should be.",
        "Which of the two cases does your result speak of?",
        each(lambda numbers: 1 - numbers),
    ),
    Relation(
        "doubled",
        "Every number that came back is twice what it should be.",
        "Where does a factor of 2 come from, or where should you have divided by 2?",
        each(lambda numbers: 2 * numbers),
    ),
    Relation(
        "halved",
        "Every number that came back is half of what it should be.",
        "Where is something divided by 2, or where is a factor of 2 missing?",
        each(lambda numbers: numbers / 2),
    ),
    Relation(
        "one_too_large",
        "Every number that came back is larger by 1 than it should be.",
        "Where do you begin to count?",
        by(1),
    ),
    Relation(
        "one_too_small",
        "Every number that came back is smaller by 1 than it should be.",
        "Where do you begin to count, and where do you end?",
        by(-1),
    ),
    Relation(
        "turned_over",
        "The numbers are right, but rows and columns have changed places.",
        "What does a row stand for in the result, and what a column?",
        each(turned),
    ),
    Relation(
        "other_shape",
        "The numbers are right and in the right order; only their shape is another one.",
        "Compare the shape of your result with the one that the lesson asks for. Which step changes it?",
        same_numbers_elsewhere,
    ),
    Relation(
        "sum_of_all",
        "What came back is the sum of all the numbers that should have come back.",
        _BATCH,
        each(torch.sum),
    ),
    Relation(
        "mean_of_all",
        "What came back is the mean of all the numbers that should have come back.",
        _BATCH,
        each(torch.mean),
    ),
    Relation(
        "sums_of_columns",
        "Each column of what should have come back was added up to one number.",
        _BATCH,
        each(over(torch.sum, 0)),
    ),
    Relation(
        "means_of_columns",
        "Each column of what should have come back was averaged to one number.",
        _BATCH,
        each(over(torch.mean, 0)),
    ),
    Relation(
        "sums_of_rows",
        "Each row of what should have come back was added up to one number.",
        _BATCH,
        each(over(torch.sum, -1)),
    ),
    Relation(
        "means_of_rows",
        "Each row of what should have come back was averaged to one number.",
        _BATCH,
        each(over(torch.mean, -1)),
    ),
    Relation(
        "first_only",
        "Only the first of the numbers or rows that should have come back did.",
        "What happens to the others? Does a `return` end the loop too early?",
        each(only(0)),
    ),
    Relation(
        "last_only",
        "Only the last of the numbers or rows that should have come back did.",
        "Is each result kept, or does the next one take its place?",
        each(only(-1)),
    ),
    Relation(
        "first_result_only",
        "Several results were asked for, and the first of them came back alone.",
        "Which results does the lesson ask for, and in which order?",
        part(0),
    ),
    Relation(
        "last_result_only",
        "Several results were asked for, and the last of them came back alone.",
        "Which results does the lesson ask for, and in which order?",
        part(-1),
    ),
    Relation(
        "exchanged",
        "Both results are right, and have changed places.",
        "In which order does the lesson ask for them?",
        exchanged,
    ),
    Relation(
        "other_container",
        "All numbers are right. What they come in, or what they are called there, is not what the lesson asks for.",
        "Does the lesson ask for a tuple or for a dict, and with which keys?",
        in_another_container,
    ),
    Relation(
        "more_than_asked",
        "The first of your results is right. It is the only one that was asked for.",
        "What does the lesson ask your function to return, and what is more than that?",
        more_than_asked,
    ),
    Relation(
        "cut_off",
        "The numbers that came back are the right ones without their fractions.",
        _FRACTION,
        each(torch.trunc),
    ),
    Relation(
        "rounded",
        "The numbers that came back are the right ones, rounded to whole ones.",
        _FRACTION,
        each(torch.round),
    ),
    Relation(
        "no_sign",
        "The numbers that came back have lost their sign: where one should be negative, it is positive.",
        "Which step makes every number positive?",
        each(torch.abs),
    ),
    Relation(
        "squared",
        "Every number that came back is the square of what it should be.",
        "How many times is something squared?",
        each(torch.square),
    ),
    Relation(
        "root",
        "Every number that came back is the square root of what it should be.",
        "Does the lesson ask for a root?",
        each(torch.sqrt),
    ),
    Relation(
        "logarithm",
        "Every number that came back is the logarithm of what it should be.",
        "Which step takes a logarithm, and does the lesson ask for it here?",
        each(torch.log),
    ),
    Relation(
        "power",
        "Every number that came back is e to the power of what it should be.",
        "Which step takes `exp`, and does the lesson ask for it here?",
        each(torch.exp),
    ),
    Relation(
        "one_over",
        "Every number that came back is 1 divided by what it should be.",
        "What is divided by what?",
        each(torch.reciprocal),
    ),
    Relation(
        "zeros",
        "Every number that came back is 0.",
        "Which line puts other numbers into the result, and does the caller get that very result?",
        each(torch.zeros_like),
    ),
    Relation(
        "same_factor",
        "Every number that came back is the right one times one and the same number.",
        "What is everything multiplied with, or divided by?",
        same_factor,
    ),
    Relation(
        "same_shift",
        "Every number that came back is off by one and the same amount.",
        "What is added to everything, or taken away from it?",
        same_shift,
    ),
    Relation(
        "factor_a_call",
        "In each test, all your numbers are the right ones times one number, which is another one from test to test.",
        "What differs from test to test: the number of observations, of inputs, of classes? Where do you divide by it?",
        factor_a_call,
    ),
)
