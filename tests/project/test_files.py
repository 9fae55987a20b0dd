"""What a project has beside its code agrees with the code, and with itself."""

import datetime
import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from autograder.course.contents import COURSE

HOME = COURSE.home
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (HOME / "Makefile").read_text(encoding="utf-8")
CHANGELOG = (HOME / "CHANGELOG.md").read_text(encoding="utf-8")
#: Each released version of the changelog and its day, the newest first.
RELEASED = re.findall(r"^## \[(\d[^]]*)\] - (\S+)$", CHANGELOG, re.MULTILINE)


# --- versions


def test_changelog_begins_with_what_is_not_released_and_goes_back_in_time():
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings == ["[Unreleased]", *(f"[{version}] - {day}" for version, day in RELEASED)]
    versions = [Version(version) for version, _ in RELEASED]
    days = [datetime.date.fromisoformat(day) for _, day in RELEASED]
    assert versions == sorted(set(versions), reverse=True)
    assert days == sorted(days, reverse=True)


def test_changelog_has_the_usual_parts_alone():
    usual = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= usual


def test_newest_version_is_the_same_everywhere():
    """Where there is no git, and where somebody cites us."""
    version, day = RELEASED[0]
    citation = yaml.safe_load((HOME / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["tool"]["hatch"]["version"]["fallback-version"] == version
    assert (citation["version"], citation["date-released"]) == (version, day)
    assert citation["license"] == PROJECT["project"]["license"]


def test_everything_that_is_installed_is_pinned():
    lines = (HOME / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [canonicalize_name(line.partition("==")[0]) for line in lines if not line.startswith("#")]
    wanted = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += extra
    assert {canonicalize_name(Requirement(one).name) for one in wanted} <= set(pinned)
    assert len(set(pinned)) == len(pinned)


# --- git


def attributes_of(*paths):
    """What .gitattributes says of files: by path, the names that are set, and those that are unset with a minus."""
    done = subprocess.run(
        ["git", "check-attr", "--stdin", "-z", "-a"],
        cwd=HOME,
        input="\0".join(paths).encode(),
        capture_output=True,
        check=True,
    )
    fields = done.stdout.decode().split("\0")
    found = {path: set() for path in paths}
    for path, name, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        found[path].add(f"-{name}" if value == "unset" else name)
    return found


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOME, capture_output=True, check=True).stdout.decode()
    return [path for path in listed.split("\0") if path]


def test_made_files_are_neither_in_diffs_nor_in_statistics():
    made = re.compile(
        r"(assignments|solutions)/.*|autograder/course/lessons/[^/]+/[^/]+\.json|tests/course/mutants\.json"
    )
    found = attributes_of(*tracked())
    hidden = {path for path, attributes in found.items() if {"linguist-generated", "-diff"} <= attributes}
    assert hidden == {path for path in found if made.fullmatch(path)}
    assert len(hidden) > 20


def test_text_has_the_same_bytes_on_every_system():
    texts = [path for path in tracked() if not path.endswith((".gz", ".png")) and (HOME / path).is_file()]
    assert [path for path in texts if b"\r" in (HOME / path).read_bytes()] == []


def test_pre_commit_runs_lint_and_needs_no_network():
    settings = yaml.safe_load((HOME / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (source,) = settings["repos"]
    (hook,) = source["hooks"]
    assert source["repo"] == "local"
    assert (hook["entry"], hook["language"], hook["pass_filenames"]) == ("make lint", "system", False)


# --- make


def test_help_tells_of_every_target():
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
    told = re.findall(r'^\t@echo "make ([\w-]+) ', MAKEFILE, re.MULTILINE)
    assert sorted(told) == sorted(targets - {"help", "chromium"})
    assert targets <= set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))


# --- documents


@pytest.mark.parametrize("name", ["CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"])
def test_links_and_paths_lead_somewhere(name):
    text = (HOME / name).read_text(encoding="utf-8")
    paths = re.findall(r"\]\((?!https?:)([^)#\s]+)", text) + re.findall(r"`((?:autograder|tests|docs)/[\w/.]*)`", text)
    assert [path for path in paths if not (HOME / path).exists()] == []
