"""How all numbers of an answer may stand to the right ones: what `_relations` asks, one predicate a relation."""

from collections.abc import Callable, Iterator

import torch

from ._facets import Facet, alike

#: What the value of one call was taken apart into: the facet of each part by its path, the whole first.
Parts = dict[str, Facet]
#: The right parts and the answer's, of each call that is of interest.
Calls = list[tuple[Parts, Parts]]

#: Fewer numbers, or calls, than these prove no relation.
LEAST_NUMBERS, LEAST_CALLS = 3, 2


def _tensors(parts: Parts) -> list[torch.Tensor]:
    return [facet.double() for facet in parts.values() if isinstance(facet, torch.Tensor)]


# --- numbers


def each(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Calls], bool]:
    """Each part of the answer is what `change` makes of the right one."""

    def holds(calls: Calls) -> bool:
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


def _flat(calls: Calls) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
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


def same_factor(calls: Calls) -> bool:
    """All numbers of all calls are the right ones times one number."""
    flat = list(_flat(calls))
    right, mine = (torch.cat([pair[side] for pair in flat]) for side in (0, 1))
    return _factor(right, mine) is not None and len(set(right.round(decimals=3).tolist())) >= LEAST_NUMBERS


def factor_a_call(calls: Calls) -> bool:
    """In each call all numbers are the right ones times one number, another one from call to call."""
    factors = [_factor(*pair) for pair in _flat(calls)]
    told = [
        factor
        for factor, (right, _) in zip(factors, _flat(calls), strict=True)
        if factor is not None and len(set(right.round(decimals=3).tolist())) > 1
    ]
    return None not in factors and len(told) >= LEAST_CALLS and len({round(factor, 3) for factor in told}) > 1


def same_shift(calls: Calls) -> bool:
    """All numbers of all calls are off by one and the same amount."""
    flat = list(_flat(calls))
    right, mine = (torch.cat([pair[side] for pair in flat]) for side in (0, 1))
    if right.shape != mine.shape or not bool(mine.isfinite().all()):
        return False
    return alike(right + (mine[0] - right[0]), mine) and len(set(right.round(decimals=3).tolist())) >= LEAST_NUMBERS


def by(shift: float) -> Callable[[Calls], bool]:
    """All numbers are off by that much."""
    return each(lambda numbers: numbers + shift)


# --- form


def same_numbers_elsewhere(calls: Calls) -> bool:
    """The right numbers in the right order, in other shapes."""
    return all(
        theirs.keys() == mine.keys()
        and len(_tensors(theirs)) == len(_tensors(mine))
        and all(
            alike(one.flatten(), other.flatten()) for one, other in zip(_tensors(theirs), _tensors(mine), strict=True)
        )
        for theirs, mine in calls
    )


def turned(numbers: torch.Tensor) -> torch.Tensor:
    """A table with rows and columns exchanged."""
    return numbers.T if numbers.dim() == 2 else numbers


def part(which: int) -> Callable[[Calls], bool]:
    """One of several right results came back alone."""

    def holds(calls: Calls) -> bool:
        return all(
            len(_tensors(theirs)) > 1 and list(mine) == [""] and alike(_tensors(theirs)[which], mine[""])
            for theirs, mine in calls
        )

    return holds


def in_another_container(calls: Calls) -> bool:
    """The right parts in the right order, in a dict for a tuple or the other way round, or under other names."""
    return all(
        _form(theirs) != _form(mine)
        and len(_tensors(theirs)) > 1
        and len(_tensors(theirs)) == len(_tensors(mine))
        and all(alike(one, other) for one, other in zip(_tensors(theirs), _tensors(mine), strict=True))
        for theirs, mine in calls
    )


def _form(parts: Parts) -> dict[str, str]:
    return {path: facet if isinstance(facet, str) else "numbers" for path, facet in parts.items()}


def exchanged(calls: Calls) -> bool:
    """Two results in the other order."""
    return all(
        len(_tensors(theirs)) == len(_tensors(mine)) == 2
        and theirs.keys() == mine.keys()
        and all(alike(one, other) for one, other in zip(_tensors(theirs), reversed(_tensors(mine)), strict=True))
        for theirs, mine in calls
    )


def more_than_asked(calls: Calls) -> bool:
    """The first of several results is the only one that was wanted."""
    return all(
        list(theirs) == [""] and "" in mine and isinstance(mine[""], str) and alike(theirs[""], mine.get("0"))
        for theirs, mine in calls
    )


def only(place: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """One row of a table, or one number of a row."""
    return lambda numbers: numbers[place] if numbers.dim() and len(numbers) else numbers


def over(fold: Callable[..., torch.Tensor], dim: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """A table's numbers folded along a dimension."""
    return lambda numbers: fold(numbers, dim=dim) if numbers.dim() > 1 else numbers
