"""nbgrader's gradebook: what we write into it, against what nbgrader itself would."""

import csv
import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.gradebook.database import (
    CellScores,
    Entry,
    GradebookWriter,
    Person,
    read_roster,
    read_source_version,
    scripts_on_path,
)

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
def enter(database):
    """``enter(entry, …, penalty=…)`` enters submissions of ps1."""

    def into_gradebook(*entries, penalty=None):
        with GradebookWriter(database, COURSE, penalty) as opened:
            opened.enter(read_source_version(database, COURSE, "ps1"), entries)

    return into_gradebook


def entry(student="ada", score=6.0, **fields):
    scores = {"p1": CellScores({"test": score, "essay": None}, {"answer": None, "essay": "No response."})}
    return Entry(**{"student": student, "assignment": "ps1", "timestamp": NOON, "scores": scores, **fields})


def marks_of(database, student="ada"):
    """A submission's grades, comments and penalty as nbgrader reads them."""
    with Gradebook(database, COURSE) as gradebook:
        (notebook,) = gradebook.find_submission("ps1", student).notebooks
        grades = {one.name: (one.auto_score, one.needs_manual_grade) for one in notebook.grades}
        comments = {one.name: one.auto_comment for one in notebook.comments}
        return grades, comments, notebook.late_submission_penalty


def test_submission_looks_as_nbgrader_would_have_made_it(database, enter, marks_in):
    enter(entry("ada"))
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


def test_scores_flags_and_comments(database, enter):
    enter(entry())
    grades, comments, penalty = marks_of(database)
    assert grades == {"test": (6.0, False), "essay": (None, True), "task": (None, True)}
    assert comments == {"answer": None, "essay": "No response.", "task": None}
    assert penalty is None


def test_entering_again_changes_the_score_and_adds_nothing(database, enter):
    enter(entry(), entry("bob"))
    enter(entry(score=2.0))
    assert marks_of(database)[0]["test"] == (2.0, False)
    assert marks_of(database, "bob")[0]["test"] == (6.0, False)


def test_points_given_by_hand_stay_and_are_looked_at_again(database, enter):
    enter(entry())
    with Gradebook(database, COURSE) as gradebook:
        grade = gradebook.find_grade("test", "p1", "ps1", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.0, 1.0, False
        gradebook.find_comment("answer", "p1", "ps1", "ada").manual_comment = "Good idea."
        gradebook.db.commit()
    enter(entry(score=0.0))
    with Gradebook(database, COURSE) as gradebook:
        grade = gradebook.find_grade("test", "p1", "ps1", "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (0.0, 3.0, 1.0)
        assert grade.needs_manual_grade
        assert gradebook.find_comment("answer", "p1", "ps1", "ada").comment == "Good idea."


def test_what_could_not_be_graded_keeps_its_scores_and_is_flagged(database, enter):
    enter(entry())
    enter(entry(scores={}, is_graded=False))
    assert marks_of(database)[0]["test"] == (6.0, True)


def test_notebook_that_was_not_handed_in_gets_nothing_and_needs_nobody(database, enter):
    enter(entry(scores={"p1": CellScores({"test": 0.0, "essay": 0.0, "task": 0.0}, is_there=False)}))
    grades, _, _ = marks_of(database)
    assert grades == dict.fromkeys(("test", "essay", "task"), (0.0, False))


def test_time_of_handing_in_is_kept_where_none_is_known_now(database, enter):
    enter(entry())
    enter(entry(timestamp=None))
    with Gradebook(database, COURSE) as gradebook:
        assert gradebook.find_submission("ps1", "ada").timestamp == NOON


def test_penalty_is_worked_out_from_the_whole_score_and_the_time(database, enter):
    seen = []

    def penalty(student, score, late):
        seen.append((student, score, late))
        return 1.5

    enter(entry("ada", timestamp=NOON + datetime.timedelta(hours=1)), entry("bob"), penalty=penalty)
    assert seen == [("ada", 6.0, 3600.0)]
    assert marks_of(database, "ada")[2] == 1.5
    assert marks_of(database, "bob")[2] is None
    enter(entry("ada"), penalty=penalty)  # in time after all
    assert marks_of(database, "ada")[2] is None


def test_extension_counts(database, enter):
    enter(entry())
    with Gradebook(database, COURSE) as gradebook:
        gradebook.grant_extension("ps1", "ada", hours=2)
    late = []
    enter(entry(timestamp=NOON + datetime.timedelta(hours=3)), penalty=lambda *about: late.append(about[2]))
    assert late == [3600.0]


def test_all_or_nothing(database, enter):
    broken = entry("zoe", timestamp="at noon")
    with pytest.raises(Exception, match="datetime"):
        enter(entry("ada"), broken)
    with GradebookWriter(database, COURSE) as opened:
        assert opened.students() == set()


def test_notebooks_and_cells_that_the_source_version_does_not_have_are_left_out(database, enter):
    enter(entry(scores={"gone": CellScores({"test": 6.0}), "p1": CellScores({"test": 4.0, "gone": 1.0})}))
    assert marks_of(database)[0]["test"] == (4.0, False)


def test_names_are_only_names(database, enter):
    names = ["Zoë O'Hara", '"; DROP TABLE student; --', "=1+1", "李"]
    enter(*(entry(name) for name in names))
    with GradebookWriter(database, COURSE) as opened:
        assert opened.students() == set(names)
        assert opened.submitted(read_source_version(database, COURSE, "ps1")) == set(names)


def test_source_version_stands_in_for_the_gradebook(database):
    source_version = read_source_version(database, COURSE, "ps1")
    assert source_version.find_source_cell("test", "p1", "ps1").source == "check()"
    assert source_version.find_graded_cell("task", "p1", "ps1").max_score == 2
    with pytest.raises(ValueError, match="No such cell: ps1/p1/gone"):
        source_version.find_source_cell("gone", "p1", "ps1")


def test_assignment_that_was_never_released(database):
    assert read_source_version(database, COURSE, "ps2") is None


def test_roster_counts_as_nbgraders_export_does(database, enter, tmp_path):
    enter(entry("ada"), entry("bob", timestamp=NOON + datetime.timedelta(days=1)), penalty=lambda *_: 2.0)
    with scripts_on_path(), Gradebook(database, COURSE) as gradebook:
        gradebook.update_or_create_student("max", first_name="Max", email="max@example.org")
        grade = gradebook.find_grade("essay", "p1", "ps1", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.0, 0.5, False
        gradebook.db.commit()
        plugin = CsvExportPlugin(to=str(tmp_path / "grades.csv"))
        plugin.export(gradebook)
    with open(tmp_path / "grades.csv", newline="") as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    roster = read_roster(database, COURSE)
    assert roster.students == {
        "ada": Person("", "", ""),
        "bob": Person("", "", ""),
        "max": Person("Max", "", "max@example.org"),
    }
    assert roster.max_scores == {"ps1": float(exported["ada"]["max_score"])} == {"ps1": 12.0}
    assert {student: (one.score, one.penalty) for (student, _), one in roster.standings.items()} == {
        student: (float(exported[student]["score"]), float(exported[student]["late_submission_penalty"]))
        for student in ("ada", "bob")
    }
    assert roster.standings["ada", "ps1"].score == 9.5
    assert roster.standings["bob", "ps1"].needs_manual_grade
