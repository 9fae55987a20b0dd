"""How often a wrong answer is told which mistake it is, and how often that is true: the figures in docs/diagnoses.md.

``python tests/course/confusion.py`` counts three kinds of wrong answers and writes the table:

- the *bank*, `strangers/wrong.py`: written as students write, without a look at the known mistakes. What is said of
  each stands in `strangers/judged.json`, and whether a reader found that true; what is new there has to be read.
- *mutants* (`mutants.py`): one change by rule. What is said of them is read in `mutants.json`.
- *pairs*: two such changes in two lines of one answer, each of which is told what it is when it stands alone. True is
  one of these two, or both together; something else was not read by anybody.
"""

import importlib.util
import itertools
import json
import random
import re
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import Suites, with_suites

FOLDER = Path(__file__).parent
JUDGED = FOLDER / "strangers" / "judged.json"
DOCS = COURSE.home / "docs" / "diagnoses.md"

#: Pairs of one function.
_PAIRS = 6

_TABLE = re.compile(r"(?<=<!-- counted by tests/course/confusion\.py -->\n).*?(?=\n\n)", re.DOTALL)


def module(name):
    """A file of this folder."""
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), FOLDER / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


MUTATION = module("mutants")


class Count(NamedTuple):
    """Wrong answers of one kind: how many; how many were named; truly; falsely; by nobody judged."""

    wrong: int
    named: int
    true: int
    false: int

    @property
    def row(self):
        share = f"{self.named} ({100 * self.named / self.wrong:.0f} %)"
        return f"{self.wrong} | {share} | {self.true} | {self.false} | {self.named - self.true - self.false}"


def bank() -> dict[str, dict[str, object]]:
    """The answers of the bank, each as the names of a notebook in which it was typed."""
    names = vars(module("strangers/wrong"))
    shared = {name: value for name, value in names.items() if "__" not in name.strip("_")}
    found = {}
    for name, function in names.items():
        if "__" in name.strip("_") and isinstance(function, FunctionType):
            question = name.partition("__")[0]
            own = {**shared, "__name__": "__main__"}
            own[question] = FunctionType(function.__code__, own, question, function.__defaults__)
            found[name] = own
    return found


def told(suites: Suites, question: str, names: dict[str, object]) -> str | None:
    """What is said of an answer: an id, or two, or None; ``passes`` for one that is right."""
    lesson, _ = COURSE.find_question(question)
    return MUTATION.said(
        [suites.run(lesson, Namespace(names), seed=seed, question=question)[0] for seed in MUTATION.SEEDS]
    )


def told_of_bank(suites: Suites) -> dict[str, str | None]:
    """What is said of each answer of the bank."""
    return {name: told(suites, name.partition("__")[0], names) for name, names in bank().items()}


def pairs_of(mutants, diagnoses):
    """Two changes in two lines of one answer, both of which are named alone; some of them, drawn by a fixed seed."""
    by_question = {}
    for mutant in mutants:
        if diagnoses[mutant] not in (None, "passes"):
            by_question.setdefault(mutant.question, []).append(mutant)
    draw = random.Random(18)
    for question, those in by_question.items():
        lesson, _ = COURSE.find_question(question)
        original = MUTATION._tidy(reference_answers(lesson, COURSE)[question]).splitlines()
        possible = [
            (one, other, "\n".join(_merged(original, one.source, other.source)))
            for one, other in itertools.combinations(those, 2)
            if one.line != other.line
        ]
        yield from draw.sample(possible, min(_PAIRS, len(possible)))


def _merged(original, one, other):
    lines = zip(original, one.splitlines(), other.splitlines(), strict=True)
    return [mine if mine != line else theirs for line, mine, theirs in lines]


def count(suites: Suites) -> dict[str, Count]:
    """All figures, by kind; what is said of the bank is written down, to be read."""
    judged = json.loads(JUDGED.read_text(encoding="utf-8")) if JUDGED.exists() else {}
    said = told_of_bank(suites)
    now = {
        name: judged[name] if name in judged and judged[name]["told"] == what else {"told": what, "true": None}
        for name, what in said.items()
    }
    JUDGED.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    wrong = [one for one in now.values() if one["told"] != "passes"]
    named = [one["true"] for one in wrong if one["told"]]
    counts = {"bank": Count(len(wrong), len(named), named.count(True), named.count(False))}

    mutants = [mutant for lesson in COURSE.lessons for mutant in MUTATION.mutants(lesson)]
    diagnoses = {mutant: MUTATION.said(MUTATION.grade(suites, mutant)) for mutant in mutants}
    wrong = [one for one in diagnoses.values() if one != "passes"]
    named = [one for one in wrong if one]
    counts["mutants"] = Count(len(wrong), len(named), 0, 0)

    found = []
    for one, other, source in pairs_of(mutants, diagnoses):
        what = MUTATION.said(MUTATION.grade(suites, one._replace(source=source)))
        if what != "passes":
            alone = {part for mutant in (one, other) for part in diagnoses[mutant].split(" + ")}
            found.append(None if what is None else set(what.split(" + ")) <= alone)
    named = [one for one in found if one is not None]
    counts["pairs"] = Count(len(found), len(named), named.count(True), 0)
    return counts


TITLES = {
    "bank": "wrong answers by somebody who had not seen the known ones",
    "mutants": "wrong answers made by rule, one change in a reference solution",
    "pairs": "two such changes in one answer",
}


def table(counts: dict[str, Count]) -> str:
    """The table of docs/diagnoses.md."""
    rows = [f"| {TITLES[kind]} | {one.row} |" for kind, one in counts.items()]
    return "\n".join(
        ["| answers | how many | named | truly | falsely | not read |", "|---|---|---|---|---|---|", *rows]
    )


if __name__ == "__main__":
    found = with_suites(count, COURSE, ReferenceSolutions(COURSE))
    text = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(_TABLE.sub(lambda _: table(found), text), encoding="utf-8")
    print(table(found))
