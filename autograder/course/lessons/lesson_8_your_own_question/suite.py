"""Lesson 8, your own question: groups for labels, piles of observations, a number that flatters, evidence."""

from typing import Any

import torch

from autograder.course.data.evidence import EVIDENCE
from autograder.judging import Mismatch, assert_close, assert_that, describe, keeps_arguments, points, tensor_of, varies

LABELS = torch.tensor([3, 8, 0, 5, 9, 1, 6, 0, 2, 7, 4])


def piles_of(result: Any, m: int, sizes: list[int]) -> list[list[int]]:
    """The answer as piles of places, each as large as asked for and no place in two of them."""
    several = isinstance(result, list | tuple) and len(result) == len(sizes)
    assert_that(several, f"expected {len(sizes)} piles, got {describe(result)}.", result)
    piles = [tensor_of(pile, (size,), f"pile {n}") for n, (pile, size) in enumerate(zip(result, sizes, strict=True))]
    places = torch.cat([pile.double() for pile in piles])
    assert_that(
        bool(((places >= 0) & (places < m) & (places == places.round())).all()),
        f"places of {m} observations are whole numbers from 0 to {m - 1}.",
        places,
    )
    assert_that(len(places.unique()) == len(places), "an observation is in two piles, or twice in one.", places)
    return [pile.long().tolist() for pile in piles]


class TestRegroup:
    @points(0.25)
    def test_two_groups(self, student, reference):
        """The closed loops that the lesson works by hand."""
        groups = [[1, 2, 3, 4, 5, 7], [0, 6, 8, 9]]
        assert_close(student.regroup(LABELS, groups), reference.regroup(LABELS, groups))

    @points(0.5)
    def test_groups_whose_numbers_are_labels_too(self, student, reference):
        """Four groups in which the numbers of groups are labels of other groups."""
        groups = [[3, 4], [0, 1], [2, 9, 8], [5, 6, 7]]
        assert_close(student.regroup(LABELS, groups), reference.regroup(LABELS, groups))

    test_keeps_arguments = keeps_arguments("regroup", 0.25, LABELS, [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]])


class TestDeal:
    @points(0.5)
    @varies
    def test_sizes(self, student):
        """Three piles as large as asked for, in which nobody is twice."""
        piles_of(student.deal(10, [6, 2, 2], 0), 10, [6, 2, 2])

    @points(0.25)
    @varies
    def test_some_left_over(self, student):
        """Piles that together are smaller than all there is."""
        piles_of(student.deal(20, [5, 3], 1), 20, [5, 3])

    @points(0.25)
    @varies
    def test_one_pile(self, student):
        """All observations in one pile: everybody is in it, once."""
        (pile,) = piles_of(student.deal(12, [12], 2), 12, [12])
        assert_that(sorted(pile) == list(range(12)), "somebody is missing in the one pile that holds all.")

    @points(0.5)
    @varies
    def test_seed(self, student):
        """The same seed deals the same piles, and another seed others."""
        first, again, *others = (piles_of(student.deal(30, [20, 10], seed), 30, [20, 10]) for seed in (3, 3, 4, 5, 6))
        assert_that(first == again, "seed 3 dealt other piles the second time.")
        assert_that(any(one != first for one in others), "four seeds dealt the same piles: nothing is drawn.")


#: A case that is made up by hand has no more observations than this.
MOST_OBSERVATIONS = 1_000


def row_of(part: Any, name: str) -> torch.Tensor:
    """A row of zeros and ones."""
    try:
        row = tensor_of(part)
        flat = row.dim() == 1 and len(row) > 0 and bool(((row == 0) | (row == 1)).all())
    except Mismatch:
        flat = False
    assert_that(flat, f"`{name}` is not a row of zeros and ones.", part)
    assert_that(len(row) <= MOST_OBSERVATIONS, f"`{name}` has {len(row)} entries; {MOST_OBSERVATIONS} are read.")
    return row


def case_of(result: Any) -> tuple[int, int, int]:
    """The answer as counts: observations, those that the model has right, and those of the larger group.

    Raises:
        Mismatch: these are not two rows of zeros and ones, or the model is right too seldom.
    """
    if isinstance(result, dict) and set(result) == {"right", "said"}:
        result = (result["right"], result["said"])
    whole = isinstance(result, list | tuple) or (isinstance(result, torch.Tensor) and result.dim() > 0)
    parts = list(result) if whole and len(result) == 2 else []
    assert_that(len(parts) == 2, f"expected two rows, (right, said), got {describe(result)}.", result)
    right, said = (row_of(part, name) for part, name in zip(parts, ("right", "said"), strict=True))
    assert_that(len(right) == len(said), f"`right` has {len(right)} entries and `said` has {len(said)}.", said)
    ones, hits = int(right.sum()), int((right == said).sum())
    if ones in (0, len(right)):
        raise Mismatch(f"all observations are of group {int(right[0])}.")
    if 10 * hits < 9 * len(right):
        raise Mismatch(f"the model is right for {hits} of {len(right)}: for fewer than nine of ten.")
    return len(right), hits, max(ones, len(right) - ones)


class TestFlattering:
    @points(1)
    @varies
    def test_looks_good(self, student):
        """Two groups, and a model that is right for nine of ten or more."""
        case_of(student.flattering())

    @points(5)
    @varies
    def test_flatters(self, student):
        """Always naming the larger group would be right more often."""
        count, hits, larger = case_of(student.flattering())
        if larger == hits:
            raise Mismatch(f"always naming the larger group is right for {larger} of {count} too, and not for more.")
        if larger < hits:
            raise Mismatch(
                f"the model is right for {hits} of {count}, and always naming the larger group for {larger}. So the "
                "model has found something out."
            )


class TestWhichBug:
    @points(0)
    @varies
    def test_form(self, student):
        """Your id, and five words. Whether they are right is judged when it is graded."""
        EVIDENCE["which_bug"].read(student.which_bug())


class TestWhichTraining:
    @points(0)
    @varies
    def test_form(self, student):
        """Your id, and six words. Whether they are right is judged when it is graded."""
        EVIDENCE["which_training"].read(student.which_training())


class TestWhichTable:
    @points(0)
    @varies
    def test_form(self, student):
        """Your id, and six words. Whether they are right is judged when it is graded."""
        EVIDENCE["which_table"].read(student.which_table())
