"""Whatever happens to a class, in whatever order: gradebook, pages, exports' refusals and ledger agree."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from autograder.gradebook import feedback, feedback_pages
from autograder.gradebook.database import read_roster
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.ledger import Ledger, read_ledger, read_marks
from autograder.gradebook.page_state import read_mark
from autograder.gradebook.refusals import refusals
from autograder.gradebook.results_store import read_stored
from autograder.gradebook.run_changes import RunChanges
from autograder.gradebook.snapshots import take_snapshot, undo

STUDENTS = st.sampled_from(["ada", "bob"])
POINTS = st.sampled_from([0.0, 1.0, 2.5, 3.0])


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
            changes.begin()
            changes.finish()

    def known(self, student):
        return (student, "ps1", "test") in read_marks(self.small.address)

    @rule(student=STUDENTS, points=POINTS)
    def hands_in_and_is_graded(self, student, points):
        take_snapshot(self.small.folder)
        self.small.grade(student, points, f"def f(): return {next(self.numbers)}")

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
        marks = read_marks(self.small.address)
        for student, assignment in {*roster.standings, *refused}:
            page = read_mark(self.small.root / "feedback" / student / assignment / "ps1.html")
            if (student, assignment) in refused:
                assert page.score == ""
            elif page is not None:
                whole = sum(mark.score or 0.0 for key, mark in marks.items() if key[:2] == (student, assignment))
                assert float(page.score) == whole
                assert max(0.0, whole) == roster.standings[student, assignment].score
        # Whoever adds up the ledger from the beginning comes to what the gradebook has.
        told = {}
        for one in read_ledger(self.small.root / ".autograder"):
            told[one.student, one.assignment, one.question] = one.after
        assert {key: score for key, score in told.items() if score is not None} == {
            key: mark.score for key, mark in marks.items() if mark.score is not None
        }


def in_this_process(root, which, workers):
    """As `write_feedback`, without the seconds that a new process takes."""
    feedback._opened.cache_clear()
    yield feedback._write(root, which)
    yield from ([] for _ in which[1:])


def test_story(monkeypatch, make_small_class):
    monkeypatch.setattr(Story, "make", staticmethod(make_small_class), raising=False)
    monkeypatch.setattr(feedback_pages, "write_feedback", in_this_process)
    run = settings(
        max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    run_state_machine_as_test(Story, settings=run)
