"""Every changed score is in the ledger, with its cause; and the last run can be taken back."""

import datetime
import sqlite3

import pytest

from autograder.gradebook.database import GradebookWriter, read_source_version
from autograder.gradebook.ledger import LATE, Ledger, Mark, read_ledger, read_marks, why_from_outside
from autograder.gradebook.run_changes import ANEW, RunChanges, StandingMark, withdrawn
from autograder.gradebook.snapshots import KEPT, NothingToUndo, dump_command, take_snapshot, undo


@pytest.fixture
def look(small_class):
    """``look(reasons)``: what a run over the class would enter, as student, question, before, after, why."""
    (small_class.root / ".autograder").mkdir()

    def run(reasons=(), during=lambda: None):
        with Ledger(small_class.root / ".autograder") as ledger:
            changes = RunChanges(ledger, small_class.address)
            changes.begin()
            changes.reasons = dict(reasons)
            during()
            changes.finish()
        return [(one.student, one.question, one.before, one.after, one.why) for one in changes.entries], changes

    return run


def test_what_the_first_look_finds_is_nobodys_change(small_class, look):
    small_class.grade("ada", 3.0)
    assert look()[0] == []
    assert look()[0] == []


def test_each_cause_is_named(small_class, look):
    small_class.grade("ada", 3.0)
    look()
    small_class.by_hand("ada", 1.0)
    assert look()[0] == [("ada", "test", 3.0, 1.0, "points by hand")]
    with small_class.gradebook() as gradebook:
        gradebook.find_submission_notebook("ps1", "ps1", "ada").late_submission_penalty = 0.5
        gradebook.db.commit()
    assert look()[0] == [("ada", LATE, None, -0.5, "late penalty changed outside `autograder grade`")]
    with small_class.gradebook() as gradebook:
        gradebook.find_grade_cell("test", "ps1", "ps1").max_score = 4.0
        gradebook.db.commit()
    assert look()[0] == [("ada", "test", 1.0, 1.0, "the question's maximum: 3 before, 4 since")]
    entries, _ = look({("bob", "ps1"): "graded for the first time"}, lambda: small_class.grade("bob", 2.0))
    assert entries == [("bob", "test", None, 2.0, "graded for the first time")]
    with small_class.gradebook() as gradebook:
        gradebook.remove_student("ada")
        gradebook.db.commit()
    assert [(one[1], one[3], one[4]) for one in look()[0]] == [
        (LATE, None, "late penalty changed outside `autograder grade`"),
        ("test", None, "removed from the gradebook"),
    ]
    kept = [(one.student, one.question, one.after) for one in read_ledger(small_class.root / ".autograder", "bob")]
    assert kept == [("bob", "test", 2.0)]


def test_points_by_hand_that_stand_over_new_work_are_told(small_class, look):
    small_class.grade("ada", 0.0)
    small_class.by_hand("ada", 1.0)
    look()
    _, changes = look({("ada", "ps1"): ANEW}, lambda: small_class.grade("ada", 3.0, "def f(): return 1 "))
    assert changes.standing == [StandingMark("ada", "ps1", "test", 1.0, 3.0)]
    assert changes.entries == []  # what counts has not changed, and that is the point


def test_score_by_hand_counts_before_the_autograders():
    assert Mark(None).score is None
    assert Mark(2.0, None, 0.5).score == 2.5
    assert Mark(2.0, 0.0).score == 0.0
    assert why_from_outside(("a", "b", "c"), Mark(1.0), Mark(2.0)) == "graded outside `autograder grade`"


def test_students_who_were_removed_are_remembered(tmp_path):
    for known, gone in (
        ({"ada", "bob"}, set()),
        ({"ada"}, {"bob"}),
        ({"ada"}, {"bob"}),
        (set(), set()),
        ({"ada", "bob"}, set()),
    ):
        with Ledger(tmp_path) as ledger:
            assert ledger.removed(known) == gone


def known_and_removed(small_class):
    """As a run begins."""
    with Ledger(small_class.folder.store) as ledger, GradebookWriter(small_class.address, "any") as writer:
        return set(writer.students()), ledger.removed(writer.students())


def test_student_who_was_removed_right_after_the_first_run_stays_so(small_class):
    small_class.grade("ada", 3.0)
    small_class.grade("bob", 3.0)
    with Ledger(small_class.folder.store) as ledger:  # as that run ends
        ledger.note(read_marks(small_class.address), lambda *_: "first")
    with small_class.gradebook() as gradebook:
        gradebook.remove_student("ada")
        gradebook.db.commit()
    assert known_and_removed(small_class) == ({"bob"}, {"ada"})
    assert known_and_removed(small_class) == ({"bob"}, {"ada"})


def test_student_whom_the_run_entered_that_is_taken_back_was_not_removed(small_class):
    small_class.grade("bob", 3.0)
    take_snapshot(small_class.folder)
    small_class.grade("ada", 3.0)
    with Ledger(small_class.folder.store) as ledger:
        ledger.note(read_marks(small_class.address), lambda *_: "first")
    undo(small_class.folder)
    assert known_and_removed(small_class) == ({"bob"}, set())


def test_withdrawn_work_is_told():
    (line,) = withdrawn({("ada", "ps1")}, {"ps1": {"ada", "bob"}, "ps2": set()})
    assert line == "Nothing is handed in any more for ps1 by bob; the gradebook keeps what it has."


@pytest.mark.parametrize(("days", "left"), [(0, 3.0), (3, 1.0)])
def test_moved_due_date_moves_the_penalty_of_what_is_not_graded_again(small_class, days, left):
    small_class.grade("ada", 3.0)
    due = datetime.datetime(2030, 1, 1)
    with small_class.gradebook() as gradebook:
        gradebook.find_assignment("ps1").duedate = due
        submission = gradebook.find_submission("ps1", "ada")
        submission.timestamp = due + datetime.timedelta(days=days)
        gradebook.find_submission_notebook("ps1", "ps1", "ada").late_submission_penalty = 1.5
        gradebook.db.commit()
    version = read_source_version(small_class.address, "any", "ps1")
    with GradebookWriter(small_class.address, "any", lambda student, score, late: late // 86_400 - 1) as writer:
        writer.refresh_penalties(version, ["ada"])
    marks = read_marks(small_class.address)
    assert 3.0 + sum(mark.score for key, mark in marks.items() if key[2] == LATE) == left


# --- snapshots


def test_undo_takes_the_last_run_back_and_the_ledger_says_so(small_class):
    with pytest.raises(NothingToUndo, match="no run has changed the gradebook yet"):
        undo(small_class.folder)
    small_class.grade("ada", 3.0)
    folder = small_class.folder
    with Ledger(folder.store) as ledger:
        ledger.seed(read_marks(small_class.address))
    before = read_marks(small_class.address)
    take_snapshot(folder)
    small_class.grade("ada", 1.0, "def f(): return 2")
    with Ledger(folder.store) as ledger:
        ledger.note(read_marks(small_class.address), lambda *_: ANEW)
    done = undo(folder)
    assert read_marks(small_class.address) == before
    assert [(one.before, one.after, one.why) for one in done.entries] == [(1.0, 3.0, "`autograder undo`")]
    with sqlite3.connect(folder.store / "snapshots" / "undone" / "gradebook.db") as kept:
        assert kept.execute("SELECT auto_score FROM grade").fetchall() == [(1.0,)]
    kept.close()
    with pytest.raises(NothingToUndo):
        undo(folder)


def test_so_many_snapshots_are_kept_and_no_half_one_counts(small_class):
    folder = small_class.folder
    (folder.store / "snapshots" / ".half").mkdir(parents=True)
    taken = [take_snapshot(folder) for _ in range(KEPT + 2)]
    there = sorted(path for path in (folder.store / "snapshots").iterdir() if not path.name.startswith("."))
    assert there == taken[-KEPT:]


def test_another_database_is_copied_by_its_own_means_and_no_password_is_shown():
    command = dump_command("postgresql+psycopg://ann:secret@db.example/grades")
    assert command == "pg_dump --format=custom --file=gradebook.dump 'postgresql://ann@db.example/grades'"
