"""What the terminal shows of a class."""

import msgspec
import pytest

from autograder.gradebook.class_run import Change
from autograder.instructor import terminal
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
