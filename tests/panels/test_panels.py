"""What a student sees of a verdict, on a terminal and on a page."""

import io
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from autograder import panels
from autograder.judging import Mismatch, recordings
from autograder.judging.course import Lesson, Question
from autograder.judging.drawing import comparison_of
from autograder.judging.outcomes import Returned, TestCall
from autograder.judging.results import QuestionResult, Status, TestResult, question_result
from autograder.panels import IN_TERMINAL, SAYS, _numbers, wants_colour
from autograder.panels.palette import BLUE_MARK, ORANGE

STATUSES = get_args(Status)
#: A lesson of which nothing was recorded.
LESSON = Lesson(
    "1-any",
    (Question("softmax", "softmax(z)"), Question("sigmoid", "sigmoid(z)"), Question("mnist_accuracy", "")),
    Path("public"),
    Path("secret"),
)
VOID = {"br"}
TAGS = {"div", "span", "code", "p", "b", "br", "ul", "li"}
DRAWN = {"svg", "path", "rect", "circle", "polyline", "text"}
ATTRIBUTES = {"style", "role", "aria-label", "aria-hidden"}
PLACES = {"x", "y", "cx", "cy", "r", "rx", "width", "height", "stroke-width", "font-size", "opacity", "fill-opacity"}
DRAWING = PLACES | {"viewbox", "d", "points", "fill", "stroke", "stroke-dasharray", "text-anchor"}


class Page(HTMLParser):
    """Reads HTML as a browser does: which tags, in what balance, and which words are left to read."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.labels, self.described, self.words = set(), [], [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        named = dict(attributes)
        if tag == "svg":
            assert "aria-hidden" in named or named["role"] == "img"
        label = [named["aria-label"]] if "aria-label" in named else []
        self.described += label if tag == "svg" else []
        self.labels += label if tag != "svg" else []
        assert set(named) <= (ATTRIBUTES | DRAWING if tag in DRAWN else ATTRIBUTES)
        for name in PLACES & set(named):
            assert math.isfinite(float(named[name]))
            assert abs(float(named[name])) < 2000
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def as_html(result, *more, lesson=LESSON):
    """The panel of a question of `LESSON`, or of another lesson."""
    return panels.as_html(result, lesson, *more)


def as_text(result, *more, lesson=LESSON, **options):
    """The same on a terminal."""
    return panels.as_text(result, lesson, *more, **options)


def as_page(result, *more, lesson=LESSON):
    """The words of the panel."""
    return Page(as_html(result, *more, lesson=lesson)).words


SHOWS = pytest.mark.parametrize("show", [as_text, as_page], ids=["text", "html"])


def one_of(status, tested):
    """A question that ends so."""
    if status == "partial":
        return question_result("softmax", (tested("passed"), tested("failed")))
    return question_result("softmax", (tested(status),))


# --- what is said


@SHOWS
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_one_word_and_one_sign(tested, show, status):
    result = one_of(status, tested)
    word, sign, _ = SAYS[status]
    shown = show(result)
    assert result.outcome == status
    assert shown.startswith(sign)
    assert "softmax" in shown
    assert word in shown


def test_no_two_statuses_share_a_word_or_a_sign():
    words, signs, _ = zip(*SAYS.values(), strict=True)
    assert set(SAYS) == set(IN_TERMINAL) == set(STATUSES)
    assert len(set(words)) == len(set(signs)) == len(STATUSES)


@SHOWS
def test_points_are_shown(tested, show):
    result = question_result("softmax", (tested("passed", earned=2.5, points=2.5), tested("failed", points=3.5)))
    assert "(2.5 of 6 points)" in show(result)


@SHOWS
def test_question_without_points_speaks_of_none(tested, show):
    assert "point" not in show(question_result("count_parameters", (tested("passed", earned=0.0, points=0.0),)))


@SHOWS
def test_first_test_that_went_wrong_is_explained_and_no_other(tested, show):
    first, second = tested("failed"), tested("failed")
    shown = show(question_result("softmax", (tested("passed"), first, second)))
    assert first.message in shown
    assert second.message not in shown


@SHOWS
def test_every_visible_test_is_listed_with_its_sign(tested, show):
    tests = tuple(tested(status) for status in ("passed", "failed", "error", "timeout"))
    shown = show(question_result("softmax", tests))
    for test in tests:
        assert f"{SAYS[test.outcome][1]} {test.title}" in shown


def test_what_is_mended_first_does_not_depend_on_the_order(tested):
    """Code that does not run before answers that are none, shapes before numbers; otherwise as the suite is written."""
    ordered = [
        tested("error"),
        tested("failed", kind="none"),
        tested("failed", kind="type"),
        tested("failed", kind="shape"),
        tested("timeout"),
        tested("failed", kind="dtype"),
        tested("failed", kind="values"),
        tested("failed", kind="property"),
        tested("failed", kind="arguments"),
    ]
    for place, first in enumerate(ordered[:7]):
        rest = [tested("passed"), *reversed(ordered[place + 1 : 7]), *ordered[7:]]
        for tests in ([first, *rest], [*rest, first] if place < 6 else [first, *rest]):
            shown = as_text(question_result("softmax", tuple(tests)), width=100)
            assert [test.message for test in tests if test.message and test.message in shown] == [first.message]


@SHOWS
def test_hidden_test_is_never_the_one_to_mend(tested, show):
    hidden = tested("error", hidden=True)
    visible = tested("failed", kind="values")
    shown = show(question_result("softmax", (hidden, visible)))
    assert visible.message in shown
    assert hidden.message not in shown


def test_code_is_shown_as_code(tested):
    result = question_result("softmax", (tested("failed", message="Your line: `return a < b`"),))
    assert re.search(r"Your line: <code[^>]*>return a &lt; b</code>", as_html(result))
    assert "Your line: `return a < b`" in as_text(result)


# --- known mistakes


@pytest.fixture
def known(tmp_path):
    """A lesson with two known mistakes."""
    lesson = Lesson("1-any", LESSON.questions, tmp_path, Path("secret"))
    explained = {
        "softmax/sums_columns": ("Your columns add up to 1.", "Which index counts the rows?"),
        "softmax/no_shift": ("Large logits overflow.", "How large is exp(1000)?"),
    }
    known = {name: {"diagnosis": what, "pointer": why, "seen": {}} for name, (what, why) in explained.items()}
    recordings.save(lesson, {"right": {}, "known": known}, recordings.MISCONCEPTIONS)
    return lesson


def in_order(text, *parts):
    places = [text.index(part) for part in parts]
    return places == sorted(places)


@SHOWS
def test_mistake_is_told_below_the_call_and_leads_on_with_a_question(tested, show, known):
    test = tested("failed")
    shown = show(question_result("softmax", (test,), "softmax/sums_columns"), lesson=known)
    assert in_order(shown, test.message, "Your columns add up to 1.", "Think about: Which index counts the rows?")
    assert "And also" not in shown


@SHOWS
def test_second_mistake_is_told_shorter(tested, show, known):
    result = question_result("softmax", (tested("failed"),), "softmax/sums_columns")
    shown = show(msgspec.structs.replace(result, second="softmax/no_shift"), lesson=known)
    assert in_order(shown, "Your columns add up to 1.", "Think about: Which index", "And also: Large logits overflow.")
    assert "exp(1000)" not in shown


@SHOWS
def test_mistake_without_words_is_passed_over(tested, show, known):
    plain = question_result("softmax", (tested("failed", name="one", title="Two.", message="Three."),))
    unheard_of = msgspec.structs.replace(plain, misconception="softmax/unheard_of")
    assert show(unheard_of, lesson=known) == show(plain, lesson=known)


# --- what there is to do


@SHOWS
@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("softmax", "then check again."),
        ("mnist_accuracy", "This puts the functions of the lesson to work together: write those first."),
    ],
)
def test_untouched_stub_is_told_how_to_begin(tested, show, question, says):
    assert says in show(question_result(question, (tested("not_attempted"),)))


@SHOWS
def test_untouched_stub_is_not_explained(tested, show):
    test = tested("not_attempted")
    shown = show(question_result("softmax", (test,)))
    assert test.title not in shown
    assert test.message not in shown


def test_message_of_several_lines_keeps_its_lines(tested):
    result = question_result("softmax", (tested("failed", message="Called so.\nCame back so."),))
    assert "\n  Called so.\n  Came back so.\n" in as_text(result)
    assert "Called so.<br>Came back so." in as_html(result)


# --- hidden tests


@SHOWS
@pytest.mark.parametrize("status", [status for status in STATUSES if status != "partial"])
@pytest.mark.parametrize("visible", ["passed", "failed", None])
def test_hidden_tests_are_counted_and_never_described(tested, show, status, visible):
    hidden = [tested(status, hidden=True, measured={"accuracy": 0.4242}) for _ in range(3)]
    shown = show(question_result("softmax", (*([tested(visible)] if visible else []), *hidden)))
    for test in hidden:
        assert test.name not in shown
        assert test.title not in shown
        assert not test.message or test.message not in shown
    assert "0.4242" not in shown


@SHOWS
def test_how_many_hidden_tests_passed_is_said(tested, show):
    hidden = [tested(status, hidden=True) for status in ("passed", "failed", "passed")]
    assert "2 of 3 further tests that you cannot see passed." in show(
        question_result("softmax", (tested("passed"), *hidden))
    )
    assert "0 of 1 further test that you cannot see passed." in show(question_result("softmax", (hidden[1],)))


@SHOWS
def test_tests_still_to_come_are_announced_once_all_is_right(tested, show):
    right, wrong = (question_result("softmax", (tested(status),)) for status in ("passed", "failed"))
    assert "4 more tests will be run when your work is graded." in show(right, 4)
    assert "1 more test will be run when your work is graded." in show(right, 1)
    assert "more test" not in show(right)
    assert "more test" not in show(wrong, 4)


# --- the page is safe and readable


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
MARKUP = st.sampled_from(
    ["<script>alert(1)</script>", "</div>", "<img src=x onerror=alert(1)>", '"><b>', "&lt;", "<!--"]
)


@given(name=ANY_TEXT | MARKUP, title=ANY_TEXT | MARKUP, message=ANY_TEXT | MARKUP)
def test_whatever_a_student_writes_stays_text(name, title, message):
    test = TestResult("test_it", title, False, 0.0, 1.0, "failed", message, 0.0)
    page = Page(as_html(question_result(name, (test,))))
    assert page.tags <= TAGS
    # What stands between backticks is code, and the backticks are gone.
    for text in (name, title, message):
        assert name == text or text.replace("`", "") in page.words.replace("`", "")
    assert name in page.words


@pytest.mark.parametrize("status", STATUSES)
def test_page_needs_nothing_from_elsewhere(tested, status):
    text = as_html(one_of(status, tested))
    assert not re.search(r"https?:|url\(|src=|href=|<script|<style|class=", text)


@pytest.mark.parametrize("status", STATUSES)
def test_signs_have_words_for_who_cannot_see_them(tested, status):
    result = one_of(status, tested)
    listed = [] if status == "not_attempted" else [SAYS[test.outcome][0] for test in result.tests]
    assert Page(as_html(result)).labels == listed


def test_page_tells_the_statuses_apart_without_colours(tested):
    bare = {re.sub(r'style="[^"]*"', "", as_html(one_of(status, tested))).split("<code>")[0] for status in STATUSES}
    assert len(bare) == len(STATUSES)


def contrast(one, other):
    """Contrast as WCAG 2 defines it, from 1 to 21."""
    darker, lighter = sorted(map(_numbers.luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_known_colours():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("status", STATUSES)
def test_colours_stand_out_on_white(status):
    assert contrast(SAYS[status][2], "#ffffff") >= 4.5


@pytest.mark.parametrize("mark", [BLUE_MARK, ORANGE])
@pytest.mark.parametrize("paper", ["#ffffff", "#111111", "#1f1f1f", "#383838"])
def test_lines_and_bars_stand_out_on_light_and_on_dark_pages(mark, paper):
    """3 to 1 (WCAG 2.1, 1.4.11) on the papers of JupyterLab, VS Code and Colab."""
    assert contrast(mark, paper) >= 3


# --- pictures

Z = torch.tensor([[1.0, 2.0, 0.5], [0.0, -2.0, 3.0]])
#: How answers to these questions are drawn; all others as cells.
PICTURES = {"softmax": "bars", "forward": "bars", "sigmoid": "curve"}


def drawn(question, actual, expected, argument=Z, index=(0, 1), kind="values", returned=None):
    """A failed test of `question` with the picture that the runner would keep."""
    call = TestCall(question, (argument,), Returned(actual if returned is None else returned), LESSON)
    comparison = comparison_of(Mismatch("Wrong.", kind, actual, expected, index), call, PICTURES.get(question, "cells"))
    return question_result(
        question, (TestResult("t", "It is so.", False, 0.0, 1.0, "failed", "Wrong.", 0.0, {}, kind, comparison),)
    )


WRONG = torch.tensor([[1.0, -2.5, 3.0], [4.0, 5.0, 6.0]])
RIGHT = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_matrix_on_a_page_is_drawn_beside_the_expected_one():
    page = Page(as_html(drawn("linear", WRONG, RIGHT)))
    assert page.described == [
        "expected: row 0: 1, 2, 3; row 1: 4, 5, 6. Framed, the largest difference: row 0, column 1.",
        "yours: row 0: 1, -2.5, 3; row 1: 4, 5, 6. Framed, the largest difference: row 0, column 1.",
    ]


def test_matrix_in_a_terminal_stands_beside_the_expected_one():
    assert """
     expected             yours
         1 [   2]    3        1 [-2.5]    3
         4     5     6        4     5     6
""" in as_text(drawn("linear", WRONG, RIGHT))


def test_matrices_stand_below_one_another_where_there_is_no_room():
    lines = as_text(drawn("linear", WRONG, RIGHT), width=30).splitlines()
    assert [line.strip() for line in lines if "expected" in line or "yours" in line] == ["expected", "yours"]


def test_numbers_that_differ_never_look_alike():
    text = as_text(drawn("linear", torch.tensor([1.0, 2.00004]), torch.tensor([1.0, 2.00009]), index=(1,)))
    assert "[2.00009]" in text
    assert "[2.00004]" in text


def test_argument_that_changed_is_drawn_before_and_after():
    page = Page(as_html(drawn("softmax", WRONG, RIGHT, kind="arguments", index=None)))
    assert [words.partition(":")[0] for words in page.described] == ["before", "after your function"]
    assert "Framed" not in "".join(page.described)


def test_probabilities_are_bars_with_what_they_add_up_to():
    wrong, right = torch.softmax(Z, dim=0), torch.softmax(Z, dim=1)
    result = drawn("softmax", wrong, right)
    page = Page(as_html(result))
    assert (
        page.described[0] == "row 0: yours add up to 1.789. expected: 0.231, 0.629, 0.14. yours: 0.731, 0.982, 0.0759."
    )
    assert "1 expected   0.629 ███████████████" in as_text(result)
    assert "  yours      0.982 ███████████████████████▋ ◀" in as_text(result)


def test_where_sums_of_rows_are_judged_the_rows_themselves_are_drawn():
    wrong = torch.softmax(Z, dim=0)
    result = drawn("softmax", wrong.sum(dim=1), torch.ones(2), returned=wrong, index=(1,))
    assert Page(as_html(result)).described == [
        "row 0: yours add up to 1.789. yours: 0.731, 0.982, 0.0759.",
        "row 1: yours add up to 1.211. yours: 0.269, 0.018, 0.924.",
    ]
    assert "row 1: yours add up to 1.211" in as_text(result)


def test_sigmoid_is_a_curve_over_z():
    z = torch.tensor([[-3.0, 5.0], [0.5, 2.0]])
    result = drawn("sigmoid", torch.sigmoid(z) + 0.25 * (z == 5), torch.sigmoid(z), z)
    (words,) = Page(as_html(result)).described
    assert words == "At z = -3, 5, 0.5, 2. yours: 0.0474, 1.24, 0.622, 0.881. expected: 0.0474, 0.993, 0.622, 0.881."
    assert as_html(result).count("<circle") == 4 + 2  # the values, and two in the legend
    assert """
       z   expected    yours
      -3     0.0474   0.0474
     0.5      0.622    0.622
       2      0.881    0.881
       5      0.993     1.24 ◀
""" in as_text(result)


NUMBERS = st.floats(width=64) | st.sampled_from([0.0, 0.5, 1.0, 1e308, -1e308, 5e-324, math.inf, math.nan])


@st.composite
def wrong_answers(draw):
    """Whatever a student may send back, with a picture of it."""
    question = draw(st.sampled_from(["softmax", "forward", "sigmoid", "linear", "cost"]))
    shape = draw(st.lists(st.integers(1, 9), min_size=0, max_size=3).map(tuple))
    count = math.prod(shape)

    def tensor():
        return torch.tensor(draw(st.lists(NUMBERS, min_size=count, max_size=count)), dtype=torch.float64).reshape(shape)

    index = draw(st.none() | st.tuples(*(st.integers(0, size - 1) for size in shape)))
    kind = draw(st.sampled_from(["values", "dtype", "arguments", "property"]))
    actual, expected = tensor(), draw(st.none() | st.just(tensor()))
    judged = actual.sum(dim=-1) if shape and draw(st.booleans()) else actual
    wanted = None if expected is None else expected.sum(dim=-1) if judged is not actual else expected
    index = index[: judged.dim()] if index else None
    return drawn(question, judged, wanted, tensor(), index, kind, actual)


@given(wrong_answers(), st.integers(1, 200))
def test_pictures_of_anything_are_safe_and_small(result, width):
    result = msgspec.json.decode(msgspec.json.encode(result), type=QuestionResult)
    text = as_html(result)
    page = Page(text)
    assert page.tags <= TAGS | DRAWN
    assert len(text) < 60_000
    assert all(len(words) < 2_500 for words in page.described)
    for numbers in re.findall(r'(?: d| points)="([^"]*)"', text):
        assert re.fullmatch(r"[MHV\d., -]*", numbers)
    shown = as_text(result, width=width)
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= max(24, width) or result.tests[0].comparison is not None
    coloured = Text.from_ansi(as_text(result, colour=True, width=width)).plain
    assert [line.rstrip() for line in coloured.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("share", [x / 10 for x in range(-12, 13)])
def test_numbers_in_cells_can_be_read_on_their_colour(share):
    paper = _numbers.colour(share, 1.0)
    assert contrast(paper, _numbers.ink(paper)) >= 4.5


def test_colours_of_cells_tell_the_sign():
    """Not by lightness alone, which both ends share, but blue against orange, which all readers tell apart."""
    assert _numbers.colour(0.0, 1.0) == "#ffffff"
    below, above = _numbers.colour(-1.0, 1.0), _numbers.colour(1.0, 1.0)
    assert int(below[5:], 16) > int(below[1:3], 16)
    assert int(above[5:], 16) < int(above[1:3], 16)
    assert _numbers.colour("nan", 1.0) not in (below, above, "#ffffff")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (7.0, "7"),
        (505_510.0, "505510"),
        (1e30, "1e30"),
        (-1.5e-7, "-1.5e-7"),
        (0.123456, "0.123"),
        ("nan", "nan"),
        ("-inf", "-inf"),
    ],
)
def test_numbers_are_short(number, text):
    assert _numbers.short(number) == text


# --- terminals


def test_colours_are_there_when_asked_for(tested, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    result = one_of("failed", tested)
    assert "\x1b[" in as_text(result, colour=True)
    assert "\x1b[" not in as_text(result)


def test_axis_of_a_curve_is_named_like_the_function_s_parameter():
    z = torch.tensor([-3.0, 0.5, 2.0, 5.0])
    lesson = Lesson("1-any", (Question("sigmoid", "sigmoid(logit)"),), Path("public"), Path("secret"))
    result = drawn("sigmoid", torch.relu(z), torch.sigmoid(z), z, index=(3,))
    assert "At logit = -3, 0.5, 2, 5." in as_html(result, lesson=lesson)
    assert ">logit</text>" in as_html(result, lesson=lesson)
    assert re.search(r"^ *logit +expected +yours$", as_text(result, lesson=lesson), re.M)


def test_long_lines_are_wrapped_and_indented(tested):
    result = question_result("softmax", (tested("failed", message="one two three four " * 8, title="five six " * 8),))
    lines = as_text(result, width=40).splitlines()
    assert max(map(len, lines)) <= 40
    assert all(line.startswith("  ") for line in lines[1:] if line)


def test_colour_is_for_terminals_alone(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not wants_colour()
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert wants_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour()
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour()


def test_panels_need_no_matplotlib():
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder.judging.course import Lesson, Question\n"
        "from autograder.judging.results import question_result\n"
        "from autograder.panels import as_html, as_text\n"
        "lesson = Lesson('1-any', (Question('softmax', 'softmax(z)'),), Path('public'), Path('secret'))\n"
        "for show in (as_html, as_text):\n"
        "    assert 'softmax' in show(question_result('softmax', ()), lesson)\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("render", [panels.as_text, panels.as_html])
def test_a_form_that_is_kept_is_not_called_correct(render):
    """All points of such a question are for tests that only grading runs."""
    form = TestResult("test_form", "Your id, and five words.", False, 0.0, 0.0, "passed", "", 0.0)
    result = question_result("softmax", (form,))
    said = re.sub('aria-label="[^"]*"', "", render(result, LESSON, 1))  # which says of the test that it passed
    assert "Can be read" in said
    assert "Correct" not in said
    assert "Correct" in render(result, LESSON)
    worth = question_result("softmax", (msgspec.structs.replace(form, earned=1.0, points=1.0),))
    assert "Correct" in render(worth, LESSON, 1)
