"""What a student sees of a verdict, on a terminal and on a page."""

import re
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.panels import SAYS, as_html, as_text
from autograder.results import Ending, TestResult, question_result

ENDINGS = get_args(Ending)
VOID = {"br"}


class Page(HTMLParser):
    """Reads HTML as a browser does: which tags, in what balance, and which words are left to read."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.labels, self.words = set(), [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.labels += [value for name, value in attributes if name == "aria-label"]
        assert {name for name, _ in attributes} <= {"style", "role", "aria-label"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def as_page(result, *more):
    return Page(as_html(result, *more)).words


SHOWS = pytest.mark.parametrize("show", [as_text, as_page], ids=["text", "html"])


def one_of(ending, tested):
    """A question that ends so."""
    if ending == "partial":
        return question_result("softmax", (tested("passed"), tested("failed")))
    return question_result("softmax", (tested(ending),))


# --- what is said


@SHOWS
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_one_word_and_one_sign(tested, show, ending):
    result = one_of(ending, tested)
    word, sign, _ = SAYS[ending]
    shown = show(result)
    assert result.outcome == ending
    assert shown.startswith(sign)
    assert "softmax" in shown
    assert word in shown


def test_no_two_endings_share_a_word_or_a_sign():
    words, signs, _ = zip(*SAYS.values(), strict=True)
    assert set(SAYS) == set(ENDINGS)
    assert len(set(words)) == len(set(signs)) == len(ENDINGS)


@SHOWS
def test_points_are_shown(tested, show):
    result = question_result("softmax", (tested("passed", earned=2.5, points=2.5), tested("failed", points=3.5)))
    assert "(2.5 of 6 points)" in show(result)


@SHOWS
def test_question_without_points_speaks_of_none(tested, show):
    assert "point" not in show(question_result("count_parameters", (tested("passed", earned=0.0, points=0.0),)))


@SHOWS
def test_first_test_that_went_wrong_is_explained_and_no_other(tested, show):
    first, second = tested("failed"), tested("error")
    shown = show(question_result("softmax", (tested("passed"), first, second)))
    assert first.message in shown
    assert second.message not in shown


@SHOWS
def test_every_visible_test_is_listed_with_its_sign(tested, show):
    tests = tuple(tested(ending) for ending in ("passed", "failed", "error", "timeout"))
    shown = show(question_result("softmax", tests))
    for test in tests:
        assert f"{SAYS[test.outcome][1]} {test.title}" in shown


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
@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != "partial"])
@pytest.mark.parametrize("visible", ["passed", "failed", None])
def test_hidden_tests_are_counted_and_never_described(tested, show, ending, visible):
    hidden = [tested(ending, hidden=True, measured={"accuracy": 0.4242}) for _ in range(3)]
    shown = show(question_result("softmax", (*([tested(visible)] if visible else []), *hidden)))
    for test in hidden:
        assert test.name not in shown
        assert test.title not in shown
        assert not test.message or test.message not in shown
    assert "0.4242" not in shown


@SHOWS
def test_how_many_hidden_tests_passed_is_said(tested, show):
    hidden = [tested(ending, hidden=True) for ending in ("passed", "failed", "passed")]
    assert "2 of 3 further tests that you cannot see passed." in show(
        question_result("softmax", (tested("passed"), *hidden))
    )
    assert "0 of 1 further test that you cannot see passed." in show(question_result("softmax", (hidden[1],)))


@SHOWS
def test_tests_still_to_come_are_announced_once_all_is_right(tested, show):
    right, wrong = (question_result("softmax", (tested(ending),)) for ending in ("passed", "failed"))
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
    assert page.tags <= {"div", "span", "code", "p", "b", "br", "ul", "li"}
    assert name in page.words
    assert title in page.words
    assert message in page.words


@pytest.mark.parametrize("ending", ENDINGS)
def test_page_needs_nothing_from_elsewhere(tested, ending):
    text = as_html(one_of(ending, tested))
    assert not re.search(r"https?:|url\(|src=|href=|<script|<style|class=", text)


@pytest.mark.parametrize("ending", ENDINGS)
def test_signs_have_words_for_who_cannot_see_them(tested, ending):
    result = one_of(ending, tested)
    listed = [] if ending == "not_attempted" else [SAYS[test.outcome][0] for test in result.tests]
    assert Page(as_html(result)).labels == listed


def test_page_tells_the_endings_apart_without_colours(tested):
    bare = {re.sub(r'style="[^"]*"', "", as_html(one_of(ending, tested))).split("<code>")[0] for ending in ENDINGS}
    assert len(bare) == len(ENDINGS)


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_luminance_of_known_colours():
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0
    assert 1.05 / (luminance("#767676") + 0.05) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("ending", ENDINGS)
def test_colours_stand_out_on_white(ending):
    assert 1.05 / (luminance(SAYS[ending][2]) + 0.05) >= 4.5
