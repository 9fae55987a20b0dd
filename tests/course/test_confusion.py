"""What is said of wrong answers by somebody who had not seen the known ones: read by somebody, and never false."""

import importlib.util
import json
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites


def _confusion():
    path = Path(__file__).with_name("confusion.py")
    spec = importlib.util.spec_from_file_location("confusion", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONFUSION = _confusion()
JUDGED = json.loads(CONFUSION.JUDGED.read_text(encoding="utf-8"))
JUDGED_MUTANTS = json.loads(CONFUSION.JUDGED_MUTANTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told_of_all():
    return with_suites(CONFUSION.told_of_bank, COURSE, ReferenceSolutions(COURSE))


def test_what_is_said_was_read_by_somebody(told_of_all):
    """``python tests/course/confusion.py`` writes the list anew, to be read anew."""
    assert told_of_all == {name: one["told"] for name, one in JUDGED.items()}
    assert [name for name, one in JUDGED.items() if one["told"] not in (None, "passes") and one["true"] is None] == []


def test_what_is_said_of_mutants_was_read_by_somebody():
    """`test_mutants` holds that `mutants.json` is what is said; here, that a reader saw all of it."""
    said = json.loads(CONFUSION.MUTATION.JUDGED.read_text(encoding="utf-8"))
    told = {
        f"{question}: {line} → {becomes}": what
        for question, lines in said.items()
        for line, changes in lines.items()
        for becomes, what in changes.items()
        if what not in (None, "passes")
    }
    assert told == {name: one["told"] for name, one in JUDGED_MUTANTS.items() if " & " not in name}
    assert [name for name, one in JUDGED_MUTANTS.items() if one["true"] is None] == []


@pytest.mark.parametrize("found", [JUDGED, JUDGED_MUTANTS], ids=["bank", "mutants"])
def test_nothing_false_is_said(found):
    assert [name for name, one in found.items() if one["true"] is False] == []


def test_most_are_told_which_mistake_it_is():
    wrong = [one["told"] for one in JUDGED.values() if one["told"] != "passes"]
    assert len(wrong) >= 150
    assert sum(one is not None for one in wrong) >= 0.75 * len(wrong)
    asked = {
        one.name for lesson in COURSE.lessons[1:7] for one in lesson.questions if one.signature and not one.is_value
    }
    assert asked == {name.partition("__")[0] for name in JUDGED}
