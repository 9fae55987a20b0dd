"""Which later line makes another function of a function, and which does not."""

import numpy as np
import pytest
import torch

from autograder.judging.standing import first_change, standing

NOTEBOOK = """
import functools, torch
rate = 0.5
names = ["a"]
kept = {"on": True}
start = torch.zeros(2)
def helper(z):
    return z * rate
def decorated(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)
    return inner
class Tool:
    def work(self, z):
        return helper(z)
tool = Tool()
@decorated
def softmax(z):
    return tool.work(torch.exp(z)) + len(names) + kept["on"] + start
"""


@pytest.fixture
def notebook():
    names = {"__name__": "__main__"}
    exec(NOTEBOOK, names)
    return names


@pytest.fixture(autouse=True)
def settings():
    yield
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    np.seterr(over="warn")


def change(names, source):
    was = standing("softmax", names)
    exec(source, names)
    return first_change(was, names)


def test_what_a_function_reads(notebook):
    reads = set(standing("softmax", notebook).reads)
    assert reads >= {"softmax", "tool", "helper", "torch", "names", "kept", "start", "rate", "len"}
    assert "decorated" not in reads


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("softmax = 3", "softmax"),
        ("del softmax", "softmax"),
        ("def softmax(z): return z", "softmax"),
        ("for softmax in range(2): pass", "softmax"),
        ("torch = 'a text'", "torch"),
        ("def helper(z): return z", "helper"),
        ("class Tool: pass\ntool = Tool()", "tool"),
        ("rate = 0.25", "rate"),
        ("len = 3", "len"),
        ("names.append('b')", "names"),
        ("kept['on'] = False", "kept"),
        ("start += 1", "start"),
        ("torch.set_default_dtype(torch.float64)", "torch.get_default_dtype()"),
        ("torch.set_grad_enabled(False)", "torch.is_grad_enabled()"),
        ("import numpy\nnumpy.seterr(over='raise')", "np.geterr()"),
    ],
)
def test_what_makes_another_function_of_it(notebook, source, expected):
    assert change(notebook, source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "other = 3",
        "def other(z): return z",
        "rate = 0.5",
        "def helper(z):\n    return z * rate",
        "z = torch.ones(3)",
        "torch.manual_seed(3)",
        "softmax(torch.ones(2))",
    ],
)
def test_what_leaves_it_as_it_is(notebook, source):
    assert change(notebook, source) is None


def test_nothing_is_asked_of_an_object_of_the_students(notebook):
    trap = "class Trap:\n    def __getattribute__(self, name): raise SystemExit(name)\n"
    trap += "    def __eq__(self, other): raise SystemExit('eq')\nhelper = Trap()\ntool.other = Trap()"
    exec(trap, notebook)
    assert change(notebook, "rate = 1") is None
    assert change(notebook, "helper = Trap()") == "helper"
