"""Whatever happens to a class, in whatever order: gradebook, pages, report, exports and ledger agree.

Two students and a few steps; ``STORY=60`` makes it so many students, and a longer story.
"""

import csv
import datetime
import itertools
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from autograder.course.contents import COURSE
from autograder.gradebook import feedback, feedback_pages
from autograder.gradebook.database import GradebookWriter, read_roster, read_source_version
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.ledger import Ledger, read_ledger, read_marks
from autograder.gradebook.page_state import read_mark
from autograder.gradebook.refusals import refusals
from autograder.gradebook.results_store import read_stored
from autograder.gradebook.run_changes import RunChanges
from autograder.gradebook.snapshots import take_snapshot, undo
from autograder.instructor import exports
from autograder.instructor.report import build_report, gather

SIZE = int(os.environ.get("STORY", "2"))
STUDENTS = st.sampled_from([f"s{number:02}" for number in range(SIZE)])
POINTS = st.sampled_from([0.0, 1.0, 2.5, 3.0])
DAYS = st.integers(-3, 3)
DUE = datetime.datetime(2030, 1, 10, 12)


class Story(RuleBasedStateMachine):
    """One class, and what happens to it. `make` makes one in a folder."""

    @initialize()
    def begin(self):
        self.place = tempfile.TemporaryDirectory()
        self.small = self.make(Path(self.place.name))
        self.numbers = itertools.count()
        (self.small.root / ".autograder").mkdir()
        self.look()

    def teardown(self):
        if hasattr(self, "place"):
            self.place.cleanup()

    def look(self):
        """As the beginning and the end of a run."""
        with Ledger(self.small.root / ".autograder") as ledger:
            changes = RunChanges(ledger, self.small.address)
            with GradebookWriter(self.small.address, "any") as writer:
                ledger.removed(writer.students())
            changes.begin()
            changes.finish()

    def known(self, student):
        return (student, "ps1", "test") in read_marks(self.small.address)

    def refresh(self, extension=lambda *_: None):
        """As a run does to whom it need not grade: a tenth of the score for each day."""

        def penalty(student, score, late):
            return round(score * min(1, late / 864_000), 5)

        with GradebookWriter(self.small.address, "any", penalty, extension) as writer:
            version = read_source_version(self.small.address, "any", "ps1")
            writer.refresh_penalties(version, sorted(writer.submitted(version)))

    @rule(student=STUDENTS, points=POINTS, days=DAYS)
    def hands_in_and_is_graded(self, student, points, days):
        take_snapshot(self.small.folder)
        handed_in = DUE + datetime.timedelta(days=days)
        self.small.grade(student, points, f"def f(): return {next(self.numbers)}", handed_in)

    @rule(days=DAYS)
    def due_date_is_moved(self, days):
        with self.small.gradebook() as gradebook:
            gradebook.find_assignment("ps1").duedate = DUE + datetime.timedelta(days=days)
            gradebook.db.commit()
        self.refresh()

    @rule(student=STUDENTS, days=DAYS)
    def has_longer(self, student, days):
        longer = datetime.timedelta(days=abs(days))
        self.refresh(lambda who, _: longer if who == student else None)

    @rule(points=st.sampled_from([2.0, 3.0, 4.0]))
    def question_is_worth_something_else(self, points):
        with self.small.gradebook() as gradebook:
            gradebook.find_grade_cell("test", "ps1", "ps1").max_score = points
            gradebook.db.commit()

    @rule(student=STUDENTS)
    def cannot_be_graded(self, student):
        self.small.refuse(student, f"Reason {next(self.numbers)}.")

    @rule(student=STUDENTS, points=POINTS)
    def is_given_points_by_hand(self, student, points):
        if self.known(student):
            self.small.by_hand(student, points)

    @rule(student=STUDENTS, points=POINTS)
    def is_late(self, student, points):
        if self.known(student):
            with self.small.gradebook() as gradebook:
                gradebook.find_submission_notebook("ps1", "ps1", student).late_submission_penalty = points
                gradebook.db.commit()

    @rule(student=STUDENTS)
    def leaves_the_class(self, student):
        if self.known(student):
            with self.small.gradebook() as gradebook:
                gradebook.remove_student(student)
                gradebook.db.commit()

    @rule()
    def last_run_is_taken_back(self):
        if list((self.small.root / ".autograder").glob("snapshots/[0-9]*")):
            undo(self.small.folder)

    @rule()
    def everything_is_brought_up_to_date_and_agrees(self):
        self.look()
        pages = FeedbackPages(self.small.folder)
        assert [line for lines in pages.update(1) for line in lines] == []
        again = FeedbackPages(self.small.folder)
        assert again.stale == []
        roster = read_roster(self.small.address, "any")
        refused = refusals(read_stored(self.small.root / ".autograder"), roster.standings)
        refused = {key: refusal for key, refusal in refused.items() if key[0] in roster.students}
        marks = read_marks(self.small.address)
        for student, assignment in {*roster.standings, *refused}:
            page = read_mark(self.small.root / "feedback" / student / assignment / "ps1.html")
            if (student, assignment) in refused:
                assert page.score == ""
            elif page is not None:
                whole = sum(mark.score or 0.0 for key, mark in marks.items() if key[:2] == (student, assignment))
                assert float(page.score) == whole
                assert max(0.0, whole) == roster.standings[student, assignment].score
        self.assert_elsewhere_is_the_same(roster, refused)
        # Whoever adds up the ledger from the beginning comes to what the gradebook has.
        told = {}
        for one in read_ledger(self.small.root / ".autograder"):
            told[one.student, one.assignment, one.question] = one.after
        assert {key: score for key, score in told.items() if score is not None} == {
            key: mark.score for key, mark in marks.items() if mark.score is not None
        }

    def assert_elsewhere_is_the_same(self, roster, refused):
        """Exports and the report have what the gradebook has, and nothing of what could not be graded."""
        expected = dict.fromkeys(roster.students)
        expected |= {student: standing.score for (student, _), standing in roster.standings.items()}
        expected |= {student: None for student, _ in refused}
        for write, who, score in (
            (exports.canvas, "SIS Login ID", "ps1"),
            (exports.moodle, "Username", "ps1"),
            (exports.questions, "Student id", f"ps1: score ({roster.max_scores['ps1']:g})"),
        ):
            out = self.small.root / "out.csv"
            write(self.small.root, COURSE, out)
            with out.open(encoding="utf-8-sig", newline="") as file:
                rows = [row for row in csv.DictReader(file) if row[who]]
            found = {row[who]: float(row[score]) if row[score] else None for row in rows}
            assert found == expected, write.__name__
            beside = out.with_name("out-not-graded.csv")
            listed = beside.read_text(encoding="utf-8-sig") if beside.exists() else ""
            assert {student for student in roster.students if f'"{student}"' in listed} == {who for who, _ in refused}
        report = build_report(gather(self.small.root), COURSE)
        assert {one.student: one.scores.get("ps1") for one in report.people} == expected


def in_this_process(root, which, workers):
    """As `write_feedback`, without the seconds that a new process takes."""
    feedback._opened.cache_clear()
    yield feedback._write(root, which)
    yield from ([] for _ in which[1:])


def test_story(monkeypatch, make_small_class):
    monkeypatch.setattr(Story, "make", staticmethod(make_small_class), raising=False)
    monkeypatch.setattr(feedback_pages, "write_feedback", in_this_process)
    run = settings(
        max_examples=max(4, SIZE // 6),
        stateful_step_count=8 + 2 * SIZE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(Story, settings=run)
