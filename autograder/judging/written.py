"""Questions that are answered in sentences. A person reads them, so there is no test and no verdict.

In ``source/`` such a question is one Markdown cell that nbgrader has graded by hand, with our own answer in it, and
below `LOOKED_FOR` a list of what a good one says::

    A quarter is left. In each half-life half of what was there goes, and not half of what there was at first.

    **What is looked for**

    - a quarter
    - each half-life takes half of what is left

In a notebook that is handed out, `PLACEHOLDER` stands there. The cell below it, ``compare("half_left")``, holds a
learner's answer against ours.
"""

from dataclasses import dataclass

__all__ = ["LOOKED_FOR", "PLACEHOLDER", "Written", "is_empty", "read_written"]

#: The line that divides our own answer from what is looked for.
LOOKED_FOR = "**What is looked for**"

#: What stands in a released notebook where an answer belongs.
PLACEHOLDER = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Written:
    """A question that is answered in sentences.

    Attributes:
        name: the question's one name.
        ours: our own answer; paragraphs, with formulas as in the lesson.
        looked_for: what a good answer says, a point each.
    """

    name: str
    ours: str
    looked_for: tuple[str, ...]


def read_written(name: str, source: str) -> Written | None:
    """The question of a source notebook's cell, ``None`` where the cell has no list of what is looked for.

    Raises:
        ValueError: our own answer or the list is missing.
    """
    ours, mark, below = (part.strip() for part in source.partition(LOOKED_FOR))
    if not mark:
        return None
    looked_for = tuple(line.removeprefix("- ").strip() for line in below.splitlines() if line.startswith("- "))
    if not ours or not looked_for:
        missing = "a list of lines that begin with `- `" if ours else "an answer of our own above it"
        raise ValueError(f"{name}: {LOOKED_FOR} needs {missing}")
    return Written(name, ours, looked_for)


def is_empty(answer: str) -> bool:
    """Whether nobody has written anything: at most the placeholder is there."""
    return not answer.replace(PLACEHOLDER, "").strip()
