"""Autograding a course's submissions elsewhere, where there is neither the course's folder nor its gradebook.

What a grader has to know of the course goes along: nbgrader's settings, the assignments' source versions and the files
beside them. Of each submission its files go there, and those of the autograded folder come back.
"""

import contextlib
import copy
import functools
import os
import pickle
import shutil
import stat
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from traitlets.config import Config

from autograder.gradebook.autograde import Autograded, AutogradeTask, Autograding
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.database import SourceVersion
from autograder.grading.cluster.engine import Journey, StaysHere, run_tasks_on_cluster
from autograder.grading.grader import Grader
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult
from autograder.notebooks.files import FileError, folder_digest, read_file

#: Largest folder that travels, in megabytes.
MAX_MB = 100

#: Settings that say where things are on the machine that the course is on.
_PLACES = (
    *("root", "db_url", "directory_structure", "source_directory", "release_directory", "submitted_directory"),
    *("autograded_directory", "feedback_directory", "solution_directory"),
)


class _File(msgspec.Struct, array_like=True):
    """A file. Where `content` is `None` it is something else: a link, a pipe."""

    name: bytes
    mode: int
    content: bytes | None


class _Sent(msgspec.Struct, array_like=True):
    student: str
    assignment: str
    only: frozenset[str] | None
    before: SubmissionResult | None
    submitted: str
    files: list[_File]


class _Came(msgspec.Struct, array_like=True):
    autograded: Autograded
    files: list[_File]


class _Kit(NamedTuple):
    """What a grader has to know of a course."""

    config: Config
    source_versions: Mapping[str, SourceVersion]
    beside: Mapping[str, list[_File]]


def autograde_on_cluster(
    tasks: Collection[AutogradeTask],
    folder: CourseFolder,
    source_versions: Mapping[str, SourceVersion],
    crashed: Callable[[AutogradeTask, str], tuple[AutogradeTask, Autograded]],
    course: Course,
    **settings: Any,
) -> Iterator[tuple[AutogradeTask, Autograded]]:
    """Autograde submissions of a course folder on a cluster and yield each as it comes, in no particular order.

    Args:
        tasks: which; each is read here when its turn comes, and its autograded folder is made here.
        folder: whose submissions.
        source_versions: the assignments' source versions.
        crashed: the result of a task that could not be done, from the task and a sentence.
        course: whose lessons are asked by suites.
        settings: where and how; see `run_tasks_on_cluster`.

    Raises:
        RuntimeError: as `run_tasks_on_cluster`, or the folder's settings cannot travel.
    """
    try:
        beside = {name: _packed(folder.source(name), notebooks=False) for name in source_versions}
        kit = _Kit(_settings(folder), source_versions, beside)
        pickle.dumps(kit)
    except StaysHere:
        raise RuntimeError(f"The files of an assignment, beside its notebooks, have more than {MAX_MB} MB.") from None
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise RuntimeError(
            f"The settings in nbgrader_config.py cannot be sent to other machines ({error}). "
            "Put what they need into a module that is installed there."
        ) from error
    journey = Journey(_pack, functools.partial(_Elsewhere, kit), _unpack)
    return run_tasks_on_cluster(tasks, journey, crashed, course, **settings)


def _settings(folder: CourseFolder) -> Config:
    config: Config = copy.deepcopy(folder.converter.config)
    for name in _PLACES:
        config.CourseDirectory.pop(name, None)
    return config


def _pack(task: AutogradeTask) -> bytes:
    submitted = folder_digest(task.folder)
    files = _packed(Path(task.folder))
    return msgspec.msgpack.encode(_Sent(task.student, task.assignment, task.only, task.before, submitted, files))


def _unpack(task: AutogradeTask, packed: bytes) -> tuple[AutogradeTask, Autograded]:
    came = msgspec.msgpack.decode(packed, type=_Came)
    _unpacked(came.files, Path(task.staging))
    return task, came.autograded


class _Elsewhere:
    """A grader of a course that is not here."""

    def __init__(self, kit: _Kit, grader: Grader):
        self._place = tempfile.TemporaryDirectory(prefix="autograder-course-")
        self._root = Path(self._place.name)
        here = CourseFolder(self._root, kit.config)
        for assignment, files in kit.beside.items():
            _unpacked(files, here.source(assignment))
        self._autograde = Autograding(here, grader, kit.source_versions)

    def __call__(self, packed: bytes) -> bytes:
        sent = msgspec.msgpack.decode(packed, type=_Sent)
        folder, staging = self._root / "submitted-files", self._root / "staging"
        try:
            _unpacked(sent.files, folder)
            task = AutogradeTask(sent.student, sent.assignment, str(folder), str(staging), sent.only, sent.before)
            _, came = self._autograde(task)
            if came.submitted:
                came = msgspec.structs.replace(came, submitted=sent.submitted)
            return msgspec.msgpack.encode(_Came(came, _packed(staging)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(staging, ignore_errors=True)


def _packed(folder: Path, notebooks: bool = True) -> list[_File]:
    """The files in a folder and below.

    Raises:
        StaysHere: they are too large together.
    """
    left = MAX_MB * 2**20
    files = []
    for path in _below(folder):
        if not notebooks and path.suffix == ".ipynb":
            continue
        found = path.lstat()
        content = None
        if stat.S_ISREG(found.st_mode):
            left -= found.st_size
            if left < 0:
                raise StaysHere(f"Its folder has more than {MAX_MB} MB. It can be graded without --dask.")
            with contextlib.suppress(OSError, FileError):
                content = read_file(path, found.st_size)
        files.append(_File(os.fsencode(path.relative_to(folder)), stat.S_IMODE(found.st_mode), content))
    return files


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
        yield from (Path(place, name) for name in folders if os.path.islink(os.path.join(place, name)))


def _unpacked(files: Iterable[_File], folder: Path) -> None:
    """Write files. What was no file becomes a link to nothing, so that it is met with the same sentence here."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = folder / os.fsdecode(file.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.content is None:
            path.symlink_to(os.devnull)
        else:
            path.write_bytes(file.content)
            path.chmod(file.mode)
