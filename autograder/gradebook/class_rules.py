"""The rules of one class, all in its ``nbgrader_config.py``: extensions, what being late costs, who grades whom.

What nbgrader has a setting for stays there: `CourseDirectory.student_id_exclude` names students who have dropped out,
and `AssignLatePenalties.plugin_class` a rule of one's own for what being late costs. An extension is entered into the
gradebook, where nbgrader looks for it too.
"""

import datetime
from collections.abc import Collection, Iterable

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Dict, Float, List, Unicode, Union
from traitlets.config import Configurable

from autograder.gradebook.database import Roster
from autograder.notebooks.text import legible

__all__ = ["ClassRules", "LateRule", "Selection", "UnknownGroup"]

_DAY = 86_400.0


class UnknownGroup(Exception):
    """A group was asked for that the class's rules do not have; the text says which there are."""


class ClassRules(Configurable):
    """What ``c.ClassRules`` says in ``nbgrader_config.py``."""

    extensions = Dict(
        value_trait=Union([Float(), Dict(value_trait=Float(), key_trait=Unicode())]),
        key_trait=Unicode(),
        help="By student's id, how many days later than the due date they may hand in: one number for everything, or "
        "one for each assignment by its name. 0 takes an extension back.",
    ).tag(config=True)
    groups = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="By the group's name, the ids of the students in it: those of one marker, or of one tutorial.",
    ).tag(config=True)
    late_percent_a_day = Float(
        0.0,
        min=0.0,
        max=100.0,
        help="So much of its score a submission loses for each day that it is late, begun or whole.",
    ).tag(config=True)
    late_grace_minutes = Float(0.0, min=0.0, help="Nothing is lost by being late for no longer than this.").tag(
        config=True
    )
    late_most_percent = Float(100.0, min=0.0, max=100.0, help="No submission loses more than this.").tag(config=True)

    written_points = Float(
        0.0,
        min=0.0,
        help="What each question of the lessons is worth that is answered in sentences and graded by hand. It counts "
        "from the next `nbgrader generate_assignment` on.",
    ).tag(config=True)

    def extension(self, student: str, assignment: str) -> datetime.timedelta | None:
        """How much later than the due date somebody may hand in; ``None`` where the rules say nothing of it."""
        found = self.extensions.get(student)
        days = found.get(assignment) if isinstance(found, dict) else found
        return None if days is None else datetime.timedelta(days=days)

    def group_of(self, student: str) -> str:
        """The groups that a student is in, as text; empty for none."""
        return ", ".join(name for name, students in self.groups.items() if student in students)

    def strangers(self, known: Collection[str], assignments: Collection[str]) -> list[str]:
        """A sentence for each name in the rules that nobody and nothing has: most likely a slip of the pen."""
        sentences = []
        named = {f"c.ClassRules.groups[{name!r}]": students for name, students in self.groups.items()}
        for place, students in {"c.ClassRules.extensions": list(self.extensions), **named}.items():
            unknown = sorted(set(students) - set(known))
            if unknown:
                who = ", ".join(map(legible, unknown))
                sentences.append(f"{place} names {who}, whom the gradebook does not know.")
        of_assignments = {name for found in self.extensions.values() if isinstance(found, dict) for name in found}
        unknown = sorted(of_assignments - set(assignments))
        if unknown:
            which = ", ".join(map(legible, unknown))
            sentences.append(f"c.ClassRules.extensions names {which}, which is no assignment in the gradebook.")
        return sentences


class LateRule(LateSubmissionPlugin):
    """nbgrader's plug-in for the three settings of `ClassRules` about being late; without them, nbgrader's own."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """As `LateSubmissionPlugin.late_submission_penalty`: the points that are taken off."""
        rules = ClassRules(parent=self)
        if not rules.late_percent_a_day:
            points: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return points
        if total_seconds_late <= rules.late_grace_minutes * 60:
            return None
        days = -(-total_seconds_late // _DAY)
        return round(score * min(days * rules.late_percent_a_day, rules.late_most_percent) / 100, 5)


class Selection:
    """The students whom a command is about: some, those of some groups, or all. Who has dropped out is never in it.

    Args:
        rules: the class's.
        excluded: those who have dropped out.
        students: their ids.
        groups: names of groups in the rules.

    Raises:
        UnknownGroup: there is no such group.
    """

    def __init__(
        self,
        rules: ClassRules,
        excluded: Collection[str] = (),
        students: Iterable[str] = (),
        groups: Iterable[str] = (),
    ):
        self._excluded = frozenset(excluded)
        wanted = set(students)
        for name in groups:
            if name not in rules.groups:
                there = ", ".join(map(legible, rules.groups)) or "none"
                raise UnknownGroup(
                    f"There is no group {legible(name)!r}; there are: {there}. c.ClassRules.groups in "
                    "nbgrader_config.py names them."
                )
            wanted.update(rules.groups[name])
        self.is_everybody = not (wanted or list(groups))
        self._wanted = frozenset(wanted)

    def __contains__(self, student: object) -> bool:
        return student not in self._excluded and (self.is_everybody or student in self._wanted)

    def of(self, roster: Roster) -> Roster:
        """A roster with these students alone."""
        return roster._replace(
            students={student: person for student, person in roster.students.items() if student in self},
            standings={key: standing for key, standing in roster.standings.items() if key[0] in self},
        )
