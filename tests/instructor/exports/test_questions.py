"""A row a student, a column a question; and feedback as files for a mail program."""

import csv
import shutil
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.instructor.exports import Chosen, ExportError, canvas, mail_merge, questions

GROUPS = "c.ClassRules.groups = {'anna': ['ada', 'zoe'], 'carl': ['eve']}\n"


@pytest.fixture
def grouped(class_folder, tmp_path):
    """The class of five, with groups; eve has dropped out."""
    folder = tmp_path / "class"
    shutil.copytree(class_folder, folder)
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + GROUPS + "c.CourseDirectory.student_id_exclude = 'eve'\n")
    return folder


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_table_has_each_question_of_each_student(grouped, tmp_path):
    questions(grouped, COURSE, tmp_path / "questions.csv", ("4-network",))
    rows = {row["Student id"]: row for row in table(tmp_path / "questions.csv")}
    assert set(rows) == {"ada", "zoe", "'-max", "ida"}
    columns = ["init_params (4)", "softmax (6)", "forward (5)", "predict_digits (3)"]
    names = [f"4-network: {column}" for column in [*columns, "late penalty", "score (18)"]]
    assert list(rows["ada"]) == ["Student id", "Last name", "First name", "Group", *names]
    assert [rows["ada"][name] for name in names] == ["4", "6", "5", "3", "0", "18"]
    assert (rows["ada"]["Group"], rows["ida"]["Group"]) == ("anna", "")
    assert [rows["ida"][name] for name in names] == [""] * 6
    given = [float(rows["zoe"][name] or 0) for name in names]
    assert given[-1] == pytest.approx(max(0, sum(given[:-1])))
    assert given[-2] < 0


def test_one_group_or_student_alone(grouped, tmp_path):
    out = tmp_path / "questions.csv"
    questions(grouped, COURSE, out, (), Chosen(groups=("anna",)))
    assert {row["Student id"] for row in table(out)} == {"ada", "zoe"}
    canvas(grouped, COURSE, out, (), None, Chosen(students=("ida",)))
    assert [row["SIS Login ID"] for row in table(out)][1:] == ["ida"]
    with pytest.raises(ExportError, match="no group 'dora'; there are: anna, carl"):
        questions(grouped, COURSE, out, (), Chosen(groups=("dora",)))


@pytest.fixture
def with_pages(small_class):
    small_class.grade("ada", 3.0)
    small_class.refuse("bob", "The file is empty.")
    with small_class.gradebook() as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", email="ada@example.org")
        gradebook.update_or_create_student("bob")
        gradebook.db.commit()
    return small_class


def test_mail_merge_has_a_file_for_each_with_a_page(with_pages, tmp_path):
    out = tmp_path / "mails"
    with pytest.raises(ExportError, match=r"missing, or show something else than the gradebook: ada \(ps1\), bob"):
        mail_merge(with_pages.root, COURSE, out)
    assert [line for lines in FeedbackPages(with_pages.folder).update(1) for line in lines] == []
    remarks = mail_merge(with_pages.root, COURSE, out)
    assert remarks[0].startswith("2 mails: ")
    assert "No e-mail address in the gradebook: bob." in remarks[1]
    ada, bob = table(out / "mail-merge.csv")
    assert (ada["email"], ada["score"], ada["points"], ada["not_graded"]) == ("ada@example.org", "3", "3", "")
    assert (bob["score"], bob["not_graded"]) == ("", "The file is empty.")
    for row in (ada, bob):
        assert Path(row["attachments"]).read_text() == with_pages.page(row["id"])
    with_pages.by_hand("ada", 1.0)
    with pytest.raises(ExportError, match=r"than the gradebook: ada \(ps1\)\."):
        mail_merge(with_pages.root, COURSE, out)


def test_mail_merge_replaces_its_own_and_nothing_else(with_pages, tmp_path):
    list(FeedbackPages(with_pages.folder).update(1))
    out = tmp_path / "mails"
    mail_merge(with_pages.root, COURSE, out)
    (out / "letter.txt").write_text("mine")
    config = with_pages.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.student_id_exclude = 'bob'\n")
    mail_merge(with_pages.root, COURSE, out)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*")) == [
        *("letter.txt", "mail-merge.csv", "ps1/ada.html")
    ]
    with pytest.raises(ExportError, match="holds something else"):
        mail_merge(with_pages.root, COURSE, CourseFolder(with_pages.root).root)
