"""The pictures of the lessons: `from autograder import figures`, then `figures.sigmoid_curve(sigmoid)`.

A picture that shows what a learner's function does takes that function as its argument. None of them is
needed for grading.
"""

from ._style import try_out

__all__ = ["try_out"]
