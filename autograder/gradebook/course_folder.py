"""An nbgrader course on disk: its settings as nbgrader itself reads them, its folders, and who submitted what."""

import glob
import logging
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from autograder.gradebook.class_rules import ClassRules, Selection
from autograder.notebooks.text import legible

_log = logging.getLogger(__name__)


class CourseFolderError(Exception):
    """The course cannot be opened; the text says why."""


class SubmittedFolder(NamedTuple):
    """One student's submission of one assignment.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's name of it.
        folder: what was handed in.
    """

    student: str
    assignment: str
    folder: Path


class CourseFolder:
    """The folder of an nbgrader course, opened with its settings.

    Args:
        root: its folder.
        config: its settings; those that nbgrader would find for that folder by default.

    Attributes:
        root: its folder.
        converter: nbgrader's own converter, configured; steps are taken from it and never run by it.
        rules: what ``c.ClassRules`` says in its settings.
        warnings: what nbgrader would have logged as a warning since this list was last emptied.

    Raises:
        CourseFolderError: its settings cannot be read.
    """

    def __init__(self, root: Path, config: Config | None = None):
        self.root = Path(os.path.abspath(root))
        self.warnings: list[str] = []
        nbgraders = logging.Logger("nbgrader", logging.WARNING)
        nbgraders.addHandler(_Collecting(self.warnings))
        app = _App(log=nbgraders)
        app.root = str(self.root)
        app.settings = config
        try:
            app.initialize([], root=str(self.root))
        except (Exception, SystemExit) as error:  # settings are a program, and anything may be in it
            _log.info("The settings of %s cannot be read.", self.root, exc_info=True)
            reason = self.warnings[-1] if isinstance(error, SystemExit) else f"{type(error).__name__}: {error}"
            raise CourseFolderError(f"The settings of {self.root} cannot be read: {legible(reason)}") from error
        self.converter = Autograde(coursedir=app.coursedir, parent=app)
        try:
            self.rules = ClassRules(parent=self.converter)
        except TraitError as error:
            reason = legible(" ".join(str(error).split()))
            raise CourseFolderError(
                f"c.ClassRules in the settings of {self.root} cannot be meant so: {reason}"
            ) from error
        self.warnings.clear()

    @property
    def directory(self) -> CourseDirectory:
        """nbgrader's own object for the folders and for the gradebook's address."""
        return self.converter.coursedir

    @property
    def store(self) -> Path:
        """The folder of our results store and our log."""
        return self.root / ".autograder"

    @property
    def excluded(self) -> frozenset[str]:
        """The students who have dropped out, as nbgrader's settings name them."""
        return frozenset(name for one in self.directory.student_id_exclude.split(",") if (name := one.strip()))

    def selection(self, students: Iterable[str] = (), groups: Iterable[str] = ()) -> Selection:
        """These students and those of these groups, or everybody; without those who have dropped out.

        Raises:
            UnknownGroup: there is no such group in the class's rules.
        """
        return Selection(self.rules, self.excluded, students, groups)

    def submitted(self, assignment: str | None = None) -> list[SubmittedFolder]:
        """What was submitted, sorted by assignment and student: folders only, as nbgrader sees them."""
        return self.sorted_out(assignment)[0]

    def sorted_out(self, assignment: str | None = None) -> tuple[list[SubmittedFolder], list[SubmittedFolder]]:
        """What was submitted; and the submissions that are left out, since nobody should have their folder's name as
        an id. Those of them that hold no notebook are nobody's."""
        submitted, misnamed = [], []
        for one in self._found(self.directory.submitted_directory, assignment):
            if _is_plain_id(one.student):
                submitted.append(one)
            elif glob.glob(f"{glob.escape(str(one.folder))}/*.ipynb"):
                misnamed.append(one)
        return submitted, misnamed

    def graded(self, assignment: str | None = None) -> list[SubmittedFolder]:
        """What was autograded, sorted by assignment and student, with its autograded folder."""
        found = self._found(self.directory.autograded_directory, assignment)
        return [one for one in found if _is_plain_id(one.student)]

    def with_feedback(self, assignment: str | None = None) -> list[SubmittedFolder]:
        """What there are feedback pages of, sorted by assignment and student, with their folder."""
        return self._found(self.directory.feedback_directory, assignment)

    def _found(self, step: str, assignment: str | None) -> list[SubmittedFolder]:
        pattern = self.directory.format_path(step, "(?P<student>.*)", "(?P<assignment>.*)", escape=True)
        found = []
        wanted = self.directory.format_path(step, "*", glob.escape(assignment) if assignment else "*")
        for place in glob.glob(wanted, include_hidden=True):
            match = re.fullmatch(pattern, place, re.DOTALL)
            if match and os.path.isdir(place) and match["student"] not in self.excluded:
                if not match["assignment"].startswith("."):  # Jupyter's own, and the like
                    found.append(SubmittedFolder(match["student"], match["assignment"], Path(place)))
        return sorted(found, key=lambda one: (one.assignment, one.student))

    def assignments(self) -> list[str]:
        """Names of the assignments whose source versions lie in the course's folder, in order."""
        places = glob.glob(self.directory.format_path(self.directory.source_directory, ".", "*"))
        return sorted(os.path.basename(place) for place in places if glob.glob(f"{glob.escape(place)}/*.ipynb"))

    def autograded(self, student: str, assignment: str) -> Path:
        """Where nbgrader keeps a submission that was autograded."""
        return Path(self.directory.format_path(self.directory.autograded_directory, student, assignment))

    def feedback(self, student: str, assignment: str) -> Path:
        """Where nbgrader keeps the feedback pages of a submission."""
        return Path(self.directory.format_path(self.directory.feedback_directory, student, assignment))

    def source(self, assignment: str) -> Path:
        """Where the assignment's source version lies."""
        return Path(self.directory.format_path(self.directory.source_directory, ".", assignment))


def _is_plain_id(name: str) -> bool:
    """Whether a folder's name may be a student's id: nbgrader puts it into pages and addresses as it stands."""
    return name.isprintable() and not name.startswith(".") and not set(name) & set('<>&"`\\%?#')


class _App(AutogradeApp):
    """Loads the configuration as `nbgrader autograde` does in the course's folder, wherever we were started."""

    root = ""
    settings: Config | None = None
    load_cwd_config = False
    raise_config_file_errors = True  # nbgrader goes on with half of the settings

    def load_config_file(self, **kwargs: Any) -> None:
        """Load what was given, or else what nbgrader would find."""
        if self.settings is None:
            super().load_config_file(**kwargs)
        else:
            self.update_config(self.settings)

    def init_syspath(self) -> None:
        """Plug-ins of the course are found in its folder. Behind everything else: nothing there replaces a library."""
        if self.root not in sys.path:
            sys.path.append(self.root)


class _Collecting(logging.Handler):
    """Appends each warning to a list, in one line."""

    def __init__(self, warnings: list[str]):
        super().__init__(logging.WARNING)
        self._warnings = warnings

    def emit(self, record: logging.LogRecord) -> None:
        self._warnings.append(legible(" ".join(record.getMessage().split())))
