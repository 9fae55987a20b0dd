"""The report as one HTML page that carries everything it needs: style, charts, numbers.

Whatever a student wrote is text in it. The page's own policy lets no other script run and nothing be fetched, so that
even a mistake here could not change that.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.panels import SAYS, palette, spans

from ._items import ENOUGH, ENOUGH_TO_CORRELATE, LATE, POOR, SURPRISED
from ._people import CRITERIA
from ._schema import Oddity, QuestionReport, Report

_FOLDER = Path(__file__).parent / "page"

#: In the order in which they need each other. The first two are released files of d3 and Observable Plot, unchanged.
_SCRIPTS = ("d3.min.js", "plot.umd.min.js", "report.js")

#: Columns that are left out where they are 0 for every lesson.
_RARE = ("not_graded", "by_hand", "penalised")

#: Rows of a table on the page; the files beside it have all of them.
MOST_ROWS = 200
#: So many students are named whose oddity is the same; `report.json` has a line for each of them.
_NAMED = 5
#: Mistakes that are seen at once; the others are folded away.
MISTAKES_AT_ONCE = 12


def page(report: Report) -> str:
    """The page, as the text of an HTML file."""
    scripts = [Markup(_text(name)) for name in _SCRIPTS]
    by_name = {one.name: one for one in report.questions}
    mistakes = [(question, known) for question in report.questions for known in question.mistakes]
    shares = [score / one.max_score for one in report.lessons if one.max_score for score in one.scores]
    text: str = _template().render(
        report=report,
        teach=[by_name[name] for name in report.teach],
        mistakes=sorted(mistakes, key=lambda pair: -pair[1].count),
        flagged=[one for one in report.tests if one.flags],
        in_need=sorted((one for one in report.people if one.reasons), key=lambda one: (-len(one.reasons), one.student)),
        counted={field for field in _RARE if any(getattr(one, field) for one in report.lessons)},
        attempts=max((one.attempts for one in report.tests), default=0),
        discriminating=any(one.discrimination is not None for one in report.tests),
        named=any(one.name for one in report.people if one.reasons),
        median=sorted(shares)[len(shares) // 2] if shares else None,
        says=SAYS,
        colours={name.lower().replace("_", "-"): value for name, value in vars(palette).items() if name.isupper()},
        criteria=CRITERIA,
        needed={"all": ENOUGH, "correlation": ENOUGH_TO_CORRELATE, "poor": POOR, "surprised": SURPRISED, "late": LATE},
        most_rows=MOST_ROWS,
        at_once=MISTAKES_AT_ONCE,
        licence=Markup(_text("LICENSE.d3").partition("\n\n")[2]),
        style=Markup(_text("report.css")),
        scripts=scripts,
        policy="; ".join(
            [
                "default-src 'none'",
                "style-src 'unsafe-inline'",
                "script-src " + " ".join(f"'sha256-{_sha256(script)}'" for script in scripts),
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        data=_data(report),
    )
    return text


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "sentence": _sentence,
        "points": lambda value: f"{value:.4g}",
        "percent": lambda value: f"{value:.0%}",
        "seconds": _seconds,
        "mistake": lambda id: id.partition("/")[2].replace("_", " ") or id,
        "missed": _missed,
        "by_cause": by_cause,
    }
    return environment.get_template("report.html.jinja")


def by_cause(odd: Sequence[Oddity]) -> list[Oddity]:
    """One for each sentence about a lesson, with all whose it is."""
    students: dict[tuple[str, str], list[str]] = {}
    for one in odd:
        students.setdefault((one.lesson, one.sentence), []).append(one.student)
    return [
        Oddity(", ".join(who[:_NAMED]) + (f" and {len(who) - _NAMED:,} more" if len(who) > _NAMED else ""), *cause)
        for cause, who in students.items()
    ]


def _sentence(text: str) -> Markup:
    """A sentence with what stands between backticks as code."""
    pieces = (Markup("<code>{}</code>").format(piece) if is_code else escape(piece) for is_code, piece in spans(text))
    return Markup("").join(pieces)


def _seconds(value: float) -> str:
    if value < 90:
        return f"{value:.3g} s"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {seconds} s"


def _missed(question: QuestionReport) -> int:
    """How many of those who began the lesson have not got the question right."""
    return question.begun - question.statuses["passed"]


def _data(report: Report) -> Markup:
    """What the charts draw, as JSON that cannot end the element it stands in."""
    drawn = {
        "statuses": {status: [word, sign] for status, (word, sign, _) in SAYS.items()},
        "lessons": [
            {"name": one.name, "median": one.median / one.max_score, "shares": [s / one.max_score for s in one.scores]}
            for one in report.lessons
            if one.max_score and one.median is not None
        ],
        "questions": [[one.lesson, one.name, list(one.statuses.values())] for one in report.questions],
        "tests": [
            {
                "lesson": one.lesson,
                "question": one.question,
                "title": one.title,
                "hidden": one.hidden,
                "difficulty": one.difficulty,
                "discrimination": one.discrimination,
                "flags": len(one.flags),
            }
            for one in report.tests
        ],
        "measured": report.measured,
        "poor": POOR,
    }
    text = msgspec.json.encode(drawn).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
