"""Marks in nbgrader's gradebook."""

import shutil

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.build import release_lessons
from autograder.farm import grade_all
from autograder.gradebook import write_grades
from autograder.lessons import HOME, find_lesson
from autograder.submissions import Submission

NEURON = find_lesson("1-neuron")


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(HOME / "source", course / "source")
    shutil.copy(HOME / "nbgrader_config.py", course)
    database = f"sqlite:///{course}/gradebook.db"
    release_lessons(course, database)
    broken = course / "broken.ipynb"
    broken.write_text("{")
    submissions = [
        Submission("Zoë O'Hara", NEURON.name, NEURON.notebook(HOME / "solutions")),
        Submission("untouched", NEURON.name, NEURON.notebook(HOME / "assignments")),
        Submission("broken", NEURON.name, broken),
    ]
    results = list(grade_all(submissions, workers=1))
    write_grades(results, database, "neurons-to-network")
    write_grades(results, database, "neurons-to-network")  # twice is as good as once
    with Gradebook(database, "neurons-to-network") as opened:
        yield opened


def test_score_and_flags_are_nbgraders(gradebook):
    submission = gradebook.find_submission(NEURON.name, "Zoë O'Hara")
    assert submission.score == submission.max_score == 12
    assert not submission.needs_manual_grade


def test_every_question_has_its_grade(gradebook):
    (notebook,) = gradebook.find_submission(NEURON.name, "untouched").notebooks
    assert {grade.cell.name: grade.auto_score for grade in notebook.grades} == dict.fromkeys(NEURON.functions, 0.0)


def test_what_could_not_be_graded_gets_no_mark(gradebook):
    with pytest.raises(MissingEntry):
        gradebook.find_submission(NEURON.name, "broken")
