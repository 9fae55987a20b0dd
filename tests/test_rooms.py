"""The house keeps its plan: which room may know which, no circles, no long modules, an engine that knows no course."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

import autograder
from autograder.course.contents import COURSE

PACKAGE = Path(autograder.__file__).parent
#: What each room may import of the other rooms, from the ground up. The doors (`DOORS`) may import every room.
MAY_IMPORT = {
    "notebooks": (),
    "judging": ("notebooks",),
    "panels": ("judging",),
    "sandbox": ("judging", "notebooks"),
    "grading": ("sandbox", "panels", "judging", "notebooks"),
    "student": ("grading", "sandbox", "panels", "judging", "notebooks"),
    "gradebook": ("grading", "sandbox", "panels", "judging", "notebooks"),
    "instructor": ("gradebook", "grading", "sandbox", "panels", "judging", "notebooks"),
    "course": ("panels", "judging"),
}
#: What hands a course to the engine: the package's face, the commands, nbgrader's plug-in.
DOORS = ("autograder", "autograder.__main__", "autograder.plugin", "autograder.cli")
#: The only places that may import these libraries.
ONLY_IN = {
    "nbgrader": ("autograder.gradebook", "autograder.instructor.build"),
    "nbformat": ("autograder.gradebook", "autograder.instructor.build"),
    "nbconvert": ("autograder.gradebook",),
    "sqlalchemy": ("autograder.gradebook", "autograder.instructor.exports", "autograder.instructor.report"),
    "dask": ("autograder.grading.cluster",),
    "distributed": ("autograder.grading.cluster",),
    "IPython": ("autograder.course", "autograder.panels.kernel", "autograder.sandbox.inside.shell"),
    "traitlets": (
        "autograder.course.widgets",
        "autograder.gradebook",
        "autograder.instructor.build",
        "autograder.sandbox.inside.shell",
    ),
    "rich": (
        "autograder.cli",
        "autograder.grading.terminal",
        "autograder.instructor",
        "autograder.panels",
        "autograder.student",
    ),
    "jupyter_server": ("autograder.instructor.formgrader",),
    "tornado": ("autograder.instructor.formgrader",),
    "matplotlib": ("autograder.course",),
    "click": ("autograder.cli",),
    "pytest": ("autograder.course.lessons", "autograder.course.secret", "autograder.judging"),
    "watchfiles": ("autograder.student.watch",),
}
#: All of ours that is imported into the process of a student's code, beside the course's own modules.
INSIDE_MAY_IMPORT = (
    "autograder.judging.calling",
    "autograder.judging.outcomes",
    "autograder.judging.standing",
    "autograder.judging.time_limits",
    "autograder.sandbox.confinement",
    "autograder.sandbox.inside",
    "autograder.sandbox.wire",
)
#: Code that plays a student's notebook and looks for what it must not find.
PLAYS_A_STUDENT = "autograder.sandbox.inside.probes"
LONGEST = 400
MOST_ENTRIES = 14


class Import(NamedTuple):
    """One imported module.

    Attributes:
        importer: the module that imports.
        imported: the module that is imported.
        is_late: it is imported by a function, or for types alone.
    """

    importer: str
    imported: str
    is_late: bool


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    """A module's syntax."""
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def imports_of(module: str) -> Iterator[Import]:
    """What a module imports, inside functions and for types too."""
    is_package = modules()[module].name == "__init__.py"
    package = module if is_package else module.rpartition(".")[0]
    for node, is_late in _statements(tree(module), False):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, is_late)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                below = f"{base}.{alias.name}"
                yield Import(module, below if below in modules() else base, is_late)


def _statements(node: ast.AST, is_late: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        late = is_late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        late = late or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        yield child, late
        yield from _statements(child, late)


@cache
def all_imports() -> tuple[Import, ...]:
    """What all modules import."""
    return tuple(one for module in modules() for one in imports_of(module))


def is_in(module: str, *places: str) -> bool:
    """Whether a module is one of these, or lies in one of them."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def room_of(module: str) -> str:
    """The room of one of our modules; empty for a door."""
    room = [*module.split("."), ""][1]
    return room if room in MAY_IMPORT else ""


# --- the plan


def test_every_folder_is_a_room_or_a_door():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {*MAY_IMPORT, "cli"}
    for module in modules():
        assert room_of(module) or module in DOORS or is_in(module, "autograder.cli"), module


def test_imports_go_down_only():
    """The table itself has no circle: its rooms stand in the order of their floors."""
    floors = list(MAY_IMPORT)
    for room, below in MAY_IMPORT.items():
        assert all(floors.index(one) < floors.index(room) for one in below)


def test_each_room_knows_only_the_rooms_below_it():
    wrong = []
    for importer, imported, _ in all_imports():
        if not is_in(imported, "autograder") or not room_of(importer) or importer == PLAYS_A_STUDENT:
            continue
        if room_of(imported) not in (room_of(importer), *MAY_IMPORT[room_of(importer)]):
            wrong.append(f"{importer} imports {imported}")
    assert not wrong


def test_only_doors_import_the_course():
    """The table says so of whole rooms; this, of modules that are named in a string and imported by `importlib`."""
    found = {
        module
        for module in modules()
        if room_of(module) not in ("course", "")
        for text in strings(module)
        if "autograder.course" in text
    }
    assert not found


def test_libraries_are_imported_where_they_belong():
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported, _ in all_imports()
        if (places := ONLY_IN.get(imported.partition(".")[0])) and not is_in(importer, *places)
    ]
    assert not wrong


def test_the_process_of_a_student_s_code_has_little_of_ours():
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported, _ in all_imports()
        if is_in(importer, "autograder.sandbox.inside") and importer != PLAYS_A_STUDENT
        if is_in(imported, "autograder") and not is_in(imported, *INSIDE_MAY_IMPORT)
    ]
    assert not wrong


def test_there_is_no_circle():
    """Of what is imported at once. A module needs its package, too, where it asks the package for a name."""
    below: dict[str, set[str]] = {module: set() for module in modules()}
    for importer, imported, is_late in all_imports():
        if not is_late and imported in below and imported != importer:
            below[importer].add(imported)
    while free := [module for module, needs in below.items() if not needs]:
        for module in free:
            del below[module]
        for needs in below.values():
            needs.difference_update(free)
    assert not below


# --- the size of things


def test_few_entries_lie_at_the_top():
    assert len([path for path in PACKAGE.iterdir() if path.name != "__pycache__"]) <= MOST_ENTRIES


@pytest.mark.parametrize("module", [module for module in modules() if room_of(module) != "course"])
def test_no_module_is_long(module):
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


# --- the engine knows no course

#: Names of questions that are ordinary words as well, of Python, of mathematics, or of grading.
ORDINARY = {"between", "forward", "linear"}
QUESTIONS = {question.name for _, question in COURSE.questions()}
TELLING = QUESTIONS - ORDINARY
#: It recognises torch's own error messages, in which torch's functions are named.
KNOWS_TORCH_S_MESSAGES = "autograder.judging.exceptions"


def strings(module: str) -> Iterator[str]:
    """A module's constant texts, without docstrings: examples may stand there."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree(module))
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def identifiers(module: str) -> Iterator[str]:
    """Every name that a module uses or gives, without those of torch, such as ``torch.nn.functional.cross_entropy``."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("torch."):
            continue
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


#: Pages, scripts and packages' files of the engine; documents for people may give examples.
PAGES = [
    path
    for path in sorted(PACKAGE.rglob("*"))
    if path.is_file() and path.suffix not in (".py", ".pyc", ".md") and path.relative_to(PACKAGE).parts[0] != "course"
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_of_the_engine_name_no_lesson_and_no_question(path):
    text = path.read_text(encoding="utf-8")
    names = {*TELLING, *(lesson.name for lesson in COURSE.lessons)}
    assert not {name for name in names if re.search(rf"\b{name}\b", text)}


def test_ordinary_words_are_questions():
    assert ORDINARY <= QUESTIONS


@pytest.mark.parametrize("module", [module for module in modules() if room_of(module) not in ("course", "")])
def test_engine_names_no_lesson_and_no_question(module):
    """A question's name counts where it stands as a whole word in a text, or is an identifier."""
    texts, names = list(strings(module)), set(identifiers(module))
    lessons = {name for one in COURSE.lessons for name in (one.name, one.public.name)}
    assert not {name for name in lessons if any(name in text for text in texts)}
    assert not names & TELLING
    telling = {name for name in TELLING if module != KNOWS_TORCH_S_MESSAGES or not hasattr(torch.nn.functional, name)}
    assert not {name for name in telling if any(re.search(rf"\b{name}\b", text) for text in texts)}
