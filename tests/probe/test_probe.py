"""Stock nbgrader and we give the same marks and show the same outputs, but for what is known."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KNOWN = json.loads((HERE / "known.json").read_text())

#: A worker gets a /tmp of its own only where nothing that it needs lies in the machine's.
at_home = pytest.mark.skipif(Path(sys.prefix).is_relative_to("/tmp"), reason="this Python lies in /tmp")


def differences(*options):
    """What differs when the probe is run, by file and cell; and all that it prints."""
    command = [sys.executable, "-W", "ignore", HERE / "probe.py", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stdout


@at_home
@pytest.mark.parametrize("part", KNOWN)
def test_the_only_differences_are_those_that_are_known(part, request):
    if part == "slow":
        request.getfixturevalue("soak")
    found, printed = differences(part)
    assert found[part] == {name: what for name, (what, _) in KNOWN[part].items()}, printed


@at_home
def test_what_is_known_as_a_permission_is_equal_once_it_is_given(soak):
    found, printed = differences("--allowed", "cells")
    still = {name: what for name, (what, why) in KNOWN["cells"].items() if not why.startswith("permission")}
    assert found["cells"] == still, printed


def test_there_are_many_cells_and_each_difference_has_a_reason():
    names = {path.stem: re.findall(r"^# %% (\w+)$", path.read_text(), re.MULTILINE) for path in HERE.glob("*.ipy")}
    assert sum(map(len, names.values())) >= 150
    for part, noted in KNOWN.items():
        assert set(noted) <= set(names[part])
        assert all(why for _, why in noted.values())
