"""How tasks and results travel: as bytes, packed and unpacked by whoever knows what they are."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from autograder.grading import Grader

T = TypeVar("T")
R = TypeVar("R")


class StaysHere(Exception):
    """A task cannot be sent anywhere; the text says why."""


class Journey(NamedTuple, Generic[T, R]):
    """What a kind of task needs to be done elsewhere.

    Attributes:
        pack: a task's bytes, made here when its turn comes. May raise `StaysHere`.
        make: as in `autograder.farm.do_all`, for packed tasks and packed results. It travels by name.
        unpack: the result, made here of the task and the bytes that came back.
    """

    pack: Callable[[T], bytes]
    make: Callable[[Grader], Callable[[bytes], bytes]]
    unpack: Callable[[T, bytes], R]
