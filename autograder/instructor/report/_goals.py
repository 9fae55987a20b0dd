"""How the class stands by learning goal: a question shows one or more, and a goal may have several questions."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from autograder.judging.course import Course

from ._schema import GoalReport, QuestionReport

__all__ = ["Purpose", "count_goals", "purposes"]

#: The file in a course's secret folder that says what each question asks for.
GOALS = "goals.toml"


class Purpose(NamedTuple):
    """What a question asks for.

    Attributes:
        kind: the kind of question, a word of the course's own.
        goals: the learning goals that a right answer shows.
    """

    kind: str
    goals: tuple[str, ...]


def purposes(course: Course) -> dict[str, Purpose]:
    """What the course says of each of its questions, by name; nothing where it has no such file.

    Raises:
        ValueError: the file is not of the form that is expected; the text says where.
    """
    path = course.secret / GOALS
    if not path.exists():
        return {}
    read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {}
    for name, entry in read.items():
        if not isinstance(entry, dict) or set(entry) != {"kind", "goals"} or not entry["goals"]:
            raise ValueError(f"{path}: {name} needs a `kind` and a list of `goals`, and nothing else.")
        found[name] = Purpose(entry["kind"], tuple(entry["goals"]))
    return found


def count_goals(questions: Iterable[QuestionReport], course: Course) -> tuple[GoalReport, ...]:
    """The share of points that the class has reached, by goal, the lowest first.

    Counted are questions that give points, in the submissions in which anything was begun.
    """
    asked = purposes(course)
    earned: defaultdict[str, float] = defaultdict(float)
    possible: defaultdict[str, float] = defaultdict(float)
    shown_by: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions:
        for goal in asked.get(question.name, Purpose("", ())).goals:
            weight = question.max_score * question.begun
            if weight:
                earned[goal] += weight * (1 - question.lost)
                possible[goal] += weight
                shown_by[goal].append(question.name)
    reports = [GoalReport(goal, earned[goal] / possible[goal], tuple(shown_by[goal])) for goal in possible]
    return tuple(sorted(reports, key=lambda one: one.reached))
