"""Which notebook is whose, for which lesson, wherever it lies."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from autograder.course.contents import COURSE
from autograder.grading.submissions import Submission, find_submissions

LESSON = "4-network"
OTHER = "3-layer"


@pytest.fixture
def hand_in(tmp_path, notebook):
    """``hand_in("alice/4-network/4-network.ipynb")``: put an empty notebook there, below the class's folder."""

    def put(name, raw=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook() if raw is None else raw)
        return path

    return put


def usual(tmp_path, student, lesson=LESSON):
    """The submission at the place where nbgrader puts it."""
    return Submission(student, lesson, tmp_path / student / lesson / f"{lesson}.ipynb")


# --- folders


@pytest.fixture
def small_class(hand_in):
    hand_in(f"bob/{LESSON}/{LESSON}.ipynb")
    hand_in(f"alice/{OTHER}/{OTHER}.ipynb")
    hand_in(f"alice/{LESSON}/{LESSON}.ipynb")


@pytest.mark.usefixtures("small_class")
class TestFolders:
    def test_class_is_sorted_by_lesson_and_student(self, tmp_path):
        assert find_submissions([tmp_path], COURSE) == [
            usual(tmp_path, "alice", OTHER),
            usual(tmp_path, "alice"),
            usual(tmp_path, "bob"),
        ]

    def test_one_lesson_of_a_class(self, tmp_path):
        assert find_submissions([tmp_path], COURSE, LESSON) == [usual(tmp_path, "alice"), usual(tmp_path, "bob")]

    def test_line_break_in_an_id_becomes_a_blank(self, hand_in, tmp_path):
        hand_in(f"a\nb/{LESSON}/{LESSON}.ipynb")
        (odd, *_) = find_submissions([tmp_path], COURSE, LESSON)
        assert odd.student == "a b"
        assert odd.path.is_file()

    def test_folder_that_cannot_be_read_is_its_students_matter(self, tmp_path, monkeypatch):
        """The others' work is found, and reading theirs says why it is not."""

        def iterdir(path, real=Path.iterdir):
            if path.name == "bob":
                raise PermissionError(13, "Permission denied", str(path))
            return real(path)

        monkeypatch.setattr(Path, "iterdir", iterdir)
        assert find_submissions([tmp_path], COURSE, LESSON) == [
            usual(tmp_path, "alice"),
            Submission("bob", LESSON, tmp_path / "bob" / "notebook.ipynb"),
        ]

    def test_one_student(self, tmp_path):
        assert find_submissions([tmp_path / "alice"], COURSE) == [
            usual(tmp_path, "alice", OTHER),
            usual(tmp_path, "alice"),
        ]

    def test_one_lesson_of_one_student(self, tmp_path):
        assert find_submissions([tmp_path / "alice"], COURSE, OTHER) == [usual(tmp_path, "alice", OTHER)]

    def test_folder_of_one_submission(self, tmp_path):
        assert find_submissions([tmp_path / "bob" / LESSON], COURSE) == [usual(tmp_path, "bob")]

    def test_folder_of_another_lesson_than_asked_for(self, tmp_path):
        assert find_submissions([tmp_path / "bob" / LESSON], COURSE, OTHER) == []

    def test_overlapping_paths_give_each_submission_once(self, tmp_path):
        paths = [tmp_path, tmp_path / "bob", tmp_path / "bob" / LESSON, tmp_path / "bob" / LESSON / f"{LESSON}.ipynb"]
        assert find_submissions(paths, COURSE) == find_submissions([tmp_path], COURSE)

    def test_relative_path_knows_the_folders_above_it(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path / "bob" / LESSON)
        for path in (Path(), Path(f"{LESSON}.ipynb"), Path("../../bob")):
            assert find_submissions([path], COURSE) == [usual(tmp_path, "bob")]

    def test_hidden_folders_are_nobodys(self, tmp_path, hand_in):
        hand_in(f".trash/{LESSON}/{LESSON}.ipynb")
        hand_in("alice/.ipynb_checkpoints/4-network-checkpoint.ipynb")
        assert {one.student for one in find_submissions([tmp_path], COURSE)} == {"alice", "bob"}
        assert len(find_submissions([tmp_path / "alice"], COURSE)) == 2

    def test_files_beside_the_folders_are_nobodys(self, tmp_path, hand_in):
        hand_in("readme.txt", b"")
        hand_in("alice/notes.ipynb")
        assert len(find_submissions([tmp_path], COURSE)) == 3


def test_empty_folder_has_no_submissions(tmp_path):
    assert find_submissions([tmp_path], COURSE) == []


def test_unknown_lesson_keeps_its_name(tmp_path, hand_in):
    hand_in("alice/9-transformers/9-transformers.ipynb")
    assert find_submissions([tmp_path], COURSE) == [usual(tmp_path, "alice", "9-transformers")]


def test_folder_without_a_notebook_is_a_submission_too(tmp_path):
    (tmp_path / "alice" / LESSON).mkdir(parents=True)
    assert find_submissions([tmp_path], COURSE) == [usual(tmp_path, "alice")]


def test_notebook_of_another_name_is_taken_and_noted(tmp_path, hand_in):
    path = hand_in(f"alice/{LESSON}/final version.ipynb")
    (found,) = find_submissions([tmp_path], COURSE)
    assert found.path == path
    assert found.notes == ("The notebook is called final version.ipynb instead of 4-network.ipynb.",)


def test_among_several_notebooks_the_right_name_counts(tmp_path, hand_in):
    hand_in(f"alice/{LESSON}/a draft.ipynb")
    hand_in(f"alice/{LESSON}/{LESSON}.ipynb")
    assert find_submissions([tmp_path], COURSE) == [usual(tmp_path, "alice")]


def test_several_notebooks_of_other_names_are_not_guessed_among(tmp_path, hand_in):
    hand_in(f"alice/{LESSON}/one.ipynb")
    hand_in(f"alice/{LESSON}/two.ipynb")
    assert find_submissions([tmp_path], COURSE) == [usual(tmp_path, "alice")]


def test_what_macos_adds_is_no_second_notebook(tmp_path, hand_in):
    path = hand_in(f"alice/{LESSON}/mine.ipynb")
    hand_in(f"alice/{LESSON}/._mine.ipynb", b"\0\5\26\7")
    assert [one.path for one in find_submissions([tmp_path], COURSE)] == [path]


# --- single notebooks


def test_notebook_in_its_folders_says_whose_it_is(tmp_path, hand_in):
    path = hand_in(f"alice/{LESSON}/{LESSON}.ipynb")
    assert find_submissions([path], COURSE) == [usual(tmp_path, "alice")]
    assert find_submissions([path], COURSE, LESSON) == [usual(tmp_path, "alice")]


def test_lesson_that_is_asked_for_goes_before_the_folders(hand_in):
    path = hand_in(f"alice/{LESSON}/{LESSON}.ipynb")
    assert find_submissions([path], COURSE, OTHER) == [Submission("alice", OTHER, path)]


def test_lone_notebook_is_known_by_its_name(hand_in):
    path = hand_in(f"downloads/{LESSON}.ipynb")
    assert find_submissions([path], COURSE) == [Submission(LESSON, LESSON, path)]


def test_lone_notebook_is_known_by_its_questions(hand_in):
    released = COURSE.find_lesson(LESSON).notebook(COURSE.home / "assignments").read_bytes()
    path = hand_in("downloads/alice.ipynb", released)
    assert find_submissions([path], COURSE) == [Submission("alice", LESSON, path)]


def test_most_of_the_questions_decide(hand_in, notebook, code_cell):
    asked = ("softmax", "forward", "linear")
    cells = [code_cell(f'check("{name}")', grade_id=name, grade=True, points=1) for name in asked]
    path = hand_in("downloads/alice.ipynb", notebook(*cells))
    assert find_submissions([path], COURSE) == [Submission("alice", LESSON, path)]


@pytest.mark.parametrize("asked", [(), ("softmax", "linear"), ("of_another_course",)])
def test_lone_notebook_of_no_lesson_keeps_its_own_name(hand_in, notebook, code_cell, asked):
    cells = [code_cell(f'check("{name}")', grade_id=name, grade=True, points=1) for name in asked]
    path = hand_in("downloads/alice.ipynb", notebook(*cells))
    assert find_submissions([path], COURSE) == [Submission("alice", "alice", path)]


def test_lone_file_that_is_no_notebook_keeps_its_own_name(hand_in):
    path = hand_in("downloads/alice.ipynb", b"not a notebook")
    assert find_submissions([path], COURSE) == [Submission("alice", "alice", path)]


def test_lesson_that_is_asked_for_counts_for_every_lone_notebook(hand_in):
    path = hand_in("downloads/alice.ipynb", b"not a notebook")
    assert find_submissions([path], COURSE, LESSON) == [Submission("alice", LESSON, path)]


# --- paths that lead nowhere


@pytest.mark.parametrize("name", ["alice.ipynb", "x" * 300])
def test_path_that_does_not_exist_is_a_submission_too(tmp_path, name):
    (found,) = find_submissions([tmp_path / name], COURSE)
    assert found.path == tmp_path / name


def test_missing_notebook_in_a_students_folder_is_that_students(tmp_path):
    path = tmp_path / "alice" / LESSON / f"{LESSON}.ipynb"
    assert find_submissions([path], COURSE) == [usual(tmp_path, "alice")]


def test_link_in_a_circle_is_a_submission_too(tmp_path):
    path = tmp_path / "alice" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.symlink_to(path)
    assert find_submissions([tmp_path], COURSE) == [usual(tmp_path, "alice")]
    assert find_submissions([path], COURSE) == [usual(tmp_path, "alice")]


def test_names_that_are_no_text_can_still_be_written_down(tmp_path, hand_in):
    student = os.fsdecode(b"J\xf6rg")
    paths = [tmp_path, hand_in(f"{student}/{LESSON}/a{student}.ipynb"), hand_in(f"{student}.ipynb", b"")]
    found = find_submissions(paths, COURSE)
    assert {one.student for one in found} == {"J?rg"}
    assert json.loads(msgspec.json.encode([(one.student, one.assignment, one.notes) for one in found]))
