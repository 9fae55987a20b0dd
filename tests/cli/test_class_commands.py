"""The commands about a class's pages, ledger and intake, as they are typed."""

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import (
    CellScores,
    Entry,
    GradebookWriter,
    read_source_version,
    scripts_on_path,
)
from autograder.gradebook.ledger import Ledger, read_marks
from autograder.gradebook.snapshots import take_snapshot


@pytest.fixture
def run():
    """``run("ledger", folder)``: exit code, and all that was printed in one line."""

    def invoke(*words):
        done = CliRunner().invoke(main, [str(word) for word in words])
        return done.exit_code, " ".join(done.output.split())

    return invoke


@pytest.fixture
def course(tmp_path):
    """A class with one assignment of 3 points, and one student who has 2 of them."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    address = f"sqlite:///{folder}/gradebook.db"
    with scripts_on_path(), Gradebook(address, "any") as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        gradebook.add_grade_cell("test", "ps1", "ps1", max_score=3.0, cell_type="code")
        gradebook.db.commit()
    give(folder, 2.0)
    (folder / ".autograder").mkdir()
    with Ledger(folder / ".autograder") as ledger:
        ledger.seed(read_marks(address))
    return folder


def give(folder, score):
    address = f"sqlite:///{folder}/gradebook.db"
    with GradebookWriter(address, "any") as writer:
        entry = Entry("ada", "ps1", None, {"ps1": CellScores({"test": score})})
        writer.enter(read_source_version(address, "any", "ps1"), [entry])


def test_ledger_and_undo(run, course, tmp_path):
    assert run("ledger", course) == (0, "Every score that has changed: none.")
    code, said = run("undo", course)
    assert code == 1
    assert "no run has changed the gradebook yet" in said
    take_snapshot(CourseFolder(course))
    give(course, 3.0)
    with Ledger(course / ".autograder") as ledger:
        ledger.note(read_marks(f"sqlite:///{course}/gradebook.db"), lambda *_: "the tests changed")
    code, said = run("ledger", course)
    assert code == 0
    assert "ada ps1 test 2 3 the tests changed" in said
    code, said = run("undo", course)
    assert code == 0
    assert "ada ps1 test 3 2 `autograder undo`" in said
    assert "`autograder feedback` brings the pages up to date" in said
    assert run("ledger", course, "--student", "bob", "--out", tmp_path / "l.csv")[0] == 0
    assert (tmp_path / "l.csv").read_text(encoding="utf-8-sig").splitlines() == [
        '"at","student","assignment","question","before","after","why"'
    ]


def test_feedback_with_nothing_to_do(run, course):
    assert run("feedback", course) == (0, "Every feedback page is up to date.")


def test_collect(run, course, tmp_path, code_cell, notebook):
    (tmp_path / "roster.csv").write_text("id,name\nada,Ada Lovelace\nbob,Bob Roe\n")
    (tmp_path / "in" / "Ada Lovelace").mkdir(parents=True)
    cell = code_cell("assert f()", grade_id="test", grade=True, locked=True)
    (tmp_path / "in" / "Ada Lovelace" / "home.ipynb").write_bytes(notebook(cell))
    code, said = run("collect", tmp_path / "in", "--roster", tmp_path / "roster.csv", "--class", course)
    assert code == 0
    assert "Files: 1 collected. There is nothing of 1 student in the roster: bob." in said
    assert (course / "submitted" / "ada" / "ps1" / "ps1.ipynb").exists()
    (tmp_path / "in" / "Somebody").mkdir()
    (tmp_path / "in" / "Somebody" / "home.ipynb").write_bytes(notebook(cell))
    code, said = run("collect", tmp_path / "in", "--roster", tmp_path / "roster.csv", "--class", course)
    assert code == 1
    assert "Nobody in the roster is called that" in said
    code, said = run("collect", tmp_path, "--roster", tmp_path / "roster.csv", "--class", course, "--assignment", "ps9")
    assert code == 1
    assert "knows no assignment 'ps9'; there are ps1" in said


@pytest.mark.parametrize("command", [["feedback"], ["ledger"], ["undo"]])
def test_folder_that_is_no_class_is_a_sentence(run, tmp_path, command):
    code, said = run(*command, tmp_path)
    assert code == 2
    assert "is no class: it has neither nbgrader_config.py nor gradebook.db" in said


@pytest.mark.parametrize("is_class", [True, False], ids=["class", "notebook"])
def test_layers_that_are_asked_for_are_demanded_of_every_grader(run, course, monkeypatch, is_class):
    submitted = course / "submitted" / "ada" / "ps1"
    submitted.mkdir(parents=True)
    (submitted / "ps1.ipynb").touch()
    demanded = []

    def run_tasks(*_, require, **settings):
        demanded.append(tuple(require))
        return iter(())

    monkeypatch.setattr("autograder.grading.pool.run_tasks", run_tasks)
    monkeypatch.setattr("autograder.grading.fork_server.begin", lambda _: None)
    path = course if is_class else COURSE.find_lesson("1-neuron").notebook(COURSE.home / "solutions")
    code, said = run("grade", path, "--require", "seccomp", "--require", "hidden")
    assert (code, demanded) == (0, [("seccomp", "hidden")]), said


@pytest.fixture
def grouped(course):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.ClassRules.groups = {'anna': ['ada'], 'carl': []}\n")
    return course


@pytest.mark.parametrize(
    "command",
    [["grade"], ["feedback"], ["report"], ["export", "canvas"], ["export", "questions"], ["export", "mail-merge"]],
)
def test_group_that_is_not_there_is_a_sentence(run, grouped, command):
    code, said = run(*command, grouped, "--group", "dora")
    assert code in (1, 2)
    assert "There is no group 'dora'; there are: anna, carl." in said


def test_commands_are_about_those_who_are_asked_for(run, grouped, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for options, expected in ((["--group", "anna"], 1), (["--group", "carl"], 0), (["--student", "ada"], 1)):
        code, said = run("export", "questions", grouped, *options)
        assert code == 0, said
        rows = (tmp_path / "questions.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        assert len(rows) == expected
    code, said = run("grade", grouped, "--student", "zoe")
    assert code == 1
    assert "Nothing has been submitted by those students in" in said
    code, said = run("grade", tmp_path, "--student", "zoe")
    assert code == 2
    assert "are for a course, and there is none at this path" in said
