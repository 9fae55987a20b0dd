"""Feedback pages as files, and the table by which a mail program sends each to whom it belongs."""

import shutil
from collections.abc import Collection
from pathlib import Path

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.staleness import listed
from autograder.instructor.csv_files import Cell
from autograder.instructor.exports import Chosen, ExportError
from autograder.instructor.exports._scores import read_class_scores
from autograder.instructor.exports._table import write as write_table
from autograder.instructor.exports._targets import CANVAS
from autograder.judging.course import Course

_TABLE = "mail-merge.csv"
_HEADER = ["id", "first_name", "last_name", "email", "assignment", "score", "points", "not_graded", "attachments"]
_ENCODING = "utf-8-sig"


def write(root: Path, course: Course, out: Path, assignments: Collection[str], chosen: Chosen) -> list[str]:
    """Write the folder; see `autograder.instructor.exports.mail_merge`."""
    found = read_class_scores(root, course, CANVAS, assignments, chosen)
    folder = CourseFolder(root)
    pages = FeedbackPages(folder, None, folder.selection(chosen.students, chosen.groups))
    stale = [one for one in pages.stale if one.assignment in found.points]
    if stale:
        who = listed([f"{one.student} ({one.assignment})" for one in stale])
        raise ExportError(
            f"Feedback pages that are missing, or show something else than the gradebook: {who}. "
            f"`autograder feedback {root}` makes them; then export again."
        )
    if out.exists() and not (out / _TABLE).exists() and any(out.iterdir()):
        raise ExportError(f"{out} holds something else. Name another folder with --out, or empty this one.")
    for old in (out / name / file.name for name in found.points for file in (out / name).glob("*.html")):
        old.unlink()  # an earlier export's
    rows: list[list[Cell]] = []
    without: list[str] = []
    for student in found.students:
        for name, points in found.points.items():
            files = sorted(folder.feedback(student.id, name).glob("*.html"))
            if not files:
                continue
            if not student.email and student.id not in without:
                without.append(student.id)
            score = found.scores.get((student.id, name))
            copies = [_copy(file, out / name, student.id, len(files)) for file in files]
            person = (student.id, student.first_name, student.last_name, student.email)
            reason = found.not_graded.get((student.id, name), "")
            attachments = ";".join(str(copy.resolve()) for copy in copies)
            rows.append([*person, name, score.score if score else None, points, reason, attachments])
    if not rows:
        raise ExportError(f"There are no feedback pages. `autograder feedback {root}` makes them.")
    out.mkdir(parents=True, exist_ok=True)
    write_table(out / _TABLE, _HEADER, rows, _ENCODING)
    remarks = [f"{len(rows):,} mails: {out / _TABLE} has a row for each, with the file to attach."]
    if without:
        remarks.append(f"No e-mail address in the gradebook: {listed(without)}. Fill in the column email for them.")
    return remarks


def _copy(file: Path, place: Path, student: str, count: int) -> Path:
    """Copy one page under its student's name."""
    place.mkdir(parents=True, exist_ok=True)
    copy = place / (f"{student}.html" if count == 1 else f"{student}-{file.stem}.html")
    shutil.copy(file, copy)
    return copy
