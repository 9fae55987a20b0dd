"""Questions that ask for understanding: answers that are values, and how a suite judges them.

Each kind is a few lines in an ordinary test:

- *Examples first*: `Examples` reads a list of examples of a function. Each must be right, and together they must tell
  the function from wrong versions of it.
- *Expose the bug*: `Bug` reads one input, and what comes out and what should.
- *Predict, with a degree of belief*: `assert_belief` scores a dict of shares against what has happened.
- *Read the evidence* is a module of its own, `evidence`.

An answer that is built to have a property ("give three neurons that …") needs none of them: its test reads it with
`numbers_of` or `tensor_of` and says what is wrong with `assert_that`.

Whatever is read here may come from a stranger. So an answer is small, or it is refused, before any code of ours works
with it; and what a wrong version raises over it is no error of ours.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from autograder.judging.assertions import Mismatch, assert_that, describe, odd_parts, tensor_of
from autograder.judging.messages import show
from autograder.judging.values import plain

__all__ = ["Bug", "Examples", "assert_belief", "numbers_of"]

#: How many examples are read, and how many numbers each part of one may have: they are worked by hand. Many, or large
#: tables that a library has filled would catch by luck what a few small ones catch by thought.
MOST_EXAMPLES = 4
MOST_WORKED = 24
#: How many numbers a part of any other answer may have.
MOST_NUMBERS = 100
#: A belief below this counts as this, as a share does in a cost.
LEAST_BELIEF = 1e-12
#: How far shares that were rounded or reckoned with may be from 1 together, and one of them below 0.
ROUNDED = 0.011
RECKONED = 1e-6


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
            value = _numbers(part, f"`{name}` in {where}", MOST_WORKED)
            if value.dim() != dims:
                brackets = f" That is {_brackets(dims)} around the numbers; yours has {_brackets(value.dim())}."
                raise Mismatch(
                    f"`{name}` in {where} has shape {tuple(value.shape)}, and `{self.name}` takes "
                    f"{('one number', 'a row of numbers', 'a table, one row an observation')[dims]}.{brackets}",
                    "shape",
                )
            if name in self.labels:
                whole = bool((value == value.round()).all())
                assert_that(whole, f"`{name}` in {where} has a fraction, and `{self.name}` takes whole numbers.")
            small = bool(value.float().isfinite().all())
            assert_that(small, f"`{name}` in {where} has a number that is too large for float32.")
            found.append(value.long() if name in self.labels else value.float())
        return tuple(found)

    def right(self, inputs: tuple[torch.Tensor, ...], where: str) -> torch.Tensor:
        """What the function itself gives.

        Raises:
            Mismatch: it takes no such inputs.
        """
        result = _result_of(self.function, inputs)
        if result is None or not bool(result.isfinite().all()):
            given = " and ".join(f"`{name}` is {show(one)}" for name, one in zip(self.dims, inputs, strict=True))
            why = _why_not(self.function, inputs)
            raise Mismatch(f"`{self.name}` does not take the inputs of {where}: {given}.{why}", "shape")
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
            raise Mismatch(f"expected a list of examples `[{pair}, …]`, got {_said(answer)}.", "type")
        assert_that(len(entries) > 0, "the list of examples is empty.")
        if self._is_example(answer):
            raise Mismatch(f"that is one example, and not a list of them: `[{pair}, …]`.", "type")
        if len(entries) > MOST_EXAMPLES:
            raise Mismatch(f"there are {len(entries)} examples; {MOST_EXAMPLES} are enough.", "count")
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
            return self.agrees(_numbers(parts[-1], "`expected`"), right)
        except Mismatch:
            return False

    def _read(self, entry: Any, where: str, pair: str) -> Example:
        nothing = torch.zeros(0)
        parts = _parts(entry, (*self.dims, "expected"))
        if parts is None:
            return Example((), nothing, f"{where} is {_said(entry)}. An example is `{pair}`.")
        try:
            inputs = self.inputs(parts[:-1], where)
            expected = _numbers(parts[-1], f"`expected` in {where}", MOST_WORKED)
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
        wrong, right = _result_of(self.wrong, inputs), self.right(inputs, "your answer")
        if wrong is not None and self.agrees(comes_out, right) and self.agrees(should_be, wrong):
            raise Mismatch("the input is well chosen. What comes out and what should have changed places.", "values")
        says = {"what comes out": (comes_out, wrong), "what should come out": (should_be, right)}
        for what, (mine, theirs) in says.items():
            if theirs is not None and mine.shape != theirs.shape:
                shapes = f"what you give has shape {tuple(mine.shape)}, and it has shape {tuple(theirs.shape)}"
                raise Mismatch(f"the input is well chosen. Look at {what} there: {shapes}.", "shape")
            if theirs is None or not self.agrees(mine, theirs):
                raise Mismatch(f"the input is well chosen. {what.capitalize()} there is something else.", "values")

    def _read(self, answer: Any) -> tuple[tuple[torch.Tensor, ...], torch.Tensor, torch.Tensor]:
        names = (*self.dims, "comes_out", "should_be")
        parts = _parts(answer, names)
        if parts is None:
            raise Mismatch(f"expected `({', '.join(names)})`, got {_said(answer)}.", "count")
        inputs = self.inputs(parts[:-2], "your answer")
        comes_out, should_be = (_numbers(part, f"`{name}`") for name, part in zip(names[-2:], parts[-2:], strict=True))
        return inputs, comes_out, should_be


def numbers_of(answer: Any, **shapes: tuple[int, ...]) -> tuple[torch.Tensor, ...]:
    """Read an answer of a few parts, each of finite numbers: ``w, b = numbers_of(answer, w=(4,), b=())``.

    A list, a tuple, an array or a tensor will do, and a dict with these names as well. Where one weight is asked for, a
    row of one weight will do, and where a row is, a column: it is the numbers that are looked at.

    Args:
        answer: what the student gave.
        shapes: the shape of each part, by its name: ``()`` is one number, ``(4,)`` a row of four.

    Returns:
        The parts in the order of `shapes`, float64.

    Raises:
        Mismatch: saying which part is not what it should be.
    """
    parts = _parts(answer, tuple(shapes))
    if parts is None:
        rows = "".join(f" `{name}` is {_kind(shape)}." for name, shape in shapes.items() if shape)
        if len(set(shapes.values())) == 1 and rows:
            rows = f" Each is {_kind(next(iter(shapes.values())))}."
        raise Mismatch(f"expected `({', '.join(shapes)})`, got {_said(answer)}.{rows}", "count", answer)
    found = []
    for (name, shape), part in zip(shapes.items(), parts, strict=True):
        value = _numbers(part, f"`{name}`")
        if [size for size in value.shape if size > 1] != [size for size in shape if size > 1]:
            raise Mismatch(f"`{name}` should be {_kind(shape)}, and is {_kind(value.shape)}.", "shape", value)
        found.append(value.double().reshape(shape))
    return tuple(found)


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
        raise Mismatch(f"expected a dict with a share for each of {listed}, got {_said(answer)}.", "keys")
    shares = {}
    for name in outcomes:
        share = _numbers(answer[name], f'the share of "{name}"')
        assert_that(share.dim() == 0, f'the share of "{name}" is {_said(answer[name])}, and no single number.')
        shares[name] = share.item()
    total = sum(shares.values())
    least = min(shares.values())
    assert_that(least >= -RECKONED, f"one of your shares is {least:.4g}. None is below 0.")
    hundred = " Write 70 percent as 0.7." if abs(total - 100) < 100 * ROUNDED else ""
    assert_that(abs(total - 1) < ROUNDED, f"your shares add up to {total:.4g}. Together they are 1.{hundred}")
    if not happened:
        return
    cost = sum(-math.log(max(shares[one] / total, LEAST_BELIEF)) for one in happened) / len(happened)
    score = max(0.0, 1 - cost / math.log(len(outcomes)))
    if score < 0.995:
        often = max(outcomes, key=list(happened).count)
        count = list(happened).count(often)
        raise Mismatch(
            f'it was "{often}" in {count} of {len(happened)} runs. Your belief costs {cost:.2f}; knowing nothing costs '
            f"{math.log(len(outcomes)):.2f}.",
            share=round(score, 2),
        )


def _entries(answer: Any) -> list[Any] | None:
    """The parts of a list, a tuple, or a tensor that was made of one."""
    if isinstance(answer, torch.Tensor):
        return list(answer) if answer.dim() and len(answer) <= MOST_NUMBERS else None
    return list(answer) if isinstance(answer, list | tuple) else None


def _parts(answer: Any, names: Sequence[str]) -> list[Any] | None:
    """The parts of an answer that has one for each name, in their order; a dict may have them in any."""
    if isinstance(answer, dict) and set(answer) == set(names):
        return [answer[name] for name in names]
    parts = _entries(answer)
    return parts if parts is not None and len(parts) == len(names) else None


def _numbers(part: Any, called: str, most: int = MOST_NUMBERS) -> torch.Tensor:
    """A part of an answer as a small tensor of numbers; `called` is what a sentence names it."""
    try:
        found = tensor_of(part)
    except Mismatch:
        raise Mismatch(f"{called} should be numbers, and is {_said(part)}{odd_parts(part)}.", "type", part) from None
    assert_that(found.numel() <= most, f"{called} has {found.numel()} numbers; {most} are enough.")
    assert_that(found.numel() > 0, f"{called} is empty.")
    assert_that(bool(found.isfinite().all()), f"{called} has nan or infinity in place of a number.")
    return found


def _result_of(function: Callable[..., Any], inputs: tuple[torch.Tensor, ...]) -> torch.Tensor | None:
    """What a function of ours gives for inputs of a student's; ``None`` where it raises or gives no tensor."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tensor_of(plain(function(*(one.clone() for one in inputs))))
    except Exception:
        return None


def _why_not(function: Callable[..., Any], inputs: tuple[torch.Tensor, ...]) -> str:
    """What a function of ours says of inputs that make no sense to it; a library's words are none for students."""
    try:
        function(*(one.clone() for one in inputs))
    except Exception as error:
        return f" {error}" if isinstance(error, ValueError) and str(error) else ""
    return ""


def _said(value: Any) -> str:
    """A few words for a part of an answer."""
    return f"a tuple of {len(value)}" if isinstance(value, tuple) else describe(value)


def _kind(shape: Sequence[int]) -> str:
    """A few words for a shape."""
    return f"a row of {shape[0]} numbers" if len(shape) == 1 else f"of shape {tuple(shape)}" if shape else "one number"


def _brackets(dims: int) -> str:
    return ("no brackets", "one pair of brackets", "two pairs of brackets")[dims] if dims < 3 else f"{dims} pairs"
