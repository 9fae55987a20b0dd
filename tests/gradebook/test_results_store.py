"""What was graded so far: stored at once, held by one grader at a time, read by anybody."""

import multiprocessing
import os
import signal
import sqlite3

import pytest

from autograder.gradebook.database import CellScores
from autograder.gradebook.results_store import Busy, ResultsStore, StoredResult, read_results
from autograder.grading.fingerprints import Fingerprint
from autograder.judging.results import SubmissionResult

PRINT = Fingerprint("s", "m", "e", {"softmax": "q"})


def stored(student="ada", assignment="4-network", score=1.0):
    result = SubmissionResult(
        student=student, assignment=assignment, score=score, max_score=2.0, seconds=0.1, confinement={}, questions=()
    )
    return StoredResult(student, assignment, PRINT, result, {"4-network": CellScores({"softmax": score})}, None)


def test_result_is_found_again_as_it_was(tmp_path):
    with ResultsStore(tmp_path / "store") as store:
        assert store.find("ada", "4-network") is None
        store.keep(stored())
    with ResultsStore(tmp_path / "store") as store:
        assert store.find("ada", "4-network") == stored()


def test_later_result_replaces_the_earlier_one_and_has_to_be_entered_anew(tmp_path):
    key = ("ada", "4-network")
    with ResultsStore(tmp_path / "store") as store:
        store.keep(stored())
        assert store.not_entered() == {key}
        store.have_entered([key])
        assert store.not_entered() == set()
        store.keep(stored(score=2.0))
        assert store.not_entered() == {key}
        assert store.find(*key).result.score == 2.0


def test_second_grader_is_told_to_wait(tmp_path):
    with (
        ResultsStore(tmp_path / "store"),
        pytest.raises(Busy, match="Another grader is at work"),
        ResultsStore(tmp_path / "store"),
    ):
        pass
    with ResultsStore(tmp_path / "store"):
        pass


def _die(folder):
    with ResultsStore(folder) as store:
        store.keep(stored())
        os.kill(os.getpid(), signal.SIGKILL)


def test_killed_grader_holds_nothing_and_loses_nothing(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=_die, args=(tmp_path / "store",))
    process.start()
    process.join()
    assert process.exitcode == -9
    with ResultsStore(tmp_path / "store") as store:
        assert store.find("ada", "4-network") == stored()


def test_results_can_be_read_meanwhile_in_order(tmp_path):
    assert list(read_results(tmp_path / "store")) == []
    with ResultsStore(tmp_path / "store") as store:
        for student, assignment in (("bob", "1-neuron"), ("ada", "4-network"), ("ada", "1-neuron")):
            store.keep(stored(student, assignment))
        found = [(one.assignment, one.student) for one in read_results(tmp_path / "store")]
        assert found == [("1-neuron", "ada"), ("1-neuron", "bob"), ("4-network", "ada")]
        assert [one.student for one in read_results(tmp_path / "store", "4-network")] == ["ada"]


def test_what_cannot_be_decoded_counts_as_not_there(tmp_path):
    with ResultsStore(tmp_path / "store") as store:
        store.keep(stored())
    db = sqlite3.connect(tmp_path / "store" / "results.db")
    db.execute("UPDATE results SET stored = x'80'")
    db.commit()
    db.close()
    with ResultsStore(tmp_path / "store") as store:
        assert store.find("ada", "4-network") is None
    assert list(read_results(tmp_path / "store")) == []


def test_what_an_earlier_version_has_left_counts_as_not_there_and_gives_way(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    db = sqlite3.connect(folder / "results.db")
    db.execute("CREATE TABLE results (student TEXT, assignment TEXT, kept BLOB, entered INTEGER)")
    db.execute("INSERT INTO results VALUES ('ada', '4-network', x'80', 0)")
    db.execute("PRAGMA user_version=1")
    db.commit()
    db.close()
    assert list(read_results(folder)) == []
    with ResultsStore(folder) as store:
        assert store.find("ada", "4-network") is None
        assert store.not_entered() == set()
        store.keep(stored())
    assert [one.student for one in read_results(folder)] == ["ada"]
