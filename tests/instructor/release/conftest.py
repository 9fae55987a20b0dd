"""What the tests of the release kit share: copies of the course that may be broken, and a fresh build of its source."""

import dataclasses
import json
import shutil

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.build import build_notebooks

#: Enough of the repository to release from; without MNIST, which nobody breaks here.
_PARTS = ("autograder", "source", "assignments", "solutions")
_FILES = ("nbgrader_config.py", "pyproject.toml", "README.md", "LICENSE", "constraints.txt", ".gitignore")


@pytest.fixture
def course(tmp_path):
    """A copy of the course."""
    folder = tmp_path / "course"
    unneeded = shutil.ignore_patterns("__pycache__", "mnist")
    for name in _PARTS:
        shutil.copytree(COURSE.home / name, folder / name, ignore=unneeded)
    for name in _FILES:
        shutil.copy(COURSE.home / name, folder)
    moved = {
        name: folder / getattr(COURSE, name).relative_to(COURSE.home) for name in ("public", "secret", "solutions")
    }
    return dataclasses.replace(COURSE, home=folder, **moved)


@pytest.fixture(scope="session")
def neuron():
    """The lesson on which most of these tests work."""
    return COURSE.find_lesson("1-neuron")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory, neuron):
    """What `source/` gives of that lesson."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(COURSE.home / "source", folder / "source")
    shutil.copy(COURSE.home / "nbgrader_config.py", folder)
    build_notebooks(folder, [neuron])
    return folder


@pytest.fixture(scope="session")
def edit():
    """``edit(path, change)``: let ``change(cells)`` alter the cells of a notebook file, by id."""

    def alter(path, change):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change({cell["id"]: cell for cell in notebook["cells"]})
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    return alter
