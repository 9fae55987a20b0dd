"""The process that imports for graders to come is begun early, and what we import meanwhile keeps us fit for forks."""

import os
import subprocess
import sys

import pytest

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
    code = "from autograder import ancestry; ancestry.get_ready(); import autograder.grading.pool; print(ancestry.may_fork())"
    assert run(code) == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_process_with_another_thread_begins_nothing_and_keeps_its_threads():
    code = (
        "import os, threading; from autograder import ancestry;"
        "threading.Thread(target=threading.Event().wait, daemon=True).start();"
        "ancestry.get_ready(); print(ancestry.may_fork(), ancestry.take(), os.environ.get('OMP_NUM_THREADS'))"
    )
    assert run(code) == "False None None"
