"""Files beside a notebook: in, out, and nowhere else."""

import os

import pytest

from autograder.sandbox import Cell
from autograder.sandbox.wire.files import MAX_BYTES, WorkerFolder, beside, is_plain


@pytest.mark.parametrize("name", ["a.txt", "data/a b.csv", "…/ü.txt", ".hidden"])
def test_plain_names(name):
    assert is_plain(name)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".", "a\\b", "a\nb", "x" * 300])
def test_names_that_lead_elsewhere_or_steer_a_terminal(name):
    assert not is_plain(name)


def test_beside_reads_files_and_names_what_it_leaves_out(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1,2")
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(MAX_BYTES + 1)
    found, left_out = beside(str(tmp_path), ["data/a.csv", "link", "pipe", "huge", "gone"])
    assert found == {"data/a.csv": b"1,2"}
    assert left_out == ["link", "pipe", "huge", "gone"]


def test_folder_tells_what_was_made_from_what_was_there(tmp_path):
    folder = WorkerFolder(str(tmp_path))
    folder.fill(["old.txt", "sub/changed.txt"], [b"old", b"before"])
    (tmp_path / "new.txt").write_text("new")
    (tmp_path / "sub" / "changed.txt").write_text("afterwards")
    (tmp_path / "link").symlink_to("/etc/passwd")
    names, contents = folder.made()
    assert dict(zip(names, map(bytes, contents), strict=True)) == {
        "new.txt": b"new",
        "sub/changed.txt": b"afterwards",
    }


def test_worker_sees_files_and_hands_out_its_own(zygote):
    cells = [
        Cell(1, "text = open('data/a.txt').read()"),
        Cell(2, "import os; open('b.txt', 'w').write(text + os.environ['COLOUR'])"),
    ]
    with zygote.open(cells, files={"data/a.txt": b"sky is "}, environment={"COLOUR": "blue"}) as one:
        one.start()
        assert one.reports == ()
        assert one.made_files() == {"b.txt": b"sky is blue"}
