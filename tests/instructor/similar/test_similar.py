"""The command: a class on disk, read and never run."""

import shutil

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import fill_in, make_class

NETWORK = COURSE.find_lesson("4-network")


def similar(*arguments):
    return CliRunner().invoke(main, ["similar", *map(str, arguments)])


def hand_in(submitted, student, text):
    path = submitted / student / NETWORK.name / f"{NETWORK.name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def submitted(tmp_path, original, copied):
    """A class of 24, and two more of whom one has copied; their code would write a file if it were run."""
    folder = tmp_path / "submitted"
    make_class(folder, COURSE.home / "assignments", COURSE)
    release = NETWORK.notebook(COURSE.home / "assignments").read_text()
    trap = f"\nopen({str(tmp_path / 'was-run')!r}, 'w')"
    for student, answers in (("jörg", original), ("zoë", copied)):
        hand_in(folder, student, fill_in(release, {q: source + trap for q, source in answers.items()}))
    return folder


def test_copy_is_listed_others_are_not_and_nothing_is_run(submitted, tmp_path):
    done = similar(submitted)
    assert done.exit_code == 1  # two are no notebooks
    assert done.stderr.count("not even JSON") == 2
    text = (submitted / "similar.html").read_text(encoding="utf-8")
    assert "26 submissions" not in text
    assert (
        f"24 submissions of {len(COURSE.lessons)} assignments compared. 1 pair is alike beyond what everybody writes."
        in text
    )
    assert "<h3>jörg and zoë</h3>" in text
    assert "jörg and zoë" in done.stdout
    assert not (tmp_path / "was-run").exists()


def test_course_is_read_as_nbgrader_has_it_and_the_page_goes_where_it_is_told(submitted, tmp_path):
    shutil.copytree(COURSE.home / "source" / NETWORK.name, tmp_path / "source" / NETWORK.name)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    out = tmp_path / "page.html"
    done = similar(tmp_path, "--assignment", NETWORK.name, "--out", out)
    assert "Side by side: " in done.stdout
    assert "of 1 assignment compared. 1 pair is alike" in out.read_text(encoding="utf-8")
    assert not (tmp_path / "similar.html").exists()


def test_link_to_somebody_elses_work_is_not_followed(submitted, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    (submitted / "eve").mkdir()
    (submitted / "eve" / NETWORK.name).symlink_to(submitted / "jörg" / NETWORK.name)
    done = similar(tmp_path, "--assignment", NETWORK.name)
    assert done.exit_code == 1
    assert f"eve, {NETWORK.name}: {NETWORK.name} is a link." in done.stderr
    assert "eve" not in done.stdout


def test_letters_that_no_file_can_hold_are_no_reason_to_stop(tmp_path, original):
    release = NETWORK.notebook(COURSE.home / "assignments").read_text()
    strange = {q: f"{source}\n    # \ud800 \x00 \u2028 \x1b[31m" for q, source in original.items()}
    for student in ("ada", "bob"):
        hand_in(tmp_path, student, fill_in(release, strange))
    done = similar(tmp_path)
    assert (done.exit_code, done.exception and type(done.exception)) in ((0, None), (1, SystemExit))
    assert (tmp_path / "similar.html").read_text(encoding="utf-8")


def test_other_courses_have_their_source_for_what_says_nothing(tmp_path, notebook, code_cell, original):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")

    def cells(source):
        return notebook(code_cell(source, grade_id="any", solution=True))

    for student in ("ada", "bob"):
        path = tmp_path / "submitted" / student / "ps1" / "first.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(cells("\n\n".join(original.values())))
    assert similar(tmp_path).stdout.count("ada and bob") == 1
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1" / "first.ipynb").write_bytes(cells("\n\n".join(original.values())))
    done = similar(tmp_path)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        "No two submissions are alike beyond what everybody writes.",
    )


def test_answer_that_was_split_or_copied_within_a_notebook_is_read_whole(tmp_path, notebook, code_cell, original):
    for student in ("ada", "bob"):
        cell = [code_cell(part, grade_id="softmax-answer", solution=True) for part in original.values()]
        path = tmp_path / student / NETWORK.name / f"{NETWORK.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook(*cell))
    assert similar(tmp_path).exit_code == 0
    text = (tmp_path / "similar.html").read_text(encoding="utf-8")
    assert "<h3>ada and bob</h3>" in text
    assert "winners" in text


def test_empty_class_is_wrong_usage_and_a_sentence(tmp_path):
    done = similar(tmp_path)
    assert done.exit_code == 2
    assert "nothing has been submitted in" in done.stderr
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'any'\n")
    done = similar(tmp_path, "--assignment", "4-network")
    assert done.exit_code == 2
    assert "nothing has been submitted for 4-network in" in done.stderr


def test_settings_that_cannot_be_read_and_a_page_that_cannot_be_written_are_sentences(submitted, tmp_path):
    done = similar(submitted, "--out", tmp_path / "nowhere" / "page.html")
    assert done.exit_code == 1
    assert "page.html cannot be written: No such file or directory" in done.stderr
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    done = similar(tmp_path)
    assert done.exit_code == 1
    assert "cannot be read" in done.stderr
