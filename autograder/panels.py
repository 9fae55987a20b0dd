"""What a student sees of a verdict: one word, a sentence or two, and the tests by title.

The same content as plain text for a terminal and as HTML for a notebook or a feedback page. Hidden tests are
counted and never described: their inputs are not given away.
"""

from html import escape

from autograder.results import Ending, QuestionResult, TestResult

#: For each ending: the word, a sign (so that nothing is said by colour alone), and a colour with a contrast of at
#: least 4.5 to 1 against white, from a palette that colour-blind readers can tell apart.
SAYS: dict[Ending, tuple[str, str, str]] = {
    "passed": ("Correct", "✓", "#00693e"),
    "partial": ("Partly correct", "◐", "#7a5200"),
    "failed": ("Not correct yet", "✗", "#a3330b"),
    "not_attempted": ("Not attempted yet", "○", "#4d5966"),
    "error": ("Error", "!", "#a3330b"),
    "timeout": ("Out of time", "⧖", "#7a3e9d"),
}


def as_text(result: QuestionResult, further_tests: int = 0) -> str:
    """The panel for a terminal."""
    word, sign, _ = SAYS[result.outcome]
    lines = [f"{sign} {result.name}: {word}{_points(result)}"]
    if result.outcome != "not_attempted":
        first = _first_to_mend(result)
        if first is not None:
            lines += [f"  {line}" for line in (first.title, *first.message.splitlines())]
        lines += [f"    {SAYS[test.outcome][1]} {test.title}" for test in _visible(result)]
    lines += [f"  {line}" for line in _about_hidden(result, further_tests)]
    return "\n".join(lines)


def as_html(result: QuestionResult, further_tests: int = 0) -> str:
    """The panel for a notebook: no script, no style sheet, readable on light and dark pages."""
    word, sign, colour = SAYS[result.outcome]
    head = (
        f'<div style="font-weight:600"><span style="background:{colour};color:#fff;border-radius:4px;'
        f'padding:1px 8px;margin-right:8px">{sign} {word}</span>'
        f"<code>{escape(result.name)}</code>{escape(_points(result))}</div>"
    )
    body = ""
    if result.outcome != "not_attempted":
        first = _first_to_mend(result)
        if first is not None:
            message = "<br>".join(escape(line) for line in first.message.splitlines())
            body += (
                f'<p style="margin:6px 0"><b>{escape(first.title)}</b><br>'
                f'<span style="font-family:monospace;white-space:pre-wrap">{message}</span></p>'
            )
        items = "".join(f"<li>{_item(test)}</li>" for test in _visible(result))
        body += f'<ul style="list-style:none;margin:4px 0;padding-left:4px">{items}</ul>'
    else:
        body += f'<p style="margin:6px 0">Write <code>{escape(result.name)}</code>, then run this cell again.</p>'
    body += "".join(f'<p style="margin:4px 0">{escape(line)}</p>' for line in _about_hidden(result, further_tests))
    return f'<div style="border-left:4px solid {colour};padding:6px 12px;margin:4px 0">{head}{body}</div>'


def _item(test: TestResult) -> str:
    word, sign, _ = SAYS[test.outcome]
    return f'<span role="img" aria-label="{word}">{sign}</span> {escape(test.title)}'


def _points(result: QuestionResult) -> str:
    if not result.max_score:
        return ""
    return f" ({result.score:g} of {result.max_score:g} points)"


def _visible(result: QuestionResult) -> list[TestResult]:
    return [test for test in result.tests if not test.hidden]


def _first_to_mend(result: QuestionResult) -> TestResult | None:
    """The first test that went wrong: one thing to mend is enough at a time."""
    return next((test for test in _visible(result) if test.outcome != "passed"), None)


def _about_hidden(result: QuestionResult, further_tests: int) -> list[str]:
    """What may be said of the hidden tests: how many there are and, where they ran, how many passed."""
    hidden = [test for test in result.tests if test.hidden]
    if hidden and result.outcome != "not_attempted":
        passed = sum(test.outcome == "passed" for test in hidden)
        return [f"{passed} of {_tests(len(hidden), 'further')} that you cannot see passed."]
    if further_tests and result.outcome == "passed":
        return [f"{_tests(further_tests, 'more').capitalize()} will be run when your work is graded."]
    return []


def _tests(count: int, kind: str) -> str:
    return f"1 {kind} test" if count == 1 else f"{count} {kind} tests"
