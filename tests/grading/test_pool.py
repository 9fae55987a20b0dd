"""Grading in several processes: everyone gets a result, whatever happens to a grader."""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.course.contents import COURSE
from autograder.grading import pool
from autograder.grading.pool import default_workers, grade_submissions
from autograder.grading.submissions import Submission
from autograder.sandbox import NotConfined

NEURON = COURSE.find_lesson("1-neuron")
SOLVED = NEURON.notebook(COURSE.home / "solutions")


def submissions(count):
    return [Submission(f"student-{number}", NEURON.name, SOLVED) for number in range(count)]


def test_nothing_to_grade_gives_nothing():
    assert list(grade_submissions([], COURSE)) == []


def test_grader_that_dies_costs_one_submission():
    results = []
    others = multiprocessing.active_children()  # such as the plug-in's persistent grader
    for result in grade_submissions(submissions(4), COURSE, workers=1):
        results.append(result)
        if len(results) == 1:
            (victim,) = set(multiprocessing.active_children()) - set(others)
            victim.kill()
    problems = [result.problem for result in results if result.problem]
    assert sorted(result.student for result in results) == [f"student-{number}" for number in range(4)]
    assert len(problems) == 1
    assert "ended unexpectedly" in problems[0]
    assert [result.score for result in results if not result.problem] == [12.0] * 3


PROGRAM = """
import os, sys, threading
from autograder.sandbox.inside.threads import one_thread
one_thread()
from pathlib import Path
from autograder.course.contents import COURSE
from autograder.grading.pool import grade_submissions
from autograder.grading.submissions import Submission
if sys.argv[1] == "threads":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
if __name__ == "__main__":
    submissions = [Submission("a", "1-neuron", Path(sys.argv[2]))] * int(sys.argv[3])
    for result in grade_submissions(submissions, COURSE, workers=2):
        print(result.score, flush=True)
        if sys.argv[1] == "killed":
            os.kill(os.getpid(), 9)
"""


def run_program(tmp_path, how, count):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, tmp_path / "program.py", how, SOLVED, str(count)]
    marked = {**os.environ, "AUTOGRADER_MARK": str(tmp_path)}
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env=marked)


def test_graders_start_from_a_process_with_one_thread_and_with_more(soak, tmp_path):
    """With more they are no forks: as from this process, from which the tests above start them."""
    for how in ("alone", "threads"):
        done = run_program(tmp_path, how, 40)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.split() == ["12.0"] * 40
        assert_nobody_is_left(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="graders are forked on Linux alone")
def test_graders_end_when_whoever_started_them_is_killed(tmp_path):
    assert run_program(tmp_path, "killed", 40).returncode == -9
    assert_nobody_is_left(tmp_path)


def assert_nobody_is_left(mark):
    """Graders carry their starter's environment. Zygotes do not; they end with the grader, which `client` tests."""
    until = time.monotonic() + 20
    while left := marked_processes(mark):
        assert time.monotonic() < until, left
        time.sleep(0.05)


def marked_processes(mark):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if f"AUTOGRADER_MARK={mark}".encode() in (entry / "environ").read_bytes():
                    found.append(entry.name)
    return found


class _NoProcess:
    """Stands for a process: what it should do is done here."""

    exitcode = 0

    def __init__(self, target, args, daemon):
        self.start = lambda: target(*args)

    def is_alive(self):
        return False

    def join(self, timeout=None):
        """It has ended."""


def test_every_grader_demands_the_layers_without_which_nothing_is_graded(monkeypatch):
    def with_grader(work, course, *, require, fork_server):
        raise NotConfined(list(require))

    monkeypatch.setattr(pool, "with_grader", with_grader)
    monkeypatch.setattr(pool, "may_fork", lambda: False)
    monkeypatch.setattr(pool, "begin", lambda course: None)
    monkeypatch.setattr(pool, "_spawn", SimpleNamespace(Pipe=multiprocessing.Pipe, Process=_NoProcess))
    with pytest.raises(RuntimeError, match=r"could not start: NotConfined: .*seccomp, hidden"):
        list(grade_submissions(submissions(1), COURSE, workers=1, require=["seccomp", "hidden"]))


def test_grader_that_cannot_start_says_why(soak, tmp_path):
    with pytest.raises(RuntimeError, match="there is no reference solution"):
        list(grade_submissions(submissions(1), COURSE.with_solutions(tmp_path), workers=1))


def test_workers_follow_the_cores_this_process_may_use_and_the_work():
    assert default_workers(10_000) == len(os.sched_getaffinity(0))
    assert default_workers(1) == 1
