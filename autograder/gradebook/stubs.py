"""What nbgrader leaves of an answer in the notebook that students get: of a value, its name without one.

nbgrader puts ``raise NotImplementedError()`` in the place of every solution. In a function that is right: the cell
runs, and who calls the function is told. Where the answer is a value the cell itself would raise, and "Run All Cells"
would stop there. So an answer such as ::

    ### BEGIN SOLUTION
    primes = [2, 3, 5]
    ### END SOLUTION

in a cell that is called ``primes-answer`` leaves ``primes = None``.

A question that is answered in sentences is worth what the class's rules say, since each class decides for itself
whether somebody reads them.
"""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions

from autograder.gradebook.class_rules import ClassRules
from autograder.judging.written import LOOKED_FOR, PLACEHOLDER

__all__ = ["ClearAnswers", "assigned_names"]

#: What stands behind the name.
REMARK = "# YOUR ANSWER HERE, in place of None"


class ClearAnswers(ClearSolutions):
    """nbgrader's `ClearSolutions`, which also knows answers that are values. Options are those of `ClearSolutions`."""

    if TYPE_CHECKING:  # nbgrader's trait, which has no type that is known
        code_stub: dict[str, str]

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put the stub in the place of the solution."""
        if cell.cell_type == "markdown" and utils.is_solution(cell) and LOOKED_FOR in cell.source:
            points = ClassRules(parent=self).written_points
            cell.metadata.nbgrader["points"] = int(points) if points.is_integer() else points
            cell.source = PLACEHOLDER
            return cell, resources
        name = self._value_in(cell)
        stubs = self.code_stub
        if name:
            self.code_stub = {**stubs, resources["language"]: f"{name} = None  {REMARK}"}
        try:
            result: tuple[NotebookNode, dict[str, Any]] = super().preprocess_cell(cell, resources, cell_index)
            return result
        finally:
            self.code_stub = stubs

    def _value_in(self, cell: NotebookNode) -> str:
        """The name that a cell's solution gives a value, where the cell is named after it; else an empty text."""
        grade_id = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        name = grade_id.removesuffix("-answer")
        if cell.cell_type != "code" or name == grade_id or self.begin_solution_delimeter not in cell.source:
            return ""
        region = cell.source.split(self.begin_solution_delimeter, 1)[1].split(self.end_solution_delimeter, 1)[0]
        try:  # the last line is the beginning of the one that ends the solution
            body = ast.parse(region.rpartition("\n")[0]).body
        except SyntaxError:  # a part of a function
            return ""
        return name if any(name in assigned_names(node) for node in body) else ""


def assigned_names(node: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a value: ``x`` of ``x = 1``."""
    if isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
