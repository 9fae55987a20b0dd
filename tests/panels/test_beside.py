"""An answer in sentences beside ours: nothing of it acts, formulas are left to the page, and all can be read."""

from autograder.judging.written import Written
from autograder.panels import written_as_html, written_as_text

ASKED = Written("half_left", "First `x`.\n\nThen $\\frac{1}{4}$ & more.", ("a quarter, $n / 4$", "`half` of the rest"))


def test_three_columns_in_order():
    page = written_as_html(ASKED, "Mine.", "Your answer")
    places = [page.index(title) for title in ("Your answer", "Mine.", "Our answer", "First", "What is looked for")]
    assert places == sorted(places)
    assert page.count("flex:1 1") == 3


def test_students_text_is_text():
    page = written_as_html(ASKED, "<script>alert(1)</script>\nnext line\n\nnext `paragraph`", "<i>Ada's</i>")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>next line</p>" in page
    assert "next `paragraph`" in page
    assert "&lt;i&gt;Ada" in page


def test_ours_has_code_paragraphs_and_formulas():
    page = written_as_html(ASKED, "Mine.", "Your answer")
    assert "First <code" in page
    assert "Then $\\frac{1}{4}$ &amp; more." in page
    assert page.count("<li") == 2


def test_text_has_the_same():
    text = written_as_text(ASKED, "Mine, " * 40, "Your answer")
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[-3:] == ["What is looked for:", "  - a quarter, $n / 4$", "  - `half` of the rest"]
