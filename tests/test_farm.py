"""Grading in several processes: everyone gets a result, whatever happens to a grader."""

import os
import signal

import pytest

from autograder.farm import default_workers, grade_all
from autograder.lessons import HOME, find_lesson
from autograder.submissions import Submission

NEURON = find_lesson("1-neuron")
SOLVED = NEURON.notebook(HOME / "solutions")


def submissions(count):
    return [Submission(f"student-{number}", NEURON.name, SOLVED) for number in range(count)]


def test_nothing_to_grade_gives_nothing():
    assert list(grade_all([])) == []


def test_everyone_is_graded_once_in_two_processes():
    results = list(grade_all(submissions(6), workers=2))
    assert sorted(result.student for result in results) == [f"student-{number}" for number in range(6)]
    assert [result.score for result in results] == [12.0] * 6


def _children():
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    if file.read().rpartition(")")[2].split()[1] == str(os.getpid()):
                        with open(f"/proc/{entry}/cmdline") as file:
                            found.append((int(entry), file.read()))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def test_grader_that_dies_costs_one_submission():
    results = []
    for result in grade_all(submissions(4), workers=1):
        results.append(result)
        if len(results) == 1:
            (victim,) = [pid for pid, command in _children() if "spawn_main" in command]
            os.kill(victim, signal.SIGKILL)
    problems = [result.problem for result in results if result.problem]
    assert len(results) == 4
    assert len(problems) == 1
    assert "ended unexpectedly" in problems[0]
    assert [result.score for result in results if not result.problem] == [12.0] * 3


def test_grader_that_cannot_start_says_why(tmp_path):
    with pytest.raises(RuntimeError, match="there is no reference solution"):
        list(grade_all(submissions(1), workers=1, solutions=tmp_path))


def test_workers_follow_the_cores_this_process_may_use_and_the_work():
    assert default_workers(10_000) == len(os.sched_getaffinity(0))
    assert default_workers(1) == 1
