"""What students must not get, line by line: solutions, hidden tests, known wrong answers."""

import ast
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.judging import recordings
from autograder.judging.course import LESSONS
from autograder.notebooks.reading import NotebookError, read_notebook

#: Lines shorter than this say nothing: `return z`, `)`, `"""`.
TELLING = 16

#: Idioms that stand in every second program and say nothing about an answer or a test.
IDIOMS = {
    "with torch.no_grad():",
    "generator = torch.Generator().manual_seed(seed)",
    "for _ in range(3):",
    "for _ in range(steps):",
    "powers = torch.exp(z)",
}

_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)
#: Files that are the grader's alone. What students' copies carry of known mistakes has a name of its own.
_FORBIDDEN = re.compile(r"hidden|misconception|(^|[/_.-])solutions?([/_.-]|$)|(^|/)source/")


def solution_lines(course: Path) -> set[str]:
    """Every line between BEGIN SOLUTION and END SOLUTION of every lesson in ``source/``."""
    found: set[str] = set()
    for lesson in LESSONS:
        for cell in read_notebook(lesson.notebook(course / "source")).cells:
            for region in _SOLUTION.findall(cell.source):
                found |= telling_lines(region)
    return found - IDIOMS


def hidden_lines(course: Path) -> set[str]:
    """Lines of the hidden suites that no visible suite shares."""
    suites = course / "autograder" / "suites"
    # By name: a hidden suite that was put beside the visible ones does not become visible by that.
    visible = [suites / lesson.suite for lesson in LESSONS] + [*suites.glob("_*.py")]
    hidden = (suites / "hidden").glob("test_*.py")
    return _lines_of(hidden) - _lines_of(visible) - IDIOMS


def misconception_lines(course: Path) -> set[str]:
    """Lines of the wrong answers, without what a tutor says to each: that may be read."""
    found: set[str] = set()
    for path in (course / "autograder" / "misconceptions").glob("lesson_*.py"):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and "__" in node.name:
                found |= telling_lines("\n".join(lines[node.lineno - 1 : node.end_lineno]))
    return found - IDIOMS


def secrets(course: Path) -> dict[str, str]:
    """Each line that must not get out, and what it is a line of."""
    return {
        line: of
        for of, lines in (
            ("a known wrong answer", misconception_lines(course)),
            ("a hidden test", hidden_lines(course)),
            ("a solution", solution_lines(course)),
        )
        for line in lines
    }


def _lines_of(files: Iterable[Path]) -> set[str]:
    return set[str]().union(*(telling_lines(path.read_text(encoding="utf-8")) for path in files))


def telling_lines(text: str) -> set[str]:
    """Lines that are long enough to give something away, without their indentation."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= TELLING}


def in_text(where: str, text: str, secret: dict[str, str]) -> Iterator[str]:
    """A sentence that shows the first line that gives a secret away, if any does, and counts the others."""
    found = [line.strip() for line in text.splitlines() if line.strip() in secret]
    if found:
        more = f", and {len(found) - 1} more that must not get out" if len(found) > 1 else ""
        yield f"{where} has a line of {secret[found[0]]}: `{found[0]}`{more}"


def in_notebook(where: str, path: Path, secret: dict[str, str]) -> Iterator[str]:
    """A sentence for each cell of a released notebook that gives a secret away."""
    try:
        cells = read_notebook(path).cells
    except NotebookError:
        return  # whoever grades it says so
    for cell in cells:
        yield from in_text(f"{where}, cell {cell.id or cell.number},", cell.source, secret)


def in_wheel(wheel: Path, secret: dict[str, str]) -> Iterator[str]:
    """A sentence for each file and each recorded answer that gives something away to whoever unpacks the wheel."""
    texts = dict(_texts(wheel))
    for name, text in texts.items():
        if _FORBIDDEN.search(name.removesuffix(recordings.MISCONCEPTIONS)):
            yield f"{wheel.name} holds {name}, which is for the grader alone; `exclude` in pyproject.toml keeps it out."
        else:
            yield from in_text(f"{name} in {wheel.name}", text, secret)
    visible = {test for name, text in texts.items() if "/suites/test_" in name for test in _tests(text)}
    for name, text in texts.items():
        if "/suites/recorded/" in name:
            for test in sorted(_answered(json.loads(text))):
                if test.partition("[")[0] not in visible:
                    yield f"{name} in {wheel.name} answers {test}, which is no visible test. Run `make lessons`."


def _texts(wheel: Path) -> Iterator[tuple[str, str]]:
    """Name and text of everything in a wheel that is text."""
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            try:
                yield name, archive.read(name).decode()
            except UnicodeDecodeError:
                continue  # images, measurements


def _tests(suite: str) -> Iterator[str]:
    for group in ast.parse(suite).body:
        if isinstance(group, ast.ClassDef):
            for test in group.body:
                if isinstance(test, ast.FunctionDef):
                    yield f"{group.name}::{test.name}"


def _answered(kept: dict) -> Iterable[str]:
    """The tests of which a recording tells anything."""
    seen = [kept.get("answers", {}), kept.get("right", {}), *(one["seen"] for one in kept.get("known", {}).values())]
    return {test for part in seen for test in part}
