"""Scores as nbgrader counts them."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.course.contents import COURSE
from autograder.instructor.exports import TARGETS, ExportError
from autograder.instructor.exports._scores import read_class_scores
from autograder.instructor.exports._targets import CANVAS, MOODLE

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


def test_nbgraders_own_export_is_untouched_by_the_plug_in(class_folder, stock):
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([BIN / "nbgrader", "export"], cwd=class_folder, env=env, capture_output=True, text=True)
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
