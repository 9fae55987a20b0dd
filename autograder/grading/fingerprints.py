"""Fingerprints of everything that scores depend on: what has not changed need not be graded again.

Which parts of this package decide scores is said by folder, in `autograder.sandbox.boundary`. Of a lesson each file in
its two folders counts, and each that lies beside those folders and belongs to all lessons. Files that are understood
are taken apart by question: what belongs to one question touches that one alone.
"""

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from autograder.judging.course import Lesson, Question
from autograder.notebooks.reading import read_notebook
from autograder.sandbox import boundary

__all__ = ["Fingerprint", "engine", "folder", "questions", "source_version"]


class Fingerprint(msgspec.Struct, frozen=True):
    """What one result depends on.

    Attributes:
        submitted: the student's files.
        source_version: the assignment's source version and the files beside it.
        engine: the grader itself, and the libraries that it computes with.
        questions: for each question of a lesson, its tests, its reference solution and its misconceptions.
    """

    submitted: str
    source_version: str
    engine: str
    questions: dict[str, str] = {}


def folder(path: Path) -> str:
    """The fingerprint of all files in a folder and below: names and contents. Of a link it is where it points to."""
    return _digest(_files(path))


def source_version(facts: Any, source: Path) -> str:
    """The fingerprint of an assignment's source version.

    Args:
        facts: all in it that scores depend on, as plain values in a fixed order.
        source: its folder. The files in it that are no notebooks go along with each submission, so they count.
    """
    beside = [
        part for name, content in _pairs(source) if not name.endswith(".ipynb") for part in (name.encode(), content)
    ]
    return _digest([msgspec.json.encode(facts), *beside])


@cache
def engine(package: Path = boundary.PACKAGE, modules: tuple[str, ...] = ()) -> str:
    """The fingerprint of the grader: every file of the package that decides scores, and the libraries' versions.

    Args:
        package: the folder of the package.
        modules: names of modules outside the package that count as well; see `Course.modules`.
    """
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("torch", "numpy", "nbgrader")]
    files = [(name.encode(), (package / name).read_bytes()) for name in boundary.deciding_files(package)]
    files += [(name.encode(), _source(name)) for name in modules]
    return _digest([*(part for file in files for part in file), *(version.encode() for version in versions)])


def _source(module: str) -> bytes:
    spec = importlib.util.find_spec(module)
    return b"" if spec is None or spec.origin is None else Path(spec.origin).read_bytes()


def questions(lesson: Lesson, solutions: Path) -> dict[str, str]:
    """The fingerprint of each question of a lesson, with what it shares with the others."""
    contents = [
        (path.relative_to(place.parent).as_posix(), _READERS.get(path.suffix, _hexadecimal)(path))
        for place in (lesson.public, lesson.secret)
        for path in (*sorted(place.parent.glob("*")), *sorted(place.rglob("*")))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    cells = {cell.grade_id: cell.source for cell in read_notebook(lesson.notebook(solutions)).cells}
    found = {}
    for question in lesson.questions:
        others = [one for one in lesson.questions if one != question]
        # A question without a function of its own puts the others' to work.
        functions = (question.name,) if question.signature else lesson.functions
        answers = [cells.get(name, "") for name in ("setup", *(f"{name}-answer" for name in functions))]
        mine = [(name, _without(content, others)) for name, content in contents]
        found[question.name] = _digest([msgspec.json.encode(mine), msgspec.json.encode(answers)])
    return found


def _without(content: Any, others: Iterable[Question]) -> Any:
    """A file's content without the entries that belong to other questions, however deep they lie."""
    if not isinstance(content, dict):
        return content
    return {key: _without(value, others) for key, value in content.items() if not any(_is_of(key, q) for q in others)}


def _is_of(key: str, question: Question) -> bool:
    """Whether an entry of that name belongs to a question: its own name, its tests, its misconceptions."""
    if key in (question.name, question.test_class):
        return True
    return key.startswith((f"{question.test_class}::", f"{question.name}/", f"{question.name}__"))


def _definitions(path: Path) -> dict[str, str]:
    """A module's text by test class, misconception or right answer; what belongs to none under the empty name."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {"": ""}
    for node in ast.parse(text).body:
        name = ""
        if (isinstance(node, ast.ClassDef) and node.name.startswith("Test")) or (
            isinstance(node, ast.FunctionDef) and "__" in node.name
        ):
            name = node.name
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        found[name] = found.get(name, "") + "\n".join(lines[first - 1 : node.end_lineno]) + "\n"
    return found


def _pairs(path: Path) -> Iterator[tuple[str, bytes]]:
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


def _files(path: Path) -> Iterator[bytes]:
    for name, content in _pairs(path):
        yield os.fsencode(name)
        yield content


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _toml(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _hexadecimal(path: Path) -> Any:
    return path.read_bytes().hex()


#: How a file of a lesson is taken apart, by its ending. Of others each byte counts, for all questions.
_READERS = {".py": _definitions, ".json": _json, ".toml": _toml}
