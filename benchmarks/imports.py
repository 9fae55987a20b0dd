"""A course whose notebooks import numpy, pandas, matplotlib and sklearn: stock nbgrader, the plug-in, and in bulk.

python benchmarks/imports.py [--assignments 10] [--submissions 20] [--workers 2] [--stock N] [--out FILE]

The assignments are made here and are no lessons of ours: their tests are cells of their own. All three grade the same
notebooks, one after the other, and every score is compared. CPU seconds are those of all processes, graders that stay
included, and depend less on what else the machine does. With ``--stock N`` stock nbgrader and the plug-in grade so
many submissions of each assignment only; speeds are submissions a second, so that they can still be compared.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import nbformat
from courses import environment
from measuring import adopt_orphans, cpu_of_the_dead
from nbgrader.api import Gradebook

_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'imports'\n"
_SANDBOX = "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"

_IMPORTS = """%matplotlib inline
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.linear_model import LinearRegression
"""
_ANSWERS = {
    "mean_by_group": "def mean_by_group(table):\n    return table.groupby('group')['value'].mean()",
    "slope": "def slope(x, y):\n    return float(LinearRegression().fit(x.reshape(-1, 1), y).coef_[0])",
    "standardized": "def standardized(a):\n    return (a - a.mean(axis=0)) / a.std(axis=0)",
    "drawn": "def drawn(x):\n    figure, axes = plt.subplots()\n    axes.plot(x, x ** 2)\n    return axes",
}
_MISTAKES = {
    "mean_by_group": "def mean_by_group(table):\n    return table.groupby('group')['value'].sum()",
    "slope": "def slope(x, y):\n    return float(LinearRegression().fit(y.reshape(-1, 1), x).coef_[0])",
    "standardized": "def standardized(a):\n    return a - a.mean()",
    "drawn": "def drawn(x):\n    raise NotImplementedError",
}
_TESTS = {
    "mean_by_group": "table = pd.DataFrame({'group': list('aabb'), 'value': [1, 3, 5, {0}]})\n"
    "assert mean_by_group(table)['b'] == (5 + {0}) / 2",
    "slope": "x = np.arange(20.0)\nassert abs(slope(x, {0} * x + 1) - {0}) < 1e-6",
    "standardized": "a = np.random.default_rng({0}).normal(size=(50, 3))\n"
    "assert np.allclose(standardized(a).std(axis=0), 1) and np.allclose(standardized(a).mean(axis=0), 0)",
    "drawn": "axes = drawn(np.linspace(0, {0}))\nassert len(axes.lines) == 1\nplt.show()",
}

#: Points by student, assignment and cell.
Scores = dict[tuple[str, str, str], float | None]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--assignments", type=int, default=10)
    parser.add_argument("--submissions", type=int, default=20, help="of each assignment (default: 20)")
    parser.add_argument("--workers", type=int, default=2, help="in bulk (default: 2)")
    parser.add_argument("--stock", type=int, help="of each assignment, for stock nbgrader and the plug-in")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    options = parser.parse_args()
    with (
        options.out.open("w", encoding="utf-8") if options.out else nullcontext() as file,
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
    ):
        for line in measured(Path(folder), options):
            print(line, flush=True)
            if file:
                print(line, file=file, flush=True)


def measured(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    """Grade with all three: the lines of a table, and a sentence about the scores."""
    course = make_course(folder / "course", options.assignments, options.submissions)
    few = options.submissions if options.stock is None else options.stock
    small = folder / "small"
    shutil.copytree(course, small)
    for number in range(few + 1, options.submissions + 1):
        shutil.rmtree(small / "submitted" / _student(number))
    plugged = folder / "plugged"
    shutil.copytree(small, plugged)
    for one in (course, plugged):
        (one / "nbgrader_config.py").write_text(_CONFIG + _SANDBOX)
    names = [_assignment(number) for number in range(1, options.assignments + 1)]
    yield "| grader | submissions | seconds | a second | times stock | CPU s each | times less CPU |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    stock_speed, stock_cpu, stock_scores = None, None, {}
    adopt_orphans()
    for title, place, count, commands in (
        ("stock nbgrader", small, few, [["nbgrader", "autograde", name] for name in names]),
        ("the plug-in", plugged, few, [["nbgrader", "autograde", name] for name in names]),
        (f"in bulk, {options.workers} workers", course, options.submissions, [_bulk(options.workers)]),
    ):
        before, began = cpu_of_the_dead(), time.monotonic()
        for command in commands:
            _run(place, *command)
        seconds = time.monotonic() - began
        _run(place, "autograder", "stop")  # the grader that stays
        submissions = count * options.assignments
        speed, cpu = submissions / seconds, (cpu_of_the_dead() - before) / submissions
        stock_speed, stock_cpu = stock_speed or speed, stock_cpu or cpu
        of_stock = f"{speed / stock_speed:.1f} | {cpu:.3f} | {stock_cpu / cpu:.1f}"
        yield f"| {title} | {submissions} | {seconds:.1f} | {speed:.2f} | {of_stock} |"
        found = scores(place, names)
        stock_scores = stock_scores or found
        differing = [key for key, score in stock_scores.items() if found.get(key) != score]
        if differing:
            yield f"{len(differing)} of {len(stock_scores)} scores differ from stock's: {differing[:5]}"
    yield f"\n{len(stock_scores)} scores were compared."


def make_course(folder: Path, assignments: int, submissions: int) -> Path:
    """A course that imports much, released and handed in; the same whenever it is made."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    for number in range(1, assignments + 1):
        name = _assignment(number)
        place = folder / "source" / name
        place.mkdir(parents=True)
        nbformat.write(_source(number), place / f"{name}.ipynb")
        _run(folder, "nbgrader", "generate_assignment", name)
        released = json.loads((folder / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
        for student in range(1, submissions + 1):
            place = folder / "submitted" / _student(student) / name
            place.mkdir(parents=True)
            for index, cell in enumerate(released["cells"]):
                question = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
                if question in _ANSWERS and cell["metadata"]["nbgrader"]["solution"]:
                    is_wrong = (student + index + number) % 4 == 0
                    cell["source"] = (_MISTAKES if is_wrong else _ANSWERS)[question]
            (place / f"{name}.ipynb").write_text(json.dumps(released), encoding="utf-8")
    return folder


def scores(course: Path, assignments: list[str]) -> Scores:
    """The scores in the gradebook."""
    found: Scores = {}
    with Gradebook(f"sqlite:///{course}/gradebook.db", "imports") as gradebook:
        for name in assignments:
            for submission in gradebook.assignment_submissions(name):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        found[submission.student.id, name, grade.name] = grade.auto_score
    return found


def _source(number: int) -> nbformat.NotebookNode:
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [nbformat.v4.new_code_cell(_IMPORTS)]
    for name, answer in _ANSWERS.items():
        head, _, body = answer.partition("\n")
        solution = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(_cell(f"{name}-answer", solution, solution=True))
        cells.append(_cell(name, _TESTS[name].replace("{0}", str(number + 1)), grade=True, locked=True, points=2))
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _cell(name: str, source: str, **what: object) -> nbformat.NotebookNode:
    mark = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    metadata = {"nbgrader": {**mark, **what}}
    return nbformat.v4.new_code_cell(source, metadata=metadata, id=name.replace("_", "-"))


def _assignment(number: int) -> str:
    return f"week-{number:02}"


def _student(number: int) -> str:
    return f"student-{number:02}"


def _bulk(workers: int) -> list[str]:
    return ["autograder", "grade", ".", "--workers", str(workers)]


def _run(course: Path, program: str, *arguments: str) -> None:
    command = [sys.executable, "-m", program, *arguments]
    # A grader that stays is one of this measuring's own: the user's are neither asked nor ended.
    env = {**environment(), "XDG_RUNTIME_DIR": str(course)}
    done = subprocess.run(command, cwd=course, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join((program, *arguments))} failed:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
