"""What an instructor allows beyond the ordinary: the settings, and what is wrong with some."""

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.permissions import PermissionsError, allowed
from autograder.sandbox import Limits, Permissions


def settings(**values):
    config = Config()
    config.Sandbox.update(values)
    return config


def test_without_settings_nothing_is_allowed():
    may = allowed(Config(), "ps1")
    assert (may.permissions, may.limits, may.environment, may.seconds) == (Permissions(), Limits(), {}, 0)
    assert (may.widened, may.fingerprint) == ({}, "")


def test_settings_for_a_course_hold_for_each_assignment():
    config = settings(
        programs=["bash"], processes=True, hosts=["api.example.org"], folders=["/data/"], environment={"KEY": "s3cret"}
    )
    config.Sandbox.update(memory=4096, disk=128, file_size=100, threads=100, seconds=90.0)
    may = allowed(config, "ps1")
    assert may.permissions == Permissions(("bash",), True, ("api.example.org",), ("/data",))
    assert may.limits == Limits(
        memory=4096 * 2**20, scratch=128 * 2**20, file_size=100 * 2**20, processes=100, cpu_seconds=9000
    )
    assert (may.environment, may.seconds) == ({"KEY": "s3cret"}, 90)
    assert set(may.widened) == {
        *("programs", "processes", "hosts", "folders", "environment"),
        *("memory", "disk", "file_size", "threads", "seconds"),
    }
    assert may.widened["environment"] == ["KEY"], "a record must not show what may be a password"


def test_settings_for_one_assignment_come_before_those_for_the_course():
    config = settings(memory=4096, programs=["bash"], assignments={"ps3": {"memory": 8192, "hosts": ["*"]}})
    assert allowed(config, "ps1").widened == {"memory": 4096, "programs": ["bash"]}
    assert allowed(config, "ps3").widened == {"hosts": ["*"], "memory": 8192, "programs": ["bash"]}
    assert allowed(settings(memory=4096, assignments={"ps3": {"memory": 2048}}), "ps3").widened == {}


def test_a_single_name_is_a_list_of_one():
    for config in (settings(programs="bash"), settings(assignments={"ps1": {"programs": "bash"}})):
        assert allowed(config, "ps1").permissions.programs == ("bash",)


def test_other_settings_have_another_fingerprint():
    different = [
        *({}, {"memory": 4096}, {"memory": 4097}, {"programs": ["bash"]}, {"seconds": 5.0}),
        *({"environment": {"A": "1"}}, {"environment": {"A": "2"}}),
    ]
    assert len({allowed(settings(**one), "ps1").fingerprint for one in different}) == len(different)
    config = settings(assignments={"ps2": {"memory": 4096}})
    assert allowed(config, "ps1").fingerprint == "" != allowed(config, "ps2").fingerprint


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"memroy": 4096}, "`c.Sandbox` has no setting 'memroy'; there are assignments, disk"),
        ({"assignments": {"ps1": {"memroy": 1}}}, r"`c.Sandbox.assignments\['ps1'\]` has no setting 'memroy'"),
        ({"assignments": {"ps1": {"assignments": {}}}}, "has no setting 'assignments'"),
        ({"assignments": {"ps1": 5}}, "is no dictionary of settings"),
        ({"memory": "4 GB"}, r"A setting of `c.Sandbox` in nbgrader_config.py is wrong: .*memory"),
        ({"assignments": {"ps1": {"memory": "4 GB"}}}, "is wrong: .*memory"),
        ({"programs": 5}, "is wrong: .*programs"),
        ({"memory": 0}, "`c.Sandbox.memory` is 0, and has to be more than 0"),
        ({"seconds": -1.0}, "cannot be less than 0"),
        ({"programs": ["/bin/bash"]}, "programs? .*given by .*name"),
        ({"hosts": ["https://example.org/x"]}, "a host is given by its name"),
        ({"hosts": ["api.*"]}, "a host is given by its name"),
        ({"environment": {"A": 1}}, "a variable's name and value are texts"),
        ({"folders": ["data"]}, "does not begin with a slash"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(wrong, sentence):
    with pytest.raises(PermissionsError, match=sentence):
        allowed(settings(**wrong), "ps1")


@pytest.mark.parametrize("place", ["", "..", "source", "source/ps1", "submitted", "autograded/eve", "gradebook.db"])
def test_no_setting_shows_students_code_the_course(tmp_path, place):
    folder = str((tmp_path / "course" / place).resolve())
    with pytest.raises(PermissionsError, match=r"students' code could read .*Put what it should read into a folder"):
        allowed(settings(folders=[folder]), "ps1", CourseDirectory(root=str(tmp_path / "course")))


def test_a_folder_of_its_own_in_the_course_may_be_shown(tmp_path):
    may = allowed(settings(folders=[str(tmp_path / "data")]), "ps1", CourseDirectory(root=str(tmp_path)))
    assert may.permissions.folders == (str(tmp_path / "data"),)
