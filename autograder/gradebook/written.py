"""Answers in sentences, which a person grades: nbgrader's own machinery for them, and beside each answer ours.

nbgrader collects these answers, asks for a human, and shows them. Three things are added for the questions of our
lessons (`autograder.judging.written`): an answer in which nobody has written anything gets nbgrader's 0 and "No
response."; where a class gives no points for them, nobody is asked to grade them; and the autograded copy, which the
formgrader and the feedback page show, has the answer, ours and what is looked for side by side.
"""

from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.gradebook.harmless import clean_tex
from autograder.judging.course import Lesson
from autograder.judging.written import Written, is_empty

__all__ = ["WRITTEN", "SaveScores", "SideBySide", "find_answers", "needs_nobody"]

#: The name under which what `find_answers` finds travels in nbgrader's `resources`.
WRITTEN = "autograder_written"

#: Behind the question's name: the name of the cell that holds an answer against ours.
_COMPARES = "-ours"

_Answers = dict[str, tuple[Written, str]]


def find_answers(nb: NotebookNode, lesson: Lesson | None) -> _Answers:
    """The answers in sentences to a lesson's questions: the question and the answer by the question's name.

    One in which nothing was written is to nbgrader as it was released, whatever became of the placeholder.
    """
    asked = {one.name: one for one in lesson.written} if lesson else {}
    found: _Answers = {}
    for cell in nb.cells:
        name = _name_of(cell)
        if name in asked and cell.cell_type == "markdown" and utils.is_solution(cell) and utils.is_grade(cell):
            if is_empty(cell.source):
                cell.metadata.nbgrader["checksum"] = utils.compute_checksum(cell)
            found[name] = asked[name], cell.source
    return found


def needs_nobody(cell: NotebookNode, resources: dict[str, Any]) -> bool:
    """Whether the cell is an answer in sentences for which the class gives no points."""
    return _name_of(cell) in resources.get(WRITTEN, {}) and not float(cell.metadata.nbgrader["points"])


class SaveScores(SaveAutoGrades):
    """nbgrader's `SaveAutoGrades`, which asks nobody to grade what gives no points."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        if needs_nobody(cell, resources):
            grade = self.gradebook.find_grade(_name_of(cell), self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score = 0.0
            grade.needs_manual_grade = grade.manual_score is not None
            self.gradebook.db.commit()


class SideBySide(NbGraderPreprocessor):
    """Puts the answer, ours and what is looked for below each answer in sentences, for whoever reads the copy."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Fill in the cells that compare; one that the student has deleted is put back."""
        answers: _Answers = resources.get(WRITTEN, {})
        if not answers:
            return nb, resources
        from autograder import panels  # which import torch, and most notebooks have no such answer

        there = {_name_of(cell): cell for cell in nb.cells}
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            name = _name_of(cell)
            question, answer = answers.get(name, (None, ""))
            if question is None or is_empty(answer):
                continue
            compares = there.get(name + _COMPARES)
            if compares is None or compares.cell_type != "code":
                compares = _new_cell(nb, name)
                cells.append(compares)
            html = panels.written_as_html(question, clean_tex(answer), "The student's answer")
            shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
            compares.outputs = [from_dict(shown)]
        nb.cells = cells
        return nb, resources


def _new_cell(nb: NotebookNode, name: str) -> NotebookNode:
    cell = NotebookNode(cell_type="code", metadata=NotebookNode(), source=f'compare("{name}")')
    cell.execution_count, cell.outputs = None, []
    if (nb.nbformat, nb.nbformat_minor) >= (4, 5):  # from then on each cell has an id
        cell["id"] = name + _COMPARES
        while any(other.get("id") == cell["id"] for other in nb.cells):
            cell["id"] += "-again"
    return cell


def _name_of(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
