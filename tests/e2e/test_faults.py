"""Faults of the machine while a class is graded: a sentence, nothing lost, nothing graded twice.

Each fault is a real one: a disk that is full, a folder that may not be written, a gradebook that is held, a clock that
jumps, sixteen open files. When it is gone the same command ends what it had begun. Each costs two graders at least:
`make test` has runs that end at once, half way and when all but the marks is done; `make soak` has all.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUDENTS = [f"student-{number:02}" for number in range(12)]
#: A picture in each notebook: twelve autograded copies take three megabytes.
PICTURE = "iVBORw0KGgo" + "A" * 250_000

linux = pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk of its own")


@pytest.fixture(scope="module")
def class_of_twelve(tmp_path_factory, notebook, code_cell):
    """A course with one small assignment, which everybody has right."""
    from nbformat import from_dict
    from nbgrader.api import Gradebook
    from nbgrader.utils import compute_checksum

    course = tmp_path_factory.mktemp("handed-in") / "course"
    test = code_cell("assert x == 1", grade_id="test", grade=True, locked=True, points=3)
    (course / "source" / "ps1").mkdir(parents=True)
    (course / "source" / "ps1" / "ps1.ipynb").write_bytes(notebook(test))
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        gradebook.add_grade_cell("test", "ps1", "ps1", max_score=3.0, cell_type="code")
        cell = from_dict(test)
        gradebook.add_source_cell(
            *("test", "ps1", "ps1"),
            source=cell.source, checksum=compute_checksum(cell), cell_type="code", locked=True,
        )  # fmt: skip
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PICTURE}}
    picture = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "![](attachment:a.png)",
        "attachments": {"a.png": {"image/png": shown["data"]["image/png"]}},
    }
    for student in STUDENTS:
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        whole = json.loads(notebook(code_cell("x = 1"), picture, test))
        for number, one in enumerate(whole["cells"]):
            one["id"] = f"cell-{number}"
        (folder / "ps1.ipynb").write_text(json.dumps(whole))
    return course


@pytest.fixture
def course(class_of_twelve, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(class_of_twelve, tmp_path / "course"))


def grade(course, before=""):
    """``autograder grade`` as a shell has it, after whatever the machine is to be like."""
    return f'{before}"{sys.executable}" -m autograder grade "{course}" --workers 1'


def run(script, **variables):
    done = subprocess.run(
        ["sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", **variables},
    )
    return done.returncode, f"{done.stdout}\n{done.stderr}"


def on_a_disk_of_its_own(course, size, *steps):
    """Lay the course on a new disk of so many megabytes, do the steps there, and bring it back.

    Returns:
        exit code and output of each step.
    """
    disk = course.with_name("disk")
    disk.mkdir()
    for number, step in enumerate(steps):
        (course.parent / f"step-{number}.sh").write_text(f"{step.replace('COURSE', str(disk / 'course'))}\n")
    script = f"""
    mount -t tmpfs -o size={size}m none "{disk}" && cp -a "{course}" "{disk}/course" || exit 99
    cd "{course.parent}"
    for step in step-*.sh; do sh $step > $step.out 2>&1; echo $? > $step.code; done
    mount -o remount,rw,size=200m "{disk}" && rm -rf "{course}" && cp -a "{disk}/course" "{course}"
    """
    how = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    done = subprocess.run([*how, "sh", "-c", script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    outputs = sorted(course.parent.glob("step-*.out"))
    return [(int(Path(f"{str(path)[:-4]}.code").read_text()), path.read_text()) for path in outputs]


def assert_everybody_is_graded(course):
    """Everybody has the points, once; autograded copies are whole; no half-made thing is left."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions("ps1")}
    assert scores == dict.fromkeys(STUDENTS, 3.0)
    for student in STUDENTS:
        cells = json.loads((course / "autograded" / student / "ps1" / "ps1.ipynb").read_text())["cells"]
        assert len(cells) == 3
    assert not list((course / ".autograder").glob("staging/*"))


def graded_now(output):
    """How many this run says it has graded, and how many it found graded before."""
    graded = re.search(r"(\d+) graded", output)
    unchanged = re.search(r"(\d+) unchanged", output)
    return int(graded[1]), int(unchanged[1]) if unchanged else 0


def stored(course):
    """How many results are safe."""
    path = course / ".autograder" / "results.db"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as db:
        return db.execute("SELECT count(*) FROM results").fetchone()[0]


def assert_a_sentence(output, *words):
    assert "Traceback" not in output, output
    assert "mistake in autograder" not in output, output
    for word in words:
        assert word in output, output


@linux
def test_full_disk(course):
    """The disk takes some of the autograded copies and then no more. With room the run goes on from there."""
    used = sum(path.stat().st_size for path in course.rglob("*") if path.is_file()) // 2**20
    count = "sqlite3.connect('COURSE/.autograder/results.db').execute('SELECT count(*) FROM results').fetchone()[0]"
    look = f"import sqlite3; print({count})"
    (code, said), (_, safe), (again, whole) = on_a_disk_of_its_own(
        course,
        used + 3,
        grade("COURSE"),
        f'"{sys.executable}" -c "{look}"',
        f'mount -o remount,size=200m "{course.with_name("disk")}" && {grade("COURSE")}',
    )
    assert code == 1
    assert_a_sentence(said, "No space left on device", "What has been graded is kept; run this again to go on.")
    assert 0 < int(safe) < len(STUDENTS)
    assert again == 0, whole
    assert graded_now(whole) == (len(STUDENTS) - int(safe), int(safe))
    assert_everybody_is_graded(course)


@linux
def test_folder_that_may_not_be_written(soak, course):
    disk = course.with_name("disk")
    (code, said), (again, whole) = on_a_disk_of_its_own(
        course,
        100,
        f'mount -o remount,ro "{disk}" && {grade("COURSE")}',
        f'mount -o remount,rw "{disk}" && {grade("COURSE")}',
    )
    assert code == 1
    assert_a_sentence(said, "Read-only file system")
    assert again == 0, whole
    assert graded_now(whole) == (len(STUDENTS), 0)
    assert_everybody_is_graded(course)


@linux
def test_folder_from_which_nothing_may_be_started(soak, course):
    """Nothing of ours is started from the course's disk, nor from that of temporary files."""
    disk = course.with_name("disk")
    ((code, said),) = on_a_disk_of_its_own(
        course,
        100,
        f'mount -o remount,noexec "{disk}" && mkdir "{disk}/tmp" && TMPDIR="{disk}/tmp" {grade("COURSE")}',
    )
    assert code == 0, said
    assert_everybody_is_graded(course)


def test_gradebook_that_another_program_holds(soak, course):
    holder = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    code, said = run(grade(course))
    assert code == 1
    assert_a_sentence(said, "nbgrader's gradebook cannot be used: database is locked. Another program is writing")
    holder.execute("ROLLBACK")
    code, said = run(grade(course))
    assert code == 0, said
    assert_everybody_is_graded(course)


def test_gradebook_that_is_taken_half_way(course, command):
    """What was graded until then is safe, and is entered the next time without being graded again."""
    (course / "nbgrader_config.py").write_text(
        (course / "nbgrader_config.py").read_text()
        + f"""
import sqlite3
from autograder.gradebook import _rows, database
_rows._PATIENCE = 3
entered = database.GradebookWriter.enter
def enter(self, *arguments):
    if arguments[1]:
        held = sqlite3.connect({str(course / "gradebook.db")!r}, isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
        database.held = held
    return entered(self, *arguments)
database.GradebookWriter.enter = enter
"""
    )
    done = command("autograder", "grade", course, "--workers", 1)
    assert done.returncode == 1
    said = f"{done.stdout}\n{done.stderr}"
    assert_a_sentence(said, "database is locked", "What has been graded is kept; run this again to go on.")
    assert stored(course) == len(STUDENTS)
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    done = command("autograder", "grade", course, "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert graded_now(f"{done.stdout}\n{done.stderr}") == (0, len(STUDENTS))
    assert_everybody_is_graded(course)


@pytest.mark.parametrize(
    "name", ["gradebook.db", ".autograder/results.db", ".autograder/lock"], ids=["gradebook", "results", "lock"]
)
def test_database_that_is_none(soak, course, name):
    good = (course / "gradebook.db").read_bytes()
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).write_text("This was a database once. " * 100)
    code, said = run(grade(course))
    assert code == 1
    assert_a_sentence(said, "file is not a database", "gradebook" if name == "gradebook.db" else name)
    (course / name).unlink()
    (course / "gradebook.db").write_bytes(good)
    code, said = run(grade(course))
    assert code == 0, said
    assert_everybody_is_graded(course)


@pytest.mark.parametrize("most", [16, 9])
def test_few_open_files(soak, course, most):
    """Sixteen may be just enough. Where they are not, it is no fault of theirs who have handed something in."""
    code, said = run(grade(course, f"ulimit -n {most}; "))
    if code or most == 9:
        assert code == 1
        assert_a_sentence(said, "Too many open files", "ulimit -n")
        assert "could not be graded" not in said
    code, said = run(grade(course))
    assert code == 0, said
    assert_everybody_is_graded(course)


@pytest.fixture
def memory_group():
    """``memory_group(megabytes)``: what to write before a command so that all it starts shares that much memory."""
    found = [(place, limit) for place, limit in GROUPS if _can_make(Path(place), limit)]
    if not found:
        pytest.skip("this machine lets nobody make a memory group")
    place, limit = found[0]
    folder = Path(place, f"autograder-test-{os.getpid()}")
    folder.mkdir()

    def group(megabytes):
        (folder / limit).write_text(str(megabytes * 2**20))
        return f'echo $$ > "{folder}/cgroup.procs"; '

    yield group
    (folder / limit).write_text(str(2**40))
    end = time.monotonic() + 30
    while (folder / "cgroup.procs").read_text() and time.monotonic() < end:
        time.sleep(0.1)
    folder.rmdir()


#: Where memory groups are, and the file of their limit: version 2, and 1.
GROUPS = (("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"))


def _can_make(place, limit):
    trial = place / f"autograder-trial-{os.getpid()}"
    try:
        trial.mkdir()
    except OSError:
        return False
    try:
        return (trial / limit).exists()
    finally:
        trial.rmdir()


@linux
def test_memory_group_that_is_too_small(soak, course, class_of_twelve, memory_group):
    """As in a container. The kernel ends what it likes: the command itself, or a process that the command tells of."""
    told = []
    for megabytes in (580, 540, 500, 460):
        shutil.rmtree(course)
        shutil.copytree(class_of_twelve, course)
        code, said = run(memory_group(megabytes) + grade(course))
        safe = stored(course)
        assert code in (0, 1, 137), said
        if code == 1:
            assert_a_sentence(said, "There is too little memory for the process", "What has been graded is kept")
            assert "could not be graded" not in said
            told.append(megabytes)
        code, said = run(grade(course))
        assert code == 0, said
        assert graded_now(said) == (len(STUDENTS) - safe, safe)
        assert_everybody_is_graded(course)
    assert told, "the kernel has ended the command itself each time"


@linux
def test_memory_group_that_a_submission_fills(soak, course, memory_group, notebook, code_cell):
    """Whoever takes the container's memory loses the cell in which it happens; nobody else notices."""
    greedy = code_cell("kept = []\nwhile True:\n    kept.append(bytearray(2**24))")
    test = code_cell("assert x == 1", grade_id="test", grade=True, locked=True, points=3)
    for student in STUDENTS[::4]:
        path = course / "submitted" / student / "ps1" / "ps1.ipynb"
        whole = json.loads(notebook(code_cell("x = 1"), greedy, test))
        path.write_text(json.dumps(whole))
    code, said = run(memory_group(1_000) + grade(course))
    assert code == 0, said
    assert graded_now(said) == (len(STUDENTS), 0)
    assert "too little memory" not in said
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions("ps1")}
    assert scores == dict.fromkeys(STUDENTS, 3.0)


CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

/* A wall clock that jumps by up to a year, forth and back, at each look. Others are left alone. */
int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += random() % 63072000 - 31536000;
    return result;
}
time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}
"""


@linux
@pytest.mark.skipif(shutil.which("cc") is None, reason="the clock is written in C")
def test_clock_that_jumps(soak, course, tmp_path):
    (tmp_path / "clock.c").write_text(CLOCK)
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-o", tmp_path / "clock.so", tmp_path / "clock.c", "-ldl"], check=True, timeout=60
    )
    preload = {"LD_PRELOAD": str(tmp_path / "clock.so")}
    look = f'"{sys.executable}" -c "import time; print(len({{int(time.time() / 86400) for _ in range(9)}}) > 3)"'
    assert run(look, **preload)[1].split() == ["True"]
    code, said = run(grade(course), **preload)
    assert code == 0, said
    assert graded_now(said) == (len(STUDENTS), 0)
    assert_everybody_is_graded(course)
    assert graded_now(run(grade(course), **preload)[1]) == (0, len(STUDENTS))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_output_that_takes_nothing(soak, course):
    """stdout is told as stdout, and the file of `--jsonl` as that file."""
    code, said = run(f"{grade(course)} > /dev/full")
    assert code == 1
    assert_a_sentence(said, "No space left on device")
    assert "--jsonl" not in said
    assert "Exception ignored" not in said
    code, said = run(f"{grade(course)} --jsonl /dev/full")
    assert code == 1
    assert_a_sentence(said, "/dev/full, the file that --jsonl names, cannot be written: No space left on device.")
    code, said = run(grade(course))
    assert code == 0, said
    assert graded_now(said) == (0, len(STUDENTS))
    assert_everybody_is_graded(course)
