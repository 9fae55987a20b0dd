"""A file that Canvas's gradebook imports.

Source: Canvas's own importer and exporter, `lib/gradebook_importer.rb` and `lib/gradebook_exporter.rb` of
https://github.com/instructure/canvas-lms: the columns up to ``Section`` say who it is, a column called ``Name (id)``
is that assignment's, and one with a name alone may become a new one. A row ``Points Possible`` comes first. Students
are known by ID, SIS User ID or SIS Login ID, and by name where all else fails. An empty cell is no score. No byte order
mark: Canvas would take it for a letter.
"""

import re
from collections.abc import Collection
from pathlib import Path

from autograder.instructor.csv_files import Cell
from autograder.instructor.exports import Chosen
from autograder.instructor.exports._scores import ClassScores, Student, read_class_scores, read_number
from autograder.instructor.exports._table import Finder, Table, changed_by_safety, write_not_graded
from autograder.instructor.exports._table import write as write_table
from autograder.instructor.exports._targets import CANVAS
from autograder.judging.course import Course

_WHO = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
_POINTS = "    Points Possible"
_TITLE = re.compile(r"(.*) \((\d+)\)")


def write(
    root: Path, course: Course, out: Path, assignments: Collection[str], roster: Path | None, chosen: Chosen
) -> list[str]:
    """Write the file; see `autograder.instructor.exports.canvas`."""
    found = read_class_scores(root, course, CANVAS, assignments, chosen)
    remarks = list(found.remarks)
    if roster is None:
        header, columns = _WHO, list(found.points)
        people = [(student, _who(student)) for student in found.students]
        unknown = [student.id for student in found.students if not student.lms_user_id]
        if unknown:
            remarks.append(
                f"{_some(unknown)} no LMS user id in the gradebook; Canvas has to know them by login or by name. "
                "With --roster, Canvas's own export, ids are taken from there."
            )
        remarks += changed_by_safety(one for student in found.students for one in (student.id, student.lms_user_id))
    else:
        table = Table(roster, ("Section",), "a gradebook that Canvas has exported")
        header, people, more = _from_roster(table, found)
        columns, yet_more = _columns(table, found)
        remarks += [*more, *yet_more]
    rows: list[list[Cell]] = [[_POINTS, *[""] * (len(header) - 1), *found.points.values()]]
    for student, who in people:
        given = [found.scores.get((student.id, name)) for name in found.points]
        rows.append([*who, *(one.score if one else None for one in given)])
    write_table(out, [*header, *columns], rows, "utf-8")
    return [*remarks, *write_not_graded(out, found)]


def _who(student: Student) -> list[str]:
    """nbgrader's id is the name at login; what it calls the LMS user id is Canvas's own if it is a number."""
    is_canvas = student.lms_user_id.isdecimal()
    ids = (student.lms_user_id, "") if is_canvas else ("", student.lms_user_id)
    return [student.name, *ids, student.id, ""]


def _from_roster(table: Table, found: ClassScores) -> tuple[list[str], list[tuple[Student, list[str]]], list[str]]:
    """The columns up to ``Section``, each student with what stands in them, and sentences."""
    width = table.header.index("Section") + 1
    header = table.header[:width]
    rows = [row for row in table.rows if _is_student(table, row)]
    finder = Finder((place, _keys(header, row)) for place, row in enumerate(rows))
    people, taken, strangers = [], set(), []
    for student in found.students:
        place = finder.find(
            [
                ("ID", student.lms_user_id),
                ("SIS User ID", student.lms_user_id),
                ("SIS Login ID", student.id),
                ("SIS User ID", student.id),
                ("SIS Login ID", student.email),
                ("name", student.name if student.last_name else ""),
            ]
        )
        if place is None or place in taken:
            strangers.append(student.id)
            own = dict(zip(_WHO, _who(student), strict=True))
            people.append((student, [own.get(column, "") for column in header]))
        else:
            taken.add(place)
            people.append((student, rows[place][:width]))
    remarks = []
    if strangers:
        remarks.append(f"{_some(strangers)} no row in the roster; Canvas will ask who they are.")
    left_out = len(rows) - len(taken)
    if left_out:
        remarks.append(f"{left_out} in the roster but not in the gradebook: left out, and Canvas keeps what it has.")
    return header, people, remarks


def _is_student(table: Table, row: list[str]) -> bool:
    name, section = row[0].strip(), table.header.index("Section")
    return bool(name or any(row[1 : section + 1])) and not name.startswith("Points Possible")


def _keys(header: list[str], row: list[str]) -> dict[str, str]:
    keys = dict(zip(header, row, strict=False))
    if "LastName" in keys:
        keys["Student"] = f"{keys['LastName']}, {keys.get('FirstName', '')}"
    # In front of a name like a formula Canvas, or we, have put something.
    return {**keys, "name": keys.get("Student", "").lstrip("'")}


def _columns(table: Table, found: ClassScores) -> tuple[list[str], list[str]]:
    """The assignments' columns as Canvas calls them, and sentences."""
    possible = next((row for row in table.rows if row[0].strip().startswith("Points Possible")), None)
    known = {}
    for place, column in enumerate(table.header):
        if title := _TITLE.fullmatch(column):
            known[title[1].strip().casefold()] = (column, possible[place] if possible else "")
    columns, remarks = [], []
    for name, points in found.points.items():
        column, worth = known.get(name.casefold(), (name, ""))
        columns.append(column)
        if column == name:
            remarks.append(f"{name} is no assignment in the roster; Canvas will ask whether to make one.")
        elif read_number(worth) not in (None, points):
            remarks.append(f"{name} is worth {worth} points in Canvas, {points:g} here: change that in Canvas first.")
    return columns, remarks


def _some(ids: list[str]) -> str:
    shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
    return f"{shown} {'has' if len(ids) == 1 else 'have'}"
