"""``check("softmax")``: a student's own verdict, in their own notebook and process.

Nobody needs protection from oneself, so there is no sandbox here. Where the hidden tests are installed (on an
instructor's machine) they are run too, so that stock ``nbgrader autograde`` gives the same points as our grader.
"""

import inspect
import secrets
from typing import Any

from autograder import panels
from autograder.judging import calling, recordings
from autograder.judging.course import question_called
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import HIDDEN_TESTS_INSTALLED, with_suites
from autograder.panels.kernel import in_kernel


class Verdict:
    """What `check` returns: a panel for the eye and, for nbgrader, the points."""

    def __init__(self, result: QuestionResult, points: float, further_tests: int):
        self.result = result
        #: Points for this question; without the hidden tests, the share that was earned of the visible ones.
        self.points = points
        #: Tests that only the grader has.
        self.further_tests = further_tests

    def __repr__(self) -> str:
        return panels.as_text(self.result, self.further_tests, colour=panels.wants_colour())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if in_kernel():
            # To nbgrader the plain text of a graded cell's result is its partial credit.
            return {"text/plain": repr(self.points), "text/html": panels.as_html(self.result, self.further_tests)}
        return {"text/plain": repr(self)}


def check(question: str) -> Verdict:
    """Check your answer to one question: ``check("softmax")``.

    Shows at once whether it is right and, if not, what was called, what came back and what was expected.

    Args:
        question: the question's name, which is the name of your function.

    Raises:
        ValueError: there is no such question.
    """
    lesson, _ = question_called(question)
    student = calling.Namespace(_names_of_caller())
    # Hidden tests draw their inputs anew; without them there is nothing to draw.
    seed = secrets.randbits(128) + 1 if HIDDEN_TESTS_INSTALLED else 0
    (result,) = with_suites(
        lambda suites: suites.run(lesson, student, seed=seed, question=question), ReferenceSolutions(), (lesson,)
    )
    whole = recordings.load(lesson)
    points = whole["points"][question]
    further = 0 if HIDDEN_TESTS_INSTALLED else whole["hidden"][question]
    share = result.score / result.max_score if result.max_score else 0.0
    return Verdict(result, round(points * share, 6), further)


def _names_of_caller() -> dict[str, Any]:
    """The global names of whoever called `check`: a notebook's cells, or a script's."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    assert frame.f_back.f_back is not None
    return frame.f_back.f_back.f_globals
