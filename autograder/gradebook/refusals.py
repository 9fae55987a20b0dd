"""Who was not graded, and why. A refusal is no score: not 0, and not what an earlier submission was given."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from autograder.gradebook.database import Standing
from autograder.gradebook.results_store import StoredResult

__all__ = ["Refusal", "refusals"]


class Refusal(NamedTuple):
    """Why a submission was not graded.

    Attributes:
        reason: a sentence.
        is_theirs: the fault lies in what was handed in. Where it does not, or may not, the next run tries again.
    """

    reason: str
    is_theirs: bool


def refusals(
    stored: Iterable[StoredResult], standings: Mapping[tuple[str, str], Standing]
) -> dict[tuple[str, str], Refusal]:
    """By student and assignment, what could not be graded and what nobody has graded since.

    Args:
        stored: the results as they stand.
        standings: what the gradebook has. Where a human, or `nbgrader autograde`, has graded it, that counts.
    """
    found = {}
    for one in stored:
        key = (one.student, one.assignment)
        standing = standings.get(key)
        if one.result.problem is not None and (standing is None or not standing.is_graded):
            found[key] = Refusal(one.result.problem, bool(one.fingerprint.submitted))
    return found
