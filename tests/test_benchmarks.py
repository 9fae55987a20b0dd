"""What the benchmarks measure with: costs of whole families of processes."""

import sys

import pytest

from autograder.course.contents import COURSE

BUSY = "import time\nwhile time.process_time() < 0.3: pass"


@pytest.fixture
def measuring(monkeypatch):
    """The module beside the benchmarks."""
    monkeypatch.syspath_prepend(COURSE.home / "benchmarks")
    import measuring

    return measuring


def test_time_of_grandchildren_counts_even_if_their_parent_does_not_wait(measuring, tmp_path):
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
    assert measuring.run([sys.executable, "-c", code], tmp_path).cpu > 0.3


def test_memory_of_children_counts(measuring, tmp_path, monkeypatch):
    monkeypatch.setattr(measuring, "_LOOK", 0.01)
    big = "x = b'1' * 2**27; import time; time.sleep(1)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {big!r}])"
    assert measuring.run([sys.executable, "-c", code], tmp_path).memory > 2**27


def test_command_that_fails_says_what_it_said(measuring, tmp_path):
    with pytest.raises(measuring.Failed, match="ended with 3:\nno such luck"):
        measuring.run([sys.executable, "-c", "print('no such luck'); raise SystemExit(3)"], tmp_path)


def test_costs_add_up_and_memory_is_the_most(measuring):
    assert measuring.Cost(1, 2, 3) + measuring.Cost(10, 20, 2) == (11, 22, 3)
