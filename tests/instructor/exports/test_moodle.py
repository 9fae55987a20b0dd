"""The file for Moodle, read back as Moodle reads it."""

import csv
import shutil

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.results_store import ResultsStore, StoredResult
from autograder.grading.fingerprints import Fingerprint
from autograder.instructor import exports
from autograder.instructor.exports import ExportError
from autograder.judging.diagnosis import explanations
from autograder.judging.results import QuestionResult, SubmissionResult

WORKSHEET = [
    ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Last modified (grade)"],
    ["Participant 11", "Ada Lovelace", "ADA@example.org", "Submitted", "", "20.00", "-"],
    ["Participant 12", "Zoë Groß", "zoe@example.org", "Submitted", "1.00", "18.00", "Monday, 2 November 2026, 9:00 AM"],
    ["Participant 13", "=cmd|'/c calc'!A1 +1", "", "Submitted", "", "18.00", "-"],
    ["Participant 14", "Some Body", "some@example.org", "No submission", "7.00", "18.00", "-"],
]


@pytest.fixture
def worksheet(tmp_path):
    """``worksheet(rows)``: the path of a worksheet, as Moodle writes it."""

    def write(rows=WORKSHEET):
        path = tmp_path / "worksheet.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


def test_columns_say_who_it_is_and_points_and_feedback(class_folder, tmp_path, read):
    exports.moodle(class_folder, COURSE, tmp_path / "m.csv")
    rows = read(tmp_path / "m.csv", "utf-8-sig")
    assert list(rows[0]) == [
        *("Username", "ID number", "Email address", "First name", "Last name"),
        *("4-network", "4-network (feedback)", "ps1", "ps1 (feedback)"),
    ]
    marks = {row["Username"]: row["4-network"] for row in rows}
    assert marks == {"ada": "18", "zoe": "7.3", "eve": "0", "'-max": "2", "ida": ""}


def test_feedback_has_questions_in_the_lessons_order_comments_and_penalty(class_folder, tmp_path, read):
    exports.moodle(class_folder, COURSE, tmp_path / "m.csv")
    feedback = {row["Username"]: row["4-network (feedback)"] for row in read(tmp_path / "m.csv", "utf-8-sig")}
    assert feedback["zoe"].splitlines() == [
        *("init_params: 2.5 of 4", "softmax: 0.3 of 6", "forward: 5 of 5", "predict_digits: 1.5 of 3"),
        'softmax: =HYPERLINK("http://x") see me',
        "handed in late: -2",
    ]
    assert feedback["ada"].splitlines()[-1] == "predict_digits: 3 of 3"
    assert feedback["ida"] == ""


def test_feedback_has_known_mistakes_of_the_answers_that_gave_the_points(class_folder, tmp_path, read):
    """Not those of an earlier answer: the gradebook has got another one's points since."""
    questions = (
        QuestionResult("softmax", 0.3, 6.0, "partial", "softmax/sums_columns", (), "softmax/overflows"),
        QuestionResult("predict_digits", 0.0, 3.0, "failed", "predict_digits/by_column", ()),
    )
    result = SubmissionResult(
        student="zoe", assignment="4-network", score=0.3, max_score=9, seconds=1, confinement={}, questions=questions
    )
    shutil.copytree(class_folder, tmp_path / "course")
    with ResultsStore(tmp_path / "course" / ".autograder") as store:
        store.keep(StoredResult("zoe", "4-network", Fingerprint("", "", "", {}), result, {}, None))
    exports.moodle(tmp_path / "course", COURSE, tmp_path / "m.csv")
    feedback = {row["Username"]: row["4-network (feedback)"] for row in read(tmp_path / "m.csv", "utf-8-sig")}
    first, second = explanations(COURSE.find_lesson("4-network"), "softmax/sums_columns", "softmax/overflows")
    assert feedback["zoe"].splitlines()[1:] == [
        "softmax: 0.3 of 6",
        *(first.diagnosis, second.diagnosis, f"Think about: {first.pointer}"),
        *("forward: 5 of 5", "predict_digits: 1.5 of 3"),
        'softmax: =HYPERLINK("http://x") see me',
        "handed in late: -2",
    ]


def test_stored_results_that_are_damaged_are_a_sentence(class_folder, tmp_path):
    shutil.copytree(class_folder, tmp_path / "course")
    (tmp_path / "course" / ".autograder").mkdir()
    (tmp_path / "course" / ".autograder" / "results.db").write_text("three years of work")
    with pytest.raises(ExportError, match=r"results\.db cannot be read: file is not a database\. Remove it"):
        exports.moodle(tmp_path / "course", COURSE, tmp_path / "m.csv")


def test_no_identifier_is_empty_since_moodle_would_take_the_one_before(class_folder, tmp_path, read):
    remarks = exports.moodle(class_folder, COURSE, tmp_path / "m.csv")
    for row in read(tmp_path / "m.csv", "utf-8-sig"):
        assert row["Username"]
        assert row["ID number"]
        assert row["Email address"]
    assert any(line.startswith("No e-mail address in the gradebook: -max, ida.") for line in remarks)
    assert any(line.startswith("No LMS user id in the gradebook: eve, -max, ida.") for line in remarks)
    assert "@eve begins like a formula and is written as '@eve, which is nobody's." in remarks


def test_no_cell_is_a_formula(class_folder, tmp_path):
    exports.moodle(class_folder, COURSE, tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_worksheet_is_filled_in_and_else_as_it_was(class_folder, tmp_path, read, worksheet):
    exports.moodle(class_folder, COURSE, tmp_path / "m.csv", ("4-network",), worksheet())
    rows = read(tmp_path / "m.csv", "utf-8-sig")
    assert [row["Grade"] for row in rows] == ["18", "7.3", "0", "7.00"]
    assert [row["Identifier"] for row in rows] == [row[0] for row in WORKSHEET[1:]]
    assert rows[1]["Last modified (grade)"] == WORKSHEET[2][-1]


def test_worksheet_with_room_for_comments_gets_them(class_folder, tmp_path, read, worksheet):
    wide = [[*row, "Feedback comments" if row is WORKSHEET[0] else ""] for row in WORKSHEET]
    remarks = exports.moodle(class_folder, COURSE, tmp_path / "m.csv", ("4-network",), worksheet(wide))
    rows = read(tmp_path / "m.csv", "utf-8-sig")
    assert rows[0]["Feedback comments"].startswith("init_params: 4 of 4\nsoftmax")
    assert rows[3]["Feedback comments"] == ""
    assert not any("Feedback comments" in remark for remark in remarks)


def test_what_does_not_fit_into_the_worksheet_is_reported(class_folder, tmp_path, worksheet):
    remarks = exports.moodle(class_folder, COURSE, tmp_path / "m.csv", ("4-network",), worksheet())
    assert "The worksheet has no column 'Feedback comments'; the points are in it and nothing else." in remarks
    assert "Not in the worksheet, and so without a score in it: -max." in remarks
    assert "4-network is worth 20.00 in Moodle and 18 here: change that in Moodle first." in remarks


def test_worksheet_is_of_one_assignment(class_folder, tmp_path, worksheet):
    with pytest.raises(ExportError, match="say which, with --assignment"):
        exports.moodle(class_folder, COURSE, tmp_path / "m.csv", roster=worksheet())


def test_worksheet_in_another_language_is_a_sentence(class_folder, tmp_path, worksheet):
    german = [["Identifikator", "Bewertung"], ["Teilnehmer/in11", "3"]]
    with pytest.raises(ExportError, match=r"in English, as Moodle reads only .* no column 'Identifier'"):
        exports.moodle(class_folder, COURSE, tmp_path / "m.csv", ("4-network",), worksheet(german))


def test_empty_class_is_a_correct_file(empty, tmp_path, read):
    remarks = exports.moodle(empty, COURSE, tmp_path / "m.csv")
    assert read(tmp_path / "m.csv", "utf-8-sig") == []
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig").startswith('"Username","ID number"')
    assert "There is nobody in the gradebook." in remarks
