"""Questions that are answered by reading evidence: a curve, a check of gradients, whatever a mistake leaves behind.

`Evidence` chooses pieces of a stock by the id in the answer, which says what each of them shows. The stock may be
known; the key to it stands with the secret suite.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judging.assertions import Mismatch, assert_that, describe
from autograder.judging.results import plain_id

__all__ = ["Evidence"]

#: What stands in a released notebook where an id belongs.
UNSIGNED = "your id"
#: No id of a student is longer; this is what nbgrader's database holds.
LONGEST_ID = 128


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The kind *read the evidence*: of a stock of pieces everybody is asked about a few, chosen by the id.

    An answer is ``("ada", [what the first piece shows, …])``, with the id with which it is handed in. So the pieces are
    the same however it is graded.

    Attributes:
        signs: what a piece may show, each with a sentence on how such a piece looks.
        count: how many pieces everybody is asked about.
    """

    signs: Mapping[str, str]
    count: int

    def places(self, student: str, stock: int) -> list[int]:
        """Which of a stock's pieces somebody is asked about; upper and lower case are the same id."""
        name = plain_id(student)
        order = sorted(range(stock), key=lambda place: hashlib.sha256(f"{place} {name}".encode()).digest())
        return order[: self.count]

    def right(self, student: str, key: Sequence[str]) -> list[str]:
        """What is right for somebody's pieces, where `key` has it for the whole stock."""
        return [key[place] for place in self.places(student, len(key))]

    def read(self, answer: Any) -> tuple[str, list[str]]:
        """The id that stands in an answer, and what it says of each piece.

        Raises:
            Mismatch: this is no such answer.
        """
        listed = ", ".join(f'"{one}"' for one in self.signs)
        if isinstance(answer, dict) and set(answer) == {"student", "says"}:
            answer = (answer["student"], answer["says"])
        parts = _listed(answer)
        if parts is None or len(parts) != 2 or not isinstance(parts[0], str):
            raise Mismatch(f'expected `("{UNSIGNED}", [{self.count} words])`, got {describe(answer)}.', "type")
        student, says = parts[0].strip(), _listed(parts[1])
        signed = 0 < len(student) <= LONGEST_ID and plain_id(student) != UNSIGNED
        assert_that(signed, f"where `{UNSIGNED}` stands, write the id with which you hand in.")
        if says is None or len(says) != self.count:
            raise Mismatch(f"expected a list of {self.count} words, got {describe(parts[1])}.", "count")
        found = [" ".join(one.split()).casefold() if isinstance(one, str) else "" for one in says]
        for number, one in enumerate(found, 1):
            if one not in self.signs:
                mine = f'"{one[:40]}"' if one else describe(says[number - 1])
                raise Mismatch(f"number {number} is {mine}, and none of {listed}.", "values")
        return student, found

    def assert_read(self, answer: Any, key: Sequence[str]) -> None:
        """Check what an answer says of its pieces. As many as a guess gets right in the mean earn nothing.

        Args:
            answer: what the student gave.
            key: what is right for each piece of the stock.

        Raises:
            Mismatch: with how many were read, and how a piece looks of which one was taken for; with the share earned.
        """
        student, says = self.read(answer)
        wrong = [said for said, true in zip(says, self.right(student, key), strict=True) if said != true]
        if wrong:
            often = max(self.signs, key=wrong.count)
            chance = self.count / len(self.signs)
            share = max(0.0, (self.count - len(wrong) - chance) / (self.count - chance))
            text = f'{self.count - len(wrong)} of {self.count} are read. At least one is not "{often}".'
            raise Mismatch(f"{text} {self.signs[often]}", "values", share=round(share, 2))


def _listed(answer: Any) -> list[Any] | None:
    return list(answer) if isinstance(answer, list | tuple) else None
