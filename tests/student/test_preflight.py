"""What is in a student's way: in a notebook's first line, in `check`, and in `autograder doctor`."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.student import preflight

#: Python looks for modules in the current folder, as in a notebook.
IN_A_NOTEBOOK = "import sys\nsys.path.insert(0, '')\n"
ASK = """
def sigmoid(z):
    return z
try:
    from autograder import check
    print(check("sigmoid").result.outcome)
except ImportError as error:
    print(type(error).__name__, error)
"""


def run(folder, code, **environment):
    """In a Python that has loaded nothing before, not even what measures coverage."""
    without = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK + code],
        cwd=folder,
        env={**without, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["torch", "numpy", "pytest", "matplotlib", "random", "queue", "packaging"])
def test_a_file_that_hides_a_module_is_named_in_one_sentence(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("notes = 1\n")
    said = run(tmp_path, ASK)
    assert said.startswith(
        f"NotReady Your file {name}.py hides the module {name} that the course needs. Give it another"
    )
    assert said.endswith(f"It lies in {tmp_path}.")


def test_a_folder_hides_a_module_as_well(tmp_path):
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").touch()
    assert run(tmp_path, ASK).startswith("NotReady Your folder torch hides the module torch")


def test_what_python_has_loaded_stays_in_the_way_until_the_kernel_is_restarted(tmp_path):
    (tmp_path / "torch.py").write_text("notes = 1\n")
    said = run(tmp_path, "import os, torch\nos.rename('torch.py', 'notes.py')\n" + ASK)
    assert said.startswith("NotReady Your file torch.py hides the module torch")


def test_files_that_hide_nothing_the_course_needs_are_left_alone(tmp_path):
    for name in ("test", "utils", "turtle", "my_torch", "helpers"):
        (tmp_path / f"{name}.py").write_text("notes = 1\n")
    assert run(tmp_path, ASK) == "failed"


def test_a_mistake_of_ours_is_not_put_on_a_students_file(tmp_path, monkeypatch):
    (tmp_path / "queue.py").write_text("notes = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    with pytest.raises(AttributeError) as raised:
        len.no_such_name  # noqa: B018
    assert preflight.reason_for(raised.value) is None


def test_worker_is_never_stopped(tmp_path):
    """Files lie beside a notebook at grading, too, and there everything has been imported before."""
    (tmp_path / "numpy.py").write_text("notes = 1\n")
    assert run(tmp_path, "from autograder import check\nprint(check('sigmoid'))", AUTOGRADER_CHECKS="off") == "None"


def test_notebook_shows_the_sentence_and_none_of_our_code(tmp_path):
    """In a real kernel. A `random.py` is harmless there: Jupyter itself has loaded Python's by then."""
    (tmp_path / "random.py").write_text("notes = 1\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ASK)])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert notebook.cells[0].outputs[0]["text"] == "failed\n"
    (tmp_path / "torch.py").write_text("notes = 1\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import torch\nfrom autograder import check")])
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (output,) = notebook.cells[0].outputs
    (line,) = output["traceback"]
    assert line.startswith("Your file torch.py hides the module torch that the course needs.")


# --- autograder doctor


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    """``doctor()`` as a student runs it, in a folder with the first lesson."""
    students = replace(COURSE, secret=tmp_path / "there-is-none")
    assert not students.hidden_tests_installed
    folder = tmp_path / "my lessons für Zoë"
    folder.mkdir()
    lesson = COURSE.lessons[0]
    (folder / f"{lesson.name} (1).ipynb").write_bytes(lesson.notebook(COURSE.home / "assignments").read_bytes())
    monkeypatch.chdir(folder)

    def ask():
        done = CliRunner().invoke(main, ["doctor"], obj=students)
        return done.exit_code, done.stdout.strip(), done.stderr.strip().splitlines()

    return ask


def test_all_is_well(doctor):
    code, said, complaints = doctor()
    assert (code, complaints) == (0, [])
    assert said.startswith("All is well: Python 3.")
    assert said.endswith("The course's notebooks are in this folder: open them with `jupyter lab`.")


def test_wrong_folder_is_told(doctor, monkeypatch):
    here = Path.cwd()
    monkeypatch.chdir(here.parent)
    assert doctor()[1].endswith(f"but below it: {next(here.iterdir()).relative_to(here.parent)}.")
    (here / "empty").mkdir()
    monkeypatch.chdir(here / "empty")
    assert doctor()[1].endswith("go to the one that START-HERE.html lies in.")


def test_file_that_hides_a_module_is_told(doctor):
    Path("numpy.py").touch()
    code, _, (complaint,) = doctor()
    assert code == 1
    assert complaint.startswith("Your file numpy.py hides the module numpy")


@pytest.mark.parametrize(
    ("system", "machine", "sentence"),
    [
        ("darwin", "x86_64", "This is a Mac with an Intel processor"),
        ("win32", "ARM64", "This is Windows on Arm"),
        ("linux", "x86_64", "torch is not installed in this Python"),
    ],
)
def test_computer_without_torch_is_told(doctor, monkeypatch, system, machine, sentence):
    real = preflight.importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *more: None if name == "torch" else real(name, *more))
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("autograder.student.preflight.sys.platform", system)
    complaints = list(preflight.complaints(Path.cwd()))
    monkeypatch.undo()
    assert complaints[0].startswith(sentence)


def test_kernel_of_another_python_is_told(tmp_path, monkeypatch):
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/usr/bin/other/python", "-m", "ipykernel_launcher"], "display_name": "x", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    (complaint,) = preflight.complaints(tmp_path)
    assert complaint.startswith("Jupyter starts notebooks with another Python (/usr/bin/other/python)")


def test_pythonpath_from_elsewhere_is_told(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "numpy.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "elsewhere"))
    (complaint,) = preflight.complaints(tmp_path)
    assert complaint.startswith("The environment variable PYTHONPATH makes Python take numpy from")


def test_pythonpath_that_misleads_a_command_is_told(tmp_path):
    """As a sentence about the variable, and not as a mistake of ours."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "msgspec.py").touch()
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "lib")},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 1
    sentence = f"The environment variable PYTHONPATH makes Python take msgspec from {tmp_path / 'lib'}. Remove the"
    assert sentence in done.stderr
    assert "mistake" not in done.stderr
