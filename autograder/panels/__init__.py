"""What a student sees of a verdict: one word, the first thing to mend, a picture, and the tests by title.

The same content as text for a terminal (`as_text`) and as HTML for a notebook or a feedback page (`as_html`). Hidden
tests are counted and never described: their inputs are not given away.
"""

from autograder.judging.course import Lesson
from autograder.judging.results import QuestionResult
from autograder.judging.written import Written

from ._content import IN_TERMINAL, SAYS, content_of, spans, word_for

__all__ = [
    "IN_TERMINAL",
    "SAYS",
    "as_html",
    "as_text",
    "spans",
    "wants_colour",
    "word_for",
    "written_as_html",
    "written_as_text",
]


def as_html(result: QuestionResult, lesson: Lesson, further_tests: int = 0) -> str:
    """The panel for a notebook: no script, no style sheet, readable on light and dark pages.

    Args:
        result: what to show.
        lesson: the lesson that asks the question.
        further_tests: how many tests only the grader has.
    """
    from ._page import page

    return page(content_of(result, lesson, further_tests))


def as_text(
    result: QuestionResult,
    lesson: Lesson,
    further_tests: int = 0,
    *,
    colour: bool = False,
    width: int | None = None,
) -> str:
    """The panel for a terminal, without an end of line at its end.

    Args:
        result: what to show.
        lesson: the lesson that asks the question.
        further_tests: how many tests only the grader has.
        colour: with ANSI colours; see `wants_colour`.
        width: columns to fill at most; those of the terminal if not given.
    """
    from ._terminal import screen  # rich, which a notebook has no need of

    return screen(content_of(result, lesson, further_tests), colour, width)


def written_as_html(question: Written, answer: str, whose: str) -> str:
    """An answer in sentences, ours, and what is looked for, side by side; for a notebook or a feedback page.

    Args:
        question: what was asked, with our answer.
        answer: the answer that was given.
        whose: what stands above it.
    """
    from ._beside import page

    return page(question, answer, whose)


def written_as_text(question: Written, answer: str, whose: str) -> str:
    """The same for a terminal; for the arguments see `written_as_html`."""
    from ._beside import screen

    return screen(question, answer, whose)


def wants_colour() -> bool:
    """Whether what is printed now may be coloured: stdout is a terminal, and ``NO_COLOR`` is not set."""
    from rich.console import Console

    console = Console()
    return console.is_terminal and not console.is_jupyter and console.color_system is not None and not console.no_color
