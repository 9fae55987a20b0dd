"""What the instructor takes away: one page on what to teach tomorrow, and the numbers behind it as JSON and CSV.

::

    report = build_report(gather(Path("my-class")), course)
    write_report(report, Path("my-class/report"))

The page opens from disk and fetches nothing. This room is not part of what students install.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path

from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult

from ._answers import typical_answer, vocabulary
from ._gathering import Gathered, ReportError, gather
from ._items import analyse
from ._measured import collect
from ._page import page
from ._people import count_lessons, count_people, open_book
from ._questions import FindAnswer, count_questions, to_teach
from ._running import look_back
from ._schema import Answer, Report
from ._tables import write_tables

__all__ = ["Gathered", "Report", "ReportError", "build_report", "gather", "write_report"]

#: A mistake's typical answer is sought among so many of those who made it.
SAMPLE = 20


def build_report(gathered: Gathered, course: Course, now: datetime.datetime | None = None) -> Report:
    """Work everything out. Nothing of a student's is run.

    Args:
        gathered: what was read of the class.
        course: the course that is taught.
        now: when the report is made, in a time zone; this moment by default.
    """
    results = gathered.results
    book = open_book(results, gathered.roster, course)
    lessons = count_lessons(book, gathered.roster)
    questions = count_questions(results, course, _finder(gathered, course, book.students))
    graded = [result for result in results if result.problem is None]
    made = (now or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    return Report(
        title=gathered.title,
        course=course.title,
        made=made.isoformat(timespec="seconds"),
        scores_from="grader" if gathered.roster is None else "gradebook",
        students=len(book.students),
        submissions=len(results),
        teach=to_teach(questions),
        lessons=lessons,
        questions=questions,
        tests=analyse(graded),
        measured=collect(graded, course),
        people=count_people(book, lessons, results),
        run=look_back(results, gathered.remarks),
    )


def write_report(report: Report, folder: Path) -> Path:
    """Write ``index.html``, ``report.json`` and the CSV files into `folder`, and return the page's path.

    Raises:
        OSError: it cannot be written there.
    """
    import msgspec

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    write_tables(report, folder)
    path = folder / "index.html"
    path.write_text(page(report), encoding="utf-8")
    return path


def _finder(gathered: Gathered, course: Course, students: Sequence[str]) -> FindAnswer:
    """A function that finds typical answers in what was handed in; each notebook is read once."""
    people = gathered.roster.students.items() if gathered.roster is not None else ()
    names = frozenset(students) | {part for _, person in people for part in person}
    answers: dict[tuple[str, str], dict[str, str]] = {}
    words: dict[str, frozenset[str]] = {}

    def cells(result: SubmissionResult) -> dict[str, str]:
        key = (result.student, result.assignment)
        if key not in answers:
            notebook = gathered.submitted(result)
            found = notebook.cells if notebook is not None else ()
            answers[key] = {cell.grade_id.removesuffix("-answer"): cell.source for cell in found if cell.is_answer}
        return answers[key]

    def find(id: str, who: Sequence[SubmissionResult]) -> Answer | None:
        question = id.partition("/")[0]
        asked = course.find_question(question)
        if asked is not None and asked[0].name not in words:
            words[asked[0].name] = vocabulary(asked[0], course)
        known = words[asked[0].name] if asked is not None else frozenset()
        return typical_answer(question, [cells(one).get(question, "") for one in who[:SAMPLE]], names, known)

    return find
