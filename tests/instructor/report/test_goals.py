"""How the class stands by learning goal."""

import dataclasses

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.report import purposes
from autograder.instructor.report._goals import count_goals
from autograder.instructor.report._schema import QuestionReport


def went(name, points, begun, lost):
    """How a question went."""
    return QuestionReport("a lesson", name, points, {}, begun, lost, (), "")


@pytest.fixture
def course(tmp_path):
    """A course with two questions for one goal, one of which shows another goal as well."""
    (tmp_path / "goals.toml").write_text(
        '[roll]\nkind = "code"\ngoals = ["how it rolls"]\n\n'
        '[tip]\nkind = "build"\ngoals = ["how it rolls", "when it tips"]\n'
    )
    return dataclasses.replace(COURSE, secret=tmp_path)


def test_points_are_counted_by_goal_and_the_lowest_stand_first(course):
    first, second = count_goals([went("roll", 2.0, 10, 0.0), went("tip", 6.0, 10, 0.5), went("other", 1, 1, 1)], course)
    assert (first.goal, first.reached, first.questions) == ("when it tips", 0.5, ("tip",))
    assert (second.goal, second.questions) == ("how it rolls", ("roll", "tip"))
    assert second.reached == pytest.approx((20 + 30) / 80)


def test_what_nobody_began_or_gives_no_points_says_nothing(course):
    assert count_goals([went("roll", 0.0, 10, 1.0), went("tip", 6.0, 0, 0.0)], course) == ()


def test_course_without_goals_has_none(tmp_path):
    course = dataclasses.replace(COURSE, secret=tmp_path)
    assert purposes(course) == {}
    assert count_goals([went("roll", 2.0, 10, 0.0)], course) == ()


@pytest.mark.parametrize("text", ["[roll]\nkind = 'code'", "roll = 3", "[roll]\nkind = 'a'\ngoals = []\n"])
def test_file_of_another_form_says_where(tmp_path, text):
    (tmp_path / "goals.toml").write_text(text)
    with pytest.raises(ValueError, match=r"goals\.toml: roll needs a `kind` and a list of `goals`"):
        purposes(dataclasses.replace(COURSE, secret=tmp_path))
