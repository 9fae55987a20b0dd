"""Grading on a dask cluster: a real scheduler and real workers, started as docs/cluster.md says, encrypted."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dask
import pytest
from distributed import Client

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.grading.cluster import engine
from autograder.grading.cluster.notebooks import grade_submissions_on_cluster
from autograder.grading.submissions import Submission
from autograder.instructor.build import release_lessons

BIN = Path(sys.executable).parent
NEURON = COURSE.find_lesson("1-neuron")
DOCS = (COURSE.home / "docs" / "cluster.md").read_text()

#: What grader processes do in some of the tests, in a module that the workers can import.
ODD_JOBS = """
import os, signal

def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])

def make(grader):
    def do(task):
        if task == b"end the grader":
            os._exit(3)
        if task == b"end the worker":
            os.kill(os.getppid(), signal.SIGKILL)
        return task.upper()
    return do
"""


def commands(heading):
    """The commands below a heading of docs/cluster.md."""
    section = DOCS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.search(r"```\n(.*?)```", section, re.DOTALL)[1]


def script(path, text):
    path.write_text(text)
    path.chmod(0o755)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextlib.contextmanager
def running(text, folder, env):
    """Run a shell script; end it and all that it started."""
    with open(folder / "log", "a") as log:
        shell = subprocess.Popen(
            ["bash", "-c", text + "\nwait"], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield shell
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(shell.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    shell.wait(10)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a certificate and dask's settings, where `ssh` stands for running a command at home."""
    place = tmp_path_factory.mktemp("cluster")
    subprocess.run(["bash", "-ec", commands("Encryption")], cwd=place, check=True, capture_output=True)
    (place / "odd_jobs.py").write_text(ODD_JOBS)
    shims = place / "shims"
    shims.mkdir()
    script(shims / "ssh", '#!/bin/sh\nmkdir -p "$1"; cd "$1"; shift; exec "$@"\n')
    script(shims / "srun", '#!/bin/sh\nexec "$@"\n')
    return place


@pytest.fixture(scope="module")
def env(place):
    """The environment of scheduler, workers and client."""
    return {
        **os.environ,
        "PATH": f"{place / 'shims'}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(place),
        "DASK_CONFIG": str(place / "tls.yaml"),
        "DASK_DISTRIBUTED__DASHBOARD__LINK": "",
        # The strictest: whatever was with a worker that ended counts as failed.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }


@pytest.fixture(scope="module")
def address(place, env):
    """A cluster of three workers on three machines, which are folders here. The third has another solution."""
    lines = commands("SSH").splitlines()[:-1]
    port = free_port()
    text = "\n".join(lines).replace("10.0.0.1", "127.0.0.1").replace("8786", str(port))
    text = text.replace("--host", "--protocol tls --no-dashboard --host").replace("tcp://", "tls://")
    text = text.replace("course/.venv/bin/", f"{BIN}/").replace("--nthreads", "--no-dashboard --nthreads")
    for host in ("grader1", "grader2", "grader3"):
        shutil.copytree(COURSE.home / "solutions" / NEURON.name, place / host / "mine" / NEURON.name)
    other = NEURON.notebook(place / "grader3" / "mine")
    other.write_text(other.read_text().replace("torch.exp(-z)", "torch.exp(0 - z)"))
    with running(text, place, env):
        yield f"tls://127.0.0.1:{port}"


@pytest.fixture
def settings(place):
    """dask's settings in this process, as tls.yaml has them."""
    cert, key = str(place / "cert.pem"), str(place / "key.pem")
    tls = {"ca-file": cert, "client.cert": cert, "client.key": key}
    with dask.config.set({f"distributed.comm.tls.{name}": path for name, path in tls.items()}):
        yield


@pytest.fixture(autouse=True)
def plain_files(monkeypatch):
    """dask's client leaves sockets to the garbage collector."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)


@pytest.fixture
def shouting(place, address, settings, monkeypatch):
    """``shouting(tasks, …)`` does odd jobs on the cluster: a task comes back in capitals, or as a sentence."""
    monkeypatch.syspath_prepend(place)
    monkeypatch.chdir(place / "grader1")

    def run(tasks, where=address, **others):
        import odd_jobs

        journey = engine.Journey(bytes, odd_jobs.make, lambda task, came: (task, came.decode()))
        course = COURSE.with_solutions(Path("mine"))
        run_tasks = engine.run_tasks_on_cluster
        return list(run_tasks(tasks, journey, lambda task, why: (task, why), course, address=where, **others))

    return run


def test_everyone_is_graded_once_although_a_worker_is_killed(soak, address, settings, tmp_path):
    linked = tmp_path / "linked.ipynb"
    linked.symlink_to(NEURON.notebook(COURSE.home / "solutions"))
    handed_in = [
        *(Submission(f"right-{n}", NEURON.name, NEURON.notebook(COURSE.home / "solutions")) for n in range(20)),
        *(Submission(f"untouched-{n}", NEURON.name, NEURON.notebook(COURSE.home / "assignments")) for n in range(9)),
        Submission("link", NEURON.name, linked),
    ]
    results = []
    for result in grade_submissions_on_cluster(handed_in, COURSE, address=address):
        results.append(result)
        if len(results) == 1:
            with Client(address, set_as_default=False) as client:
                victim = next(iter(client.run(os.getpid).values()))
            os.kill(victim, signal.SIGKILL)
    assert Counter(one.student for one in results) == Counter(one.student for one in handed_in)
    assert {one.student: one.score for one in results} == {
        one.student: 12 if one.student.startswith("right") else 0 for one in handed_in
    }
    assert {one.student: one.problem for one in results if one.problem} == {
        "link": "linked.ipynb is a link. Hand in the notebook itself."
    }


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory, place):
    """A course's folder with a late submission, files beside the notebooks, and one that is no notebook."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE.home / "source" / NEURON.name, folder / "source" / NEURON.name)
    (folder / "source" / NEURON.name / "table.csv").write_text("the source version's")
    (folder / "nbgrader_config.py").write_text((COURSE.home / "nbgrader_config.py").read_text())
    release_lessons(COURSE, folder, f"sqlite:///{folder}/gradebook.db", (NEURON,))
    texts = {"ada": NEURON.notebook(COURSE.home / "solutions").read_text(), "eve": "{", "bob": None}
    for student, text in texts.items():
        path = folder / "submitted" / student / NEURON.name / f"{NEURON.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.symlink_to("/etc/passwd") if text is None else path.write_text(text)
    ada = folder / "submitted" / "ada" / NEURON.name
    (ada / "timestamp.txt").write_text("2030-01-02 03:04:05 UTC")
    (ada / "notes").mkdir()
    (ada / "notes" / "mine.txt").write_text("mine")
    return folder


def graded(folder, **settings):
    """Grade a class: results by student, without times, and its autograded files with their modes."""
    with ClassRun(folder, COURSE, **settings) as run:
        results = {one.student: (one.score, one.problem, one.notes) for one in run.grade()}
    files = sorted(path for path in (folder / "autograded").rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes()) for path in files}
    return results, found


def test_class_comes_out_as_it_does_here(soak, address, settings, course_folder, marks_in, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for copy in (here, there):
        shutil.copytree(course_folder, copy, symlinks=True)
    expected, files = graded(here, workers=1)
    results, made = graded(there, dask=address)
    assert results == expected
    assert results["ada"][0] == 12
    assert made == files
    assert {Path(name).name for name in made} == {"1-neuron.ipynb", "mine.txt", "table.csv", "timestamp.txt"}
    assert marks_in(there / "gradebook.db") == marks_in(here / "gradebook.db")
    # What was refused is not read again either.
    with ClassRun(there, COURSE, dask=address) as again:
        assert (again.total, again.unchanged) == (0, 1)


def test_what_ends_its_grader_or_its_worker_is_given_up_alone_and_a_different_worker_is_left_out(soak, shouting):
    tasks = [b"one", b"end the grader", b"two", b"end the worker", b"three", b"four", b"five", b"six", b"seven"]
    messages = []
    done = shouting(tasks, message=messages.append)
    came = dict(done)
    assert sorted(task for task, _ in done) == sorted(tasks)
    assert "ended unexpectedly (exit code 3)" in came.pop(b"end the grader")
    assert came.pop(b"end the worker") == "Each worker that began to grade it ended over it."
    assert came == {task: task.decode().upper() for task in came}
    assert sum("graded one at a time" in sentence for sentence in messages) == 1
    left_out = r"The worker tls://\S+ is left out: its installation differs from the one here, in 1-neuron\."
    assert sum(re.fullmatch(left_out, sentence) is not None for sentence in messages) == 1


def test_cluster_on_which_nobody_can_grade_says_why(shouting, monkeypatch):
    here = engine.installation
    monkeypatch.setattr(engine, "installation", lambda course: {**here(course), "grader": "another"})
    with pytest.raises(RuntimeError, match=r"None of the cluster's workers.*differs from the one here, in grader"):
        shouting([b"a"])


def test_nobody_without_the_key_comes_in(shouting, monkeypatch):
    monkeypatch.setattr(engine, "START_SECONDS", 3)
    with (
        dask.config.set({"distributed.comm.tls.client.cert": None, "distributed.comm.tls.client.key": None}),
        pytest.raises(RuntimeError, match="There is no dask scheduler at tls://"),
    ):
        shouting([b"a"])


@pytest.mark.parametrize("where", ["tcp://127.0.0.1:9", "nowhere.json", "moon://1"])
def test_no_scheduler_is_a_sentence(where, shouting, monkeypatch):
    monkeypatch.setattr(engine, "START_SECONDS", 0.3)
    with pytest.raises(RuntimeError, match=f"There is no dask scheduler at {where}"):
        shouting([b"a"], where)


def test_nothing_to_grade_asks_nobody():
    assert list(grade_submissions_on_cluster([], COURSE, address="tcp://nowhere:1")) == []


def test_slurm_script_grades(soak, place, env):
    """As SLURM would run it, but with one worker, on this machine."""
    folder = place / "slurm"
    (folder / "submitted" / "ada" / NEURON.name).mkdir(parents=True)
    shutil.copy(NEURON.notebook(COURSE.home / "solutions"), folder / "submitted" / "ada" / NEURON.name)
    text = commands("SLURM")
    env = {**env, "SLURM_JOB_ID": "7", "SLURM_CPUS_PER_TASK": "1"}
    done = subprocess.run(
        ["bash", "-c", text], cwd=folder, env=env, capture_output=True, text=True, start_new_session=True
    )
    assert done.returncode == 0, done.stderr
    assert '"student":"ada","assignment":"1-neuron","score":12.0' in (folder / "results.jsonl").read_text()
