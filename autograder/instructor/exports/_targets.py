"""Where scores can go, and what each place can carry: the one table that the exporters and `autograder export` read."""

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
        hidden: what becomes of the tests that students cannot see.
        remark: what else one has to know, in a sentence or two.
        by_question: the points of each question.
        by_test: the points of each test that students can see.
        messages: what a student reads of a test that failed.
        mistakes: which known mistake it looks like.
        late: penalties for handing in late, as nbgrader has them.
        by_hand: points that a human has given.
        comments: comments that a human has written.
    """

    name: str
    part: str
    hidden: Hidden
    remark: str
    by_question: bool = False
    by_test: bool = False
    messages: bool = False
    mistakes: bool = False
    late: bool = False
    by_hand: bool = False
    comments: bool = False


GRADESCOPE = Target(
    "gradescope",
    "",
    Hidden.PUBLISHED,
    "Grades there, in Gradescope's container. Penalties, points and comments by hand are given in Gradescope.",
    by_question=True,
    by_test=True,
    messages=True,
    mistakes=True,
)
GITHUB_STUDENT = Target(
    "github-classroom",
    "student",
    Hidden.LEFT_OUT,
    "Grades there, after each push. Whoever can push to a repository can read all that its workflows can, so nothing "
    "secret is in it: what it shows is no score.",
    by_question=True,
    by_test=True,
    messages=True,
    mistakes=True,
)
GITHUB_INSTRUCTOR = Target(
    "github-classroom",
    "instructor",
    Hidden.COUNTED,
    "Grades all students' repositories from a private one. Each latest commit is given its points as a status; "
    "everything else stays in the private repository, as results.jsonl.",
)
CANVAS = Target(
    "canvas",
    "",
    Hidden.COUNTED,
    "Scores out of nbgrader's gradebook. Canvas's import takes points and nothing else.",
    late=True,
    by_hand=True,
)
MOODLE = Target(
    "moodle",
    "",
    Hidden.COUNTED,
    "Scores out of nbgrader's gradebook; questions, known mistakes, penalty and comments as the text of Moodle's "
    "feedback. Mistakes are those that `autograder grade` found.",
    by_question=True,
    mistakes=True,
    late=True,
    by_hand=True,
    comments=True,
)
NBGRADER = Target(
    "nbgrader",
    "",
    Hidden.COUNTED,
    "`nbgrader export` writes grades.csv; we leave it as it is.",
    late=True,
    by_hand=True,
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
