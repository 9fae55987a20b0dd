"""Answers in sentences: what nbgrader does with them, what we add, and what a class without points sees of them."""

import csv
import io
import json
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.feedback import write_feedback
from autograder.gradebook.stubs import ClearAnswers
from autograder.gradebook.written import WRITTEN, SideBySide, find_answers, needs_nobody
from autograder.instructor import exports
from autograder.instructor.build import release_lessons
from autograder.judging.written import PLACEHOLDER

LESSON = COURSE.find_lesson("1-neuron")
(ASKED,) = LESSON.written
BIN = Path(sys.executable).parent
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = 'neurons-to-network'
c.CourseDirectory.release_directory = 'release'
"""
SANDBOX = "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"
#: What three students have written.
ANSWERS = {"ada": "It fires sooner.\n\n<script>alert(1)</script> $w > 0$", "bob": PLACEHOLDER, "cyd": "  \n"}


@pytest.fixture(scope="module")
def nbgrader(command):
    """``nbgrader(course, "autograde", "ps1")``, which goes well."""

    def run(course, *arguments):
        done = command("nbgrader", *arguments, cwd=course)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


def make_course(folder, points, config=SANDBOX):
    """A class that gives so many points for each answer in sentences, and what three students have handed in."""
    shutil.copytree(COURSE.home / "source" / LESSON.name, folder / "source" / LESSON.name)
    rules = f"c.ClassRules.written_points = {points}\n" if points else ""
    (folder / "nbgrader_config.py").write_text(CONFIG + config + rules)
    release_lessons(COURSE, folder, f"sqlite:///{folder}/gradebook.db", (LESSON,))
    released = json.loads(LESSON.notebook(folder / "release").read_text())
    for student, answer in ANSWERS.items():
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == ASKED.name:
                cell["source"] = answer
        place = folder / "submitted" / student / LESSON.name
        place.mkdir(parents=True)
        (place / f"{LESSON.name}.ipynb").write_text(json.dumps(released))
    return folder


def by_nbgrader(folder, nbgrader):
    nbgrader(folder, "autograde", LESSON.name)
    nbgrader(folder, "generate_feedback", LESSON.name)
    return folder


def by_us(folder, _):
    with ClassRun(folder, COURSE, workers=1) as run:
        list(run.grade())
    assert [
        line for lines in write_feedback(folder, [(who, LESSON.name) for who in ANSWERS], 1) for line in lines
    ] == []
    return folder


GRADERS = {"nbgrader": by_nbgrader, "ours": by_us}
#: With and without points, each in one way; `make soak` has both in both ways.
ENOUGH = ((0, "ours"), (2.5, "nbgrader"))


@pytest.fixture(scope="module")
def course(request, tmp_path_factory, nbgrader):
    """A class that gives so many points, graded in one of two ways."""
    if request.param not in ENOUGH:
        request.getfixturevalue("soak")
    points, grader = request.param
    return GRADERS[grader](make_course(tmp_path_factory.mktemp("course"), points), nbgrader)


WITHOUT, WITH = ([(points, grader) for grader in GRADERS] for points in (0, 2.5))
WITHOUT_POINTS = pytest.mark.parametrize("course", WITHOUT, indirect=True, ids=str)
WITH_POINTS = pytest.mark.parametrize("course", WITH, indirect=True, ids=str)
EITHER = pytest.mark.parametrize("course", [*WITHOUT, *WITH], indirect=True, ids=str)


def grades(marks_in, course):
    """What the gradebook has of the answers, and of whole submissions, by student."""
    marks = marks_in(course / "gradebook.db")
    key = (LESSON.name, ASKED.name)
    return {
        who: (mark["grades"][key][0], mark["grades"][key][3], mark["needs_manual_grade"], mark["max_score"])
        for (who, _), mark in marks.items()
    }


def cell_of(course, student, name):
    nb = nbformat.read(course / "autograded" / student / LESSON.name / f"{LESSON.name}.ipynb", 4)
    (cell,) = (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    return cell


def page_of(course, student):
    return (course / "feedback" / student / LESSON.name / f"{LESSON.name}.html").read_text()


def questions_of(course):
    """The table of `autograder export questions`."""
    out = course / "questions.csv"
    exports.questions(course, COURSE, out)
    return list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))


# --- a class that gives no points


@WITHOUT_POINTS
def test_without_points_nobody_is_asked_to_grade_and_totals_are_as_before(course, marks_in):
    worth = sum(
        cell["metadata"]["nbgrader"]["points"]
        for cell in json.loads(LESSON.notebook(COURSE.home / "source").read_text())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    )
    assert grades(marks_in, course) == dict.fromkeys(ANSWERS, (0.0, False, False, worth))


@WITHOUT_POINTS
def test_without_points_exports_have_no_trace_of_them(course):
    header, *_ = questions_of(course)
    assert any(one.startswith(f"{LESSON.name}: sigmoid (") for one in header)
    assert not any(ASKED.name in one for one in header)


@WITHOUT_POINTS
def test_without_points_a_page_gives_no_score_of_nothing(course):
    page = page_of(course, "ada")
    assert "It fires sooner." in page
    assert "Written response" not in page
    assert not re.search(r"/ 0\.0\b", page)


# --- a class that gives some


@WITH_POINTS
def test_with_points_who_has_written_something_is_graded_by_hand_and_nobody_else(course, marks_in):
    found = grades(marks_in, course)
    assert {who: one[:3] for who, one in found.items()} == {
        "ada": (None, True, True),
        "bob": (0.0, False, False),
        "cyd": (0.0, False, False),
    }


@WITH_POINTS
def test_points_stand_in_the_gradebook_and_in_exports(course, marks_in):
    marks = marks_in(course / "gradebook.db")
    assert {mark["grades"][LESSON.name, ASKED.name][5] for mark in marks.values()} == {2.5}
    header, *_ = questions_of(course)
    assert f"{LESSON.name}: {ASKED.name} (2.5)" in header


@WITH_POINTS
def test_nothing_written_is_no_response(course, marks_in):
    marks = marks_in(course / "gradebook.db")
    comments = {who: mark["comments"][LESSON.name, ASKED.name][0] for (who, _), mark in marks.items()}
    assert comments == {"ada": None, "bob": "No response.", "cyd": "No response."}


@WITH_POINTS
def test_page_names_the_question_and_its_points(course):
    assert re.search(
        rf'<a href="#{ASKED.name}"><code>{ASKED.name}</code></a> \(Score: 0.0 / 2.5\)', page_of(course, "ada")
    )


# --- side by side


@EITHER
def test_copy_shows_the_answer_ours_and_what_is_looked_for(course):
    (output,) = cell_of(course, "ada", f"{ASKED.name}-ours").outputs
    html = output.data["text/html"]
    parts = (
        "The student's answer",
        "It fires sooner.",
        "Our answer",
        "frightened",
        "What is looked for",
        *ASKED.looked_for,
    )
    places = [html.index(part.replace("'", "&#x27;")) for part in parts]
    assert places == sorted(places)
    assert "<script" not in html


@EITHER
@pytest.mark.parametrize("student", ["bob", "cyd"])
def test_ours_stays_closed_where_nothing_was_written(course, student):
    assert cell_of(course, student, f"{ASKED.name}-ours").outputs == []
    assert "frightened" not in page_of(course, student)


@EITHER
def test_page_has_them_side_by_side_with_formulas_drawn(course):
    page = page_of(course, "ada")
    beside = page[re.search("<b>The student(&#x27;|')s answer</b>", page).start() :]
    assert beside.index("It fires sooner.") < beside.index("Our answer") < beside.index("What is looked for")
    assert "<math" in beside[: beside.index("What is looked for")]
    assert "<script>alert" not in page


# --- nbgrader alone


def test_stock_nbgrader_collects_them_and_asks_for_a_human(soak, tmp_path, marks_in, nbgrader):
    course = make_course(tmp_path / "stock", 0, "c.Execute.skip_cells_with_tag = 'show'\n")
    by_nbgrader(course, nbgrader)
    assert {who: one[:2] for who, one in grades(marks_in, course).items()} == {
        "ada": (None, True),
        "bob": (0.0, False),
        "cyd": (None, True),  # to nbgrader alone an emptied cell is an answer
    }
    assert "It fires sooner." in page_of(course, "ada")
    (output,) = cell_of(course, "ada", f"{ASKED.name}-ours").outputs  # run in a kernel, it finds the notebook
    assert "Our answer" in output.data["text/html"]


# --- the steps


def notebook(answer="Mine.", *others, points=0):
    about = {"grade_id": ASKED.name, "grade": True, "solution": True, "points": points, "cell_type": "markdown"}
    cell = new_markdown_cell(answer, metadata={"nbgrader": {**about, "locked": False, "task": False}})
    return new_notebook(cells=[cell, *others])


def side_by_side(nb):
    resources = {WRITTEN: find_answers(nb, LESSON)}
    return SideBySide().preprocess(nb, resources)[0]


def test_cell_that_compares_is_put_back_where_it_was_deleted():
    nb = side_by_side(notebook("Mine.", new_code_cell("1 + 1", id=f"{ASKED.name}-ours")))
    nbformat.validate(nb)
    assert [cell.source for cell in nb.cells] == ["Mine.", f'compare("{ASKED.name}")', "1 + 1"]
    assert "Our answer" in nb.cells[1].outputs[0].data["text/html"]


def test_nothing_is_put_back_where_nothing_was_written():
    assert len(side_by_side(notebook(PLACEHOLDER)).cells) == 1


def test_old_notebooks_get_no_id():
    nb = notebook()
    nb.nbformat_minor = 4
    del nb.cells[0]["id"]
    nbformat.validate(side_by_side(nb))


@pytest.mark.parametrize("lesson", [None, COURSE.find_lesson("2-gradient-descent")])
def test_cell_of_that_name_elsewhere_is_left_alone(lesson):
    nb = notebook(" ", points=0)
    assert find_answers(nb, lesson) == {}
    assert "checksum" not in nb.cells[0].metadata.nbgrader
    assert not needs_nobody(nb.cells[0], {WRITTEN: {}})


def test_tex_of_a_stranger_makes_no_links():
    nb = side_by_side(notebook(r"$\href{https://example.org}{x}$"))
    assert "\\href" not in nb.cells[1].outputs[0].data["text/html"]


@pytest.mark.parametrize(("setting", "points"), [(None, 0), (2, 2), (1.5, 1.5)])
def test_rule_of_the_class_says_what_they_are_worth(setting, points):
    config = Config()
    if setting is not None:
        config.ClassRules.written_points = setting
    source = nbformat.read(LESSON.notebook(COURSE.home / "source"), 4)
    released, _ = ClearAnswers(config=config).preprocess(source, {})
    worth = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in released.cells
        if "points" in cell.metadata.get("nbgrader", {})
    }
    assert worth.pop(ASKED.name) == points
    assert all(worth.values())


def test_cells_that_are_graded_by_hand_otherwise_keep_their_points():
    config = Config()
    config.ClassRules.written_points = 7
    project = COURSE.find_lesson("8-your-own-question")
    released, _ = ClearAnswers(config=config).preprocess(nbformat.read(project.notebook(COURSE.home / "source"), 4), {})
    worth = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in released.cells
        if "points" in cell.metadata.get("nbgrader", {})
    }
    assert (worth["card"], worth["experiments"], worth["five_questions"]) == (10, 10, 7)
