"""A small class with a gradebook, and its report: the right numbers in every file, and nothing that could run."""

import csv
import datetime
import html
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import zip_longest

import msgspec
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli.main import main
from autograder.course.contents import COURSE
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import CellScores, Entry, GradebookWriter, read_source_version, scripts_on_path
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.instructor.report import build_report, gather, write_report
from autograder.judging.results import SubmissionResult, TestResult, question_result

NEURON = COURSE.find_lesson("1-neuron")

#: What some students are called, and what others write.
HOSTILE = "<img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(1)"
UMLAUTS = 'Zoë "Ö" O\'Hara'
WRONG = (
    "def sigmoid(z):\n    # by bob\n    bobs_e = torch.exp(z)\n    return 1 / (1 + bobs_e) # </script><script>alert(1)"
)


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory, keep):
    """A lesson, handed in by six students and graded; a seventh is in the gradebook only."""
    folder = tmp_path_factory.mktemp("report") / "class <b>"
    folder.mkdir()
    shutil.copy(COURSE.home / "nbgrader_config.py", folder)
    text = fill_in(
        NEURON.notebook(COURSE.home / "assignments").read_text(),
        {**reference_answers(NEURON, COURSE), "sigmoid": WRONG},
    )
    for student in ("bob", HOSTILE):
        path = NEURON.notebook(folder / "submitted" / student)
        path.parent.mkdir(parents=True)
        path.write_text(text)
    results = [
        *(result("ada"), result(FORMULA), result(UMLAUTS, *["not_attempted"] * 4), result("eve", problem="Not JSON.")),
        *(result(student, "passed", "failed", behind=("sigmoid/wrong_sign",)) for student in ("bob", HOSTILE)),
    ]
    keep(folder, results)

    database = f"sqlite:///{folder}/gradebook.db"
    course_id = CourseFolder(folder).directory.course_id
    with scripts_on_path(), Gradebook(database, course_id) as gradebook:
        gradebook.add_assignment(NEURON.name)
        gradebook.add_notebook(NEURON.name, NEURON.name)
        for question in NEURON.questions:
            gradebook.add_grade_cell(question.name, NEURON.name, NEURON.name, max_score=3, cell_type="code")
        gradebook.add_student("max", first_name="@Max", last_name="</script><script>alert(2)</script>")
    with GradebookWriter(database, course_id) as writer:
        marks = [
            {NEURON.name: CellScores({question.name: question.score for question in one.questions})} for one in results
        ]
        entries = [
            Entry(one.student, NEURON.name, None, mark, one.problem is None)
            for one, mark in zip(results, marks, strict=True)
        ]
        writer.enter(read_source_version(database, course_id, NEURON.name), entries)
    with Gradebook(database, course_id) as gradebook:
        grade = gradebook.find_grade("sigmoid", NEURON.name, NEURON.name, "bob")
        grade.manual_score = 0.5
        gradebook.db.commit()
    return folder


def result(student, *endings, behind=(), problem=None):
    """A submission whose questions ended so, those that are left out passed; three points each."""
    questions = []
    for question, ending in zip_longest(NEURON.questions, endings, fillvalue="passed"):
        earned = 3.0 if ending == "passed" else 0.0
        test = TestResult("test_it", f"`{question.name}` <works>.", False, earned, 3.0, ending, "", 0.0)
        questions.append(question_result(question.name, (test,), *(behind if ending == "failed" else ())))
    return SubmissionResult(
        student=student,
        assignment=NEURON.name,
        score=sum(one.score for one in questions),
        max_score=12,
        seconds=0.1,
        confinement={"seccomp": problem is None, "cgroup": False},
        problem=problem,
        questions=() if problem else tuple(questions),
    )


@pytest.fixture(scope="module")
def report(class_folder):
    return build_report(gather(class_folder), COURSE, datetime.datetime(2030, 1, 2, 3, 4, tzinfo=datetime.UTC))


@pytest.fixture(scope="module")
def folder(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "report"
    assert write_report(report, folder) == folder / "index.html"
    return folder


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


def rows(folder, name):
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_class_is_who_is_in_the_gradebook(report):
    assert (report.students, report.submissions, report.scores_from) == (7, 6, "gradebook")
    (lesson,) = report.lessons
    assert (lesson.handed_in, lesson.missing, lesson.not_graded) == (6, 1, 1)


def test_points_by_hand_count(report):
    scores = {one.student: one.scores for one in report.people}
    assert scores["bob"]["1-neuron"] == scores[HOSTILE]["1-neuron"] + 0.5
    assert (scores["ada"]["1-neuron"], scores[UMLAUTS]["1-neuron"], scores["eve"]["1-neuron"]) == (12, 0, None)
    assert scores["max"] == {}


def test_what_to_teach_is_the_question_that_went_wrong(report):
    assert report.teach == ("sigmoid",)
    sigmoid = next(one for one in report.questions if one.name == "sigmoid")
    assert (sigmoid.statuses["passed"], sigmoid.statuses["not_attempted"], sigmoid.begun) == (2, 1, 4)
    (mistake,) = sigmoid.mistakes
    assert (mistake.id, mistake.count) == ("sigmoid/wrong_sign", 2)


def test_the_typical_answer_is_anonymous(report):
    (mistake,) = next(one for one in report.questions if one.name == "sigmoid").mistakes
    assert mistake.answer.source == "def sigmoid(z):\n    v1 = torch.exp(z)\n    return 1 / (1 + v1)"
    assert (mistake.answer.alike, mistake.answer.looked_at) == (2, 2)


def test_who_may_need_help(report):
    reasons = {one.student: one.reasons for one in report.people if one.reasons}
    assert reasons == {
        "eve": ("Could not be graded: 1-neuron.",),
        "max": ("Has handed in nothing.",),
        UMLAUTS: ("Left 4 of 4 questions untouched.",),
    }


def test_json_is_the_report_and_says_which_schema(folder, report):
    read = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert read["schema"] == 1
    assert read["made"] == "2030-01-02T03:04:00+00:00"
    assert read["lessons"][0]["scores"] == list(report.lessons[0].scores)
    assert [one["student"] for one in read["people"]] == [one.student for one in report.people]


def test_tables_have_everybody_and_no_formula(folder):
    students = {row["student"]: row for row in rows(folder, "students.csv")}
    assert set(students) == {"ada", "bob", "eve", "max", HOSTILE, UMLAUTS, "'" + FORMULA}
    assert (students["ada"]["1-neuron"], students["eve"]["1-neuron"], students["max"]["1-neuron"]) == (
        *("12.0", "not graded", ""),
    )
    assert students["max"]["name"].startswith("'@Max")
    for path in folder.glob("*.csv"):
        for row in rows(folder, path.name):
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_tables_of_questions_mistakes_and_tests(folder, report):
    questions = {row["question"]: row for row in rows(folder, "questions.csv")}
    assert list(questions) == [question.name for question in NEURON.questions]
    assert questions["sigmoid"]["correct"] == "2"
    assert questions["sigmoid"]["most frequent misconception"] == "sigmoid/wrong_sign"
    (mistake,) = rows(folder, "misconceptions.csv")
    assert (mistake["misconception"], mistake["students"]) == ("sigmoid/wrong_sign", "2")
    assert len(rows(folder, "tests.csv")) == len(report.tests)


def test_what_students_typed_is_text_on_the_page(page):
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert "alert(2)" not in re.sub(r"&lt;/script&gt;&lt;script&gt;alert\(2\)", "", page)
    assert "<b>" not in re.search(r"<title>(.*)</title>", page)[1]
    # Our own scripts and the numbers, and nobody else's.
    assert page.count("<script") == len(re.findall(r"^<script", page, re.M)) == 4


def test_page_leads_with_what_to_teach(page):
    text = re.sub(r"<[^>]*>", " ", page.partition("<main>")[2].partition("</section>")[0])
    said = " ".join(html.unescape(text).split())
    assert said.startswith("What to teach next 1-neuron sigmoid 2 of 4 who began the lesson do not have it right")
    assert "2 × wrong sign" in said


def test_page_lets_no_other_script_run_and_fetches_nothing(page):
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert "unsafe" not in policy.partition("script-src")[2]
    links = re.findall(r'<[^>]*(?:src|href)="([^"]*)"', re.sub(r"(?s)<script.*?</script>", "", page))
    assert links
    assert all(link.startswith("#") for link in links)


def test_an_empty_class_has_correct_files(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    path = write_report(build_report(gather(tmp_path), COURSE), tmp_path / "report")
    assert "Nothing has been handed in yet." in path.read_text()
    assert json.loads((tmp_path / "report" / "report.json").read_text())["questions"] == []
    for name in ("questions", "misconceptions", "tests", "students"):
        assert len((tmp_path / "report" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()) == 1


@pytest.fixture(scope="module")
def autograder():
    """``autograder("report", …)``: the command line, in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_command_for_a_class(autograder, class_folder):
    done = autograder("report", class_folder)
    assert (done.exit_code, done.stdout) == (0, f"The report: {class_folder / 'report' / 'index.html'}\n")
    names = ["index.html", "misconceptions.csv", "questions.csv", "report.json", "students.csv", "tests.csv"]
    assert sorted(os.listdir(class_folder / "report")) == names


def test_command_for_a_file_of_which_a_line_is_damaged(autograder, tmp_path):
    results = tmp_path / "results.jsonl"
    results.write_bytes(msgspec.json.encode(result("ada")) + b'\n{"student": "ad')
    done = autograder("report", results, "--out", tmp_path / "elsewhere")
    assert done.exit_code == 1
    assert "1 line of results.jsonl could not be read: 2. All others count." in done.stderr
    assert (tmp_path / "elsewhere" / "index.html").exists()


def test_command_says_what_is_wrong(autograder, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("Dear all\n")
    done = autograder("report", notes)
    assert done.exit_code == 2
    assert "has no results in it: line 1 is not one" in done.stderr
    notes.write_bytes(msgspec.json.encode(result("ada")))
    done = autograder("report", notes, "--out", notes / "below")
    assert done.exit_code == 2
    assert "cannot be written: Not a directory" in " ".join(done.stderr.split())


def test_a_file_of_results_needs_no_nbgrader(tmp_path):
    results = tmp_path / "results.jsonl"
    results.write_bytes(msgspec.json.encode(result("ada")))
    without = (
        "import sys; sys.modules['nbgrader'] = sys.modules['sqlalchemy'] = None\n"
        "from autograder.cli.main import main; main()"
    )
    subprocess.run([sys.executable, "-c", without, "report", results], check=True, capture_output=True)
    assert (tmp_path / "report" / "index.html").exists()
