"""Copies of one another, however many they are.

What many share is common, and by that alone says nothing. But whoever works alone answers one question much as they
would whatever the next one is: that the same people agree in one question after the other is as unlikely as the
product of how common each answer is. Five of 36 who share one answer are five who thought alike; five who share all
four are not.
The unit is the bit, as for pairs: one for each halving of the chance that it came about by itself.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from autograder.instructor.similar._tokens import read_code
from autograder.instructor.similar._winnowing import fingerprints

#: Two answers are the same, in whatever disguise, if they share this part of what either has.
_SAME = 0.6
#: Two submissions are copies if they are the same in this part of their questions, and in no fewer than `_FEWEST`.
_MOST_QUESTIONS = 0.5
_FEWEST = 2
#: Bits beyond what chance gives to the best of all groups. People who like loops like them everywhere, so questions
#: are not quite independent, and more is asked for than of a pair.
_MARGIN = 20.0
#: So many fingerprints of an answer are looked up.
_SAMPLE = 8
#: Larger groups than this, or than a quarter of the class, have been taught together.
_LARGEST = 30


class Group(NamedTuple):
    """Submissions of one assignment that are copies of one another.

    Attributes:
        assignment: its name.
        students: who, sorted; three or more.
        bits: how unlikely it is that they wrote it each alone.
        answers: the code of all of them, by question in which they agree, and by student.
    """

    assignment: str
    students: tuple[str, ...]
    bits: float
    answers: Mapping[str, Mapping[str, str]]


def find_groups(
    assignment: str, answers: Mapping[str, Mapping[str, str]], known: Mapping[str, Sequence[str]]
) -> list[Group]:
    """Groups of three and more that agree in more than chance explains, the least likely first.

    Args:
        assignment: its name.
        answers: code by question and student.
        known: by question, code that says nothing about anybody: the stub, the reference solution, known mistakes.
    """
    prints = {question: _prints(by_student, known.get(question, ())) for question, by_student in answers.items()}
    students = {student for by_student in answers.values() for student in by_student}
    joined = _Joined()
    for first, second in _candidates(prints):
        if _are_copies(first, second, prints):
            joined.join(first, second)
    found = []
    for members in joined.groups():
        if len(members) > 2 and (weighed := _weighed(members, prints, len(students))) is not None:
            who, bits, questions = weighed
            codes = {name: {one: answers[name][one] for one in who if one in answers[name]} for name in questions}
            found.append(Group(assignment, who, bits, codes))
    return sorted(found, key=lambda group: (-group.bits, group.students))


def _prints(answers: Mapping[str, str], known: Iterable[str]) -> dict[str, frozenset[int]]:
    """What is a student's own in the answers to one question; nothing of those who write what everybody is given."""
    given = {one for source in known for one in _of(source)}
    own = {student: frozenset(_of(source) - given) for student, source in answers.items()}
    return {student: mine for student, mine in own.items() if mine}


def _of(source: str) -> set[int]:
    return set(fingerprints([token.form for token in read_code(source).tokens]))


def _candidates(prints: Mapping[str, Mapping[str, frozenset[int]]]) -> set[tuple[str, str]]:
    """Pairs that share the same answer to at least one question, so that not all pairs need be compared."""
    found: set[tuple[str, str]] = set()
    for by_student in prints.values():
        owners: dict[int, list[str]] = defaultdict(list)
        for student, mine in by_student.items():
            # Of two sets that share most of what they have, one of these is in both more often than not.
            for one in sorted(mine)[:_SAMPLE]:
                owners[one].append(student)
        for sharing in owners.values():
            if len(sharing) <= max(_LARGEST, len(by_student) // 4):
                found.update(combinations(sorted(sharing), 2))
    return found


def _same(ours: frozenset[int] | None, theirs: frozenset[int] | None) -> bool:
    if not ours or not theirs:
        return False
    return len(ours & theirs) >= _SAME * len(ours | theirs)


def _agreed(first: str, second: str, prints: Mapping[str, Mapping[str, frozenset[int]]]) -> list[str]:
    return [question for question, of in prints.items() if _same(of.get(first), of.get(second))]


def _are_copies(first: str, second: str, prints: Mapping[str, Mapping[str, frozenset[int]]]) -> bool:
    own = sum(first in of or second in of for of in prints.values())
    return len(_agreed(first, second, prints)) >= max(_FEWEST, _MOST_QUESTIONS * own)


def _weighed(
    members: Sequence[str], prints: Mapping[str, Mapping[str, frozenset[int]]], size: int
) -> tuple[tuple[str, ...], float, list[str]] | None:
    """Who of them agrees, how much that weighs, and in which questions; ``None`` if chance explains it."""
    centre = max(members, key=lambda one: sum(len(_agreed(one, other, prints)) for other in members))
    agreed = {other: set(_agreed(centre, other, prints)) for other in members if other != centre}
    questions = [question for question in prints if 2 * sum(question in of for of in agreed.values()) > len(agreed)]
    close = [other for other, of in agreed.items() if 2 * len(of & set(questions)) >= len(questions)]
    if len(questions) < _FEWEST or len(close) < 2:
        return None
    expected = float(size - 1)
    for question in questions:
        of = prints[question]
        alike = sum(_same(of.get(centre), theirs) for student, theirs in of.items() if student != centre)
        expected *= (alike + 1) / size  # one more, so that what nobody else has is not impossible
    bits = _bits(len(close), expected)
    if bits < math.log2(max(2, size)) + _MARGIN:
        return None
    return tuple(sorted([centre, *close])), bits, questions


def _bits(count: int, expected: float) -> float:
    """How unlikely so many are, in bits, where so many are expected: the tail of Poisson's distribution."""
    if count <= expected:
        return 0.0
    logarithm = count * math.log(expected) - expected - math.lgamma(count + 1)
    tail = 1.0 / (1.0 - expected / (count + 1))  # each further one is less likely by this at least
    return max(0.0, -(logarithm + math.log(tail)) / math.log(2))


class _Joined:
    """Who is joined with whom, directly or by others."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, first: str, second: str) -> None:
        self._above[self._top(first)] = self._top(second)

    def groups(self) -> list[list[str]]:
        """All groups, each sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in sorted(self._above):
            found[self._top(one)].append(one)
        return list(found.values())

    def _top(self, one: str) -> str:
        self._above.setdefault(one, one)
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one
