"""Each file of the package lies on one side of the boundary, and whoever asks for a side asks `boundary`."""

import ast
import tomllib

import pytest

from autograder.sandbox import boundary
from autograder.sandbox.boundary import GRADER, NOT_DECIDING, PACKAGE, PER_QUESTION, SHARED, STUDENT, WORKER, Side

CLONE = PACKAGE.parent


def is_in(entry, part):
    return part == entry or part.startswith(f"{entry}/")


def test_every_file_lies_on_exactly_one_side():
    assert len({*GRADER, *STUDENT, *SHARED}) == len(GRADER) + len(STUDENT) + len(SHARED), (
        "an entry stands in two tables"
    )
    found = {part: boundary.side_of(part) for part in boundary.files()}
    assert len(found) > 150
    for part, side in found.items():
        holding = [entry for entry in (*GRADER, *STUDENT, *SHARED) if is_in(entry, part)]
        innermost = max(holding, key=len)
        assert innermost in {Side.GRADER: GRADER, Side.STUDENT: STUDENT, Side.SHARED: SHARED}[side], part


@pytest.mark.parametrize(
    ("part", "side"),
    [
        ("__init__.py", Side.SHARED),
        ("plugin.py", Side.GRADER),
        ("course/contents.py", Side.SHARED),
        ("course/secret/lesson_1_neuron/suite.py", Side.GRADER),
        ("course/lessons/lesson_1_neuron/suite.py", Side.STUDENT),
        ("course/figures", Side.STUDENT),
        ("grading/pool.py", Side.SHARED),
        ("grading/cluster/engine.py", Side.GRADER),
        ("sandbox/inside/worker.py", Side.STUDENT),
        ("sandbox/outside/client.py", Side.SHARED),
        ("student/check.py", Side.STUDENT),
    ],
)
def test_sides(part, side):
    assert boundary.side_of(part) == side


@pytest.mark.parametrize("part", ["new_room/module.py", "new_module.py", "plugin.pyc", "coursework/a.py"])
def test_what_no_table_names_lies_on_no_side(part):
    with pytest.raises(ValueError, match="no side"):
        boundary.side_of(part)


@pytest.mark.parametrize("entry", [*GRADER, *STUDENT, *SHARED, *WORKER, *NOT_DECIDING, *PER_QUESTION])
def test_tables_name_what_there_is(entry):
    path = PACKAGE / entry
    assert path.exists()
    assert path.is_dir() or "/" not in entry, "a table names folders, and files only of the package's own folder"


def test_the_wheel_leaves_out_what_is_the_graders():
    with open(CLONE / "pyproject.toml", "rb") as file:
        wheel = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["exclude"] == [f"autograder/{part}" for part in GRADER]


def test_what_students_have_imports_nothing_of_the_graders_at_once():
    """A module of a student's wheel may import the grader's side in a function only, where nobody gets by chance."""
    forbidden = tuple("autograder." + part.removesuffix(".py").replace("/", ".") for part in GRADER)
    for part in boundary.files():
        if part.endswith(".py") and boundary.side_of(part) is not Side.GRADER:
            for node in ast.parse((PACKAGE / part).read_text(encoding="utf-8")).body:
                names = []
                if isinstance(node, ast.Import):
                    names = [one.name for one in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
                assert not [name for name in names if name.startswith(forbidden)], part


class TestWorker:
    """What a student's code may read of the package."""

    def test_each_file_is_readable_or_hidden(self):
        readable, hidden = boundary.readable_parts(), boundary.hidden_parts()
        for part in boundary.files():
            assert sum(is_in(entry, part) for entry in (*readable, *hidden)) == 1, part

    def test_nothing_of_the_graders_and_no_lesson_and_no_label_is_readable(self):
        hidden = boundary.hidden_parts()
        for part in boundary.files():
            if boundary.side_of(part) is Side.GRADER or part.startswith(("course/lessons/", "course/data/mnist/")):
                assert any(is_in(entry, part) for entry in hidden), part

    def test_a_new_folder_or_file_is_hidden(self, tmp_path):
        for part in ("__init__.py", "judging/__init__.py", "judging/new.py", "course/data/__init__.py", "course/a.py"):
            (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / part).touch()
        for folder in ("new", "course/new", "course/data/new", "course/data/cells", "__pycache__"):
            (tmp_path / folder).mkdir()
        assert boundary.readable_parts(tmp_path) == [
            *("__init__.py", "__pycache__", "course/data/__init__.py", "course/data/cells", "judging"),
        ]
        assert boundary.hidden_parts(tmp_path) == ["course/a.py", "course/data/new", "course/new", "new"]


class TestMarks:
    """What marks depend on."""

    def test_all_but_what_is_named_decides(self):
        deciding = set(boundary.deciding_files())
        for part in boundary.files():
            excepted = any(is_in(entry, part) for entry in (*NOT_DECIDING, *PER_QUESTION))
            assert (part in deciding) is not excepted, part
        for part in (
            "judging/pytest.ini",
            "gradebook/plugin.py",
            "notebooks/text.py",
            "course/functions.py",
            "plugin.py",
        ):
            assert part in deciding or not (PACKAGE / part).exists()

    def test_a_suite_decides_although_not_for_every_question(self):
        assert boundary.decides_marks("course/lessons/lesson_1_neuron/suite.py")
        assert not boundary.decides_marks("panels/_svg.py")


def test_caches_are_no_files_of_the_package(tmp_path):
    (tmp_path / "judging" / "__pycache__").mkdir(parents=True)
    (tmp_path / "judging" / "__pycache__" / "a.pyc").touch()
    (tmp_path / "judging" / "a.py").touch()
    assert list(boundary.files(tmp_path)) == ["judging/a.py"]
