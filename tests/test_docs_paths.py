"""The documents name files and folders of this repository. All of them exist."""

import re
from pathlib import Path

import pytest

from autograder.course.contents import COURSE

HOME = COURSE.home
DOCUMENTS = [HOME / "README.md", HOME / "CONTRIBUTING.md", *sorted((HOME / "docs").glob("*.md"))]

#: A path from the top of the repository. `<lesson>` and the like stand for any name.
PATH = re.compile(r"(?<![\w./-])(?:autograder|tests|docs|benchmarks|source|assignments|solutions)/[\w./<>-]*")

#: What a document lets its reader make, so that it is not there yet.
MADE = (
    "source/my-lesson/",
    "source/7-counting",
    "autograder/course/lessons/lesson_7_counting",
    "autograder/course/secret/lesson_7_counting",
)


def paths_in(text: str) -> list[str]:
    """Every path that a document names, in order."""
    return list(dict.fromkeys(found.rstrip(".") for found in PATH.findall(text)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_path_exists(document: Path) -> None:
    missing = [
        path
        for path in paths_in(document.read_text(encoding="utf-8"))
        if not path.startswith(MADE) and not any(HOME.glob(re.sub(r"<[^>]*>", "*", path).rstrip("/")))
    ]
    assert missing == []


def test_paths_are_found() -> None:
    text = "See `tests/e2e/` and [it](autograder/plugin.py). `x/docs/a`, `source/<lesson>/<lesson>.ipynb`; ../docs/b."
    assert paths_in(text) == ["tests/e2e/", "autograder/plugin.py", "source/<lesson>/<lesson>.ipynb"]
