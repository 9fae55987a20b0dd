"""Whose scores they are, who handed in nothing, and who may need help."""

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.database import Person, Roster, Standing
from autograder.instructor.report._people import count_lessons, count_people, open_book
from autograder.judging.results import SubmissionResult, question_result


@pytest.fixture
def submission(tested):
    """``submission("ada", "1-neuron", 7, "failed", …)``: of 12 points, with questions that ended so."""

    def make(student, lesson, score, *endings, problem=None):
        return SubmissionResult(
            student=student, assignment=lesson, score=score, max_score=12, seconds=0, confinement={}, problem=problem,
            questions=tuple(question_result(f"q{n}", (tested(end),)) for n, end in enumerate(endings)),
        )  # fmt: skip

    return make


def people(results, roster=None):
    book = open_book(results, roster, COURSE)
    return {one.student: one for one in count_people(book, count_lessons(book, roster), results)}


def lessons(results, roster=None):
    return {one.name: one for one in count_lessons(open_book(results, roster, COURSE), roster)}


ROSTER = Roster(
    {"ada": Person("Ada", "Lovelace", "ada@example.org"), "bob": Person("", "", ""), "max": Person("Max", "", "")},
    {"1-neuron": 12.0, "essay": 5.0, "4-network": 18.0},
    {("ada", "1-neuron"): Standing(9.5, 2.5, False), ("bob", "essay"): Standing(3.0, 0.0, True)},
)


def test_the_gradebooks_scores_come_before_the_graders(submission):
    found = lessons([submission("ada", "1-neuron", 12)], ROSTER)
    assert found["1-neuron"].scores == (9.5,)
    assert (found["1-neuron"].penalised, found["1-neuron"].by_hand) == (1, 0)


def test_who_is_in_the_gradebook_and_handed_in_nothing_is_missing(submission):
    found = lessons([submission("ada", "1-neuron", 12)], ROSTER)
    assert (found["1-neuron"].handed_in, found["1-neuron"].missing) == (1, 2)
    assert people([], ROSTER)["max"].reasons == ("Has handed in nothing.",)
    assert people([], ROSTER)["ada"].name == "Ada Lovelace"


def test_other_assignments_come_after_the_lessons_and_unused_ones_not_at_all(submission):
    assert list(lessons([submission("ada", "1-neuron", 12)], ROSTER)) == ["1-neuron", "essay"]
    assert (lessons([], ROSTER)["essay"].by_hand, lessons([], ROSTER)["essay"].max_score) == (1, 5.0)


def test_without_a_gradebook_the_class_is_who_is_in_the_results(submission):
    found = lessons([submission("a", "1-neuron", 12), submission("b", "4-network", 3)])
    assert (found["1-neuron"].scores, found["1-neuron"].missing) == ((12,), 1)


def test_what_could_not_be_graded_has_no_score_though_the_gradebook_has_an_old_one(submission):
    refused = [submission("ada", "1-neuron", 0, problem="The file is empty.")]
    old = ROSTER._replace(standings={("ada", "1-neuron"): Standing(9.5, 2.5, True, is_graded=False)})
    found = lessons(refused, old)["1-neuron"]
    assert (found.scores, found.not_graded, found.handed_in, found.median) == ((), 1, 1, None)
    assert "Could not be graded: 1-neuron." in people(refused, old)["ada"].reasons


def test_what_a_human_has_graded_since_it_could_not_be_is_a_score(submission):
    refused = [submission("ada", "1-neuron", 0, problem="The file is empty.")]
    found = lessons(refused, ROSTER)["1-neuron"]
    assert (found.scores, found.not_graded) == ((9.5,), 0)


@pytest.mark.parametrize(("scores", "quartiles"), [([5], (5, 5, 5)), ([0, 4], (1, 2, 3)), ([1, 2, 3, 4, 5], (2, 3, 4))])
def test_quartiles(submission, scores, quartiles):
    found = lessons([submission(f"s{n}", "1-neuron", score) for n, score in enumerate(scores)])["1-neuron"]
    assert (found.lower_quartile, found.median, found.upper_quartile) == quartiles


def klass(submission, *lessons):
    """Seven students who do well in everything, so that somebody can be behind."""
    return [submission(f"s{n}", lesson, 10, "passed") for n in range(7) for lesson in lessons]


def test_several_low_lessons_are_a_reason_and_one_is_none(submission):
    others = klass(submission, "1-neuron", "3-layer")
    low = [submission("eve", "1-neuron", 3, "failed"), submission("eve", "3-layer", 5, "failed")]
    assert people(others + low)["eve"].reasons == ("Low: 1-neuron, 3-layer.",)
    assert people([*others, low[0], submission("eve", "3-layer", 9, "failed")])["eve"].reasons == ()


def test_where_everybody_is_low_nobody_stands_out(submission):
    results = [submission(f"s{n}", lesson, 3, "failed") for n in range(8) for lesson in ("1-neuron", "3-layer")]
    assert not any(one.reasons for one in people(results).values())


def test_several_lessons_missing_are_a_reason_once_half_the_class_has_them(submission):
    results = [*klass(submission, "1-neuron", "3-layer"), submission("eve", "5-images-and-scores", 10, "passed")]
    assert people(results)["eve"].reasons == ("Not handed in: 1-neuron, 3-layer.",)
    assert people(results)["s1"].missing == ("5-images-and-scores",)
    assert people(results)["s1"].reasons == ()


def test_leaving_half_of_the_questions_is_a_reason(submission):
    results = [
        submission("eve", "1-neuron", 12, "passed", "not_attempted"),
        submission("bob", "1-neuron", 12, "passed"),
    ]
    assert people(results)["eve"].reasons == ("Left 1 of 2 questions untouched.",)


def test_an_empty_class_has_nobody():
    assert people([]) == {}
    assert lessons([]) == {}
