"""How grading went: its time, what could not be graded, what was odd, and which layers of the sandbox were missing."""

import statistics
from collections import Counter
from collections.abc import Sequence

from autograder.judging.results import SubmissionResult

from ._schema import Oddity, RunReport, Slow

#: How many of the slowest submissions are named.
SLOWEST = 10


def look_back(results: Sequence[SubmissionResult], remarks: tuple[str, ...]) -> RunReport:
    """Put together what is worth knowing of the run."""
    graded = [result for result in results if result.problem is None]
    # Where no code was run, no layer is reported. If none ever was, this machine has none.
    ran = [result for result in graded if any(result.confinement.values())] or graded
    down = Counter({layer: 0 for result in ran for layer in result.confinement})
    down.update(layer for result in ran for layer, enforced in result.confinement.items() if not enforced)
    seconds = [result.seconds for result in results]
    slowest = sorted(results, key=lambda result: -result.seconds)[:SLOWEST]
    return RunReport(
        seconds=sum(seconds),
        median=statistics.median(seconds) if seconds else None,
        slowest=tuple(Slow(one.student, one.assignment, one.seconds) for one in slowest if one.seconds > 0),
        problems=tuple(Oddity(one.student, one.assignment, one.problem) for one in results if one.problem),
        notes=tuple(Oddity(one.student, one.assignment, note) for one in results for note in one.notes),
        down=dict(down),
        ran=len(ran),
        remarks=remarks,
    )
