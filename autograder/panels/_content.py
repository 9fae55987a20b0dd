"""What a panel says, before anyone decides how it looks."""

import re
from typing import NamedTuple

from autograder.judging.course import Lesson, Question
from autograder.judging.results import Comparison, QuestionResult, Status, TestResult

#: For each status: the word, a sign (so that nothing is said by colour alone), and a colour with a contrast of at
#: least 4.5 to 1 against white, from a palette that colour-blind readers can tell apart.
SAYS: dict[Status, tuple[str, str, str]] = {
    "passed": ("Correct", "✓", "#00693e"),
    "partial": ("Partly correct", "◐", "#7a5200"),
    "failed": ("Not correct yet", "✗", "#a3330b"),
    "not_attempted": ("Not attempted yet", "○", "#4d5966"),
    "error": ("Error", "!", "#a3330b"),
    "timeout": ("Out of time", "∞", "#7a3e9d"),
}

#: The word for an answer of which the visible tests see the form alone: all its points are for tests that did not run.
READABLE = "Can be read"

#: A colour for each status from the terminal's own scheme, which suits its background.
IN_TERMINAL: dict[Status, str] = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "not_attempted": "bright_black",
    "error": "red",
    "timeout": "magenta",
}

#: What is mended first: code that does not run before answers that are none, shapes before numbers. A kind that is
#: not here comes last.
_FIRST = ("error", "none", "type", "count", "keys", "shape", "timeout", "dtype")


class Content(NamedTuple):
    """What a panel says.

    Attributes:
        status: the question's status.
        word: what it is called.
        name: the question.
        points: `` (4 of 6 points)``, or nothing where there are none to have.
        first: the test that is to be mended first, if any.
        captions: what stands above the two halves of its picture: what was expected, what came back.
        diagnosis: the known mistakes that explain it, a sentence or two each.
        pointer: a question that leads on.
        tests: all that may be seen, status and title.
        remarks: sentences at the end.
        parameter: what the values of a curve are the answers to.
    """

    status: Status
    word: str
    name: str
    points: str
    first: TestResult | None = None
    captions: tuple[str, str] = ("expected", "yours")
    diagnosis: tuple[str, ...] = ()
    pointer: str = ""
    tests: tuple[tuple[Status, str], ...] = ()
    remarks: tuple[str, ...] = ()
    parameter: str = "input"

    @property
    def lines(self) -> tuple[str, ...]:
        """The message of the first test, line by line."""
        return tuple(self.first.message.splitlines()) if self.first else ()

    @property
    def comparison(self) -> Comparison | None:
        """What can be drawn of the first test."""
        return self.first.comparison if self.first else None


def word_for(result: QuestionResult, further_tests: int) -> str:
    """What a question's status is called. Nothing is called correct whose points are all for tests that are to come."""
    is_form_alone = result.outcome == "passed" and further_tests and not result.max_score
    return READABLE if is_form_alone else SAYS[result.outcome][0]


def content_of(result: QuestionResult, lesson: Lesson, further_tests: int) -> Content:
    """What there is to say of a question's result; see `autograder.panels`."""
    from autograder.judging import diagnosis  # torch, which a hint has no need of

    points = f" ({result.score:g} of {result.max_score:g} points)" if result.max_score else ""
    question, word = lesson.find(result.name), word_for(result, further_tests)
    if result.outcome == "not_attempted":
        return Content(result.outcome, word, result.name, points, remarks=(_how_to_begin(result.name, question),))
    visible = [test for test in result.tests if not test.hidden]
    wrong = [test for test in visible if test.outcome != "passed"]
    known = diagnosis.explanations(lesson, result.misconception, result.second)
    first = min(wrong, key=_rank, default=None)
    return Content(
        result.outcome,
        word,
        result.name,
        points,
        first,
        ("before", "after your function") if first and first.kind == "arguments" else ("expected", "yours"),
        tuple(explanation.diagnosis for explanation in known),
        known[0].pointer if known else "",
        tuple((test.outcome, test.title) for test in visible),
        tuple(filter(None, (result.note, *_about_hidden(result, further_tests)))),
        question.parameters[0] if question and question.parameters else "input",
    )


def spans(line: str) -> list[tuple[bool, str]]:
    """A sentence in pieces, each with whether it is code, which stands between backticks."""
    pieces = re.split(r"`([^`]+)`", line)
    return [(bool(place % 2), piece) for place, piece in enumerate(pieces) if piece]


def _rank(test: TestResult) -> int:
    what = test.kind or test.outcome
    return _FIRST.index(what) if what in _FIRST else len(_FIRST) + (test.outcome == "not_attempted")


def _how_to_begin(name: str, question: Question | None) -> str:
    if question is not None and not question.signature:
        return "This puts the functions of the lesson to work together: write those first."
    return f"Write `{name}`, then check again."


def _about_hidden(result: QuestionResult, further_tests: int) -> list[str]:
    """What may be said of the hidden tests: how many there are and, where they ran, how many passed."""
    hidden = [test for test in result.tests if test.hidden]
    if hidden:
        passed = sum(test.outcome == "passed" for test in hidden)
        return [f"{passed} of {_tests(len(hidden), 'further')} that you cannot see passed."]
    if further_tests and result.outcome == "passed":
        return [f"{_tests(further_tests, 'more').capitalize()} will be run when your work is graded."]
    return []


def _tests(count: int, kind: str) -> str:
    return f"1 {kind} test" if count == 1 else f"{count} {kind} tests"
