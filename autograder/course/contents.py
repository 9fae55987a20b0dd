"""The course, as a value. The doors (the package's face, the command line, the plug-in) hand it to the engine."""

from pathlib import Path

from autograder.course.lessons.lesson_6_learning_digits import FULL_MARKS, REFERENCE
from autograder.judging.course import Course

__all__ = ["COURSE"]

_HERE = Path(__file__).parent
#: The top folder of a clone, where ``source/``, ``assignments/`` and ``solutions/`` lie. Students have none.
_HOME = _HERE.parent.parent

COURSE = Course(
    where=f"{__name__}:COURSE",
    title="From Neurons to Neural Network",
    public=_HERE / "lessons",
    secret=_HERE / "secret",
    home=_HOME,
    solutions=_HOME / "solutions",
    preload="autograder.course.preload:preload",
    functions="autograder.course.functions",
    private=(_HERE / "data" / "mnist",),
    data_name="neurons-to-network",
    figures={("mnist_accuracy", "accuracy"): (REFERENCE, FULL_MARKS)},
)
