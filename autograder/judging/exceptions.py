"""What a common exception means, in a plain sentence beside Python's own.

Only what follows from the exception's own text is said, so that it is true whatever the student wrote; where nothing
certain can be said, nothing is. The texts are those of Python 3.11 and later and of torch 2.6 and later.
"""

import builtins
import difflib
import re
from collections.abc import Callable, Iterable

import torch

from autograder.judging.outcomes import Raised, TestCall

__all__ = ["EXPLAINED", "explain"]

_Sentence = str | Callable[[re.Match[str], Raised, TestCall], str]

#: A name, short enough to be repeated in a sentence.
_NAME = r"[^\W\d]\w{0,39}"

#: What a name that is not defined usually stands for, and the line that brings it.
_IMPORTS = {
    "torch": "import torch",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "math": "import math",
    "random": "import random",
    "plt": "import matplotlib.pyplot as plt",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
}
_CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None"}


def explain(outcome: Raised, call: TestCall) -> str:
    """What the exception means, or an empty string where that cannot be said for certain.

    Args:
        outcome: the exception as `autograder.judging.calling.raised` describes it.
        call: what was called: the student may have meant its parameters, or other functions of the lesson.
    """
    for kinds, pattern, sentence in EXPLAINED:
        if outcome.type_name in kinds.split():
            found = re.search(pattern, outcome.text)
            if found:
                return found.expand(sentence) if isinstance(sentence, str) else sentence(found, outcome, call)
    return ""


def _unknown_name(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    name = found["name"]
    if name in _IMPORTS:
        return f"`{name}` is not known here. `{_IMPORTS[name]}` brings it; has that line been run?"
    if name in _CONSTANTS:
        return f"Python writes `{_CONSTANTS[name]}`, with a capital letter."
    question = call.lesson.find(call.name)
    parameters = question.parameters if question else ()
    for parameter in parameters:
        if parameter.lower() == name.lower():
            return f"Capital and small letters differ in Python: did you mean `{parameter}`?"
    functions = call.lesson.functions
    if name in functions:
        return f"`{name}` is a function of this lesson that is not written yet, or its cell has not been run."
    if callable(getattr(torch, name, None)):
        return f"Nothing here is called `{name}`, but there is `torch.{name}`."
    # A name that the student has made is what is meant before any of ours.
    near = found["near"] or _nearest(name, (*parameters, *functions, *_IMPORTS, *dir(builtins)))
    if near:
        return f"Nothing here is called `{name}`. Did you mean `{near}`?"
    return f"Nothing here is called `{name}`. Is it spelt right, and is it made before this line?"


def _unknown_in_module(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    module, name = found["module"], found["name"]
    near = _nearest(name, dir(torch)) if module == "torch" else ""
    return f"`{module}` has nothing called `{name}`." + (f" Did you mean `{module}.{near}`?" if near else "")


def _unknown_in_value(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    kind, name = found["kind"], found["name"]
    if kind == "NoneType":
        return f"What stands before `.{name}` is None. Does whatever made it `return` something?"
    if kind == "Tensor":
        near = _nearest(name, dir(torch.Tensor))
        return f"A tensor has no `.{name}`." + (f" Did you mean `.{near}`?" if near else "")
    if kind == "dict":
        return f"A dict has no `.{name}`. What it holds is reached by a key in square brackets."
    if hasattr(torch.Tensor, name):
        return f"What stands before `.{name}` is no tensor but a Python {kind}, which has no `.{name}`."
    return ""


def _wrong_number_given(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    question = call.lesson.find(call.name)
    if outcome.line or question is None or found["function"] != call.name:
        name = found["function"]
        if callable(getattr(torch, name, None)):
            return (
                f"If that is `torch.{name}`: not everything between its brackets is of a kind that it takes. Sizes, "
                "for example, are whole numbers, and no tensors."
            )
        return ""  # a call of the student's own, which Python's sentence names well enough
    if question.is_value:
        return f"What is asked for is a value and no function: `{question.name} = …`, without `def`."
    return f"The lesson calls it as `{question.signature}`: your `def` line must take the same."


def _product_of_shapes(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    left, right = (tuple(int(n) for n in found[side].split("x")) for side in ("left", "right"))
    return (
        f"A product such as `@` needs as many columns on the left as rows on the right. Here the left one has shape "
        f"{left}, the right one {right}: {left[-1]} is not {right[0]}."
    )


def _operands(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    sign, kinds = found["sign"], (found["one"], found["other"])
    if "NoneType" in kinds:
        side = "left" if kinds[0] == "NoneType" else "right"
        return f"What stands on the {side} of `{sign}` is None. Does whatever made it `return` something?"
    if "Tensor" in kinds and {"list", "tuple"} & set(kinds):
        return f"`{sign}` does not mix a tensor with a list or a tuple: torch.tensor(…) makes a tensor of one."
    return ""


def _last_place(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    size = int(found["size"])
    if size == 0:
        return "That dimension is empty: it has no place at all."
    return f"Places are counted from 0: with a size of {size} the last one is {size - 1}."


def _dimensions(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    count = int(found["last"]) + 1
    return (
        f"The tensor has {count} dimension{'s' if count > 1 else ''}, counted from 0, so there is no {found['asked']}. "
        "Which shape has it at this line?"
    )


def _conversion(found: re.Match[str], outcome: Raised, call: TestCall) -> str:
    says = "One Python number is wanted here, and a tensor that holds more than one came."
    if "math." in outcome.line:
        says += " What `math` does to one number, torch's functions do to every entry of a tensor."
    return says


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, one with the same first letter if there is any; empty if none is near."""
    words = [word for word in known if not word.startswith("_")]
    near = difflib.get_close_matches(name, words, 5, cutoff=0.72)
    return next((word for word in near if word[0] == name[0]), near[0] if near else "")


#: Names of exceptions, a part of their text, and what it means.
EXPLAINED: tuple[tuple[str, str, _Sentence], ...] = (
    # --- names
    (
        "UnboundLocalError",
        rf"local variable '({_NAME})'",
        r"`\1` is used before this function has given it a value. Is it set on every way through, or only inside an "
        r"`if` or a loop?",
    ),
    (
        "NameError",
        rf"^name '(?P<name>{_NAME})' is not defined(?:\. Did you mean: '(?P<near>{_NAME})'\?)?",
        _unknown_name,
    ),
    (
        "AttributeError",
        rf"^module '(?P<module>[\w.]{{1,40}})' has no attribute '(?P<name>{_NAME})'",
        _unknown_in_module,
    ),
    ("AttributeError", rf"^'(?P<kind>{_NAME})' object has no attribute '(?P<name>{_NAME})'", _unknown_in_value),
    ("KeyError", r"^('\w{1,40}')$", r"The dict has no key \1. Which keys has it?"),
    (
        "ModuleNotFoundError",
        r"^No module named '([\w.]{1,40})'",
        r"The package `\1` is not installed where this runs. What the lesson imports is enough.",
    ),
    # --- calls
    ("TypeError", rf"^(?P<function>{_NAME})\(\) missing \d+ required positional argument", _wrong_number_given),
    (
        "TypeError",
        rf"^(?P<function>{_NAME})\(\) takes (from )?\d+ (to \d+ )?positional arguments? but \d+ (was|were) given",
        _wrong_number_given,
    ),
    (
        "TypeError",
        rf"^'(?:torch\.)?({_NAME})' object is not callable",
        r"Round brackets stand right behind a value (a \1), as if it were a function. Is a `*` missing, or are square "
        r"brackets meant? Or has a variable taken a function's name?",
    ),
    (
        "NotImplementedError RuntimeError TypeError",
        r"bitwise_xor|for \^: ",
        "In Python `^` is no power: that is `**`.",
    ),
    (
        "TypeError",
        r"^Cannot interpret '\d{1,9}' as a data type",
        "numpy takes what stands second for a dtype. Several sizes go into round brackets of their own: `((3, 4))`.",
    ),
    # --- None
    (
        "TypeError",
        r"^'NoneType' object is not (subscriptable|iterable)|cannot unpack non-iterable NoneType",
        r"A value is None there. Does whatever made it `return` something?",
    ),
    (
        "TypeError",
        rf"^unsupported operand type\(s\) for (?P<sign>\S{{1,3}}): '(?P<one>{_NAME})' and '(?P<other>{_NAME})'",
        _operands,
    ),
    # --- one number or many
    (
        "RuntimeError",
        r"^Boolean value of Tensor with more than one value is ambiguous",
        "`if`, `while`, `and`, `or` and `not` want one True or False, and this tensor holds many. What should happen "
        "to each entry?",
    ),
    ("ValueError", r"^only one element tensors can be converted to Python scalars", _conversion),
    ("RuntimeError", r"^a Tensor with \d+ elements cannot be converted to Scalar", _conversion),
    (
        "TypeError",
        rf"^({_NAME})\(\): argument '\w+' \(position \d+\) must be Tensor, not (int|float|list|tuple|bool)\b",
        r"`torch.\1` works on tensors, and a Python \2 came. torch.tensor(…) makes a tensor of it.",
    ),
    (
        "TypeError",
        r"^'float' object cannot be interpreted as an integer|must be tuple of ints, not float",
        "A whole number is wanted there, and a float came. In Python `/` gives a float even where nothing is left "
        "over, `//` gives a whole number.",
    ),
    (
        "TypeError",
        r"^iteration over a 0-d tensor|^len\(\) of a 0-d tensor",
        "That tensor is a single number, without dimensions: there is nothing in it to go through.",
    ),
    (
        "TypeError",
        r"^'(int|float)' object is not iterable",
        r"A single Python number (\1) is not a list: there is nothing in it to go through.",
    ),
    # --- shapes
    (
        "RuntimeError",
        r"^mat1 and mat2 shapes cannot be multiplied \((?P<left>\d{1,9}x\d{1,9}) and (?P<right>\d{1,9}x\d{1,9})\)",
        _product_of_shapes,
    ),
    (
        "RuntimeError",
        r"^size mismatch, got input \(\d+\), mat \((?P<left>\d{1,9}x\d{1,9})\), vec \((?P<right>\d{1,9})\)",
        _product_of_shapes,
    ),
    (
        "RuntimeError",
        r"^inconsistent tensor size, expected tensor \[(\d{1,9})\] and src \[(\d{1,9})\]",
        r"Two vectors are multiplied here, one with \1 entries, one with \2. They must have equally many.",
    ),
    (
        "RuntimeError",
        r"^1D tensors expected, but got (\d)D and (\d)D tensors",
        r"`torch.dot` multiplies two vectors; here one has \1 and the other \2 dimensions. For a matrix there is `@`.",
    ),
    (
        "RuntimeError",
        r"^both arguments to matmul need to be at least 1D, but they are (\d)D and (\d)D",
        r"`@` multiplies vectors and matrices. Here one side is a single number, without dimensions: for that there "
        r"is `*`.",
    ),
    (
        "RuntimeError",
        r"^The size of tensor a \((\d{1,9})\) must match the size of tensor b \((\d{1,9})\) at non-singleton "
        r"dimension (\d{1,2})",
        r"Two tensors meet entry by entry, and along dimension \3 one has \1 entries, the other \2. They must have "
        r"equally many, or one of them just 1.",
    ),
    (
        "RuntimeError",
        r"^shape '(\[[-\d, ]{1,60}\])' is invalid for input of size (\d{1,12})",
        r"The tensor has \2 numbers, and shape \1 has room for another count.",
    ),
    (
        "RuntimeError",
        r"^stack expects each tensor to be equal size, but got (\[[\d, ]{0,40}\]) at entry 0 and (\[[\d, ]{0,40}\])",
        r"`torch.stack` needs tensors of one shape; here one has \1 and another \2.",
    ),
    (
        "TypeError",
        r"argument 'tensors' \(position 1\) must be tuple of Tensors, not Tensor",
        "That function takes all its tensors in one list: square brackets around them.",
    ),
    # --- places and dimensions
    ("IndexError", r"^Dimension out of range .* \[-\d+, (?P<last>\d)\], but got (?P<asked>-?\d{1,9})\)", _dimensions),
    ("IndexError", r"^index -?\d+ is out of bounds for dimension \d+ with size (?P<size>\d{1,12})", _last_place),
    ("IndexError", r"^(list|tuple) index out of range", r"The \1 is shorter than that. Places are counted from 0."),
    (
        "IndexError",
        r"^too many indices for tensor of dimension (\d{1,2})",
        r"More places stand in the square brackets than the tensor has dimensions, which is \1.",
    ),
    (
        "IndexError",
        r"^invalid index of a 0-dim tensor",
        "That tensor is a single number, without dimensions: there are no places in it.",
    ),
    (
        "IndexError",
        r"^tensors used as indices must be long",
        "Places are whole numbers, and this tensor holds fractions. `.long()` makes whole numbers of them.",
    ),
    (
        "ValueError",
        r"^(?:too many|not enough) values to unpack \(expected (\d{1,4})",
        r"\1 names stand on the left of `=`, and the right side has another number of parts.",
    ),
    # --- dtypes
    (
        "RuntimeError",
        r"^expected m1 and m2 to have the same dtype, but got: (\w+) != (\w+)",
        r"`@` needs the same dtype on both sides; here one holds \1 and the other \2. `.float()` makes float32 of "
        r"either.",
    ),
    (
        "RuntimeError",
        r"^mean\(\): could not infer output dtype.* Got: (\w{1,12})",
        r"A mean may be a fraction, and this tensor (\1) holds none. `.float()` makes float32 of it.",
    ),
    (
        "RuntimeError",
        r"^result type Float can't be cast to the desired output type (\w{1,12})",
        r"A tensor of dtype \1 cannot take fractions into itself. `.float()` makes float32 of it.",
    ),
    (
        "RuntimeError",
        r"^(?:Negation|Subtraction), the `-` operator",
        "True and False cannot be subtracted in torch. `.long()` makes 1 and 0 of them.",
    ),
    (
        "RuntimeError",
        r"^one_hot is only applicable to index tensor",
        "Labels must be whole numbers (long) there. `.long()` makes them so.",
    ),
    # --- numbers
    ("ZeroDivisionError", r"", "Something is divided by 0. Which number is it, and may it ever be 0?"),
    (
        "OverflowError",
        r"^math range error|Numerical result out of range",
        "The result is too large for a float: exp of anything above 709 is.",
    ),
    (
        "ValueError",
        r"^math domain error",
        "There is no such number: a logarithm of 0 or less, or a square root of less than 0.",
    ),
    # --- gradients
    (
        "RuntimeError",
        r"^element 0 of tensors does not require grad",
        "torch has not kept track of how this was computed, because no tensor in it has `requires_grad`. The lesson "
        "asks for the formula: it needs no `backward`.",
    ),
    (
        "RuntimeError",
        r"^a leaf Variable that requires grad is being used in an in-place operation",
        "A tensor whose slopes torch keeps track of cannot be changed in place. Make a new tensor instead.",
    ),
    (
        "RuntimeError",
        r"^Can't call numpy\(\) on Tensor that requires grad",
        "torch keeps track of this tensor's slopes, and numpy cannot. `.detach()` lets go of them.",
    ),
    (
        "RecursionError",
        r"",
        "Functions call one another, again and again, and nothing stops them. Does your function call itself?",
    ),
)
