"""A file that Moodle imports: into its gradebook, or an assignment's offline grading worksheet, filled in.

Source: Moodle's own importers, `grade/import/csv/classes/load_data.php` and
`mod/assign/feedback/offline/importgradeslib.php` of https://github.com/moodle/moodle. Into the gradebook: one column
that says who it is, chosen by whoever imports; any other may be an item's points or its feedback. Of a worksheet the
columns Identifier, Grade and Last modified (grade) count. Moodle drops a byte order mark, and Excel needs one.

The gradebook's importer takes an empty identifier for the student of the row before, and would give one student's marks
to another. So none is left empty here: where it is missing stands nbgrader's id, which Moodle refuses if it does not
know it, with the whole file and with a sentence.
"""

from collections.abc import Collection
from pathlib import Path

from autograder.instructor.csv_files import Cell
from autograder.instructor.exports import ExportError
from autograder.instructor.exports._marks import Marks, Student, read_marks, read_number
from autograder.instructor.exports._table import Finder, Table, changed_by_safety
from autograder.instructor.exports._table import write as write_table
from autograder.instructor.exports._targets import MOODLE

_WHO = ["Username", "ID number", "Email address", "First name", "Last name"]
_ENCODING = "utf-8-sig"

_WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
_COMMENTS = "Feedback comments"


def write(root: Path, out: Path, assignments: Collection[str], roster: Path | None) -> list[str]:
    """See `autograder.instructor.exports.moodle`."""
    if roster is not None and len(assignments) != 1:
        raise ExportError("A worksheet is one assignment's: say which, with --assignment.")
    marks = read_marks(root, MOODLE, assignments)
    if roster is not None:
        return _fill_in(roster, out, marks, *assignments)
    columns = [column for name in marks.points for column in (name, f"{name} (feedback)")]
    rows = []
    for student in marks.students:
        row: list[Cell] = [*_who(student)]
        for name in marks.points:
            mark = marks.marks.get((student.id, name))
            row += [mark.score, mark.text] if mark else [None, ""]
        rows.append(row)
    write_table(out, [*_WHO, *columns], rows, _ENCODING)
    remarks = [*marks.remarks, "Make a grade item for each assignment in Moodle first, with as many points as here."]
    for field, called in (("email", "e-mail address"), ("lms_user_id", "LMS user id")):
        without = [student.id for student in marks.students if not getattr(student, field)]
        if without and len(without) < len(marks.students):
            remarks.append(f"No {called} in the gradebook: {', '.join(without)}. {_instead(field)}")
        elif without:
            remarks.append(f"Nobody has an {called} in the gradebook. {_instead(field)}")
    ids = (one for student in marks.students for one in (student.id, student.lms_user_id, student.email))
    return [*remarks, *changed_by_safety(ids)]


def _instead(field: str) -> str:
    column = "Email address" if field == "email" else "ID number"
    return f"nbgrader's id stands in its place; do not let Moodle know students by {column}."


def _who(student: Student) -> list[str]:
    return [
        student.id,
        student.lms_user_id or student.id,
        student.email or student.id,
        student.first_name,
        student.last_name,
    ]


def _fill_in(worksheet: Path, out: Path, marks: Marks, name: str) -> list[str]:
    """Put points and feedback into a worksheet; all else stays as Moodle has written it."""
    table = Table(
        worksheet,
        _WORKSHEET,
        "an offline grading worksheet, in English, as Moodle reads only the language that it shows itself in",
    )
    finder = Finder((place, _keys(table, row)) for place, row in enumerate(table.rows))
    grade, comments, most = table.header.index("Grade"), table.column(_COMMENTS), table.column("Maximum grade")
    rows: list[list[Cell]] = [list(row) for row in table.rows]
    remarks = list(marks.remarks)
    if comments is None:
        remarks.append(f"The worksheet has no column {_COMMENTS!r}; the points are in it and nothing else.")
    strangers, narrow = [], set()
    for student in marks.students:
        mark = marks.marks.get((student.id, name))
        if mark is None:
            continue
        place = finder.find(
            [
                ("Email address", student.email),
                ("ID number", student.lms_user_id),
                ("Username", student.id),
                ("ID number", student.id),
                ("Email address", student.id),
                ("Full name", " ".join(filter(None, (student.first_name, student.last_name)))),
            ]
        )
        if place is None:
            strangers.append(student.id)
            continue
        rows[place][grade] = mark.score
        if comments is not None:
            rows[place][comments] = mark.text
        if most is not None:
            narrow.add(table.rows[place][most].replace(",", "."))
    if strangers:
        remarks.append(f"Not in the worksheet, and so without a mark in it: {', '.join(strangers)}.")
    wrong = sorted(worth for worth in narrow if read_number(worth) != marks.points[name])
    if wrong:
        points = f"{marks.points[name]:g}"
        remarks.append(f"{name} is worth {wrong[0]} in Moodle and {points} here: change that in Moodle first.")
    write_table(out, table.header, rows, _ENCODING)
    return remarks


def _keys(table: Table, row: list[str]) -> dict[str, str]:
    return dict(zip(table.header, row, strict=True))
