"""A student's own verdict on one question, in their own notebook and process.

Nobody needs protection from oneself, so there is no sandbox here. Where the hidden tests are installed (on an
instructor's machine) they are run too, so that stock ``nbgrader autograde`` gives the same points as our grader.
"""

import contextlib
import secrets
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from autograder import panels
from autograder.judging import recordings, stand_ins
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, Lesson
from autograder.judging.outcomes import Functions, TestCall
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites, with_suites
from autograder.judging.standing import standing
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
    result = with_suites(
        lambda suites: _asked(suites, lesson, question, names, seed), course, ReferenceSolutions(course), (lesson,)
    )
    recorded = recordings.load(lesson)
    share = result.score / result.max_score if result.max_score else 0.0
    points = round(recorded["points"][question] * share, 6)
    return Verdict(result, lesson, points, 0 if has_hidden else recorded["hidden"][question])


def _asked(suites: Suites, lesson: Lesson, name: str, names: Mapping[str, Any], seed: int) -> QuestionResult:
    """The verdict on one question; where it fails, with a look at those of the lesson's functions that it uses."""

    def ask(question: str, functions: Functions) -> QuestionResult:
        (result,) = suites.run(lesson, functions, seed=seed, question=question, watch=note_calls)
        return result

    def note_calls(_: str, calls: list[TestCall]) -> None:
        called.update(call.name for call in calls)

    called: set[str] = set()
    verdict = ask(name, Namespace(names))
    question = lesson.find(name)
    if verdict.outcome == "passed" or question is None:
        return verdict
    reads = {function: standing(function, names).reads for function in called}
    used = [one for one in lesson.functions if any(one in read for read in reads.values()) and one not in called]
    mine = set(called)
    others = [ask(one, Namespace(names)) for one in used]
    culprits = stand_ins.blamed(lesson, question, mine, reads, others)

    def ask_with(source: str) -> QuestionResult:
        defined: dict[str, Any] = {}
        exec(source, defined)
        with _replaced(names, {culprit: defined[culprit] for culprit in culprits}):
            return ask(name, Namespace(names))

    return stand_ins.judge_with(lesson, verdict, culprits, ask_with) if culprits else verdict


@contextlib.contextmanager
def _replaced(names: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[None]:
    """For the time being, other functions under some of a notebook's names."""
    assert isinstance(names, dict)
    before = {name: names[name] for name in others if name in names}
    names.update(others)
    try:
        yield
    finally:
        for name in others:
            names.pop(name, None)
        names.update(before)


def names_here() -> Mapping[str, Any]:
    """What the cells of the notebook have defined, by name; in a script, what the script has."""
    notebook = shell()
    names: Mapping[str, Any] = vars(sys.modules["__main__"]) if notebook is None else notebook.user_ns
    return names
