"""Where marks can go, and what each place can carry: the one table that the exporters and `autograder export` read."""

from enum import StrEnum
from typing import NamedTuple


class Hidden(StrEnum):
    """What becomes of the tests that students cannot see."""

    COUNTED = "counted"
    PUBLISHED = "when published"
    LEFT_OUT = "not run"


class Target(NamedTuple):
    """One place. What is false here is not written, even where it is known.

    Attributes:
        name: as the command line has it.
        part: which of its parts, where there are several.
        by_question: the points of each question.
        by_test: the points of each test that students can see.
        messages: what a student reads of a test that failed.
        mistakes: which known mistake it looks like.
        hidden: what becomes of the other tests.
        late: penalties for handing in late, as nbgrader has them.
        by_hand: points that a human has given.
        comments: comments that a human has written.
        remark: what else one has to know, in a sentence.
    """

    name: str
    part: str
    by_question: bool
    by_test: bool
    messages: bool
    mistakes: bool
    hidden: Hidden
    late: bool
    by_hand: bool
    comments: bool
    remark: str


GRADESCOPE = Target(
    "gradescope",
    "",
    by_question=True,
    by_test=True,
    messages=True,
    mistakes=True,
    hidden=Hidden.PUBLISHED,
    late=False,
    by_hand=False,
    comments=False,
    remark="Grades there, in Gradescope's container. Penalties, points and comments by hand are given in Gradescope.",
)
GITHUB_STUDENT = Target(
    "github-classroom",
    "student",
    by_question=True,
    by_test=True,
    messages=True,
    mistakes=True,
    hidden=Hidden.LEFT_OUT,
    late=False,
    by_hand=False,
    comments=False,
    remark="Grades there, after each push. Whoever can push to a repository can read all that its workflows can, "
    "so nothing secret is in it: what it says is no mark.",
)
GITHUB_INSTRUCTOR = Target(
    "github-classroom",
    "instructor",
    by_question=False,
    by_test=False,
    messages=False,
    mistakes=False,
    hidden=Hidden.COUNTED,
    late=False,
    by_hand=False,
    comments=False,
    remark="Grades all students' repositories from a private one. Each latest commit is given its points as a status; "
    "everything else stays in the private repository, as results.jsonl.",
)
CANVAS = Target(
    "canvas",
    "",
    by_question=False,
    by_test=False,
    messages=False,
    mistakes=False,
    hidden=Hidden.COUNTED,
    late=True,
    by_hand=True,
    comments=False,
    remark="Marks out of nbgrader's gradebook. Canvas's import takes points and nothing else.",
)
MOODLE = Target(
    "moodle",
    "",
    by_question=True,
    by_test=False,
    messages=False,
    mistakes=False,
    hidden=Hidden.COUNTED,
    late=True,
    by_hand=True,
    comments=True,
    remark="Marks out of nbgrader's gradebook; questions, penalty and comments as the text of Moodle's feedback.",
)
NBGRADER = Target(
    "nbgrader",
    "",
    by_question=False,
    by_test=False,
    messages=False,
    mistakes=False,
    hidden=Hidden.COUNTED,
    late=True,
    by_hand=True,
    comments=False,
    remark="`nbgrader export` writes grades.csv; we leave it as it is.",
)

#: All of them, in the order in which they are shown.
TARGETS = (GRADESCOPE, GITHUB_STUDENT, GITHUB_INSTRUCTOR, CANVAS, MOODLE, NBGRADER)

#: What there is to carry: a field of `Target` and how a reader calls it.
CARRIED = {
    "by_question": "question points",
    "by_test": "test points",
    "messages": "messages",
    "mistakes": "known mistakes",
    "hidden": "hidden tests",
    "late": "late penalties",
    "by_hand": "points by hand",
    "comments": "comments",
}
