"""Lesson 8, hidden tests."""

import json
from pathlib import Path

import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.course.lessons.lesson_8_your_own_question.suite import piles_of
from autograder.judging import assert_close, assert_that, points, varies

#: What is right for each piece of evidence in stock.
KEYS = json.loads((Path(__file__).parent / "evidence.json").read_text(encoding="utf-8"))


class TestRegroup:
    @points(1)
    def test_other_groups(self, student, reference, rng):
        """Other labels, and any number of groups."""
        for count in (2, 3, 5):
            order = torch.randperm(10, generator=rng).tolist()
            groups = [order[first::count] for first in range(count)]
            y = torch.randint(10, (40,), generator=rng)
            assert_close(student.regroup(y, groups), reference.regroup(y, groups))


class TestDeal:
    @points(0.5)
    @varies
    def test_everybody_may_come_anywhere(self, student, rng):
        """Over many seeds, each observation is in each pile now and then."""
        m, sizes = 6, [3, 2, 1]
        seen = {n: set() for n in range(m)}
        for seed in torch.randint(1, 2**31, (150,), generator=rng).tolist():
            for number, pile in enumerate(piles_of(student.deal(m, sizes, seed), m, sizes)):
                for place in pile:
                    seen[place].add(number)
        # The smallest pile misses a given observation in all of 150 dealings once in 10¹² times.
        stuck = [place for place, piles in seen.items() if len(piles) < len(sizes)]
        assert_that(not stuck, f"over 150 seeds, observation {stuck[:1]} never came into some of the piles.")


class TestWhichBug:
    @points(5)
    @varies
    def test_evidence(self, student, signed):
        """What your five gradient checks show."""
        answer = student.which_bug()
        signed(EVIDENCE["which_bug"].read(answer)[0])
        EVIDENCE["which_bug"].assert_read(answer, KEYS["which_bug"])


class TestWhichTraining:
    @points(6)
    @varies
    def test_evidence(self, student, signed):
        """What your six trainings show."""
        answer = student.which_training()
        signed(EVIDENCE["which_training"].read(answer)[0])
        EVIDENCE["which_training"].assert_read(answer, KEYS["which_training"])


class TestWhichTable:
    @points(5)
    @varies
    def test_evidence(self, student, signed):
        """What your six tables show."""
        answer = student.which_table()
        signed(EVIDENCE["which_table"].read(answer)[0])
        EVIDENCE["which_table"].assert_read(answer, KEYS["which_table"])
