"""The way of a student that GitHub's workflows go on other systems, gone here, with the packages that are here."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.release import release

SCRIPT = Path(__file__).with_name("student.py")
NEURON = COURSE.find_lesson("1-neuron")


def test_a_student_gets_from_the_zip_to_a_watched_notebook(tmp_path):
    release(COURSE, tmp_path, [NEURON], message=lambda line: None)
    command = [sys.executable, str(SCRIPT), str(tmp_path / f"{NEURON.name}.zip"), "--packages-of", sys.executable]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All as it should be.\n")


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        (["✓ Correct\n" * 3 + "✗ Not correct yet\n3 of 4 questions done"], "right answers are not all correct"),
        (["✓ Correct\n" * 4 + "3 of 4 questions done"], "right answers are not all done"),
        (["✓ Correct\n" * 4 + "4 of 4 questions done"] * 2, "one wrong answer changes more than its own question"),
        (
            ["✓ Correct\n" * 4 + "4 of 4 questions done", "✓ Correct\n" * 3 + "3 of 4 questions done"],
            "a known mistake is not explained",
        ),
    ],
)
def test_what_is_not_as_it_should_be_is_noticed(printed, sentence, tmp_path, monkeypatch, capsys):
    """Whatever `autograder check` prints, the script reads it."""
    specification = importlib.util.spec_from_file_location("student_journey", SCRIPT)
    student = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(student)
    notebook = tmp_path / f"{NEURON.name}.ipynb"
    notebook.write_bytes(NEURON.notebook(COURSE.home / "assignments").read_bytes())
    monkeypatch.setattr(student, "run", lambda *command: printed.pop(0))
    with pytest.raises(SystemExit, match=sentence):
        student.walk(tmp_path, notebook)
    assert printed == []
