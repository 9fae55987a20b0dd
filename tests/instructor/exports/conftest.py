"""A class whose gradebook holds what a class's does, and a little worse."""

import csv
import importlib.util
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.database import CellScores, Entry, GradebookWriter, read_source_version, scripts_on_path

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "any"
from autograder.plugin import use_sandbox
use_sandbox(c)
"""

STUDENTS = {
    "ada": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "lms_user_id": "1001"},
    "zoe": {"first_name": "Zoë", "last_name": 'Groß, "Zo"', "email": "zoe@example.org", "lms_user_id": "s-77"},
    "eve": {"first_name": "=cmd|'/c calc'!A1", "last_name": "+1", "email": "@eve"},
    "-max": {},
    "ida": {"first_name": "Ida", "last_name": "Rhodes"},
}


def _make(folder, students):
    (folder / "nbgrader_config.py").write_text(CONFIG)
    with scripts_on_path(), Gradebook(f"sqlite:///{folder}/gradebook.db", "any") as gradebook:
        for assignment, cells in (
            ("4-network", {"softmax": 6, "forward": 5, "init_params": 4, "predict_digits": 3}),
            ("ps1", {"test": 3}),
            ("0-from-neurons-to-network", {"count_parameters": 0}),
        ):
            gradebook.add_assignment(assignment)
            gradebook.add_notebook(assignment, assignment)
            for name, points in cells.items():
                gradebook.add_grade_cell(name, assignment, assignment, max_score=points, cell_type="code")
                gradebook.add_solution_cell(f"{name}-answer", assignment, assignment)
        for student, known in students.items():
            gradebook.add_student(student, **known)
        gradebook.db.commit()
    return folder


@pytest.fixture(scope="session")
def empty(tmp_path_factory, shared_start):
    """A class with three assignments and nobody in it."""
    with shared_start():  # nbgrader starts a process for each new gradebook
        return _make(tmp_path_factory.mktemp("empty"), {})


@pytest.fixture(scope="session")
def class_folder(tmp_path_factory, shared_start):
    """A class of five: one right, one late and marked by hand, two like formulas, one who handed in nothing."""
    scores = {
        "ada": {"softmax": 6.0, "forward": 5.0, "init_params": 4.0, "predict_digits": 3.0},
        "zoe": {"softmax": 0.1 + 0.2, "forward": 5.0, "init_params": 0.0, "predict_digits": 1.5},
        "eve": {"softmax": 1.0, "forward": 0.0, "init_params": 0.0, "predict_digits": 0.0},
        "-max": {"softmax": 0.0, "forward": 2.0, "init_params": 0.0, "predict_digits": 0.0},
    }
    with shared_start():
        folder = _make(tmp_path_factory.mktemp("class"), STUDENTS)
    database = f"sqlite:///{folder}/gradebook.db"
    with GradebookWriter(database, "any") as writer:
        entries = [
            Entry(student, "4-network", None, {"4-network": CellScores(points)}) for student, points in scores.items()
        ]
        writer.enter(read_source_version(database, "any", "4-network"), entries)
    with Gradebook(database, "any") as gradebook:
        by_hand = gradebook.find_grade("init_params", "4-network", "4-network", "zoe")
        by_hand.manual_score, by_hand.extra_credit = 2.0, 0.5
        for student, points in (("zoe", 2.0), ("eve", 7.0)):
            late = gradebook.find_submission_notebook("4-network", "4-network", student)
            late.late_submission_penalty = points
        comment = gradebook.find_comment("softmax-answer", "4-network", "4-network", "zoe")
        comment.auto_comment, comment.manual_comment = "No response.", '=HYPERLINK("http://x")\nsee me'
        gradebook.find_comment("forward-answer", "4-network", "4-network", "ada").auto_comment = "No response."
        gradebook.find_grade("forward", "4-network", "4-network", "-max").needs_manual_grade = True
        gradebook.db.commit()
    return folder


@pytest.fixture
def read():
    """``read(path)``: the rows of a CSV file that we have written, as dicts."""

    def rows(path, encoding="utf-8"):
        with path.open(encoding=encoding, newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture
def small_class(tmp_path):
    """The class that `tests/gradebook/conftest.py` makes, in a folder of its own."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[2] / "gradebook" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "small"
    folder.mkdir()
    return module.SmallClass(folder)
