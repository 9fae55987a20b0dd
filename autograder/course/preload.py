"""What each process that is going to run students' code has imported and read before it is confined."""

import tqdm.auto  # noqa: F401  (half of all training loops that students write import it)

import autograder.course.figures  # it takes seconds, and notebooks use it
import autograder.course.widgets  # noqa: F401  (found as long as its folder can be listed, which a worker may not)
from autograder.course import data

__all__ = ["preload"]


def preload() -> None:
    """Import what the notebooks use, and read the public data; the labels of MNIST's test images stay out."""
    data.withhold_test_labels()
    data.load_mnist()
    data.load_cells()
