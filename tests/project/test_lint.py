"""`make lint` has nothing to say. Types take a core half a minute: a test among tests, on either core."""

import subprocess

from autograder.course.contents import COURSE


def test_rules_format_and_types_hold():
    done = subprocess.run(["make", "lint"], cwd=COURSE.home, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
