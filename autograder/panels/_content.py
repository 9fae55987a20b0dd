"""What a panel says, before anyone decides how it looks."""

import re
from typing import NamedTuple

from autograder.judging import diagnosis
from autograder.judging.course import find_question
from autograder.judging.results import Comparison, Ending, QuestionResult, TestResult

#: For each ending: the word, a sign (so that nothing is said by colour alone), and a colour with a contrast of at
#: least 4.5 to 1 against white, from a palette that colour-blind readers can tell apart.
SAYS: dict[Ending, tuple[str, str, str]] = {
    "passed": ("Correct", "✓", "#00693e"),
    "partial": ("Partly correct", "◐", "#7a5200"),
    "failed": ("Not correct yet", "✗", "#a3330b"),
    "not_attempted": ("Not attempted yet", "○", "#4d5966"),
    "error": ("Error", "!", "#a3330b"),
    "timeout": ("Out of time", "∞", "#7a3e9d"),
}

#: The same endings in colours of a terminal's own scheme, which suits its background.
IN_TERMINAL: dict[Ending, str] = {
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
        ending: how the question ended.
        name: the question.
        points: `` (4 of 6 points)``, or nothing where there are none to have.
        first: the test that is to be mended first, if any.
        captions: what stands above the two halves of its picture: what was expected, what came back.
        diagnosis: the known mistakes that explain it, a sentence or two each.
        pointer: a question that leads on.
        tests: all that may be seen, ending and title.
        remarks: sentences at the end.
    """

    ending: Ending
    name: str
    points: str
    first: TestResult | None = None
    captions: tuple[str, str] = ("expected", "yours")
    diagnosis: tuple[str, ...] = ()
    pointer: str = ""
    tests: tuple[tuple[Ending, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The message of the first test, line by line."""
        return tuple(self.first.message.splitlines()) if self.first else ()

    @property
    def comparison(self) -> Comparison | None:
        """What can be drawn of the first test."""
        return self.first.comparison if self.first else None


def content_of(result: QuestionResult, further_tests: int) -> Content:
    """What there is to say of a result; see `autograder.panels`."""
    points = f" ({result.score:g} of {result.max_score:g} points)" if result.max_score else ""
    if result.outcome == "not_attempted":
        return Content(result.outcome, result.name, points, remarks=(_how_to_begin(result.name),))
    visible = [test for test in result.tests if not test.hidden]
    wrong = [test for test in visible if test.outcome != "passed"]
    known = diagnosis.known(result.misconception, result.second)
    first = min(wrong, key=_rank, default=None)
    return Content(
        result.outcome,
        result.name,
        points,
        first,
        ("before", "after your function") if first and first.kind == "arguments" else ("expected", "yours"),
        tuple(words.diagnosis for words in known),
        known[0].pointer if known else "",
        tuple((test.outcome, test.title) for test in visible),
        tuple(_about_hidden(result, further_tests)),
    )


def spans(line: str) -> list[tuple[bool, str]]:
    """A sentence in pieces, each with whether it is code, which stands between backticks."""
    pieces = re.split(r"`([^`]+)`", line)
    return [(bool(place % 2), piece) for place, piece in enumerate(pieces) if piece]


def _rank(test: TestResult) -> int:
    what = test.kind or test.outcome
    return _FIRST.index(what) if what in _FIRST else len(_FIRST) + (test.outcome == "not_attempted")


def _how_to_begin(name: str) -> str:
    found = find_question(name)
    if found is not None and not found[1].signature:
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
