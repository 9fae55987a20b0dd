"""Item analysis: what the numbers are, and when a test is flagged and when it is not yet."""

import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.instructor.report._items import ENOUGH, ENOUGH_TO_CORRELATE, analyse, discrimination, upper_limit
from autograder.judging.results import SubmissionResult, question_result

NUMBERS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), min_size=3, max_size=40)


@pytest.fixture
def submission(tested):
    """``submission({"a": "passed", …}, …)``: a submission, each dict a question; a name with a `~` is a hidden test."""

    def make(*questions, **fields):
        made = []
        for number, tests in enumerate(questions):
            results = [tested(end, name=name, hidden="~" in name) for name, end in tests.items()]
            made.append(question_result(f"q{number}", tuple(results)))
        usual = {"student": "s", "assignment": "1-neuron", "score": 0.0, "max_score": 1.0, "seconds": 0.1}
        return SubmissionResult(**{**usual, "confinement": {}, "questions": tuple(made), **fields})

    return make


def by_name(results):
    return {one.name: one for one in analyse(results)}


def test_difficulty_is_the_share_of_points_of_those_who_attempted_the_question(submission):
    results = [submission({"a": "passed"})] * 3 + [submission({"a": "failed"})] + [submission({"a": "not_attempted"})]
    (one,) = analyse(results)
    assert (one.attempts, one.passed, one.difficulty) == (4, 3, 0.75)


def test_half_the_points_of_a_test_count_half(submission, tested):
    (first, second) = [tested("failed", name="a", points=2.0, earned=earned) for earned in (1.0, 2.0)]
    results = [submission(questions=(question_result("q", (test,)),)) for test in (first, second)]
    assert analyse(results)[0].difficulty == 0.75


def test_without_points_passing_counts(submission, tested):
    tests = [tested(end, name="a", points=0.0, earned=0.0) for end in ("passed", "failed")]
    results = [submission(questions=(question_result("q", (test,)),)) for test in tests]
    assert analyse(results)[0].difficulty == 0.5


@given(NUMBERS)
def test_discrimination_is_pearsons_r_by_its_definition(pairs):
    items, rests = zip(*pairs, strict=True)
    assume(len(set(items)) > 1 and len(set(rests)) > 1)
    a, b = statistics.fmean(items), statistics.fmean(rests)
    products = statistics.fmean([(x - a) * (y - b) for x, y in pairs])
    assert discrimination(items, rests) == pytest.approx(products / statistics.pstdev(items) / statistics.pstdev(rests))


def test_an_item_is_not_compared_with_itself(submission):
    # One test alone has no rest that could vary; with itself in the total it would have r = 1.
    results = [submission({"a": "passed"}), submission({"a": "failed"})] * ENOUGH
    assert analyse(results)[0].discrimination is None


def test_discrimination_tells_who_knows_from_who_does_not(submission):
    knows, not_yet = {"a": "passed"}, {"a": "failed"}
    results = [submission(knows, {"b": "passed"}), submission(not_yet, {"b": "failed"})] * ENOUGH
    assert by_name(results)["b"].discrimination == pytest.approx(1)
    results = [submission(knows, {"b": "failed"}), submission(not_yet, {"b": "passed"})] * ENOUGH
    assert by_name(results)["b"].discrimination == pytest.approx(-1)


def test_of_a_few_there_is_no_discrimination_yet(submission):
    few = [submission({"a": "passed"}, {"b": "passed"}), submission({"a": "failed"}, {"b": "failed"})]
    assert by_name((few * ENOUGH)[: ENOUGH - 1])["b"].discrimination is None
    assert by_name((few * ENOUGH)[:ENOUGH])["b"].discrimination is not None


def test_upper_limit_is_fishers():
    assert upper_limit(0.0, 30) == pytest.approx(0.3603, abs=1e-4)
    assert upper_limit(0.5, 103) == pytest.approx(0.6323, abs=1e-4)
    assert upper_limit(1.0, 30) == 1.0


def test_a_test_that_nobody_passes_is_flagged_when_enough_have_tried(submission):
    nobody = [submission({"a": "failed"}, {"b": "passed"})]
    assert by_name(nobody * (ENOUGH - 1))["a"].flags == ()
    (flag,) = by_name(nobody * ENOUGH)["a"].flags
    assert flag.startswith(f"None of {ENOUGH} passes it.")


def test_a_test_that_the_better_fail_is_flagged_when_enough_have_tried(submission):
    odd = [submission({"a": "passed"}, {"b": "failed"}), submission({"a": "failed"}, {"b": "passed"})]
    few = ENOUGH_TO_CORRELATE // 2 - 1
    assert by_name(odd * few)["b"].flags == ()
    (flag,) = by_name(odd * (few + 1))["b"].flags
    assert "do worse in the rest of the lesson" in flag
    assert "r = -1.00" in flag


def test_a_weak_correlation_of_a_small_class_is_not_flagged(submission):
    # r = 0 exactly, in 32 submissions: the truth may well be 0.3.
    results = [submission({"a": a}, {"b": b}) for a in ("passed", "failed") for b in ("passed", "failed")] * 8
    assert by_name(results)["b"].discrimination == pytest.approx(0)
    assert by_name(results)["b"].flags == ()
    (flag,) = by_name(results * 10)["b"].flags
    assert "hardly do better" in flag


def test_a_hidden_test_that_no_visible_one_warned_of_is_flagged(submission):
    surprised = submission({"seen": "passed", "~not seen": "failed"})
    fine = submission({"seen": "passed", "~not seen": "passed"})
    warned = submission({"seen": "failed", "~not seen": "failed"})
    few = by_name([surprised] * 3 + [fine] * 6 + [warned] * 40)
    assert few["~not seen"].flags == ()
    flags = by_name([surprised] * 3 + [fine] * 7 + [warned] * 40)["~not seen"].flags
    assert flags == (
        "3 of the 10 who pass every visible test of the question fail this hidden one: nothing warned them.",
    )
    assert by_name([surprised] * 2 + [fine] * 8 + [warned] * 40)["~not seen"].flags == ()


def test_a_test_that_many_find_too_slow_is_flagged(submission):
    late = by_name([submission({"a": "timeout"})] + [submission({"a": "passed"})] * 9)["a"].flags
    assert late == ("1 of 10 ran out of time. Is the time limit long enough for this machine?",)
    assert by_name([submission({"a": "timeout"})] + [submission({"a": "passed"})] * 10)["a"].flags == ()
