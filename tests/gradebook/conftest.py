"""A class small enough to be made in a second: a gradebook, autograded notebooks, stored results, and no lesson."""

import datetime
import json
from pathlib import Path

import msgspec
import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import (
    CellScores,
    Entry,
    GradebookWriter,
    read_source_version,
    scripts_on_path,
)
from autograder.gradebook.results_store import ResultsStore, StoredResult
from autograder.grading.fingerprints import Fingerprint
from autograder.grading.grader import refused
from autograder.grading.submissions import Submission
from autograder.judging.results import question_result
from autograder.notebooks.files import folder_digest

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "any"
from autograder.plugin import use_sandbox
use_sandbox(c)
"""


class SmallClass:
    """The assignment ``ps1`` with a graded cell ``test`` of 3 points and an answer cell ``answer``."""

    def __init__(self, root: Path):
        self.root = root
        self.address = f"sqlite:///{root}/gradebook.db"
        (root / "nbgrader_config.py").write_text(CONFIG)
        with scripts_on_path(), self.gradebook() as gradebook:
            gradebook.add_assignment("ps1")
            gradebook.add_notebook("ps1", "ps1")
            gradebook.add_grade_cell("test", "ps1", "ps1", max_score=3.0, cell_type="code")
            gradebook.add_solution_cell("answer", "ps1", "ps1")
            gradebook.db.commit()

    def gradebook(self) -> Gradebook:
        return Gradebook(self.address, "any")

    @property
    def folder(self) -> CourseFolder:
        return CourseFolder(self.root)

    def text(self, code: str) -> str:
        cells = [
            self._cell("answer", code, solution=True),
            self._cell("test", "assert f() == 1", grade=True, locked=True, points=3),
        ]
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})

    @staticmethod
    def _cell(name, source, **nbgrader):
        kind = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        return {
            "id": name,
            "cell_type": "code",
            "metadata": {"nbgrader": {**kind, **nbgrader, "grade_id": name}},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }

    def hand_in(self, student: str, code: str = "def f(): return 1", name: str = "ps1.ipynb") -> Path:
        folder = self.root / "submitted" / student / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(self.text(code))
        return folder

    def grade(
        self,
        student: str,
        score: float,
        code: str = "def f(): return 1",
        timestamp: datetime.datetime | None = None,
    ) -> None:
        """As if our grader had graded it."""
        submitted = self.hand_in(student, code)
        autograded = self.root / "autograded" / student / "ps1"
        autograded.mkdir(parents=True, exist_ok=True)
        (autograded / "ps1.ipynb").write_text(self.text(code))
        self._keep(student, CellScores({"test": score}), submitted, None, timestamp)

    def refuse(self, student: str, reason: str = "The file is empty.") -> None:
        """As if our grader could not grade it."""
        self._keep(student, None, self.hand_in(student), reason)

    def _keep(self, student, scores, submitted, reason, timestamp=None):
        result = refused(Submission(student, "ps1", submitted), reason or "", (question_result("test", ()),))
        result = msgspec.structs.replace(result, problem=reason)
        by_notebook = {} if scores is None else {"ps1": scores}
        fingerprint = Fingerprint(folder_digest(submitted), "", "")
        with ResultsStore(self.root / ".autograder") as store:
            store.keep(StoredResult(student, "ps1", fingerprint, result, by_notebook, None))
            store.have_entered([(student, "ps1")])
        with GradebookWriter(self.address, "any") as writer:
            version = read_source_version(self.address, "any", "ps1")
            writer.enter(version, [Entry(student, "ps1", timestamp, by_notebook, reason is None)])

    def by_hand(self, student: str, points: float) -> None:
        """As the formgrader does it."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade("test", "ps1", "ps1", student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()

    def page(self, student: str, name: str = "ps1.html") -> str:
        return (self.root / "feedback" / student / "ps1" / name).read_text()


@pytest.fixture
def small_class(tmp_path):
    """A class whose students the test itself hands in for."""
    return SmallClass(tmp_path)


@pytest.fixture(scope="session")
def make_small_class():
    """``make_small_class(folder)``: the same, in a folder of the test's own."""
    return SmallClass
