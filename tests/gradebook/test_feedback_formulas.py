"""Formulas in feedback pages: drawn without a network, and nothing else comes of what a student writes as one."""

import json
import re
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.feedback_formulas import draw_formulas

FORMULA = re.compile(r"(?<![\\$])(\$\$.+?\$\$|\$(?!\$).+?\$)(?!\$)", re.DOTALL)


def formulas_of(notebook: Path) -> set[str]:
    cells = json.loads(notebook.read_text())["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return {found for text in texts for found in FORMULA.findall(text)}


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_formula_of_the_course_is_drawn(lesson):
    for formula in formulas_of(lesson.notebook(COURSE.home / "source")):
        escaped = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        drawn = draw_formulas(f"<p>{escaped}</p>")
        assert re.match('<p>(<span class="formula">)?<math ', drawn), formula
        assert "$" not in re.sub(r'alttext="[^"]*"', "", drawn), formula


def test_the_course_has_formulas():
    assert sum(len(formulas_of(lesson.notebook(COURSE.home / "source"))) for lesson in COURSE.lessons) > 100


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("$x^2$", "inline"),
        (r"\(x^2\)", "inline"),
        ("$$x^2$$", "block"),
        (r"\[x^2\]", "block"),
        (r"\begin{align*}x^2&amp;=1\\y&amp;=2\end{align*}", "block"),
    ],
)
def test_the_forms_of_a_formula(text, display):
    drawn = draw_formulas(f"<p>so {text} it is</p>")
    begins, ends = ('<span class="formula">', "</span>") if display == "block" else ("", "")
    assert drawn.startswith(f'<p>so {begins}<math display="{display}"')
    assert drawn.endswith(f"</math>{ends} it is</p>")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in drawn


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "a $ b $ c",
        "<pre>$x$</pre>",
        "<code>$x$</code> and <code>$y$</code>",
        '<p title="a > $x$">no formula</p>',
        "<!-- $x$ -->",
        "<!-- $x$",
        r"\$x\$",
        "$$$$",
        "$x$5",
        r"$\nosuchcommand{x}$",
        r"$\frac{1}{$",
        "$x",
    ],
)
def test_what_is_no_formula_stays_as_it_is(text):
    assert draw_formulas(text) == text


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{panel-heading}{x}",
        r"\hspace{9999999em}x",
        r"\def\a{xx}\a",
        r"\newcommand{\a}{xx}\a",
        r"x\let\a=b",
    ],
)
def test_a_formula_that_does_more_than_show_one_stays_text(tex):
    assert draw_formulas(f"<p>${tex}$</p>") == f"<p>${tex}$</p>"


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\text{&lt;/math&gt;&lt;script&gt;alert(1)&lt;/script&gt;}",
        "a &lt;b onclick=alert(1) c",
        r"\text{&quot; onmouseover=&quot;alert(1)}",
        r"\unicode{60}script\unicode{62}",
        r"\color{red&quot; onclick=&quot;alert(1)}{x}",
    ],
)
def test_no_markup_comes_of_a_formula(tex):
    """latex2mathml writes a student's `<` as it stands; the page must not."""
    drawn = draw_formulas(f"<p>${tex}$</p>")
    tags = re.findall(r"<[^>]*>", re.sub(r'alttext="[^"]*"', "", drawn))
    assert all(re.fullmatch(r'</?(p|m\w+)( [a-z]+="[\w.# -]*")* ?>', tag) for tag in tags), drawn


@pytest.mark.parametrize(
    "text",
    ["$" * 50_000, "$a " * 50_000, "\\(" * 50_000, "\\begin{a}" * 50_000, "<!--" * 50_000, "$" + "{" * 1_990 + "$"],
)
def test_hostile_text_is_read_in_one_go(text):
    """In the time that the whole test may take; that it stays as it is says that nothing was made of it."""
    assert draw_formulas(text) == text


def test_a_page_of_nothing_but_formulas_has_an_end():
    drawn = draw_formulas("".join(f"$x_{{{number}}}{'+ y' * 500}$ " for number in range(200)))
    assert 50 < drawn.count("<math ") < 100
    assert drawn.endswith("y$ ")
