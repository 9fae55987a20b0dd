"""What nbgrader's own command opens of a submission: the same notebook as `autograder grade`, and ordinary files."""

import os
import shutil

import pytest
from nbgrader.converters import Autograde, base

from autograder.gradebook import handed_in

# nbgrader's own, about how it adds a submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def bring(small_class):
    """``bring("ada")``: have nbgrader begin with this submission, as `nbgrader autograde` does."""
    handed_in.guard_autograde()

    def bring(student):
        folder = small_class.folder
        converter = Autograde(coursedir=folder.directory, parent=folder.converter.parent)
        place = small_class.root / "submitted" / student / "ps1"
        converter.notebooks = [str(path) for path in sorted(place.glob("*.ipynb"))]
        assert converter.init_destination("ps1", student)
        converter.init_assignment("ps1", student)
        copied = small_class.root / "autograded" / student / "ps1"
        return {path.relative_to(copied).as_posix() for path in copied.rglob("*")}, folder.warnings

    return bring


def test_honest_submission_is_brought_with_its_files(small_class, bring):
    folder = small_class.hand_in("ada")
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("1")
    assert bring("ada")[0] == {"data", "data/a.csv"}


def test_links_and_pipes_are_left_out(small_class, bring):
    folder = small_class.hand_in("ada")
    (folder / "gradebook.txt").symlink_to(small_class.root / "gradebook.db")
    (folder / "a.csv").write_text("1")
    os.mkfifo(folder / "b.csv")
    copied, _ = bring("ada")
    assert copied == {"a.csv"}
    assert base.find_all_files is handed_in._find_all_files


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("timestamp.txt", os.mkfifo, "timestamp.txt is not a file."),
        ("timestamp.txt", lambda path: path.symlink_to("/dev/zero"), "timestamp.txt is a link."),
        ("timestamp.txt", lambda path: path.write_text("9" * 500), "timestamp.txt has more than 200 bytes."),
        ("timestamp.txt", lambda path: path.write_text("2026-11-30 17:05:00 ../x"), "holds no date"),
        ("ps1.ipynb", os.mkfifo, "ps1.ipynb is not a file."),
        ("ps1.ipynb", lambda path: path.symlink_to("/dev/zero"), "ps1.ipynb is a link."),
        ("ps1.ipynb", lambda path: path.write_text("{"), "it is not even JSON"),
    ],
)
def test_what_nobody_would_open_is_refused_with_a_sentence(small_class, bring, name, make, says):
    folder = small_class.hand_in("ada")
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    with pytest.raises(handed_in._Refused, match=says):
        bring("ada")


def test_notebook_of_another_assignment_is_refused_and_gets_no_0(small_class, bring):
    folder = small_class.hand_in("ada")
    (folder / "ps1.ipynb").write_text(small_class.text("pass").replace('"test"', '"other"'))
    with pytest.raises(handed_in._Refused, match="is the notebook of another assignment: it asks for other"):
        bring("ada")
    with small_class.gradebook() as gradebook:
        assert gradebook.students == []


@pytest.mark.parametrize("is_blank_beside_it", [False, True])
def test_renamed_notebook_is_refused_rather_than_overlooked(small_class, bring, is_blank_beside_it):
    folder = small_class.hand_in("ada", name="mine.ipynb")
    if is_blank_beside_it:
        with small_class.gradebook() as gradebook:
            gradebook.add_source_cell("answer", "ps1", "ps1", source="# YOUR CODE", cell_type="code")
        small_class.hand_in("ada", code="# YOUR CODE")
    with pytest.raises(handed_in._Refused, match=r"mine\.ipynb is what was worked on, and nbgrader takes ps1\.ipynb\."):
        bring("ada")
    assert folder.exists()


def test_what_the_machine_gives_out_of_is_nobodys_doing(small_class, bring, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    small_class.hand_in("ada")
    (small_class.root / "submitted" / "ada" / "ps1" / "a.csv").write_text("1")
    monkeypatch.setattr(shutil, "copy", full)
    with pytest.raises(OSError, match="No space left"):
        bring("ada")
    assert base.find_all_files is handed_in._find_all_files
