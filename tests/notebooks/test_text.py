"""Texts from students, as they are kept and shown."""

import pytest

from autograder.notebooks.text import MAX_TEXT, legible, text_of


@pytest.mark.parametrize(
    "mark",
    ["\x1b[2J", "\x1b]0;title\x07", "\r", "\x08", "\x00", "\x7f", "\x9b", "\u202e", "\u2066"],
    ids=["clear", "title", "return", "backspace", "nothing", "delete", "introducer", "right to left", "isolate"],
)
def test_nothing_that_is_shown_steers_the_terminal(mark):
    shown = legible(f"ada{mark}.ipynb")
    assert not any(letter in shown for letter in mark if not letter.isprintable())
    assert shown.startswith("ada\N{REPLACEMENT CHARACTER}")
    assert shown.endswith(".ipynb")


@pytest.mark.parametrize("text", ["Zoë O'Hara", "a\tb\nc", "数", "🙂", ""])
def test_what_people_write_stays(text):
    assert legible(text) == text_of(text) == text


@pytest.mark.parametrize("make", [legible, text_of])
def test_texts_are_short_and_can_be_stored(make):
    assert make("x" * 10_000) == "x" * MAX_TEXT
    assert make("half \ud83d").encode() == b"half ?"
