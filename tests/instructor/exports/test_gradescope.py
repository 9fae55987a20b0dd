"""The zip for Gradescope: what is in it. That it grades as we do is tests/e2e/test_same_marks.py."""

import dataclasses
import os
import subprocess
import zipfile

import pytest

from autograder.course.contents import COURSE
from autograder.instructor import exports
from autograder.instructor.exports import ExportError, _grader

NETWORK = COURSE.find_lesson("4-network")
#: What is of no use where no class is.
AT_HOME = tuple(
    f"course/autograder/{part}/"
    for part in (
        "gradebook",
        "grading/cluster",
        *(f"instructor/{one}" for one in ("demo", "release", "report", "similar")),
    )
)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("gradescope") / "zip"
    exports.gradescope(NETWORK, COURSE, path)
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_scripts_lie_at_the_top_and_can_be_run(package):
    for name in ("setup.sh", "run_autograder"):
        assert package.getinfo(name).external_attr >> 16 == 0o100755
        assert package.read(name).startswith(b"#!/usr/bin/env bash\n")
    assert b"-m autograder.instructor.exports autograder.course.contents:COURSE 4-network " in package.read(
        "run_autograder"
    )


def test_points_that_a_person_gives_are_told(tmp_path):
    inside, own_question = COURSE.lessons[-2:]
    assert len(exports.gradescope(inside, COURSE, tmp_path / "a.zip")) == 1
    _, told = exports.gradescope(own_question, COURSE, tmp_path / "b.zip")
    assert told.startswith("20 points of 8-your-own-question are for answers in sentences. Gradescope gets what tests")


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_scripts_are_bash(package, name):
    subprocess.run(["bash", "-n"], input=package.read(name), check=True)


def test_it_has_hidden_tests_mistakes_and_this_solution_alone(package):
    names = set(package.namelist())
    assert "course/autograder/course/secret/lesson_4_network/suite.py" in names
    assert "course/autograder/course/secret/lesson_4_network/misconceptions.py" in names
    assert [name for name in names if "solutions/" in name] == ["course/solutions/4-network/4-network.ipynb"]
    assert not [name for name in names if "__pycache__" in name or name.startswith(AT_HOME)]


def test_requirements_are_the_courses_in_tested_versions(package):
    wanted = package.read("course/requirements.txt").decode().splitlines()
    tested = package.read("course/constraints.txt").decode().splitlines()
    assert set(wanted) <= set(tested)
    assert {line.partition("==")[0] for line in wanted} >= {"torch", "numpy", "pytest", "msgspec"}
    assert not [line for line in wanted if line.startswith("nbgrader")]


def test_same_lesson_gives_the_same_zip(package, tmp_path):
    exports.gradescope(NETWORK, COURSE, tmp_path / "again.zip")
    assert os.path.getsize(package.filename) == (tmp_path / "again.zip").stat().st_size
    with zipfile.ZipFile(tmp_path / "again.zip") as again:
        assert [(one.filename, one.CRC, one.date_time) for one in again.infolist()] == [
            (one.filename, one.CRC, one.date_time) for one in package.infolist()
        ]


def test_where_secrets_are_missing_nothing_is_made(tmp_path):
    with pytest.raises(ExportError, match=r"secret is missing\. Exports are made in a clone of the repository\."):
        list(_grader.grader_files(NETWORK, dataclasses.replace(COURSE, home=tmp_path, secret=tmp_path / "secret")))


def test_requirement_without_a_tested_version_is_a_sentence(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["torch>=2", "attrs"]\n')
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
    with pytest.raises(ExportError, match=r"constraints\.txt has no version of attrs"):
        _grader.requirements(tmp_path)
