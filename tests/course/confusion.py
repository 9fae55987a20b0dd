"""How often a wrong answer is told which mistake it is, and how often that is true: the figures in docs/diagnoses.md.

``python tests/course/confusion.py`` counts three kinds of wrong answers and writes the table:

- the *bank*, `strangers/wrong.py`: written as students write, without a look at the known mistakes. What is said of
  each stands in `strangers/judged.json`, and whether a reader found that true; what is new there has to be read.
- *mutants* (`mutants.py`): one change by rule. `strangers/judged_mutants.json` has what a reader found.
- *pairs*: two such changes in two lines of one answer, each of which is told what it is when it stands alone. True is
  one of these two, or both together; something else is read like the rest.
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
JUDGED_MUTANTS = FOLDER / "strangers" / "judged_mutants.json"
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


def judged(path: Path, said: dict[str, str | None]) -> list[bool | None]:
    """What a reader found of each answer that was told something; what is new there is written down, to be read."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    now = {
        name: before[name] if name in before and before[name]["told"] == what else {"told": what, "true": None}
        for name, what in said.items()
    }
    path.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [one["true"] for one in now.values() if one["told"] not in (None, "passes")]


def count(suites: Suites) -> dict[str, Count]:
    """All figures, by kind."""
    said = told_of_bank(suites)
    named = judged(JUDGED, said)
    wrong = [one for one in said.values() if one != "passes"]
    counts = {"bank": Count(len(wrong), len(named), named.count(True), named.count(False))}

    mutants = [mutant for lesson in COURSE.lessons for mutant in MUTATION.mutants(lesson)]
    diagnoses = {mutant: MUTATION.said(MUTATION.grade(suites, mutant)) for mutant in mutants}
    told_mutants = {mutant.name: what for mutant, what in diagnoses.items() if what not in (None, "passes")}

    pairs, true, strange = 0, 0, {}
    for one, other, source in pairs_of(mutants, diagnoses):
        what = MUTATION.said(MUTATION.grade(suites, one._replace(source=source)))
        if what == "passes":
            continue
        pairs += 1
        alone = {part for mutant in (one, other) for part in diagnoses[mutant].split(" + ")}
        if what is not None and set(what.split(" + ")) <= alone:
            true += 1
        elif what is not None:
            strange[f"{one.name} & {other.line} → {other.becomes}"] = what

    named = judged(JUDGED_MUTANTS, told_mutants | strange)
    of_mutants, of_pairs = named[: len(told_mutants)], named[len(told_mutants) :]
    wrong = [one for one in diagnoses.values() if one != "passes"]
    counts["mutants"] = Count(len(wrong), len(of_mutants), of_mutants.count(True), of_mutants.count(False))
    counts["pairs"] = Count(pairs, true + len(of_pairs), true + of_pairs.count(True), of_pairs.count(False))
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
