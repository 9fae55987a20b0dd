"""A course as nbgrader itself would see it."""

import os

import pytest

from autograder.gradebook.course_folder import CourseFolder, CourseFolderError


@pytest.fixture
def course(tmp_path):
    """``course(settings)``: a course with these lines in its nbgrader_config.py."""

    def make(settings=""):
        (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + settings)
        return CourseFolder(tmp_path)

    return make


def hand_in(tmp_path, *places):
    for place in places:
        (tmp_path / place).mkdir(parents=True)


def test_submissions_come_by_assignment_and_student(course, tmp_path):
    hand_in(tmp_path, "submitted/bob/ps1", "submitted/ada/ps2", "submitted/ada/ps1", "submitted/Zoë O'Hara/ps1")
    (tmp_path / "submitted" / "notes.txt").write_text("")
    found = [(one.assignment, one.student) for one in course().submitted()]
    assert found == [("ps1", "Zoë O'Hara"), ("ps1", "ada"), ("ps1", "bob"), ("ps2", "ada")]
    assert [one.student for one in course().submitted("ps2")] == ["ada"]


def test_name_of_an_assignment_is_no_pattern(course, tmp_path):
    hand_in(tmp_path, "submitted/ada/ps1", "submitted/ada/ps[1]")
    assert [one.assignment for one in course().submitted("ps[1]")] == ["ps[1]"]


def test_folders_are_those_of_the_settings(course, tmp_path):
    opened = course(
        "c.CourseDirectory.submitted_directory = 'in'\n"
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n"
        "c.CourseDirectory.student_id_exclude = 'bob,eve'\n"
    )
    hand_in(tmp_path, "in/ps1/ada", "in/ps1/bob")
    assert [(one.student, one.assignment) for one in opened.submitted()] == [("ada", "ps1")]
    assert opened.autograded("ada", "ps1") == tmp_path / "autograded" / "ps1" / "ada"
    assert opened.directory.db_url == f"sqlite:///{tmp_path}/gradebook.db"


def test_settings_of_the_current_folder_are_another_courses(course, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'other'\n")
    monkeypatch.chdir(elsewhere)
    assert course("c.CourseDirectory.course_id = 'mine'\n").directory.course_id == "mine"
    assert os.getcwd() == str(elsewhere)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("c.Autograde = (\n", "SyntaxError"),
        ("c.CourseDirectory.db_url = 3\n", "expected a unicode string, not the int 3"),
        ("1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_settings_that_cannot_be_read_are_a_sentence(course, settings, why):
    with pytest.raises(CourseFolderError, match=f"The settings of .* cannot be read: .*{why}"):
        course(settings)


def test_warnings_of_nbgrader_are_kept_and_not_printed(course, capfd):
    opened = course()
    opened.converter.log.warning("cell %s is\n odd", "x")
    assert opened.warnings == ["cell x is odd"]
    assert capfd.readouterr() == ("", "")
