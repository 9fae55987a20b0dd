"""A course that is none of ours, from its first trial to permissions that are given and taken away."""

import json

import pytest
from nbgrader.api import Gradebook

SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = 'any'\nc.CourseDirectory.db_url = 'sqlite:///{}'\n"
PLUG_IN = "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"
BASH = 'c.Sandbox.assignments = {"ps1": {"programs": ["echo"]}}\n'


@pytest.fixture(scope="module")
def said(command):
    """``said(course, "nbgrader", "autograde", "ps1")``: the exit code, and what is said."""

    def run(course, *arguments):
        done = command(*arguments, cwd=course)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def course(tmp_path_factory, notebook, code_cell, said):
    """Its first assignment needs a program, its second nothing; one student has handed in both."""
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(SETTINGS.format(course / "gradebook.db"))
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    tests = {
        "ps1": "import subprocess\nassert subprocess.run(['echo', str(x)]).returncode == 0",
        "ps2": "assert x == 5",
    }
    for name, test in tests.items():
        folder = course / "source" / name
        folder.mkdir(parents=True)
        answer = code_cell("### BEGIN SOLUTION\nx = 5\n### END SOLUTION", grade_id="answer", solution=True)
        graded = code_cell(test, grade_id="test", grade=True, locked=True, points=3)
        (folder / f"{name}.ipynb").write_bytes(notebook(answer, graded, metadata=kernel))
        code, output = said(course, "nbgrader", "generate_assignment", name)
        assert code == 0, output
        released = json.loads((course / "release" / name / f"{name}.ipynb").read_text())
        released["cells"][0]["source"] = "x = 6"
        place = course / "submitted" / "eve" / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text(json.dumps(released))
    return course


@pytest.fixture(scope="module")
def tried(course, said):
    """``tried(settings)``: what `autograder try` says with these settings; it leaves the course as it was."""

    def run(settings):
        (course / "nbgrader_config.py").write_text(SETTINGS.format(course / "gradebook.db") + settings)
        before = contents(course)
        told = said(course.parent, "autograder", "try", course)
        assert contents(course) == before, "a trial has written to the course"
        return told

    return run


def contents(course):
    return {path: path.read_bytes() for path in sorted(course.rglob("*")) if path.is_file()}


def test_trial_shows_what_differs_and_how_to_allow_it(tried):
    code, output = tried("")
    assert code == 1, output
    assert "2 of 4 submissions have the same scores." in output
    said = " ".join(output.split())
    assert "ps1, eve: the cell test of ps1 gets 3 from stock nbgrader and 0 from us" in said
    assert "ps1, eve: the outputs of ps1 are others in cell 2" in said
    assert '\'ps1\': {"programs": ["*"]},' in output
    assert "'ps2'" not in output


def test_trial_is_equal_once_it_is_allowed(soak, tried):
    code, output = tried(PLUG_IN + BASH)
    assert code == 0, output
    assert "4 of 4 submissions have the same scores." in output


def test_trial_says_what_cannot_be_released_or_graded(soak, tmp_path, notebook, code_cell, said):
    """What nbgrader does not release keeps no other from being tried, and what nobody grades is not called equal."""
    (tmp_path / "nbgrader_config.py").write_text(SETTINGS.format(tmp_path / "gradebook.db"))
    graded = code_cell("assert True", grade_id="test", grade=True, locked=True, points=3)
    for name, cell, kernel in (
        ("ps1", code_cell("### BEGIN SOLUTION\nx = 5\n### END SOLUTION"), "python3"),
        ("ps2", code_cell("x = 5"), "no-such-kernel"),
    ):
        (tmp_path / "source" / name).mkdir(parents=True)
        about = {"kernelspec": {"name": kernel, "language": "python", "display_name": "Python 3"}}
        (tmp_path / "source" / name / f"{name}.ipynb").write_bytes(notebook(cell, graded, metadata=about))
    code, output = said(tmp_path, "autograder", "try", ".")
    said = " ".join(output.split())
    assert code == 1, output
    assert "ps1: nbgrader cannot release it: RuntimeError: Solution region detected in a non-solution cell" in said
    assert "ps2, source-version: stock nbgrader has not graded it: jupyter_client.kernelspec.NoSuchKernel" in said
    assert (
        "ps2, source-version: we have not graded it: The notebook needs the kernel 'no-such-kernel', and there is none"
        in said
    )
    assert "0 of 1 submissions have the same scores, and neither could grade 1." in said


def test_trial_of_what_is_no_course_is_a_sentence(tmp_path, said):
    code, output = said(tmp_path, "autograder", "try", ".")
    assert code == 2
    assert "There is no source version of an assignment in" in output


def graded(course, settings, said):
    """Grade the class with these settings: the results by assignment, and what was printed."""
    (course / "nbgrader_config.py").write_text(SETTINGS.format(course / "gradebook.db") + PLUG_IN + settings)
    code, output = said(course, "autograder", "grade", ".", "--jsonl", "results.jsonl", "--workers", "1")
    assert code == 0, output
    return {
        one["assignment"]: one for one in map(json.loads, (course / "results.jsonl").read_text().splitlines())
    }, output


@pytest.fixture(scope="module")
def regraded(course, said):
    """Three runs: with nothing allowed, with a permission for one assignment, and once more the same."""
    return [graded(course, settings, said) for settings in ("", BASH, BASH)]


def test_what_a_permission_concerns_is_graded_again_and_says_what_was_widened(regraded):
    (strict, first), (wide, second), (_, third) = regraded
    assert (strict["ps1"]["score"], wide["ps1"]["score"]) == (0, 3)
    assert (strict["ps1"]["refused"], wide["ps1"]["refused"]) == (["programs"], [])
    assert (strict["ps1"]["widened"], wide["ps1"]["widened"]) == ({}, {"programs": ["echo"]})
    assert wide["ps2"]["widened"] == {}
    assert "2 graded" in first
    assert "1 graded, 1 unchanged" in second
    assert "0 graded, 2 unchanged" in third
    assert "1 submission met the sandbox: programs 1" in first
    assert "met the sandbox" not in second


def test_settings_that_make_no_sense_stop_the_run_with_a_sentence(course, regraded, said):
    settings = SETTINGS.format(course / "gradebook.db") + PLUG_IN + "c.Sandbox.memroy = 5\n"
    (course / "nbgrader_config.py").write_text(settings)
    code, output = said(course, "autograder", "grade", ".")
    assert code == 1
    assert "`c.Sandbox` has no setting 'memroy'; there are assignments, disk" in output
    code, output = said(course, "autograder", "doctor")
    assert code == 1
    assert "`c.Sandbox` has no setting 'memroy'" in output


def test_plugin_follows_the_permission_and_asks_for_a_human_without_it(course, regraded, said):
    for settings, expected in (("", (0, True)), (BASH, (3, False))):
        (course / "nbgrader_config.py").write_text(SETTINGS.format(course / "gradebook.db") + PLUG_IN + settings)
        code, output = said(course, "nbgrader", "autograde", "ps1", "--force")
        assert code == 0, output
        assert ("The sandbox allows ps1 more than usual: programs ['echo']" in output) == bool(settings)
        with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
            (grade,) = gradebook.find_submission("ps1", "eve").notebooks[0].grades
            assert (grade.auto_score, grade.needs_manual_grade) == expected


def test_doctor_shows_what_the_course_allows(course, regraded, said):
    (course / "nbgrader_config.py").write_text(SETTINGS.format(course / "gradebook.db") + PLUG_IN + BASH)
    _, output = said(course, "autograder", "doctor")
    assert "Allowed beyond the ordinary" in output
    assert "programs" in output.partition("Allowed beyond")[2]
