"""A student's way where something is missing: as on Windows and macOS, in a container, on a hub.

Each facility is taken away in a real run, or refused by the kernel; scores must be those of a machine that has all of
them. `make test` runs the row where everything is missing; ``MACHINES=all`` (`make machines`) runs every row.
"""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

from autograder.course.contents import COURSE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="takes away what Linux has")

#: What Windows does not have.
WINDOWS = [
    *(
        "os.fork",
        "os.forkpty",
        "os.register_at_fork",
        "os.setsid",
        "os.getsid",
        "os.killpg",
        "os.memfd_create",
    ),
    *("os.getuid", "os.geteuid", "os.getgid", "os.getegid", "os.O_NOFOLLOW", "os.O_NONBLOCK", "os.O_DIRECTORY"),
    *("os.sched_getaffinity", "os.sched_setaffinity", "os.statvfs", "os.mkfifo", "os.chown"),
    *("signal.SIGALRM", "signal.setitimer", "signal.SIGKILL", "pwd", "grp", "resource", "fcntl", "termios"),
]
#: What macOS does not have and Linux has.
MACOS = ["os.memfd_create", "os.sched_getaffinity", "os.sched_setaffinity", "os.unshare", "os.setns"]
#: How a process comes to run where the kernel refuses it namespaces of its own.
FORBID = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'

#: Our own modules find nothing of what is missing; libraries are those of Linux, and keep it.
TAKE_AWAY = """
import builtins, os, signal, sys
missing = {missing!r}
sys.executable = {wrapper!r}
real = builtins.__import__
class Without:
    def __init__(self, module, names):
        self.__dict__.update(_module=module, _names=names)
    def __getattr__(self, name):
        if name in self._names:
            raise AttributeError(name)
        return getattr(self._module, name)
    def __setattr__(self, name, value):
        setattr(self._module, name, value)
    def __dir__(self):
        return [name for name in dir(self._module) if name not in self._names]
kept = {{}}
for one in missing:
    module, _, name = one.partition(".")
    kept.setdefault(module, set()).add(name)
kept.setdefault("sys", set())
def importing(name, globals=None, locals=None, fromlist=(), level=0):
    ours = str((globals or {{}}).get("__name__", "")).startswith("autograder")
    if not ours or name not in kept:
        return real(name, globals, locals, fromlist, level)
    if kept[name] == {{""}}:
        raise ModuleNotFoundError("No module named " + repr(name), name=name)
    without = Without(real(name), kept[name])
    if name == "sys":
        without.__dict__["platform"] = {platform!r}
    return without
builtins.__import__ = importing
"""

NOTEBOOK = {
    "weighted_sum": "import torch\ndef weighted_sum(x, w, b):\n    return x @ w + b",
    "sigmoid": "def sigmoid(z):\n    return z",
    "hypothesis": "import time\ndef hypothesis(x, w, b):\n    time.sleep(1000)",
    "predict": "def predict(x, w, b):\n    while True:\n        pass",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A student's folder: one answer right, one wrong, one asleep, one looping."""
    folder = tmp_path_factory.mktemp("Übung für Zoë (1)")
    notebook = json.loads(COURSE.find_lesson("1-neuron").notebook(COURSE.home / "assignments").read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if name in NOTEBOOK and cell["id"].endswith("-answer"):
            cell["source"] = NOTEBOOK[name]
    (folder / "1-neuron (1).ipynb").write_text(json.dumps(notebook))
    return folder


@pytest.fixture(scope="module")
def journey(folder, tmp_path_factory):
    """``journey(code, platform, missing, forbidden)``: what a Python prints that lacks this."""

    def run(code, platform="linux", missing=(), forbidden=False, **environment):
        place = tmp_path_factory.mktemp("machine")
        wrapper, prelude = place / "python", place / "prelude.py"
        prelude.write_text(TAKE_AWAY.format(missing=list(missing), platform=platform, wrapper=str(wrapper)))
        wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -I -c "$(cat {prelude})\n$3" "$4"\n')
        wrapper.chmod(0o755)
        guarded = "if __name__ == '__main__':\n" + textwrap.indent(textwrap.dedent(code), "    ")
        (place / "run.py").write_text(f"exec(open({str(prelude)!r}).read(), {{}})\n{guarded}")
        command = [sys.executable, str(place / "run.py")]
        if forbidden:
            forbid = ["unshare", "-Ur", "sh", "-c", FORBID, "sh"]
            if not subprocess.run([*forbid, "true"], capture_output=True).returncode:
                command = [*forbid, *command]
        kept = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
        done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, timeout=400)
        said = done.stdout.decode(kept["PYTHONIOENCODING"])
        assert done.returncode == 0, said + done.stderr.decode(errors="replace")
        return said

    return run


CHECK = "from autograder.cli import main\nmain(['check'])"
PROGRESS = "from autograder.cli import main\nmain(['progress'])"
IN_NOTEBOOK = f"""
import time
import autograder
for source in {list(NOTEBOOK.values())!r}:
    exec(source, globals())
for question in {list(NOTEBOOK)!r}:
    began = time.monotonic()
    print(question, autograder.check(question).result.outcome, time.monotonic() - began < 40)
"""
GRADE = """
from autograder.cli import main
main(['grade', '1-neuron (1).ipynb', '--assignment', '1-neuron', '--jsonl', '-'])
"""
#: A machine: what it calls itself, what is missing, and whether the kernel refuses namespaces.
ROWS = {
    "Linux": ("linux", (), False),
    "container": ("linux", (), True),
    "no alarm": ("linux", ["signal.setitimer"], False),
    "no memfd": ("linux", ["os.memfd_create"], False),
    "macOS": ("darwin", MACOS, True),
    "Windows": ("win32", WINDOWS, True),
}
ALL = "MACHINES" in os.environ
OUTCOMES = {"weighted_sum": "passed", "sigmoid": "failed", "hypothesis": "timeout", "predict": "timeout"}


def verdicts(said):
    """Of what `check` prints, the status of each question."""
    signs = {"✓": "passed", "✗": "failed", "∞": "timeout", "◐": "partial", "!": "error"}
    return {name: signs[sign] for name, sign in re.findall(r"^(\w+) +([✓✗∞◐!]) ", said, re.MULTILINE)}


def test_where_everything_is_missing_scores_are_the_same(journey):
    said = journey(CHECK, *ROWS["Windows"])
    assert verdicts(said) == OUTCOMES


def test_in_a_notebook_a_sleeping_answer_is_stopped_where_there_is_no_alarm(journey):
    said = journey(IN_NOTEBOOK, *ROWS["Windows"])
    assert said.splitlines() == [f"{name} {outcome} True" for name, outcome in OUTCOMES.items()]


def test_console_that_has_no_such_signs_shows_others(journey):
    """Windows, where what is printed goes into a file or a pipe."""
    solution = COURSE.find_lesson("1-neuron").notebook(COURSE.solutions)
    said = journey(f"from autograder.cli import main\nmain(['check', {str(solution)!r}])", PYTHONIOENCODING="cp1252")
    assert re.search(r"^weighted_sum +\+ Correct", said, re.MULTILINE)
    assert "----" in said
    assert "?" not in said


@pytest.mark.skipif(not ALL, reason="every row: make machines")
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("way", ["check", "progress", "grade", "notebook"])
def test_every_row(journey, row, way):
    code = {"check": CHECK, "progress": PROGRESS, "grade": GRADE, "notebook": IN_NOTEBOOK}[way]
    said = journey(code, *ROWS[row])
    if way == "check":
        assert verdicts(said) == OUTCOMES
    elif way == "notebook":
        assert said.splitlines() == [f"{name} {outcome} True" for name, outcome in OUTCOMES.items()]
    elif way == "grade":
        result = json.loads(said.splitlines()[-1])
        assert {one["name"]: one["outcome"] for one in result["questions"]} == OUTCOMES
    else:
        assert COURSE.lessons[1].name in said
