"""Ours opens when theirs is not empty, wherever their answer is read from."""

import os

import pytest

from autograder.course.contents import COURSE
from autograder.judging.written import PLACEHOLDER
from autograder.student import compare
from autograder.student.compare import comparison

ASKED = COURSE.lessons[3].written[0]


@pytest.fixture
def saved(tmp_path, monkeypatch, notebook, code_cell):
    """``saved(answer, name)``: a notebook with that answer lies in the working folder, newer than those before."""
    monkeypatch.chdir(tmp_path)
    times = iter(range(1, 100))

    def save(answer, name="3-layer.ipynb", grade_id=ASKED.name, **nbgrader):
        cell = code_cell(answer, grade_id=grade_id, grade=True, solution=True, points=0, **nbgrader)
        cell["cell_type"] = "markdown"
        path = tmp_path / name
        path.write_bytes(notebook(cell))
        os.utime(path, (next(times),) * 2)

    return save


def test_saved_answer_stands_beside_ours(saved):
    saved("Only one layer is left.")
    shown = comparison(ASKED.name, COURSE)
    assert (shown.answer, shown.closed) == ("Only one layer is left.", "")
    text = repr(shown)
    assert text.index("Only one layer") < text.index("Our answer:") < text.index("What is looked for:")


@pytest.mark.parametrize("answer", [PLACEHOLDER, "", " \n"])
def test_ours_stays_closed_while_theirs_is_empty(saved, answer):
    saved(answer)
    shown = repr(comparison(ASKED.name, COURSE))
    assert shown.startswith("Your answer is still empty, so ours stays closed.")
    assert "save the notebook" in shown
    assert "bend" not in shown


def test_html_has_ours_only_when_it_is_open(saved, monkeypatch):
    monkeypatch.setattr(compare, "in_kernel", lambda: True)
    saved(PLACEHOLDER)
    assert list(comparison(ASKED.name, COURSE)._repr_mimebundle_()) == ["text/plain"]
    saved("One <b>layer</b>.")
    page = comparison(ASKED.name, COURSE)._repr_mimebundle_()["text/html"]
    assert "One &lt;b&gt;layer&lt;/b&gt;." in page
    assert page.count("<b>") == len(("Your answer", "Our answer", "What is looked for"))


def test_a_blank_copy_beside_the_worked_one_is_no_hindrance(saved):
    saved("One layer.")
    saved(PLACEHOLDER, "3-layer-Copy1.ipynb")
    assert comparison(ASKED.name, COURSE).answer == "One layer."
    saved("Written later.", "3-layer-Copy2.ipynb")
    assert comparison(ASKED.name, COURSE).answer == "Written later."


def test_files_that_are_no_notebook_and_other_questions_are_passed_over(saved, tmp_path):
    saved("Another lesson's.", "other.ipynb", grade_id="scrambled")
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    shown = comparison(ASKED.name, COURSE)
    assert shown.closed.startswith("No notebook with this question lies in the folder")
    assert f'compare("{ASKED.name}", "your answer")' in shown.closed


def test_answer_can_be_given_between_quotes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert comparison(ASKED.name, COURSE, "One layer.").closed == ""
    assert "still empty" in comparison(ASKED.name, COURSE, " ").closed


@pytest.mark.parametrize("name", ["softmax", "", None, ["scrambled"]])
def test_unknown_question_says_which_there_are(name):
    with pytest.raises(ValueError, match=rf"answered in sentences\. Those that are: .*{ASKED.name}"):
        comparison(name, COURSE)
