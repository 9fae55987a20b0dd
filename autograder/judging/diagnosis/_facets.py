"""What a test saw of an answer, taken apart into facets that can be compared one by one.

A facet is one part of one thing seen: ``0.value.W1`` is ``W1`` in what the first call returned, ``1.raised`` the
exception of the second call, ``2.after.0.b1`` whether the third call left that argument as it was. Facets named
``fine.…`` need not agree, but decide between mistakes that are alike in all others.
"""

import re
from collections.abc import Sequence
from typing import Any

import torch

from autograder.judging.assertions import Mismatch, tensor_of
from autograder.judging.outcomes import CallFailed, Missing, Outcome, Raised, Returned, Stopped

#: A tensor, or a text for whatever is none.
Facet = torch.Tensor | str
#: What one test saw of an answer.
Observation = dict[str, Facet]

#: How close numbers must be. The suites' tolerance for whole trainings: an answer may add up in another order.
RTOL, ATOL = 5e-4, 2e-5
#: How close what was measured of random numbers must be: their mean, their spread.
RTOL_RANDOM = 0.15

#: A list with more parts than this is not read as numbers: the student's answer may be of any size.
MAX_PARTS = 1_000
#: A tensor with more numbers than this is no fine facet: first weights are recorded by the hundred thousand otherwise.
MAX_FINE = 64

FINE = "fine."
#: How the facet of a text begins.
_WORD = "str "

_NUMBER = re.compile(r"-?\d[\d.,]*(?:e[+-]?\d+)?%?")


def facets_of_calls(made: Sequence[tuple[tuple[Any, ...], Outcome]]) -> Observation:
    """The observation of a test's calls, each given as its arguments and what it came to."""
    found = _facets_of_calls(made)
    kinds = {
        f"{FINE}{key}": "fractions" if facet.is_floating_point() else "whole numbers"
        for key, facet in found.items()
        if isinstance(facet, torch.Tensor)
    }
    return {**found, **kinds}


def facets_of_verdict(
    status: str, error: BaseException | None, made: Sequence[tuple[tuple[Any, ...], Outcome]]
) -> Observation:
    """The observation of how a test ended, where right answers differ in their numbers, as first weights do.

    What is seen of the right answer is recorded, and students have the recording. So words that an answer consists of
    stay out: what a student's own evidence shows is for the grader to know.
    """
    found: Observation = {
        f"{FINE}{key}": facet
        for key, facet in _facets_of_calls(made).items()
        if (facet.numel() <= MAX_FINE if isinstance(facet, torch.Tensor) else not facet.startswith(_WORD))
    }
    if not isinstance(error, Mismatch):
        return {"verdict": status if error is None else f"{status} {_how(error)}", **found}
    found["verdict"] = f"{status} {error.kind} {without_numbers(error.text)}"
    if isinstance(error.actual, torch.Tensor) and error.actual.numel() == 1:
        found["verdict.random"] = error.actual
    return found


def alike(one: Facet | None, other: Facet | None, key: str = "") -> bool:
    """Whether two facets of that name cannot be told apart; ``None`` is a facet that is not there."""
    if not isinstance(one, torch.Tensor) or not isinstance(other, torch.Tensor):
        return type(one) is type(other) and one == other
    if one.shape != other.shape:
        return False
    rtol = RTOL_RANDOM if key.endswith(".random") else RTOL
    return torch.allclose(one.double(), other.double(), rtol=rtol, atol=ATOL, equal_nan=True)


def _facets_of_calls(made: Sequence[tuple[tuple[Any, ...], Outcome]]) -> Observation:
    found: Observation = {}
    for position, (arguments, outcome) in enumerate(made):
        match outcome:
            case Returned(value=value, arguments=after, traces=traces):
                _take_apart(f"{position}.value", value, found)
                for trace in traces:
                    found[f"{position}.left.{trace.place}.{trace.kind}"] = "left behind"
                for number, (was, now) in enumerate(zip(arguments, after or (), strict=False)):
                    if not callable(was):
                        found |= _compared(f"{position}.after.{number}", was, now)
            case Raised(type_name=kind, text=text):
                # With its numbers: the shapes that do not fit, the place that does not exist tell causes apart.
                found[f"{position}.raised"] = f"{kind}: {text}"
            case Missing():
                found[f"{position}.missing"] = ""
            case Stopped(by=by):
                found[f"{position}.stopped"] = by
    return found


def _take_apart(path: str, value: Any, found: Observation) -> None:
    if isinstance(value, dict) and len(value) <= MAX_PARTS:
        # Keys are a student's own; a list of them tells a dict from an empty one.
        found[path] = "dict of " + " ".join(sorted(value))
        for key, part in value.items():
            _take_apart(f"{path}.{key}", part, found)
        return
    if isinstance(value, list | tuple) and len(value) > MAX_PARTS:
        found[path] = f"{len(value)} parts"
        return
    try:
        found[path] = tensor_of(value)
        return
    except Mismatch as mismatch:
        if mismatch.kind == "dtype":
            found[path] = "complex"
            return
    if isinstance(value, list | tuple):
        found[path] = f"{len(value)} parts"
        for position, part in enumerate(value):
            _take_apart(f"{path}.{position}", part, found)
    else:
        found[path] = f"{type(value).__name__} {getattr(value, 'type_name', value)}"


def _compared(path: str, was: Any, now: Any) -> Observation:
    """An argument part by part: ``kept`` or ``changed``. Into what it changed is the other half of a mistake."""
    before: Observation = {}
    after: Observation = {}
    _take_apart(path, was, before)
    _take_apart(path, now, after)
    return {
        key: "kept" if alike(before.get(key), after.get(key)) else "changed"
        for key in sorted(before.keys() | after.keys())
    }


def _how(error: BaseException) -> str:
    """What ended a test, exactly enough to tell one exception of a student's function from another."""
    if isinstance(error, CallFailed):
        outcome = error.call.outcome
        if isinstance(outcome, Raised):
            return f"{outcome.type_name}: {outcome.text}"
        return type(outcome).__name__
    return type(error).__name__


def without_numbers(text: str) -> str:
    """A message without its numbers, which belong to the input, or to the seed."""
    return _NUMBER.sub("#", text)
