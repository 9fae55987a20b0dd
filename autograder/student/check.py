"""A student's own verdict on one question, in their own notebook and process.

Nobody needs protection from oneself, so there is no sandbox here. Where the hidden tests are installed (on an
instructor's machine) they are run too, so that stock ``nbgrader autograde`` gives the same points as our grader.
"""

import secrets
import sys
from collections.abc import Mapping
from typing import Any

from autograder import panels
from autograder.judging import recordings
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, Lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import with_suites
from autograder.panels.kernel import in_kernel, shell

__all__ = ["Verdict", "check_question", "names_here"]


class Verdict:
    """What a check ends in: a panel for the eye and, for nbgrader, the points.

    Attributes:
        result: the question's result.
        points: the points for this question; without the hidden tests, the share that was earned of the visible ones.
        further_tests: how many tests only the grader has.
    """

    def __init__(self, result: QuestionResult, lesson: Lesson, points: float, further_tests: int):
        self.result = result
        self.points = points
        self.further_tests = further_tests
        self._lesson = lesson

    def __repr__(self) -> str:
        return panels.as_text(self.result, self._lesson, self.further_tests, colour=panels.wants_colour())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if in_kernel():
            page = panels.as_html(self.result, self._lesson, self.further_tests)
            # To nbgrader the plain text of a graded cell's result is its partial credit.
            return {"text/plain": repr(self.points), "text/html": page}
        return {"text/plain": repr(self)}


def check_question(question: str, course: Course, names: Mapping[str, Any]) -> Verdict:
    """Check the answer to one question.

    Args:
        question: the question's name.
        course: the course that asks it.
        names: where the answer is: what the notebook's cells have defined, by name.

    Raises:
        ValueError: there is no such question.
    """
    lesson, _ = course.question_called(question)
    has_hidden = course.hidden_tests_installed
    # Hidden tests draw their inputs anew; without them there is nothing to draw.
    seed = secrets.randbits(128) + 1 if has_hidden else 0
    (result,) = with_suites(
        lambda suites: suites.run(lesson, Namespace(names), seed=seed, question=question),
        course,
        ReferenceSolutions(course),
        (lesson,),
    )
    recorded = recordings.load(lesson)
    share = result.score / result.max_score if result.max_score else 0.0
    points = round(recorded["points"][question] * share, 6)
    return Verdict(result, lesson, points, 0 if has_hidden else recorded["hidden"][question])


def names_here() -> Mapping[str, Any]:
    """What the cells of the notebook have defined, by name; in a script, what the script has."""
    notebook = shell()
    names: Mapping[str, Any] = vars(sys.modules["__main__"]) if notebook is None else notebook.user_ns
    return names
