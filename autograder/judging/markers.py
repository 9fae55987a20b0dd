"""The markers a suite uses."""

import pytest

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
