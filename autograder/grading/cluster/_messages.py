"""What goes between the client and dask's workers. The scheduler reads it too, so nothing here imports torch."""

from collections.abc import Mapping
from typing import NamedTuple

from autograder.judging.course import Course


class Recipe(NamedTuple):
    """How a batch is graded.

    Attributes:
        grader: arguments for `autograder.grading.pool.GraderProcess`, pickled; tasks with the same share graders.
        course: whose lessons; each machine has its own of that name.
        installation: what `autograder.grading.cluster._worker.installation` says where the tasks come from.
    """

    grader: bytes
    course: Course
    installation: Mapping[str, str]


class Crashed(NamedTuple):
    """A task whose grader died over it, with a sentence."""

    why: str


class Refusal(NamedTuple):
    """Nothing of a batch was done, since this worker cannot or must not grade."""

    worker: str
    why: str
