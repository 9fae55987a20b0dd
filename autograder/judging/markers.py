"""The markers a suite uses."""

from typing import Any

import pytest

from autograder.judging.assertions import assert_keeps_arguments

__all__ = ["DEFAULT_TIME_LIMIT", "MARKERS", "drawn_as", "keeps_arguments", "points", "time_limit", "varies"]

#: Seconds that each call of the student's code may take where no `time_limit` says otherwise. Correct answers take
#: milliseconds; a student who loops over every number still has room.
DEFAULT_TIME_LIMIT = 4.0

#: ``@points(2)``: what the test is worth. The points of a question's tests, visible and hidden, add up to the
#: points of its cell in the notebook.
points = pytest.mark.points

#: ``@time_limit(60)``: seconds that each call this test makes of the student's code may take.
time_limit = pytest.mark.time_limit

#: ``@varies``: right answers differ in their numbers here, first weights for example or the order of images. To tell
#: one wrong answer from another, how the test ends is compared, and not what it was given.
varies = pytest.mark.varies

#: ``@drawn_as("curve")`` on the class of a question's visible tests: how a wrong answer to it is drawn. ``curve`` for
#: one value to each input, ``bars`` for rows of shares; without it numbers are drawn as cells.
drawn_as = pytest.mark.drawn_as


def keeps_arguments(question: str, worth: float, *arguments: Any, rtol: float = 1e-4, atol: float = 1e-5) -> Any:
    """A whole test, in one line of a question's class: what every lesson promises of every function.

    ::

        test_keeps_arguments = keeps_arguments("double", 0.5, torch.tensor([1.0, 2.0]))

    asks that `double` gives the right answer in memory of its own, and leaves what it was given as it was: values,
    entries of a dict or a list, `requires_grad`, `.grad`.

    Args:
        question: the function's name.
        worth: points for the test.
        arguments: what the function is called with. Choose shapes in which nothing is 1: there, a right
            ``.T.contiguous()`` is a piece of the argument.
        rtol: relative tolerance.
        atol: absolute tolerance.
    """

    def test(self: object, student: Any, reference: Any) -> None:
        mine, ours = getattr(student, question), getattr(reference, question)
        assert_keeps_arguments(mine, ours, *arguments, rtol=rtol, atol=atol)

    test.__doc__ = "The answer is right and new, and what the function was given is left as it was."
    return points(worth)(test)


#: The same as pytest wants to know them.
MARKERS = (
    "points(n): what the test is worth",
    "time_limit(seconds): how long each call of the student's code may take",
    "varies: right answers differ in their numbers",
    "drawn_as(picture): how a wrong answer is drawn",
)
