"""What dask calls in a worker. The scheduler reads it too, so nothing here imports torch before it is called."""

from collections.abc import Sequence

from autograder.grading.cluster._messages import Crashed, Recipe, Refusal


def grade_batch(recipe: Recipe, tasks: Sequence[bytes]) -> list[bytes | Crashed] | Refusal:
    """Do packed tasks in a worker."""
    from autograder.grading.cluster import _worker

    return _worker.grade_batch(recipe, tasks)
