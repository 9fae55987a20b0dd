"""Every term of the lessons has an explanation, and none is used before the lesson that explains it.

The terms are taken from the texts: what a text calls by a name (*sigmoid*), and each name of Python's or torch's that
stands between backticks or is called in a cell that is given.
"""

import ast
import builtins
import json
import re
from types import ModuleType

import pytest
import torch

from autograder import explain
from autograder.course.contents import COURSE
from autograder.course.glossary import entries, explanation_of

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)

#: Where a word in italics is being given its meaning, and is not merely stressed.
NAMED = re.compile(r"\bcall(ed|s)?\b|\bshort for\b|\bits \*|\bis \*|^A \*")

#: What everybody who has written a little Python knows, and what Python's and torch's names are spelled like but mean
#: something of the lesson's own: an input, a label, a picture.
KNOWN = {"print", "range", "len", "float", "int", "list", "dict", "for", "return", "True", "False", "def", "lambda"}

#: Stressed in a sentence that names something else.
STRESSED = re.compile(r"\*(malignant|benign|yes|no|not|row|both|ended|the|digits|regions|training images|network)\*")


def cells(lesson):
    return json.loads(lesson.notebook(COURSE.home / "source").read_text())["cells"]


def texts(lesson):
    for cell in cells(lesson):
        if cell["cell_type"] == "markdown" and cell["id"] != "conventions":
            yield re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " ", "".join(cell["source"]), flags=re.DOTALL)


def questions():
    return {question.name for _, question in COURSE.questions()}


def own_names():
    """What the lessons themselves define: functions, their parameters, variables of given cells."""
    names = questions() | {
        "figures",
        "widgets",
        "check",
        "hint",
        "explain",
        "watch_training",
        "autograder",
        "torch",
        "nn",
    }
    for lesson in COURSE.lessons:
        for question in lesson.questions:
            names |= set(question.parameters)
        for cell in cells(lesson):
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names.add(node.id)
                    if isinstance(node, ast.arg):
                        names.add(node.arg)
    return names


def is_librarys(name):
    places = (torch, torch.Tensor, torch.nn, torch.nn.functional, torch.linalg, torch.autograd, builtins)
    found = [getattr(place, name) for place in places if hasattr(place, name)]
    return len(name) > 1 and any(not isinstance(one, ModuleType) for one in found)


def library_names(lesson):
    """Names of Python's and torch's in the lesson: between backticks, and in cells that are given."""
    found, own = set(), own_names()
    for text in texts(lesson):
        for code in re.findall(r"`([^`\n]+)`", text):
            found |= set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", code)))  # what is quoted is a text
            found |= {"@"} if "@" in code else set()
    for cell in cells(lesson):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "BEGIN SOLUTION" not in source and "figures." not in source:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call):
                    function = node.func
                    found.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return {name for name in found if name == "@" or (is_librarys(name) and name not in own | KNOWN)}


def named_terms(lesson):
    """Words in italics that a sentence gives a meaning to."""
    for text in texts(lesson):
        for sentence in re.split(r"(?<=[.!?:])\s+", text):
            if NAMED.search(sentence):
                yield from re.findall(r"(?<![*\w])\*([a-z][a-z-]*(?: [a-z]+)?)\*(?![*\w])", STRESSED.sub("", sentence))


@EACH_LESSON
def test_every_term_has_an_explanation(lesson):
    terms = library_names(lesson) | set(named_terms(lesson))
    assert {term for term in terms if not explanation_of(term).word} == set()


@EACH_LESSON
def test_no_term_is_used_before_the_lesson_that_explains_it(lesson):
    number = COURSE.lessons.index(lesson)
    by_word = {entry.word: entry for entry in entries()}
    terms = library_names(lesson) | set(named_terms(lesson))
    early = {term for term in terms if by_word[explanation_of(term).word].lesson > number}
    assert early == set()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.word)
def test_an_entry_is_short_and_its_lesson_uses_the_word(entry):
    assert len(entry.text) <= 280
    assert entry.text.endswith(".")
    assert not re.search(r"\b(simply|obviously|clearly)\b", entry.text)
    whole = "\n".join(
        "".join(cell["source"]) for cell in cells(COURSE.lessons[entry.lesson]) if cell["id"] != "conventions"
    ).casefold()
    assert any(spelling.casefold() in whole for spelling in (entry.word, *entry.also))


def test_no_two_entries_share_a_spelling():
    spellings = [spelling.casefold() for entry in entries() for spelling in (entry.word, *entry.also)]
    assert sorted(set(spellings)) == sorted(spellings)


@pytest.mark.parametrize("asked", ["broadcasting", "`broadcasting`", "Broadcasting"])
def test_a_spelling_does_not_matter(asked):
    assert explain(asked).word == "broadcasting"


@pytest.mark.parametrize("asked", ["torch.stack", ".stack", "torch.stack(ws, dim=1)"])
def test_a_call_is_found_by_its_name(asked):
    assert explain(asked).word == "stack"


def test_an_unknown_word_leads_to_a_known_one():
    assert repr(explain("brodcasting")) == "`brodcasting` is not in the glossary. Did you mean `broadcasting`?"
    assert "<script>" not in explain("<script>")._repr_html_()


def test_a_worker_explains_nothing(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_CHECKS", "off")
    assert explain("tensor") is None
