"""Stock nbgrader and our grader, side by side on one class: the same gradebook and the same files for everyone.

And Gradescope's container, as far as there is one here: the same scores. The class of the demo has 24 notebooks. In
`make test` it has the first six, and stock nbgrader grades two lessons; ``CLASS=200`` makes it larger. What stock
nbgrader gives is kept in the user's cache, and found anew in `make soak` and wherever its version or what it is given
has changed.
"""

import csv
import hashlib
import html
import importlib.metadata
import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest

from autograder.course.contents import COURSE
from autograder.instructor import exports
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.demo import run_demo
from autograder.instructor.demo.pretend_class import make_class
from autograder.instructor.report import build_report, gather
from autograder.judging import diagnosis

BIN = Path(sys.executable).parent
#: The whole demo.
WHOLE = 24
SIZE = int(os.environ.get("CLASS", str(WHOLE)))


def environment():
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def size(few):
    """How many notebooks the class hands in."""
    return len(few(range(SIZE), 6))


@pytest.fixture(scope="module")
def whole_class(soak):
    """For what only a class of that size shows."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory, size):
    """The demo as `make demo` runs it: released, handed in, graded by us, marks in a gradebook."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    if size > WHOLE:
        return larger(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.instructor.demo.demo.COUNT", size)
        assert run_demo(COURSE, folder) == 0
    return folder


def larger(folder):
    """The same for a larger class, in the steps that an instructor takes."""
    shutil.copytree(COURSE.home / "source", folder / "source")
    shutil.copy(COURSE.home / "nbgrader_config.py", folder)
    release_lessons(COURSE, folder, f"sqlite:///{folder}/gradebook.db")
    make_class(folder / "submitted", folder / "assignments", COURSE, SIZE, seed=SIZE)
    command = [BIN / "autograder", "grade", folder, "--jsonl", folder / "results.jsonl"]
    assert subprocess.run(command, env=environment()).returncode == 1  # not all are notebooks
    return folder


@pytest.fixture(scope="module")
def ours(demo):
    """Our results by student and lesson."""
    lines = (demo / "results.jsonl").read_text().splitlines()
    return {(one["student"], one["assignment"]): one for one in map(json.loads, lines)}


@pytest.fixture(scope="module")
def stock(demo, ours, tmp_path_factory, pytestconfig, few):
    """The course after stock `nbgrader autograde` of the same submissions, and names of the lessons that it graded."""
    handed_in = {lesson for _, lesson in ours}
    lessons = few(sorted(handed_in, key=lambda name: (-len(COURSE.find_lesson(name).questions), name)), 2)
    course = tmp_path_factory.mktemp("stock")
    for name in ("submitted", "source"):
        shutil.copytree(demo / name, course / name)
    config, ours_too = course / "nbgrader_config.py", (demo / "nbgrader_config.py").read_text()
    config.write_text(ours_too.replace("use_sandbox(c)", ""))
    kept = (
        platformdirs.user_cache_path("neurons-to-network")
        / "stock-marks"
        / given(course, demo / "assignments", lessons)
    )
    if kept.is_dir() and pytestconfig.getoption("tier") != "soak":
        shutil.copytree(kept, course, dirs_exist_ok=True)
        return course, set(lessons)

    def nbgrader(*arguments):
        command = [BIN / "nbgrader", *arguments]
        return subprocess.run(command, cwd=course, env=environment(), capture_output=True, text=True)

    # Released as they were for the class: where the answer is a value, stock nbgrader would leave no name for it.
    config.write_text(ours_too)
    for lesson in lessons:
        nbgrader("generate_assignment", lesson).check_returncode()
    config.write_text(ours_too.replace("use_sandbox(c)", ""))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda lesson: nbgrader("autograde", lesson), lessons))
    if len(ours) <= WHOLE:
        keep(course, kept)
    return course, set(lessons)


def given(course, released, lessons):
    """A digest of all that stock nbgrader's marks of a class depend on: its version, the class, and what judges it."""
    digest = hashlib.sha256(f"{importlib.metadata.version('nbgrader')} {sys.version} {lessons}".encode())
    package = COURSE.public.parents[1]
    for folder in (course, released, *(package / room for room in ("course", "judging", "student", "notebooks"))):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder)} {path.stat().st_mode:o} {content}\n".encode())
    return digest.hexdigest()


def keep(course, place):
    """Keep what nbgrader has made, and of no other class than this: each is a few megabytes."""
    shutil.rmtree(place.parent, ignore_errors=True)
    place.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as aside:
        made = Path(aside) / "made"
        shutil.copytree(course / "autograded", made / "autograded")
        shutil.copy(course / "gradebook.db", made)
        made.rename(place)


def test_class_covers_the_lessons_in_turn(ours, size):
    assert len(ours) == size
    assert {lesson for _, lesson in ours} == {lesson.name for lesson in COURSE.lessons[:size]}


def test_class_shows_every_status(whole_class, ours):
    statuses = {question["outcome"] for one in ours.values() for question in one["questions"]}
    assert statuses == {"passed", "partial", "failed", "not_attempted", "error", "timeout"}


def test_files_that_are_no_notebooks_are_told_apart(whole_class, ours, size):
    refused = [one for one in ours.values() if one["problem"]]
    assert len(refused) == size // 12
    assert all("not a notebook" in one["problem"] for one in refused)


def test_gradebook_is_that_of_stock_nbgrader(demo, stock, marks_in):
    """Every score, flag, comment, penalty and time of everyone."""
    course, lessons = stock
    ours, theirs = marks_in(demo / "gradebook.db"), marks_in(course / "gradebook.db")
    ours = {(student, lesson): marks for (student, lesson), marks in ours.items() if lesson in lessons}
    assert set(ours) == set(theirs) != set()
    assert {key: ours[key] for key in ours if ours[key] != theirs[key]} == {}


def test_results_say_what_the_gradebook_says(demo, ours, marks_in):
    marks = marks_in(demo / "gradebook.db")
    assert {key: one["score"] for key, one in ours.items()} == {key: one["score"] for key, one in marks.items()}


def test_autograded_notebooks_are_those_of_stock_nbgrader(demo, stock):
    """Cell by cell, but for what was run: our panels are not in theirs."""
    course, lessons = stock
    theirs = {path.relative_to(course) for path in course.glob("autograded/**/*") if path.is_file()}
    ours = {path.relative_to(demo) for path in demo.glob("autograded/**/*") if path.is_file()}
    assert theirs == {path for path in ours if path.parts[2] in lessons} != set()
    for path in theirs:
        assert _unrun(demo / path) == _unrun(course / path)
        assert stat.S_IMODE((demo / path).stat().st_mode) == stat.S_IMODE((course / path).stat().st_mode)


def _unrun(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """``container(lesson)``: a folder as Gradescope makes it of our zip, set up by its own `setup.sh`.

    Its Python finds what is installed here, so that pip has every version there already and need not fetch any.
    """
    here = tmp_path_factory.mktemp("gradescope")
    made = {}

    def make(lesson):
        if lesson not in made:
            root = made[lesson] = here / lesson
            zipped = here / f"{lesson}.zip"
            exports.gradescope(COURSE.find_lesson(lesson), COURSE, zipped)
            shutil.unpack_archive(zipped, root / "source")
            shutil.copy(root / "source" / "run_autograder", root)
            os.chmod(root / "run_autograder", 0o755)
            venv.create(root / "venv", symlinks=True)
            site = root / "venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
            (site / "tested.pth").write_text(sysconfig.get_path("purelib"))
            command = ["bash", root / "source" / "setup.sh"]
            subprocess.run(command, env=at(root) | {"PIP_NO_INDEX": "1"}, check=True, capture_output=True)
        return made[lesson]

    return make


def at(root):
    """The variables with which Gradescope's scripts find `root` in place of ``/autograder``."""
    return {**environment(), "AUTOGRADER_ROOT": str(root), "PIP_EXTRA_INDEX_URL": ""}


def hand_in(demo, student, lesson, root):
    """Make `root` what Gradescope makes of a submission."""
    shutil.copytree(demo / "submitted" / student / lesson, root / "submission")
    users = {"users": [{"email": f"{student}@example.org", "id": 1, "name": student}]}
    (root / "submission_metadata.json").write_text(json.dumps(users))


def told(root):
    """What Gradescope is told of a submission: points, and what they are out of."""
    tests = json.loads((root / "results" / "results.json").read_text())["tests"]
    return sum(test["score"] for test in tests), sum(test["max_score"] for test in tests)


def test_gradescopes_container_gives_the_same_scores(whole_class, demo, ours, container):
    """All that `setup.sh` and `run_autograder` do, for everybody who handed in one of the lessons."""
    students = [student for student, lesson in ours if lesson == "4-network"]
    assert len(students) >= 3
    prepared = container("4-network")

    def run(student):
        root = prepared.parent / student
        shutil.copytree(prepared, root, symlinks=True, ignore=shutil.ignore_patterns("source"))
        (root / "source").symlink_to(prepared / "source")
        hand_in(demo, student, "4-network", root)
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return root, subprocess.run([root / "run_autograder"], cwd=root, env=at(root), **streams)

    with ThreadPoolExecutor(4) as pool:  # each is a grader of its own, with torch in memory
        runs = list(pool.map(run, students))
    for student, (root, done) in zip(students, runs, strict=True):
        one = ours[student, "4-network"]
        assert done.returncode == 0, done.stdout
        assert told(root) == (one["score"], one["max_score"])
        assert done.stdout.startswith(f"{student}@example.org, 4-network: {one['score']:g} of 18 points\n")


#: What `run_autograder` starts, for many submissions: a line for each, lesson and root.
MANY = """
import sys
from pathlib import Path
from autograder.instructor.exports._results import grade
from autograder.grading.grader import with_grader
from autograder.course.contents import COURSE
tasks = [line.split("\\t") for line in sys.stdin.read().splitlines()]
with_grader(lambda grader: [grade(grader, COURSE.find_lesson(lesson), Path(root)) for lesson, root in tasks], COURSE)
"""


def test_gradescope_gives_everybody_else_the_same_scores(whole_class, demo, ours, tmp_path):
    """Lesson 0 excepted, which is worth no points."""
    rest = {key: one for key, one in ours.items() if key[1] != "4-network" and one["max_score"]}
    roots = {(student, lesson): tmp_path / student / lesson for student, lesson in rest}
    for (student, lesson), root in roots.items():
        hand_in(demo, student, lesson, root)
    slowest_first = sorted(roots, key=lambda key: -rest[key]["seconds"])
    halves = slowest_first[::2], slowest_first[1::2]
    runs = [
        subprocess.Popen([sys.executable, "-c", MANY], env=environment(), stdin=subprocess.PIPE, text=True)
        for _ in halves
    ]
    for run, half in zip(runs, halves, strict=True):
        run.stdin.write("".join(f"{key[1]}\t{roots[key]}\n" for key in half))
        run.stdin.close()
    assert [run.wait() for run in runs] == [0, 0]
    # What a person gives counts in a class alone.
    tests = {key: [test for part in one["questions"] for test in part["tests"]] for key, one in rest.items()}
    expected = {key: (one["score"], sum(test["points"] for test in tests[key])) for key, one in rest.items()}
    assert {key: told(root) for key, root in roots.items()} == expected


def test_right_network_reads_mnist(whole_class, ours):
    accuracies = [
        test["measured"]["accuracy"]
        for one in ours.values()
        for question in one["questions"]
        for test in question["tests"]
        if "accuracy" in test["measured"] and test["outcome"] == "passed"
    ]
    assert max(accuracies) > 0.94


def test_demo_shows_what_students_and_instructor_get(demo, ours):
    if len(ours) > WHOLE:
        pytest.skip("the demo writes it")
    for (student, lesson), one in ours.items():
        page = (demo / "feedback" / student / lesson / f"{lesson}.html").read_text(encoding="utf-8")
        assert not one["problem"] or one["problem"] in html.unescape(page)
    assert (demo / "report" / "index.html").exists()


def test_moodle_is_told_of_every_known_mistake(demo, ours, tmp_path):
    exports.moodle(demo, COURSE, tmp_path / "moodle.csv")
    with (tmp_path / "moodle.csv").open(encoding="utf-8-sig", newline="") as file:
        said = {row["Username"]: row for row in csv.DictReader(file)}
    mistakes = [
        (key, diagnosis.explanations(COURSE.find_lesson(key[1]), id)[0].diagnosis)
        for key, one in ours.items()
        for question in one["questions"]
        for id in (question["misconception"], question["second"])
        if id and one["max_score"]
    ]
    assert mistakes
    for (student, lesson), words in mistakes:
        assert words in said[student][f"{lesson} (feedback)"]


def test_class_report_says_what_gradebook_and_results_say(demo, ours, marks_in):
    report = build_report(gather(demo), COURSE)
    marks = {key: one["score"] for key, one in marks_in(demo / "gradebook.db").items() if not ours[key]["problem"]}
    scores = {(one.student, lesson): score for one in report.people for lesson, score in one.scores.items()}
    assert {key: score for key, score in scores.items() if score is not None} == marks
    for question in report.questions:
        answers = [one for key in marks for one in ours[key]["questions"] if one["name"] == question.name]
        assert {status: count for status, count in question.statuses.items() if count} == Counter(
            one["outcome"] for one in answers
        )
        behind = Counter(id for one in answers for id in (one["misconception"], one["second"]) if id)
        assert {mistake.id: mistake.count for mistake in question.mistakes} == behind
        for mistake in question.mistakes:
            assert f"def {question.name}(" in mistake.answer.source
            assert mistake.diagnosis
            assert mistake.pointer
    assert any(question.mistakes for question in report.questions)


def test_demo_can_be_repeated_and_spares_other_folders(demo, tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert run_demo(COURSE, tmp_path) == 2
    assert (tmp_path / "thesis.txt").exists()
