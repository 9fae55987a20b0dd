"""The page: what it says of itself, that code stays text, and that it needs nothing but itself."""

import re

import pytest

from autograder.instructor.similar import Compared, Group, in_words, page
from autograder.instructor.similar._pairs import find_pairs

EVIL = "</code><script>alert('1')</script>"


@pytest.fixture(scope="module")
def compared(original, copied):
    answers = {q: {"Jörg": source, EVIL: copied[q], "zoë": source} for q, source in original.items()}
    answers["softmax"]["zoë"] = f"{answers['softmax']['zoë']}\n    # {EVIL} said nobody else\n"
    answers["softmax"]["Jörg"] = answers["softmax"]["zoë"]
    pairs = find_pairs("4-network", answers, {})
    return Compared(pairs, {"4-network": 3}, [f"eve, 4-network: {EVIL}"])


def test_page_says_that_it_proves_nothing(compared):
    assert "This page proves nothing about anybody." in page(compared)
    assert "Never a reason to take points." in page(compared)


def test_pairs_stand_in_order_with_both_codes(compared):
    text = page(compared)
    assert "3 submissions of 1 assignment compared. 3 pairs are alike beyond what everybody writes." in text
    assert re.findall("<h3>(.*?)</h3>", text)[0] == "Jörg and zoë"
    assert text.count("<figure>") == 2 * sum(len(pair.likenesses) for pair in compared.pairs)
    assert "<figcaption>Jörg</figcaption>" in text


def test_what_is_shared_is_marked(compared):
    text = page(compared)
    assert '<mark class="word">biggest</mark>' in text
    assert re.search(r"<mark>[^<]*torch\.pow", text)
    assert "Nobody else in the class has the rarest part of it." in text


def test_marked_code_is_the_code(compared):
    from html import unescape

    first = compared.pairs[0].likenesses[0]
    shown = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page(compared), re.S)[1]
    by_weight = max(compared.pairs[0].likenesses, key=lambda one: one.bits)
    assert unescape(re.sub(r"</?mark[^>]*>", "", shown)) == by_weight.sources[0]
    assert first.sources[0].startswith("def init_params")


def test_whatever_a_student_wrote_stays_text(compared):
    text = page(compared)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_page_is_whole(compared):
    text = page(compared)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert not re.search(r"https?:|url\(|src=|href=|\$\w", text)


def test_submissions_that_could_not_be_read_are_listed(compared):
    assert "<h2>Not compared</h2><ul><li>eve, 4-network: &lt;/code&gt;" in page(compared)


def test_nothing_found_is_said():
    text = page(Compared([], {"1-neuron": 1}, []))
    assert "1 submission of 1 assignment compared. No two are alike beyond what everybody writes." in text
    assert "<article" not in text
    assert "Not compared" not in text


def test_only_the_strongest_pairs_are_shown(compared):
    many = [compared.pairs[0]._replace(students=("ada", f"bob-{number}"), bits=100.0 - number) for number in range(60)]
    text = page(Compared(many, {"4-network": 61}, []))
    assert "60 pairs are alike beyond what everybody writes; the 50 most alike are shown." in text
    assert text.count("<article") == 50
    assert "bob-49" in text
    assert "bob-50" not in text


def test_sentence_counts_passages_comments_and_names(compared):
    assert in_words(compared.pairs[0]).startswith("rare passages in 5 answers, ")
    assert "comments word for word" in in_words(compared.pairs[0])


def test_groups_stand_first_with_the_codes_of_all_and_stay_text():
    students = ("ada", EVIL, "zoë")
    group = Group("4-network", students, 40.0, {"softmax": dict.fromkeys(students, f"x = 1  # {EVIL}")})
    text = page(Compared([], {"4-network": 30}, [], [group]))
    assert "30 submissions of 1 assignment compared. 1 group of copies." in text
    assert "<h2>4-network: a group of 3</h2>" in text
    assert text.count("<figure>") == 3
    assert "<script" not in text
