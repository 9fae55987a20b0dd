"""The markers a suite uses."""

import pytest

__all__ = ["DEFAULT_TIME_LIMIT", "MARKERS", "drawn_as", "points", "time_limit", "varies"]

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

#: The same as pytest wants to know them.
MARKERS = (
    "points(n): what the test is worth",
    "time_limit(seconds): how long each call of the student's code may take",
    "varies: right answers differ in their numbers",
    "drawn_as(picture): how a wrong answer is drawn",
)
