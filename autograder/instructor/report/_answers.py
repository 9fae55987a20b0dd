"""How a mistake is typically written, without anything that tells who wrote it.

An answer is taken apart as a syntax tree: comments and layout are gone then, texts are replaced. A name stays only if
it is one that anybody may write: of Python, of torch and numpy, of the lesson itself, or one that several students of
those who made the mistake chose. Long numbers go too, since a matriculation number is one.
"""

import ast
import builtins
import math
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy
import torch

from autograder.judging.course import Course, Lesson
from autograder.judging.misconceptions import misconceptions
from autograder.notebooks.reading import read_notebook

from ._schema import Answer

#: A name or a text that so many have chosen tells nobody from the others.
ENOUGH_TO_HIDE = 3
#: Numbers with more digits than this go.
MOST_DIGITS = 4
#: Longer functions are typical of nobody, and parsing them takes long.
MOST_CHARACTERS = 4_000
#: Expressions in one another; what goes deeper was written to be tiresome.
MOST_NESTED = 60

#: What stands in place of a text that may be telling.
HIDDEN = "…"


def typical_answer(
    question: str, cells: Iterable[str], names: frozenset[str], known: frozenset[str] = frozenset()
) -> Answer | None:
    """The most usual way of writing an answer, or ``None`` where no cell has a function that can be read.

    Args:
        question: the function's name.
        cells: the code that students wrote, each a cell.
        names: of everybody in the class: ids, first and last names, addresses. None is left in the source.
        known: words that anybody may write; see `vocabulary`.
    """
    written = Counter(cells)  # many write the very same
    read = [(cell, function) for cell in written if (function := _function(question, cell)) is not None]
    if not read:
        return None
    identifying = _identifying(names)
    used: Counter[str] = Counter()
    for cell, function in read:
        used.update(dict.fromkeys(_words(function), written[cell]))
    kept = known | {word for word, count in used.items() if count >= ENOUGH_TO_HIDE and not _tells(word, identifying)}

    alike: dict[str, list[str]] = {}
    for cell, function in read:
        form = _rewritten(function, known.difference(_bound(function)))
        alike.setdefault(form, []).append(cell)
    size = {form: sum(written[cell] for cell in same) for form, same in alike.items()}
    usual = min(alike, key=lambda form: (-size[form], len(form), form))
    shown: Counter[str] = Counter()
    for cell in alike[usual]:
        function = _function(question, cell)
        if function is not None:
            shown[_rewritten(function, kept)] += written[cell]
    source = min(shown, key=lambda source: (-shown[source], len(source), source))
    return Answer(source, size[usual], sum(written[cell] for cell, _ in read))


def vocabulary(lesson: Lesson, course: Course) -> frozenset[str]:
    """The words that anybody may write in a lesson: names, and texts as `repr` has them."""
    libraries = (builtins, math, torch, torch.Tensor, torch.nn, torch.nn.functional, torch.special, numpy)
    words = {name for library in libraries for name in dir(library)}
    words |= {"self", "torch", "nn", "functional", "F", "numpy", "np", "math"}
    for _, question in course.questions():
        words |= {question.name, *question.parameters}
    known = [one.source for one in misconceptions(lesson)]
    taught = [cell.source for cell in read_notebook(lesson.notebook(course.home / "source")).code]
    for source in (*known, *taught):
        words.update(_words(ast.parse(source)))
    return frozenset(words)


def _function(question: str, cell: str) -> ast.FunctionDef | None:
    """The function of that name in a cell, the last one if there are several."""
    if len(cell) > MOST_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's code
            body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [one for one in body if isinstance(one, ast.FunctionDef) and one.name == question]
    return found[-1] if found and not _is_deep(found[-1]) else None


def _is_deep(tree: ast.AST) -> bool:
    level = [tree]
    for _ in range(MOST_NESTED):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _rewritten(function: ast.FunctionDef, kept: frozenset[str]) -> str:
    """The function's source with other words for those that are not kept, the same one for the same one.

    The tree is changed and must not be used again.
    """
    return ast.unparse(_Rewriter(kept).visit(function)).strip()


class _Rewriter(ast.NodeTransformer):
    def __init__(self, kept: frozenset[str]):
        self._kept = kept
        self._others: dict[str, str] = {}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, field, self._renamed(value))
            elif isinstance(value, list):
                setattr(node, field, [self._renamed(one) if isinstance(one, str) else one for one in value])
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                block[:] = [one for one in block if not _is_remark(one)] or ([ast.Pass()] if block else [])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, str | bytes) and not (isinstance(value, str) and repr(value) in self._kept):
            return ast.copy_location(ast.Constant(HIDDEN), node)
        if isinstance(value, int | float | complex) and not isinstance(value, bool) and _is_long(value):
            return ast.copy_location(ast.Name("a_number", ast.Load()), node)
        return node

    def _renamed(self, name: str) -> str:
        return ".".join(
            part if part in self._kept else self._others.setdefault(part, f"v{len(self._others) + 1}")
            for part in name.split(".")  # `import a.b` has one name for both
        )


def _is_remark(node: ast.AST) -> bool:
    """Whether a statement does nothing: a docstring, or a text instead of a comment."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is not ...


def _is_long(number: complex) -> bool:
    mantissa = repr(number).lower().partition("e")[0]
    return len(re.sub(r"\D", "", mantissa).strip("0")) > MOST_DIGITS


def _words(function: ast.AST) -> Iterator[str]:
    """All names in a function, and all texts as `repr` has them."""
    for node in ast.walk(function):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield repr(node.value)
            continue
        for _, value in ast.iter_fields(node):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    yield from one.split(".")


def _bound(function: ast.FunctionDef) -> Iterator[str]:
    """Names that a function gives to things of its own."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef) and node is not function:
            yield node.name


def _parts(name: str) -> list[str]:
    """``Zoë.O'Hara42`` -> ``zoë``, ``o``, ``hara``, ``42``; camel case is taken apart as well."""
    apart = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    return [part.casefold() for part in re.split(r"[\W_]+", apart) if part]


@lru_cache(maxsize=1)
def _identifying(names: frozenset[str]) -> frozenset[str]:
    return frozenset(part for name in names for part in _parts(name))


def _tells(word: str, identifying: frozenset[str]) -> bool:
    """Whether a word has somebody's name in it."""
    whole = word.casefold()
    return bool(identifying & set(_parts(word))) or any(len(name) > 3 and name in whole for name in identifying)
