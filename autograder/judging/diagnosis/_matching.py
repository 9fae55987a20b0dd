"""Which known mistake, or which two, explain what the tests saw of an answer."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

import torch

from ._facets import FINE, Facet, Observation, alike, without_numbers

#: What the tests saw of an answer: an observation by test.
Seen = Mapping[str, Observation]
#: A test, and the name of a facet of what it saw.
_Place = tuple[str, str]


class Suspect(NamedTuple):
    """A misconception, and what the tests see of it.

    Attributes:
        id: the misconception's.
        seen: what the tests see.
        any_numbers: what is said of it is true whatever numbers stand in the text of an exception.
    """

    id: str
    seen: Seen
    any_numbers: bool = False


def singles(answer: Seen, suspects: Iterable[Suspect]) -> list[Suspect]:
    """Those that look like the answer in every test, failed and passed ones alike."""
    return [suspect for suspect in suspects if _same(answer, suspect)]


def pairs(answer: Seen, suspects: Iterable[Suspect], right: Seen) -> list[tuple[Suspect, Suspect]]:
    """Pairs that explain the answer together, neither of which could be spared.

    Wherever only one of the two differs from the right answer, the answer must differ as it does; where both do, one
    must hide the other or both must show; and the answer must be right everywhere else.

    Args:
        answer: what the tests saw.
        suspects: the known mistakes.
        right: what the tests see of the reference solution.
    """
    expected, given = _places(right, answer), _places(answer, answer)
    wrong = _differences(given, expected)
    effects = []
    for suspect in suspects:
        shown = _places(suspect.seen, answer)
        differs = _differences(shown, expected)
        if differs and differs <= wrong:  # else it changes nothing, or would show where all is right
            like = {place for place in differs if alike(shown.get(place), given.get(place), place[1])}
            effects.append(_Effect(suspect, shown, differs, like))
    return [
        (one.suspect, other.suspect)
        for one, other in combinations(effects, 2)
        if one.differs | other.differs == wrong
        and one.differs - other.differs <= one.like != wrong
        and other.differs - one.differs <= other.like != wrong
        and _explain_where_both_differ(one, other, given, expected)
    ]


def closest(answer: Seen, suspects: list[Suspect]) -> list[Suspect]:
    """Of suspects that all explain the answer, those that are most like it; all if none stands out.

    Those with the very same exceptions come before those whose exceptions have other numbers, and those that are like
    the answer in every fine facet before others.
    """
    exact = [one for one in suspects if _same(answer, one._replace(any_numbers=False))] or suspects
    return [one for one in exact if _same(answer, one, fine=True)] or exact


class _Effect(NamedTuple):
    """What a suspect shows: where it differs from the right answer, and where it does so as the answer at hand does."""

    suspect: Suspect
    shown: dict[_Place, Facet]
    differs: set[_Place]
    like: set[_Place]


def _explain_where_both_differ(
    one: _Effect, other: _Effect, given: dict[_Place, Facet], expected: dict[_Place, Facet]
) -> bool:
    """Whether one of the two hides the other wherever both differ from the right answer, or both show there."""
    shared = one.differs & other.differs
    return (
        shared <= one.like
        or shared <= other.like
        or all(
            place in one.like & other.like
            or _shows_both(given.get(place), one.shown.get(place), other.shown.get(place), expected.get(place))
            for place in shared
        )
    )


def _shows_both(given: Facet | None, one: Facet | None, other: Facet | None, right: Facet | None) -> bool:
    """Whether numbers are off by both mistakes: by the product of their factors, or by the sum of their differences.

    Where one of the mistakes leaves nan or infinity, the number may be as either leaves it.
    """
    tensors = [facet for facet in (given, one, other, right) if isinstance(facet, torch.Tensor)]
    if len(tensors) < 4 or len({facet.shape for facet in tensors}) > 1:
        return False
    given, one, other, right = (facet.double().flatten() for facet in tensors)
    finite = one.isfinite() & other.isfinite()
    differences = one + other - right
    factors = torch.where(right == 0, differences, one * other / right)
    # Differences that cancel each other out everywhere are chance: 0 can be had in too many ways.
    together = [factors, differences] if given[finite].any() else [factors]
    return any(alike(given[finite], both[finite]) for both in together) and all(
        alike(mine, left) or alike(mine, instead)
        for mine, left, instead in zip(given[~finite], one[~finite], other[~finite], strict=True)
    )


def _same(answer: Seen, suspect: Suspect, fine: bool = False) -> bool:
    for test, mine in answer.items():
        theirs = suspect.seen.get(test)
        if theirs is None:
            return False
        for key in mine.keys() | theirs.keys():
            if key.startswith(FINE) is not fine:
                continue
            one, other = mine.get(key), theirs.get(key)
            if suspect.any_numbers and key.endswith(".raised"):
                one, other = (without_numbers(text) if isinstance(text, str) else text for text in (one, other))
            if not alike(one, other, key):
                return False
    return True


def _places(seen: Seen, answer: Seen) -> dict[_Place, Facet]:
    """All facets by test and name, as far as the answer got: a test ends at the first call that goes wrong."""
    return {
        (test, key): facet
        for test, mine in answer.items()
        for key, facet in seen.get(test, {}).items()
        if not key.startswith(FINE) and key.partition(".")[0] in {name.partition(".")[0] for name in mine}
    }


def _differences(one: dict[_Place, Facet], other: dict[_Place, Facet]) -> set[_Place]:
    return {place for place in one.keys() | other.keys() if not alike(one.get(place), other.get(place), place[1])}
