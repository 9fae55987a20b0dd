"""What the terminal shows of a grading run."""

from collections import deque

import pytest

from autograder.grading import terminal
from autograder.judging.results import SubmissionResult, question_result


@pytest.fixture
def result(tested):
    """``result("ada", "passed", "failed", problem=None)``: a submission whose questions have these statuses."""

    def make(student, *statuses, problem=None, notes=()):
        questions = tuple(question_result(f"q{n}", (tested(status),)) for n, status in enumerate(statuses))
        return SubmissionResult(
            student=student, assignment="ps1", score=sum(one.score for one in questions), max_score=len(questions),
            seconds=0.25, confinement={}, questions=questions, problem=problem, notes=notes,
        )  # fmt: skip

    return make


def test_table_has_a_row_for_each_submission_and_what_its_signs_mean(result, capsys):
    terminal.table([result("bob", "failed", problem="The file is empty."), result("[b]ada", "passed", "timeout")])
    lines = capsys.readouterr().out.splitlines()
    assert [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "ps1" in line] == [
        ["[b]ada", "ps1", "1 of 2", "✓ ∞", "0.25"],
        ["bob", "ps1", "not graded", "", "0.25"],
    ]
    assert "✓ correct" in lines[-2] + lines[-1]


def test_progress_passes_results_on_and_shows_what_is_odd(result, capsys):
    results = [result("ada", "passed", notes=("Cell 3 [red] raised.",)), result("bob", problem="The file is empty.")]
    assert list(terminal.progress(iter(results), 2)) == results
    printed = capsys.readouterr().err
    assert "ada, ps1: Cell 3 [red] raised." in printed
    assert "bob, ps1: The file is empty." in printed


def test_one_oddity_of_many_is_one_line(result, capsys):
    results = [result(f"s{number}", "passed", notes=("q0 is worth 2 points now.", "Odd.")) for number in range(56)]
    results.append(result("zoe", "passed", notes=("Odd.", "Odder.")))
    deque(terminal.progress(iter(results), 57), maxlen=0)
    printed = " ".join(capsys.readouterr().err.split())
    assert "s0, s1, s2 and 53 more, ps1: q0 is worth 2 points now." in printed
    assert "s0, s1, s2 and 54 more, ps1: Odd." in printed
    assert "zoe, ps1: Odder." in printed
    assert printed.count("ps1:") == 3


def test_layers_are_shown_with_a_sign_each(capsys):
    terminal.layers({"seccomp": True, "landlock": False})
    assert capsys.readouterr().out.splitlines() == ["✓ seccomp", "✗ landlock"]
