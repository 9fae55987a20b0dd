"""What other systems have collected comes in under the right names, whatever is in it, and nothing is lost."""

import os
import stat
import zipfile

import pytest

from autograder.gradebook.chosen_notebooks import Released
from autograder.instructor.collect import CollectError, Place, collect, read_roster_file
from autograder.instructor.collect import _reading as reading

RELEASED = {
    "ps1": Released(frozenset({"test"}), {"answer": "def f(): ..."}),
    "ps2": Released(frozenset({"other"}), {"answer": "def f(): ..."}),
}
MOODLE = """Identifier,Full name,Email address,Status,Grade
Participant 501,Ada Lovelace,ada@example.org,Submitted,
Participant 502,Jan Novák,jan1@example.org,Submitted,
Participant 503,Jan Novák,jan2@example.org,Submitted,
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,PS1 (7)
    Points Possible,,,,,3
"Lovelace, Ada",9001,s1,ada,A,
"O'Hara, Zoë",9002,s2,zoe,A,
"""


@pytest.fixture
def text(code_cell, notebook):
    """``text("def f(): return 1")``: a notebook's bytes."""

    def make(answer="def f(): ...", test="test"):
        return notebook(
            code_cell(answer, grade_id="answer", solution=True),
            code_cell("assert f()", grade_id=test, grade=True, locked=True),
        )

    return make


@pytest.fixture
def bring(tmp_path):
    """``bring({name: content}, roster)``: collect a zip of these files; what came of it by file."""
    (tmp_path / "class").mkdir()
    place = Place(str(tmp_path / "class" / "submitted" / "{student}" / "{assignment}"), tmp_path / "class" / "earlier")

    def run(files, roster=MOODLE, **settings):
        (tmp_path / "roster.csv").write_text(roster, encoding="utf-8-sig")
        source = files
        if isinstance(files, dict):
            source = tmp_path / "download.zip"
            with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in files.items():
                    entry = zipfile.ZipInfo(name, (2030, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, content)
        run.result = collect(source, place, read_roster_file(tmp_path / "roster.csv"), RELEASED, **settings)
        return {row.file: (row.student, row.assignment, row.what) for row in run.result.rows}

    run.submitted = tmp_path / "class" / "submitted"
    run.earlier = tmp_path / "class" / "earlier"
    return run


def test_moodles_zip_as_it_comes_two_of_one_name_included(bring, text):
    files = {
        "Ada Lovelace_501_assignsubmission_file_/my homework.ipynb": text("def f(): return 1"),
        "Jan Novák_502_assignsubmission_file_/ps1.ipynb": text("def f(): return 2"),
        "Jan Novák_503_assignsubmission_file_ps2.ipynb": text("def f(): return 3", "other"),
    }
    rows = bring(files)
    assert list(rows.values()) == [
        ("ada@example.org", "ps1", "collected"),
        ("jan1@example.org", "ps1", "collected"),
        ("jan2@example.org", "ps2", "collected"),
    ]
    for (student, which, _), content in zip(rows.values(), files.values(), strict=True):
        assert (bring.submitted / student / which / f"{which}.ipynb").read_bytes() == content
    assert bring.result.missing == []
    assert not bring.result.is_timed


def test_canvas_zip_as_it_comes(bring, text):
    rows = bring(
        {
            "lovelaceada_9001_77_ps1.ipynb": text("def f(): return 1"),
            "oharazoë_LATE_9002_78_Untitled-1.ipynb": text("def f(): return 2"),
            "nobody_9999_79_ps1.ipynb": text("def f(): return 3"),
        },
        CANVAS,
    )
    assert [row[0] for row in rows.values()] == ["", "ada", "zoe"]
    assert "Nobody in the roster" in bring.result.rows[0].why


def test_gradescopes_export_with_times_and_groups(bring, text):
    metadata = """submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: s1
    :email: ada@example.org
  - :name: Zoë O'Hara
    :sid: s2
    :email:
  :created_at: 2030-01-02 05:04:05.000000000 +02:00
"""
    bring(
        {
            "assignment_1_export/submission_metadata.yml": metadata,
            "assignment_1_export/submission_1/x.ipynb": text("def f(): return 1"),
        },
        CANVAS,
    )
    assert len(bring.result.rows) == 2
    assert {(row.student, row.what) for row in bring.result.rows} == {("zoe", "collected"), ("ada", "collected")}
    assert (bring.submitted / "zoe" / "ps1" / "timestamp.txt").read_text() == "2030-01-02 03:04:05 UTC"


def test_folder_of_an_exchange_and_plain_folders(bring, text, tmp_path):
    source = tmp_path / "inbound"
    for name in ("ada+ps1+2030-01-02 03:04:05 UTC+abc", "zoe"):
        (source / name).mkdir(parents=True)
        (source / name / "ps1.ipynb").write_bytes(text(f"def f(): return {len(name)}"))
    rows = bring(source, CANVAS)
    assert {row[0] for row in rows.values()} == {"ada", "zoe"}
    assert (bring.submitted / "ada" / "ps1" / "timestamp.txt").read_text() == "2030-01-02 03:04:05 UTC"
    assert not (bring.submitted / "zoe" / "ps1" / "timestamp.txt").exists()


def test_worked_copy_counts_and_the_blank_one_is_left(bring, text):
    rows = bring(
        {
            "Ada Lovelace_501_assignsubmission_file_/ps1.ipynb": text(),
            "Ada Lovelace_501_assignsubmission_file_/ps1 copy.ipynb": text("def f(): return 1"),
        }
    )
    assert [row[2] for row in rows.values()] == ["left", "collected"]
    assert b"return 1" in (bring.submitted / "ada@example.org" / "ps1" / "ps1.ipynb").read_bytes()


@pytest.mark.parametrize("is_timed", [True, False], ids=["as the exchange says", "as the files say"])
def test_newest_of_several_counts(bring, text, tmp_path, is_timed):
    for day in (2, 4, 3):
        name = f"ada+ps1+2030-01-0{day} 00:00:00 UTC" if is_timed else "ada"
        path = tmp_path / "in" / name / f"{day}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(f"def f(): return {day}"))
        os.utime(path, (day, day) if not is_timed else (0, 0))
    rows = bring(tmp_path / "in", CANVAS)
    assert sorted(row[2] for row in rows.values()) == ["collected", "left", "left"]
    assert b"return 4" in (bring.submitted / "ada" / "ps1" / "ps1.ipynb").read_bytes()


def test_nobody_guesses_between_two_that_differ(bring, text):
    name = "Ada Lovelace_501_assignsubmission_file_/"
    rows = bring({f"{name}a.ipynb": text("def f(): return 1"), f"{name}b.ipynb": text("def f(): return 2")})
    assert [row[2] for row in rows.values()] == ["not matched", "not matched"]
    assert not bring.submitted.exists()


def test_nothing_is_overwritten_and_an_older_one_never_wins(bring, text, tmp_path):
    def exchange(time, answer):
        source = tmp_path / time
        folder = source / f"ada+ps1+2030-01-0{time} 00:00:00 UTC"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_bytes(text(f"def f(): return {answer}"))
        return next(iter(bring(source, CANVAS).values()))[2]

    assert exchange("2", 1) == "collected"
    assert next(iter(bring(tmp_path / "2", CANVAS).values()))[2] == "unchanged"
    assert exchange("3", 2) == "replaced"
    (kept,) = bring.earlier.rglob("ps1.ipynb")
    assert b"return 1" in kept.read_bytes()
    assert kept.parent.name == "2030-01-02T00-00-00"
    assert exchange("1", 3) == "left"
    assert b"return 2" in (bring.submitted / "ada" / "ps1" / "ps1.ipynb").read_bytes()


@pytest.mark.parametrize("name", ["../../evil.ipynb", "/etc/evil.ipynb", "C:/evil.ipynb", "a/../../evil.ipynb"])
def test_paths_that_lead_out_are_refused(bring, text, tmp_path, name):
    rows = bring({name: text("def f(): return 1")})
    assert [row[2] for row in rows.values()] == ["not matched"]
    assert bring.result.rows[0].why == "Its name leads out of the zip."
    assert not bring.submitted.exists()


def test_links_and_bombs_in_a_zip_are_refused(bring, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("Ada Lovelace_501_assignsubmission_file_/ps1.ipynb")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("Jan Novák_502_assignsubmission_file_/ps1.ipynb", b" " * 2_000_000)
    bring(path)
    assert sorted(row.why for row in bring.result.rows) == [
        "It has more than 0 MB.",
        "It is a link, or no ordinary file.",
    ]
    monkeypatch.setattr(reading, "_MOST_BYTES", 10)
    with pytest.raises(CollectError, match="GB together; nothing is collected"):
        bring({"a.ipynb": b"x" * 11})
    assert bring({"a.txt": b"x" * 11}) == {}  # not even unpacked
    monkeypatch.setattr(reading, "_MOST_FILES", 1)
    with pytest.raises(CollectError, match="more than 1 files"):
        bring({"a.txt": b"", "b.txt": b""})


def test_sizes_that_a_zip_only_claims_are_no_way_round_the_limits(bring, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(reading, "_MOST_BYTES", 3_500_000)
    path = tmp_path / "lies.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"s{number}.ipynb", b" " * 2_000_000)
    size = (2_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (900_000).to_bytes(4, "little")))
    with pytest.raises(CollectError, match="GB together"):
        bring(path)


def test_too_much_in_a_folder_is_refused(bring, text, tmp_path, monkeypatch):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "ps1.ipynb").write_bytes(text("def f(): return 1"))
    monkeypatch.setattr(reading, "_MOST_BYTES", 10)
    with pytest.raises(CollectError, match="GB together"):
        bring(tmp_path / "in", CANVAS)


def test_link_in_a_folder_is_refused(bring, text, tmp_path):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "secret.ipynb").write_bytes(text("def f(): return 1"))
    (tmp_path / "in" / "ada" / "ps1.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert [row[2] for row in bring(tmp_path / "in", CANVAS).values()] == ["not matched"]


def test_what_is_no_notebook_is_told(bring):
    name = "Ada Lovelace_501_assignsubmission_file_/"
    bring({f"{name}ps1.ipynb": b"{", f"{name}all.zip": b"PK", f"{name}notes.txt": b""})
    assert sorted((row.student, row.why.partition(":")[0]) for row in bring.result.rows) == [
        ("ada@example.org", "It is no notebook. Ask for the .ipynb file."),
        ("ada@example.org", "The file is not a notebook"),
    ]
    assert bring.result.missing == ["jan1@example.org", "jan2@example.org"]
    assert not bring.submitted.exists()  # of which lesson it may be, nobody knows


def test_what_cannot_be_graded_comes_in_so_that_its_student_is_told(bring, text):
    """Unreadable, or of another course; where the lesson is known, and nothing better was handed in."""
    ada, jan = "Ada Lovelace_501_assignsubmission_file_/", "Jan Novák_502_assignsubmission_file_/"
    files = {f"{ada}a.ipynb": b"{", f"{jan}b.ipynb": text(test="elsewhere")}
    rows = bring(files, assignment="ps1")
    assert rows == {
        f"{ada}a.ipynb": ("ada@example.org", "ps1", "collected"),
        f"{jan}b.ipynb": ("jan1@example.org", "ps1", "collected"),
    }
    assert [row.why.partition(".")[2] for row in bring.result.rows][1] == " The grader will tell the student so."
    assert (bring.submitted / "ada@example.org" / "ps1" / "ps1.ipynb").read_bytes() == b"{"
    assert {row[2] for row in bring(files, assignment="ps1").values()} == {"unchanged"}
    # Something that can be graded is never given up for it.
    good = {f"{ada}a.ipynb": text("def f(): return 1")}
    assert bring(good, assignment="ps1")[f"{ada}a.ipynb"][2] == "replaced"
    assert bring(files, assignment="ps1")[f"{ada}a.ipynb"][2] == "left"
    assert b"return 1" in (bring.submitted / "ada@example.org" / "ps1" / "ps1.ipynb").read_bytes()


def test_another_lesson_than_asked_for_is_left_and_told(bring, text):
    name = "Ada Lovelace_501_assignsubmission_file_/x.ipynb"
    assert bring({name: text("def f(): return 1", test="other")}, assignment="ps1") == {
        name: ("ada@example.org", "ps2", "left")
    }
    assert bring.result.rows[0].why == "It is of ps2, and not of ps1."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "no column for an id"),
        ("id,name\n", "nobody in it"),
        ("id\nada\nada\n", "lines 2 and 3 have the same id"),
        ("id\n../x\n", "cannot be the name of a folder"),
    ],
)
def test_bad_roster_is_a_sentence(tmp_path, content, words):
    (tmp_path / "r.csv").write_text(content)
    with pytest.raises(CollectError, match=words):
        read_roster_file(tmp_path / "r.csv")
    with pytest.raises(CollectError, match="neither a folder nor a zip"):
        list(reading.files_in(tmp_path / "r.csv"))
