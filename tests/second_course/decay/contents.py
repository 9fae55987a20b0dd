"""The course, as a value."""

from pathlib import Path

from autograder.judging.course import Course

__all__ = ["COURSE"]

_HERE = Path(__file__).parent

COURSE = Course(
    where=f"{__name__}:COURSE",
    title="Radioactive decay",
    public=_HERE / "lessons",
    secret=_HERE / "secret",
    home=_HERE.parent,
    solutions=_HERE.parent / "solutions",
    preload="decay.preload:preload",
    data_name="radioactive-decay",
)
