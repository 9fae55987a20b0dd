"""A cell that needs a learner's function says so, and never turns red because of it."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from autograder.course.guard import CannotDraw, as_tensor, kindly, like, parts_of, result_of, show_message

STUB = '''def sigmoid(z):
    """Bend."""
    raise NotImplementedError()
'''


@kindly
def show(function: Callable, *arguments):
    return result_of(function, *(arguments or (torch.zeros(3),)), shape=(3,))


def test_answer_of_a_right_function_comes_through():
    assert torch.equal(show(torch.sigmoid), torch.full((3,), 0.5))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (STUB, "This cell needs your `sigmoid`. Write it above, run it, then run this cell again."),
        (
            "def sigmoid(z):\n    a = 1 / (1 + z)\n    raise NotImplementedError()",
            "Not yet: your `sigmoid` ran into `raise NotImplementedError()`. "
            "Remove that line once your own code stands above it.",
        ),
        (
            "def sigmoid(z):\n    return 1 / (1 + math.exp(-z))",
            "Not yet: your `sigmoid` stopped with NameError: name 'math' is not defined\n"
            "Your line: return 1 / (1 + math.exp(-z))",
        ),
        ("def sigmoid(z):\n    1 / (1 + z)", "Not yet: `sigmoid` returned None. Did you forget `return`?"),
        ("def sigmoid(z):\n    return 'half'", "Not yet: `sigmoid` returned a str, not a tensor."),
        (
            "def sigmoid(z):\n    return z.sum()",
            "Not yet: `sigmoid` returned shape (), and shape (3,) was expected.",
        ),
        ("def sigmoid(z):\n    return z / 0", "Not yet: `sigmoid` returned no number, only nan or inf."),
        (
            "def sigmoid(z):\n    return z * 1j",
            "Not yet: `sigmoid` returned complex numbers. Is there a root of something below 0?",
        ),
        (
            "def sigmoid():\n    return 0.5",
            "Not yet: your `sigmoid` could not be called: sigmoid() takes 0 positional arguments but 1 was given",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(capsys, typed, source, said):
    assert show(typed(source)["sigmoid"]) is None
    assert capsys.readouterr().out == said + "\n"


def test_stub_behind_another_function_is_named(capsys, typed):
    names = typed(STUB, "def mine(z):\n    return sigmoid(z)")
    assert show(names["mine"]) is None
    assert "needs your `sigmoid`" in capsys.readouterr().out


def test_all_that_is_missing_is_named(capsys, typed):
    names = typed(STUB, "def predict(z):\n    raise NotImplementedError()")

    @kindly
    def both(sigmoid: Callable, predict: Callable):
        return result_of(sigmoid, torch.zeros(3))

    assert both(names["sigmoid"], names["predict"]) is None
    said = "This cell needs your `sigmoid` and `predict`. Write them above, run them, then run this cell again.\n"
    assert capsys.readouterr().out == said


def test_error_in_what_is_done_with_an_answer_is_no_traceback(capsys, typed):
    @kindly
    def divide(function: Callable):
        return 1 // int(result_of(function, torch.zeros(3)).sum())

    assert divide(typed("def sigmoid(z):\n    return z")["sigmoid"]) is None
    assert capsys.readouterr().out.startswith(
        "Not yet: what your `sigmoid` returned can't be shown here. ZeroDivisionError: "
    )


def test_name_that_was_used_for_something_else(capsys):
    assert show(torch.tensor(0.3)) is None
    assert "This cell needs a function for `function` and got a Tensor." in capsys.readouterr().out


def test_our_own_errors_are_raised():
    @kindly
    def broken(X: torch.Tensor):
        return X.no_such_thing

    with pytest.raises(AttributeError):
        broken(torch.zeros(2))


def test_what_cannot_be_drawn_is_said_also_where_no_function_was_given(capsys):
    @kindly
    def broken():
        raise CannotDraw("the cost is not a number.")

    assert broken() is None
    assert capsys.readouterr().out == "Not yet: the cost is not a number.\n"


def test_in_a_notebook_a_sentence_is_said_once_a_cell(monkeypatch):
    class Shell:
        kernel = object()
        execution_count = 1

    shown = []
    monkeypatch.setattr("IPython.get_ipython", Shell)
    monkeypatch.setattr("IPython.display.display", shown.append)
    show_message("Write `f`.")
    show_message("Write `f`.")
    show_message("Write `f`.", "x < 1")
    Shell.execution_count = 2
    show_message("Write `f`.")
    assert [repr(note) for note in shown] == ["Write `f`.", "Write `f`.\nYour line: x < 1", "Write `f`."]
    assert "Write <code>f</code>." in shown[0]._repr_html_()
    assert "<code>x &lt; 1</code>" in shown[1]._repr_html_()


def test_gradient_is_left_behind():
    assert not as_tensor(torch.ones(2, requires_grad=True), "f").requires_grad


@pytest.mark.parametrize("answer", [np.ones(2), [1.0, 1.0], (1, 1)])
def test_what_can_be_read_as_a_tensor_is_read(answer):
    assert as_tensor(answer, "f", (2,)).tolist() == [1, 1]


@pytest.mark.parametrize("answer", [None, 3, (1,), (1, 2, 3)])
def test_parts_must_be_as_many_as_asked(answer):
    with pytest.raises(CannotDraw, match="`f` should return 2 results"):
        parts_of(answer, 2, "f")


def test_parts_come_as_they_are():
    assert parts_of([1, 2], 2, "f") == (1, 2)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "`f` returned None"),
        ([1], "a dict with the keys W, b"),
        ({"W": torch.ones(2, 3)}, "a dict with the keys W, b"),
        ({"W": torch.ones(3, 2), "b": torch.ones(3)}, r"`f\(\.\.\.\)\['W'\]` returned shape \(3, 2\)"),
    ],
)
def test_params_must_have_keys_and_shapes(answer, said):
    with pytest.raises(CannotDraw, match=said):
        like(answer, {"W": torch.zeros(2, 3), "b": torch.zeros(3)}, "f")


def test_params_come_as_float32():
    read = like({"b": torch.ones(3, dtype=torch.float64)}, {"b": torch.zeros(3)}, "f")
    assert read["b"].dtype == torch.float32
