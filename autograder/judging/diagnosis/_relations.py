"""Wrong answers that stand in a plain relation to the right ones, whatever code is behind them.

All numbers have the wrong sign, or the right ones stand in another shape, or the sum of them came back. That can be
seen in the answers alone, for any question of any course, so no author has to think of it. What is said of it speaks of
the numbers and not of the code, so it is true whatever the code is. A relation has to hold in every call of every test.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import torch

from ._facets import FINE, Facet, Observation, alike

__all__ = ["RELATIONS", "Relation", "related"]

#: What the value of one call was taken apart into: the facet of each part by its path, the whole first.
_Parts = dict[str, Facet]
#: The right parts and the answer's, of each call that is of interest.
_Calls = list[tuple[_Parts, _Parts]]

#: How many numbers have to be wrong, in how many calls, before a relation between them is no chance.
_LEAST_NUMBERS, _LEAST_CALLS = 3, 2


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
    holds: Callable[[_Calls], bool]


def related(answer: Mapping[str, Observation], right: Mapping[str, Observation]) -> Relation | None:
    """The first relation that explains all that the tests saw of an answer.

    Args:
        answer: what the tests saw of it.
        right: what the same tests see of the reference solution.
    """
    calls: _Calls = []
    for test, mine in answer.items():
        pairs = _calls_of(mine, right.get(test, {}))
        if pairs is None:
            return None
        calls += pairs
    wrong = [(theirs, mine) for theirs, mine in calls if not _alike(theirs, mine)]
    if len(wrong) < _LEAST_CALLS or sum(_numbers_wrong(*call) for call in wrong) < _LEAST_NUMBERS:
        return None
    return next((relation for relation in RELATIONS if relation.holds(calls)), None)


def _calls_of(mine: Observation, right: Observation) -> _Calls | None:
    """One test's calls; none where something differs that is no value."""
    parts: dict[str, tuple[_Parts, _Parts]] = {}
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


def _ordered(parts: _Parts, seen: Observation) -> _Parts:
    """The parts in the order in which they were taken apart."""
    places = list(seen)
    return dict(sorted(parts.items(), key=lambda part: _place(places, part[0])))


def _place(places: list[str], path: str) -> int:
    return next((n for n, key in enumerate(places) if key.partition(".value")[2].lstrip(".") == path), len(places))


def _alike(theirs: _Parts, mine: _Parts) -> bool:
    return theirs.keys() == mine.keys() and all(alike(theirs[path], mine[path]) for path in theirs)


def _numbers_wrong(theirs: _Parts, mine: _Parts) -> int:
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


def _tensors(parts: _Parts) -> list[torch.Tensor]:
    return [facet.double() for facet in parts.values() if isinstance(facet, torch.Tensor)]


# --- numbers


def _each(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[_Calls], bool]:
    """Each part of the answer is what `change` makes of the right one."""

    def holds(calls: _Calls) -> bool:
        return all(
            theirs.keys() == mine.keys()
            and all(
                _is_changed(facet, mine[path], change) if isinstance(facet, torch.Tensor) else mine[path] == facet
                for path, facet in theirs.items()
            )
            for theirs, mine in calls
        )

    return holds


def _is_changed(theirs: torch.Tensor, mine: Facet, change: Callable[[torch.Tensor], torch.Tensor]) -> bool:
    return isinstance(mine, torch.Tensor) and not bool(mine.isnan().any()) and alike(change(theirs.double()), mine)


def _flat(calls: _Calls) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """All numbers of each call in one row, right ones and the answer's; nothing of a call whose shapes differ."""
    for theirs, mine in calls:
        rights, ours = _tensors(theirs), _tensors(mine)
        if theirs.keys() != mine.keys() or [one.shape for one in rights] != [one.shape for one in ours]:
            yield torch.zeros(0), torch.full((1,), torch.nan)  # no relation holds for these
        elif rights:
            yield torch.cat([one.flatten() for one in rights]), torch.cat([one.flatten() for one in ours])


def _factor(right: torch.Tensor, mine: torch.Tensor) -> float | None:
    """The number by which all right ones are multiplied."""
    if right.shape != mine.shape or not right.numel() or not bool(mine.isfinite().all()):
        return None
    place = int(right.abs().argmax())
    if abs(right[place].item()) < 1e-3:
        return None
    factor = float(mine[place] / right[place])
    return factor if abs(factor) > 1e-3 and alike(right * factor, mine) else None


def _same_factor(calls: _Calls) -> bool:
    flat = list(_flat(calls))
    right, mine = (torch.cat([pair[side] for pair in flat]) for side in (0, 1))
    return _factor(right, mine) is not None and len(set(right.round(decimals=3).tolist())) >= _LEAST_NUMBERS


def _factor_a_call(calls: _Calls) -> bool:
    factors = [_factor(*pair) for pair in _flat(calls)]
    told = [
        factor
        for factor, (right, _) in zip(factors, _flat(calls), strict=True)
        if factor is not None and len(set(right.round(decimals=3).tolist())) > 1
    ]
    return None not in factors and len(told) >= _LEAST_CALLS and len({round(factor, 3) for factor in told}) > 1


def _same_shift(calls: _Calls) -> bool:
    flat = list(_flat(calls))
    right, mine = (torch.cat([pair[side] for pair in flat]) for side in (0, 1))
    if right.shape != mine.shape or not bool(mine.isfinite().all()):
        return False
    return alike(right + (mine[0] - right[0]), mine) and len(set(right.round(decimals=3).tolist())) >= _LEAST_NUMBERS


def _by(shift: float) -> Callable[[_Calls], bool]:
    return _each(lambda numbers: numbers + shift)


# --- form


def _same_numbers_elsewhere(calls: _Calls) -> bool:
    """The right numbers in the right order, in other shapes."""
    return all(
        theirs.keys() == mine.keys()
        and len(_tensors(theirs)) == len(_tensors(mine))
        and all(
            alike(one.flatten(), other.flatten()) for one, other in zip(_tensors(theirs), _tensors(mine), strict=True)
        )
        for theirs, mine in calls
    )


def _turned(numbers: torch.Tensor) -> torch.Tensor:
    return numbers.T if numbers.dim() == 2 else numbers


def _part(which: int) -> Callable[[_Calls], bool]:
    """One of several right results came back alone."""

    def holds(calls: _Calls) -> bool:
        return all(
            len(_tensors(theirs)) > 1 and list(mine) == [""] and alike(_tensors(theirs)[which], mine[""])
            for theirs, mine in calls
        )

    return holds


def _in_another_container(calls: _Calls) -> bool:
    """The right parts in the right order, in a dict for a tuple or the other way round, or under other names."""
    return all(
        _form(theirs) != _form(mine)
        and len(_tensors(theirs)) > 1
        and len(_tensors(theirs)) == len(_tensors(mine))
        and all(alike(one, other) for one, other in zip(_tensors(theirs), _tensors(mine), strict=True))
        for theirs, mine in calls
    )


def _form(parts: _Parts) -> dict[str, str]:
    return {path: facet if isinstance(facet, str) else "numbers" for path, facet in parts.items()}


def _exchanged(calls: _Calls) -> bool:
    """Two results in the other order."""
    return all(
        len(_tensors(theirs)) == len(_tensors(mine)) == 2
        and theirs.keys() == mine.keys()
        and all(alike(one, other) for one, other in zip(_tensors(theirs), reversed(_tensors(mine)), strict=True))
        for theirs, mine in calls
    )


def _more_than_asked(calls: _Calls) -> bool:
    """The first of several results is the only one that was wanted."""
    return all(
        list(theirs) == [""] and "" in mine and isinstance(mine[""], str) and alike(theirs[""], mine.get("0"))
        for theirs, mine in calls
    )


def _only(place: int) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda numbers: numbers[place] if numbers.dim() and len(numbers) else numbers


def _over(fold: Callable[..., torch.Tensor], dim: int) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda numbers: fold(numbers, dim=dim) if numbers.dim() > 1 else numbers


_FRACTION = "Which line makes whole numbers of fractions?"
_BATCH = "Which numbers belong together, and which stay apart?"

#: Those that say most come first.
RELATIONS = (
    Relation(
        "wrong_sign",
        "Every number that came back has the right size and the wrong sign.",
        "Where does a minus belong, or where is one too many?",
        _each(torch.neg),
    ),
    Relation(
        "one_minus",
        "Every number that came back is 1 minus what it should be.",
        "Which of the two cases does your result speak of?",
        _each(lambda numbers: 1 - numbers),
    ),
    Relation(
        "doubled",
        "Every number that came back is twice what it should be.",
        "Where does a factor of 2 come from, or where should you have divided by 2?",
        _each(lambda numbers: 2 * numbers),
    ),
    Relation(
        "halved",
        "Every number that came back is half of what it should be.",
        "Where is something divided by 2, or where is a factor of 2 missing?",
        _each(lambda numbers: numbers / 2),
    ),
    Relation(
        "one_too_large",
        "Every number that came back is larger by 1 than it should be.",
        "Where do you begin to count?",
        _by(1),
    ),
    Relation(
        "one_too_small",
        "Every number that came back is smaller by 1 than it should be.",
        "Where do you begin to count, and where do you end?",
        _by(-1),
    ),
    Relation(
        "turned_over",
        "The numbers are right, but rows and columns have changed places.",
        "What does a row stand for in the result, and what a column?",
        _each(_turned),
    ),
    Relation(
        "other_shape",
        "The numbers are right and in the right order; only their shape is another one.",
        "Compare the shape of your result with the one that the lesson asks for. Which step changes it?",
        _same_numbers_elsewhere,
    ),
    Relation(
        "sum_of_all",
        "What came back is the sum of all the numbers that should have come back.",
        _BATCH,
        _each(torch.sum),
    ),
    Relation(
        "mean_of_all",
        "What came back is the mean of all the numbers that should have come back.",
        _BATCH,
        _each(torch.mean),
    ),
    Relation(
        "sums_of_columns",
        "Each column of what should have come back was added up to one number.",
        _BATCH,
        _each(_over(torch.sum, 0)),
    ),
    Relation(
        "means_of_columns",
        "Each column of what should have come back was averaged to one number.",
        _BATCH,
        _each(_over(torch.mean, 0)),
    ),
    Relation(
        "sums_of_rows",
        "Each row of what should have come back was added up to one number.",
        _BATCH,
        _each(_over(torch.sum, -1)),
    ),
    Relation(
        "means_of_rows",
        "Each row of what should have come back was averaged to one number.",
        _BATCH,
        _each(_over(torch.mean, -1)),
    ),
    Relation(
        "first_only",
        "Only the first of the numbers or rows that should have come back did.",
        "What happens to the others? Does a `return` end the loop too early?",
        _each(_only(0)),
    ),
    Relation(
        "last_only",
        "Only the last of the numbers or rows that should have come back did.",
        "Is each result kept, or does the next one take its place?",
        _each(_only(-1)),
    ),
    Relation(
        "first_result_only",
        "Several results were asked for, and the first of them came back alone.",
        "Which results does the lesson ask for, and in which order?",
        _part(0),
    ),
    Relation(
        "last_result_only",
        "Several results were asked for, and the last of them came back alone.",
        "Which results does the lesson ask for, and in which order?",
        _part(-1),
    ),
    Relation(
        "exchanged",
        "Both results are right, and have changed places.",
        "In which order does the lesson ask for them?",
        _exchanged,
    ),
    Relation(
        "other_container",
        "All numbers are right. What they come in, or what they are called there, is not what the lesson asks for.",
        "Does the lesson ask for a tuple or for a dict, and with which keys?",
        _in_another_container,
    ),
    Relation(
        "more_than_asked",
        "The first of your results is right. It is the only one that was asked for.",
        "What does the lesson ask your function to return, and what is more than that?",
        _more_than_asked,
    ),
    Relation(
        "cut_off",
        "The numbers that came back are the right ones without their fractions.",
        _FRACTION,
        _each(torch.trunc),
    ),
    Relation(
        "rounded",
        "The numbers that came back are the right ones, rounded to whole ones.",
        _FRACTION,
        _each(torch.round),
    ),
    Relation(
        "no_sign",
        "The numbers that came back have lost their sign: where one should be negative, it is positive.",
        "Which step makes every number positive?",
        _each(torch.abs),
    ),
    Relation(
        "squared",
        "Every number that came back is the square of what it should be.",
        "How many times is something squared?",
        _each(torch.square),
    ),
    Relation(
        "root",
        "Every number that came back is the square root of what it should be.",
        "Does the lesson ask for a root?",
        _each(torch.sqrt),
    ),
    Relation(
        "logarithm",
        "Every number that came back is the logarithm of what it should be.",
        "Which step takes a logarithm, and does the lesson ask for it here?",
        _each(torch.log),
    ),
    Relation(
        "power",
        "Every number that came back is e to the power of what it should be.",
        "Which step takes `exp`, and does the lesson ask for it here?",
        _each(torch.exp),
    ),
    Relation(
        "one_over",
        "Every number that came back is 1 divided by what it should be.",
        "What is divided by what?",
        _each(torch.reciprocal),
    ),
    Relation(
        "zeros",
        "Every number that came back is 0.",
        "Which line puts other numbers into the result, and does the caller get that very result?",
        _each(torch.zeros_like),
    ),
    Relation(
        "same_factor",
        "Every number that came back is the right one times one and the same number.",
        "What is everything multiplied with, or divided by?",
        _same_factor,
    ),
    Relation(
        "same_shift",
        "Every number that came back is off by one and the same amount.",
        "What is added to everything, or taken away from it?",
        _same_shift,
    ),
    Relation(
        "factor_a_call",
        "In each test, all your numbers are the right ones times one number, which is another one from test to test.",
        "What differs from test to test: the number of observations, of inputs, of classes? Where do you divide by it?",
        _factor_a_call,
    ),
)
