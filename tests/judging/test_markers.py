"""The markers of a suite, as a suite gets them and as pytest knows them."""

import tomllib

import pytest

from autograder import judging
from autograder.course.contents import COURSE
from autograder.judging.markers import MARKERS


def test_markers_keep_what_they_are_given():
    assert judging.points(2).mark.args == (2,)
    assert judging.time_limit(60).mark.args == (60,)
    assert judging.drawn_as("bars").mark.args == ("bars",)
    assert judging.DEFAULT_TIME_LIMIT == 4


@pytest.mark.parametrize("line", MARKERS)
def test_each_is_in_the_face_and_known_to_the_pytest_of_this_project(line):
    assert line.partition(":")[0].partition("(")[0] in judging.__all__
    project = tomllib.loads((COURSE.home / "pyproject.toml").read_text())
    assert line in project["tool"]["pytest"]["ini_options"]["markers"]
