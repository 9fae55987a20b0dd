"""GitHub's workflows cannot run here. They are held short: what they run is a make target or the journey's script."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from autograder.course.contents import COURSE

HOME = COURSE.home
GITHUB = HOME / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
#: What a step may run; `{}` of a matrix has no place there.
MAKE = r"(?:sudo --preserve-env env \"PATH=\$PATH\" )?make ([\w-]+)"
SCRIPT = r"python (tests/journey/student\.py) dist/([\w-]+)\.zip"
#: Which of the schemas that come with check-jsonschema is for what.
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "github-issue-forms": sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]*.yml")),
    "dependabot": [GITHUB / "dependabot.yml"],
    "citation-file-format": [HOME / "CITATION.cff"],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_are_as_github_wants_them(schema):
    assert SCHEMAS[schema]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, *map(str, SCHEMAS[schema])], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_form_is_left_out():
    files = [path for path in GITHUB.rglob("*.yml") if not any(path in paths for paths in SCHEMAS.values())]
    assert files == []


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request):
    """One workflow: its text, and what it says."""
    text = request.param.read_text(encoding="utf-8")
    return text, yaml.safe_load(text)


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_steps_run_make_or_the_script_and_nothing_else(workflow):
    targets = re.findall(r"^([\w-]+):", (HOME / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lessons = {lesson.name for lesson in COURSE.lessons}
    for line in [step["run"] for step in steps_of(workflow[1]) if "run" in step]:
        made, run = re.fullmatch(MAKE, line), re.fullmatch(SCRIPT, line)
        assert made or run, line
        assert not made or made[1] in targets
        assert not run or ((HOME / run[1]).is_file() and run[2] in lessons)


def test_actions_are_pinned_to_commits_and_say_to_which_version(workflow):
    text, content = workflow
    used = [step["uses"] for step in steps_of(content) if "uses" in step]
    pinned = re.findall(r"uses: (actions/[\w-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    assert used == pinned
    assert len(set(used)) == len({name.partition("@")[0] for name in used})


def test_workflows_may_read_and_nothing_else(workflow):
    text, content = workflow
    assert content["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in content["jobs"].values())
    assert "secrets." not in text
    assert "pull_request_target" not in text
    checkouts = [step for step in steps_of(content) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_every_job_ends(workflow):
    assert all(job["timeout-minutes"] <= 60 for job in workflow[1]["jobs"].values())


def test_systems_and_pythons_are_those_that_are_promised():
    jobs = yaml.safe_load((GITHUB / "workflows" / "test.yml").read_text(encoding="utf-8"))["jobs"]
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    everything, student = jobs["everything"]["strategy"]["matrix"], jobs["student"]["strategy"]["matrix"]
    minors = [int(python.removeprefix("3.")) for python in everything["python"]]
    assert everything["python"][0] == oldest
    assert minors == list(range(minors[0], minors[-1] + 1))
    assert student == {
        "system": ["macos-latest", "windows-latest"],
        "python": [oldest, everything["python"][-1]],
    }
