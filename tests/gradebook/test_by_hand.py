"""The capstone in a class: its card and its experiments get their points from a person, the rest from the suite.

Graded by nbgrader's own command with the plug-in and by our class run. A person's points are entered as nbgrader's
formgrader does it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.feedback import write_feedback
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging import recordings

LESSON = COURSE.find_lesson("8-your-own-question")
BY_HAND = {"card": 8.5, "experiments": 9.0}
BIN = Path(sys.executable).parent
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = 'neurons-to-network'
c.CourseDirectory.release_directory = 'release'
from autograder.plugin import use_sandbox
use_sandbox(c)
"""


def nbgrader(course, *arguments):
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([BIN / "nbgrader", *arguments], cwd=course, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def by_nbgrader(course):
    nbgrader(course, "autograde", LESSON.name, "--force")
    nbgrader(course, "generate_feedback", LESSON.name, "--force")


def by_us(course):
    with ClassRun(course, COURSE, workers=1) as run:
        list(run.grade())
    assert [line for lines in write_feedback(course, [("ada", LESSON.name)], 1) for line in lines] == []


def hand_in(course, student, text, written):
    """The text of a notebook, with something written into the cells that a person reads."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = written.get(name, cell["source"])
    folder = course / "submitted" / student / LESSON.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{LESSON.name}.ipynb").write_text(json.dumps(notebook))


@pytest.mark.parametrize("grade", [by_nbgrader, by_us])
def test_the_capstone_is_graded_by_its_suite_and_by_a_person(soak, tmp_path, marks_in, grade):
    shutil.copytree(COURSE.home / "source" / LESSON.name, tmp_path / "source" / LESSON.name)
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    database = f"sqlite:///{tmp_path}/gradebook.db"
    release_lessons(COURSE, tmp_path, database, (LESSON,))
    released = LESSON.notebook(tmp_path / "release").read_text()
    answers = {name: one.replace('"solutions"', '"ada"') for name, one in reference_answers(LESSON, COURSE).items()}
    solved = fill_in(released, answers)
    hand_in(tmp_path, "ada", solved, {"card": "It asks for loops.", "experiments": "I moved it by two pixels."})
    hand_in(tmp_path, "bob", released, {})
    grade(tmp_path)

    of_suite = sum(recordings.load(LESSON)["points"].values())
    ada, bob = (marks_in(database)[student, LESSON.name] for student in ("ada", "bob"))
    assert (ada["score"], ada["max_score"]) == (of_suite, of_suite + 20)
    assert waiting(ada) == {"card", "experiments"}
    assert (bob["score"], waiting(bob)) == (0, set())  # who has written nothing waits for nobody

    with Gradebook(database, "neurons-to-network") as gradebook:
        for name, points in BY_HAND.items():
            found = gradebook.find_grade(name, LESSON.name, LESSON.name, "ada")
            found.manual_score, found.needs_manual_grade = points, False
        gradebook.db.commit()
    ada = marks_in(database)["ada", LESSON.name]
    assert (ada["score"], waiting(ada)) == (of_suite + 17.5, set())

    # Handed in once more: the points stay, and whoever gave them is asked to look again.
    wrong = fill_in(solved, {"deal": "def deal(m, sizes, seed):\n    return list(torch.arange(m).split(sizes))"})
    hand_in(tmp_path, "ada", wrong, {"card": "It asks for closed loops.", "experiments": "I moved it by two pixels."})
    grade(tmp_path)
    ada = marks_in(database)["ada", LESSON.name]
    assert of_suite - 2 <= ada["score"] - 17.5 < of_suite
    assert waiting(ada) >= {"card"}
    page = (tmp_path / "feedback" / "ada" / LESSON.name / f"{LESSON.name}.html").read_text()
    for points in BY_HAND.values():
        assert re.search(rf"Score: {points} / 10\.0", page), points


def waiting(marks):
    """The cells that a person has still to look at."""
    return {name for (_, name), grade in marks["grades"].items() if grade[3]}
