"""No cell that a student filled in can be a formula, in whatever way a spreadsheet parts the file into cells."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.instructor.csv_files import safe_cell, write_csv

#: Text made of what matters here, mixed with anything at all.
NASTY = st.text(
    st.sampled_from("=+-@\t\r\n\0 '\";,|\u200b\ufeff\uff1d\u2212a1") | st.characters(codec="utf-8"),
)


def begins_a_formula(text: str) -> bool:
    """As the most careless spreadsheet would have it: it drops what cannot be seen and folds full-width signs."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in "CZ")
    return seen[:1] in {*"=+-@\u2212"}


@given(NASTY)
def test_no_safe_cell_begins_a_formula(text):
    assert not begins_a_formula(safe_cell(text))


@given(NASTY)
def test_nothing_of_the_text_is_lost(text):
    assert safe_cell(text) in (text, "'" + text)


@pytest.mark.parametrize("text", ["Jörg Müller", "O'Neill", '"Bobby" <script>', "a=b", "7-3", "", " ", "softmax"])
def test_an_ordinary_text_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1+1", "\u200b=1"]
)
def test_what_could_be_a_formula_has_an_apostrophe_first(text):
    assert safe_cell(text) == "'" + text


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1))
def test_a_table_is_read_back_as_it_was_but_for_the_apostrophes(rows):
    file = io.StringIO(newline="")
    write_csv(file, ["a", "b"], rows)
    file.seek(0)
    assert list(csv.reader(file)) == [["a", "b"], *[[safe_cell(cell) for cell in row] for row in rows]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(text=NASTY)
def test_no_cell_is_a_formula_whichever_separator_the_spreadsheet_takes(separator, text):
    file = io.StringIO(newline="")
    write_csv(file, ["name"], [[text]])
    file.seek(0)
    assert not any(begins_a_formula(cell) for row in csv.reader(file, delimiter=separator) for cell in row)


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    file = io.StringIO(newline="")
    write_csv(file, ["a", "b", "c"], [[-1.5, 3, None]])
    assert file.getvalue() == '"a","b","c"\r\n-1.5,3,""\r\n'
