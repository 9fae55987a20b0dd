"""Scores as nbgrader counts them."""

import csv
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.course.contents import COURSE
from autograder.gradebook.database import Entry, GradebookWriter, read_source_version
from autograder.gradebook.results_store import ResultsStore, StoredResult
from autograder.grading.fingerprints import Fingerprint
from autograder.grading.grader import refused as refuse
from autograder.grading.submissions import Submission
from autograder.instructor import exports
from autograder.instructor.exports import TARGETS, ExportError
from autograder.instructor.exports._scores import read_class_scores
from autograder.instructor.exports._targets import CANVAS, MOODLE
from autograder.instructor.report import build_report, gather

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def stock(class_folder, tmp_path_factory):
    """What stock nbgrader writes about the same gradebook."""
    path = tmp_path_factory.mktemp("stock") / "grades.csv"
    with Gradebook(f"sqlite:///{class_folder}/gradebook.db", "any") as gradebook:
        CsvExportPlugin(to=str(path)).export(gradebook)
    return path


def test_scores_are_those_of_nbgraders_own_export(class_folder, stock):
    found = read_class_scores(class_folder, COURSE, CANVAS).scores
    # nbgrader puts nothing around a name with a comma: its columns are counted from both ends.
    rows = [(row[3], row[0], row[-2]) for row in csv.reader(stock.read_text(encoding="utf-8").splitlines())][1:]
    scores = {(student, assignment): float(score) for student, assignment, score in rows}
    assert {key: one.score for key, one in found.items()} == pytest.approx({key: scores[key] for key in found})
    assert len(found) == 4


def test_nbgraders_own_export_is_untouched_by_the_plug_in(class_folder, stock, command):
    done = command("nbgrader", "export", cwd=class_folder)
    assert done.returncode == 0, done.stderr
    assert (class_folder / "grades.csv").read_bytes() == stock.read_bytes()


@pytest.mark.parametrize("target", [one for one in TARGETS if one.by_hand], ids=lambda one: one.name)
def test_target_gets_what_the_table_says_and_no_more(class_folder, target):
    text = read_class_scores(class_folder, COURSE, target).scores["zoe", "4-network"].text
    assert ("softmax: 0.3 of 6" in text) == target.by_question
    assert ("see me" in text) == target.comments
    assert ("late" in text) == (target.late and target.by_question)


def test_unknown_assignment_is_a_sentence(class_folder):
    with pytest.raises(ExportError, match="no assignment 'ps9'; there are 0-from-neurons-to-network, 4-network, ps1"):
        read_class_scores(class_folder, COURSE, MOODLE, ["ps9"])


def test_course_without_a_gradebook_is_a_sentence_and_gets_none(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(ExportError, match="has no gradebook yet"):
        read_class_scores(tmp_path, COURSE, CANVAS)
    assert not (tmp_path / "gradebook.db").exists()


def test_gradebook_that_is_none_is_a_sentence(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "gradebook.db").write_text("three years of work")
    with pytest.raises(ExportError, match=r"gradebook of .* cannot be read: file is not a database\."):
        read_class_scores(tmp_path, COURSE, CANVAS)


def test_settings_that_cannot_be_read_are_a_sentence(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_confog()\n")
    with pytest.raises(ExportError, match=r"settings of .* cannot be read"):
        read_class_scores(tmp_path, COURSE, CANVAS)


# --- what could not be graded


@pytest.fixture
def refused(class_folder, tmp_path):
    """The class again: of ida's work and of ada's latest nothing can be graded, and there is a reason for each."""
    folder = tmp_path / "class"
    shutil.copytree(class_folder, folder)
    address = f"sqlite:///{folder}/gradebook.db"
    reasons = {"ida": "There is no notebook in the folder.", "ada": "=1+1 is no notebook."}
    with ResultsStore(folder / ".autograder") as store:
        for student, reason in reasons.items():
            result = refuse(Submission(student, "4-network", folder), reason)
            store.keep(StoredResult(student, "4-network", Fingerprint("x", "", ""), result, {}, None))
    with GradebookWriter(address, "any") as writer:
        writer.enter(read_source_version(address, "any", "4-network"), [Entry("ada", "4-network", None, {}, False)])
    return folder


def test_refusal_is_an_empty_mark_with_its_reason_and_never_0(refused, tmp_path, read):
    remarks = {}
    for name, export in (("canvas", exports.canvas), ("moodle", exports.moodle)):
        remarks[name] = export(refused, COURSE, tmp_path / f"{name}.csv")
    canvas = {row["SIS Login ID"]: row["4-network"] for row in read(tmp_path / "canvas.csv")}
    moodle = {row["Username"]: row for row in read(tmp_path / "moodle.csv", "utf-8-sig")}
    for student, reason in (("ida", "There is no notebook in the folder."), ("ada", "=1+1 is no notebook.")):
        assert canvas[student] == moodle[student]["4-network"] == ""
        assert moodle[student]["4-network (feedback)"] == f"Not graded: {reason}"
    for name, said in remarks.items():
        assert any(line.startswith("Could not be graded, so their cells are empty") for line in said)
        assert not any("by hand" in line and "2 of" in line for line in said)
        beside = read(tmp_path / f"{name}-not-graded.csv", "utf-8-sig")
        assert [(row["Student id"], row["Why it was not graded"]) for row in beside] == [
            ("ada", "'=1+1 is no notebook."),
            ("ida", "There is no notebook in the folder."),
        ]


def test_list_of_who_was_not_graded_goes_when_everybody_is(refused, tmp_path):
    exports.canvas(refused, COURSE, tmp_path / "canvas.csv")
    assert (tmp_path / "canvas-not-graded.csv").exists()
    with Gradebook(f"sqlite:///{refused}/gradebook.db", "any") as gradebook:
        gradebook.remove_student("ida")
        grade = gradebook.find_grade("softmax", "4-network", "4-network", "ada")
        grade.manual_score, grade.needs_manual_grade = 5.0, False  # a human has graded it
        gradebook.db.commit()
    exports.canvas(refused, COURSE, tmp_path / "canvas.csv")
    assert not (tmp_path / "canvas-not-graded.csv").exists()


def test_report_counts_what_a_human_has_graded_and_nothing_else_of_a_refusal(refused):
    report = build_report(gather(refused), COURSE)
    assert {one.student: one.scores.get("4-network") for one in report.people}["ada"] is None
    with Gradebook(f"sqlite:///{refused}/gradebook.db", "any") as gradebook:
        for name in ("softmax", "forward"):
            grade = gradebook.find_grade(name, "4-network", "4-network", "ada")
            grade.manual_score, grade.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    report = build_report(gather(refused), COURSE)
    assert {one.student: one.scores.get("4-network") for one in report.people}["ada"] == 1 + 1 + 4 + 3
