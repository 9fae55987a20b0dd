"""A typical answer is typical, and nobody's: no name of the class, no comment and no telling number is left in it."""

import ast
import string
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course.contents import COURSE
from autograder.instructor.report._answers import typical_answer as answer_of
from autograder.instructor.report._answers import vocabulary

NOBODY = frozenset()
NETWORK = COURSE.find_lesson("4-network")
WRONG = "def softmax(z):\n    {0} = torch.exp(z)\n    return {0} / {0}.sum(dim=0)"


@cache
def words(lesson):
    return vocabulary(lesson, COURSE)


def typical_answer(question, cells, names):
    """As the report asks for it: with the words that anybody may write in the question's lesson."""
    return answer_of(question, cells, names, words(COURSE.find_question(question)[0]))


def test_the_most_usual_form_wins_whatever_its_names_are():
    cells = [WRONG.format(name) for name in ("powers", "e", "my_thing")]
    cells += ["def softmax(z):\n    return torch.softmax(z, 0)"] * 2
    found = typical_answer("softmax", cells, NOBODY)
    assert (found.alike, found.looked_at) == (3, 5)
    assert "torch.exp(z)" in found.source


def test_comments_docstrings_and_remarks_are_gone():
    cell = (
        '# Ada, group 7\ndef softmax(z):\n    """By Ada."""\n    "Ada again"  # and again\n'
        "    if True:\n        'only Ada'\n    return z"
    )
    assert (
        typical_answer("softmax", [cell], NOBODY).source == "def softmax(z):\n    if True:\n        pass\n    return z"
    )


def test_texts_and_long_numbers_are_replaced():
    cell = "def softmax(z):\n    print('Ada', f'by {z} Ada', b'Ada')\n    return z + 20231234 + 1e-12 + 50890"
    found = typical_answer("softmax", [cell], NOBODY).source
    assert "Ada" not in found
    assert found.endswith("return z + a_number + 1e-12 + 50890")


def test_keys_of_the_lesson_stay():
    cell = 'def network_gradients(X, y, params):\n    return {"W1": params["W1"] - X}'
    assert "params['W1']" in typical_answer("network_gradients", [cell], NOBODY).source


def test_a_name_that_one_chose_goes_and_one_that_several_chose_stays():
    alone = typical_answer("softmax", [WRONG.format("zwiebelkuchen")], NOBODY).source
    assert "zwiebelkuchen" not in alone
    assert "v1 / v1.sum(dim=0)" in alone
    assert "zwiebel" in typical_answer("softmax", [WRONG.format("zwiebel")] * 3, NOBODY).source


@pytest.mark.parametrize("name", ["lovelaces_e", "ada", "ada_e", "adaPowers", "e_ADA", "eLovelace2"])
def test_a_name_that_several_chose_goes_if_somebody_is_called_so(name):
    found = typical_answer("softmax", [WRONG.format(name)] * 3, frozenset({"ada", "Lovelace"})).source
    assert name not in found


def test_a_word_that_everybody_writes_stays_though_somebody_is_called_so():
    cell = "def softmax(z):\n    return torch.exp(z - z.max())"
    assert "z.max()" in typical_answer("softmax", [cell], frozenset({"max"})).source


NAMES = st.text(string.ascii_lowercase + "äöüßéłç", min_size=3, max_size=12)


def full_of(name):
    """A cell with a name in all places where one can be."""
    return (
        f"def softmax(z):\n    # {name}\n    import {name} as {name}_np\n    global g_{name}\n"
        f"    def by_{name}({name}, *, {name}2=1):\n        return {name}.{name}({name}={name}2, x='{name}')\n"
        f"    try:\n        pass\n    except Exception as {name}_error:\n        print(f'{{z}} {name}')\n"
        f"    match z:\n        case {{'{name}': 1, **{name}_rest}}:\n            pass\n"
        f"    class {name.title()}: pass\n"
        f"    return by_{name}(z)"
    )


@given(NAMES, st.integers(1, 4))
@example("atc", 1)
def test_whatever_somebody_is_called_the_name_is_not_in_the_answer(name, copies):
    if (
        {name, name.title()} & {*words(NETWORK)}
        or not name.isidentifier()
        or name in ("def", "for", "not", "and", "try")
    ):
        return
    try:
        ast.parse(full_of(name))
    except SyntaxError:  # a keyword
        return
    # `not` is in `not_attempted`, `pas` in `pass`: what the answer has anyway says nothing.
    anyway = typical_answer("softmax", [full_of("qqqqqqqqqqqqq")], NOBODY).source
    found = typical_answer("softmax", [full_of(name)] * copies, frozenset({name})).source.casefold()
    assert found.count(name.casefold()) == anyway.casefold().count(name.casefold())


@pytest.mark.parametrize(
    "cell",
    ["", "def softmax(z):\n    return (", "def other(z):\n    return z", "softmax = 1", "x" * 10_000, "\0", "\ud800"],
)
def test_what_cannot_be_read_is_no_answer(cell):
    assert typical_answer("softmax", [cell], NOBODY) is None


@pytest.mark.parametrize("deep", ["-" * 900 + "1", "+".join("1" * 900), "[" * 150 + "]" * 150, "z" + ".T" * 900])
def test_what_was_nested_to_be_tiresome_is_no_answer(deep):
    assert typical_answer("softmax", [f"def softmax(z):\n    return {deep}"], NOBODY) is None


def test_the_answer_is_a_function_still():
    cell = "def softmax(z):\n    total = 0\n    for row in z:\n        total += row.sum()\n    return z / total"
    (definition,) = ast.parse(typical_answer("softmax", [cell], NOBODY).source).body
    assert definition.name == "softmax"


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_lesson_has_words_of_its_own(lesson):
    assert {"torch", "sum", "len", *lesson.functions} <= words(lesson)
