"""Which state of the gradebook, and of the graded notebook, a feedback page was made from.

Each page says so of itself, in its first tag: the digest of all that it shows, and the score. A page that says nothing,
or something else than what would be shown today, is stale, whoever made it.
"""

import hashlib
import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy
from nbgrader import api
from sqlalchemy.orm import Session

__all__ = ["PageMark", "Shown", "marked", "read_mark", "read_shown", "refusal_state", "state_of_page"]

#: Nothing of a student's stands before this tag, so that nobody can forge it.
_TAG = re.compile(r"<html\b[^>]*>")
_MARK = re.compile(r'data-made-from="([0-9a-f]{32})" data-score="([^"<>]*)"')
#: The first tag of a page is in so many of its bytes.
_BEGINNING = 2_000


class Shown(NamedTuple):
    """What the gradebook has for one submitted notebook, as its page shows it.

    Attributes:
        facts: scores, maxima and comments by cell, and the penalty, in a fixed order.
        score: the whole score, penalty off, as `nbgrader.preprocessors.GetGrades` has it.
    """

    facts: list[Any]
    score: float


class PageMark(NamedTuple):
    """What a page says of itself.

    Attributes:
        state: the digest of what it shows.
        score: the score that it shows, as text; empty where it shows none.
    """

    state: str
    score: str


def read_shown(db_url: str, assignment: str, student: str | None = None) -> dict[tuple[str, str], Shown]:
    """What the gradebook has for an assignment, by student and notebook; of one student or of all."""
    submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    engine = sqlalchemy.create_engine(db_url)
    with Session(engine) as db:
        most: dict[str, float] = {}
        for cell in (api.GradeCell, api.TaskCell):
            most |= {row.id: row.max_score for row in db.query(cell.id, cell.max_score)}

        def of(*columns: Any) -> Any:
            """These columns of each of the submitted notebooks, behind who it is and which."""
            query = (
                db.query(submitted.student_id, api.Notebook.name, *columns)
                .select_from(submitted)
                .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
                .join(notebook, notebook.assignment_id == submitted.id)
                .join(api.Notebook, api.Notebook.id == notebook.notebook_id)
                .filter(api.Assignment.name == assignment)
            )
            return query if student is None else query.filter(submitted.student_id == student)

        facts: dict[tuple[str, str], list[Any]] = defaultdict(list)
        scores: dict[tuple[str, str], float] = defaultdict(float)
        grade, comment, cell = api.Grade, api.Comment, api.BaseCell
        grades = of(cell.id, cell.name, grade.auto_score, grade.manual_score, grade.extra_credit)
        grades = grades.join(grade, grade.notebook_id == notebook.id).join(cell, cell.id == grade.cell_id)
        for who, which, id, name, auto, manual, extra in grades:
            points = manual if manual is not None else auto
            score = 0.0 if points is None else points + (extra or 0.0)
            facts[who, which].append(("score", name, score, most.get(id, 0.0)))
            scores[who, which] += score
        comments = of(cell.name, comment.auto_comment, comment.manual_comment)
        comments = comments.join(comment, comment.notebook_id == notebook.id).join(cell, cell.id == comment.cell_id)
        for who, which, name, auto, manual in comments:
            facts[who, which].append(("comment", name, manual if manual is not None else auto))
        for who, which, penalty in of(notebook.late_submission_penalty):
            facts[who, which].append(("penalty", penalty or 0.0))
            scores[who, which] -= penalty or 0.0
    engine.dispose()
    return {key: Shown(sorted(found, key=repr), scores[key]) for key, found in facts.items()}


def state_of_page(shown: Shown, notebook: Path) -> PageMark:
    """What the page of a graded notebook says of itself if it is made now."""
    return PageMark(_digest(msgspec.json.encode(shown.facts), notebook.read_bytes()), f"{round(shown.score, 5):g}")


def refusal_state(reason: str, again: bool) -> PageMark:
    """What the page of a submission that could not be graded says of itself."""
    return PageMark(_digest(b"refused", reason.encode(), str(again).encode()), "")


def marked(page: str, mark: PageMark) -> str:
    """The page, saying what it was made from."""
    return _TAG.sub(f'<html lang="en" data-made-from="{mark.state}" data-score="{mark.score}">', page, count=1)


def read_mark(page: Path) -> PageMark | None:
    """What a page says of itself; ``None`` if there is no page, or if it says nothing."""
    try:
        with page.open("rb") as file:
            beginning = file.read(_BEGINNING).decode("utf-8", "replace")
    except OSError:
        return None
    tag = _TAG.search(beginning)
    found = _MARK.search(tag[0]) if tag else None
    return PageMark(found[1], found[2]) if found else None


def _digest(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in (*parts, _maker()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


@cache
def _maker() -> bytes:
    """The modules that make pages: a page that an earlier version made is stale too."""
    here = Path(__file__).parent
    kinds = ("feedback", "harmless", "page_")
    names = sorted(name for name in os.listdir(here) if name.startswith(kinds) and name.endswith(".py"))
    return b"\0".join((here / name).read_bytes() for name in names)
