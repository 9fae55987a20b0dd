"""A course tried before it is trusted to us: graded by stock nbgrader and by us, on copies, side by side.

What is graded are the source versions as they stand, solutions and all, and what students have submitted, if anything.
The instructor's own gradebook and folders are read and never written.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import determine_grade

from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.course_folder import CourseFolder
from autograder.judging.course import Course

#: The student whose submissions are the source versions.
AUTHOR = "source-version"

#: What is appended to a copy's settings: it is a course of its own there, whatever stood above.
_PLACES = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {db!r}
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.directory_structure = "{{nbgrader_step}}/{{student_id}}/{{assignment_id}}"
"""
_STOCK = "from autograder.gradebook.plugin import use_stock\nuse_stock(c)\n"
_OURS = "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: What differs from run to run: addresses in memory, times, names of the files that a cell's code is said to be in.
_VOLATILE = re.compile(r"0x[0-9a-fA-F]{4,}|\d+(\.\d+)?(e[+-]\d+)? ?(ns|µs|μs|us|ms|s)\b|(ipykernel_\d+/)?\b\d+\.py\b")

#: How nbgrader logs what it fails over: the folder and, each line indented, the traceback.
_FAILED = re.compile(r"There was an error processing assignment: (.+)\n\[\w+ \| ERROR\] Traceback .*\n((?: {4}.*\n)*)")
_UNRESPONSIVE = re.compile(r"While processing assignment (.+), the kernel became unresponsive")


class TrialError(Exception):
    """The course cannot be tried; the text says why and what to do."""


class GradedBy(NamedTuple):
    """What one of the two has made of a submission.

    Attributes:
        scores: by notebook and graded cell; `None` where a human decides, and none at all if it was not graded.
        outputs: by notebook and place of the code cell, counted from 1, its outputs without what differs from run to
            run.
        problem: why it was not graded; empty if it was.
    """

    scores: dict[tuple[str, str], float | None]
    outputs: dict[tuple[str, int], list[str]]
    problem: str = ""


class GradedTwice(NamedTuple):
    """One submission, graded twice.

    Attributes:
        student: nbgrader's student id; `AUTHOR` for the source version.
        assignment: nbgrader's name of it.
        stock: what stock nbgrader has made of it.
        ours: what we have.
        refused: what its cells asked for and the sandbox does not give, by the names that refusals have.
    """

    student: str
    assignment: str
    stock: GradedBy
    ours: GradedBy
    refused: tuple[str, ...]

    @property
    def differing(self) -> list[tuple[str, str]]:
        """The notebooks and graded cells whose scores differ."""
        cells = {*self.stock.scores, *self.ours.scores}
        return sorted(cell for cell in cells if self.stock.scores.get(cell) != self.ours.scores.get(cell))

    @property
    def is_equal(self) -> bool:
        """Whether both have graded it and all scores are equal."""
        return not (self.differing or self.stock.problem or self.ours.problem)

    @property
    def by_neither(self) -> bool:
        """Whether neither could grade it."""
        return bool(self.stock.problem and self.ours.problem)

    @property
    def other_outputs(self) -> list[tuple[str, int]]:
        """The notebooks and places of the code cells that show something else."""
        places = set(self.stock.outputs) & set(self.ours.outputs)
        return sorted(place for place in places if self.stock.outputs[place] != self.ours.outputs[place])


class Trial(NamedTuple):
    """What came of trying a course.

    Attributes:
        compared: the submissions, by assignment and student.
        stock_seconds: how long stock nbgrader took for all of them.
        our_seconds: how long we took.
        left_out: the assignments that nbgrader cannot release, each with its reason.
    """

    compared: list[GradedTwice]
    stock_seconds: float
    our_seconds: float
    left_out: dict[str, str]


def try_course(
    root: Path, course: Course, place: Path, assignment: str | None, students: int, tell: Callable[[str], None]
) -> Trial:
    """Grade a course twice, on copies.

    Args:
        root: the course's folder.
        course: whose lessons are asked by suites.
        place: an empty folder for the copies.
        assignment: try this one only.
        students: how many submissions of each assignment are graded, beside the source version.
        tell: is called with a sentence before each step that takes long.

    Raises:
        TrialError: nothing can be tried here.
        autograder.gradebook.course_folder.CourseFolderError: the course's settings cannot be read.
        autograder.gradebook.class_run.StoppedShort: our grader cannot grade.
    """
    hers = CourseFolder(root)
    source = Path(hers.directory.root, hers.directory.source_directory)
    names = [name for name in hers.assignments() if assignment is None or name == assignment]
    if not names:
        what = f"no source version of {assignment}" if assignment else "no source version of an assignment"
        raise TrialError(f"There is {what} in {source}.")
    stock, ours = place / "stock", place / "ours"
    _copy(hers, source, names, students, stock)
    tell(f"Releasing {len(names)} assignments, on a copy in {place}")
    left_out = {}
    for name in names:
        done = _nbgrader(stock, "generate_assignment", name, "--create", "--force")
        if done.returncode and "nbgrader update" in done.stderr:
            tell(f"{name} is as an older nbgrader has left it, and is updated on the copy")
            _nbgrader(stock, "update", "source", "submitted")
            done = _nbgrader(stock, "generate_assignment", name, "--create", "--force")
        if done.returncode:
            left_out[name] = next(iter(_reasons(done.stderr).values()), "") or _last(done)
            tell(f"{name} is left out, since nbgrader cannot release it: {left_out[name]}")
            for folder in stock.glob(f"submitted/*/{name}"):
                shutil.rmtree(folder)
    names = [name for name in names if name not in left_out]
    if not names:
        raise TrialError("nbgrader can release none of these assignments, so there is nothing to compare.")
    shutil.copytree(stock, ours, symlinks=True)
    _settings(stock, _STOCK)
    _settings(ours, _OURS)
    tell("Grading with stock nbgrader")
    began = time.monotonic()
    why: dict[str, str] = {}
    for name in names:
        why |= _reasons(_nbgrader(stock, "autograde", name, "--create").stderr)
    stock_seconds = time.monotonic() - began
    tell("Grading with the sandbox")
    began = time.monotonic()
    with ClassRun(ours, course) as run:
        results = {(one.student, one.assignment): one for one in run.grade()}
    our_seconds = time.monotonic() - began
    compared = []
    for name, student in _submitted(ours, names):
        result = results.get((student, name))
        refused = result.refused if result is not None else ()
        problem = (result.problem or "") if result is not None else "it was left out"
        by_us = GradedBy({}, {}, problem) if problem else _graded(ours, student, name)
        by_stock = _graded(stock, student, name, why.get(f"{student}/{name}", ""))
        compared.append(GradedTwice(student, name, by_stock, by_us, refused))
    return Trial(compared, stock_seconds, our_seconds, left_out)


def _copy(hers: CourseFolder, source: Path, names: Sequence[str], students: int, copy: Path) -> None:
    copy.mkdir(parents=True)
    for path in sorted(hers.root.glob("*.py")):
        shutil.copy(path, copy)
    (copy / "nbgrader_config.py").touch()
    (copy / "source").mkdir()
    if (source / "header.ipynb").exists():
        shutil.copy(source / "header.ipynb", copy / "source")
    for name in names:
        shutil.copytree(source / name, copy / "source" / name, symlinks=True)
        shutil.copytree(source / name, copy / "submitted" / AUTHOR / name, symlinks=True)
        for one in hers.submitted(name)[:students]:
            shutil.copytree(one.folder, copy / "submitted" / one.student / name, symlinks=True)
    _settings(copy, "")


def _settings(copy: Path, more: str) -> None:
    """Have the settings of a copy end with what makes it one."""
    path = copy / "nbgrader_config.py"
    text = path.read_text(encoding="utf-8").partition(_MARK)[0]
    places = _PLACES.format(root=str(copy), db=f"sqlite:///{copy}/gradebook.db")
    path.write_text(f"{text}{_MARK}{places}{more}", encoding="utf-8")


_MARK = "\n# The lines from here on make this a copy, on which the course is tried.\n"


def _nbgrader(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=copy, env={**os.environ, "PATH": path}, capture_output=True, text=True)


def _last(done: "subprocess.CompletedProcess[str]") -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1] if lines else f"it ended with exit code {done.returncode}"


def _reasons(log: str) -> dict[str, str]:
    """What a command of nbgrader's has failed over, as the last two folders of its name, each with the exception."""
    found = {}
    for place, trace in _FAILED.findall(log):
        said = re.split(r"^ {6}.*\n", trace, flags=re.MULTILINE)[-1]  # what stands behind the last line of code
        found["/".join(place.split("/")[-2:])] = " ".join(said.split())
    for place in _UNRESPONSIVE.findall(log):
        found["/".join(place.split("/")[-2:])] = "its kernel cannot be interrupted"
    return found


def _submitted(copy: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        for folder in sorted(copy.glob(f"submitted/*/{name}")):
            yield name, folder.parent.name


def _graded(copy: Path, student: str, assignment: str, why_not: str = "") -> GradedBy:
    folder = copy / "autograded" / student / assignment
    scores: dict[tuple[str, str], float | None] = {}
    outputs: dict[tuple[str, int], list[str]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for place, cell in enumerate(notebook.cells, 1):
            if cell.cell_type == "code":
                outputs[path.stem, place] = _steady(cell.outputs)
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade"):
                scores[path.stem, about["grade_id"]] = determine_grade(cell)[0]
    return GradedBy(scores, outputs, "" if scores or outputs else why_not or "it was not graded")


def _steady(outputs: Sequence[Any]) -> list[str]:
    """What a cell shows, as text. What is printed in a row is put together by stream: a kernel may mix two streams."""
    found: list[tuple[str, str]] = []
    for is_printed, several in itertools.groupby(outputs, lambda output: output.output_type == "stream"):
        if is_printed:
            texts: dict[str, str] = {}
            for output in several:
                texts[output.name] = texts.get(output.name, "") + output.text
            found += sorted(texts.items())
            continue
        for output in several:
            if output.output_type == "error":
                found.append(("error", f"{output.ename}: {output.evalue}"))
            elif not (text := str(output.data.get("text/plain", ""))).startswith(_OUR_NOTE):
                found.append(("shown", text))
    return [f"{kind}: {_VOLATILE.sub('…', _ANSI.sub('', text)).strip()}" for kind, text in found]


#: How the sentence begins that we put above a refused cell's outputs.
_OUR_NOTE = "The grading sandbox does not allow this cell"
