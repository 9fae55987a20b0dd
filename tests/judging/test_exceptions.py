"""Plain sentences beside Python's: each exception is really raised, by Python and torch as they are installed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace
from autograder.judging.exceptions import EXPLAINED, explain
from autograder.judging.outcomes import Raised, TestCall

NAMES = "import math\nimport torch\nX, W, v = torch.ones(4, 3), torch.ones(4, 2), torch.ones(2)\n"

#: Code in the body of a function, and a part of what is said of it.
SAID = [
    ("return sotfmax(z)", "Nothing here is called `sotfmax`. Did you mean `softmax`?"),
    ("return forward(z)", "`forward` is a function of this lesson that is not written yet"),
    ("return torhc.exp(z)", "Did you mean `torch`?"),
    ("return Z.exp()", "Capital and small letters differ in Python: did you mean `z`?"),
    ("return np.exp(z)", "`np` is not known here. `import numpy as np` brings it; has that line been run?"),
    ("return none", "Python writes `None`"),
    ("return sigmoid(z)", "Nothing here is called `sigmoid`, but there is `torch.sigmoid`."),
    ("new_theta = z; return newtheta", "Nothing here is called `newtheta`. Did you mean `new_theta`?"),
    ("return exp(z)", "Nothing here is called `exp`, but there is `torch.exp`."),
    ("return (z - 1) ^ 2", "In Python `^` is no power: that is `**`."),
    ("return 2.0 ^ 2", "In Python `^` is no power: that is `**`."),
    ("return torch.zeros(z, 3)", "If that is `torch.zeros`: not everything between its brackets is of a kind"),
    ("return logits_of_mine", "Is it spelt right, and is it made before this line?"),
    ("total = total + 1", "`total` is used before this function has given it a value."),
    ("return torch.sotfmax(z, dim=1)", "`torch` has nothing called `sotfmax`. Did you mean `torch.softmax`?"),
    ("return math.expp(1)", "`math` has nothing called `expp`."),
    ("return z.summ()", "A tensor has no `.summ`. Did you mean `.sum`?"),
    ("return None.exp()", "What stands before `.exp` is None."),
    ("return {'W1': 1}.W1", "A dict has no `.W1`. What it holds is reached by a key in square brackets."),
    ("import numpy; return numpy.zeros(3, 4)", "Several sizes go into round brackets of their own"),
    ("return z.weight", "A tensor has no `.weight`."),
    ("return [1.0].exp()", "What stands before `.exp` is no tensor but a Python list"),
    ("return {'W1': 1}['W3']", "The dict has no key 'W3'."),
    ("import skipy", "The package `skipy` is not installed where this runs."),
    ("return X(1)", "Round brackets stand right behind a value (a Tensor)"),
    ("return X.shape()", "Round brackets stand right behind a value (a Size)"),
    ("nothing = None; return nothing[0]", "A value is None there."),
    ("a, b = None", "A value is None there."),
    ("return None + X", "What stands on the left of `+` is None."),
    ("return X @ None", "What stands on the right of `@` is None."),
    ("return X - [1, 2]", "`-` does not mix a tensor with a list or a tuple"),
    ("if X > 0: return 1", "`if`, `while`, `and`, `or` and `not` want one True or False"),
    ("return X > 0 and X < 1", "`if`, `while`, `and`, `or` and `not` want one True or False"),
    ("return float(X)", "One Python number is wanted here"),
    ("return X.item()", "One Python number is wanted here"),
    ("return math.exp(X)", "What `math` does to one number, torch's functions do to every entry"),
    ("return torch.exp(1.0)", "`torch.exp` works on tensors, and a Python float came."),
    ("return range(3 / 1)", "`//` gives a whole number"),
    ("return torch.zeros(4 / 2)", "`//` gives a whole number"),
    ("return [x for x in torch.tensor(1)]", "That tensor is a single number"),
    ("return len(torch.tensor(1))", "That tensor is a single number"),
    ("return sum(5)", "A single Python number (int) is not a list"),
    ("return X @ W", "the left one has shape (4, 3), the right one (4, 2): 3 is not 4."),
    ("return X @ v", "the left one has shape (4, 3), the right one (2,): 3 is not 2."),
    ("return v @ X[0]", "one with 2 entries, one with 3"),
    ("return torch.dot(X, v)", "here one has 2 and the other 1 dimensions"),
    ("return torch.tensor(1.0) @ v", "one side is a single number"),
    ("return X + v", "along dimension 1 one has 3 entries, the other 2"),
    ("return X.reshape(5, 3)", "The tensor has 12 numbers, and shape [5, 3] has room for another count."),
    ("return torch.stack([v, X[0]])", "one has [2] and another [3]"),
    ("return torch.stack(X, W)", "square brackets around them"),
    ("return v.sum(dim=1)", "The tensor has 1 dimension, counted from 0, so there is no 1."),
    ("return X.sum(dim=2)", "The tensor has 2 dimensions, counted from 0, so there is no 2."),
    ("return X[4]", "with a size of 4 the last one is 3"),
    ("return torch.zeros(0)[0]", "That dimension is empty"),
    ("return [1, 2][2]", "The list is shorter than that."),
    ("return v[0, 1]", "than the tensor has dimensions, which is 1"),
    ("return torch.tensor(1.0)[0]", "there are no places in it"),
    ("return X[torch.tensor([0.5])]", "Places are whole numbers"),
    ("a, b = X", "2 names stand on the left of `=`"),
    ("a, b, c = v", "3 names stand on the left of `=`"),
    ("return X.double() @ X.T", "here one holds double and the other float"),
    ("return torch.tensor([1, 2]).mean()", "A mean may be a fraction, and this tensor (Long) holds none."),
    ("return torch.tensor([1, 2]).add_(0.5)", "A tensor of dtype Long cannot take fractions"),
    ("return 1 - (X > 0)", "True and False cannot be subtracted"),
    ("return torch.nn.functional.one_hot(v, 3)", "Labels must be whole numbers"),
    ("return 1 / 0", "Something is divided by 0."),
    ("return math.exp(1000)", "too large for a float"),
    ("return 2.0 ** 5000", "too large for a float"),
    ("return math.log(0)", "There is no such number"),
    ("X.sum().backward()", "torch has not kept track"),
    ("return torch.ones(2, requires_grad=True).add_(1)", "cannot be changed in place"),
    ("return torch.ones(2, requires_grad=True).numpy()", "`.detach()` lets go of them"),
    ("return softmax(z)", "Does your function call itself?"),
]


def explained(outcome, name="softmax"):
    """What is said of an exception that a call of that function of lesson 4 ended in."""
    return explain(outcome, TestCall(name, (), outcome, COURSE.find_lesson("4-network")))


def raised_by(typed, code, parameters="z"):
    names = typed(NAMES, f"def softmax({parameters}):\n    {code}\n")
    outcome = Namespace(names).call("softmax", (names["X"],), 10.0)
    assert isinstance(outcome, Raised), outcome
    return outcome


@pytest.mark.parametrize(("code", "part"), SAID, ids=[code for code, _ in SAID])
def test_common_exceptions_are_explained(typed, code, part):
    assert part in explained(raised_by(typed, code))


def test_every_explanation_is_of_something_that_happens(typed):
    outcomes = [raised_by(typed, code) for code, _ in SAID]
    outcomes += [raised_by(typed, "return z", parameters) for parameters in ("", "z, dim")]
    for kinds, pattern, _ in EXPLAINED:
        assert any(each.type_name in kinds.split() and re.search(pattern, each.text) for each in outcomes), pattern


@pytest.mark.parametrize("parameters", ["", "z, dim"])
def test_def_line_that_takes_something_else_is_told(typed, parameters):
    assert explained(raised_by(typed, "return z", parameters)) == (
        "The lesson calls it as `softmax(z)`: your `def` line must take the same."
    )


def test_function_in_the_place_of_a_value_is_told(typed):
    outcome = Namespace(typed("def exactly_one(x1, x2):\n    return x1\n")).call("exactly_one", (), 10.0)
    call = TestCall("exactly_one", (), outcome, COURSE.find_question("exactly_one")[0])
    assert explain(outcome, call) == ("What is asked for is a value and no function: `exactly_one = …`, without `def`.")


def test_students_own_call_with_too_few_values_is_not_blamed_on_the_def_line(typed):
    names = typed("def helper(a, b):\n    return a\n\ndef softmax(z):\n    return helper(z)\n")
    outcome = Namespace(names).call("softmax", (1.0,), 10.0)
    assert explained(outcome) == ""


@pytest.mark.parametrize(
    "outcome",
    [Raised("ValueError", "my own complaint"), Raised("Odd", "division by zero"), Raised("KeyError", "3")],
)
def test_where_nothing_is_certain_nothing_is_said(outcome):
    assert explained(outcome) == ""


@given(
    kind=st.sampled_from(sorted({kind for kinds, *_ in EXPLAINED for kind in kinds.split()})),
    text=st.one_of(
        st.text(max_size=200),
        *(st.from_regex(pattern) for _, pattern, _ in EXPLAINED if pattern),
    ),
    line=st.text(max_size=40),
    name=st.sampled_from(["softmax", "of another lesson"]),
)
def test_whatever_an_exception_says_the_sentence_is_short(kind, text, line, name):
    assert len(explained(Raised(kind, text[:500], line), name)) < 400
