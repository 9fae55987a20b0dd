"""Fingerprints of everything that marks depend on: what has not changed need not be graded again."""

import ast
import hashlib
import importlib.metadata
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.judging import recordings
from autograder.judging.course import HOME, Lesson
from autograder.notebooks.reading import read_notebook

if TYPE_CHECKING:
    from autograder.gradebook.database import Master  # takes all of nbgrader along

_PACKAGE = Path(__file__).parent

#: The parts of this package that have a say in marks and diagnoses. Those that word and draw have none.
_DECIDING = (
    *("autograding.py", "calls.py", "executed.py", "functions.py", "grading.py", "lessons.py", "notebooks.py"),
    *("recordings.py", "reference.py", "results.py", "runner.py", "values.py", "data/__init__.py"),
    *("suites/__init__.py", "suites/_comparing.py", "suites/_markers.py"),
)


class Fingerprint(msgspec.Struct, frozen=True):
    """What one result depends on.

    Attributes:
        submitted: the student's files.
        master: the assignment's released version and the files beside it.
        engine: the grader itself, and the libraries that it computes with.
        questions: for each question of a lesson, its tests and its reference solution.
    """

    submitted: str
    master: str
    engine: str
    questions: dict[str, str] = {}


def folder(path: Path) -> str:
    """Of all files in a folder and below: names and contents. Links count as where they point to."""
    return _digest(_files(path))


def master(version: "Master", source: Path) -> str:
    """Of an assignment's released version, and of the files beside it that go along with each submission."""
    beside = [
        part for name, content in _pairs(source) if not name.endswith(".ipynb") for part in (name.encode(), content)
    ]
    return _digest([msgspec.json.encode(version.facts), *beside])


@cache
def engine() -> str:
    """Of the grader."""
    folders = sorted(path for name in ("sandbox", "diagnosis") for path in (_PACKAGE / name).rglob("*.py"))
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("torch", "numpy", "nbgrader")]
    parts = [(_PACKAGE / name).read_bytes() for name in _DECIDING]
    return _digest([*parts, *(path.read_bytes() for path in folders), *(version.encode() for version in versions)])


def questions(lesson: Lesson, solutions: Path = HOME / "solutions") -> dict[str, str]:
    """Of each question: tests, visible and hidden, what they share with others, reference solution, known mistakes."""
    texts = [_definitions(path) for path in _files_about(lesson)]
    replies = recordings.load(lesson)["answers"]
    answers = {cell.grade_id: cell.source for cell in read_notebook(lesson.notebook(solutions)).cells}
    found = {}
    for question in lesson.questions:
        about = [
            text
            for definitions in texts
            for name, text in definitions.items()
            if not name or name == question.test_class or name.startswith(f"{question.name}__")
        ]
        about += [answers.get("setup", ""), answers.get(f"{question.name}-answer", "")]
        mine = [[name, replies[name]] for name in replies if name.startswith(f"{question.test_class}::")]
        found[question.name] = _digest([*(text.encode() for text in about), msgspec.json.encode(mine)])
    return found


def _files_about(lesson: Lesson) -> list[Path]:
    suites = _PACKAGE / "suites"
    files = [
        suites / lesson.suite,
        suites / "hidden" / lesson.suite,
        _PACKAGE / "misconceptions" / f"{lesson.module}.py",
    ]
    return [path for path in files if path.exists()]  # students' installations have the first alone


def _definitions(path: Path) -> dict[str, str]:
    """A file's texts by test class or known mistake; what belongs to none of them under the empty name."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {"": ""}
    for node in ast.parse(text).body:
        apart = isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        apart = apart or (isinstance(node, ast.FunctionDef) and "__" in node.name)
        name = node.name if apart else ""
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        found[name] = found.get(name, "") + "\n".join(lines[first - 1 : node.end_lineno]) + "\n"
    return found


def _pairs(path: Path) -> Iterable[tuple[str, bytes]]:
    for place, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = os.path.join(place, name)
            if os.path.islink(file):
                content = os.readlink(file).encode()
            elif os.path.isfile(file):
                content = Path(file).read_bytes()
            else:
                content = b""
            yield os.path.relpath(file, path), content


def _files(path: Path) -> Iterable[bytes]:
    for name, content in _pairs(path):
        yield os.fsencode(name)
        yield content


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
