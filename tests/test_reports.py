"""The page of one submission: complete, safe to open, and silent about hidden tests."""

import re

import pytest

from autograder.reports import write_report
from autograder.results import SubmissionResult, question_result


@pytest.fixture
def page(tmp_path):
    """``page(questions…)``: the text of the page for these questions."""

    def write(*questions, **fields):
        usual = {
            "student": "student-07",
            "assignment": "4-network",
            "score": 13.0,
            "max_score": 18.0,
            "seconds": 0.3,
            "confinement": {},
            "questions": questions,
        }
        path = write_report(SubmissionResult(**{**usual, **fields}), tmp_path)
        return path.read_text(encoding="utf-8")

    return write


def test_page_lies_in_the_students_folder(page, tmp_path):
    page()
    assert (tmp_path / "student-07" / "4-network.html").exists()


def test_page_names_student_lesson_and_score(page):
    text = page()
    assert "<title>student-07: 4-network</title>" in text
    assert "<h1>student-07: 4-network</h1>" in text
    assert "13 of 18 points" in text


def test_half_points_are_shown(page):
    assert "12.5 of 18 points" in page(score=12.5)


def test_every_question_has_its_panel_in_order(page, tested):
    names = ("init_params", "softmax", "forward")
    text = page(*(question_result(name, (tested("passed"),)) for name in names))
    assert re.findall(r"<code[^>]*>(\w+)</code>", text) == list(names)


def test_later_page_replaces_the_earlier_one(page):
    assert "13 of 18" in page()
    text = page(score=18.0)
    assert "18 of 18" in text
    assert "13 of 18" not in text


def test_problem_and_notes_are_told(page):
    text = page(problem="The file is empty.", notes=("A note.", "Another note."))
    assert re.findall("<li>(.*?)</li>", text) == ["The file is empty.", "A note.", "Another note."]


def test_nothing_odd_makes_no_list(page):
    assert "<ul>" not in page()


def test_whatever_a_student_wrote_stays_text(page, tested):
    evil = "<script>alert('1')</script>&"
    failed = question_result("softmax", (tested("failed", message=evil),))
    text = page(failed, student=f"a {evil[:8]}", problem=evil, notes=(evil,))
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;") == 3


def test_hidden_tests_are_not_described(page, tested):
    hidden = tested("failed", hidden=True)
    text = page(question_result("softmax", (tested("passed"), hidden)))
    assert "0 of 1 further test that you cannot see passed." in text
    assert hidden.title not in text
    assert hidden.message not in text


def test_page_opens_from_disk_and_asks_nobody_for_anything(page, tested):
    text = page(question_result("softmax", (tested("failed"),)))
    assert text.startswith('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">')
    assert not re.search(r"https?:|url\(|src=|href=|<script", text)


def test_letters_of_every_language_are_kept(page):
    assert "Jörg 李" in page(student="Jörg 李")
