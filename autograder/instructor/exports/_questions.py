"""A table of a class for a spreadsheet: a row a student, a column a question."""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from autograder.gradebook.cells import read_graded_cells
from autograder.gradebook.course_folder import CourseFolder
from autograder.instructor.csv_files import Cell
from autograder.instructor.exports import Chosen
from autograder.instructor.exports._scores import number, place_in, read_class_scores
from autograder.instructor.exports._table import write as write_table
from autograder.instructor.exports._table import write_not_graded
from autograder.instructor.exports._targets import CANVAS
from autograder.judging.course import Course

_WHO = ["Student id", "Last name", "First name", "Group"]
_ENCODING = "utf-8-sig"


def write(root: Path, course: Course, out: Path, assignments: Collection[str], chosen: Chosen) -> list[str]:
    """Write the file; see `autograder.instructor.exports.questions`."""
    found = read_class_scores(root, course, CANVAS, assignments, chosen)
    folder = CourseFolder(root)
    directory = folder.directory
    header = list(_WHO)
    rows: dict[str, list[Cell]] = {
        student.id: [student.id, student.last_name, student.first_name, folder.rules.group_of(student.id)]
        for student in found.students
    }
    for name, points in found.points.items():
        place = place_in(course.find_lesson(name))
        scores: dict[tuple[str, str], float] = defaultdict(float)
        most: dict[tuple[str, str], float] = defaultdict(float)
        for one in read_graded_cells(directory.db_url, directory.course_id, name):
            # Cells of one name in several notebooks of an assignment count together.
            scores[one.student, one.cell] += one.score
            most[one.student, one.cell] += one.max_score
        worth = {cell: points for (_, cell), points in most.items()}
        cells = sorted(worth, key=lambda cell: place("", cell))
        header += [f"{name}: {cell} ({number(worth[cell]):g})" for cell in cells]
        header += [f"{name}: late penalty", f"{name}: score ({points:g})"]
        for student, row in rows.items():
            whole = found.scores.get((student, name))
            if whole is None or whole.score is None:
                row += [None] * (len(cells) + 2)
                continue
            row += [number(scores[student, cell]) if (student, cell) in scores else None for cell in cells]
            row += [-whole.penalty if whole.penalty else 0, whole.score]
    write_table(out, header, rows.values(), _ENCODING)
    return [*found.remarks, *write_not_graded(out, found)]
