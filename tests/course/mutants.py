"""Wrong answers that nobody thought of: each reference answer with one thing in it changed, by rule.

``python tests/course/mutants.py`` grades them and writes what was said to each into `mutants.json`, for a reader to
judge: would a tutor say so? Null means that no known mistake explains the answer, which is better than a wrong word.

The rules are mutmut's for operators and numbers, and below in the same form (a node of the syntax tree in, its
replacements out) what mutmut lacks: axes, dropped terms and calls, swapped sides.
"""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import libcst as cst
import torch
from mutmut.mutation import mutators

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging.calling import Namespace
from autograder.judging.course import Lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import Suites, with_suites

JUDGED = Path(__file__).with_suffix(".json")

#: Seeds of two gradings, each with hidden inputs of its own.
SEEDS = (1, 2)

#: Functions that are easily taken for one another.
SIBLINGS = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "argmax": "argmin",
    "zeros": "ones",
    "stack": "cat",
    "randn": "rand",
}

#: Operators whose two sides are not alike.
SIDED = cst.Subtract | cst.Divide | cst.Power | cst.MatrixMultiply


def number_below(node: cst.Integer | cst.Float) -> Iterator[cst.BaseExpression]:
    """mutmut's `operator_number` only counts up; ``dim=1`` should also become ``dim=0``."""
    value = node.evaluated_value - 1
    if value >= 0:
        yield node.with_changes(value=repr(value))
    else:
        yield cst.parse_expression(f"({value!r})")


def dropped_argument(node: cst.Call) -> Iterator[cst.Call]:
    """Calls without one of their named arguments: without ``dim=1``, without ``keepdim=True``.

    mutmut also leaves out the others or puts None in their place, which is nobody's mistake.
    """
    for dropped in node.args:
        if dropped.keyword:
            yield node.with_changes(args=[argument for argument in node.args if argument is not dropped])


def dropped_term(node: cst.BinaryOperation) -> Iterator[cst.BaseExpression]:
    """``a`` for ``a + b``: the last term or factor forgotten. Of a longer chain, each one in turn."""
    yield bracketed(node.left)


def swapped_sides(node: cst.BinaryOperation) -> Iterator[cst.BinaryOperation]:
    """``b - a`` for ``a - b``."""
    if isinstance(node.operator, SIDED):
        yield node.with_changes(left=bracketed(node.right), right=bracketed(node.left))


def product(node: cst.BinaryOperation) -> Iterator[cst.BinaryOperation]:
    """The product entry by entry for the matrix product."""
    if isinstance(node.operator, cst.MatrixMultiply):
        yield node.with_changes(operator=cst.Multiply())


def comparison(node: cst.ComparisonTarget) -> Iterator[cst.ComparisonTarget]:
    """The comparison turned round; mutmut adds or takes equality only."""
    if isinstance(node.operator, cst.GreaterThan):
        yield node.with_changes(operator=cst.LessThan())


def dropped_call(node: cst.Call) -> Iterator[cst.BaseExpression]:
    """``x`` for ``x.mean()`` and for ``torch.exp(x)``."""
    if not isinstance(node.func, cst.Attribute):
        return
    if not _is_torch(node.func.value):
        yield bracketed(node.func.value)
    elif [argument.keyword for argument in node.args].count(None) == 1:
        yield bracketed(node.args[0].value)


def _is_torch(node: cst.BaseExpression) -> bool:
    """``torch``, ``torch.nn.functional``."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name) and node.value == "torch"


def dropped_attribute(node: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """``W`` for ``W.T``, ``z.max(dim=1)`` for ``z.max(dim=1).values``."""
    if node.attr.value == "T" or (node.attr.value == "values" and isinstance(node.value, cst.Call)):
        yield node.value


def swapped_arguments(node: cst.Call) -> Iterator[cst.Call]:
    """``f(b, a)`` for ``f(a, b)``, but not for ``max(a, b)``, to which the order is all one."""
    if isinstance(node.func, cst.Name) and node.func.value in ("max", "min"):
        return
    if len(node.args) >= 2 and not node.args[0].keyword and not node.args[1].keyword:
        first, second, *rest = node.args
        swapped = [first.with_changes(value=second.value), second.with_changes(value=first.value)]
        yield node.with_changes(args=[*swapped, *rest])


def sibling(node: cst.Attribute) -> Iterator[cst.Attribute]:
    """``x.sum()`` for ``x.mean()``."""
    if node.attr.value in SIBLINGS:
        yield node.with_changes(attr=cst.Name(SIBLINGS[node.attr.value]))


def dropped_statement(node: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    """``pass`` in place of a statement that does something and names nothing new."""
    (statement,) = node.body
    names = isinstance(statement, cst.Assign) and not isinstance(statement.targets[0].target, cst.Subscript)
    text = isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString)
    if not (names or text or isinstance(statement, cst.Return)):
        yield node.with_changes(body=[cst.Pass()])


#: Rules by the kind of node that they are asked about.
RULES = (
    (cst.BaseNumber, mutators.operator_number),
    (cst.BaseNumber, number_below),
    (cst.Name, mutators.operator_name),
    (cst.CSTNode, mutators.operator_swap_op),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.Call, dropped_argument),
    (cst.Call, dropped_call),
    (cst.Call, swapped_arguments),
    (cst.Attribute, dropped_attribute),
    (cst.Attribute, sibling),
    (cst.BinaryOperation, dropped_term),
    (cst.BinaryOperation, swapped_sides),
    (cst.BinaryOperation, product),
    (cst.ComparisonTarget, comparison),
    (cst.SimpleStatementLine, dropped_statement),
)


class Mutant(NamedTuple):
    """One reference answer with one change.

    Attributes:
        question: whose answer it is.
        line: the line that was changed, as it stands in the reference solution.
        becomes: the line after the change.
        source: the whole wrong answer.
    """

    question: str
    line: str
    becomes: str
    source: str

    @property
    def name(self) -> str:
        """``sigmoid: return 1 / (1 + torch.exp(-z)) → return 1 / torch.exp(-z)``, unlike every other mutant's."""
        return f"{self.question}: {self.line} → {self.becomes}"


@cache
def mutants(lesson: Lesson) -> tuple[Mutant, ...]:
    """Every answer that one rule makes of a reference answer of the lesson by one change."""
    return tuple(
        mutant
        for question, source in reference_answers(lesson, COURSE).items()
        if not lesson.find(question).is_value
        for mutant in _mutants_of(question, source)
    )


def _mutants_of(question: str, source: str) -> Iterator[Mutant]:
    module = cst.parse_module(source + "\n")
    original = _tidy(source)
    seen = {original}
    for node in _nodes(module.body[0].body):
        for kind, rule in RULES:
            if not isinstance(node, kind):
                continue
            for replacement in rule(node):
                changed = _tidy(module.deep_replace(node, replacement).code)
                # Two rules may come to the same: `a - b` without a, and the call round it without its first argument.
                if changed not in seen:
                    seen.add(changed)
                    yield Mutant(question, *_changed_line(original, changed), changed)


def _tidy(source: str) -> str:
    """The same program without comments, and with no brackets but those it needs."""
    return ast.unparse(ast.parse(source))


def _changed_line(before: str, after: str) -> tuple[str, str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    ((line, becomes),) = ((one.strip(), other.strip()) for one, other in pairs if one != other)
    return line, becomes


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    """The node in brackets, so that it does not fall apart where it is put."""
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def grade(suites: Suites, mutant: Mutant) -> list[QuestionResult]:
    """The mutant's results, one for each seed."""
    lesson, _ = COURSE.find_question(mutant.question)
    names = {"torch": torch, "__name__": "__main__"}
    exec(compile(mutant.source, mutant.name, "exec"), names)
    torch.manual_seed(0)  # for those that lost their own generator
    return [
        result for seed in SEEDS for result in suites.run(lesson, Namespace(names), seed=seed, question=mutant.question)
    ]


def said(results: list[QuestionResult]) -> str | None:
    """The diagnosis, where all gradings agree: an id, or two; ``passes`` for a mutant that is right."""
    if all(result.outcome == "passed" for result in results):
        return "passes"
    (first, *others) = [(result.misconception, result.second) for result in results]
    return " + ".join(filter(None, first)) or None if all(other == first for other in others) else None


def by_line(diagnoses: dict[Mutant, str | None]) -> dict[str, dict[str, dict[str, str | None]]]:
    """As `mutants.json` has them: by question, by the line of the reference answer, by what that line became."""
    table: dict[str, dict[str, dict[str, str | None]]] = {}
    for mutant, diagnosis in diagnoses.items():
        table.setdefault(mutant.question, {}).setdefault(mutant.line, {})[mutant.becomes] = diagnosis
    return table


if __name__ == "__main__":
    found = with_suites(
        lambda suites: {mutant: said(grade(suites, mutant)) for lesson in COURSE.lessons for mutant in mutants(lesson)},
        COURSE,
        ReferenceSolutions(COURSE),
    )
    JUDGED.write_text(json.dumps(by_line(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    told = [diagnosis for diagnosis in found.values() if diagnosis != "passes"]
    print(f"{len(told)} wrong answers, {len(told) - told.count(None)} of them diagnosed: {JUDGED.name}")
