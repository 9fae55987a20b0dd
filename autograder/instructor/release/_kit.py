"""What students unpack: a notebook, the wheel, the tested versions and a page that says what to do.

Students install ranges: the wheel names the oldest versions that the course works with, and pip takes the newest that
there are for their Python and their computer. Pins would end with the Python that they were made for. The versions that
the course was tested with lie beside, for whoever wants exactly those.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from autograder.instructor.release._checks import handed_out
from autograder.instructor.zips import write_zip
from autograder.judging.course import Course, Lesson
from autograder.notebooks.reading import read_notebook

_PAGE = Path(__file__).parent / "start_here.html"
#: Whoever takes the lessons one by one installs the course once.
_AGAIN = (
    "<p><b>Did you install the course for an earlier lesson?</b> Then put this lesson's notebook into that folder and "
    "go on there with step 3.</p>"
)

_TESTED = "tested-versions.txt"

_REQUIREMENTS = """\
# pip install -r requirements.txt, in this folder.
# On Linux PyPI serves torch with gigabytes of GPU libraries. To do without, add to that line:
# --extra-index-url https://download.pytorch.org/whl/cpu
# pip takes the newest versions for your Python. For exactly those that the course was tested with, add to that line:
# -c {tested}
./{wheel}
"""

_TESTED_WITH = """\
# What the course was tested with, on Python {python}. Other Pythons may need other versions: then do without this file.
"""


def write_kits(folder: Path, course: Course, wheel: Path, lessons: Sequence[Lesson]) -> list[Path]:
    """Write a zip for each lesson that works by itself, and one of all of them; the same bytes for the same input."""
    support = {
        wheel.name: wheel.read_bytes(),
        "requirements.txt": _REQUIREMENTS.format(wheel=wheel.name, tested=_TESTED).encode(),
        _TESTED: _versions(course.home / "constraints.txt").encode(),
    }
    kits = []
    for lesson in lessons:
        files = {name.name: content for name, content in _files(course, lesson)}
        kits.append(_zip(folder, lesson.name, {**files, **support, **_page(course, [lesson], wheel)}))
    whole = {str(name): content for lesson in lessons for name, content in _files(course, lesson)}
    kits.append(_zip(folder, course.data_name, {**whole, **support, **_page(course, lessons, wheel)}))
    return kits


def _files(course: Course, lesson: Lesson) -> Iterable[tuple[Path, bytes]]:
    assignments = course.home / "assignments"
    return [(path.relative_to(assignments), path.read_bytes()) for path in handed_out(assignments / lesson.name)]


def _versions(path: Path) -> str:
    """The tested versions; the remarks in the file are for whoever works on the course."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    remark = _TESTED_WITH.format(python=platform.python_version())
    return remark + "".join(line for line in lines if not line.startswith("#"))


def _page(course: Course, lessons: Sequence[Lesson], wheel: Path) -> dict[str, bytes]:
    titles = [escape(_title(lesson.notebook(course.home / "assignments"))) for lesson in lessons]
    whole = len(lessons) > 1
    first = lessons[0].notebook(Path()).as_posix() if whole else f"{lessons[0].name}.ipynb"
    filled = Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(course.title) if whole else titles[0],
        contents="<ul>" + "".join(f"<li>{title}</li>" for title in titles) + "</ul>" if whole else "",
        again="" if whole else _AGAIN,
        folder=course.data_name if whole else lessons[0].name,
        notebook=first,
        wheel=wheel.name,
    )
    return {"START-HERE.html": filled.encode()}


def _title(notebook: Path) -> str:
    """The heading that a lesson begins with."""
    heading = read_notebook(notebook).cells[0].source.splitlines()[0]
    return heading.lstrip("# ")


def _zip(folder: Path, name: str, files: Mapping[str, bytes]) -> Path:
    path = folder / f"{name}.zip"
    write_zip(path, [(f"{name}/{inside}", files[inside]) for inside in sorted(files)])
    return path
