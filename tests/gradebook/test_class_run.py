"""A class graded into the gradebook: every result kept, nothing done twice, changes told."""

import datetime
import os
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError

from autograder.course.contents import COURSE
from autograder.gradebook import class_run
from autograder.gradebook.autograde import Autograded
from autograder.gradebook.class_run import Change, ClassRun, StoppedShort
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import CellScores, read_roster
from autograder.gradebook.feedback_pages import NOT_GRADED
from autograder.gradebook.results_store import ResultsStore
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.notebooks.files import folder_digest

NEURON = COURSE.find_lesson("1-neuron")


def hand_in(course, student, text, assignment=NEURON.name):
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment}.ipynb").write_text(text)
    return folder


@pytest.fixture(scope="module")
def answers():
    return reference_answers(NEURON, COURSE)


@pytest.fixture(scope="module")
def release():
    return NEURON.notebook(COURSE.home / "assignments").read_text()


@pytest.fixture(scope="module")
def course(tmp_path_factory, answers, release, gradebook_at):
    """A course with one lesson and five students, some of them odd."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE.home / "source" / NEURON.name, course / "source" / NEURON.name)
    database = gradebook_at(course)
    (course / "nbgrader_config.py").write_text(
        (COURSE.home / "nbgrader_config.py").read_text()
        + f"c.LateSubmissionPlugin.penalty_method = 'zero'\nc.CourseDirectory.db_url = {database!r}\n"
    )
    release_lessons(COURSE, course, database, (NEURON,))
    (course / "source" / NEURON.name / "table.csv").write_text("the source's")
    hand_in(course, "ada", fill_in(release, answers))
    wrong = {**answers, "sigmoid": "def sigmoid(z):\n    return 1 / (1 + torch.exp(z))"}
    folder = hand_in(course, "bob", fill_in(release, wrong))
    (folder / "notes.txt").write_text("mine")
    (folder / "table.csv").write_text("forged")
    (folder / "secret").symlink_to("/etc/passwd")
    (folder / "timestamp.txt").write_text("2030-01-02 03:04:05 UTC")
    hand_in(course, "eve", "{")
    hand_in(course, "Zoë O'Hara", release)
    (course / "submitted" / "max" / NEURON.name).mkdir(parents=True)
    (course / "submitted" / "ada" / "unheard-of").mkdir()
    return course


@pytest.fixture(scope="module")
def database(course):
    """The address of the course's gradebook."""
    return CourseFolder(course).directory.db_url


def grade(course, taught=COURSE, **settings):
    """One run, as it is after it, and the results by student."""
    with ClassRun(course, taught, workers=1, **settings) as run:
        results = {result.student: result for result in run.grade()}
        run.everybody = {result.student: result for result in run.results()}
    return run, results


@pytest.fixture(scope="module")
def stopped(course):
    """The first run, in which the disk fills up at the third result."""
    keep, kept = ResultsStore.keep, []

    def full(self, result):
        if len(kept) == 2:
            raise sqlite3.OperationalError("database or disk is full")
        kept.append(result.student)
        keep(self, result)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ResultsStore, "keep", full)
        with pytest.raises(StoppedShort, match=r"disk is full\. Make room on its disk\. What has been graded is kept"):
            grade(course)
    return kept


@pytest.fixture(scope="module")
def resumed(course, stopped):
    return grade(course)


@pytest.fixture(scope="module")
def marks(database, resumed, marks_in):
    return marks_in(database)


def test_resumed_run_grades_what_is_left_and_nothing_twice(stopped, resumed):
    run, results = resumed
    assert sorted([*stopped, *results]) == ["Zoë O'Hara", "ada", "bob", "eve", "max"]
    assert run.unchanged == 2
    assert len(run.everybody) == 5


def test_gradebook_has_everybody_in_the_end(marks):
    assert {student: one["score"] for (student, _), one in marks.items()} == {
        "ada": 12,
        "Zoë O'Hara": 0,
        "eve": 0,
        "bob": marks["bob", NEURON.name]["score"],
    }
    assert 0 < marks["bob", NEURON.name]["score"] < 12
    assert {student for (student, _), one in marks.items() if one["needs_manual_grade"]} == {"eve"}


def test_time_of_handing_in_comes_from_the_timestamp(marks):
    assert marks["bob", NEURON.name]["timestamp"].isoformat() == "2030-01-02T03:04:05"
    assert marks["ada", NEURON.name]["timestamp"] is None


def test_assignment_without_a_release_is_told(resumed):
    (complaint,) = [line for line in resumed[0].complaints if "unheard-of" in line]
    assert "`nbgrader generate_assignment --force` enters it" in complaint


def test_what_cannot_be_graded_says_why(resumed):
    everybody = resumed[0].everybody
    assert everybody["max"].problem == "There is no notebook in the folder."
    assert everybody["eve"].problem.startswith("The file is not a notebook")
    assert [question.outcome for question in everybody["eve"].questions] == ["not_attempted"] * 4


def test_files_beside_the_notebook_are_copied_links_are_not(course, resumed):
    folder = course / "autograded" / "bob" / NEURON.name
    assert sorted(os.listdir(folder)) == [f"{NEURON.name}.ipynb", "notes.txt", "table.csv", "timestamp.txt"]
    assert (folder / "table.csv").read_text() == "the source's"
    assert any("secret" in note for note in resumed[0].everybody["bob"].notes)
    assert not (course / "autograded" / "eve" / NEURON.name).exists()


def test_nothing_is_left_lying_about(course, resumed):
    there = sorted(path.name for path in (course / ".autograder").iterdir())
    assert there == ["ledger.db", "lock", "log", "results.db", "snapshots"]


def test_log_has_what_was_odd_about_each_submission(course, resumed):
    log = (course / ".autograder" / "log").read_text()
    assert "database or disk is full" in log
    assert f"eve, {NEURON.name}: The file is not a notebook" in log
    assert f"bob, {NEURON.name}: secret is a link. Hand in the file itself. It was left out." in log
    assert "The gradebook knows no assignment 'unheard-of'" in log


def test_nothing_new_is_nothing_to_do(course, resumed):
    run, results = grade(course)
    assert (run.total, run.unchanged, results, run.changes) == (0, 3, {}, [])
    assert any(line.startswith("eve, 1-neuron: The file is not a notebook") for line in run.complaints)


def test_second_grader_is_refused_with_a_sentence(course, resumed):
    with (
        ClassRun(course, COURSE),
        pytest.raises(StoppedShort, match="Another grader is at work"),
        ClassRun(course, COURSE),
    ):
        pass


def test_assignment_nobody_has_submitted(course):
    with (
        pytest.raises(StoppedShort, match="Nothing has been submitted for 4-network"),
        ClassRun(course, COURSE, assignment="4-network"),
    ):
        pass


@pytest.fixture(scope="module")
def solutions(tmp_path_factory):
    """Reference solutions of which one is another."""
    solutions = tmp_path_factory.mktemp("solutions")
    shutil.copytree(COURSE.home / "solutions" / NEURON.name, solutions / NEURON.name)
    path = NEURON.notebook(solutions)
    path.write_text(fill_in(path.read_text(), {"weighted_sum": "def weighted_sum(x, w, b):\n    return x @ w + b + 1"}))
    return solutions


@pytest.fixture(scope="module")
def changed(course, resumed, answers, release, solutions):
    """A run after Zoë handed in again, ada's autograded folder was lost, and one question's reference changed."""
    hand_in(course, "Zoë O'Hara", fill_in(release, answers))
    shutil.rmtree(course / "autograded" / "ada")
    return grade(course, COURSE.with_solutions(solutions))


def test_changed_reference_regrades_its_question_and_leaves_the_others_verdicts(changed, resumed):
    _, results = changed
    before = {question.name: question for question in resumed[0].everybody["bob"].questions}
    for question in results["bob"].questions:
        if question.name != "weighted_sum":
            assert question == before[question.name]


def test_who_gained_and_who_lost_is_told_except_for_who_handed_in_again(changed):
    run, results = changed
    assert {(one.student, one.question) for one in run.changes} == {("ada", "weighted_sum"), ("bob", "weighted_sum")}
    assert all(isinstance(one, Change) and one.after < one.before for one in run.changes)
    assert results["Zoë O'Hara"].score > 0


def test_gradebook_and_folders_follow(course, changed, database, marks_in):
    _, results = changed
    marks = marks_in(database)
    for student in ("ada", "bob", "Zoë O'Hara"):
        assert marks[student, NEURON.name]["score"] == results[student].score
        assert (course / "autograded" / student / NEURON.name / f"{NEURON.name}.ipynb").exists()


@pytest.fixture
def lost(course, changed, database, gradebook_at, marks_in):
    """A new gradebook in place of the one that had the marks: what those were."""
    before = marks_in(database)
    assert gradebook_at(course) == database
    release_lessons(COURSE, course, database, (NEURON,))
    return before


def test_gradebook_that_was_lost_is_filled_again_without_grading(course, lost, solutions, database, marks_in):
    run, _ = grade(course, COURSE.with_solutions(solutions))
    assert run.total == 0
    assert marks_in(database) == lost


def test_result_of_one_who_has_gone_under_names_that_are_gone_too_stops_nobody(course, changed, solutions):
    with ResultsStore(course / ".autograder") as store:
        ada = store.find("ada", NEURON.name)
        scores = {"renamed": CellScores({"forgotten": 1.0}), NEURON.name: CellScores({"forgotten": 1.0})}
        store.keep(msgspec.structs.replace(ada, student="gone", scores=scores))
    run, _ = grade(course, COURSE.with_solutions(solutions))
    assert run.total == 0
    with ResultsStore(course / ".autograder") as store:
        assert store.not_entered() == set()


def test_feedback_is_nbgraders_and_is_made_once(course, changed, solutions):
    with ClassRun(course, COURSE.with_solutions(solutions)) as run:
        pages = run.feedback_pages()
        complaints = [line for lines in pages.update(2) for line in lines]
        assert run.feedback_pages().stale == []
    graded = [one.student for one in pages.stale if one.after != NOT_GRADED]
    assert graded == ["Zoë O'Hara", "ada", "bob"]
    assert {one.student for one in pages.stale} - {*graded} == {"eve", "max"}
    assert complaints == []
    page = (course / "feedback" / "Zoë O'Hara" / NEURON.name / f"{NEURON.name}.html").read_text()
    score = changed[1]["Zoë O'Hara"].score
    assert f"(Score: {score} / 12.0)" in page


def test_a_run_knows_the_rules_of_the_class(soak, tmp_path, answers, release, gradebook_at):
    """Graded, and then not graded again: each time by what the rules say by then."""
    shutil.copytree(COURSE.home / "source" / NEURON.name, tmp_path / "source" / NEURON.name)
    shutil.copy(COURSE.home / "nbgrader_config.py", tmp_path)
    database = gradebook_at(tmp_path)
    release_lessons(COURSE, tmp_path, database, (NEURON,))
    with Gradebook(database, "neurons-to-network") as gradebook:
        gradebook.find_assignment(NEURON.name).duedate = datetime.datetime(2030, 1, 1, 12)
        gradebook.db.commit()
    for student in ("ada", "bob", "eve"):
        folder = hand_in(tmp_path, student, fill_in(release, answers))
        (folder / "timestamp.txt").write_text("2030-01-03 10:00:00 UTC")
    stock = (
        (COURSE.home / "nbgrader_config.py").read_text()
        + f"c.CourseDirectory.db_url = {database!r}\nc.ClassRules.late_percent_a_day = 10\n"
        + "c.ClassRules.groups = {'anna': ['bob', 'bbo']}\n"
    )
    seen = []
    for line, options in (
        ("c.ClassRules.extensions = {'ada': {'1-neuron': 1}}", {}),
        ("c.ClassRules.extensions = {'ada': 2, 'bob': 1}", {"groups": ("anna",)}),
        ("c.ClassRules.extensions = {'ada': 2, 'bob': 1}\nc.CourseDirectory.student_id_exclude = 'eve'", {}),
    ):
        (tmp_path / "nbgrader_config.py").write_text(f"{stock}{line}\n")
        run, results = grade(tmp_path, **options)
        assert any("names " in remark and "bbo" in remark for remark in run.remarks)
        standings = read_roster(database, "neurons-to-network").standings
        penalties = {student: round(one.penalty, 5) for (student, _), one in standings.items()}
        seen.append((sorted(results), sorted(run.everybody), penalties))
    everybody = ["ada", "bob", "eve"]
    assert seen == [
        (everybody, everybody, {"ada": 1.2, "bob": 2.4, "eve": 2.4}),
        ([], ["bob"], {"ada": 1.2, "bob": 1.2, "eve": 2.4}),
        ([], ["ada", "bob"], {"ada": 0.0, "bob": 1.2, "eve": 2.4}),
    ]


@pytest.fixture
def graded_here(monkeypatch):
    """Graders that are no processes: whoever has handed in has 2 points, and did so on the second day of 2030."""

    def run_tasks(tasks, *_, **__):
        for task in tasks:
            shutil.copytree(task.folder, task.staging)
            result = refused(Submission(task.student, task.assignment, Path(task.folder)), "", ())
            yield (
                task,
                Autograded(
                    msgspec.structs.replace(result, problem=None),
                    {"ps1": CellScores({"test": 2.0})},
                    folder_digest(task.folder),
                    datetime.datetime(2030, 1, 2),
                ),
            )

    monkeypatch.setattr(class_run.pool, "run_tasks", run_tasks)


def test_what_could_not_be_entered_is_entered_by_the_next_run(small_class, graded_here, monkeypatch):
    """The gradebook takes nothing: the new score is kept, and its place there is not taken for filled."""

    def full(*_):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    small_class.grade("ada", 1.0)  # by another version of us
    with monkeypatch.context() as patch:
        patch.setattr(class_run.GradebookWriter, "enter", full)
        with pytest.raises(StoppedShort, match="disk is full"):
            grade(small_class.root)
    assert read_roster(small_class.address, "any").standings["ada", "ps1"].score == 1.0
    run, results = grade(small_class.root)
    assert (run.total, run.unchanged, results) == (0, 1, {})
    assert read_roster(small_class.address, "any").standings["ada", "ps1"].score == 2.0


@pytest.mark.parametrize(
    ("rule", "penalty"),
    [
        ("c.ClassRules.late_percent_a_day = 25", 0.5),
        ("c.ClassRules.late_percent_a_day = 25\nc.ClassRules.extensions = {'ada': 2}", 0.0),
        ("", 0.0),
    ],
    ids=["late", "extended", "no rule"],
)
def test_a_run_takes_off_what_the_rules_say(small_class, graded_here, rule, penalty):
    config = small_class.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}{rule}\n")
    with small_class.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2030-01-01 00:00:00")
    small_class.hand_in("ada")
    for _ in range(2):  # the second time nothing is graded, and what was taken off is not taken off again
        grade(small_class.root)
        standing = read_roster(small_class.address, "any").standings["ada", "ps1"]
        assert (standing.penalty, standing.score) == (penalty, 2.0 - penalty)
