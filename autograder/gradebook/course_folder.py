"""An nbgrader course on disk: its settings as nbgrader itself reads them, its folders, and who handed in what."""

import glob
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.notebooks.text import legible


class CourseError(Exception):
    """The course cannot be opened; the text says why."""


class HandedIn(NamedTuple):
    """One student's submission of one assignment: a folder."""

    student: str
    assignment: str
    folder: Path


class Course:
    """A course.

    Args:
        root: its folder.
        config: its settings; those that nbgrader would find for that folder by default.

    Attributes:
        root: its folder.
        converter: nbgrader's own converter, configured; steps are taken from it and never run by it.
        warnings: what nbgrader would have logged as a warning since this list was last emptied.

    Raises:
        CourseError: its settings cannot be read.
    """

    def __init__(self, root: Path, config: Config | None = None):
        self.root = Path(os.path.abspath(root))
        self.warnings: list[str] = []
        log = logging.Logger("nbgrader", logging.WARNING)
        log.addHandler(_Keeping(self.warnings))
        app = _App(log=log)
        app.root = str(self.root)
        app.settings = config
        try:
            app.initialize([], root=str(self.root))
        except (Exception, SystemExit) as error:  # anything may be in there
            reason = self.warnings[-1] if isinstance(error, SystemExit) else f"{type(error).__name__}: {error}"
            raise CourseError(f"The settings of {self.root} cannot be read: {legible(reason)}") from None
        self.converter = Autograde(coursedir=app.coursedir, parent=app)
        self.warnings.clear()

    @property
    def directory(self) -> CourseDirectory:
        """nbgrader's own idea of the folders and of the gradebook's address."""
        return self.converter.coursedir

    @property
    def store(self) -> Path:
        """The folder where our grader keeps what it must not lose."""
        return self.root / ".autograder"

    def submitted(self, assignment: str | None = None) -> list[HandedIn]:
        """What was handed in, sorted by assignment and student; folders only, as nbgrader has it."""
        step = self.directory.submitted_directory
        pattern = self.directory.format_path(step, "(?P<student>.*)", "(?P<assignment>.*)", escape=True)
        excluded = set(filter(None, self.directory.student_id_exclude.split(",")))
        found = []
        for place in glob.glob(self.directory.format_path(step, "*", glob.escape(assignment) if assignment else "*")):
            match = re.fullmatch(pattern, place)
            if match and os.path.isdir(place) and match["student"] not in excluded:
                found.append(HandedIn(match["student"], match["assignment"], Path(place)))
        return sorted(found, key=lambda one: (one.assignment, one.student))

    def autograded(self, student: str, assignment: str) -> Path:
        """Where nbgrader keeps a submission that was autograded."""
        return Path(self.directory.format_path(self.directory.autograded_directory, student, assignment))

    def source(self, assignment: str) -> Path:
        """The assignment's master version."""
        return Path(self.directory.format_path(self.directory.source_directory, ".", assignment))


class _App(AutogradeApp):
    """Loads the configuration, as `nbgrader autograde` in the course's folder does, wherever we were started."""

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


class _Keeping(logging.Handler):
    def __init__(self, kept: list[str]):
        super().__init__(logging.WARNING)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(legible(" ".join(record.getMessage().split())))
