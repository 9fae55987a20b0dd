"""What was graded so far: kept at once, held by one grader at a time, read by anybody."""

import multiprocessing
import os
import signal
import sqlite3

import pytest

from autograder.gradebook.database import Marks
from autograder.gradebook.results_store import Busy, Kept, Store, read_results
from autograder.grading.fingerprints import Fingerprint
from autograder.judging.results import SubmissionResult

PRINT = Fingerprint("s", "m", "e", {"softmax": "q"})


def kept(student="ada", assignment="4-network", score=1.0):
    result = SubmissionResult(
        student=student, assignment=assignment, score=score, max_score=2.0, seconds=0.1, confinement={}, questions=()
    )
    return Kept(student, assignment, PRINT, result, {"4-network": Marks({"softmax": score})}, None)


def test_result_is_found_again_as_it_was(tmp_path):
    with Store(tmp_path / "store") as store:
        assert store.find("ada", "4-network") is None
        store.keep(kept())
    with Store(tmp_path / "store") as store:
        assert store.find("ada", "4-network") == kept()


def test_later_result_replaces_the_earlier_one_and_has_to_be_entered_anew(tmp_path):
    key = ("ada", "4-network")
    with Store(tmp_path / "store") as store:
        store.keep(kept())
        assert store.not_entered() == {key}
        store.have_entered([key])
        assert store.not_entered() == set()
        store.keep(kept(score=2.0))
        assert store.not_entered() == {key}
        assert store.find(*key).result.score == 2.0


def test_second_grader_is_told_to_wait(tmp_path):
    with Store(tmp_path / "store"), pytest.raises(Busy, match="Another grader is at work"), Store(tmp_path / "store"):
        pass
    with Store(tmp_path / "store"):
        pass


def _die(folder):
    with Store(folder) as store:
        store.keep(kept())
        os.kill(os.getpid(), signal.SIGKILL)


def test_killed_grader_holds_nothing_and_loses_nothing(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=_die, args=(tmp_path / "store",))
    process.start()
    process.join()
    assert process.exitcode == -9
    with Store(tmp_path / "store") as store:
        assert store.find("ada", "4-network") == kept()


def test_results_can_be_read_meanwhile_in_order(tmp_path):
    assert list(read_results(tmp_path / "store")) == []
    with Store(tmp_path / "store") as store:
        for student, assignment in (("bob", "1-neuron"), ("ada", "4-network"), ("ada", "1-neuron")):
            store.keep(kept(student, assignment))
        found = [(one.assignment, one.student) for one in read_results(tmp_path / "store")]
        assert found == [("1-neuron", "ada"), ("1-neuron", "bob"), ("4-network", "ada")]
        assert [one.student for one in read_results(tmp_path / "store", "4-network")] == ["ada"]


def test_what_another_version_has_left_counts_as_not_there(tmp_path):
    with Store(tmp_path / "store") as store:
        store.keep(kept())
    db = sqlite3.connect(tmp_path / "store" / "results.db")
    db.execute("UPDATE results SET kept = x'80'")
    db.commit()
    db.close()
    with Store(tmp_path / "store") as store:
        assert store.find("ada", "4-network") is None
    assert list(read_results(tmp_path / "store")) == []
