"""What is handed in hurts no grader that is an ordinary user either: the suites for files and for pages, once more."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.mark.skipif(not shutil.which("setpriv") or os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("suite", ["test_handed_in.py", "test_pages.py"])
def test_suite_holds_as_an_ordinary_user(suite, soak, as_user):
    nobody = 65534
    with tempfile.TemporaryDirectory(prefix="autograder-") as place:  # pytest closes its own folders to others
        os.chown(place, nobody, nobody)
        done = subprocess.run(
            [
                *as_user(nobody),
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tier=soak"),
                *(f"--basetemp={place}/temp", str(FOLDER / suite)),
            ],
            cwd=FOLDER.parents[1],
            env={**os.environ, "HOME": place, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    assert done.returncode == 0, done.stdout[-5_000:]
    assert int(re.findall(r"(\d+) passed", done.stdout)[-1]) >= 10
    assert "skipped" not in done.stdout
