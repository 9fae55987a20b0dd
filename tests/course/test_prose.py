"""The lessons as texts: spelled right, in short sentences, in order, and honest about the time they take."""

import itertools
import json
import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from autograder.course.contents import COURSE
from autograder.judging.written import LOOKED_FOR

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)

#: Names and terms that no dictionary of English has.
OUR_WORDS = frozenset((Path(__file__).parent / "words.txt").read_text().split())

MARKUP = re.compile(
    r"```.*?```|`[^`]*`"  # code
    r"|\$\$.*?\$\$|\$[^$]*\$"  # formulas
    r"|<[^>]*>|https?://\S+|doi:\S+",
    flags=re.DOTALL,
)

COLOURS = re.compile(r"\b(blue|orange|green|amber|yellow|pink|grey|red|white|bright|dark)\b", flags=re.IGNORECASE)

#: Words that say the same as a colour, without it.
BESIDE_COLOUR = re.compile(
    r"\b(above|below|left|right|dashed|dotted|solid|dots?|triangles?|hatched|shaded|marked|frame|row|column|square|star"
    r"|large|ink|numbers?|low|high|level|slanted|excites|strokes|close to)\b|[+−]"
)

#: What a lesson that is longer than an hour says half-way.
BREAK = "**A good place for a break.**"

#: The cells in which nothing is to be run any more.
CLOSING = ("what-you-know", "think", "think-answer", "what-comes-next")


def cells(lesson, tree="source"):
    return json.loads(lesson.notebook(COURSE.home / tree).read_text())["cells"]


def texts(lesson):
    """The lesson's own texts; the conventions are the same in every lesson and are read once."""
    return [
        "".join(cell["source"])
        for cell in cells(lesson)
        if cell["cell_type"] == "markdown" and cell["id"] != "conventions"
    ]


def paragraphs(text):
    """Running text: paragraphs and items of lists, without headings, tables, formulas and code."""
    for block in re.split(r"\n\s*\n", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if not block.lstrip().startswith(("|", ">", "#")):
            for item in re.split(r"\n(?=- |\d+\. )", block):
                words = re.sub(r"^(- |\d+\. )|[*_]", "", MARKUP.sub(" ", item)).strip()
                if words:
                    yield " ".join(words.split())


def sentences(text):
    for paragraph in paragraphs(text):
        yield from (part for part in re.split(r"(?<=[.!?])[\"”)]*\s+", paragraph) if re.search("[A-Za-z]", part))


def words(text):
    return re.findall(r"[A-Za-z0-9][\w'’-]*", text)


# --- reading


def grade(text):
    """The Automated Readability Index: the school grade that understands the text at first reading.

    R. J. Senter and E. A. Smith, Automated Readability Index, AMRL-TR-66-220, 1967.
    """
    parts = [words(sentence) for sentence in sentences(text)]
    count = sum(map(len, parts))
    letters = sum(len(re.sub(r"\W", "", word)) for part in parts for word in part)
    return 4.71 * letters / count + 0.5 * count / len(parts) - 21.43


def seconds(cell):
    """How long a learner sits over one cell, if it goes well.

    Prose at 138 words a minute, the rate at which readers study what they want to remember (R. P. Carver, Reading
    rate: theory, research and practical implications, Journal of Reading 36, 1992). The rest is our own estimate: 20 s
    for a displayed formula, 1 s for one in the line, 30 s for a picture or a call that is tried out, 3 minutes for a
    widget, 2 for the written answer and 1 for three questions to recall, 2 s for a line of code that is given. A
    function takes 5 minutes to understand and to check, and 2 minutes for each line that the solution has; a value that
    is asked for takes 8 in all.
    """
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        displayed = len(re.findall(r"\$\$.*?\$\$", source, flags=re.DOTALL))
        inline = len(re.findall(r"(?<!\$)\$[^$]+\$(?!\$)", source))
        own = 120 * (cell["id"] == "think-answer")
        return len(words(MARKUP.sub(" ", source))) / 138 * 60 + 20 * displayed + inline + own
    solution = re.search("### BEGIN SOLUTION(.*?)### END SOLUTION", source, flags=re.DOTALL)
    if solution and not re.search(r"^def ", source, flags=re.MULTILINE):
        return 480
    if solution:
        lines = [line for line in solution[1].splitlines() if line.strip() and not line.strip().startswith("#")]
        return 300 + 120 * len(lines)
    return (
        30 * ("figures." in source)
        + 180 * ("widgets." in source)
        + 60 * ("recall(" in source)
        + 2 * sum(bool(line.strip()) for line in source.splitlines())
    )


def minutes(lesson):
    """How long a learner sits over a lesson; the conventions are read once, in the first one."""
    return sum(seconds(cell) for cell in cells(lesson) if cell["id"] != "conventions") / 60


def told_minutes(lesson):
    """The range that a lesson tells: who is quick, and who meets a snag at every third function."""
    first, *_ = texts(lesson)
    (told,) = re.findall(r"^\*Time: (\d+) to (\d+) minutes\.\*$", first, flags=re.MULTILINE)
    return tuple(map(int, told))


def test_reading_level_tells_simple_from_learned():
    simple = "The neuron looks at the numbers. It adds them up. Then it says yes or no."
    learned = (
        "Backpropagation constitutes an instantiation of reverse-mode automatic differentiation, whose computational "
        "complexity is asymptotically equivalent to that of evaluating the corresponding objective."
    )
    assert grade(simple) < 2
    assert grade(learned) > 20


@EACH_LESSON
def test_twelve_year_olds_can_read_the_sentences(lesson):
    assert grade("\n\n".join(texts(lesson))) < 6


@EACH_LESSON
def test_no_sentence_is_long(lesson):
    assert [one for text in texts(lesson) for one in sentences(text) if len(words(one)) > 36] == []


@EACH_LESSON
def test_lesson_tells_how_long_it_takes(lesson):
    least, most = told_minutes(lesson)
    estimate = minutes(lesson)
    assert 0.55 * estimate <= least <= 0.95 * estimate
    assert 1.15 * estimate <= most <= 1.7 * estimate
    assert estimate <= 120


@EACH_LESSON
def test_a_long_lesson_has_a_place_for_a_break_half_way(lesson):
    places, done = [], 0
    for cell in cells(lesson):
        done += seconds(cell) / 60
        if BREAK in "".join(cell["source"]):
            places.append(done / minutes(lesson))
    assert len(places) == (minutes(lesson) > 60)
    assert all(0.35 <= place <= 0.65 for place in places)


@EACH_LESSON
def test_there_is_something_to_do_every_few_paragraphs(lesson):
    """Between one code cell and the next: not more than 300 words of running text, two to four short paragraphs."""
    stretch = 0
    for cell in cells(lesson):
        if (
            cell["cell_type"] == "code" or "nbgrader" in cell["metadata"]
        ):  # or a text of their own, which a person reads
            stretch = 0
        elif cell["id"] not in ("title", "conventions", *CLOSING):
            stretch += sum(len(words(one)) for one in paragraphs("".join(cell["source"])))
            assert stretch <= 300, cell["id"]


@EACH_LESSON
def test_nothing_is_called_easy(lesson):
    """What is called simple and is not understood hurts twice."""
    for text in texts(lesson):
        assert not re.search(r"\b(simply|obviously|clearly|trivial\w*|of course|just do)\b", text, re.IGNORECASE)


# --- spelling


@EACH_LESSON
def test_words_are_spelled_right(lesson):
    found = {
        word.strip("'").lower()
        for text in texts(lesson)
        for word in re.findall(r"[A-Za-zéö]+(?:['’][a-z]+)?", MARKUP.sub(" ", text))
    }
    assert SpellChecker(language="en").unknown(found) - OUR_WORDS == set()


def test_our_words_are_sorted_and_none_is_idle():
    ours = (Path(__file__).parent / "words.txt").read_text().split()
    used = {
        word.strip("'").lower()
        for lesson in COURSE.lessons
        for text in texts(lesson)
        for word in re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", text)
    }
    assert ours == sorted(set(ours))
    assert set(ours) - used == set()


# --- structure


@EACH_LESSON
def test_headings_are_in_order(lesson):
    plain = [re.sub(r"```.*?```", "", text, flags=re.DOTALL) for text in texts(lesson)]
    levels = [len(marks) for text in plain for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


@EACH_LESSON
def test_lesson_goes_from_a_question_to_a_question(lesson):
    first, *_, know, think, answer, following = texts(lesson)
    assert re.search(r"^\*\*.*\?.*\*\*$", first, flags=re.MULTILINE)  # why: a question that the learner cares about
    assert know.startswith("## What you now know\n")
    assert think.startswith("## A question to think about\n")
    assert "?" in think
    assert LOOKED_FOR in answer
    assert following.startswith("## What comes next\n")


@EACH_LESSON
def test_every_lesson_works_something_by_hand_and_names_its_traps(lesson):
    whole = "\n\n".join(texts(lesson))
    assert re.search("by hand", whole, flags=re.IGNORECASE)
    assert re.search(r"\*\*[^*]*(trap|slips|No infinity|Fresh slopes|Shuffle)[^*]*\*\*", whole)


@EACH_LESSON
def test_help_is_offered_once(lesson):
    """A hint to one of the lesson's own questions; the set-up imports what is needed for it."""
    offered = re.findall(r'`hint\("(\w+)"\)`', "\n".join(texts(lesson)))
    assert len(offered) == 1
    assert offered[0] in lesson.functions
    (setup,) = ["".join(cell["source"]) for cell in cells(lesson) if cell["id"] == "setup"]
    face = "check, compare, explain, figures, hint" + ", recall" * ("recall(" in "".join(texts(lesson)))
    assert f"from autograder import {face}" in setup.splitlines()


#: Where each trap that learners meet elsewhere bites: lesson, and words of the passage that teaches it.
TRAPS = [
    ("4-network", "`nn.CrossEntropyLoss` applies softmax itself"),
    ("6-learning-digits", "shares put through softmax a second time give wrong slopes"),
    ("4-network", "`sum(dim=0)` goes down each column"),
    ("5-images-and-scores", "Pixels up to 255 do just that"),
    ("1-neuron", "the result would be a column too, `(2, 1)` in place of `(2,)`"),
    ("2-gradient-descent", "hypotheses are a column `(m, 1)` and labels are flat `(m,)`"),
    ("3-layer", "torch keeps the transpose"),
    ("1-neuron", "hands out the same data with the labels the other way round"),
    ("1-neuron", "Without a bias the neuron fires everywhere"),
]


@pytest.mark.parametrize(("name", "passage"), TRAPS)
def test_trap_is_taught_where_it_bites(name, passage):
    (lesson,) = (one for one in COURSE.lessons if one.name == name)
    assert passage in " ".join("\n".join(texts(lesson)).split())


# --- for readers who can't see pictures, or colours


@EACH_LESSON
def test_every_picture_is_described(lesson):
    for cell in cells(lesson, "solutions"):
        outputs = cell.get("outputs", [])
        for place, output in enumerate(outputs):
            if "image/png" in output.get("data", {}):
                alt = output["metadata"]["image/png"]["alt"]
                assert len(alt) >= 40
                assert alt.endswith(".")
                # For those whose reader shows no `alt`: the same in words, right behind.
                following = "".join(outputs[place + 1]["data"]["text/html"])
                assert "<summary>The picture in words</summary>" in following


@EACH_LESSON
def test_every_picture_has_a_caption_below(lesson):
    following = cells(lesson)[1:]
    for cell, below in zip(cells(lesson), following, strict=False):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "figures." in source and "try_out" not in source:
            assert below["cell_type"] == "markdown"
            assert "*" in "".join(below["source"])


@EACH_LESSON
def test_no_meaning_by_colour_alone(lesson):
    """A sentence that names a colour says in other words, too, what is meant."""
    for text in texts(lesson):
        for sentence in sentences(text):
            if COLOURS.search(sentence):
                assert BESIDE_COLOUR.search(sentence), sentence
