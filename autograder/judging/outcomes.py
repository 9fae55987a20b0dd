"""What a call of a student's function ends in: one of four plain records, none of which knows of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from autograder.judging.course import Lesson

__all__ = [
    "CallFailed",
    "Functions",
    "Missing",
    "Outcome",
    "Raised",
    "ReferenceFailed",
    "Returned",
    "Stopped",
    "TestCall",
    "Trace",
]


class Trace(NamedTuple):
    """Something that a call has left behind on an argument.

    Attributes:
        kind: ``entries`` where a dict or a list has other ones, ``tracked`` where torch now tracks a tensor, ``slopes``
            where some lie in its `.grad`, ``shared`` where the result is a piece of the argument's memory.
        place: which argument, from 0.
    """

    kind: Literal["entries", "tracked", "slopes", "shared"]
    place: int


class Returned(NamedTuple):
    """The call came back.

    Attributes:
        value: the result as a plain value.
        arguments: the positional arguments as they were after the call, plain; ``None`` unless asked for.
        traces: what the call left behind on them beside other values; empty unless asked for.
    """

    value: Any
    arguments: tuple[Any, ...] | None = None
    traces: tuple[Trace, ...] = ()


class Raised(NamedTuple):
    """The call raised an exception.

    Attributes:
        type_name: the exception's class, such as ``RuntimeError``.
        text: its message, shortened.
        line: the student's own line of code that raised, or an empty string.
        line_number: where that line stands in its cell, or 0.
        untouched: the exception came out of a stub as released; `where` names that stub.
        where: the function the line belongs to.
    """

    type_name: str
    text: str
    line: str = ""
    line_number: int = 0
    untouched: bool = False
    where: str = ""


class Missing(NamedTuple):
    """There is no such function. `text` says what stands there instead, if anything."""

    text: str = ""


class Stopped(NamedTuple):
    """The call did not end by itself.

    Attributes:
        by: ``time`` when it ran into the limit, ``crash`` when its process died.
        text: how the process died, for a crash.
    """

    by: str
    text: str = ""


Outcome = Returned | Raised | Missing | Stopped


class Functions(Protocol):
    """Whatever answers calls: a notebook's own namespace, a sandboxed worker, a reference solution."""

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, keep_arguments: bool = False) -> Outcome:
        """Call the function `name`; give up after `seconds`."""
        ...


@dataclass(frozen=True)
class TestCall:
    """One call of a student's function as a test made it.

    Attributes:
        name: the function's.
        arguments: what it was given.
        outcome: what came of it.
        lesson: the lesson that asks for the function.
    """

    __test__: ClassVar[bool] = False  # pytest collects classes by this prefix

    name: str
    arguments: tuple[Any, ...]
    outcome: Outcome
    lesson: Lesson


class CallFailed(Exception):
    """A call of a student's function did not return."""

    def __init__(self, call: TestCall):
        super().__init__(call.name)
        self.call = call


class ReferenceFailed(Exception):
    """The expected value itself could not be had. That is our fault and never a student's."""
