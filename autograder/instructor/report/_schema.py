"""What a class report contains, before anybody decides how it looks; ``report.json`` is this.

Fields are only ever added; `Report.schema` counts the changes that are not additions. Points are as in the suites,
shares lie between 0 and 1, times are in seconds.
"""

import msgspec

from autograder.judging.results import Status


class Answer(msgspec.Struct, frozen=True):
    """How a mistake is typically written, with nothing in it that says by whom.

    Attributes:
        source: one student's own function without comments and texts; names that could show whose it is are changed.
        alike: how many wrote it so, but for the names they chose.
        looked_at: out of how many.
    """

    source: str
    alike: int
    looked_at: int


class Mistake(msgspec.Struct, frozen=True):
    """A misconception, and how many students had it.

    Attributes:
        id: as in the results: the question, and the mistake's own name.
        count: how many students' answers it explains, alone or together with another.
        together: how many of them only together with another.
        diagnosis: what its students read of it.
        pointer: the question that leads them on.
    """

    id: str
    count: int
    together: int
    diagnosis: str
    pointer: str
    answer: Answer | None = None


class QuestionReport(msgspec.Struct, frozen=True, rename={"statuses": "endings"}):
    """How a question went.

    Attributes:
        statuses: how many submissions have which status; all six are there. In JSON the field is ``endings``.
        begun: in how many submissions anything at all was attempted, this question or another.
        lost: share of the points lost in those, 0 to 1; of the tests where there are no points.
        mistakes: the most frequent first.
        fails_most: title of the test that fewest passed, where any was failed.
    """

    lesson: str
    name: str
    max_score: float
    statuses: dict[Status, int]
    begun: int
    lost: float
    mistakes: tuple[Mistake, ...]
    fails_most: str


class TestReport(msgspec.Struct, frozen=True):
    """Classical item analysis of one test; see `autograder.instructor.report._items`.

    Attributes:
        attempts: in how many submissions its question was attempted.
        passed: in how many of them it passed.
        difficulty: share of its points that those earned. High means easy.
        discrimination: corrected item-total correlation, or ``None`` where all earned the same or too few tried.
        flags: why somebody should look at it, a sentence each.
    """

    __test__ = False  # pytest collects classes by this prefix

    lesson: str
    question: str
    name: str
    title: str
    hidden: bool
    points: float
    attempts: int
    passed: int
    difficulty: float
    discrimination: float | None
    flags: tuple[str, ...] = ()


class LessonReport(msgspec.Struct, frozen=True):
    """The scores of one lesson.

    Attributes:
        scores: of everybody whose work was graded, ascending.
        handed_in: how many handed in anything.
        missing: how many of the class did not.
        not_graded: how many of what was handed in could not be graded.
        by_hand: how many wait for a human, so that their scores may change.
        penalised: how many lost points for being late.
    """

    name: str
    max_score: float
    scores: tuple[float, ...]
    handed_in: int
    missing: int
    not_graded: int
    by_hand: int
    penalised: int
    mean: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None


class Measured(msgspec.Struct, frozen=True):
    """Numbers that a test measured of each student's answer. What is called ``accuracy`` is a share.

    Attributes:
        name: what was measured.
        values: one a student, ascending.
        reference: the reference solution's mean, if it is known.
        enough: from where on there are full marks, if that is known.
    """

    lesson: str
    question: str
    name: str
    values: tuple[float, ...]
    reference: float | None = None
    enough: float | None = None


class StudentReport(msgspec.Struct, frozen=True):
    """One student.

    Attributes:
        name: first and last name as the gradebook has them, often empty.
        scores: by lesson; ``None`` where it was handed in and could not be graded.
        missing: lessons of the class that this student did not hand in.
        reasons: why this student may need help, a sentence each.
    """

    student: str
    name: str
    scores: dict[str, float | None]
    missing: tuple[str, ...]
    reasons: tuple[str, ...] = ()


class Oddity(msgspec.Struct, frozen=True):
    """A sentence about one submission."""

    student: str
    lesson: str
    sentence: str


class Slow(msgspec.Struct, frozen=True):
    """A submission that took long."""

    student: str
    lesson: str
    seconds: float


class RunReport(msgspec.Struct, frozen=True):
    """How grading went.

    Attributes:
        seconds: all submissions' times added up.
        median: of one submission, or ``None`` without any.
        slowest: those that took longest, the longest first.
        problems: what could not be graded.
        notes: other oddities.
        down: by layer of the sandbox, how many submissions ran without it.
        ran: how many submissions ran at all.
        remarks: sentences about what this report could not read or does not know.
    """

    seconds: float
    median: float | None
    slowest: tuple[Slow, ...]
    problems: tuple[Oddity, ...]
    notes: tuple[Oddity, ...]
    down: dict[str, int]
    ran: int
    remarks: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A class report.

    Attributes:
        title: the class's folder, or the file of results.
        course: what the course is called.
        made: when, UTC, ISO 8601.
        scores_from: ``gradebook``: points by hand, extra credit and late penalties included, as `nbgrader export`
            has them. ``grader``: what the tests gave.
        students: how many are in the class: in the gradebook, or else in the results.
        submissions: how many were graded by our grader, those that could not be included.
        teach: ids of up to three questions that the class lost most on, the worst first.
    """

    schema: int = 1
    title: str
    made: str
    scores_from: str
    students: int
    submissions: int
    teach: tuple[str, ...]
    lessons: tuple[LessonReport, ...]
    questions: tuple[QuestionReport, ...]
    tests: tuple[TestReport, ...]
    measured: tuple[Measured, ...]
    people: tuple[StudentReport, ...]
    run: RunReport
    course: str = ""
