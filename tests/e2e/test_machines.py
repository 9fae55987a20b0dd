"""A student's way where something is missing: as on Windows and macOS, in a container, on a hub.

Each facility is taken away in a real run, or refused by the kernel; scores must be those of a machine that has all of
them. `make test` runs the row where everything is missing; ``MACHINES=all`` (`make machines`) runs every row.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

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

#: Runs a command to which the kernel answers certain system calls, given by number, as one that does not know them;
#: "seccomp" stands for both of its ways in.
REFUSE = """
import ctypes, os, platform, struct, sys
wanted, command = sys.argv[1].split(","), sys.argv[2:]
unknown = 0x00050000 | 38
prctl, seccomp = {"x86_64": (157, 317), "aarch64": (167, 277)}[platform.machine()]
def step(code, yes=0, no=0, number=0):
    return struct.pack("HBBI", code, yes, no, number)
program = [step(0x20, number=0)]
for one in wanted:
    program += [step(0x15, 0, 1, seccomp if one == "seccomp" else int(one)), step(0x06, number=unknown)]
if "seccomp" in wanted:
    program += [step(0x15, 0, 3, prctl), step(0x20, number=16), step(0x15, 0, 1, 22), step(0x06, number=unknown)]
program.append(step(0x06, number=0x7FFF0000))
raw = ctypes.create_string_buffer(b"".join(program))
libc = ctypes.CDLL(None)
header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(raw)))
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, header) == 0
os.execvp(command[0], command)
"""
#: What a kernel refuses that has not got a layer: calls by number, the same on all processors unless it says otherwise.
LANDLOCK = ("444", "445", "446")
SECCOMP = ("seccomp",)
UNSHARE = ({"x86_64": "272", "aarch64": "97"}.get(platform.machine(), "272"),)


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
    "predict_examples": "import time\ndef predict_examples():\n    time.sleep(1000)",
    "careful_neuron": "def careful_neuron():\n    while True:\n        pass",
}


@pytest.fixture(scope="module")
def open_to_all():
    """A folder for whoever is asked to run something. pytest's own are closed again whenever another pytest starts."""
    with tempfile.TemporaryDirectory(prefix="machines-") as place:
        os.chmod(place, 0o755)
        yield Path(place)


@pytest.fixture(scope="module")
def folder(open_to_all):
    """A student's folder: one answer right, one wrong, one asleep, one looping."""
    folder = open_to_all / "Übung für Zoë (1)"
    folder.mkdir(mode=0o755)
    notebook = json.loads(COURSE.find_lesson("1-neuron").notebook(COURSE.home / "assignments").read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if name in NOTEBOOK and cell["id"].endswith("-answer"):
            cell["source"] = NOTEBOOK[name]
    (folder / "1-neuron (1).ipynb").write_text(json.dumps(notebook))
    return folder


@pytest.fixture(scope="module")
def journey(folder, open_to_all, as_user):
    """``journey(code, platform, missing, forbidden, refused)``: what a Python prints that lacks this."""

    def run(code, platform="linux", missing=(), forbidden=False, refused=(), user=None, **environment):
        place = Path(tempfile.mkdtemp(dir=open_to_all))
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
        if refused:
            (place / "refuse.py").write_text(REFUSE)
            command = [sys.executable, str(place / "refuse.py"), ",".join(refused), *command]
        if user is not None:
            place.chmod(0o755)
            environment["HOME"] = "/nonexistent"
            command = [*as_user(user), *command]
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
    print(question, autograder.check(question).result.outcome, time.monotonic() - began < 100)
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
    "no Landlock": ("linux", (), False, LANDLOCK),
    "no seccomp": ("linux", (), False, SECCOMP),
    "unshare refused": ("linux", (), False, UNSHARE),
    "namespaces alone": ("linux", (), False, (*LANDLOCK, *SECCOMP)),
    "Landlock alone": ("linux", (), False, (*UNSHARE, *SECCOMP)),
    "seccomp alone": ("linux", (), False, (*UNSHARE, *LANDLOCK)),
    "nothing": ("linux", (), False, (*UNSHARE, *LANDLOCK, *SECCOMP)),
    "macOS": ("darwin", MACOS, True),
    "macOS, nothing": ("darwin", MACOS, False, (*UNSHARE, *LANDLOCK, *SECCOMP)),
    "Windows": ("win32", WINDOWS, True),
}
ALL = "MACHINES" in os.environ
OUTCOMES = {"weighted_sum": "passed", "sigmoid": "failed", "predict_examples": "timeout", "careful_neuron": "timeout"}


SIGNS = {"✓": "passed", "✗": "failed", "∞": "timeout", "◐": "partial", "!": "error"}


def verdicts(said):
    """Of what `check` prints, the status of each question."""
    return {name: SIGNS[sign] for name, sign in re.findall(r"^(\w+) +([✓✗∞◐!]) ", said, re.MULTILINE)}


def test_where_everything_is_missing_scores_are_the_same(journey):
    said = journey(CHECK, *ROWS["Windows"])
    assert verdicts(said) == OUTCOMES


def test_where_the_kernel_has_no_layer_scores_are_the_same_and_no_lecture_is_given(soak, journey):
    """Forked, as on Linux, on a kernel that knows none of the layers."""
    said = journey(CHECK, *ROWS["nothing"])
    assert verdicts(said) == OUTCOMES
    assert not re.search("namespace|seccomp|landlock|sandbox|layer", said, re.IGNORECASE), said


def test_in_a_notebook_a_sleeping_answer_is_stopped_where_there_is_no_alarm(soak, journey):
    said = journey(IN_NOTEBOOK, *ROWS["Windows"])
    assert said.splitlines() == [f"{name} {outcome} True" for name, outcome in OUTCOMES.items()]


def test_console_that_has_no_such_signs_shows_others(journey):
    """Windows, where what is printed goes into a file or a pipe."""
    solution = COURSE.find_lesson("1-neuron").notebook(COURSE.solutions)
    said = journey(f"from autograder.cli import main\nmain(['check', {str(solution)!r}])", PYTHONIOENCODING="cp1252")
    assert re.search(r"^weighted_sum +\+ Correct", said, re.MULTILINE)
    assert "----" in said
    assert "?" not in said


#: A student's folder as it is in life: what is done to it, as a shell has it.
FOLDERS = {
    "read-only": 'mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && ! touch x 2>/dev/null',
    "own modules": "touch random.py numpy.py torch.py pytest.py conftest.py sitecustomize.py",
    "somebody else's PYTHONPATH": "mkdir -p lib/numpy && touch lib/numpy/__init__.py lib/msgspec.py",
    "left by a synchroniser": "touch '.~1-neuron (1).ipynb' '1-neuron (1) (conflicted copy).ipynb.part'"
    " && mkdir .ipynb_checkpoints && echo '{' > '.ipynb_checkpoints/1-neuron (1)-checkpoint.ipynb'",
    "a link to where it lies": "mv '1-neuron (1).ipynb' ../kept.ipynb && ln -s ../kept.ipynb '1-neuron (1).ipynb'",
}


@pytest.mark.skipif(not ALL, reason="every row: make machines")
@pytest.mark.parametrize("name", FOLDERS)
def test_every_folder(folder, tmp_path, name):
    """`autograder check`, the command, gives the same verdicts there."""
    mine = tmp_path / "Übung für Zoë (1)"
    shutil.copytree(folder, mine)
    command = [*("unshare", "-Ur", "--mount", "sh", "-c"), f'{FOLDERS[name]} && exec "$@"', "sh"]
    autograder = os.path.join(os.path.dirname(sys.executable), "autograder")
    kept = os.environ | ({"PYTHONPATH": str(mine / "lib")} if "PYTHONPATH" in name else {})
    done = subprocess.run([*command, autograder, "check"], cwd=mine, env=kept, capture_output=True, timeout=400)
    said = done.stdout.decode() + done.stderr.decode()
    if "PYTHONPATH" in name:  # what Python is told to load comes first, whoever has told it
        assert done.returncode == 1
        assert "PYTHONPATH" in said
        assert "Traceback" not in said
    else:
        assert done.returncode == 0, said
        assert verdicts(said) == OUTCOMES


@pytest.fixture(scope="module")
def classroom(folder, tmp_path_factory):
    """A class of one, whose notebook is the student's."""
    from autograder.instructor.build import release_lessons

    lesson = COURSE.find_lesson("1-neuron")
    course = tmp_path_factory.mktemp("class") / "course"
    shutil.copytree(COURSE.home / "source" / lesson.name, course / "source" / lesson.name)
    shutil.copy(COURSE.home / "nbgrader_config.py", course)
    release_lessons(COURSE, course, f"sqlite:///{course}/gradebook.db", (lesson,))
    handed_in = course / "submitted" / "ada" / lesson.name
    handed_in.mkdir(parents=True)
    shutil.copy(folder / "1-neuron (1).ipynb", handed_in / "1-neuron.ipynb")
    return course


#: nbgrader's own command, with the plug-in; then what stands in the gradebook.
PLUGIN = """
import contextlib, os
os.chdir({course!r})
from nbgrader.apps import NbGraderApp
with contextlib.suppress(SystemExit):
    NbGraderApp.launch_instance(["autograde", "1-neuron", "--force"])
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "neurons-to-network") as gradebook:
    (one,) = gradebook.assignment_submissions("1-neuron")
    print(sorted((grade.name, grade.auto_score) for book in one.notebooks for grade in book.grades))
"""
#: A check, and Ctrl-C once it is done; whoever has started the tests in the background has had it ignored.
WATCH = """
import os, signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
write = sys.stdout.write
def written(text):
    if " of " in text and "points" in text:
        threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    return write(text)
sys.stdout.write = written
from autograder.cli import main
main(['check', '--watch'])
"""
WAYS = {"check": CHECK, "progress": PROGRESS, "grade": GRADE, "notebook": IN_NOTEBOOK, "watch": WATCH}


def assert_same(way, said):
    if way == "check":
        assert verdicts(said) == OUTCOMES
    elif way == "watch":
        assert {name: SIGNS[sign] for sign, name in re.findall(r" ([✓✗∞◐!]) (\w+)", said)} == OUTCOMES
    elif way == "notebook":
        assert said.splitlines() == [f"{name} {outcome} True" for name, outcome in OUTCOMES.items()]
    elif way == "grade":
        result = json.loads(said.splitlines()[-1])
        assert {one["name"]: one["outcome"] for one in result["questions"]} == OUTCOMES
    else:
        assert COURSE.lessons[1].name in said


@pytest.mark.skipif(not ALL, reason="every row: make machines")
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("way", WAYS)
def test_every_row(journey, row, way):
    assert_same(way, journey(WAYS[way], *ROWS[row]))


@pytest.mark.skipif(not ALL or os.geteuid() != 0, reason="every row, by root: make machines")
@pytest.mark.parametrize("row", ["Linux", "container", "no Landlock", "no seccomp", "nothing", "macOS, nothing"])
@pytest.mark.parametrize("way", ["check", "grade"])
def test_every_row_as_an_ordinary_user(journey, row, way):
    assert_same(way, journey(WAYS[way], *ROWS[row], *((),) * (4 - len(ROWS[row])), user=1000))


@pytest.mark.skipif(not ALL, reason="every row: make machines")
@pytest.mark.parametrize("row", [name for name, row in ROWS.items() if row[0] == "linux" and not row[1]])
def test_every_row_with_the_plug_in(journey, classroom, row):
    """The scores are those of a machine that has all of its layers."""
    code = PLUGIN.format(course=str(classroom))
    assert journey(code, *ROWS[row]).splitlines()[-1] == journey(code, *ROWS["Linux"]).splitlines()[-1]
