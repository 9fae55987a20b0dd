"""What the terminal shows of a class."""

from types import SimpleNamespace

import msgspec
import pytest

from autograder.gradebook.class_run import Change
from autograder.gradebook.feedback_pages import PageUpdate
from autograder.gradebook.ledger import LedgerEntry
from autograder.gradebook.run_changes import FIRST, StandingMark
from autograder.instructor import terminal
from autograder.instructor.collect import Collected, Row
from autograder.instructor.similar import Compared, Group, Pair
from autograder.judging.results import SubmissionResult, question_result


@pytest.fixture
def lines(capsys, monkeypatch):
    """``lines(terminal.something, …)``: what it prints on a terminal of the usual width, each line's words."""
    monkeypatch.setenv("COLUMNS", "80")

    def printed(function, *arguments):
        function(*arguments)
        text = capsys.readouterr().out
        assert all(len(line) <= 80 for line in text.splitlines())
        return [line.split() for line in text.splitlines() if line.strip()]

    return printed


def result(*questions, assignment="0-from-neurons-to-network", problem=None):
    return SubmissionResult(
        student="ada", assignment=assignment, score=0, max_score=1, seconds=0, confinement={}, questions=questions,
        problem=problem,
    )  # fmt: skip


def test_summary_counts_statuses_and_known_mistakes(lines, tested):
    passed = question_result("network_gradients", (tested("passed"),))
    failed = question_result("network_gradients", (tested("failed"),), "network_gradients/sum")
    printed = lines(terminal.summary, [*[result(passed)] * 12_345, result(failed), result(failed)])
    assert ["0-from-neurons-to-network"] in printed
    assert ["network_gradients", "12345", "2", "2", "×", "sum"] in printed


def test_summary_leaves_out_what_could_not_be_graded(lines, tested):
    refused = result(question_result("softmax", (tested("failed"),)), problem="The file is empty.")
    assert lines(terminal.summary, [refused]) == []


def test_changes_say_who_gained_and_who_lost(lines):
    changed = [Change("bob", "4-network", "softmax", 6.0, 4.5), Change("ada", "4-network", "softmax", 0.0, 2.0)]
    printed = lines(terminal.changes, changed)
    assert [row[1:-1:2] for row in printed if "softmax" in row] == [
        ["ada", "4-network", "softmax", "0", "2"],
        ["bob", "4-network", "softmax", "6", "4.5"],
    ]
    assert printed[-1] == ["1", "gained,", "1", "lost."]
    assert lines(terminal.changes, []) == []


def test_counts_leave_out_what_is_nothing(lines):
    assert lines(terminal.counts, 1_200, 0, 0) == [["1,200", "graded."]]
    sentence = "3 graded, 1 could not be graded, 20 unchanged since they were graded."
    assert lines(terminal.counts, 3, 1, 20) == [sentence.split()]


def test_refusals_count_submissions_and_name_them(lines):
    def met(*kinds):
        return msgspec.structs.replace(result(), refused=kinds)

    printed = lines(terminal.refusals, [met("network", "programs"), met("programs"), met()])
    assert printed[0] == "2 submissions met the sandbox: programs 2, network 1. Look at them:".split()
    assert len(printed) == 3
    assert lines(terminal.refusals, [met()]) == []


def test_ledger_shows_the_first_and_counts_the_rest(lines):
    entries = [
        LedgerEntry("2026-11-28T09:30:00+00:00", f"student-{n}", "3-layer", "linear", None if n else 1.0, 2.5, "work")
        for n in range(3)
    ]
    printed = lines(lambda: terminal.ledger(entries, title="Scores", most=2))
    assert [row[3:5] for row in printed if row[0].startswith("student-")] == [["1", "2.5"], ["–", "2.5"]]
    assert printed[-1] == "1 more; `autograder ledger` lists them all.".split()
    assert lines(lambda: terminal.ledger([], title="Scores")) == [["Scores:", "none."]]


def test_first_grades_are_no_changes_and_points_by_hand_that_stand_are_told(lines):
    first = LedgerEntry("2026-11-28T09:30:00+00:00", "ada", "3-layer", "linear", None, 2.5, FIRST)
    standing = [StandingMark("ada", "3-layer", "linear", 2.0, None), StandingMark("bob", "3-layer", "linear", 2.0, 0.5)]
    printed = lines(terminal.since_last_run, SimpleNamespace(entries=[first], standing=standing))
    assert [row[1:-1:2] for row in printed if "linear" in row] == [
        ["ada", "3-layer", "linear", "2", "–"],
        ["bob", "3-layer", "linear", "2", "0.5"],
    ]
    assert lines(terminal.since_last_run, SimpleNamespace(entries=[first], standing=[])) == []


def test_old_pages_are_counted_and_new_ones_told(lines):
    new, changed, same = (
        PageUpdate(who, "3-layer", was, "9.0") for who, was in zip("abc", ("", "12.0", "9.0"), strict=True)
    )
    assert lines(terminal.old_pages, [new]) == []
    assert " ".join(lines(terminal.old_pages, [new, changed, same])[0]).startswith("2 feedback pages show something")
    assert " ".join(lines(terminal.old_pages, [changed])[0]).startswith("1 feedback page shows something")
    printed = lines(terminal.new_pages, [new, changed, same])
    assert [row[1:-1:2] for row in printed if "3-layer" in row] == [["b", "3-layer", "12.0", "9.0"]]
    said = "Feedback pages: 1 new, 1 with another score, 1 with the same score and other contents."
    assert " ".join(" ".join(row) for row in printed).endswith(said)
    assert lines(terminal.new_pages, []) == ["Every feedback page is up to date.".split()]


def test_what_was_collected_is_counted_and_what_needs_a_look_is_told(lines):
    rows = [
        Row("ada_1/1-neuron.ipynb", "ada", "1-neuron", "collected", ""),
        Row("x/notes.pdf", "", "", "not matched", "It is no notebook."),
    ]
    printed = lines(terminal.collected, Collected(rows, ["bob", *(f"s{n}" for n in range(10))], False))
    assert ["notes.pdf", "not", "matched", "It", "is", "no", "notebook."] in printed
    said = " ".join(" ".join(row) for row in printed)
    assert "Files: 1 collected, 1 not matched." in said
    assert "There is nothing of 11 students in the roster: bob, s0, s1, s2, s3, s4, s5, s6, s7, s8 …." in said
    assert "There is nothing of 1 student in the roster: bob." in " ".join(
        " ".join(row) for row in lines(terminal.collected, Collected([], ["bob"], False))
    )


def test_a_pair_that_its_group_has_is_told_once(lines):
    group = Group("3-layer", ("ada", "bob", "cyd"), 40.0, {"linear": {}})
    pairs = [Pair("3-layer", ("ada", "bob"), 30.0, ()), Pair("3-layer", ("ada", "dan"), 20.0, ())]
    printed = lines(terminal.alike, Compared(pairs, {"3-layer": 4}, [], [group]))
    said = " ".join(" ".join(row) for row in printed)
    assert "a group of 3" in said
    assert "ada and dan" in said
    assert "ada and bob" not in said
    assert lines(terminal.alike, Compared([], {}, [])) == [
        "No two submissions are alike beyond what everybody writes.".split()
    ]


def test_what_a_course_allows_is_told_by_assignment(lines):
    printed = lines(terminal.allowances, {"ps1": {"programs": ["echo", "sh"], "processes": True}})
    assert ["ps1", "programs", "echo,", "sh"] in printed
    assert ["ps1", "processes", "True"] in printed
    assert lines(terminal.allowances, {}) == ["This course's cells are allowed nothing beyond the ordinary.".split()]
