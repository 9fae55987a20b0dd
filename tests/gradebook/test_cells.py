"""What the gradebook has for each cell: scores as they count, and what humans have written."""

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.cells import CellComment, GradedCell, read_comments, read_graded_cells
from autograder.gradebook.database import CellScores, Entry, GradebookWriter, read_source_version, scripts_on_path


@pytest.fixture(scope="module")
def database(tmp_path_factory, gradebook_at):
    """The address of a gradebook in which two students have handed in `ps1`; one was looked at by a human."""
    address = gradebook_at(tmp_path_factory.mktemp("cells"))
    with scripts_on_path(), Gradebook(address, "any") as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        for name in ("first", "second"):
            gradebook.add_grade_cell(name, "ps1", "ps1", max_score=3, cell_type="code")
            gradebook.add_solution_cell(f"{name}-answer", "ps1", "ps1")
    with GradebookWriter(address, "any") as writer:
        entries = [
            Entry(student, "ps1", None, {"ps1": CellScores({"first": score, "second": None})})
            for student, score in (("bob", 1.0), ("ada", 2.5))
        ]
        writer.enter(read_source_version(address, "any", "ps1"), entries)
    with Gradebook(address, "any") as gradebook:
        by_hand = gradebook.find_grade("first", "ps1", "ps1", "ada")
        by_hand.manual_score, by_hand.extra_credit = 1.0, 0.5
        comment = gradebook.find_comment("first-answer", "ps1", "ps1", "ada")
        comment.auto_comment, comment.manual_comment = "No response.", "see me"
        gradebook.find_comment("first-answer", "ps1", "ps1", "bob").auto_comment = "No response."
        gradebook.db.commit()
    return address


def test_scores_come_by_student_and_cell_as_they_count(database):
    assert read_graded_cells(database, "any", "ps1") == [
        GradedCell("ada", "first", 1.5, 3.0, 2.5),
        GradedCell("ada", "second", 0.0, 3.0, None),
        GradedCell("bob", "first", 1.0, 3.0, 1.0),
        GradedCell("bob", "second", 0.0, 3.0, None),
    ]


def test_comments_are_those_of_humans(database):
    assert read_comments(database, "any", "ps1") == [CellComment("ada", "first-answer", "see me")]


def test_assignment_that_nobody_knows_has_none(database):
    assert read_graded_cells(database, "any", "ps9") == []
    assert read_comments(database, "any", "ps9") == []
