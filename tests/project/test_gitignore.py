"""Nothing of a class's gets into the repository by mistake: git ignores whatever instructors' commands make in it."""

import shutil
import subprocess

import pytest

from autograder.course.contents import COURSE

#: What the commands of docs/instructor.md leave in the clone.
MADE = [
    *("students.csv", "grades.csv", "gradebook.db", "gradebook.db-journal", "canvas.csv", "moodle.csv"),
    *(
        "canvas-not-graded.csv",
        "moodle-not-graded.csv",
        "questions.csv",
        "mail-merge/1-neuron/ada.html",
        "report/index.html",
        "similar.html",
    ),
    *(f"{folder}/ada/1-neuron/1-neuron.ipynb" for folder in ("submitted", "autograded", "exchange")),
    *("feedback/ada/1-neuron/1-neuron.html", ".autograder/ledger.db", ".autograder/earlier/1-neuron/ada/x.ipynb"),
]


@pytest.mark.parametrize("name", MADE)
def test_git_ignores(name):
    if shutil.which("git") is None or not (COURSE.home / ".git").exists():
        pytest.skip("this is no clone")
    done = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=COURSE.home)
    assert done.returncode == 0
