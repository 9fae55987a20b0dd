"""A file that Moodle imports: into its gradebook, or an assignment's offline grading worksheet, filled in.

Source: Moodle's own importers, `grade/import/csv/classes/load_data.php` and
`mod/assign/feedback/offline/importgradeslib.php` of https://github.com/moodle/moodle. Into the gradebook: one column
that says who it is, chosen by whoever imports; any other may be an item's points or its feedback. Of a worksheet the
columns Identifier, Grade and Last modified (grade) count. Moodle drops a byte order mark, and Excel needs one.

The gradebook's importer takes an empty identifier for the student of the row before, and would give one student's
scores to another. So none is left empty here: where it is missing stands nbgrader's id, which Moodle refuses if it does
not know it, with the whole file and with a sentence.
"""

from collections.abc import Collection
from pathlib import Path

from autograder.instructor.csv_files import Cell
from autograder.instructor.exports import Chosen, ExportError
from autograder.instructor.exports._scores import ClassScores, Student, read_class_scores, read_number
from autograder.instructor.exports._table import Finder, Table, changed_by_safety, write_not_graded
from autograder.instructor.exports._table import write as write_table
from autograder.instructor.exports._targets import MOODLE
from autograder.judging.course import Course

_WHO = ["Username", "ID number", "Email address", "First name", "Last name"]
_ENCODING = "utf-8-sig"

_WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
_COMMENTS = "Feedback comments"


def write(
    root: Path, course: Course, out: Path, assignments: Collection[str], roster: Path | None, chosen: Chosen
) -> list[str]:
    """Write the file; see `autograder.instructor.exports.moodle`."""
    if roster is not None and len(assignments) != 1:
        raise ExportError("A worksheet is one assignment's: say which, with --assignment.")
    found = read_class_scores(root, course, MOODLE, assignments, chosen)
    if roster is not None:
        return _fill_in(roster, out, found, *assignments)
    columns = [column for name in found.points for column in (name, f"{name} (feedback)")]
    rows = []
    for student in found.students:
        row: list[Cell] = [*_who(student)]
        for name in found.points:
            score = found.scores.get((student.id, name))
            row += [score.score, score.text] if score else [None, ""]
        rows.append(row)
    write_table(out, [*_WHO, *columns], rows, _ENCODING)
    remarks = [*found.remarks, "Make a grade item for each assignment in Moodle first, with as many points as here."]
    for field, called in (("email", "e-mail address"), ("lms_user_id", "LMS user id")):
        without = [student.id for student in found.students if not getattr(student, field)]
        if without and len(without) < len(found.students):
            remarks.append(f"No {called} in the gradebook: {', '.join(without)}. {_instead(field)}")
        elif without:
            remarks.append(f"Nobody has an {called} in the gradebook. {_instead(field)}")
    ids = (one for student in found.students for one in (student.id, student.lms_user_id, student.email))
    return [*remarks, *write_not_graded(out, found), *changed_by_safety(ids)]


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


def _fill_in(worksheet: Path, out: Path, found: ClassScores, name: str) -> list[str]:
    """Put points and feedback into a worksheet; all else stays as Moodle has written it."""
    table = Table(
        worksheet,
        _WORKSHEET,
        "an offline grading worksheet, in English, as Moodle reads only the language that it shows itself in",
    )
    finder = Finder((place, _keys(table, row)) for place, row in enumerate(table.rows))
    grade, comments, most = table.header.index("Grade"), table.column(_COMMENTS), table.column("Maximum grade")
    rows: list[list[Cell]] = [list(row) for row in table.rows]
    remarks = list(found.remarks)
    if comments is None:
        remarks.append(f"The worksheet has no column {_COMMENTS!r}; the points are in it and nothing else.")
    strangers, narrow = [], set()
    for student in found.students:
        score = found.scores.get((student.id, name))
        if score is None:
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
        rows[place][grade] = score.score
        if comments is not None:
            rows[place][comments] = score.text
        if most is not None:
            narrow.add(table.rows[place][most].replace(",", "."))
    if strangers:
        remarks.append(f"Not in the worksheet, and so without a score in it: {', '.join(strangers)}.")
    wrong = sorted(worth for worth in narrow if read_number(worth) != found.points[name])
    if wrong:
        points = f"{found.points[name]:g}"
        remarks.append(f"{name} is worth {wrong[0]} in Moodle and {points} here: change that in Moodle first.")
    write_table(out, table.header, rows, _ENCODING)
    return [*remarks, *write_not_graded(out, found)]


def _keys(table: Table, row: list[str]) -> dict[str, str]:
    return dict(zip(table.header, row, strict=True))
