"""One call of a student's function: what comes back, and the student's own line where nothing does."""

import sys
import warnings

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.course.functions import bowl
from autograder.judging.calling import Namespace
from autograder.judging.outcomes import Missing, Raised, Returned
from autograder.notebooks.reading import read_notebook
from autograder.notebooks.text import MAX_TEXT

STUB = '''def softmax(z):
    """Turn each row of scores into shares."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''


# --- what comes back


def test_result_comes_back_plain(call):
    source = "import torch\ndef double(w):\n    return (2 * w).requires_grad_()"
    outcome = call(source, "double", torch.tensor([1.0]))
    assert isinstance(outcome, Returned)
    assert outcome.value.tolist() == [2.0]
    assert not outcome.value.requires_grad
    assert outcome.arguments is None


def test_helpers_of_other_cells_are_there(call):
    cells = ["def half(x):\n    return x / 2", "def quarter(x):\n    return half(half(x))"]
    assert call(cells, "quarter", 8) == Returned(2)


def test_functions_can_be_arguments(call):
    assert call("def at(f, w):\n    return f(w)", "at", bowl, torch.tensor([3.0, 4.0])).value.item() == 25


def test_no_such_function_is_missing(call):
    assert call("x = 1", "softmax") == Missing()


def test_what_is_not_a_function_is_missing_and_named(call):
    assert call("softmax = [1, 2]", "softmax", 1) == Missing("`softmax` is not a function but list")


def test_a_value_is_the_result_where_nothing_is_handed_over(call):
    assert call("examples = [(1, 2.5), {'a': 'b'}]", "examples") == Returned([(1, 2.5), {"a": "b"}])
    assert call("def examples():\n    return [1]", "examples") == Returned([1])
    outcome = call("import torch\nexamples = [torch.ones(2)]", "examples")
    assert torch.equal(outcome.value[0], torch.ones(2))


@pytest.mark.parametrize("nothing", ["None", "..."])
def test_a_value_that_is_none_was_not_given_yet(call, nothing):
    assert call(f"examples = {nothing}", "examples") == Missing("`examples` has no value yet")
    assert call("", "examples") == Missing()


def test_a_value_is_handed_over_as_plain_parts(call):
    """What lies about its parts is read once, by what it really holds; what is no value is named."""
    lying = "class Liar(list):\n    __len__ = lambda self: 0\n    __eq__ = lambda self, other: True\nx = Liar([1, 2])"
    assert call(lying, "x") == Returned([1, 2])
    (part,) = call("x = [object()]", "x").value
    assert part.type_name == "object"


# --- exceptions


def test_exception_comes_with_the_line_that_raised(call):
    outcome = call("def share(a, b):\n    c = a + b\n    return a / (c - c)", "share", 1, 2)
    assert outcome == Raised("ZeroDivisionError", "division by zero", "return a / (c - c)", 3, False, "share")


def test_exception_deep_in_a_library_shows_the_students_line(call):
    source = "import torch\n\ndef linear(X, W):\n    # rows times columns\n    return torch.stack([X @ W])"
    outcome = call(source, "linear", torch.ones(2, 3), torch.ones(2, 3))
    assert outcome.type_name == "RuntimeError"
    assert (outcome.line, outcome.line_number) == ("return torch.stack([X @ W])", 5)


def test_exception_in_a_helper_shows_the_helpers_line(call):
    helper = "def helper(x):\n    return x.nonsense"
    outcome = call([helper, "def predict(x):\n    return helper(x)"], "predict", 1)
    assert (outcome.line, outcome.line_number, outcome.where) == ("return x.nonsense", 2, "helper")


def test_exception_in_a_function_handed_in_shows_the_students_line(call):
    outcome = call("def at(f, w):\n    return f(w)", "at", bowl, "not a tensor")
    assert (outcome.type_name, outcome.line) == ("TypeError", "return f(w)")


def test_lambda_has_no_name_to_show(call):
    outcome = call("sigmoid = lambda z: z / 0", "sigmoid", 1)
    assert (outcome.line, outcome.where) == ("sigmoid = lambda z: z / 0", "")


def test_wrong_number_of_parameters_needs_no_line(call):
    outcome = call("def sigmoid():\n    return 1", "sigmoid", 1)
    assert outcome.type_name == "TypeError"
    assert "takes 0 positional arguments but 1 was given" in outcome.text
    assert outcome.line == ""


def test_syntax_error_shows_the_text_that_does_not_parse(call):
    outcome = call("def area(r):\n    return eval('3 *')", "area", 1)
    assert outcome == Raised("SyntaxError", "invalid syntax", "3 *", 1)


def test_endless_recursion_is_an_exception(call):
    outcome = call("def down(n):\n    return down(n - 1)", "down", 1)
    assert (outcome.type_name, outcome.line) == ("RecursionError", "return down(n - 1)")


@pytest.mark.parametrize("way", ["exit()", "quit()", "import sys; sys.exit(3)"])
def test_leaving_is_an_exception_like_any_other(call, way):
    source = f"from builtins import exit, quit\ndef leave():\n    {way}"
    assert call(source, "leave").type_name == "SystemExit"


def test_interrupt_from_the_keyboard_is_not_the_functions_business(call):
    with pytest.raises(KeyboardInterrupt):
        call("def wait():\n    raise KeyboardInterrupt", "wait")


@pytest.mark.parametrize(
    ("raise_it", "text"),
    [
        ("raise ValueError('x' * 10_000)", "x" * MAX_TEXT),
        ("raise ValueError('\\ud800')", "?"),
        ("raise Wordless()", ""),
        ("raise SyntaxError(5)", "5"),
        ("raise SyntaxError('odd', ('file', 'line', 1, 5))", "odd"),
    ],
)
def test_odd_exceptions_are_described_in_short_plain_text(call, raise_it, text):
    wordless = "class Wordless(Exception):\n    def __str__(self):\n        raise RuntimeError"
    outcome = call([wordless, f"def odd():\n    {raise_it}"], "odd")
    assert isinstance(outcome, Raised)
    assert outcome.text == text
    assert all(isinstance(field, str) for field in (outcome.type_name, outcome.text, outcome.line, outcome.where))
    assert isinstance(outcome.line_number, int)


# --- stubs


def test_stub_as_released_is_untouched(call):
    outcome = call(STUB, "softmax", torch.ones(1, 2))
    assert (outcome.type_name, outcome.untouched, outcome.where) == ("NotImplementedError", True, "softmax")


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_stub_that_nbgrader_leaves_is_untouched(lesson, typed):
    cells = read_notebook(lesson.notebook(COURSE.home / "assignments")).cells
    functions = Namespace(typed(*(cell.source for cell in cells if cell.is_answer)))
    for question in lesson.questions:
        if question.signature:
            outcome = functions.call(question.name, (None,) * len(question.parameters), 5.0)
            if question.is_value:
                assert outcome == Missing(f"`{question.name}` has no value yet")
                continue
            assert (outcome.untouched, outcome.where) == (True, question.name)


def test_stub_that_another_function_calls_is_named(call):
    outcome = call([STUB, "def forward(X):\n    return softmax(X)"], "forward", torch.ones(1, 2))
    assert (outcome.untouched, outcome.where) == (True, "softmax")


@pytest.mark.parametrize(
    "body",
    [
        "e = 2 * z\n    raise NotImplementedError()",
        "raise NotImplementedError('to do')",
        "raise NotImplementedError",
        "if z is not None:\n        raise NotImplementedError()",
    ],
)
def test_code_beside_the_raise_is_an_attempt(call, body):
    outcome = call(f"def softmax(z):\n    {body}", "softmax", 1)
    assert (outcome.type_name, outcome.untouched) == ("NotImplementedError", False)


# --- prints, warnings, arguments


def test_prints_and_warnings_are_swallowed(call, capfd):
    source = (
        "import sys, warnings\ndef noisy():\n    print('out')\n    print('err', file=sys.stderr)\n"
        "    warnings.warn('old')\n    return 7"
    )
    with warnings.catch_warnings(record=True) as seen:
        assert call(source, "noisy") == Returned(7)
    assert seen == []
    assert capfd.readouterr() == ("", "")


def test_streams_and_filters_are_put_back_after_an_exception(call):
    before = sys.stdout, sys.stderr, warnings.filters[:]
    call("import warnings\ndef f():\n    warnings.simplefilter('ignore')\n    1 / 0", "f")
    assert (sys.stdout, sys.stderr, warnings.filters[:]) == before


SPOIL = """
def spoil(w, params, ws):
    w += 1
    params["W1"].zero_()
    params["b1"] = 5
    ws.append(3)
    return w
"""


def spoilable():
    return torch.zeros(2), {"W1": torch.ones(2)}, [torch.ones(1)]


def test_arguments_are_not_the_callers_own(call):
    w, params, ws = spoilable()
    assert call(SPOIL, "spoil", w, params, ws).value.tolist() == [1, 1]
    assert w.tolist() == [0, 0]
    assert params["W1"].tolist() == [1, 1]
    assert list(params) == ["W1"]
    assert len(ws) == 1


def test_arguments_afterwards_can_be_kept(call):
    w, params, ws = call(SPOIL, "spoil", *spoilable(), keep_arguments=True).arguments
    assert w.tolist() == [1, 1]
    assert params["W1"].tolist() == [0, 0]
    assert params["b1"] == 5
    assert ws[1] == 3


def test_result_and_arguments_afterwards_share_no_memory(call):
    value, (argument,), _ = call("def same(w):\n    return w", "same", torch.zeros(2), keep_arguments=True)
    value += 1
    assert argument.tolist() == [0, 0]


def test_argument_that_misbehaves_afterwards_is_an_exception_and_no_more(call):
    source = (
        "class Odd(dict):\n    def items(self):\n        raise ValueError('odd')\n"
        "def f(ws):\n    ws.append(Odd())\n    return 1"
    )
    outcome = call(source, "f", [1], keep_arguments=True)
    assert (outcome.type_name, outcome.text) == ("ValueError", "odd")
