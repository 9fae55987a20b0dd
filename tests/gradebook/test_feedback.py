"""Feedback pages: they show our panels, and say nothing of what hidden tests ask."""

import contextlib
import html
import json
import re
import shutil

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.results_store import read_results
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.misconceptions import misconceptions

NETWORK = COURSE.find_lesson("4-network")

#: Functions that fail hidden tests and do what they can to tell what those asked.
TALKING = {
    "init_params": """def init_params(sizes, seed):
    print("ASKED", sizes, seed)
    raise ValueError(f"ASKED {sizes} {seed}")""",
    "softmax": """def softmax(z):
    import sys, warnings
    asked.append(z)
    print("ASKED", z.tolist(), asked, file=sys.stderr)
    warnings.warn(f"ASKED {z.tolist()}")
    open("asked.txt", "a").write(f"ASKED {z.tolist()}")
    display(z.tolist())
    return z
asked = []""",
    "forward": """def forward(X, params):
    import IPython
    IPython.display.display(IPython.display.HTML(f"<b>ASKED {X.tolist()}</b>"))
    get_ipython().user_ns["told"] = X
    return X""",
    "predict_digits": """def predict_digits(probs):
    global told
    told = probs
    return probs.argmax(dim=0)
print("told" in globals(), "so far")""",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Three students: all right, wrong in ways that are known, and talkative. Graded, with feedback."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE.home / "source" / NETWORK.name, course / "source" / NETWORK.name)
    shutil.copy(COURSE.home / "nbgrader_config.py", course)
    release_lessons(COURSE, course, f"sqlite:///{course}/gradebook.db", (NETWORK,))
    right = reference_answers(NETWORK, COURSE)
    known = {one.id: one.source for one in misconceptions(NETWORK)}
    wrong = {**right, "softmax": known["softmax/sums_columns"]}
    release = NETWORK.notebook(course / "assignments").read_text()
    for student, answers in (("right", right), ("wrong", wrong), ("talks", TALKING)):
        folder = course / "submitted" / student / NETWORK.name
        folder.mkdir(parents=True)
        (folder / f"{NETWORK.name}.ipynb").write_text(fill_in(release, answers))
    with ClassRun(course, COURSE, workers=1) as run:
        assert len(list(run.grade())) == 3
        assert [line for lines in run.feedback_pages().update(1) for line in lines] == []
    return course


@pytest.fixture(scope="module")
def hidden(course):
    """By student, what nobody is to read: titles of hidden tests, and what has a number in one of their messages."""
    told = {}
    for result in read_results(CourseFolder(course).store):
        tests = [test for question in result.questions for test in question.tests]
        visible = " ".join(test.title + test.message for test in tests if not test.hidden)
        pieces = {test.title for test in tests if test.hidden}
        for test in tests:
            if test.hidden:
                found = re.findall(r"`([^`]+)`|(-?\d+\.\d{3,})", test.message)
                pieces |= {piece for pair in found for piece in pair if re.search(r"\d\.\d{2}", piece)}
        told[result.student] = {piece for piece in pieces if piece not in visible}
    return told


def page(course, student):
    return (course / "feedback" / student / NETWORK.name / f"{NETWORK.name}.html").read_text()


def handed_back(course, student):
    """Every file that a student may be given, as text."""
    for folder in (course / "feedback" / student, course / "autograded" / student):
        for path in folder.rglob("*"):
            if path.is_file():
                yield path, html.unescape(path.read_text(errors="replace"))


def test_there_is_something_to_look_for(hidden):
    """Hidden tests failed, and their messages hold numbers that nobody is to read."""
    assert len([piece for piece in hidden["talks"] if re.search(r"\d\.\d\d", piece)]) >= 5
    assert len([piece for piece in hidden["wrong"] if re.search(r"\d\.\d\d", piece)]) >= 2
    assert any(piece.endswith(".") for piece in hidden["right"])


@pytest.mark.parametrize("student", ["right", "wrong", "talks"])
def test_nothing_of_hidden_tests_is_handed_back(course, hidden, student):
    seen = list(handed_back(course, student))
    assert {path.suffix for path, _ in seen} == {".html", ".ipynb"}
    for path, text in seen:
        assert [piece for piece in hidden[student] if piece in text] == [], path


def test_what_a_function_says_while_it_is_asked_is_not_handed_back(course):
    notebook = json.loads((course / "autograded" / "talks" / NETWORK.name / f"{NETWORK.name}.ipynb").read_text())
    shown = [
        cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code" and "check(" not in _source(cell)
    ]
    said = [output for outputs in shown for output in outputs]
    assert [output["text"] for output in said] == [["False so far\n"]]


def _source(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize("student", ["right", "wrong", "talks"])
def test_hidden_tests_are_counted(course, student):
    said = re.findall(r"(\d) of (\d) further tests? that you cannot see passed", page(course, student))
    # The student who talks gave no examples, and what is not attempted has nothing to count.
    assert [int(of) for _, of in said] == ([2, 2, 2, 1] if student == "talks" else [2, 1, 2, 2, 1])
    if student == "right":
        assert [int(passed) for passed, _ in said] == [2, 1, 2, 2, 1]
    if student == "talks":
        assert [int(passed) for passed, _ in said] == [0, 0, 0, 0]


def test_page_shows_the_panel_with_picture_and_diagnosis(course):
    shown = page(course, "wrong")
    panel = shown[shown.index("softmax</code> (") - 400 :]
    assert "Partly correct" in panel[:400] or "Not correct yet" in panel[:400]
    assert "<svg" in panel
    assert "Think about:" in panel


def test_contents_call_questions_by_their_names(course):
    entries = re.findall(r'<li><a href="#(\w+)">(.*?)</a>', page(course, "wrong"))
    assert entries == [(name, f"<code>{name}</code>") for name in NETWORK.functions]


@pytest.mark.parametrize("width", [1200, 390])
def test_page_fits_the_screen_and_shows_panels_without_scripts(course, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, is_mobile=width < 500)
    asked = []
    context.route("http*://**", lambda route: (asked.append(route.request.url), route.abort()))
    with contextlib.closing(context):
        opened = context.new_page()
        opened.goto((course / "feedback" / "wrong" / NETWORK.name / f"{NETWORK.name}.html").as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") == width
        heading = opened.locator(".panel-heading", has_text=re.compile(r"Grade cell: softmax\b(?!_)"))
        assert heading.evaluate("it => it.scrollHeight <= it.clientHeight + 1")
        picture = opened.locator("svg").first.bounding_box()
        assert picture["x"] >= 0
        assert picture["x"] + picture["width"] <= width
        assert opened.get_by_text("of 2 further tests that you cannot see passed").first.is_visible()
        formula = opened.locator("math", has=opened.locator("mfrac")).first.bounding_box()
        assert formula["height"] > 20  # a fraction, drawn
        assert asked == []


def test_panels_bring_no_scripts(course):
    notebook = json.loads((course / "autograded" / "wrong" / NETWORK.name / f"{NETWORK.name}.ipynb").read_text())
    panels = [
        "".join(output["data"]["text/html"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    ]
    assert len(panels) == len(NETWORK.functions)
    assert not any(re.search(r"<script|javascript:|\son\w+=|https?://(?!www\.w3\.org)", panel) for panel in panels)
