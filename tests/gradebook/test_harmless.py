"""What is cleaned of HTML and Markdown, and what is left alone. Whether browsers agree, `tests/attacks` asks."""

import html
import re
import time

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from autograder.course.contents import COURSE
from autograder.gradebook.harmless import clean_html, clean_markdown, clean_tex, is_picture, letter_by_letter
from autograder.gradebook.harmless_copy import VERDICTS, HarmlessCopy

LESSONS = [
    lesson.notebook(COURSE.home / folder) for lesson in COURSE.lessons for folder in ("assignments", "solutions")
]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_our_own_lessons_stay_as_they_are(path):
    nb = nbformat.read(path, as_version=4)
    graded = {number for number, cell in enumerate(nb.cells, 1) if cell.metadata.get("nbgrader", {}).get("grade")}
    made, _ = HarmlessCopy().preprocess(nb, {VERDICTS: graded})
    assert [cell.source for cell in made.cells] == [cell.source for cell in nb.cells]
    assert [cell.id for cell in made.cells] == [cell.id for cell in nb.cells]
    nbformat.validate(made)


@pytest.mark.parametrize(
    "text",
    [
        "plain, **bold** and `<script>`"[:20],
        "a < b and $x < y$",
        "<details>\n<summary>More</summary>\n\nText\n\n</details>",
        "[a](https://pytorch.org) and [b](#there) and [c](mailto:a@b.org)",
        "![a](picture.png)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$",
        "```python\nx = 1 < 2\n```",
    ],
)
def test_harmless_markdown_stays_as_it_is(text):
    assert clean_markdown(text) == text


def test_cleaned_markdown_keeps_what_is_harmless():
    made = clean_markdown("# Title\n\nA **word**<script>bad()</script> and $a < b$.\n\n- one\n- two")
    assert "bad" not in made
    for part in ("<strong>word</strong>", "$a &lt; b$", "<li>one</li>", "Title"):
        assert part in made
    assert clean_markdown(made) == made or "script" not in clean_markdown(made)


def test_heading_does_not_take_a_name_that_the_page_needs():
    text = "# softmax"
    assert clean_markdown(text) == text
    assert 'id="' not in clean_markdown(text, reserved=frozenset({"softmax"}))


@pytest.mark.parametrize("mark", ["\\begin{a}", "$a ", "[", "![", "*a **a ", "`a ", "<", "# a\n", "> ", "- "])
def test_no_markdown_takes_long(mark):
    began = time.process_time()
    clean_markdown(mark * (90_000 // len(mark)))
    for length in (500, 1_000, 2_000, 4_000):
        clean_markdown(mark * length)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("tag", ["<div>", "<b><p>", "<table><tr><td>", "<svg>", "<a href='#'>", "<"])
def test_no_html_takes_long(tag):
    began = time.process_time()
    clean_html(tag * (2**20 // len(tag)))
    clean_html(tag * 5_000)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: red; position: fixed", "color:red"),
        ("background-color: #eee; padding: 2px", "background-color:#eee;padding:2px"),
        ("margin-top: -900px", None),
        ("color: \\75rl(x)", None),
    ],
)
def test_styles_are_those_of_a_text(style, kept):
    made = clean_html(f'<p style="{style}">x</p>').replace(" ", "")
    assert made == (f'<pstyle="{kept}">x</p>' if kept else made)
    assert ("style" in made) == (kept is not None) or 'style=""' in made


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://evil.example/seen.png">',
        '<a href="javascript:evil()">a</a>',
        '<iframe srcdoc="evil"></iframe><iframe></iframe>',
        '<p onclick="evil()">a</p>',
        '<p style="background: url(https://evil.example)">a</p>',
        "<script>evil()</script>",
        '<form action="https://evil.example"><input></form>',
    ],
)
def test_what_acts_or_asks_somebody_for_something_is_gone(text):
    """One of each kind; tests/attacks/test_pages.py looks at hundreds in a browser."""
    assert not re.search("evil|iframe|form|input", clean_html(text))


def test_classes_of_the_page_cannot_be_borrowed():
    assert clean_html('<span class="nn score navbar-fixed-top">x</span>') == '<span class="nn">x</span>'


def test_coloured_boxes_of_a_courses_instructions_stay():
    box = '<div class="alert alert-warning">Mind the <b>gap</b>.</div>'
    assert clean_html(box) == box
    assert clean_html('<div class="alert alert-dismissible label">x</div>') == '<div class="alert">x</div>'


def test_drawing_of_ours_stays():
    drawing = '<svg viewBox="0 0 9 9" width="9"><path d="M0 0L9 9" stroke="red"></path><text x="1">a</text></svg>'
    assert clean_html(drawing) == drawing


@pytest.mark.parametrize(
    "command", ["href{javascript:x}{y}", "style{a}{b}", "class{a}{b}", "require{x}", "cssId{a}{b}"]
)
def test_mathematics_makes_no_links_and_borrows_no_styles(command):
    assert f"\\{command}" not in clean_tex(f"$\\{command}$")
    assert clean_tex("$\\frac{a}{b} \\hrule \\classic$") == "$\\frac{a}{b} \\hrule \\classic$"


def test_text_means_nothing_to_anybody():
    made = letter_by_letter("<script> $x$ [a](b) **c** \\begin{d} `e`")
    assert made.startswith("<pre>")
    assert not set(made[5:-6]) & set("<>$[]()*\\`{}_")


def test_pictures_are_base64():
    assert is_picture("image/png", "iVBORw0KGgo=\n")
    assert not is_picture("image/png", '" onerror="x')
    assert not is_picture("text/html", "iVBORw0KGgo=")
    assert not is_picture("image/png", ["iVBORw0KGgo="])


def test_metadata_are_what_nbgrader_needs_and_no_more():
    about = {"grade": True, "grade_id": "test", "points": 3, "schema_version": 3, "comment": "<script>", "score": "x"}
    cell = {"cell_type": "code", "id": "a", "source": "", "outputs": [], "execution_count": None}
    metadata = {"nbgrader": about, "tags": ["show", "<b>"], "scrolled": True}
    nb = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": "x"}, "cells": [{**cell, "metadata": metadata}]}
    )
    made, _ = HarmlessCopy().preprocess(nb, {})
    kept = {"grade": True, "grade_id": "test", "points": 3, "schema_version": 3}
    assert made.cells[0].metadata == {"nbgrader": kept, "tags": ["show"]}
    assert made.metadata == {}


def test_cells_that_share_a_name_or_have_a_strange_one_get_another():
    cells = [
        {"cell_type": "code", "id": name, "source": "", "outputs": [], "execution_count": None, "metadata": {}}
        for name in ("a", "a", '"><img>', "x" * 200)
    ]
    nb = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    made, _ = HarmlessCopy().preprocess(nb, {})
    assert [cell.id for cell in made.cells] == ["a", "cell-2", "cell-3", "cell-4"]


def test_pictures_keep_their_descriptions_up_to_the_page():
    nb = nbformat.read(COURSE.find_lesson("1-neuron").notebook(COURSE.home / "solutions"), as_version=4)
    told = [
        output.metadata["image/png"]["alt"]
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    made, _ = HarmlessCopy().preprocess(nb, {VERDICTS: set()})
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(made)
    assert told
    assert [alt for alt in told if f'alt="{alt}"' not in html.unescape(page)] == []


@pytest.mark.parametrize("alt", [5, None, ["a"], "x" * 3000, '"><script>bad()</script>'])
def test_a_description_is_a_short_text_or_nothing(alt):
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    shown = nbformat.v4.new_output("display_data", data={"image/png": picture}, metadata={"image/png": {"alt": alt}})
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[shown])])
    made, _ = HarmlessCopy().preprocess(nb, {VERDICTS: set()})
    (output,) = made.cells[0].outputs
    kept = output.metadata.get("image/png", {}).get("alt")
    assert kept == (alt[:2000] if isinstance(alt, str) else None)
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(made)
    assert "<script>bad" not in page
