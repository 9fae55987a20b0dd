"""A class in which everybody else hands in something that should hurt the grader: files, names, times, notebooks.

Nothing of what they hand in is code. All of it is graded in one run, as an instructor would; whoever cannot be graded
gets a sentence, the honest ones get their points, and the grader's memory stays where it was.
"""

import contextlib
import importlib.util
import json
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.database import read_roster

_spec = importlib.util.spec_from_file_location("page_forms", Path(__file__).with_name("page_forms.py"))
page_forms = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(page_forms)

#: Megabytes by which the grader may grow over what it holds when it is idle.
MOST_MEGABYTES = 300
#: Seconds for all of them together.
MOST_SECONDS = 60.0


def _notebook(*cells, metadata=None):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": list(cells)}


def _text(source, **fields):
    return {"cell_type": "markdown", "id": f"t{len(source)}", "metadata": {}, "source": source, **fields}


def _code(source, **fields):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **fields}


class HandedIn:
    """What each of them hands in: a method a student, given the folder and an honest notebook."""

    def timestamp_pipe(self, folder, honest):
        os.mkfifo(folder / "timestamp.txt")

    def timestamp_endless(self, folder, honest):
        (folder / "timestamp.txt").symlink_to("/dev/zero")

    def timestamp_digits(self, folder, honest):
        (folder / "timestamp.txt").write_text("9" * 5_000_000)

    def timestamp_zone_opens_a_file(self, folder, honest):
        os.mkfifo(folder / "zone")
        (folder / "timestamp.txt").write_text(f"2026-11-30 17:05:00 {folder}/zone")

    def timestamp_zone_climbs(self, folder, honest):
        (folder / "timestamp.txt").write_text("2026-11-30 17:05:00 America/../../../etc/passwd")

    def timestamp_folder(self, folder, honest):
        (folder / "timestamp.txt").mkdir()

    def timestamp_binary(self, folder, honest):
        (folder / "timestamp.txt").write_bytes(b"\xff\xfe\0\x1b[2J")

    def timestamp_unreadable(self, folder, honest):
        (folder / "timestamp.txt").write_text("2026-11-30 17:05:00 UTC")
        (folder / "timestamp.txt").chmod(0)

    def timestamp_in_the_year_zero(self, folder, honest):
        (folder / "timestamp.txt").write_text("0000-00-00 00:00:00 UTC")

    def file_sparse(self, folder, honest):
        with (folder / "data.bin").open("wb") as file:
            file.truncate(8 * 2**40)

    def file_unreadable(self, folder, honest):
        (folder / "data.csv").write_text("1")
        (folder / "data.csv").chmod(0)

    def file_large(self, folder, honest):
        with (folder / "data.bin").open("wb") as file:
            file.truncate(3 * 2**30)

    def file_pipe(self, folder, honest):
        os.mkfifo(folder / "data.csv")

    def file_socket(self, folder, honest):
        here = os.getcwd()
        os.chdir(folder)  # the whole path is too long for a socket's name
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s")
        os.chdir(here)

    def file_link_to_the_gradebook(self, folder, honest):
        (folder / "gradebook.txt").symlink_to(folder.parents[2] / "gradebook.db")

    def file_link_in_a_circle(self, folder, honest):
        (folder / "loop").symlink_to("loop")

    def folder_link_to_everything(self, folder, honest):
        (folder / "all").symlink_to("/")

    def folder_unreadable(self, folder, honest):
        (folder / "closed").mkdir()
        (folder / "closed" / "a").write_text("1")
        (folder / "closed").chmod(0)

    def files_very_many(self, folder, honest):
        for number in range(5_000):
            (folder / f"{number}.txt").touch()

    def folders_very_deep(self, folder, honest):
        place = folder
        for _ in range(60):
            place = place / "deeper"
            place.mkdir()
        (place / "a.txt").write_text("1")

    def file_named_like_a_module(self, folder, honest):
        for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "nbgrader_config.py", "torch.py"):
            (folder / name).write_text("raise SystemExit('I was imported')")
        for name in ("page.html", "drawing.svg", "feed.xml"):
            (folder / name).write_text("<script>alert(1)</script>")

    def file_with_an_odd_name(self, folder, honest):
        (folder / "a\n\x1b[2J<script>.txt").write_text("1")

    def notebook_pipe(self, folder, honest):
        (folder / "ps1.ipynb").unlink()
        os.mkfifo(folder / "ps1.ipynb")

    def notebook_link_to_another(self, folder, honest):
        (folder / "ps1.ipynb").unlink()
        (folder / "ps1.ipynb").symlink_to(folder.parents[1] / "ada" / "ps1" / "ps1.ipynb")

    def notebook_sparse(self, folder, honest):
        with (folder / "ps1.ipynb").open("wb") as file:
            file.truncate(8 * 2**40)

    def notebook_unreadable(self, folder, honest):
        (folder / "ps1.ipynb").chmod(0)

    def notebook_folder(self, folder, honest):
        (folder / "ps1.ipynb").unlink()
        (folder / "ps1.ipynb").mkdir()

    def notebook_of_empty_dicts(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], metadata={"x": [{}] * 1_500_000}))

    def notebook_of_empty_lists_in_a_cell(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text("x", metadata={"x": [[]] * 1_500_000})))

    def notebook_of_empty_cells(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], *[_text("")] * 500_000))

    def notebook_of_many_kinds_of_output(self, folder, honest):
        shown = {"output_type": "display_data", "metadata": {}, "data": {f"text/{n}": "" for n in range(500_000)}}
        _write(folder, _notebook(*honest["cells"], _code("1", outputs=[shown])))

    def notebook_with_a_long_output(self, folder, honest):
        text = {"output_type": "stream", "name": "stdout", "text": "x" * 40_000_000 + "\N{SLICE OF PIZZA}"}
        _write(folder, _notebook(*honest["cells"], _code("1", outputs=[text])))

    def notebook_with_a_long_text(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text("x" * 40_000_000 + "\N{SLICE OF PIZZA}")))

    def notebook_with_long_pictures(self, folder, honest):
        pictures = {"a.png": {"image/png": "A" * 40_000_000}}
        _write(folder, _notebook(*honest["cells"], _text("![](attachment:a.png)", attachments=pictures)))

    def notebook_that_shows_a_picture_often(self, folder, honest):
        pictures = {"a.png": {"image/png": "A" * 1_000_000}}
        _write(folder, _notebook(*honest["cells"], _text("![](attachment:a.png)<i>" * 3_000, attachments=pictures)))

    def notebook_of_many_lines(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text([""] * 2_000_000)))

    def notebook_of_quadratic_mathematics(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], *[_text("\\begin{a}" * 8_000 + str(n)) for n in range(20)]))

    def notebook_of_quadratic_marks(self, folder, honest):
        marks = ("[", "![", "*a **a ", "`a ", "$a ", "<!--", "[a](", "&a", "~~a ", "\\\\[", "\\\\(a", "# a\n")
        _write(folder, _notebook(*honest["cells"], *[_text(mark * (90_000 // len(mark))) for mark in marks]))

    def notebook_of_much_work_in_small_pieces(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], *[_text("\\begin{a}" * 900 + str(n)) for n in range(200)]))

    def notebook_of_nested_html(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text("<div>" * 15_000), _text("<b><p>" * 9_000)))

    def notebook_of_nested_quotes(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text(">" * 50_000), _text("- " * 40_000)))

    def notebook_of_deep_metadata(self, folder, honest):
        raw = json.dumps(_notebook(*honest["cells"], metadata={"x": 0}))
        (folder / "ps1.ipynb").write_text(raw.replace('"x": 0', '"x": ' + "[" * 100_000 + "]" * 100_000))

    def notebook_with_numbers_without_end(self, folder, honest):
        raw = json.dumps(_notebook(*honest["cells"], metadata={"x": 0}))
        (folder / "ps1.ipynb").write_text(raw.replace('"x": 0', '"x": ' + "9" * 3_000_000))

    def notebook_with_every_key_twice(self, folder, honest):
        raw = json.dumps(honest)
        (folder / "ps1.ipynb").write_text('{"cells": [], "nbformat": 3,' + raw[1:])

    def notebook_of_half_characters(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text("\ud800 \udfff")))

    def notebook_with_strange_attachments(self, folder, honest):
        _write(folder, _notebook(*honest["cells"], _text("![](attachment:x)", attachments={"x": [1], "y": None})))

    def notebook_with_strange_metadata(self, folder, honest):
        strange = {"tags": 7, "nbgrader": [], "jupyter": "x"}
        _write(folder, _notebook(*honest["cells"], _text("x", metadata=strange), metadata={"kernelspec": 7}))


#: Students whom it costs their points; all others are graded like the honest.
NOT_GRADED = {
    *(name for name in vars(HandedIn) if name.startswith("timestamp_")),
    *("notebook_pipe", "notebook_link_to_another", "notebook_sparse", "notebook_folder"),
    *("notebook_of_empty_dicts", "notebook_of_empty_lists_in_a_cell", "notebook_of_empty_cells"),
    *("notebook_of_many_kinds_of_output", "notebook_with_a_long_text", "notebook_with_long_pictures"),
    *("notebook_of_many_lines", "notebook_of_deep_metadata", "notebook_with_numbers_without_end"),
    "notebook_of_half_characters",
}
#: Whom root can read and nobody else.
UNREADABLE = {"timestamp_unreadable", "file_unreadable", "notebook_unreadable", "folder_unreadable"}
STUDENTS = sorted(name for name in vars(HandedIn) if not name.startswith("_"))


def _write(folder, whole):
    (folder / "ps1.ipynb").write_text(json.dumps(whole))


@pytest.fixture(scope="module")
def make_course(tmp_path_factory, gradebook_at, notebook, code_cell):
    """``make_course(builds)``: a course with one small assignment, handed in by these and by two who are honest.

    What a student hands in is made by a function, given the folder and an honest notebook.
    """
    made = []

    def make(builds):
        made.append(tmp_path_factory.mktemp("course"))
        _fill(made[-1], builds, notebook, code_cell)
        return made[-1]

    yield make
    for course in made:
        for place, folders, _ in os.walk(course):
            for name in folders:
                if not os.path.islink(os.path.join(place, name)):
                    os.chmod(os.path.join(place, name), 0o700)


@pytest.fixture(scope="module")
def course(make_course):
    """The course of everybody above, and of some whose names are odd."""
    course = make_course(_of(STUDENTS))
    for student in (".hidden", "line\nbreak", "<img src=x onerror=alert(1)>"):
        shutil.copytree(course / "submitted" / "ada", course / "submitted" / student)
    (course / "submitted" / ".ipynb_checkpoints" / "ps1").mkdir(parents=True)
    return course


def _of(students):
    return {name: getattr(HandedIn(), name) for name in students}


def _fill(course, builds, notebook, code_cell):
    from nbformat import from_dict
    from nbgrader.api import Gradebook
    from nbgrader.utils import compute_checksum

    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'any'\n"
        "from autograder.plugin import use_sandbox\nuse_sandbox(c)\nc.SandboxedExecute.stays = False\n"
    )
    test = code_cell("assert x == 1", grade_id="test", grade=True, locked=True, points=3)
    source = course / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(notebook(test))
    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        gradebook.add_grade_cell("test", "ps1", "ps1", max_score=3.0, cell_type="code")
        cell = from_dict(test)
        gradebook.add_source_cell(
            *("test", "ps1", "ps1"),
            source=cell.source, checksum=compute_checksum(cell), cell_type="code", locked=True,
        )  # fmt: skip
    honest = _notebook(_code("x = 1", id="x"), {**test, "id": "test"})
    for student in ("ada", *builds, "zoe"):
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(json.dumps(honest))
        if student in builds:
            builds[student](folder, honest)


def _memory():
    """Megabytes: what the largest grader process holds, and the most that it has ever held; and which one it is."""
    found = [(0, 0, 0)]
    for process in multiprocessing.active_children():
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            held, most = (int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) >> 10 for name in ("VmRSS", "VmHWM"))
            found.append((held, most, process.pid))
    return max(found)


def _grade(course):
    """The results by student, the complaints, the seconds without the start, and the grader's memory after each."""
    with ClassRun(course, COURSE, workers=1) as run:
        results, memory, began = {}, {}, None
        for result in run.grade():
            results[result.student] = result
            memory[result.student] = _memory()
            began = began or time.monotonic()
        return results, run.complaints, time.monotonic() - began, memory


@pytest.fixture(scope="module")
def graded(course):
    """All that came of the run, and what it took."""
    return _grade(course)


def test_there_are_enough_of_them():
    assert len(STUDENTS) >= 45
    assert NOT_GRADED | UNREADABLE <= set(STUDENTS)


def test_everybody_gets_a_result(graded):
    assert set(graded[0]) == {"ada", *STUDENTS, "zoe"}


def test_honest_students_get_their_points(graded):
    assert [graded[0][name].score for name in ("ada", "zoe")] == [3.0, 3.0]


@pytest.fixture(scope="module")
def reads_everything(tmp_path_factory):
    """Whether we are root, who can read what nobody may."""
    closed = tmp_path_factory.mktemp("closed") / "file"
    closed.touch(0)
    return os.access(closed, os.R_OK)


@pytest.mark.parametrize("student", STUDENTS)
def test_what_it_costs(graded, student, reads_everything):
    result = graded[0][student]
    if student in UNREADABLE and not reads_everything and student != "folder_unreadable":
        assert result.problem
        assert "read" in result.problem
    elif student in NOT_GRADED - UNREADABLE:
        assert result.problem
        assert result.problem.endswith((".", "."))
        assert result.score == 0
    else:
        assert (result.problem, result.score) == (None, 3.0)


def test_no_name_is_dropped_without_a_word(graded):
    left_out = [sentence for sentence in graded[1] if "is left out" in sentence]
    assert len(left_out) == 3
    assert not any("\n" in sentence for sentence in left_out)


def test_it_takes_neither_time_nor_memory(graded):
    _, _, seconds, memory = graded
    assert seconds < MOST_SECONDS
    assert_bounded([memory["ada"], memory["zoe"]])


def assert_bounded(memory):
    """It is one process all the time, which never held much more than when it was idle at first, and is flat."""
    held, most, process = memory[0]
    assert {one for _, _, one in memory} == {process}
    assert max(one for _, one, _ in memory) - most < MOST_MEGABYTES
    assert max(one for one, _, _ in memory) - held < 50


def test_one_grader_reads_all_files_and_pages_three_times(make_course, soak):
    """All that is handed in here and every form of `page_forms.py`, by one grader process."""
    cells = list(page_forms.forms().values())
    pages = {
        f"page_{first:03}": lambda folder, honest, first=first: _write(
            folder,
            _notebook(
                *honest["cells"], *[{"id": f"form-{n}", **cell} for n, cell in enumerate(cells[first : first + 8])]
            ),
        )
        for first in range(0, len(cells), 8)
    }
    everybody = pages | _of(STUDENTS)
    course = make_course(
        {f"{turn}-{name}": build for turn in (1, 2, 3) for name, build in everybody.items()}
        | {f"{turn}-zoe": lambda folder, honest: None for turn in (0, 1, 2, 3)}
    )
    results, _, seconds, memory = _grade(course)
    assert len(results) == 3 * len(everybody) + 6
    idle, *later = [memory[f"{turn}-zoe"] for turn in (0, 1, 2, 3)]
    print(f"{len(results)} submissions in {seconds:.0f} s; holds, most, process: {idle}, after each turn {later}")
    assert [results[f"{turn}-zoe"].score for turn in (0, 1, 2, 3)] == [3.0] * 4
    assert [results[f"1-{name}"].problem is None for name in pages] == [True] * len(pages)
    assert_bounded([idle, *later])
    assert later[-1][0] - later[0][0] < 20, "it grows from turn to turn"


def test_next_run_grades_none_of_them_again(course, graded):
    again = {name for name, result in graded[0].items() if result.problem and name in UNREADABLE}
    with ClassRun(course, COURSE, workers=1) as run:
        assert {result.student for result in run.grade()} <= again


def test_nothing_is_left_that_acts_by_itself(course, graded):
    left = {path.name for path in (course / "autograded" / "file_named_like_a_module").rglob("*.*")}
    assert {"sitecustomize.py.txt", "conftest.py.txt", "page.html.txt", "torch.py", "ps1.ipynb"} <= left
    assert not left & {"sitecustomize.py", "usercustomize.py", "conftest.py", "nbgrader_config.py", "page.html"}


def test_nothing_was_followed_out_of_the_folder(course, graded):
    for path in (course / "autograded").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or path.is_file()
        assert path.name not in ("gradebook.txt", "passwd", "all")


#: What nbgrader itself opens before any step of ours.
OPENED_BY_NBGRADER = sorted(
    STUDENTS, key=lambda name: (not name.startswith(("timestamp_", "file_", "folder_")), len(name), name)
)


#: What its own steps cannot read. It costs that submission its marks, and nobody else's.
ONLY_NBGRADER_REFUSES = {"notebook_with_strange_attachments", "notebook_with_strange_metadata"}


def _anywhere(text):
    """Without what tells one course of pytest's from another."""
    return re.sub(r"course\d+", "course", text)


#: Runs a command and says what it took; from here a child would begin with the memory of this process.
TELLS = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(code)
"""


def test_nbgraders_own_command_is_as_careful(make_course, graded, few, reads_everything):
    """`nbgrader autograde` with the plug-in: the same are refused, for the same reasons, and nobody is waited for."""
    students = few(OPENED_BY_NBGRADER, 6)
    course = make_course(_of(students))
    nbgrader = [sys.executable, "-m", "nbgrader", "autograde", "ps1"]
    with (course / "log").open("w") as log:
        process = subprocess.run(
            [sys.executable, "-c", TELLS, course / "used", *nbgrader],
            cwd=course,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=20 * len(students),
        )
    seconds, kilobytes = map(float, (course / "used").read_text().split())
    said = _anywhere((course / "log").read_text(errors="replace"))
    assert process.returncode == 1, said[-2_000:]  # as nbgrader ends where somebody was not graded
    assert seconds < MOST_SECONDS + 3 * len(students)
    assert kilobytes / 1024 < MOST_MEGABYTES + 300, "what nbgrader itself holds, and what we allow"
    scores = read_roster(f"sqlite:///{course}/gradebook.db", "any").standings
    others = set()
    for student in ("ada", *students, "zoe"):
        result = graded[0][student]
        is_there = (course / "autograded" / student / "ps1" / "ps1.ipynb").exists()
        if is_there != (result.problem is None):
            others.add(student)
        elif is_there:
            assert scores[student, "ps1"].score == 3.0, student
        elif student not in UNREADABLE:
            assert _anywhere(result.problem) in said, student
    assert others == ONLY_NBGRADER_REFUSES & set(students)
    for path in (course / "autograded").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or path.is_file()
        assert path.name not in ("gradebook.txt", "passwd", "all")
