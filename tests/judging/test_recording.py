"""Making recordings: what a solution and its misconceptions give is noted, and only where all is right."""

import pytest

from autograder.judging import diagnosis, recordings
from autograder.judging.recording import record, write_recordings

VISIBLE = """
from autograder.judging import assert_close, points

class TestHalf:
    @points(2)
    def test_values(self, student, reference):
        '''Half of 3 is 1.5, and half of 4 is 2.'''
        assert_close(student.half(3), reference.half(3))
        assert_close(student.half(4), reference.half(4))
"""
HIDDEN = """
from autograder.judging import assert_close, points

class TestHalf:
    @points(1)
    def test_of_others(self, student, reference, rng):
        '''So are those of other numbers.'''
        assert_close(student.half(7), reference.half(7))
"""
MISCONCEPTIONS = """
from autograder.judging import misconception

@misconception("You double where a half is asked for.", "Is half of 3 more than 3?")
def half__doubles(x):
    return 2 * x
"""


@pytest.fixture
def course(tiny, notebook, code_cell):
    """``course(answer)``: a course with hidden tests, a misconception, and that reference solution."""

    def make(answer="return x / 2"):
        course = tiny(VISIBLE)
        (lesson,) = course.lessons
        lesson.secret.mkdir(parents=True)
        (lesson.secret / "suite.py").write_text(HIDDEN)
        (lesson.secret / "misconceptions.py").write_text(MISCONCEPTIONS)
        path = lesson.notebook(course.solutions)
        path.parent.mkdir(parents=True)
        path.write_bytes(
            notebook(code_cell(f"def half(x):\n    {answer}", grade_id="half-answer", solution=True, locked=False))
        )
        return course

    return make


def test_answers_to_visible_tests_are_noted_and_hidden_ones_counted(course):
    course = course()
    assert record(course, course.lessons[0]) == {
        "points": {"half": 3.0},
        "hidden": {"half": 1},
        "answers": {"TestHalf::test_values": [{"of": "half", "gives": 1.5}, {"of": "half", "gives": 2.0}]},
    }


def test_both_files_are_written_and_serve_a_diagnosis(course):
    course = course()
    write_recordings(course)
    (lesson,) = course.lessons
    assert recordings.load(lesson) == record(course, lesson)
    (explanation,) = diagnosis.explanations(lesson, "half/doubles")
    assert explanation == ("You double where a half is asked for.", "Is half of 3 more than 3?")


def test_solution_that_does_not_pass_is_not_recorded(course):
    course = course("return None")
    with pytest.raises(RuntimeError, match=r"the reference solution of half does not pass: .*Did you forget `return`"):
        record(course, course.lessons[0])


def test_answers_are_not_recorded_without_the_hidden_tests(tiny):
    course = tiny(VISIBLE)
    with pytest.raises(RuntimeError, match="where the hidden tests are, in a clone"):
        record(course, course.lessons[0])


def test_solution_may_take_its_time(course):
    """A time limit is for a student's endless loop. Whoever builds on a busy machine waits."""
    course = course("import time; time.sleep(0.3); return x / 2")
    (lesson,) = course.lessons
    for suite in lesson.suites:
        suite.write_text(
            suite.read_text()
            .replace("import assert", "import time_limit, assert")
            .replace("@points", "@time_limit(0.05)\n    @points")
        )
    assert record(course, lesson)["points"] == {"half": 3.0}
