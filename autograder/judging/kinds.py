"""Questions that ask for understanding: answers that are values, and how a suite judges them.

Each kind is a few lines in an ordinary test:

- *Examples first*: `Examples` reads a list of examples of a function. Each must be right, and together they must tell
  the function from wrong versions of it.
- *Expose the bug*: `Bug` reads one input, and what comes out and what should.
- *Predict, with a degree of belief*: `assert_belief` scores a dict of shares against what has happened.
- *Read the evidence*: `Evidence` chooses pieces of a stock by the id in the answer, which says what each shows.

An answer that is built to have a property ("give three neurons that …") needs none of them: its test reads it with
`tensor_of` and says what is wrong with `assert_that`.

Whatever is read here may come from a stranger. So an answer is small, or it is refused, before any code of ours works
with it; and what a wrong version raises over it is no error of ours.
"""

import hashlib
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from autograder.judging.assertions import Mismatch, assert_that, describe, tensor_of
from autograder.judging.values import plain

__all__ = ["Bug", "Evidence", "Examples", "assert_belief"]

#: How many examples are read, and how many numbers each part of one may have: they are worked by hand.
MOST_EXAMPLES = 12
MOST_NUMBERS = 100
#: A belief below this counts as this, as a share does in a cost.
LEAST_BELIEF = 1e-12
#: What stands in a released notebook where an id belongs.
UNSIGNED = "your id"
#: No id is longer; this is what nbgrader's database holds.
LONGEST_ID = 128


class Example(NamedTuple):
    """One example as it was read.

    Attributes:
        inputs: what the function is given.
        expected: what the student says it gives.
        problem: what is wrong with the example, a sentence; empty if nothing is.
    """

    inputs: tuple[torch.Tensor, ...]
    expected: torch.Tensor
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class _Of:
    """What the values that are asked for belong to.

    Attributes:
        name: the function's name.
        function: gives the right answer; a library's where there is one, since students' installations have it.
        dims: the function's parameters, in order, each with its number of dimensions.
        labels: which of them are whole numbers.
        digits: how far from right a number worked by hand may be, relative to numbers of about 1.
    """

    name: str
    function: Callable[..., Any]
    dims: Mapping[str, int]
    labels: tuple[str, ...] = ()
    digits: float = 0.006

    def close(self, mine: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
        """Which numbers agree, as far as a hand calculation can."""
        return torch.isclose(mine.double(), theirs.double(), rtol=self.digits, atol=self.digits)

    def agrees(self, mine: torch.Tensor, theirs: torch.Tensor) -> bool:
        """Whether two results have the same shape and the same numbers."""
        return mine.shape == theirs.shape and bool(self.close(mine, theirs).all())

    def inputs(self, parts: Sequence[Any], where: str) -> tuple[torch.Tensor, ...]:
        """The inputs of a call, as a student wrote them down.

        Raises:
            Mismatch: one of them is nothing that the function takes.
        """
        found = []
        for (name, dims), part in zip(self.dims.items(), parts, strict=True):
            value = _numbers(part, f"{name} in {where}")
            if value.dim() != dims:
                brackets = f" That is {_brackets(dims)} around the numbers, and not {_brackets(value.dim())}."
                raise Mismatch(
                    f"`{name}` in {where} has shape {tuple(value.shape)}, and `{self.name}` takes "
                    f"{('one number', 'a row of numbers', 'a table, one row an observation')[dims]}.{brackets}",
                    "shape",
                )
            found.append(value.long() if name in self.labels else value.float())
        return tuple(found)

    def right(self, inputs: tuple[torch.Tensor, ...], where: str) -> torch.Tensor:
        """What the function itself gives.

        Raises:
            Mismatch: it takes no such inputs.
        """
        result = _result_of(self.function, inputs)
        if result is None or not bool(result.isfinite().all()):
            shapes = " and ".join(f"`{name}` {tuple(one.shape)}" for name, one in zip(self.dims, inputs, strict=True))
            raise Mismatch(f"`{self.name}` does not take the inputs of {where}: {shapes}.", "shape")
        return result


class Examples(_Of):
    """The kind *examples first*: a list of examples ``(input, …, expected)`` of one function."""

    def read(self, answer: Any) -> list[Example]:
        """The examples, each with what is wrong with it.

        Raises:
            Mismatch: this is no list of examples.
        """
        pair = f"({', '.join(self.dims)}, expected)"
        entries = _entries(answer)
        if entries is None:
            raise Mismatch(f"expected a list of examples `[{pair}, …]`, got {describe(answer)}.", "type")
        assert_that(len(entries) > 0, "the list of examples is empty.")
        if self._is_example(answer):
            raise Mismatch(f"that is one example, and not a list of them: `[{pair}, …]`.", "type")
        if len(entries) > MOST_EXAMPLES:
            raise Mismatch(f"there are {len(entries)} examples; at most {MOST_EXAMPLES} are read.", "count")
        return [self._read(entry, f"example {number}", pair) for number, entry in enumerate(entries, 1)]

    def assert_right(self, answer: Any) -> None:
        """Check that each example is right; a part of them gives that part of the points.

        Raises:
            Mismatch: saying which one is wrong, and where.
        """
        examples = self.read(answer)
        wrong = [one for one in examples if one.problem]
        if wrong:
            raise Mismatch(wrong[0].problem, "values", share=1 - len(wrong) / len(examples))

    def assert_tell(self, answer: Any, versions: Mapping[str, Callable[..., Any]]) -> None:
        """Check that the right examples tell the function from wrong versions; the share caught is what they give.

        Args:
            answer: what the student gave.
            versions: the wrong versions, each under words that go on after "one of those that escape".

        Raises:
            Mismatch: saying how many are caught, and what one of the others does.
        """
        right = [one for one in self.read(answer) if not one.problem]
        assert_that(len(right) > 0, "none of the examples is right yet, so none can tell right from wrong.")
        escaped = [does for does, version in versions.items() if not any(self._tells(one, version) for one in right)]
        if escaped:
            caught = len(versions) - len(escaped)
            raise Mismatch(
                f"your examples catch {caught} of {len(versions)} wrong versions of `{self.name}`. One of those that "
                f"escape {escaped[0]}.",
                share=caught / len(versions),
            )

    def _is_example(self, answer: Any) -> bool:
        """Whether an answer is one example, without the brackets of a list around it."""
        parts = _entries(answer) or []
        if len(parts) != len(self.dims) + 1:
            return False
        try:
            right = self.right(self.inputs(parts[:-1], "it"), "it")
            return self.agrees(_numbers(parts[-1], "expected"), right)
        except Mismatch:
            return False

    def _read(self, entry: Any, where: str, pair: str) -> Example:
        nothing = torch.zeros(0)
        if isinstance(entry, dict) and set(entry) == {*self.dims, "expected"}:
            entry = [entry[name] for name in (*self.dims, "expected")]
        parts = _entries(entry)
        if parts is None or len(parts) != len(self.dims) + 1:
            return Example((), nothing, f"{where} is {describe(entry)}. An example is `{pair}`.")
        try:
            inputs = self.inputs(parts[:-1], where)
            expected = _numbers(parts[-1], f"expected in {where}")
            right = self.right(inputs, where)
        except Mismatch as mismatch:
            return Example((), nothing, mismatch.text)
        return Example(inputs, expected, self._problem(expected, right, where))

    def _problem(self, expected: torch.Tensor, right: torch.Tensor, where: str) -> str:
        if expected.shape != right.shape:
            return (
                f"what {where} expects has shape {tuple(expected.shape)}; `{self.name}` gives shape "
                f"{tuple(right.shape)} there."
            )
        wrong = (~self.close(expected, right)).nonzero()
        if not len(wrong):
            return ""
        place = f" at {wrong[0].tolist()}" if expected.dim() else ""
        return (
            f"{where} is not right{place}: you expect {expected[tuple(wrong[0])].item():.6g} there. Work it out again."
        )

    def _tells(self, example: Example, version: Callable[..., Any]) -> bool:
        """Whether an example shows that a version is wrong: it gives something else there, or raises."""
        result = _result_of(version, example.inputs)
        return result is None or not self.agrees(result, example.expected)


@dataclass(frozen=True, kw_only=True)
class Bug(_Of):
    """The kind *expose the bug*: one input ``(input, …, comes out, should be)`` on which a wrong version shows.

    Attributes:
        wrong: the version with the bug, as the lesson shows it.
    """

    wrong: Callable[..., Any]

    def assert_shows(self, answer: Any) -> None:
        """Check that the wrong version gives something else than the right one on the input.

        Raises:
            Mismatch: it does not, or the answer cannot be read.
        """
        inputs, _, _ = self._read(answer)
        right, wrong = self.right(inputs, "your answer"), _result_of(self.wrong, inputs)
        if wrong is not None and self.agrees(wrong, right):
            raise Mismatch("on this input the bug does not show: what comes out is what should come out.")

    def assert_says(self, answer: Any) -> None:
        """Check what the answer says of both: what comes out, and what should.

        Raises:
            Mismatch: one of them is another number.
        """
        self.assert_shows(answer)
        inputs, comes_out, should_be = self._read(answer)
        says = {"what comes out": (comes_out, _result_of(self.wrong, inputs))}
        says["what should come out"] = (should_be, self.right(inputs, "your answer"))
        wrong = [what for what, (mine, theirs) in says.items() if theirs is None or not self.agrees(mine, theirs)]
        if wrong:
            raise Mismatch(f"the input is well chosen. {wrong[0].capitalize()} there is something else.", "values")

    def _read(self, answer: Any) -> tuple[tuple[torch.Tensor, ...], torch.Tensor, torch.Tensor]:
        names = (*self.dims, "comes_out", "should_be")
        if isinstance(answer, dict) and set(answer) == set(names):
            answer = [answer[name] for name in names]
        parts = _entries(answer)
        if parts is None or len(parts) != len(names):
            raise Mismatch(f"expected `({', '.join(names)})`, got {describe(answer)}.", "count")
        inputs = self.inputs(parts[:-2], "your answer")
        comes_out, should_be = (_numbers(part, name) for name, part in zip(names[-2:], parts[-2:], strict=True))
        return inputs, comes_out, should_be


def assert_belief(answer: Any, outcomes: Sequence[str], happened: Sequence[str] = ()) -> None:
    """Check a belief, and score it by what has happened: by cross-entropy, against knowing nothing.

    A belief that is shared evenly gives nothing, and so does one that is worse than that; all of it on what always
    happens gives everything. Honest beliefs do best.

    Args:
        answer: a dict with a number for each outcome; together they are 1.
        outcomes: what may happen.
        happened: what has, once or many times; where there is none, only the form is checked.

    Raises:
        Mismatch: this is no belief, or others would have been better; with the share that it earns.
    """
    listed = ", ".join(f'"{one}"' for one in outcomes)
    if not isinstance(answer, dict) or set(answer) != set(outcomes):
        raise Mismatch(f"expected a dict with a share for each of {listed}, got {describe(answer)}.", "keys")
    shares = {name: _numbers(answer[name], name) for name in outcomes}
    for name, share in shares.items():
        assert_that(share.dim() == 0 and 0 <= share.item() <= 1, f'the share of "{name}" is no number from 0 to 1.')
    total = sum(share.item() for share in shares.values())
    assert_that(abs(total - 1) < 0.011, f"your shares add up to {total:.4g}. Together they are 1.")
    if not happened:
        return
    cost = sum(-math.log(max(shares[one].item(), LEAST_BELIEF)) for one in happened) / len(happened)
    score = max(0.0, 1 - cost / math.log(len(outcomes)))
    if score < 0.995:
        often = max(outcomes, key=list(happened).count)
        count = list(happened).count(often)
        raise Mismatch(
            f'it was "{often}" in {count} of {len(happened)} runs. Your belief costs {cost:.2f}; knowing nothing costs '
            f"{math.log(len(outcomes)):.2f}.",
            share=round(score, 2),
        )


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
        name = _same_id(student)
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
        parts = _entries(answer)
        if parts is None or len(parts) != 2 or not isinstance(parts[0], str):
            raise Mismatch(f'expected `("{UNSIGNED}", [{self.count} words])`, got {describe(answer)}.', "type")
        student, says = parts[0].strip(), _entries(parts[1])
        signed = 0 < len(student) <= LONGEST_ID and _same_id(student) != UNSIGNED
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


def _same_id(student: str) -> str:
    return " ".join(student.split()).casefold()


def _entries(answer: Any) -> list[Any] | None:
    """The parts of a list, a tuple, or a tensor that was made of one."""
    if isinstance(answer, torch.Tensor):
        return list(answer) if answer.dim() and len(answer) <= MOST_NUMBERS else None
    return list(answer) if isinstance(answer, list | tuple) else None


def _numbers(part: Any, name: str) -> torch.Tensor:
    """A part of an answer as a small tensor of numbers."""
    found = tensor_of(part, name=name)
    assert_that(found.numel() <= MOST_NUMBERS, f"`{name}` has {found.numel()} numbers; {MOST_NUMBERS} are enough.")
    assert_that(found.numel() > 0 and bool(found.isfinite().all()), f"`{name}` has no number, or one that is none.")
    return found


def _result_of(function: Callable[..., Any], inputs: tuple[torch.Tensor, ...]) -> torch.Tensor | None:
    """What a function of ours gives for inputs of a student's; ``None`` where it raises or gives no tensor."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tensor_of(plain(function(*(one.clone() for one in inputs))))
    except Exception:
        return None


def _brackets(dims: int) -> str:
    return ("no brackets", "one pair of brackets", "two pairs of brackets")[dims] if dims < 3 else f"{dims} pairs"
