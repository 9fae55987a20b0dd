"""What goes between the client and dask's workers. The scheduler reads it too, so nothing here imports torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Recipe(NamedTuple):
    """How a batch is graded.

    Attributes:
        grader: arguments for `autograder.grading.pool.GraderProcess`, pickled; tasks with the same share graders.
        solutions: where the reference solutions are; `None` for those of each installation.
        installation: what `autograder.grading.cluster._worker.installation` says where the tasks come from.
    """

    grader: bytes
    solutions: Path | None
    installation: Mapping[str, str]


class Lost(NamedTuple):
    """A task whose grader died over it, with a sentence."""

    why: str


class Refusal(NamedTuple):
    """Nothing of a batch was done, since this worker cannot or must not grade."""

    worker: str
    why: str


def do_batch(recipe: Recipe, tasks: Sequence[bytes]) -> "list[bytes | Lost] | Refusal":
    """Do packed tasks in a worker."""
    from autograder.grading.cluster import _worker

    return _worker.do_batch(recipe, tasks)
