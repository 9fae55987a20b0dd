"""Building lessons: those that are named and no other, all or nothing, and a sentence where it fails."""

import json
import shutil

import pytest

from autograder.instructor.build import BuildError, build_lessons
from autograder.judging.course import Course

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "parts"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"
c.Execute.record_timing = False
c.Execute.timeout = 1
"""
SUITE = """
from autograder.judging import assert_close, points

class Test{Name}:
    @points(2)
    def test_of_3(self, student, reference):
        '''Of 3.'''
        assert_close(student.{name}(3), reference.{name}(3))
"""
HIDDEN = SUITE.replace("test_of_3", "test_of_another").replace("points(2)", "points(1)").replace("(3)", "(7)")
MISCONCEPTIONS = """
from autograder.judging import misconception

@misconception("You have not divided.", "Is a part as large as the whole?")
def {name}__whole(x):
    return x
"""
LESSONS = {"1-halves": "half", "2-thirds": "third"}


def write(course, notebook, code_cell, lesson, *, answer, picture="1 + 1", check="3.0"):
    """A source notebook: an answer, a cell that shows something, and a check, which here is what it would say."""
    name = LESSONS[lesson]
    path = course.home / "source" / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [
        code_cell(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", grade_id=f"{name}-answer", solution=True),
        code_cell(picture),
        code_cell(check, grade_id=name, grade=True, points=3, locked=True),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    whole = json.loads(notebook(*cells, metadata=kernel))
    for number, cell in enumerate(whole["cells"]):
        cell["id"] = f"cell-{number}"
    path.write_text(json.dumps(whole))


def course_in(home):
    return Course(
        where="no.module:COURSE",
        title="Parts",
        public=home / "lessons",
        secret=home / "secret",
        home=home,
        solutions=home / "solutions",
    )


def right(lesson, by=None):
    return f"def {LESSONS[lesson]}(x):\n    return x / {by or int(lesson[0]) + 1}"


@pytest.fixture(scope="module")
def built(tmp_path_factory, notebook, code_cell):
    """The folder of a course of two lessons that are built, and what the build said."""
    home = tmp_path_factory.mktemp("parts")
    (home / "nbgrader_config.py").write_text(CONFIG)
    for lesson, name in LESSONS.items():
        folder = f"lesson_{lesson.replace('-', '_')}"
        for place, texts in (
            (home / "lessons" / folder, {"suite.py": SUITE}),
            (home / "secret" / folder, {"suite.py": HIDDEN, "misconceptions.py": MISCONCEPTIONS}),
        ):
            place.mkdir(parents=True)
            for file, text in texts.items():
                (place / file).write_text(text.format(name=name, Name=name.title()))
        # A cell takes longer than a student's may.
        slow = "import time\ntime.sleep(1.5)\n1 + 1"
        write(course_in(home), notebook, code_cell, lesson, answer=right(lesson), picture=slow)
    said = []
    build_lessons(course_in(home), message=said.append)
    return home, said


@pytest.fixture
def course(built, tmp_path):
    """A copy of it that may be broken."""
    shutil.copytree(built[0], tmp_path / "parts")
    return course_in(tmp_path / "parts").fresh()


def files(course, *, but=()):
    """Every file of a course, and what is in it; without what Python keeps of modules."""
    return {
        path.relative_to(course.home).as_posix(): path.read_bytes()
        for path in course.home.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not any(name in path.as_posix() for name in but)
    }


def test_everything_is_made_of_every_lesson(built):
    home, said = built
    assert said == [
        "1-halves: assignment",
        "2-thirds: assignment",
        "1-halves: recorded answers",
        "2-thirds: recorded answers",
        "1-halves: solution, executed",
        "2-thirds: solution, executed",
    ]
    for lesson in LESSONS:
        public = home / "lessons" / f"lesson_{lesson.replace('-', '_')}"
        assert {"contents.json", "answers.json", "misconceptions.json"} <= {path.name for path in public.iterdir()}
        cells = json.loads((home / "solutions" / lesson / f"{lesson}.ipynb").read_text())["cells"]
        assert "".join(cells[1]["outputs"][0]["data"]["text/plain"]) == "2"
        assert "BEGIN SOLUTION" not in (home / "assignments" / lesson / f"{lesson}.ipynb").read_text()


def test_no_other_lesson_is_touched(course, notebook, code_cell):
    for lesson in LESSONS:
        write(course, notebook, code_cell, lesson, answer=right(lesson, by=5))
    before = files(course)
    build_lessons(course, ["2-thirds"], message=lambda line: None)
    after = files(course)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed == {
        "assignments/2-thirds/2-thirds.ipynb",
        "solutions/2-thirds/2-thirds.ipynb",
        "lessons/lesson_2_thirds/answers.json",
        "lessons/lesson_2_thirds/misconceptions.json",
    }


def break_suite(course):
    (course.public / "lesson_2_thirds" / "suite.py").write_text("def test(:")


def break_misconceptions(course):
    (course.secret / "lesson_2_thirds" / "misconceptions.py").write_text("import numbers_of_mine")


@pytest.mark.parametrize(
    ("content", "damage", "sentence"),
    [
        ({"answer": "def third(x):\n    pass"}, None, "the reference solution of third does not pass: .*`return`"),
        ({"answer": "import numbers_of_mine"}, None, "cell third-answer: there is no function third in it"),
        (
            {"answer": f"import numbers_of_mine\n{right('2-thirds')}"},
            None,
            "2-thirds: its answers cannot be recorded: ModuleNotFoundError: No module named 'numbers_of_mine' "
            r"\(2-thirds\.ipynb:cell-0, line 2\)$",
        ),
        ({"answer": "def third(x:"}, None, "cell third-answer: this is not Python"),
        ({}, break_suite, "2-thirds: its answers cannot be recorded: SyntaxError: .*\\(suite.py, line 1\\)$"),
        (
            {},
            break_misconceptions,
            "2-thirds: its answers cannot be recorded: ModuleNotFoundError: .*\\(misconceptions.py, line 1\\)$",
        ),
        ({"picture": "### BEGIN SOLUTION"}, None, "2-thirds: nbgrader cannot make it: .*no end solution"),
        ({"picture": "1 / 0"}, None, "2-thirds.ipynb, cell cell-1: ZeroDivisionError: division by zero$"),
        (
            {"picture": "import os\nos._exit(1)"},
            None,
            "2-thirds: nbgrader cannot make it: DeadKernelError: Kernel died$",
        ),
        ({"check": "2.5"}, None, r"2-thirds.ipynb, cell cell-2: the solution gets 2.5 of 3 points\.$"),
    ],
)
def test_failed_build_says_why_in_a_sentence_and_leaves_every_file_as_it_was(
    course, notebook, code_cell, content, damage, sentence
):
    """Lesson 1 has changed too, and could be made: half of a course is no course."""
    write(course, notebook, code_cell, "1-halves", answer=right("1-halves", by=5))
    write(course, notebook, code_cell, "2-thirds", **{"answer": right("2-thirds"), **content})
    if damage is not None:
        damage(course)
    before = files(course)
    # Where a solution has to be run for it, that of the other lesson is not.
    names = ["2-thirds"] if {"picture", "check"} & set(content) else None
    with pytest.raises(BuildError, match=sentence) as caught:
        build_lessons(course, names, message=lambda line: None)
    assert "Traceback" not in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 2
    assert files(course) == before


def test_interrupted_build_leaves_every_file_as_it_was(course, notebook, code_cell):
    write(course, notebook, code_cell, "1-halves", answer=right("1-halves", by=5))
    shutil.rmtree(course.home / "assignments" / "2-thirds")
    before = files(course)

    def interrupt(line):
        if line == "2-thirds: solution, executed":
            assert files(course) != before
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_lessons(course, message=interrupt)
    assert files(course) == before
    assert not (course.home / "assignments" / "2-thirds").exists()


def test_what_an_author_writes_while_it_is_built_is_kept(course):
    suite = course.public / "lesson_1_halves" / "suite.py"

    def interrupt(line):
        suite.write_text("# written just now")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_lessons(course, message=interrupt)
    assert suite.read_text() == "# written just now"


def test_lesson_that_is_not_there_is_told_with_those_that_are(course):
    with pytest.raises(BuildError, match=r"There is no lesson 2-thrids in .*source; there are 1-halves, 2-thirds\.$"):
        build_lessons(course, ["2-thrids"])
    (course.home / "source" / "3-quarters").mkdir()
    with pytest.raises(BuildError, match=r"3-quarters is no lesson yet: its tests belong into .*lesson_3_quarters\.$"):
        build_lessons(course, ["3-quarters"])
