"""Which mistake is it? A wrong answer is compared with the known wrong ones, on the very inputs of the tests.

A diagnosis is given only where it explains all that the tests saw of the answer, what failed and what passed. A wrong
diagnosis is worse than none. Where no known answer explains it, a plain relation between the numbers may: all of them
have the wrong sign, say.

What visible tests see of each misconception is recorded, since their inputs are fixed; that is all that a student's
installation has. Where the hidden tests run, those misconceptions that are left go through them too.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from autograder.judging import recordings
from autograder.judging.course import Lesson
from autograder.judging.results import QuestionResult

from ._facets import Observation, alike, facets_of_calls, facets_of_verdict
from ._matching import Seen, Suspect, closest, pairs, singles
from ._relations import RELATIONS, related

__all__ = [
    "RIGHT",
    "Explanation",
    "Observation",
    "Seen",
    "diagnose",
    "explanations",
    "facets_of_calls",
    "facets_of_verdict",
    "known_mistakes",
    "recording",
]

#: The name under which `diagnose` asks for what the hidden tests see of the reference solution.
RIGHT = "right"

#: How the part of an id behind the question begins where no author has written it; no misconception's can.
_RELATION = "result-"


class Explanation(NamedTuple):
    """What a tutor says of a misconception: what happened, and a question or hint that leads on."""

    diagnosis: str
    pointer: str


def explanations(lesson: Lesson, *misconceptions: str | None) -> list[Explanation]:
    """What to say of a lesson's misconceptions, by their ids; of those that there are and that are known here."""
    known = _recording(lesson).explanations
    found = [known.get(one) or _of_relations().get(one.partition("/")[2]) for one in misconceptions if one is not None]
    return [one for one in found if one is not None]


def known_mistakes(lesson: Lesson, question: QuestionResult) -> list[str]:
    """What to say of the misconceptions behind an answer, and what to think about; often nothing.

    For places that have room for text and no panels.
    """
    found = explanations(lesson, question.misconception, question.second)
    return [*(one.diagnosis for one in found), *(f"Think about: {one.pointer}" for one in found[:1])]


def diagnose(
    lesson: Lesson,
    question: str,
    visible: Seen,
    hidden: Seen,
    look: Callable[[str], Seen | None],
) -> tuple[str, ...]:
    """Ids of the known mistakes that explain a wrong answer: none, one, or two that do so together.

    Where none does, or several do of which a tutor would say different things, it is the name of a relation in which
    all numbers stand to the right ones, if there is one.

    Args:
        lesson: the lesson.
        question: a question of it.
        visible: what the visible tests saw of the answer.
        hidden: what the hidden tests saw of it; empty where they did not run.
        look: what the hidden tests see, on the same inputs, of the misconception with that id, or of the reference
            solution if asked for `RIGHT`; ``None`` where that cannot be had.
    """
    recording = _recording(lesson)
    suspects = [suspect for suspect in recording.suspects if suspect.id.partition("/")[0] == question]

    look = cache(look)

    def whole(suspect: Suspect) -> Suspect | None:
        more = look(suspect.id) if hidden else {}
        return None if more is None else suspect._replace(seen={**suspect.seen, **more})

    answer = {**visible, **hidden}
    alone = [both for one in singles(visible, suspects) if (both := whole(one)) and singles(answer, [both])]
    found: list[tuple[str, ...]] = [(one.id,) for one in closest(answer, alone)]
    if not found:
        right = Suspect(RIGHT, recording.right)
        for pair in pairs(visible, suspects, recording.right):
            known, reference = [both for one in pair if (both := whole(one))], whole(right)
            if len(known) == 2 and reference is not None and pairs(answer, known, reference.seen):
                found.append(tuple(one.id for one in pair))
    different = {tuple(recording.explanations[one] for one in ids) for ids in found}
    if len(different) == 1:
        return found[0]
    reference = whole(Suspect(RIGHT, recording.right))
    relation = None if reference is None else related(answer, reference.seen)
    return () if relation is None else (f"{question}/{_RELATION}{relation.name}",)


def recording(right: Seen, known: Sequence[tuple[str, Explanation, Seen, bool]]) -> dict[str, Any]:
    """What is recorded of a lesson: what its visible tests see of the reference solution and of each misconception."""
    return {
        "right": {test: _to_json(facets) for test, facets in right.items()},
        "known": {
            name: {
                **explanation._asdict(),
                **({"any_numbers": True} if any_numbers else {}),
                "seen": {test: _to_json(facets, right[test]) for test, facets in seen.items()},
            }
            for name, explanation, seen, any_numbers in known
        },
    }


@cache
def _of_relations() -> Mapping[str, Explanation]:
    return {_RELATION + one.name: Explanation(one.diagnosis, one.pointer) for one in RELATIONS}


class _Recording(NamedTuple):
    right: Seen
    suspects: tuple[Suspect, ...]
    explanations: Mapping[str, Explanation]


@cache
def _recording(lesson: Lesson) -> _Recording:
    try:
        read = recordings.load(lesson, recordings.MISCONCEPTIONS)
    except recordings.MissingRecording:  # a lesson that is being written
        return _Recording({}, (), {})
    right = {test: _from_json(facets, {}) for test, facets in read["right"].items()}
    suspects, explained = [], {}
    for name, known in read["known"].items():
        seen = {test: _from_json(facets, right[test]) for test, facets in known["seen"].items()}
        suspects.append(Suspect(name, seen, known.get("any_numbers", False)))
        explained[name] = Explanation(known["diagnosis"], known["pointer"])
    return _Recording(right, tuple(suspects), explained)


def _to_json(facets: Observation, right: Observation | None = None) -> dict[str, Any]:
    """An observation as JSON can hold it; ``true`` stands for a facet that is like the right answer's."""
    right = right or {}
    return {
        key: True if key in right and alike(facet, right[key], key) else recordings.to_json(facet)
        for key, facet in facets.items()
    }


def _from_json(facets: dict[str, Any], right: Observation) -> Observation:
    return {key: right[key] if facet is True else recordings.from_json(facet) for key, facet in facets.items()}
