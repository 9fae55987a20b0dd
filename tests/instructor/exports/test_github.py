"""The two folders for GitHub: what is in them, and what their scripts do where `gh` is a stand-in."""

import json
import os
import re
import subprocess
import sys

import msgspec
import pytest
import yaml

from autograder.course.contents import COURSE
from autograder.instructor import exports
from autograder.instructor.exports import ExportError
from autograder.instructor.exports._grader import FILES
from autograder.judging.results import SubmissionResult, question_result

NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("github") / "4-network"
    exports.github_classroom(NETWORK, COURSE, folder)
    return folder


def workflow(path):
    found = yaml.safe_load(path.read_text())
    found["on"] = found.pop(True)  # YAML 1.1 takes the word `on` for a truth value; GitHub does not
    return found


def test_student_gets_the_released_notebook_and_what_to_install(folder):
    names = {
        path.relative_to(folder / "student").as_posix() for path in (folder / "student").rglob("*") if path.is_file()
    }
    (wheel,) = [name for name in names if name.endswith(".whl")]
    assert names == {
        *("4-network.ipynb", "README.md", ".github/workflows/classroom.yml", wheel),
        *(".devcontainer/devcontainer.json", ".binder/requirements.txt"),
        *(f".github/autograding/{name}" for name in ("report.py", "requirements.txt", "constraints.txt")),
    }
    assert (folder / "student" / "4-network.ipynb").read_bytes() == NETWORK.notebook(
        COURSE.home / "assignments"
    ).read_bytes()
    requirements = (folder / "student" / ".github" / "autograding" / "requirements.txt").read_text().splitlines()
    assert requirements == [f"./{wheel}"], "students install ranges, whatever Python they have"
    assert "-c .github/autograding/constraints.txt" in workflow_text(folder)


def test_codespace_and_binder_install_what_students_install_at_home(folder):
    student = folder / "student"
    container = json.loads((student / ".devcontainer" / "devcontainer.json").read_text())
    without_gpu = "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert container["postCreateCommand"] == f"pip install {without_gpu} -r .github/autograding/requirements.txt"
    assert [(student / name).is_file() for name in container["customizations"]["codespaces"]["openFiles"]] == [True]
    binder = (student / ".binder" / "requirements.txt").read_text().splitlines()
    assert binder[0] == without_gpu
    assert binder[1:] == (student / ".github" / "autograding" / "requirements.txt").read_text().splitlines()
    assert (student / binder[1]).is_file()


def workflow_text(folder):
    return (folder / "student" / ".github" / "workflows" / "classroom.yml").read_text()


def test_nothing_secret_is_in_the_students_folder(folder):
    for path in (folder / "student").rglob("*"):
        if path.is_file() and path.suffix != ".whl":  # `autograder release` reads the wheel line by line
            assert "secrets." not in path.read_text()
            assert not re.search(r"hidden/|secret/|misconceptions|solutions", path.read_text())


def test_instructor_gets_what_grades(folder):
    inside = folder / "instructor"
    hidden = "autograder/course/secret/lesson_4_network/suite.py"
    for name in (hidden, "solutions/4-network/4-network.ipynb", "students.py"):
        assert (inside / name).is_file()


def test_students_workflow_is_as_classroom_wanted_it(folder):
    """Name of workflow and job as the reporter's README has them; it can do nothing but read."""
    found = workflow(folder / "student" / ".github" / "workflows" / "classroom.yml")
    assert found["name"] == "Autograding Tests"
    assert list(found["jobs"]) == ["run-autograding-tests"]
    assert found["permissions"] == {"contents": "read"}
    said = json.dumps(found)
    assert "4-network.ipynb" in said
    assert "@LESSON@" not in said


def test_token_is_given_to_no_step_that_runs_students_code(folder):
    found = workflow(folder / "instructor" / ".github" / "workflows" / "grade-4-network.yml")
    steps = {step.get("name", step.get("uses")): step for step in found["jobs"]["grade"]["steps"]}
    assert {name for name, step in steps.items() if "secrets." in json.dumps(step)} == {"Collect", "Tell"}
    assert "secrets." not in json.dumps(found["env"])
    assert steps["actions/checkout@v4"]["with"] == {"persist-credentials": False}
    assert found["env"]["PREFIX"] == "4-network-"


def test_workflows_run_only_githubs_own_actions(folder):
    for path in folder.glob("*/.github/workflows/*.yml"):
        used = re.findall(r"uses: (\S+)", path.read_text())
        assert used
        assert all(action.startswith("actions/") for action in used)


def test_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(ExportError, match="exists and is not empty"):
        exports.github_classroom(NETWORK, COURSE, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture
def result(tested):
    """``result("ada", problem)``: what `autograder grade` writes of a submission, a line of JSON."""

    def make(student, problem=None):
        question = question_result("softmax", (tested("passed", points=1.5, earned=1.5), tested("failed", points=2.0)))
        return msgspec.json.encode(
            SubmissionResult(
                student=student,
                assignment="4-network",
                score=0.0 if problem else question.score,
                max_score=question.max_score,
                seconds=0.1,
                confinement={},
                problem=problem,
                questions=(question,),
            )
        ).decode()

    return make


def run(script, *arguments, cwd, **environment):
    env = {"PATH": os.environ["PATH"], "GITHUB_STEP_SUMMARY": str(cwd / "summary.md"), **environment}
    command = [sys.executable, "-I", FILES / script, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_report_gives_the_notices_that_classroom_read_and_a_page(tmp_path, result):
    (tmp_path / "results.jsonl").write_text(result("4-network") + "\n")
    done = run("report.py", "results.jsonl", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "::notice title=Autograding complete::Points 1.5/3.5",
        '::notice title=Autograding report::{"totalPoints": 1.5, "maxPoints": 3.5}',
    ]
    page = (tmp_path / "summary.md").read_text()
    assert "| `softmax` | 🟡 | 1.5 of 3.5 |" in page
    assert "Further tests are run when your work is graded." in page


#: Answers as GitHub does, and notes what it was told.
GH = """\
#!{python}
import json, os, sys
asked = sys.argv[1:]
if asked[:2] == ["repo", "list"]:
    names = ["4-network-ada", "4-network-bob", "4-network-new", "4-network-..", "4-network-", "website"]
    print(json.dumps([{{"name": name}} for name in names]))
elif asked[-1] == ".sha":
    if "4-network-new/" in asked[1]:
        sys.exit("gh: Git Repository is empty. (HTTP 409)")
    print("c0ffee")
elif "/contents/" in asked[-1]:
    if "bob" in asked[-1]:
        sys.exit("gh: Not Found (HTTP 404)")
    assert asked[-1] == "repos/school/4-network-ada/contents/4-network.ipynb?ref=c0ffee", asked
    sys.stdout.write("a notebook")
elif "POST" in asked:
    print(json.dumps(asked), file=open("told.jsonl", "a"))
else:
    sys.exit("gh: Bad credentials (HTTP 401)")
"""


@pytest.fixture
def github(tmp_path):
    """A folder in which `gh` stands in for GitHub, and the variables that go with it."""
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    return {"PATH": f"{gh.parent}{os.pathsep}{os.environ['PATH']}", "OWNER": "school", "PREFIX": "4-network-"}


def test_latest_notebook_of_everybody_is_collected(tmp_path, github):
    done = run("students.py", "collect", "4-network", cwd=tmp_path, **github)
    assert (done.returncode, done.stdout) == (0, "2 repositories\n")
    folders = sorted(
        path.relative_to(tmp_path / "submitted").as_posix() for path in (tmp_path / "submitted").rglob("*")
    )
    assert folders == [
        *("ada", "ada/4-network", "ada/4-network/4-network.ipynb"),
        *("bob", "bob/4-network", "new", "new/4-network"),
    ]
    assert (tmp_path / "submitted/ada/4-network/4-network.ipynb").read_text() == "a notebook"


def test_commit_that_was_graded_is_given_its_points(tmp_path, github, result):
    run("students.py", "collect", "4-network", cwd=tmp_path, **github)
    lines = [result("ada"), result("bob", "There is no notebook. " + "x" * 200), result("new", "There is none.")]
    (tmp_path / "results.jsonl").write_text("\n".join(lines) + "\n")
    done = run("students.py", "tell", "results.jsonl", cwd=tmp_path, **github)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text().splitlines()]
    assert [line[4] for line in told] == [f"repos/school/4-network-{name}/statuses/c0ffee" for name in ("ada", "bob")]
    assert told[0][5:] == ["-f", "state=success", "-f", "context=autograding", "-f", "description=1.5 of 3.5 points"]
    assert told[1][6] == "state=failure"
    assert len(told[1][-1]) == len("description=") + 140
    assert "| ada | 1.5 of 3.5 points |" in (tmp_path / "summary.md").read_text()


def test_token_that_github_refuses_is_told_and_stops(tmp_path, github):
    (tmp_path / "bin" / "gh").write_text('#!/bin/sh\necho "gh: Bad credentials (HTTP 401)" >&2; exit 1\n')
    done = run("students.py", "collect", "4-network", cwd=tmp_path, **github)
    assert done.returncode == 1
    assert "Bad credentials" in done.stderr
    assert not (tmp_path / "commits.json").exists()


def test_wrong_prefix_is_a_sentence(tmp_path, github):
    done = run("students.py", "collect", "4-network", cwd=tmp_path, **{**github, "PREFIX": "ps1-"})
    assert done.returncode == 1
    assert done.stderr == "school has no repository whose name begins with ps1-, or the token may not see them.\n"
