"""A grader killed at random moments: after it was started again the gradebook is that of an undisturbed run.

Killed twice by default; ``KILLS=20`` kills it more often (`make kill`). It is no part of `make test`.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.results_store import read_results
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

BIN = Path(sys.executable).parent
NEURON = COURSE.find_lesson("1-neuron")
KILLS = int(os.environ.get("KILLS", "2"))
STUDENTS = 9 * KILLS


@pytest.fixture(scope="module")
def course(soak, tmp_path_factory):
    """A class in which one in three is right, one has a mistake, one has done nothing."""
    course = tmp_path_factory.mktemp("course") / "undisturbed"
    shutil.copytree(COURSE.home / "source" / NEURON.name, course / "source" / NEURON.name)
    shutil.copy(COURSE.home / "nbgrader_config.py", course)
    release_lessons(COURSE, course, f"sqlite:///{course}/gradebook.db", (NEURON,))
    release = NEURON.notebook(course / "assignments").read_text()
    right = reference_answers(NEURON, COURSE)
    wrong = {**right, "sigmoid": "def sigmoid(z):\n    return 1 / (1 + torch.exp(z))"}
    for number in range(STUDENTS):
        path = course / "submitted" / f"student-{number:03}" / NEURON.name / f"{NEURON.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(fill_in(release, (right, wrong, {})[number % 3]))
    return course


def start(course, output=subprocess.DEVNULL):
    return subprocess.Popen(
        [BIN / "autograder", "grade", course, "--workers", "1"],
        stdout=output,
        stderr=output,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def finish(course):
    with open(course / "output.txt", "w+") as output:
        assert start(course, output).wait() == 0, (course / "output.txt").read_text()


def graded(course):
    return sum(1 for _ in read_results(course / ".autograder"))


def test_killed_and_started_again_it_ends_as_if_nothing_had_been(course, marks_in):
    killed = course.with_name("killed")
    shutil.copytree(course, killed)
    draw = random.Random(0)
    seen = []
    for _ in range(KILLS):
        grader = start(killed)
        wanted = graded(killed) + draw.randrange(9)  # 0: while it looks what there is to do
        while graded(killed) < wanted and grader.poll() is None:
            time.sleep(0.05)
        time.sleep(draw.uniform(0, 0.5))
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        seen.append(graded(killed))
    assert seen == sorted(seen)  # nothing stored was ever lost
    assert seen[0] < STUDENTS  # it was killed before it was done
    assert seen[-1] > 0
    finish(killed)
    finish(course)
    assert graded(killed) == STUDENTS
    assert marks_in(killed / "gradebook.db") == marks_in(course / "gradebook.db")
    notebooks = sorted(path.relative_to(course) for path in course.glob("autograded/*/*/*"))
    assert notebooks == sorted(path.relative_to(killed) for path in killed.glob("autograded/*/*/*"))
    for path in notebooks:
        assert (killed / path).read_bytes() == (course / path).read_bytes()
