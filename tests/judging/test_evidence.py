"""Answers that say what evidence shows: which evidence, how they are read, and what is said of them."""

import numpy as np
import pytest

from autograder.judging import Evidence
from autograder.judging.values import plain

CURVES = Evidence(signs={"slow": "Slow ones are level.", "fast": "Fast ones are steep."}, count=4)
KEY = ["slow", "fast"] * 10


def swapped(words, *places):
    other = {"slow": "fast", "fast": "slow"}
    return [other[word] if place in places else word for place, word in enumerate(words)]


def test_evidence_is_chosen_by_the_id_and_by_nothing_else():
    assert CURVES.places("ada", 20) == [1, 6, 18, 14]  # for ever: a class may be graded again
    assert CURVES.places(" ADA ", 20) == CURVES.places("ada", 20)
    assert CURVES.places("Jo\u0308rg", 20) == CURVES.places("j\u00f6rg", 20) == [7, 5, 14, 15]
    variants = {tuple(CURVES.places(f"student-{number}", 20)) for number in range(200)}
    assert len(variants) > 190
    assert {place for variant in variants for place in variant} == set(range(20))
    assert all(len(set(variant)) == 4 for variant in variants)


@pytest.mark.parametrize(
    "answer",
    [
        ("ada", CURVES.right("ada", KEY)),
        ["Ada", tuple(word.upper() for word in CURVES.right("ada", KEY))],
        {"says": np.array(CURVES.right("ada", KEY)), "student": " ada "},
    ],
    ids=["tuple", "other letters", "dict"],
)
def test_evidence_is_read_in_every_style(answer):
    CURVES.assert_read(plain(answer), KEY)
    assert CURVES.read(plain(answer))[0].casefold() == "ada"


def test_guessing_what_evidence_shows_earns_nothing(says):
    right = CURVES.right("ada", KEY)
    shares = [says(CURVES.assert_read, ("ada", swapped(right, *range(wrong))), KEY)[1] for wrong in range(1, 5)]
    assert shares == [0.5, 0.0, 0.0, 0.0]


def test_what_was_not_read_is_said_without_the_answer(says):
    right = CURVES.right("ada", KEY)
    text, _ = says(CURVES.assert_read, ("ada", swapped(right, 0)), KEY)
    said = swapped(right, 0)[0]
    assert text == f'3 of 4 are read. At least one is not "{said}". {CURVES.signs[said]}'


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (7, 'expected `("your id", [4 words])`, got the number 7.'),
        (["slow"] * 4, 'expected `("your id", [4 words])`, got a list of 4.'),
        ((1, ["slow"] * 4), 'expected `("your id", [4 words])`, got 2 results.'),
        (("Your ID", ["slow"] * 4), "where `your id` stands, write the id with which you hand in."),
        ((" ", ["slow"] * 4), "where `your id` stands, write the id with which you hand in."),
        (("a" * 129, ["slow"] * 4), "where `your id` stands, write the id with which you hand in."),
        (("ada", ["slow"] * 3), "expected a list of 4 words, got a list of 3."),
        (("ada", "slow"), "expected a list of 4 words, got a str."),
        (("ada", ["slow", "fast", "quick", "fast"]), 'number 3 is "quick", and none of "slow", "fast".'),
        (("ada", ["slow", "fast", 3, "fast"]), 'number 3 is the number 3, and none of "slow", "fast".'),
        (("ada", ["slow", "fast", ["slow"], "fast"]), "number 3 is a list of 1"),
    ],
)
def test_what_is_no_reading_gets_a_sentence(says, answer, words):
    text, share = says(CURVES.assert_read, answer, KEY)
    assert text.startswith(words)
    assert share == 0
