"""The command line: honest exit codes, one JSON object a line, sentences for wrong usage."""

import dataclasses
import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.course import write_contents
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites

HOME = COURSE.home
SOLVED = COURSE.find_lesson("1-neuron").notebook(HOME / "solutions")


@pytest.fixture
def invoke():
    """``invoke("check", path, obj=COURSE)``: run a command in this process."""

    def run(*arguments, **settings):
        return CliRunner().invoke(main, [*map(str, arguments)], prog_name="autograder", **settings)

    return run


@pytest.fixture(scope="module")
def graded(tmp_path_factory, command):
    """One right and one broken submission, graded with --jsonl."""
    folder = tmp_path_factory.mktemp("cli")
    for student, text in (("ada", SOLVED.read_text()), ("bob", "{")):
        path = folder / "submitted" / student / "1-neuron" / "1-neuron.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    out = folder / "results.jsonl"
    done = command("autograder", "grade", folder / "submitted", "--jsonl", out, "--workers", 1)
    return done, [json.loads(line) for line in out.read_text().splitlines()]


def test_one_line_for_each_submission(graded):
    _, lines = graded
    assert sorted(line["student"] for line in lines) == ["ada", "bob"]


def test_line_follows_the_contract(graded):
    (line,) = [line for line in graded[1] if line["student"] == "ada"]
    assert line["schema"] == 1
    assert (line["assignment"], line["score"], line["max_score"]) == ("1-neuron", 12.0, 12.0)
    assert set(line["confinement"]) >= {"namespaces", "seccomp", "landlock", "rlimits"}
    question = line["questions"][1]
    assert set(question) == {"name", "score", "max_score", "outcome", "misconception", "second", "note", "tests"}
    assert set(question["tests"][0]) >= {
        *("name", "title", "hidden", "earned", "points", "outcome", "message", "seconds"),
    }


def test_exit_code_1_where_one_could_not_be_graded(graded):
    done, _ = graded
    assert done.returncode == 1
    assert "12 of 12" in done.stdout
    assert "not graded" in done.stdout
    assert "bob, 1-neuron: The file is not a notebook" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_file_that_takes_no_result_is_told(invoke, monkeypatch):
    result = refused(Submission("ada", "1-neuron", SOLVED), "")
    monkeypatch.setattr("autograder.grading.pool.run_tasks", lambda *_, **__: iter([replace(result, problem=None)]))
    monkeypatch.setattr("autograder.grading.fork_server.begin", lambda _: None)
    assert invoke("grade", SOLVED).exit_code == 0
    done = invoke("grade", SOLVED, "--jsonl", "/dev/full")
    assert done.exit_code == 1
    assert "/dev/full, the file that --jsonl names, cannot be written: No space left on device." in done.output


@pytest.fixture(scope="module")
def untouched(command):
    """What is said of an untouched notebook whose result goes to stdout."""
    released = COURSE.find_lesson("1-neuron").notebook(HOME / "assignments")
    return command("autograder", "grade", released, "--jsonl", "-", "--workers", 1)


def test_exit_code_0_whatever_the_scores(untouched):
    assert untouched.returncode == 0


def test_json_to_stdout_leaves_nothing_else_there(untouched):
    assert [json.loads(line)["score"] for line in untouched.stdout.splitlines()] == [0.0]
    assert "0 of 12" in untouched.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grade"], "Missing argument"),
        (["report", "/nowhere"], "does not exist"),
        (["report", HOME / "tests"], "is no class: it has neither nbgrader_config.py nor gradebook.db"),
        (["grade", SOLVED, "--assignment", "9-transformers"], "there is no lesson '9-transformers'"),
        (["grade", SOLVED, "--workers", "0"], "--workers"),
        (["grade", SOLVED, "--reference", "/nowhere"], "--reference"),
        (["grade", SOLVED, "--require", "moat"], "there is no layer 'moat'"),
        (["grade", SOLVED, "--dask", "tcp://127.0.0.1:1", "--workers", "2"], "--workers is for this machine alone"),
        (["grade", SOLVED, "--regrade"], "--regrade, --feedback, --student and --group are for a course"),
        (["grade", HOME, SOLVED], "a course is graded by itself"),
        (["grdae"], "No such command"),
        (["check", "/nowhere.ipynb"], "'/nowhere.ipynb' does not exist"),
        (["check", HOME / "README.md"], "is no notebook of this course"),
        (["check", HOME / "tests"], "there is no notebook of this course in"),
        (["check", "--watch", HOME / "source"], "but there are below it: name one, such as 0-from-neurons-to-network"),
        (["progress", "/nowhere"], "'/nowhere' does not exist"),
        (["progress", HOME / "tests"], "there are no notebooks of this course in"),
        (["export", "blackboard"], "No such command 'blackboard'"),
        (["export", "gradescope", "9-transformers"], "there is no lesson '9-transformers'"),
        (["export", "canvas", "/nowhere"], "'/nowhere' does not exist"),
        (["export", "moodle", HOME, "--roster", "/nowhere.csv"], "'/nowhere.csv' does not exist"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_a_sentence(invoke, arguments, sentence):
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_course_in_which_nothing_was_submitted_is_a_sentence(invoke, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    done = invoke("grade", tmp_path)
    assert done.exit_code == 1
    assert "Nothing has been submitted in" in done.stderr
    assert "Traceback" not in done.stderr


def test_empty_folder_is_wrong_usage(invoke, tmp_path):
    done = invoke("grade", tmp_path)
    assert done.exit_code == 2
    assert "there are no submissions" in done.stderr


def test_reference_that_is_missing_is_a_sentence(invoke, tmp_path):
    done = invoke("grade", SOLVED, "--reference", tmp_path, "--workers", 1)
    assert done.exit_code == 1
    assert "there is no reference solution" in done.stderr
    assert "Traceback" not in done.stderr


# --- export


def test_export_alone_shows_what_each_target_can_carry(invoke):
    done = invoke("export")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == invoke("export", "--targets").stdout
    for word in ("gradescope", "instructor", "canvas", "moodle", "late penalties", "hidden tests"):
        assert word in done.stdout


def test_class_without_a_gradebook_is_exit_code_1_and_a_sentence(invoke, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    done = invoke("export", "canvas", tmp_path, "--out", tmp_path / "canvas.csv")
    assert done.exit_code == 1
    assert done.stderr == f"Error: {tmp_path} has no gradebook yet. `autograder grade {tmp_path}` makes one.\n"
    assert not (tmp_path / "canvas.csv").exists()


def test_export_says_where_it_is(invoke, tmp_path):
    done = invoke("export", "gradescope", "4-network", "--out", tmp_path / "a.zip")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'a.zip'}\n")
    assert "1.5 GB of memory" in done.stderr
    assert (tmp_path / "a.zip").stat().st_size > 10_000_000


def test_place_that_cannot_be_written_is_exit_code_1_and_a_sentence(invoke, tmp_path):
    done = invoke("export", "gradescope", "4-network", "--out", tmp_path / "nowhere" / "a.zip")
    assert done.exit_code == 1
    assert done.stderr == f"Error: {tmp_path / 'nowhere' / 'a.zip'} cannot be written: No such file or directory\n"
    assert "Traceback" not in done.stderr


# --- check, progress


def release(name):
    return COURSE.find_lesson(name).notebook(HOME / "assignments").read_text()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A student's folder: one lesson right, one begun, one damaged, one untouched, others not there yet."""
    folder = tmp_path_factory.mktemp("desk")
    answers = reference_answers(COURSE.find_lesson("3-layer"), COURSE)
    begun = {"linear_examples": answers["linear_examples"], "linear": "def linear(X, W, b):\n    return X @ W"}
    for name, text in (
        ("1-neuron", fill_in(release("1-neuron"), reference_answers(COURSE.find_lesson("1-neuron"), COURSE))),
        ("3-layer", fill_in(release("3-layer"), begun)),
        ("5-images-and-scores", release("5-images-and-scores")[:2000]),
        ("4-network", release("4-network")),
    ):
        (folder / name).mkdir()
        (folder / name / f"{name}.ipynb").write_text(text)
    return folder


def test_check_shows_verdicts_points_bar_and_what_to_mend(command, desk):
    done = command("autograder", "check", desk / "3-layer" / "3-layer.ipynb")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert re.fullmatch(r"3-layer.ipynb, saved \d\d:\d\d:\d\d", lines[0])
    assert "linear_examples ✓ Correct 2 of 2 points" in lines
    assert any(re.fullmatch(r"linear . \w[\w ]+ 0.5 of 1.25 points", line) for line in lines)
    assert "between ○ Not attempted yet 0 of 6 points" in lines
    assert any(line.endswith("2.5 of 10.75 points 1 of 4 questions done") for line in lines)
    assert "Each neuron adds its own bias, to its whole column." in done.stdout
    assert 'hint("linear")' in done.stdout
    assert "3.25 more points of this lesson are for tests that run when your work is graded." in lines


def test_check_of_a_folder_takes_the_notebooks_in_it_and_an_unreadable_one_is_exit_code_1(command, desk, tmp_path):
    for name in ("3-layer", "5-images-and-scores"):
        (tmp_path / f"{name}.ipynb").write_text((desk / name / f"{name}.ipynb").read_text())
    done = command("autograder", "check", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 of 4 questions done" in done.stdout
    assert "not even JSON" in done.stdout
    assert "Traceback" not in done.stderr


def visible_points(name):
    """What each question of a lesson is worth in the tests that students have."""
    lesson = COURSE.find_lesson(name)
    return with_suites(
        lambda suites: suites.points(lesson), COURSE, ReferenceSolutions(COURSE), (lesson,), hidden=False
    )


def test_progress_is_one_row_a_lesson_and_what_is_next(command, desk):
    done = command("autograder", "progress", desk)
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in done.stdout.splitlines() if line.strip()}
    assert done.returncode == 1  # one cannot be read
    assert rows["0-from-neurons-to-network"] == rows["2-gradient-descent"] == "no notebook here"
    neuron, layer, network = map(visible_points, ("1-neuron", "3-layer", "4-network"))
    most = sum(neuron.values())
    assert rows["1-neuron"].endswith(f"{most:g} of {most:g} 4 of 4 ✓ ✓ ✓ ✓")
    found = re.search(rf"(\S+) of {sum(layer.values()):g} 1 of 4 ✓ [◐✗] ○ ○$", rows["3-layer"])
    earned = float(found[1])  # the first question whole, of the second perhaps a part
    assert layer["linear_examples"] <= earned < layer["linear_examples"] + layer["linear"]
    assert rows["5-images-and-scores"] == "cannot be read"
    assert rows["next:"] == "linear in 3-layer"
    of_all = sum(sum(lesson.values()) for lesson in (neuron, layer, network))
    whole = " ".join(done.stdout.split())
    assert f"{most + earned:g} of {of_all:g} points 5 of 17 questions done" in whole


def test_of_two_notebooks_of_a_lesson_the_one_saved_last_counts(command, tmp_path):
    solved = fill_in(release("1-neuron"), reference_answers(COURSE.find_lesson("1-neuron"), COURSE))
    (tmp_path / "1-neuron.ipynb").write_text(release("1-neuron"))
    (tmp_path / "1-neuron-Copy1.ipynb").write_text(solved)
    os.utime(tmp_path / "1-neuron.ipynb", (0, 0))
    done = command("autograder", "progress", tmp_path)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    most = sum(visible_points("1-neuron").values())
    assert f"{most:g} of {most:g} points 4 of 4 questions done" in said
    assert "1-neuron: 1-neuron-Copy1.ipynb was saved last and counts; also here: 1-neuron.ipynb." in said
    assert "next: lesson 0-from-neurons-to-network, which is not here yet" in said


def test_terminal_that_knows_no_such_signs_gets_others(desk):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", desk / "4-network" / "4-network.ipynb"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Not attempted yet" in done.stdout


# --- what holds for every command


def test_every_command_is_in_the_help(invoke):
    shown = re.findall(r"^  (\w+)  ", invoke("--help").stdout.partition("Commands:")[2], re.M)
    assert shown == [
        *(
            "build",
            "check",
            "collect",
            "demo",
            "doctor",
            "export",
            "feedback",
            "grade",
            "ledger",
            "progress",
            "release",
        ),
        *("report", "similar", "stop", "try", "undo"),
    ]
    assert shown == sorted(main.commands)


@pytest.fixture
def broken(monkeypatch):
    """A mistake of ours in what a student's check needs."""

    def with_checker(*_, **__):
        raise KeyError("a name\nthat we\x1b[31m forgot")

    monkeypatch.setattr("autograder.student.notebook.with_checker", with_checker)


@pytest.mark.parametrize("command", ["check", "progress"])
def test_mistake_of_ours_is_a_sentence_and_never_a_traceback(invoke, broken, desk, command):
    done = invoke(command, desk / "1-neuron")
    assert done.exit_code == 1
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert sentence.startswith("Error: This is a mistake in autograder, not in your work: KeyError: 'a name")
    assert sentence.endswith(f"run again with --debug (`autograder --debug {command}`) to see where.")
    assert "\x1b[31m" not in done.output
    assert "Traceback" not in done.output


def test_debug_shows_where_it_went_wrong(invoke, broken, desk):
    done = invoke("--debug", "check", desk / "1-neuron")
    assert done.exit_code == 1
    assert "Traceback" in done.stderr
    assert "in with_checker" in done.stderr
    assert done.stderr.rstrip().endswith("the lines above show where.")
    assert "Traceback" not in invoke("check", desk / "1-neuron").output  # and not for ever


def test_debug_shows_why_a_command_ended_early(invoke, desk, monkeypatch):
    def with_checker(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr("autograder.student.notebook.with_checker", with_checker)
    for debug in ([], ["--debug"]):
        done = invoke(*debug, "check", desk / "1-neuron")
        assert done.exit_code == 1
        assert done.stderr.rstrip().endswith("Error: no more processes")
        assert ("in with_checker" in done.stderr) == bool(debug)


@pytest.mark.parametrize(
    ("arguments", "missing", "sentence"),
    [
        (["report", HOME], "autograder.instructor.report", "A report is made in the instructor's clone"),
        (["grade", HOME], "autograder.gradebook.class_run", "A course is graded with nbgrader"),
        (["release"], "autograder.instructor.release", "A release is made in the instructor's clone"),
        (["build"], "autograder.instructor.build", "Lessons are built in the instructor's clone"),
        (["export"], "autograder.instructor.exports", "Exports are made in the instructor's clone"),
    ],
)
def test_part_that_students_do_not_have_is_a_sentence(invoke, monkeypatch, arguments, missing, sentence):
    monkeypatch.setitem(sys.modules, missing, None)
    done = invoke(*arguments)
    assert done.exit_code == 1
    assert done.stderr == f"Error: {sentence}, and {missing} is not installed here.\n"


def test_another_course_has_a_command_line_too(invoke, tmp_path):
    lesson = tmp_path / "lessons" / "lesson_1_words"
    lesson.mkdir(parents=True)
    write_contents(lesson, "1-words", {"count": "count(text)"})
    other = dataclasses.replace(COURSE, title="Counting words", public=lesson.parent, secret=tmp_path / "secret")
    sentence = "there is no lesson '4-network'; there are 1-words\n"
    assert invoke("grade", SOLVED, "--assignment", "4-network", obj=other).stderr.endswith(sentence)
    assert invoke("export", "gradescope", "4-network", obj=other).stderr.endswith(sentence)
    assert "is no notebook of this course" in invoke("check", SOLVED, obj=other).stderr


HEAVY = ("torch", "numpy", "pytest", "rich", "nbformat", "nbgrader", "IPython", "watchfiles")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], *([name, "--help"] for name in ("check", "progress", "grade", "export", "release", "similar"))],
)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom autograder.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: " in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
