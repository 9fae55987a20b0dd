"""The list of measured numbers and the texts agree, in both directions. `make facts` measures the numbers anew."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from autograder.course.contents import COURSE

_SPEC = importlib.util.spec_from_file_location("facts", Path(__file__).with_name("facts.py"))
facts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(facts)

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)

#: Per cents that nobody measured on data: worked by hand, made up for a question, a definition, or what a picture of
#: the reader's own says above itself. Each with the words around it.
NOT_MEASURED = {
    "1-neuron": [
        "It is right for 88 % of the samples, and seems to be right for 12 %.",
        "or 89 %.",
        "What are 89 % worth",
        "which is 63 %",
        "for no others, 37 %.",
    ],
    "2-gradient-descent": ["by hand: 89 %"],
    "5-images-and-scores": ['"70 % rain"', '"100 %" or "0 %"', "if we read 70 % as"],
    "6-learning-digits": ["still shares out 100 %"],
    "0-from-neurons-to-network": ["between 88 % and 37 %", "And 63 % is less", "with 64 before them, 97 % and more"],
    "8-your-own-question": ['"98 % accurate"'],
    "7-inside-your-network": ["a hidden layer of 64 makes 97 % and more"],
}


def text(lesson):
    cells = json.loads(lesson.notebook(COURSE.home / "source").read_text())["cells"]
    whole = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return " ".join(whole.split())


@pytest.mark.parametrize("fact", facts.FACTS, ids=lambda fact: fact.passage)
def test_the_text_tells_what_the_list_says(fact):
    assert text(COURSE.find_lesson(fact.lesson)).count(" ".join(fact.passage.split())) == 1
    assert abs(fact.number) < float("inf")


@EACH_LESSON
def test_every_per_cent_is_measured_or_is_said_not_to_be(lesson):
    left = text(lesson)
    passages = [" ".join(fact.passage.split()) for fact in facts.FACTS if fact.lesson == lesson.name]
    for passage in sorted([*passages, *NOT_MEASURED.get(lesson.name, [])], key=len, reverse=True):
        assert passage in text(lesson), passage
        left = left.replace(passage, "")
    assert re.findall(r".{0,40}\d %.{0,20}", left) == []


@EACH_LESSON
def test_every_number_that_we_say_we_measured_is_on_the_list(lesson):
    left = text(lesson)
    for fact in facts.FACTS:
        if fact.lesson == lesson.name:
            left = left.replace(" ".join(fact.passage.split()), "")
    found = [one for one in re.split(r"(?<=[.!?]) ", left) if re.search(r"\b[Ww]e (measured|counted)\b", one)]
    assert [one for one in found if re.search(r"\d\.\d|\d %", one)] == []


def test_a_text_that_parts_from_the_measurement_is_told(monkeypatch, capsys):
    monkeypatch.setattr(facts, "FACTS", [facts.Fact("1-neuron", "right for {{88 %}}", lambda: 0.86, 0.005)])
    (sentence,) = facts.parted()
    assert sentence.startswith("1-neuron tells “right for 88 %”, and 0.86 was measured")
    monkeypatch.setattr(facts, "FACTS", [facts.Fact("1-neuron", "right for {{88 %}}", lambda: 0.884, 0.005)])
    assert list(facts.parted()) == []
