"""The file for Canvas, read back as Canvas reads it."""

import csv

import pytest

from autograder.course.contents import COURSE
from autograder.instructor import exports
from autograder.instructor.exports import ExportError

#: As Canvas exports it: names of its own, ids, a row of posting policies, read-only sums.
ROSTER = [
    ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "4-Network (991)", "Quiz (7)", "Final Score"],
    ["", "", "", "", "", "Manual Posting", "", ""],
    ["    Points Possible", "", "", "", "", "100.00", "5.00", "(read only)"],
    ["Lovelace, Ada M.", "1001", "s-01", "alovelace", "A", "", "-3.00", "80"],
    ["Groß, Zoë", "1002", "s-77", "zgross", "B", "1.00", "4.00", "70"],
    ["'=cmd|'/c calc'!A1", "1003", "s-03", "EVE", "A", "", "", ""],
    ["Somebody, Else", "1004", "s-04", "else", "A", "9.00", "", ""],
    ["Student, Test", "1005", "", "b16", "A", "", "", ""],
]


@pytest.fixture
def roster(tmp_path):
    """``roster(rows, delimiter)``: the path of Canvas's own export."""

    def write(rows=ROSTER, delimiter=","):
        path = tmp_path / "roster.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


def test_columns_and_row_of_points_are_those_canvas_asks_for(class_folder, tmp_path, read):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    rows = read(tmp_path / "c.csv")
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "4-network", "ps1"]
    assert rows[0]["Student"].strip() == "Points Possible"
    assert (rows[0]["4-network"], rows[0]["ps1"]) == ("18", "3")


def test_marks_are_the_gradebooks_penalties_and_points_by_hand_included(class_folder, tmp_path, read):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    marks = {row["SIS Login ID"]: row["4-network"] for row in read(tmp_path / "c.csv")[1:]}
    # Of zoe: 0.3 + 5 + (2 + 0.5 instead of 0) + 1.5 - 2. Of eve: 1 - 7 is not less than 0.
    assert marks == {"ada": "18", "zoe": "7.3", "eve": "0", "'-max": "2", "ida": ""}


def test_canvas_own_id_is_a_number_and_another_is_the_schools(class_folder, tmp_path, read):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    ids = {row["SIS Login ID"]: (row["ID"], row["SIS User ID"]) for row in read(tmp_path / "c.csv")}
    assert (ids["ada"], ids["zoe"], ids["ida"]) == (("1001", ""), ("", "s-77"), ("", ""))


def test_what_a_student_typed_is_no_formula(class_folder, tmp_path, read):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    names = {row["SIS Login ID"]: row["Student"] for row in read(tmp_path / "c.csv")}
    assert names["eve"] == "'+1, =cmd|'/c calc'!A1"
    assert names["zoe"] == 'Groß, "Zo", Zoë'


def test_file_has_no_byte_order_mark(class_folder, tmp_path):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_bytes().startswith(b'"Student"')


def test_instructor_is_told_what_is_odd(class_folder, tmp_path):
    remarks = exports.canvas(class_folder, COURSE, tmp_path / "c.csv")
    assert remarks == [
        "0-from-neurons-to-network is worth no points and was left out.",
        "Still to be graded by hand, written with the points they have: 1 of 4-network.",
        "Not handed in, so their cells are empty, which is no score and not 0: 1 of 4-network, 5 of ps1.",
        "eve, -max, ida have no LMS user id in the gradebook; Canvas has to know them by login or by name. "
        "With --roster, Canvas's own export, ids are taken from there.",
        "-max begins like a formula and is written as '-max, which is nobody's.",
    ]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_roster_gives_ids_and_the_assignments_name(class_folder, tmp_path, read, roster, delimiter):
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv", ("4-network",), roster(delimiter=delimiter))
    rows = read(tmp_path / "c.csv")
    assert list(rows[0])[5:] == ["4-Network (991)"]
    found = {row["ID"]: (row["SIS Login ID"], row["Section"], row["4-Network (991)"]) for row in rows[1:]}
    assert found == {
        "1001": ("alovelace", "A", "18"),
        "1002": ("zgross", "B", "7.3"),
        "1003": ("EVE", "A", "0"),
        "": ("ida", "", ""),
    }
    assert len(rows) == 6  # and -max, whom Canvas knows as little as ida


def test_roster_that_does_not_fit_is_told(class_folder, tmp_path, roster):
    remarks = exports.canvas(class_folder, COURSE, tmp_path / "c.csv", ("4-network", "ps1"), roster())
    assert "-max, ida have no row in the roster; Canvas will ask who they are." in remarks
    assert "2 in the roster but not in the gradebook: left out, and Canvas keeps what it has." in remarks
    assert "4-network is worth 100.00 points in Canvas, 18 here: change that in Canvas first." in remarks
    assert "ps1 is no assignment in the roster; Canvas will ask whether to make one." in remarks


def test_two_rows_that_fit_are_none(class_folder, tmp_path, read, roster):
    twice = [*ROSTER, ["Groß, Zoë", "1006", "s-77", "zgross2", "B", "", "", ""]]
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv", ("4-network",), roster(twice))
    (zoe,) = [row for row in read(tmp_path / "c.csv") if row["4-Network (991)"] == "7.3"]
    assert zoe["ID"] == ""


def test_names_in_two_columns(class_folder, tmp_path, read, roster):
    rows = [
        ["LastName", "FirstName", "ID", "SIS Login ID", "Section", "4-network (991)"],
        ["    Points Possible", "", "", "", "", "18"],
        ["Rhodes", "Ida", "1007", "irhodes", "A", ""],
    ]
    exports.canvas(class_folder, COURSE, tmp_path / "c.csv", ("4-network",), roster(rows))
    written = read(tmp_path / "c.csv")
    assert list(written[0]) == rows[0]
    assert [row["SIS Login ID"] for row in written if row["ID"] == "1007"] == ["irhodes"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no column 'Section'"),
        (b"name,points\nada,3\n", "is not a gradebook that Canvas has exported: it has no column 'Section'"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
        (b"Student,ID,Section\n" + b"x" * 200_000 + b"\n", "cannot be read as CSV"),
    ],
)
def test_roster_that_is_none_is_a_sentence(class_folder, tmp_path, content, sentence):
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(ExportError, match=sentence):
        exports.canvas(class_folder, COURSE, tmp_path / "c.csv", roster=tmp_path / "roster.csv")
    assert not (tmp_path / "c.csv").exists()


def test_empty_class_is_a_correct_file(empty, tmp_path, read):
    remarks = exports.canvas(empty, COURSE, tmp_path / "c.csv")
    (points,) = read(tmp_path / "c.csv")
    assert points["4-network"] == "18"
    assert "There is nobody in the gradebook." in remarks
