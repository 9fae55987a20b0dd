"""A step behind those of nbgrader that write scores: a notebook that met the sandbox is one for a human to see."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

#: Whether the notebook met the sandbox, in what nbgrader's steps hand on.
MET_THE_SANDBOX = "autograder_met_the_sandbox"


class AskHuman(NbGraderPreprocessor):
    """Asks for a human where a cell wanted what the sandbox does not give: its scores are not the student's alone."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark all scores of the notebook, as the formgrader's list of what is to be graded by hand has them."""
        if resources.get(MET_THE_SANDBOX):
            which = resources["nbgrader"]
            with Gradebook(which["db_url"]) as gradebook:
                submitted = gradebook.find_submission_notebook(which["notebook"], which["assignment"], which["student"])
                for grade in submitted.grades:
                    grade.needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources
