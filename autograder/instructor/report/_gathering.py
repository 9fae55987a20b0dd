"""Where a report's facts come from: a class's folder with its gradebook, or a file of results."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from autograder.judging.results import SubmissionResult
from autograder.notebooks.reading import Notebook, NotebookError, read_notebook

if TYPE_CHECKING:
    # It takes all of nbgrader along, which a file of results has no need of.
    from autograder.gradebook.database import Roster


class ReportError(Exception):
    """There is nothing a report could be made of; the text says why and what to do."""


class Gathered(NamedTuple):
    """What a report is made of.

    Attributes:
        title: what it is a report of.
        results: the last of each submission, by lesson and student.
        roster: what the gradebook says, if there is one.
        submitted: the notebook that a student handed in for a lesson, or ``None``.
        remarks: what could not be read, a sentence each.
        is_whole: False if something was left out that should not have been.
    """

    title: str
    results: tuple[SubmissionResult, ...]
    roster: "Roster | None"
    submitted: Callable[[SubmissionResult], Notebook | None]
    remarks: tuple[str, ...] = ()
    is_whole: bool = True


def gather(source: Path, students: Collection[str] = (), groups: Collection[str] = ()) -> Gathered:
    """Read a class's folder, or a file of one JSON object a line as `autograder grade --jsonl` writes it.

    Args:
        source: the folder or the file.
        students: read these only, by id; everybody by default.
        groups: read the students of these groups of the class's rules, too.

    Raises:
        ReportError: it is neither, or there is no such group.
    """
    if not source.is_file():
        return _from_class(source, students, groups)
    if groups:
        raise ReportError(f"{source} is a list of results, and groups are a class's. Give the class's folder.")
    return _from_file(source, students)


def _from_file(path: Path, students: Collection[str]) -> Gathered:
    read = msgspec.json.Decoder(SubmissionResult)
    results, bad = {}, []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    result = read.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    bad.append(number)
                    continue
                if not students or result.student in students:
                    results[result.assignment, result.student] = result  # the last one counts
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}.") from None
    if bad and not results:
        raise ReportError(
            f"{path} has no results in it: line {bad[0]} is not one. `autograder grade … --jsonl FILE` writes them."
        )
    remarks = [f"{path.name} is a list of results: it does not know who handed in nothing at all."]
    if bad:
        which = ", ".join(map(str, bad[:5])) + (", …" if len(bad) > 5 else "")
        many = "1 line" if len(bad) == 1 else f"{len(bad)} lines"
        remarks.append(f"{many} of {path.name} could not be read: {which}. All others count.")
    ordered = tuple(results[key] for key in sorted(results))
    return Gathered(path.name, ordered, None, lambda _: None, tuple(remarks), not bad)


def _from_class(folder: Path, students: Collection[str], groups: Collection[str]) -> Gathered:
    try:
        from autograder.gradebook.class_rules import UnknownGroup
        from autograder.gradebook.course_folder import CourseFolder, CourseFolderError
        from autograder.gradebook.database import is_there, read_roster
        from autograder.gradebook.ledger import read_removed
        from autograder.gradebook.results_store import Damaged, read_stored
        from autograder.gradebook.staleness import stale_remarks
    except ModuleNotFoundError as error:
        raise ReportError(f"A class is read with nbgrader, and {error.name} is not installed.") from None
    from sqlalchemy.exc import SQLAlchemyError

    try:
        course = CourseFolder(folder)
        chosen = course.selection(students, groups)
        directory = course.directory
        whole = read_roster(directory.db_url, directory.course_id) if is_there(directory.db_url) else None
        removed = read_removed(course.store, whole.students) if whole is not None else set()
        stored = [one for one in read_stored(course.store) if one.student in chosen and one.student not in removed]
        results = tuple(one.result for one in stored)
        roster = chosen.of(whole) if whole is not None else None
        stale = stale_remarks(course, (), chosen)
    except (CourseFolderError, Damaged, UnknownGroup) as error:
        raise ReportError(str(error)) from None
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ReportError(f"The gradebook of {folder} cannot be read: {reason}.") from None

    def submitted(result: SubmissionResult) -> Notebook | None:
        place = directory.format_path(directory.submitted_directory, result.student, result.assignment)
        try:
            return read_notebook(Path(place) / f"{result.assignment}.ipynb")
        except NotebookError:
            return None

    return Gathered(
        course.root.name or str(course.root), results, roster, submitted, (*_remarks(results, roster), *stale)
    )


def _remarks(results: tuple[SubmissionResult, ...], roster: "Roster | None") -> list[str]:
    if roster is None:
        return ["There is no gradebook: the scores are the tests' own, and who handed in nothing is not known."]
    seen = {(result.student, result.assignment) for result in results}
    unseen = sum(key not in seen for key in roster.standings)
    if not unseen:
        return []
    return [
        f"{unseen:,} submissions in the gradebook were not graded by `autograder grade`. Their scores count, but there "
        "is nothing to say of their questions and tests."
    ]
