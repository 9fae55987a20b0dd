"""How many groups of copies `autograder similar` finds, and how many it finds where nobody has copied.

python benchmarks/similar.py [--classes 4]

Each class is of so many who write independently: each question the usual way, in another right style, or with a known
mistake, drawn anew. Then one group of copies joins them, every second of its members in disguise: other names, other
comments, lines in another order. Its answers are once like nobody else's, and once those of one of the independent
writers, so that others may have written some of them too.
"""

import argparse
import importlib.util
from pathlib import Path
from types import ModuleType

from autograder.course.contents import COURSE
from autograder.instructor.similar import given_code
from autograder.instructor.similar._groups import find_groups
from autograder.instructor.similar._pairs import find_pairs

#: The tests of the same know how people write, and what somebody does who has copied.
TESTS = Path(__file__).parents[1] / "tests" / "instructor" / "similar"

NETWORK = COURSE.find_lesson("4-network")
CLASSES = (30, 60, 150, 300)
COPIES = (2, 3, 4, 5, 6, 10, 15)

Answers = dict[str, dict[str, str]]


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--classes", type=int, default=4, help="so many of each size")
    seeds = range(parser.parse_args().classes)
    people, copying = load("test_groups"), load("conftest")
    write, given = people.pretend_writers(), given_code(NETWORK.name, COURSE)
    alone = [write(size, seed) for size in CLASSES for seed in seeds]
    groups = sum(bool(find_groups(NETWORK.name, one, given)) for one in alone)
    pairs = sum(bool(find_pairs(NETWORK.name, one, given)) for one in alone)
    print(f"{len(alone)} classes of {', '.join(map(str, CLASSES))} without copies:")
    print(f"  {groups} had a group, {pairs} had a pair.\n")
    print("Copies found whole, as a group / as a group or pairs, of so many classes:\n")
    print("| copies | answers like nobody's | answers of one of the others |\n|---:|---:|---:|")
    for count in COPIES:
        cells = []
        for is_own in (True, False):
            whole, either, tried = 0, 0, 0
            for size in CLASSES:
                for seed in seeds:
                    answers = write(size, seed)
                    original = copying.ORIGINAL if is_own else {name: of["alone-000"] for name, of in answers.items()}
                    found = find(with_copies(answers, count, original, copying), given)
                    whole, either, tried = whole + found[0], either + found[1], tried + 1
            cells.append(f"{whole} / {either} of {tried}")
        print(f"| {count} | {' | '.join(cells)} |", flush=True)


def load(name: str) -> ModuleType:
    """A module of the tests."""
    spec = importlib.util.spec_from_file_location(name, TESTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_copies(answers: Answers, count: int, original: dict[str, str], copying: ModuleType) -> Answers:
    """The class with so many who hand in the same, every second in disguise."""
    disguised = {name: copying.disguise(source) for name, source in original.items()}
    return {
        name: {**by, **{f"copy-{n:02}": (original, disguised)[n % 2][name] for n in range(count)}}
        for name, by in answers.items()
    }


def find(answers: Answers, given: dict[str, list[str]]) -> tuple[bool, bool]:
    """Whether all copies are in one group; and whether all are in groups or pairs."""
    everybody = {student for by in answers.values() for student in by}
    copies = {student for student in everybody if student.startswith("copy-")}
    groups = [set(group.students) for group in find_groups(NETWORK.name, answers, given)]
    shown = {one for group in groups for one in group}
    shown |= {one for pair in find_pairs(NETWORK.name, answers, given) for one in pair.students}
    return any(copies <= group for group in groups), copies <= shown


if __name__ == "__main__":
    main()
