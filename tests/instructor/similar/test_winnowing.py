"""Fingerprints: which are chosen, and what two documents that share a passage always have in common."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.instructor.similar._winnowing import GRAM, WINDOW, fingerprints

WORDS = st.sampled_from(["v", "=", "(", ")", "return", "+", "torch", "."])
TEXT = st.lists(WORDS, max_size=60)


@given(TEXT, TEXT, TEXT, TEXT, st.lists(WORDS, min_size=GRAM + WINDOW - 1, max_size=20))
def test_passage_that_two_documents_share_is_never_missed(before, after, other_before, other_after, passage):
    ours = fingerprints(before + passage + after)
    theirs = fingerprints(other_before + passage + other_after)
    assert ours.keys() & theirs.keys()


@given(TEXT)
def test_each_fingerprint_is_where_it_is_said_to_be(text):
    for hashed, places in fingerprints(text).items():
        for place in places:
            assert fingerprints(text[place : place + GRAM]).keys() == {hashed}


@given(st.lists(WORDS, min_size=GRAM + WINDOW - 1, max_size=60))
def test_no_gap_is_longer_than_a_window(text):
    places = sorted(place for places in fingerprints(text).values() for place in places)
    grams = len(text) - GRAM + 1
    for first, following in zip([-1, *places], [*places, grams], strict=True):
        assert following - first <= WINDOW


def test_what_is_shorter_than_a_gram_has_no_fingerprint():
    assert fingerprints(["v"] * (GRAM - 1)) == {}
    assert len(fingerprints(["v"] * GRAM)) == 1


def test_fingerprints_are_the_same_in_every_process():
    """Python's own hashes are not."""
    assert fingerprints(["a", "b", "c", "d", "e"]) == {9321085868804463795: [0]}
