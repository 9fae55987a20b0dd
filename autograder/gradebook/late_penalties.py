"""Late penalties: how late a submission is, and how many points the class's own rule takes off for that.

The rule is nbgrader's: its `AssignLatePenalties` with the plug-in that ``nbgrader_config.py`` names. It is applied when
scores are entered into the gradebook, since it needs the whole score, what a human has given included.
"""

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.utils.importstring import import_item

__all__ = ["Penalty", "class_penalty", "seconds_late"]

#: The penalty for a notebook: from student, score and seconds late to the points that are taken off, or nothing.
Penalty = Callable[[str, float, float], float | None]


def class_penalty(converter: Any) -> Penalty | None:
    """The penalty that a class's settings ask for; ``None`` if they ask for none.

    Args:
        converter: nbgrader's `Autograde`, configured.
    """
    for named in converter.autograde_preprocessors:
        kind = import_item(named) if isinstance(named, str) else named
        if issubclass(kind, AssignLatePenalties):
            step = kind(parent=converter)
            return _penalty_of(step) if step.enabled else None
    return None


def seconds_late(
    timestamp: datetime.datetime | None, duedate: datetime.datetime | None, extension: datetime.timedelta | None
) -> float:
    """How late a submission is, as `nbgrader.api.SubmittedAssignment.total_seconds_late` has it; 0 if it is not."""
    if timestamp is None or duedate is None:
        return 0.0
    return max(0.0, (timestamp - duedate - (extension or datetime.timedelta())).total_seconds())


def _penalty_of(step: Any) -> Penalty:
    step.init_plugin()

    def penalty(student: str, score: float, late: float) -> float | None:
        points: float | None = step.plugin_inst.late_submission_penalty(student, score, late)
        if points is None:
            return None
        checked: float = step._check_late_penalty(SimpleNamespace(score=score), points)
        return checked

    return penalty
