"""nbgrader's gradebook: what we write into it, against what nbgrader itself would."""

import csv
import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.gradebook.database import Entry, Marks, Person, Register, read_master, read_roll, scripts_on_path

COURSE = "neurons-to-network"
NOON = datetime.datetime(2030, 1, 1, 12)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory, gradebook_at):
    """A gradebook with one assignment: a tested cell, a cell graded by hand, a task; due at noon."""
    url = gradebook_at(tmp_path_factory.mktemp("fresh"))
    with scripts_on_path(), Gradebook(url, COURSE) as gradebook:
        gradebook.add_assignment("ps1", duedate=NOON.isoformat())
        gradebook.add_notebook("p1", "ps1", kernelspec='{"name": "python3"}')
        gradebook.add_grade_cell("test", "p1", "ps1", max_score=6, cell_type="code")
        gradebook.add_grade_cell("essay", "p1", "ps1", max_score=4, cell_type="markdown")
        gradebook.add_solution_cell("essay", "p1", "ps1")
        gradebook.add_solution_cell("answer", "p1", "ps1")
        gradebook.add_task_cell("task", "p1", "ps1", max_score=2, cell_type="markdown")
        gradebook.add_source_cell("test", "p1", "ps1", cell_type="code", source="check()", locked=True, checksum="1")
    return url


@pytest.fixture
def database(fresh, tmp_path, gradebook_at):
    """A copy of it, to be written in: its address."""
    return gradebook_at(tmp_path, like=fresh)


@pytest.fixture
def register(database):
    """``register(entry, …, penalty=…)`` enters submissions of ps1."""

    def enter(*entries, penalty=None):
        with Register(database, COURSE, penalty) as opened:
            opened.enter(read_master(database, COURSE, "ps1"), entries)

    return enter


def entry(student="ada", score=6.0, **fields):
    marks = {"p1": Marks({"test": score, "essay": None}, {"answer": None, "essay": "No response."})}
    return Entry(**{"student": student, "assignment": "ps1", "timestamp": NOON, "marks": marks, **fields})


def marks_of(database, student="ada"):
    """A submission's grades, comments and penalty as nbgrader reads them."""
    with Gradebook(database, COURSE) as gradebook:
        (notebook,) = gradebook.find_submission("ps1", student).notebooks
        grades = {one.name: (one.auto_score, one.needs_manual_grade) for one in notebook.grades}
        comments = {one.name: one.auto_comment for one in notebook.comments}
        return grades, comments, notebook.late_submission_penalty


def test_submission_looks_as_nbgrader_would_have_made_it(database, register, marks_in):
    register(entry("ada"))
    with Gradebook(database, COURSE) as gradebook:
        gradebook.add_student("bob")
        with gradebook.db.no_autoflush:
            gradebook.add_submission("ps1", "bob", timestamp=NOON.isoformat())
        for name, score in (("test", 6.0), ("essay", None)):
            grade = gradebook.find_grade(name, "p1", "ps1", "bob")
            grade.auto_score, grade.needs_manual_grade = score, score is None
        gradebook.find_comment("essay", "p1", "ps1", "bob").auto_comment = "No response."
        gradebook.db.commit()
    marks = marks_in(database)
    assert marks["ada", "ps1"] == marks["bob", "ps1"]


def test_scores_flags_and_comments(database, register):
    register(entry())
    grades, comments, penalty = marks_of(database)
    assert grades == {"test": (6.0, False), "essay": (None, True), "task": (None, True)}
    assert comments == {"answer": None, "essay": "No response.", "task": None}
    assert penalty is None


def test_entering_again_changes_the_score_and_adds_nothing(database, register):
    register(entry(), entry("bob"))
    register(entry(score=2.0))
    assert marks_of(database)[0]["test"] == (2.0, False)
    assert marks_of(database, "bob")[0]["test"] == (6.0, False)


def test_points_given_by_hand_stay_and_are_looked_at_again(database, register):
    register(entry())
    with Gradebook(database, COURSE) as gradebook:
        grade = gradebook.find_grade("test", "p1", "ps1", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.0, 1.0, False
        gradebook.find_comment("answer", "p1", "ps1", "ada").manual_comment = "Good idea."
        gradebook.db.commit()
    register(entry(score=0.0))
    with Gradebook(database, COURSE) as gradebook:
        grade = gradebook.find_grade("test", "p1", "ps1", "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (0.0, 3.0, 1.0)
        assert grade.needs_manual_grade
        assert gradebook.find_comment("answer", "p1", "ps1", "ada").comment == "Good idea."


def test_what_could_not_be_graded_keeps_its_scores_and_is_flagged(database, register):
    register(entry())
    register(entry(marks={}, is_graded=False))
    assert marks_of(database)[0]["test"] == (6.0, True)


def test_notebook_that_was_not_handed_in_gets_nothing_and_needs_nobody(database, register):
    register(entry(marks={"p1": Marks({"test": 0.0, "essay": 0.0, "task": 0.0}, is_there=False)}))
    grades, _, _ = marks_of(database)
    assert grades == dict.fromkeys(("test", "essay", "task"), (0.0, False))


def test_time_of_handing_in_is_kept_where_none_is_known_now(database, register):
    register(entry())
    register(entry(timestamp=None))
    with Gradebook(database, COURSE) as gradebook:
        assert gradebook.find_submission("ps1", "ada").timestamp == NOON


def test_penalty_is_worked_out_from_the_whole_score_and_the_time(database, register):
    seen = []

    def penalty(student, score, late):
        seen.append((student, score, late))
        return 1.5

    register(entry("ada", timestamp=NOON + datetime.timedelta(hours=1)), entry("bob"), penalty=penalty)
    assert seen == [("ada", 6.0, 3600.0)]
    assert marks_of(database, "ada")[2] == 1.5
    assert marks_of(database, "bob")[2] is None
    register(entry("ada"), penalty=penalty)  # in time after all
    assert marks_of(database, "ada")[2] is None


def test_extension_counts(database, register):
    register(entry())
    with Gradebook(database, COURSE) as gradebook:
        gradebook.grant_extension("ps1", "ada", hours=2)
    late = []
    register(entry(timestamp=NOON + datetime.timedelta(hours=3)), penalty=lambda *said: late.append(said[2]))
    assert late == [3600.0]


def test_all_or_nothing(database, register):
    broken = entry("zoe", timestamp="at noon")
    with pytest.raises(Exception, match="datetime"):
        register(entry("ada"), broken)
    with Register(database, COURSE) as opened:
        assert opened.students() == set()


def test_names_are_only_names(database, register):
    names = ["Zoë O'Hara", '"; DROP TABLE student; --', "=1+1", "李"]
    register(*(entry(name) for name in names))
    with Register(database, COURSE) as opened:
        assert opened.students() == set(names)
        assert opened.submitted(read_master(database, COURSE, "ps1")) == set(names)


def test_master_stands_in_for_the_gradebook(database):
    master = read_master(database, COURSE, "ps1")
    assert master.find_source_cell("test", "p1", "ps1").source == "check()"
    assert master.find_graded_cell("task", "p1", "ps1").max_score == 2
    with pytest.raises(ValueError, match="No such cell: ps1/p1/gone"):
        master.find_source_cell("gone", "p1", "ps1")


def test_assignment_that_was_never_released(database):
    assert read_master(database, COURSE, "ps2") is None


def test_roll_counts_as_nbgraders_export_does(database, register, tmp_path):
    register(entry("ada"), entry("bob", timestamp=NOON + datetime.timedelta(days=1)), penalty=lambda *_: 2.0)
    with scripts_on_path(), Gradebook(database, COURSE) as gradebook:
        gradebook.update_or_create_student("max", first_name="Max", email="max@example.org")
        grade = gradebook.find_grade("essay", "p1", "ps1", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.0, 0.5, False
        gradebook.db.commit()
        plugin = CsvExportPlugin(to=str(tmp_path / "grades.csv"))
        plugin.export(gradebook)
    with open(tmp_path / "grades.csv", newline="") as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    roll = read_roll(database, COURSE)
    assert roll.students == {
        "ada": Person("", "", ""),
        "bob": Person("", "", ""),
        "max": Person("Max", "", "max@example.org"),
    }
    assert roll.max_scores == {"ps1": float(exported["ada"]["max_score"])} == {"ps1": 12.0}
    assert {student: (one.score, one.penalty) for (student, _), one in roll.standings.items()} == {
        student: (float(exported[student]["score"]), float(exported[student]["late_submission_penalty"]))
        for student in ("ada", "bob")
    }
    assert roll.standings["ada", "ps1"].score == 9.5
    assert roll.standings["bob", "ps1"].needs_manual_grade
