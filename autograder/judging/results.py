"""What grading ends in: the records that become the JSON lines of ``autograder grade``.

This is the contract that others build on. Fields are only ever added; `schema` counts the changes that are not
additions.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol

import msgspec

#: How one test or one question ended.
Status = Literal["passed", "partial", "failed", "not_attempted", "error", "timeout"]


#: How a wrong answer is drawn: numbers as cells, one row of values over their inputs as a curve, shares as bars.
Picture = Literal["cells", "bars", "curve"]

#: A number as JSON can hold it.
Number = float | Literal["nan", "inf", "-inf"]


class Comparison(msgspec.Struct, frozen=True):
    """Numbers few enough to be drawn: what came back beside what was expected. Of visible tests only.

    Attributes:
        picture: ``cells`` for vectors and matrices, ``bars`` for rows of probabilities, ``curve`` for one row of
            values over `inputs`.
        actual: rows of equally many numbers; a vector is one row.
        expected: the same, or ``None`` where the test asks for a property of what came back.
        index: row and column of the largest difference, if there is one.
        inputs: what each column of a curve is the answer to.
    """

    picture: Picture
    actual: tuple[tuple[Number, ...], ...]
    expected: tuple[tuple[Number, ...], ...] | None = None
    index: tuple[int, int] | None = None
    inputs: tuple[Number, ...] = ()


class TestResult(msgspec.Struct, frozen=True):
    """One test of one question.

    Attributes:
        message: what the student reads; empty when the test passed.
        measured: numbers that the test found worth keeping, such as ``{"accuracy": 0.946}``.
        kind: what is wrong with an answer that came back, as `autograder.judging.Mismatch` calls it: ``none``,
            ``type``, ``count``, ``keys``, ``shape``, ``dtype``, ``values``, ``arguments`` or ``property``. Empty where
            none came back or nothing is wrong.
        comparison: what can be drawn of the answer; never of a hidden test.
        signed: the student's id as it stands in the answer, where one does.
    """

    __test__ = False  # pytest collects classes by this prefix

    name: str
    title: str
    hidden: bool
    earned: float
    points: float
    outcome: Status
    message: str
    seconds: float
    measured: dict[str, float] = {}
    kind: str = ""
    comparison: Comparison | None = None
    signed: str = ""


class QuestionResult(msgspec.Struct, frozen=True):
    """One question: the sum of its tests.

    Attributes:
        misconception: id of the known mistake that explains the answer, if one does.
        second: id of another, where only both together explain it.
        note: a sentence on how the question was asked, where that is out of the ordinary.
    """

    name: str
    score: float
    max_score: float
    outcome: Status
    misconception: str | None
    tests: tuple[TestResult, ...]
    second: str | None = None
    note: str = ""


class SubmissionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One submission of one student.

    Attributes:
        seconds: wall-clock time from opening the notebook to the last test.
        confinement: which layers of the sandbox were active while the student's code ran.
        problem: why it could not be graded, one sentence; ``None`` if it was.
        notes: oddities that an instructor should know of, a sentence each.
        refused: what its cells asked for and the sandbox does not give; `programs`, `network`, … in order.
        widened: what its cells were allowed beyond the ordinary, by the names of the settings.
    """

    schema: int = 1
    student: str
    assignment: str
    score: float
    max_score: float
    seconds: float
    confinement: dict[str, bool]
    problem: str | None = None
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    widened: dict[str, Any] = {}
    questions: tuple[QuestionResult, ...]


def signed_by_others(student: str, questions: Iterable[QuestionResult]) -> list[str]:
    """A sentence for each question whose answer has another id in it than that of the student who handed it in."""
    found = {one.name: test.signed for one in questions for test in one.tests if test.signed}
    return [
        f"`{name}` is signed {signed!r}, and was handed in by {student!r}: the evidence was not the student's own."
        for name, signed in found.items()
        if plain_id(signed) != plain_id(student)
    ]


def plain_id(student: str) -> str:
    """An id as it is compared: in small letters, an umlaut as one character, since keyboards and file names differ."""
    return unicodedata.normalize("NFC", " ".join(student.split()).casefold())


def grader_failed(error: Exception) -> str:
    """The problem of a submission over which the grader itself failed: our doing, and not the student's."""
    return f"The grader failed: {type(error).__name__}: {error}"


class Writable(Protocol):
    """What lines can be written to, such as a file."""

    def write(self, text: str, /) -> object:
        """As a file's."""

    def flush(self) -> None:
        """As a file's."""


def written(results: Iterable[SubmissionResult], file: Writable | None) -> Iterator[SubmissionResult]:
    """Pass results on, each written to `file` and flushed first: what is finished survives whatever comes next."""
    for result in results:
        if file is not None:
            file.write(msgspec.json.encode(result).decode() + "\n")
            file.flush()
        yield result


def question_result(
    name: str, tests: tuple[TestResult, ...], misconception: str | None = None, second: str | None = None
) -> QuestionResult:
    """Add up a question's tests.

    Where there are points and none was earned it is not partly correct, even if a test of the form alone has passed.
    """
    score = round(sum(test.earned for test in tests), 6)  # shares of points leave a last digit or two
    worth = sum(test.points for test in tests)
    outcome = status_of([test.outcome for test in tests])
    if outcome == "partial" and worth and not score:
        outcome = status_of([test.outcome for test in tests if test.outcome not in ("passed", "partial")] or ["failed"])
    return QuestionResult(
        name=name,
        score=score,
        max_score=worth,
        outcome=outcome,
        misconception=misconception,
        tests=tests,
        second=second,
    )


def status_of(statuses: list[Status]) -> Status:
    """A question's status, from those of its tests.

    Where some passed, or gave a part of their points, it is partial; otherwise the gravest one counts.
    """
    different = set(statuses)
    if different == {"passed"}:
        return "passed"
    if different & {"passed", "partial"}:
        return "partial"
    grave: tuple[Status, ...] = ("error", "timeout", "failed")
    for status in grave:
        if status in different:
            return status
    return "not_attempted"
