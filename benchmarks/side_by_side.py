"""Our grader beside stock nbgrader and otter-grader, on the same submissions, one after the other.

python benchmarks/side_by_side.py [--submissions 20] [--scale 100 1000] [--out FILE]

The submissions are lessons 1 to 5, right, partly right, untouched and raising. (Endless loops are left out: each
costs what the time limit says.) Every grader is given the same notebooks and the same tests and gives points question
by question; each of those is compared. Times are those of the whole command, from its start to its end.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from pathlib import Path

from courses import BIN, TAUGHT, environment, make_course
from measuring import Cost, run
from nbgrader.api import Gradebook
from otter_assignments import as_submission, make_assignment, questions_of, scores_in

#: nbgrader's name of the course, as nbgrader_config.py has it.
COURSE_ID = "neurons-to-network"

#: Points by student, lesson and question.
Scores = dict[tuple[str, str, str], float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=20, help="graded by every grader (default: 20)")
    parser.add_argument("--scale", type=int, nargs="*", default=[], help="graded by ours alone, for the second table")
    parser.add_argument("--out", type=Path, help="write the tables there as well")
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") if options.out else nullcontext() as file:
        for line in _lines(options.submissions, options.scale):
            print(line, flush=True)
            if file:
                print(line, file=file, flush=True)


def _lines(count: int, sizes: list[int]) -> Iterator[str]:
    yield from _machine()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        rate = None
        if count:
            rate = yield from side_by_side(Path(folder), count)
        if sizes:
            yield from scale(Path(folder), sizes, rate)


def stock(course: Path) -> tuple[Cost, Scores]:
    """`nbgrader autograde`, one lesson after the other, without our plug-in."""
    config = course / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    assert "use_sandbox(c)" in text
    config.write_text(text.replace("use_sandbox(c)", ""), encoding="utf-8")
    return plugged_in(course)


def plugged_in(course: Path) -> tuple[Cost, Scores]:
    """The same command, with the plug-in, as the course's configuration has it."""
    costs = [
        run([BIN / "nbgrader", "autograde", lesson.name, "--create"], course, environment())
        for lesson in TAUGHT
        if list((course / "submitted").glob(f"*/{lesson.name}"))
    ]
    return sum(costs[1:], costs[0]), in_gradebook(course)


def ours(workers: int) -> Callable[[Path], tuple[Cost, Scores]]:
    """`autograder grade` with so many workers."""

    def grade(course: Path) -> tuple[Cost, Scores]:
        cost = run([BIN / "autograder", "grade", course, "--workers", str(workers)], course, environment())
        return cost, in_gradebook(course)

    return grade


def otter(course: Path) -> tuple[Cost, Scores]:
    """`otter run`, one submission after the other."""
    questions = questions_of(TAUGHT)
    place = course / "otter"
    packed = {name: make_assignment(asked, place / name, BIN / "otter") for name, asked in questions.items()}
    cost, scores = Cost(0.0, 0.0, 0), {}
    for notebook in sorted((course / "submitted").glob("*/*/*.ipynb")):
        lesson, student = notebook.stem, notebook.parent.parent.name
        results = place / "results" / student / lesson
        submission = as_submission(notebook, results / notebook.name)
        command = [BIN / "otter", "run", "--no-logo", "-a", packed[lesson], "-o", results, submission]
        cost += run(command, results, environment())
        found = scores_in(results)
        scores |= {(student, lesson, question.name): found.get(question.name, 0.0) for question in questions[lesson]}
    return cost, scores


GRADERS = {
    "stock `nbgrader autograde`": stock,
    "`otter run`": otter,
    "`nbgrader autograde`, plug-in": plugged_in,
    "`autograder grade`, 1 worker": ours(1),
    "`autograder grade`, 2 workers": ours(2),
}


def in_gradebook(course: Path) -> Scores:
    """All points in a course's gradebook."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", COURSE_ID) as gradebook:
        return {
            (submission.student.id, assignment.name, grade.cell.name): float(grade.score)
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def side_by_side(place: Path, count: int) -> Generator[str, None, float]:
    """Let all graders grade the same class; return how many submissions a second the first of them did."""
    yield f"{count} submissions, lessons 1 to 5:"
    yield ""
    yield from _head("grader", "seconds", "a second", "times stock", "CPU s each", "peak memory", "points as stock's")
    outcomes: dict[str, tuple[Cost, Scores]] = {}
    for name, grade in GRADERS.items():
        course = make_course(place / f"course-{len(outcomes)}", count)
        cost, scores = outcomes[name] = grade(course)
        shutil.rmtree(course)
        first_cost, first_scores = next(iter(outcomes.values()))
        same = sum(scores.get(key) == score for key, score in first_scores.items())
        cells = (
            name,
            f"{cost.seconds:,.1f}",
            f"{count / cost.seconds:.2f}",
            f"{first_cost.seconds / cost.seconds:.1f}",
            f"{cost.cpu / count:.3f}",
            f"{cost.memory / 2**20:,.0f} MB",
            f"{same:,} of {len(first_scores):,}",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    for name, (_, scores) in outcomes.items():
        for key in sorted(key for key, score in first_scores.items() if scores.get(key) != score):
            yield f"- {name}: {', '.join(key)}: {scores.get(key)}, stock {first_scores[key]}"
    return count / first_cost.seconds


def scale(place: Path, counts: list[int], rate: float | None) -> Iterator[str]:
    """Our grader with 2 workers on classes of several sizes; `rate`: what stock does in a second, if that is known."""
    yield "`autograder grade`, 2 workers, by number of submissions:"
    yield ""
    yield from _head(
        *("submissions", "seconds", "a second", "a second, once started", "CPU s each"),
        *("peak memory", "of it the main process", "time for the gradebook"),
    )
    for count in counts:
        course = make_course(place / f"of-{count}", count)
        clock = course / "clock.json"
        command = [sys.executable, Path(__file__).with_name("clocked.py"), clock, "grade", course, "--workers", "2"]
        cost = run(command, course, environment())
        noted = json.loads(clock.read_text())
        cells = (
            f"{count:,}",
            f"{cost.seconds:,.1f}",
            f"{count / cost.seconds:.1f}",
            f"{count / (cost.seconds - noted['start']):.1f}",
            f"{cost.cpu / count:.3f}",
            f"{cost.memory / 2**20:,.0f} MB",
            f"{noted['memory'] / 2**20:,.0f} MB",
            f"{noted['gradebook'] / cost.seconds:.1%}",
        )
        yield f"| {' | '.join(cells)} |"
        shutil.rmtree(course)
    yield ""
    if rate is not None:
        hours = ", ".join(f"{count:,} in {count / rate / 3600:.1f} h" for count in counts)
        yield f"At the rate above stock nbgrader would do {hours}."


def _head(first: str, *others: str) -> Iterator[str]:
    yield f"| {' | '.join((first, *others))} |"
    yield f"|---|{'---:|' * len(others)}"


def _machine() -> Iterator[str]:
    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    cores, python = len(os.sched_getaffinity(0)), platform.python_version()
    yield f"{time.strftime('%Y-%m-%d')}, {cores} cores ({cpu}), Python {python}, load {os.getloadavg()[0]:.1f} before."
    yield ""


if __name__ == "__main__":
    main()
