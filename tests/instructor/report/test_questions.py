"""Counting questions and misconceptions, and what that says of the next lesson."""

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.report._questions import count_questions, to_teach
from autograder.instructor.report._schema import Answer
from autograder.judging.diagnosis import explanations
from autograder.judging.results import SubmissionResult, question_result


@pytest.fixture
def submission(tested):
    """``submission("ada", softmax=("failed", "softmax/sums_columns"), …)``: an ending and what is behind it."""

    def make(student, problem=None, lesson="4-network", **questions):
        made = tuple(
            question_result(name, (tested(ending, title=f"{name} works."),), *behind)
            for name, (ending, *behind) in questions.items()
        )
        return SubmissionResult(
            student=student, assignment=lesson, score=0, max_score=1, seconds=0, confinement={}, problem=problem,
            questions=made,
        )  # fmt: skip

    return make


def count(results, find=lambda id, who: None):
    return {one.name: one for one in count_questions(results, COURSE, find)}


def test_every_status_is_counted_and_all_six_are_there(submission):
    ends = ["passed", "passed", "failed", "not_attempted", "error", "timeout"]
    statuses = count([submission("s", softmax=(end,)) for end in ends])["softmax"].statuses
    assert statuses == {"passed": 2, "partial": 0, "failed": 1, "not_attempted": 1, "error": 1, "timeout": 1}


def test_what_could_not_be_graded_says_nothing_of_its_questions(submission):
    assert count([submission("s", problem="The file is empty.", softmax=("not_attempted",))]) == {}


def test_questions_come_in_the_order_of_the_course(submission):
    results = [
        submission("a", forward=("passed",), softmax=("passed",)),
        submission("b", lesson="1-neuron", sigmoid=("passed",)),
    ]
    assert list(count(results)) == ["sigmoid", "softmax", "forward"]


def test_both_of_two_misconceptions_count(submission):
    results = [
        submission("a", softmax=("failed", "softmax/sums_columns")),
        submission("b", softmax=("failed", "softmax/no_exponential", "softmax/sums_columns")),
    ]
    asked = []
    found = count(results, lambda id, who: asked.append((id, [one.student for one in who])) or Answer(id, 1, 1))
    first, second = found["softmax"].mistakes
    assert (first.id, first.count, first.together) == ("softmax/sums_columns", 2, 1)
    assert (second.id, second.count, second.together) == ("softmax/no_exponential", 1, 1)
    assert asked == [("softmax/sums_columns", ["a", "b"]), ("softmax/no_exponential", ["b"])]
    assert first.answer.source == "softmax/sums_columns"


def test_a_mistake_is_explained_in_the_tutors_words(submission):
    (mistake,) = count([submission("a", softmax=("failed", "softmax/sums_columns"))])["softmax"].mistakes
    (explanation,) = explanations(COURSE.find_lesson("4-network"), "softmax/sums_columns")
    assert (mistake.diagnosis, mistake.pointer) == explanation


def test_a_mistake_of_another_version_is_counted_all_the_same(submission):
    (mistake,) = count([submission("a", softmax=("failed", "softmax/forgotten"))])["softmax"].mistakes
    assert (mistake.count, mistake.diagnosis) == (1, "")


def test_an_untouched_notebook_says_nothing_of_the_class(submission):
    untouched = submission("b", softmax=("not_attempted",), forward=("not_attempted",))
    half = submission("a", softmax=("passed",), forward=("not_attempted",))
    found = count([half, untouched])
    assert (found["softmax"].begun, found["softmax"].lost) == (1, 0)
    assert (found["forward"].begun, found["forward"].lost) == (1, 1)


def test_without_points_the_tests_lost_count(submission, tested):
    tests = (tested("passed", points=0.0, earned=0.0), tested("failed", points=0.0, earned=0.0))
    one = submission("a")
    result = SubmissionResult(
        **{field: getattr(one, field) for field in one.__struct_fields__ if field != "questions"},
        questions=(question_result("count_parameters", tests),),
    )
    assert count([result])["count_parameters"].lost == 0.5


def test_what_to_teach_is_what_the_class_lost_most_on(submission):
    results = [
        *[submission(f"a{n}", softmax=("failed",), forward=("passed",)) for n in range(5)],
        *[submission(f"b{n}", softmax=("passed",), forward=("failed",)) for n in range(3)],
        # All of those who have come so far, but only two.
        *[
            submission(f"c{n}", lesson="5-images-and-scores", cross_entropy=("error",), accuracy=("passed",))
            for n in (1, 2)
        ],
        submission("d", lesson="1-neuron", sigmoid=("failed",)),
    ]
    found = count_questions(results, COURSE, lambda id, who: None)
    assert to_teach(found) == ("softmax", "forward", "cross_entropy")


def test_nothing_is_to_be_taught_where_all_is_right(submission):
    assert to_teach(count_questions([submission("a", softmax=("passed",))], COURSE, lambda id, who: None)) == ()


def test_what_fails_most_is_named(submission):
    found = count([submission("a", softmax=("failed",)), submission("b", softmax=("passed",))])
    assert found["softmax"].fails_most == "softmax works."
