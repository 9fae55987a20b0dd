"""The whole release: what it makes of the course as it is, and that a refusal leaves an earlier one alone."""

import hashlib
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.instructor.build import BuildError
from autograder.instructor.release import NotReleased, _kit, build_wheel, find_problems, leaks, release

#: The last tag, and the commits since.
VERSION = subprocess.check_output([sys.executable, "-m", "hatchling", "version"], cwd=COURSE.home, text=True).strip()
ALONE = (
    "START-HERE.html",
    f"neurons_to_network-{VERSION}-py3-none-any.whl",
    "requirements.txt",
    "tested-versions.txt",
)


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The course as it is, released."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    made = release(COURSE, folder, message=lambda line: None)
    assert sorted(made) == sorted(folder.iterdir())
    return folder


def inside(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_there_is_a_zip_for_each_lesson_one_of_all_and_the_wheel(dist):
    names = [*(f"{lesson.name}.zip" for lesson in COURSE.lessons), f"{COURSE.data_name}.zip", ALONE[1]]
    assert sorted(path.name for path in dist.iterdir()) == sorted(names)


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_zip_of_a_lesson_works_alone(dist, lesson):
    files = inside(dist / f"{lesson.name}.zip")
    assert sorted(files) == sorted(f"{lesson.name}/{name}" for name in (*ALONE, f"{lesson.name}.ipynb"))
    assert files[f"{lesson.name}/{lesson.name}.ipynb"] == lesson.notebook(COURSE.home / "assignments").read_bytes()


def test_zip_of_all_has_the_wheel_once(dist):
    files = inside(dist / f"{COURSE.data_name}.zip")
    notebooks = [f"{lesson.name}/{lesson.name}.ipynb" for lesson in COURSE.lessons]
    assert sorted(files) == sorted(f"{COURSE.data_name}/{name}" for name in (*ALONE, *notebooks))


def test_students_install_ranges_and_torch_comes_without_gpu(dist):
    """No pin on the way: those were made for one Python, and a newcomer has the next."""
    files = inside(dist / "1-neuron.zip")
    wanted = files["1-neuron/requirements.txt"].decode()
    assert [line for line in wanted.splitlines() if not line.startswith("#")] == [f"./{ALONE[1]}"]
    with zipfile.ZipFile(dist / ALONE[1]) as wheel:
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        needed = re.findall(r"^Requires-Dist: ([^;\n]+)$", wheel.read(metadata).decode(), re.MULTILINE)
    assert len(needed) > 10
    for one in map(Requirement, needed):
        assert {part.operator for part in one.specifier} <= {">=", "!="}, f"{one} is more than a lower bound"
        assert any(part.operator == ">=" for part in one.specifier), f"{one} has no lower bound"
    without_gpu = "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert without_gpu in wanted
    assert f"install -r requirements.txt {without_gpu}" in files["1-neuron/START-HERE.html"].decode()


def test_tested_versions_lie_beside(dist):
    files = inside(dist / "1-neuron.zip")
    remark, *versions = files["1-neuron/tested-versions.txt"].decode().splitlines()
    tested = (COURSE.home / "constraints.txt").read_text().splitlines()
    assert versions == [line for line in tested if not line.startswith("#")]
    assert f"on Python {platform.python_version()}." in remark
    assert "# -c tested-versions.txt" in files["1-neuron/requirements.txt"].decode().splitlines()


def test_page_says_where_torch_is_not_before_pip_does(dist):
    page = inside(dist / "1-neuron.zip")["1-neuron/START-HERE.html"].decode()
    before, _, after = page.partition("2. Install the course")
    for computer in ("Intel processor", "Windows on Arm", "macOS 13"):
        assert computer in before
    assert f"%pip install ./{ALONE[1]}" in before
    assert "No matching distribution found for torch" in after


def test_page_names_lesson_folder_notebook_and_wheel(dist):
    page = inside(dist / "4-network.zip")["4-network/START-HERE.html"].decode()
    assert "<title>Start here: 4 · A network</title>" in page
    assert page.count("jupyter lab 4-network.ipynb") == 2
    assert "<code>4-network</code>" in page
    assert ALONE[1] in page
    assert "for an earlier lesson?" in page
    assert not re.search(r"\$\w|src=|<script|url\(", page)


def test_page_of_all_lists_the_lessons(dist):
    page = inside(dist / f"{COURSE.data_name}.zip")[f"{COURSE.data_name}/START-HERE.html"].decode()
    assert page.partition("1. Is Python there?")[0].count("<li>") == len(COURSE.lessons)
    assert "for an earlier lesson?" not in page
    assert "jupyter lab 0-from-neurons-to-network/0-from-neurons-to-network.ipynb" in page


def test_same_input_gives_the_same_bytes(dist, tmp_path):
    wheel = build_wheel(COURSE, tmp_path)
    for path in [wheel, *_kit.write_kits(tmp_path, COURSE, wheel, COURSE.lessons)]:
        assert _digest(path) == _digest(dist / path.name)


def _digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


# --- refused


def test_all_that_is_wrong_is_told_at_once(course, edit, dist):
    """A lesson whose notebook is broken in four places, one with a wrong solution, one without any."""
    neuron, layer, descent = (COURSE.find_lesson(name) for name in ("1-neuron", "3-layer", "2-gradient-descent"))
    stub = "# YOUR CODE HERE\n    raise NotImplementedError()"

    def replace(cell, old, new):
        whole = "".join(cell["source"])
        assert old in whole
        cell["source"] = whole.replace(old, new)

    def spoil(cells):
        replace(cells["sigmoid-answer"], stub, "return torch.special.expit(z)")
        replace(cells["weighted_sum-answer"], stub, "return torch.zeros(1)")
        cells["weighted_sum"]["metadata"]["nbgrader"]["points"] = 7
        cells["weighted_sum"]["execution_count"] = 1

    edit(neuron.notebook(course.home / "assignments"), spoil)
    edit(layer.notebook(course.solutions), lambda cells: replace(cells["linear-answer"], "+ b", "- b"))
    descent.notebook(course.solutions).unlink()
    notebook, solution = "assignments/1-neuron/1-neuron.ipynb", "solutions/3-layer/3-layer.ipynb"
    must = "Its cell must hold the stub alone: look at BEGIN SOLUTION and END SOLUTION in source/."
    *others, wrong, dear = find_problems(course, dist / ALONE[1], (neuron, layer, descent), lambda line: None)
    assert others == [
        f"{notebook}, cell weighted_sum, has been run: it has outputs. Run `make lessons`.",
        f"{notebook} is not what source/ gives today. Run `make lessons`.",
        f"{solution} is not what source/ gives today. Run `make lessons`.",
        "solutions/2-gradient-descent/2-gradient-descent.ipynb is missing. Run `make lessons`.",
        f"{notebook}: weighted_sum as released counts as failed, not as not attempted. {must}",
        f"{notebook}: sigmoid as released gives 2 of 2 points. {must}",
    ]
    assert wrong.startswith(f"{solution}: the solution of linear gets ")
    assert dear == f"{notebook}: the cell of weighted_sum is worth 7 points, its tests add up to 2."


def test_first_thing_wrong_is_told_and_an_earlier_release_stays(course, neuron, edit, tmp_path, monkeypatch):
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "1-neuron.zip").write_bytes(b"the release of last week")
    line = max(sorted(leaks.solution_lines(course)), key=len)
    edit(neuron.notebook(course.home / "assignments"), lambda cells: cells["title"].update(source=f"# Neuron\n{line}"))

    def first(*arguments):
        """Enough to refuse: what else is wrong takes seconds to find."""
        yield next(find_problems(*arguments))

    monkeypatch.setattr("autograder.instructor.release.find_problems", first)
    with pytest.raises(NotReleased, match=r"1-neuron.ipynb, cell title, has a line of a solution") as refusal:
        release(course, folder, (neuron,), message=lambda line: None)
    assert len(refusal.value.problems) == 1
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [
        ("1-neuron.zip", b"the release of last week")
    ]


def test_disk_that_is_full_half_way_leaves_an_earlier_release(neuron, tmp_path, monkeypatch):
    (tmp_path / "1-neuron.zip").write_bytes(b"the release of last week")
    monkeypatch.setattr("autograder.instructor.release.find_problems", lambda *arguments: ())

    def full(folder, *arguments):
        (folder / "1-neuron.zip").write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_kit, "write_kits", full)
    with pytest.raises(OSError, match="No space left"):
        release(COURSE, tmp_path, (neuron,), message=lambda line: None)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("1-neuron.zip", b"the release of last week")
    ]


def test_wheel_that_cannot_be_built_is_a_sentence(course, tmp_path):
    (course.home / "pyproject.toml").write_text("[project]\nname = 3\n")
    with pytest.raises(NotReleased, match="The wheel cannot be built from"):
        release(course, tmp_path / "dist", message=lambda line: None)
    assert not (tmp_path / "dist").exists()


def test_source_that_nbgrader_refuses_is_a_sentence(course, neuron, dist, monkeypatch):
    def refuse(*arguments, **options):
        raise BuildError("Duplicate grade id: sigmoid")

    monkeypatch.setattr("autograder.instructor.release.build_notebooks", refuse)
    problems = find_problems(course, dist / ALONE[1], (neuron,), lambda line: None)
    assert next(problems) == "source/ cannot be built: Duplicate grade id: sigmoid"


def test_source_that_is_gone_is_a_sentence(course, neuron, dist):
    COURSE.find_lesson("6-learning-digits").notebook(course.home / "source").unlink()
    (problem,) = find_problems(course, dist / ALONE[1], (neuron,), lambda line: None)
    assert problem.startswith("source/ cannot be read: There is no notebook")


def test_command_says_every_reason_and_exits_with_1(monkeypatch):
    def refuse(course, message):
        raise NotReleased(["The first reason.", "The second reason."])

    monkeypatch.setattr("autograder.instructor.release.release", refuse)
    done = CliRunner().invoke(main, ["release"])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        *("The first reason.", "The second reason."),
        "Error: nothing was released, for the reasons above.",
    ]


def test_command_lists_what_it_made(monkeypatch, tmp_path):
    (tmp_path / "1-neuron.zip").write_bytes(b"x" * 1_200_000)
    monkeypatch.setattr("autograder.instructor.release.release", lambda course, message: [tmp_path / "1-neuron.zip"])
    done = CliRunner().invoke(main, ["release"])
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path}/1-neuron.zip  1.2 MB\n")
