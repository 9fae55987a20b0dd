"""What students must not get, line by line: solutions, hidden tests, known wrong answers."""

import ast
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.judging.course import Course
from autograder.notebooks.reading import NotebookError, read_notebook
from autograder.sandbox import boundary

__all__ = [
    "IDIOMS",
    "hidden_lines",
    "in_notebook",
    "in_text",
    "in_wheel",
    "misconception_lines",
    "secrets",
    "solution_lines",
    "telling_lines",
]

#: Lines shorter than this reveal nothing: `return z`, `)`, `"""`.
TELLING = 16

#: Idioms that stand in every second program and reveal nothing of an answer or a test.
IDIOMS = {
    "with torch.no_grad():",
    "generator = torch.Generator().manual_seed(seed)",
    "generator = torch.Generator().manual_seed(0)",
    "for _ in range(3):",
    "for _ in range(steps):",
    "for _ in range(epochs):",
    "powers = torch.exp(z)",
}

_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)


def solution_lines(course: Course) -> set[str]:
    """Every line between BEGIN SOLUTION and END SOLUTION of every lesson in ``source/``."""
    found: set[str] = set()
    for lesson in course.lessons:
        for cell in read_notebook(lesson.notebook(course.home / "source")).cells:
            for region in _SOLUTION.findall(cell.source):
                found |= telling_lines(region)
    # That a value has a name tells nothing: the hints have the same line.
    begun = {f"{question.name} = {bracket}" for _, question in course.questions() for bracket in "[({"}
    return found - IDIOMS - begun


def hidden_lines(course: Course) -> set[str]:
    """Lines of the hidden suites that no visible suite of the course has too."""
    # By name: a hidden suite that was put beside the visible ones does not become visible by that.
    visible = [lesson.public / "suite.py" for lesson in course.lessons]
    return _lines_of(course.secret.glob("*/suite.py")) - _lines_of(visible) - IDIOMS


def misconception_lines(course: Course) -> set[str]:
    """Lines of the wrong answers, without the explanations: those may be read."""
    found: set[str] = set()
    for path in course.secret.glob("*/misconceptions.py"):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and "__" in node.name:
                found |= telling_lines("\n".join(lines[node.lineno - 1 : node.end_lineno]))
    return found - IDIOMS


def secrets(course: Course) -> dict[str, str]:
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
        return  # whoever grades it reports that
    for cell in cells:
        yield from in_text(f"{where}, cell {cell.id or cell.number},", cell.source, secret)


def in_wheel(course: Course, wheel: Path, secret: dict[str, str]) -> Iterator[str]:
    """A sentence for each file and each recorded answer that gives something away to whoever unpacks the wheel."""
    texts = dict(_texts(wheel))
    forbidden = _graders_folders(course)
    for name, text in texts.items():
        if any(PurePosixPath(name).is_relative_to(folder) for folder in forbidden):
            yield f"{wheel.name} holds {name}, which is for the grader alone; `exclude` in pyproject.toml keeps it out."
        else:
            yield from in_text(f"{name} in {wheel.name}", text, secret)
    for lesson in course.lessons:
        public = lesson.public.relative_to(course.home).as_posix()
        visible = set(_tests(texts.get(f"{public}/suite.py", "")))
        for name, text in texts.items():
            if PurePosixPath(name).parent == PurePosixPath(public) and name.endswith(".json"):
                for test in sorted(_answered(json.loads(text))):
                    if test.partition("[")[0] not in visible:
                        yield f"{name} in {wheel.name} answers {test}, which is no visible test. Run `make lessons`."


def _graders_folders(course: Course) -> list[PurePosixPath]:
    """What no wheel may hold: folders, relative to the course's home."""
    package = PurePosixPath(boundary.PACKAGE.name)
    trees = (course.secret, course.solutions, course.home / "source")
    inside = [tree.relative_to(course.home) for tree in trees if tree.is_relative_to(course.home)]
    return [*(package / part for part in boundary.GRADER), *(PurePosixPath(tree.as_posix()) for tree in inside)]


def _lines_of(files: Iterable[Path]) -> set[str]:
    """What these files say; what they import is the course's and no secret."""
    lines = set[str]().union(*(telling_lines(path.read_text(encoding="utf-8")) for path in files))
    return {line for line in lines if not line.startswith(("from ", "import "))}


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
                elif isinstance(test, ast.Assign):  # a test that is made, such as by `keeps_arguments`
                    for target in test.targets:
                        if isinstance(target, ast.Name) and target.id.startswith("test_"):
                            yield f"{group.name}::{target.id}"


def _answered(recorded: dict[str, Any]) -> Iterable[str]:
    """The tests of which a recording has anything."""
    known = recorded.get("known", {}).values()
    parts = [recorded.get("answers", {}), recorded.get("right", {}), *(one["seen"] for one in known)]
    return {test for part in parts for test in part}
