"""Which answers are alike beyond what everybody writes.

Right answers to a small question are alike, so likeness alone says nothing. What counts is how rare it is: a passage
that the lesson itself gives (stub, reference solution, known mistakes) or that a quarter of the class has weighs
nothing, and one that two of a thousand share weighs most. The unit is the bit: one for each halving of the share.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from autograder.instructor.similar._tokens import Code, read_code
from autograder.instructor.similar._winnowing import GRAM, fingerprints

#: Students that every class is thought to have besides: in a class of two nothing would be rare.
_PRIOR = 20
#: A share of the class that has it makes anything common.
_COMMON = 1 / 4
#: Bits beyond what chance gives to the best of all pairs.
_MARGIN = 10.0
#: Names shorter than this, and comments of fewer words, are anybody's.
_NAME_LETTERS = 4
_COMMENT_WORDS = 3

Place = tuple[int, int]


class Likeness(NamedTuple):
    """What two answers to one question share.

    Attributes:
        question: whose.
        bits: how much it weighs.
        sources: the two codes.
        passages: in each of them, the places of passages that both have, names aside.
        names: names of their own choice that both use.
        comments: comments that both wrote, in plain words.
        words: in each of them, the places of those names and comments.
        others: how many further students have the rarest part of it.
    """

    question: str
    bits: float
    sources: tuple[str, str]
    passages: tuple[list[Place], list[Place]]
    names: tuple[str, ...]
    comments: tuple[str, ...]
    words: tuple[list[Place], list[Place]]
    others: int


class Pair(NamedTuple):
    """Two submissions of one assignment, and why they are listed."""

    assignment: str
    students: tuple[str, str]
    bits: float
    likenesses: tuple[Likeness, ...]


class _Answer:
    """One student's answer to one question."""

    def __init__(self, source: str):
        self.source = source
        self.code: Code = read_code(source)
        self.prints = fingerprints([token.form for token in self.code.tokens])


class _Question:
    """All answers to one question, and how rare in them everything is."""

    def __init__(self, name: str, answers: Mapping[str, str], known: Iterable[str]):
        self.name = name
        self.answers = {student: _Answer(source) for student, source in answers.items()}
        given = [_Answer(source) for source in known]
        self._weights: dict[str, dict[Any, float]] = {}
        self.counts: dict[str, Counter[Any]] = {}
        common = (len(answers) + _PRIOR) * _COMMON
        for kind, of in _KINDS.items():
            nothing = {one for answer in given for one in of(answer)}
            self.counts[kind] = Counter(one for answer in self.answers.values() for one in of(answer))
            self._weights[kind] = {
                one: math.log2(common / count)
                for one, count in self.counts[kind].items()
                if 1 < count < common and one not in nothing
            }

    def candidates(self) -> Iterable[tuple[str, str]]:
        """Pairs that share something rare: found by what they share, never by trying all pairs."""
        rare = max(10, len(self.answers) // 20)
        for kind, of in _KINDS.items():
            weights, counts = self._weights[kind], self.counts[kind]
            owners = defaultdict(list)
            for student, answer in self.answers.items():
                for one in of(answer):
                    if one in weights and counts[one] <= rare:
                        owners[one].append(student)
            for students in owners.values():
                yield from combinations(sorted(students), 2)

    def likeness(self, first: str, second: str) -> Likeness | None:
        """What two students' answers share that is rare, if anything."""
        if first not in self.answers or second not in self.answers:
            return None
        ours, theirs = self.answers[first], self.answers[second]
        shared = {
            kind: {one for one in of(ours) if one in self._weights[kind]} & set(of(theirs))
            for kind, of in _KINDS.items()
        }
        if not any(shared.values()):
            return None
        bits = self._bits_of_passages(ours, theirs, shared["prints"])
        bits += sum(self._weights["names"][name] for name in shared["names"]) / 2
        for comment in shared["comments"]:
            # That two people find the same words is rare in any class.
            bits += self._weights["comments"][comment] + min(8, len(comment.split())) / 2
        least = min(self.counts[kind][one] for kind, ones in shared.items() for one in ones)
        return Likeness(
            self.name,
            bits,
            (ours.source, theirs.source),
            (_passages(ours, shared["prints"]), _passages(theirs, shared["prints"])),
            tuple(sorted(shared["names"])),
            tuple(sorted(shared["comments"])),
            (_words(ours, shared), _words(theirs, shared)),
            least - 2,
        )

    def _bits_of_passages(self, ours: _Answer, theirs: _Answer, shared: set[int]) -> float:
        """Passages of one answer depend on one another: twice the length does not weigh twice as much."""
        if not shared:
            return 0.0
        mean = sum(self._weights["prints"][one] for one in shared) / len(shared)
        length: int = min(len(_covered(answer, shared)) for answer in (ours, theirs))
        return float(mean * math.log2(1 + length / GRAM))


def _names(answer: _Answer) -> Iterable[str]:
    return (name for name in answer.code.names if len(name) >= _NAME_LETTERS)


def _comments(answer: _Answer) -> Iterable[str]:
    return (comment for comment in answer.code.comments if len(comment.split()) >= _COMMENT_WORDS)


#: What two answers can share: passages by their fingerprints, names, comments.
_KINDS: dict[str, Callable[[_Answer], Iterable[Any]]] = {
    "prints": lambda answer: answer.prints,
    "names": _names,
    "comments": _comments,
}


def find_pairs(
    assignment: str, answers: Mapping[str, Mapping[str, str]], known: Mapping[str, Sequence[str]]
) -> list[Pair]:
    """Pairs of submissions that are alike beyond what everybody writes, the most alike first.

    Args:
        assignment: its name.
        answers: code by question and student.
        known: by question, code that says nothing about anybody: the stub, the reference solution, known mistakes.
    """
    questions = [_Question(name, by_student, known.get(name, ())) for name, by_student in answers.items()]
    students = {student for by_student in answers.values() for student in by_student}
    if len(students) < 2:
        return []
    least = math.log2(math.comb(len(students), 2)) + _MARGIN
    pairs = []
    for first, second in sorted({pair for question in questions for pair in question.candidates()}):
        found = [one for question in questions if (one := question.likeness(first, second))]
        bits = sum(one.bits for one in found)
        if bits >= least:
            pairs.append(Pair(assignment, (first, second), bits, tuple(found)))
    return sorted(pairs, key=lambda pair: (-pair.bits, pair.students))


def _covered(answer: _Answer, shared: set[int]) -> set[int]:
    """The tokens that lie in shared passages."""
    return {token for one in shared for start in answer.prints.get(one, ()) for token in range(start, start + GRAM)}


def _passages(answer: _Answer, shared: set[int]) -> list[Place]:
    """Where the shared passages stand in the code, those without a gap joined; line ends belong to none."""
    places: list[Place] = []
    last = -2
    for number in sorted(_covered(answer, shared)):
        token = answer.code.tokens[number]
        if token.text == "\n":
            continue
        line = answer.source.count("\n", places[-1][1], token.start) if places else 0
        if number == last + 1 and places and not line:
            places[-1] = (places[-1][0], token.end)
        else:
            places.append((token.start, token.end))
        last = number
    return places


def _words(answer: _Answer, shared: Mapping[str, set[Any]]) -> list[Place]:
    places = [place for name in shared["names"] for place in answer.code.names[name]]
    return sorted([*places, *(answer.code.comments[comment] for comment in shared["comments"])])
