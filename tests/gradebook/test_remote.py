"""What travels to a grader on another machine and back; the cluster itself is in `grading/test_cluster.py`."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook import remote
from autograder.gradebook.autograde import Autograded, AutogradeTask
from autograder.gradebook.database import CellScores, read_source_version
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.notebooks.files import folder_digest


@pytest.fixture
def elsewhere(monkeypatch):
    """A machine without the class's folder: what its grader has seen, by the file's name, or where its link leads."""
    seen = {}

    class Autograding:
        def __init__(self, here, grader, source_versions):
            self.source = here.source("ps1")
            assert set(source_versions) == {"ps1"}

        def __call__(self, task):
            for path in (*self.source.iterdir(), *Path(task.folder).iterdir()):
                seen[path.name] = os.readlink(path) if path.is_symlink() else path.read_text()
            Path(task.staging, "made").mkdir(parents=True)
            shutil.copy(Path(task.folder) / "ps1.ipynb", task.staging)
            Path(task.staging, "made", "trace.txt").write_text("I was here")
            Path(task.staging, "ps1.ipynb").chmod(0o444)
            result = refused(Submission(task.student, task.assignment, Path(task.folder)), "")
            return task, Autograded(result, {"ps1": CellScores({"test": 2.0})}, folder_digest(task.folder))

    def run_tasks(tasks, journey, crashed, course, **settings):
        do = journey.make(None)
        with do._place:  # which goes with its process, elsewhere
            for task in tasks:
                yield journey.unpack(task, do(journey.pack(task)))

    monkeypatch.setattr(remote, "Autograding", Autograding)
    monkeypatch.setattr(remote, "run_tasks_on_cluster", run_tasks)
    return seen


def test_submission_goes_there_and_its_autograded_folder_comes_back(small_class, elsewhere):
    beside = small_class.root / "source" / "ps1"
    beside.mkdir(parents=True)
    (beside / "table.csv").write_text("1,2")
    submitted = small_class.hand_in("ada", "def f(): return 7")
    (submitted / "secret").symlink_to("/etc/passwd")
    version = read_source_version(small_class.address, "any", "ps1")
    task = AutogradeTask("ada", "ps1", str(submitted), str(small_class.root / "staging"))
    ((same, came),) = remote.autograde_on_cluster([task], small_class.folder, {"ps1": version}, None, COURSE)
    text = (submitted / "ps1.ipynb").read_text()
    assert elsewhere == {"ps1.ipynb": text, "secret": os.devnull, "table.csv": "1,2"}
    assert (same, came.scores) == (task, {"ps1": CellScores({"test": 2.0})})
    assert came.submitted == folder_digest(submitted), "what is not changed here would be graded again"
    made = small_class.root / "staging" / "ps1.ipynb"
    assert made.read_text() == text
    assert stat.S_IMODE(made.stat().st_mode) == 0o444
    assert (small_class.root / "staging" / "made" / "trace.txt").read_text() == "I was here"


def test_folder_that_is_too_large_stays_here(small_class, monkeypatch):
    monkeypatch.setattr(remote, "MAX_MB", 0)
    with pytest.raises(remote.StaysHere, match="It can be graded without --dask"):
        remote._packed(small_class.hand_in("ada"))


def test_settings_that_cannot_travel_are_a_sentence(small_class):
    config = small_class.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}c.Autograde.post_convert_hook = lambda: None\n")
    version = read_source_version(small_class.address, "any", "ps1")
    with pytest.raises(RuntimeError, match=r"nbgrader_config\.py cannot be sent to other machines"):
        list(remote.autograde_on_cluster([], small_class.folder, {"ps1": version}, None, COURSE))
