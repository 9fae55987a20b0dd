"""Doors beside the grader's own: Gradescope's container, workflows on GitHub, a cluster, a notebook from somebody else.

A notebook tries all that a stranger would; what it could take is in a file whose text it prints if it gets it.
"""

import ast
import contextlib
import io
import json
import os
import pickle
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
import yaml

from autograder.course.contents import COURSE
from autograder.grading.cluster.notebooks import _pack
from autograder.grading.submissions import Submission
from autograder.instructor.exports import _results
from autograder.instructor.exports._grader import FILES
from autograder.judging.results import SubmissionResult
from autograder.notebooks.files import MAX_FILES

NEURON = COURSE.find_lesson("1-neuron")
MARK = "LOOT-8261"

#: Put first into a notebook: tries to write, to read and to reach what is named, and says what it got.
TRIES = """
import glob, os, socket
def loot(*what):
    print("LOOT-8261", *what)
for place in {writes!r}:
    try:
        with open(place, "w") as file:
            file.write("LOOT-8261")
        loot("wrote", place)
    except BaseException as error:
        pass
    try:
        os.replace(place, place + ".moved")
        loot("moved", place)
    except BaseException as error:
        pass
for place in {reads!r}:
    try:
        loot("read", place, open(place).read(20))
    except BaseException as error:
        pass
for port in {ports!r}:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_INET, kind) as made:
                made.settimeout(2)
                made.connect(("127.0.0.1", port))
                made.sendall(b"LOOT-8261")
                loot("reached", port, kind)
        except BaseException as error:
            pass
"""


def lesson_notebook(*first, tree="assignments"):
    """The bytes of a lesson's notebook with cells before its own."""
    whole = json.loads(NEURON.notebook(COURSE.home / tree).read_text())
    cells = [
        {
            "cell_type": "code",
            "id": f"first-{n}",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for n, text in enumerate(first)
    ]
    whole["cells"] = [*cells, *whole["cells"]]
    return json.dumps(whole).encode()


@pytest.fixture
def listener():
    """A port on which somebody listens, and what was heard there."""
    import socket

    heard = []
    with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        stream.bind(("127.0.0.1", 0))
        stream.listen()
        port = stream.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))
        for made in (stream, datagrams):
            made.settimeout(0.2)
        done = threading.Event()

        def listen():
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    heard.append(stream.accept())
                with contextlib.suppress(TimeoutError):
                    heard.append(datagrams.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        yield port, heard
        done.set()
        thread.join()


# --- Gradescope


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """A folder as `/autograder` is in Gradescope's container, with a submission that tries what it can."""
    root = tmp_path_factory.mktemp("autograder")
    for name in ("submission", "results", "source"):
        (root / name).mkdir()
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"email": "ada@example.org"}]}))
    results = root / "results" / "results.json"
    secret = NEURON.secret / "suite.py"
    tries = TRIES.format(
        writes=[str(results), str(results.with_suffix(".part")), str(root / "run_autograder"), str(secret)],
        reads=[str(secret), str(NEURON.notebook(COURSE.solutions)), str(root / "submission_metadata.json")],
        ports=[],
    )
    (root / "submission" / "1-neuron.ipynb").write_bytes(lesson_notebook(tries, tree="solutions"))
    for name in ("conftest.py", "pytest.ini", "sitecustomize.py", "torch.py", "results.json", "run_autograder"):
        (root / "submission" / name).write_text(f"raise SystemExit({MARK!r})\n")
    (root / "submission" / "0.ipynb").symlink_to("/dev/zero")
    os.mkfifo(root / "submission" / "1.ipynb")
    before = secret.read_bytes()
    done = subprocess.run(
        [sys.executable, "-I", "-m", "autograder.instructor.exports", COURSE.where, NEURON.name, str(root)],
        cwd=root / "submission",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert secret.read_bytes() == before
    return root, done


def test_gradescope_results_are_ours(container):
    root, _ = container
    told = json.loads((root / "results" / "results.json").read_text())
    assert sum(test["score"] for test in told["tests"]) == sum(test["max_score"] for test in told["tests"]) > 0
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]


def test_gradescope_submission_gets_nothing(container):
    root, done = container
    assert MARK not in done.stdout + done.stderr
    assert MARK not in (root / "results" / "results.json").read_text()
    assert not (root / "run_autograder").exists()


def test_gradescope_students_read_nothing_of_hidden_tests(container):
    """Neither in what is shown nor in what Gradescope keeps beside it."""
    root, _ = container
    told = (root / "results" / "results.json").read_text()
    hidden = ast.parse((NEURON.secret / "suite.py").read_text())
    titles = [ast.get_docstring(node) for node in ast.walk(hidden) if isinstance(node, ast.FunctionDef)]
    assert len(list(filter(None, titles))) > 2
    assert not [title for title in titles if title and title in told]


def test_gradescope_looks_at_so_many_files_and_no_more(tmp_path):
    deep = tmp_path
    for _ in range(40):
        deep = deep / "deeper"
        deep.mkdir()
    (deep / "1-neuron.ipynb").write_text("{}")
    for number in range(MAX_FILES + 500):
        (tmp_path / f"{number}.txt").touch()
    began = time.monotonic()
    found = _results.find(tmp_path, NEURON, COURSE)
    assert found.path is None
    assert "Hand in 1-neuron.ipynb" in found.problem
    assert time.monotonic() - began < 10


# --- GitHub


def workflow(name):
    return yaml.safe_load((FILES / name).read_text().replace("@LESSON@", NEURON.name))


def test_github_step_that_runs_students_code_has_no_token():
    """Nor is one left in the folder: what students' code could read, if it got out of the sandbox, is no key."""
    (job,) = workflow("grade.yml")["jobs"].values()
    steps = {step.get("name", step.get("uses")): step for step in job["steps"]}
    assert "GH_TOKEN" not in json.dumps([steps["Grade"], job.get("env", {}), workflow("grade.yml")["env"]])
    assert steps["actions/checkout@v4"]["with"] == {"persist-credentials": False}
    assert workflow("grade.yml")["permissions"] == {"contents": "read"}


def test_github_runs_no_command_that_a_student_has_printed():
    """Actions takes a line that begins with two colons for a command, whoever has printed it."""
    (job,) = workflow("grade.yml")["jobs"].values()
    script = next(step["run"] for step in job["steps"] if step.get("name") == "Grade")
    stop, grade, go_on = (script.index(words) for words in ("::stop-commands::", "-m autograder grade", 'echo "::$'))
    assert stop < grade < go_on


def test_github_students_file_is_all_that_is_fetched(tmp_path, monkeypatch):
    """Of a student's repository only the notebook: what else is in it, workflow, tests and wheel, is never here."""
    asked = []

    def gh(command, **_):
        asked.append(command[1:])
        path = command[-1]
        if command[1:3] == ["repo", "list"]:
            names = ["1-neuron-ada", "1-neuron-", "1-neuron-..", "elsewhere"]
            out = json.dumps([{"name": name} for name in names])
        elif ".sha" in path or "commits" in " ".join(command):
            out = "0" * 40
        else:
            out = json.dumps([{"type": "dir", "name": "1-neuron.ipynb"}])  # a folder of that name
        return subprocess.CompletedProcess(command, 0, out.encode(), b"")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OWNER", "school")
    monkeypatch.setenv("PREFIX", "1-neuron-")
    monkeypatch.setattr(subprocess, "run", gh)
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(FILES / "students.py"))["collect"]("1-neuron")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["commits.json", "submitted/ada/1-neuron/1-neuron.ipynb"]
    contents = [command[-1] for command in asked if "contents" in command[-1]]
    assert contents == [f"repos/school/1-neuron-ada/contents/1-neuron.ipynb?ref={'0' * 40}"]


def test_github_page_of_the_run_shows_problems_as_text(tmp_path, monkeypatch):
    problem = "x | <img src=x> [CLICK](javascript:1)\n::add-mask::1"
    results = tmp_path / "results.jsonl"
    line = {"student": "a|b", "problem": problem, "score": 0, "max_score": 1}
    results.write_text(json.dumps(line))
    (tmp_path / "commits.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    runpy.run_path(str(FILES / "students.py"))["tell"](str(results))
    rows = (tmp_path / "page.md").read_text().splitlines()
    assert len(rows) == 3
    assert not set("<[]>") & set(rows[-1])
    assert len(re.findall(r"(?<!\\)\|", rows[-1])) == 3


# --- a cluster


class Evil:
    """Whoever unpickles it makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_cluster_unpickles_nothing_of_a_students(tmp_path):
    """A notebook travels as bytes in a record, whose reader knows texts and bytes alone."""
    evil = pickle.dumps(Evil(tmp_path / "was-here"))
    path = tmp_path / "1-neuron.ipynb"
    path.write_bytes(evil)
    packed = _pack(Submission("ada", NEURON.name, path))
    assert isinstance(packed, bytes)
    assert msgspec.msgpack.decode(packed)[4] == evil
    for raw in (evil, packed[:-1], b"\x80\x04."):
        with pytest.raises(msgspec.MsgspecError):
            msgspec.json.decode(raw, type=SubmissionResult)
    assert not (tmp_path / "was-here").exists()


def test_students_code_reaches_no_scheduler(listener, checked, tmp_path):
    """Whoever reaches a scheduler can run programs on all machines of a cluster."""
    port, heard = listener
    notebook = tmp_path / "1-neuron.ipynb"
    notebook.write_bytes(lesson_notebook(TRIES.format(writes=[], reads=[], ports=[port])))
    assert MARK not in checked(notebook)
    assert heard == []


# --- a notebook from somebody else


@pytest.fixture
def checked(command):
    """``checked(notebook, HOME=…)``: what ``autograder check`` prints."""

    def run(notebook, **variables):
        done = command("autograder", "check", notebook, cwd=notebook.parent, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


def test_somebody_elses_notebook_gets_nothing_of_mine(listener, checked, tmp_path):
    """`check` runs its cells with the layers that grading has."""
    port, heard = listener
    home, work = tmp_path / "home", tmp_path / "work"
    (home / ".ssh").mkdir(parents=True)
    work.mkdir()
    (home / ".ssh" / "id_ed25519").write_text("PRIVATE KEY")
    tries = TRIES.format(
        writes=[str(home / ".bashrc"), str(work / "sitecustomize.py"), str(work / "1-neuron.ipynb")],
        reads=[str(home / ".ssh" / "id_ed25519"), str(work / "mine.txt"), "/etc/shadow"],
        ports=[port],
    )
    # What it got it cannot say by printing alone, since `check` shows no prints: it makes its answer fail by it.
    tries = tries.replace('print("LOOT-8261", *what)', "got.append(what)").replace("def loot", "got = []\ndef loot")
    (work / "mine.txt").write_text("MINE")
    notebook = work / "1-neuron.ipynb"
    notebook.write_bytes(lesson_notebook(tries + "\nif got:\n    raise Exception('LOOT-8261 ' + repr(got))"))
    said = checked(notebook, HOME=str(home))
    assert MARK not in said
    assert heard == []
    assert sorted(path.name for path in work.iterdir()) == ["1-neuron.ipynb", "mine.txt"]
    assert not (home / ".bashrc").exists()


#: What a hostile notebook does to whoever watches it, beside looking around: each is saved in turn.
WATCHED = {
    "saves itself": """
import os
for _ in range(50):
    try:
        os.utime("1-neuron.ipynb")
        open("1-neuron.ipynb", "w").write("{}")
    except OSError:
        pass
""",
    "loops and holds on": """
import signal
for one in range(1, 32):
    try:
        signal.signal(one, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    "leaves a process": """
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        time.sleep(1)
""",
    "takes all memory": "kept = []\nwhile True:\n    kept.append(bytearray(2**26))",
    "ends its watcher": """
import os, signal
for one in (os.getppid(), *range(2, 40), -1):
    try:
        os.kill(one, signal.SIGKILL)
    except OSError:
        pass
""",
    "steers the terminal": "import sys\nsys.stderr.write('\\x1b]52;c;aGVsbG8=\\x07')\nprint('\\x1b[2J\\x9b31m')",
}


def test_somebody_elses_notebook_gets_nothing_while_i_watch(soak, listener, tmp_path):
    """`check --watch`: whatever is saved, what was mine stays mine, and the next save is checked."""
    port, heard = listener
    home, work = tmp_path / "home", tmp_path / "work"
    (home / ".ssh").mkdir(parents=True)
    work.mkdir()
    (home / ".ssh" / "id_ed25519").write_text("PRIVATE KEY")
    (work / "mine.txt").write_text("MINE")
    notebook = work / "1-neuron.ipynb"
    tries = TRIES.format(
        writes=[str(home / ".bashrc"), str(work / "sitecustomize.py")],
        reads=[str(home / ".ssh" / "id_ed25519"), str(work / "mine.txt")],
        ports=[port],
    )
    alone = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True, timeout=60, cwd=work)
    assert alone.stdout.count(MARK) >= 4, "where nothing is between them, the attempts succeed"
    assert heard
    while heard:
        with contextlib.suppress(AttributeError):
            heard.pop()[0].close()
    for made in (*work.glob("sitecustomize*"), *home.glob(".bashrc*")):
        made.unlink()
    hostile = {"looks around": tries.replace('print("LOOT-8261", *what)', "got.append(what)").replace(
        "def loot", "got = []\ndef loot"
    ) + "\nif got:\n    raise Exception('LOOT-8261 ' + repr(got))", **WATCHED}  # fmt: skip
    solved = lesson_notebook(tree="solutions")
    notebook.write_bytes(solved)
    said = []
    child = subprocess.Popen(
        [sys.executable, "-m", "autograder", "check", "--watch", str(notebook)],
        cwd=work,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HOME": str(home)},
    )

    def verdict():
        said.append(child.stdout.readline().decode())
        return said[-1]

    try:
        right = verdict().partition(": ")[2]
        assert right.count("✓") == 4
        for name, attack in hostile.items():
            notebook.write_bytes(lesson_notebook(attack, tree="solutions"))
            assert "1-neuron.ipynb" in verdict(), name
            assert notebook.read_bytes() == lesson_notebook(attack, tree="solutions"), name
        notebook.unlink()
        notebook.symlink_to(home / ".ssh" / "id_ed25519")
        assert "is a link" in verdict()
        notebook.unlink()
        os.mkfifo(notebook)
        assert "is not a file" in verdict()
        notebook.unlink()
        notebook.write_bytes(solved)
        assert verdict().endswith(right)
        assert child.poll() is None
    finally:
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 0
        rest = child.stdout.read().decode()
        child.stdout.close()
    whole = "".join(said) + rest
    assert MARK not in whole
    assert "PRIVATE" not in whole
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", whole), whole
    assert heard == []
    assert sorted(path.name for path in work.iterdir()) == ["1-neuron.ipynb", "mine.txt"]
    assert sorted(path.name for path in home.iterdir() if path.name.startswith(".b")) == []


ESCAPES = (
    "def sigmoid(z):\n    raise type('\\x1b]0;owned\\x07\\x1b[2J', (Exception,), {})('\\x1b[31m\\x1b]8;;http://x\\x07')",
    "import sys\nsys.stderr.write('\\x1b]52;c;aGVsbG8=\\x07')\nprint('\\x1b[2J\\x9b31m')",
)


@pytest.mark.parametrize("name", ["1-neuron.ipynb", "\x1b]0;owned\x07\n1-neuron.ipynb"])
def test_somebody_elses_notebook_does_not_steer_my_terminal(checked, tmp_path, name):
    notebook = tmp_path / name
    notebook.write_bytes(lesson_notebook(*ESCAPES))
    said = checked(notebook)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said), said


@pytest.mark.parametrize("verb", ["check", "grade", "progress"])
def test_names_in_an_error_do_not_steer_my_terminal(tmp_path, command, verb):
    place = tmp_path / "\x1b]0;owned\x07\x1b[2J"
    place.mkdir()
    notebook = place / "\x1b]0;owned\x07.ipynb"
    notebook.write_text("{}")
    which = place if verb == "progress" else notebook
    done = command("autograder", verb, which)
    assert done.returncode
    said = done.stdout + done.stderr
    assert "owned" in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said), said
