"""The fork server is begun early, and what we import meanwhile keeps this process fit for forks."""

import os
import subprocess
import sys

import pytest

from autograder.course.contents import COURSE
from autograder.grading.fork_server import surroundings_of

BEGIN = (
    "from autograder.course.contents import COURSE; from autograder.grading.fork_server import begin, may_fork;"
    "server = begin(COURSE);"
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run(code):
    """What a fresh Python prints, where nobody has said with how many threads to compute."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module", ["autograder.grading.fork_server", "autograder.gradebook.plugin", "autograder.cli.main"]
)
def test_torch_is_not_imported_before_it_is_needed(module):
    assert run(f"import sys, {module}; print('torch' in sys.modules)") == "False"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_process_that_is_ready_can_fork_after_its_imports():
    code = BEGIN + "import autograder.grading.pool; print(may_fork()); server.close()"
    assert run(code) == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_process_with_another_thread_begins_nothing_and_keeps_its_threads():
    thread = "import os, threading; threading.Thread(target=threading.Event().wait, daemon=True).start();"
    code = thread + BEGIN + "print(may_fork(), server, os.environ.get('OMP_NUM_THREADS'))"
    assert run(code) == "False None None"


def test_what_a_course_wants_around_its_students_code_is_handed_on(tmp_path):
    surroundings = surroundings_of(COURSE.with_solutions(tmp_path))
    assert (surroundings.preload, surroundings.functions) == (COURSE.preload, COURSE.functions)
    assert {str(COURSE.public), str(COURSE.secret), str(tmp_path)} <= set(surroundings.private)
