"""The command line: honest exit codes, one JSON object a line, sentences for wrong usage."""

import json
import subprocess
import sys

import pytest

from autograder.lessons import HOME, find_lesson

SOLVED = find_lesson("1-neuron").notebook(HOME / "solutions")


def autograder(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """One right and one broken submission, graded with --jsonl."""
    folder = tmp_path_factory.mktemp("cli")
    for student, text in (("ada", SOLVED.read_text()), ("bob", "{")):
        path = folder / "submitted" / student / "1-neuron" / "1-neuron.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    out = folder / "results.jsonl"
    done = autograder("grade", folder / "submitted", "--jsonl", out, "--workers", 1)
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
    assert set(question) == {"name", "score", "max_score", "outcome", "misconception", "second", "tests"}
    assert set(question["tests"][0]) >= {
        *("name", "title", "hidden", "earned", "points", "outcome", "message", "seconds"),
    }


def test_exit_code_1_where_one_could_not_be_graded(graded):
    done, _ = graded
    assert done.returncode == 1
    assert "12 of 12" in done.stdout
    assert "not graded" in done.stdout
    assert "bob, 1-neuron: The file is not a notebook" in done.stderr


def test_exit_code_0_whatever_the_scores():
    done = autograder("grade", find_lesson("1-neuron").notebook(HOME / "assignments"), "--workers", 1)
    assert done.returncode == 0
    assert "0 of 12" in done.stdout


def test_json_to_stdout_leaves_nothing_else_there():
    done = autograder("grade", SOLVED, "--jsonl", "-", "--workers", 1)
    assert [json.loads(line)["score"] for line in done.stdout.splitlines()] == [12.0]
    assert "12 of 12" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grade"], "Missing argument"),
        (["grade", SOLVED, "--assignment", "9-transformers"], "there is no lesson '9-transformers'"),
        (["grade", SOLVED, "--workers", "0"], "--workers"),
        (["grade", SOLVED, "--reference", "/nowhere"], "--reference"),
        (["grade", SOLVED, "--require", "moat"], "there is no wall 'moat'"),
        (["grade", SOLVED, "--regrade"], "--regrade and --feedback are for a course"),
        (["grade", HOME, SOLVED], "a course is graded by itself"),
        (["grdae"], "No such command"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_a_sentence(arguments, sentence):
    done = autograder(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_course_in_which_nothing_was_submitted_is_a_sentence(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    done = autograder("grade", tmp_path)
    assert done.returncode == 1
    assert "Nothing has been submitted in" in done.stderr
    assert "Traceback" not in done.stderr


def test_empty_folder_is_wrong_usage(tmp_path):
    done = autograder("grade", tmp_path)
    assert done.returncode == 2
    assert "there are no submissions" in done.stderr


def test_reference_that_is_missing_is_a_sentence(tmp_path):
    done = autograder("grade", SOLVED, "--reference", tmp_path, "--workers", 1)
    assert done.returncode == 1
    assert "there is no reference solution" in done.stderr
    assert "Traceback" not in done.stderr
