"""Running suites on functions: which tests run, in which order, on which inputs, and for how many points."""

import shutil
import weakref
from dataclasses import replace

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.judging import DEFAULT_TIME_LIMIT, _run
from autograder.judging.outcomes import Returned
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import with_suites

NETWORK = COURSE.find_lesson("4-network")
SOLUTION = load_solution(NETWORK, COURSE.solutions)


@pytest.mark.parametrize(
    "lesson",
    # Trainings on MNIST have tests of their own.
    [lesson for lesson in COURSE.lessons if lesson.find("mnist_accuracy") is None],
    ids=lambda lesson: lesson.name,
)
def test_reference_passes_everything(run, lesson):
    for result in run(load_solution(lesson, COURSE.solutions), lesson, seed=9):
        assert result.outcome == "passed"
        assert result.score == result.max_score


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_question_is_asked_in_the_lessons_order(run, lesson):
    assert [result.name for result in run({}, lesson)] == [question.name for question in lesson.questions]


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_functions_that_do_nothing_earn_nothing(run, lesson):
    lazy = {name: lambda *arguments: None for name in lesson.functions}
    assert [result.score for result in run(lazy, lesson, seed=3)] == [0.0] * len(lesson.questions)


def test_functions_that_hand_their_argument_back_earn_little(run):
    lazy = {name: lambda *arguments: arguments[0] for name in NETWORK.functions}
    assert sum(result.score for result in run(lazy, seed=3)) == 0


def test_one_question_can_be_run_alone(run):
    (result,) = run(SOLUTION, question="softmax")
    assert (result.name, result.score) == ("softmax", 4.0)


def test_without_hidden_tests_only_visible_points_count(run):
    (result,) = run(SOLUTION, question="softmax", hidden=False)
    assert result.outcome == "passed"
    assert result.max_score < 4
    assert not any(test.hidden for test in result.tests)


def test_order_of_tests_depends_on_the_seed_and_results_keep_their_place(run):
    def names(seed):
        seen = []
        results = run(SOLUTION, seed=seed, watch=lambda test, calls: seen.append(test))
        return seen, [test.name for result in results for test in result.tests]

    written, listed = names(0)
    shuffled, listed_again = names(8)
    assert shuffled != written
    assert sorted(shuffled) == sorted(written)
    assert listed == listed_again


def test_hidden_inputs_differ_from_run_to_run(run):
    def inputs(seed):
        seen = {}

        def watch(test, calls):
            seen[test] = calls[0].arguments[0]

        results = run(SOLUTION, seed=seed, question="softmax", watch=watch)
        hidden = {f"TestSoftmax::{test.name}" for test in results[0].tests if test.hidden}
        return [seen[name] for name in sorted(hidden)], [seen[name] for name in sorted(set(seen) - hidden)]

    (hidden_1, visible_1), (hidden_2, visible_2) = inputs(1), inputs(2)
    assert not any(a.shape == b.shape and torch.equal(a, b) for a, b in zip(hidden_1, hidden_2, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(visible_1, visible_2, strict=True))


def test_error_in_the_work_comes_out():
    def work(suites):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        with_suites(work, COURSE, ReferenceSolutions(COURSE), (NETWORK,))


@pytest.mark.parametrize("seed", range(1, 9))
def test_run_that_is_given_up_half_way_leaves_nothing_for_the_next(seed):
    """Whatever test it ended at: pytest would refuse to set up another that shares less with it."""
    lesson = COURSE.find_lesson("4-network")
    reference = load_solution(lesson, COURSE.solutions)

    class Fails:
        def call(self, *arguments, **options):
            raise MemoryError

    def work(suites):
        with pytest.raises(RuntimeError, match="failed before it called anything"):
            suites.run(lesson, Fails(), seed=seed)
        return suites.run(lesson, reference, seed=seed + 1)

    results = with_suites(work, COURSE, ReferenceSolutions(COURSE), [lesson])
    assert {result.outcome for result in results} == {"passed"}


def test_settings_of_the_current_folder_change_nothing(run, tmp_path, monkeypatch):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('conftest was read')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    assert {result.outcome for result in run(SOLUTION)} == {"passed"}


def test_points_of_what_is_collected():
    visible, both = (
        with_suites(lambda suites: suites.points(NETWORK), COURSE, ReferenceSolutions(COURSE), (NETWORK,), hidden)
        for hidden in (False, True)
    )
    assert visible["softmax"] == 2.5
    assert both == {"init_params": 3, "softmax_examples": 5, "softmax": 4, "forward": 3, "predict_digits": 3}


TIMED = """
from autograder.judging import points, time_limit

class TestHalf:
    @points(1)
    def test_usual(self, student):
        student.half(1.0)

    @points(1)
    @time_limit(60)
    def test_long(self, student):
        student.half(2.0)
"""


def test_each_call_has_the_time_that_its_test_gives_it(tiny):
    course = tiny(TIMED)
    given = {}

    class Answers:
        def call(self, name, arguments, seconds, keep_arguments=False):
            given[arguments] = seconds
            return Returned(None)

    with_suites(lambda suites: suites.run(course.lessons[0], Answers()), course, ReferenceSolutions(course))
    assert given == {(1.0,): DEFAULT_TIME_LIMIT, (2.0,): 60.0}


def collect(course):
    return with_suites(lambda suites: suites, course, ReferenceSolutions(course))


def test_interrupt_while_collecting_is_handed_on(tiny):
    with pytest.raises(KeyboardInterrupt):
        collect(tiny("raise KeyboardInterrupt"))


def test_suite_that_cannot_be_collected_is_a_mistake_of_ours(tiny):
    with pytest.raises(RuntimeError, match=r"the suites could not be collected (.|\n)*no_such_module"):
        collect(tiny("import no_such_module"))


def test_large_answers_are_not_kept_until_the_end(run, monkeypatch):
    """Each is more than is kept. What holds one of them is let go before the next test has begun."""
    monkeypatch.setattr(_run, "MAX_KEPT", 3 * 2**20)
    alive = weakref.WeakSet()
    most = []

    class Answers:
        def call(self, name, arguments, seconds, keep_arguments=False):
            most.append(len(alive))
            answer = torch.zeros(1_000_000)
            alive.add(answer)
            return Returned(answer, arguments if keep_arguments else None)

    results = run(Answers(), seed=3, question="softmax")
    assert sum(result.score for result in results) == 0
    assert not any(result.misconception for result in results)
    assert len(most) > 5
    assert max(most) <= 3


def test_test_class_of_no_question_is_named(tmp_path):
    public = tmp_path / "lesson_1_new"
    shutil.copytree(NETWORK.public, public)
    course = replace(COURSE, public=tmp_path, secret=tmp_path / "nowhere")
    (public / "suite.py").write_text("class TestNewQuestion:\n    def test_any(self):\n        pass\n")
    with pytest.raises(RuntimeError, match="TestNewQuestion in a suite of 4-network belongs to no question"):
        with_suites(lambda suites: None, course, ReferenceSolutions(course))


def test_a_value_is_asked_for_once(run):
    """Whoever answers each test differently would be right in each, and has no answer."""
    never, always, some = ([0, 0, 0, 0], -1), ([0, 0, 0, 0], 1), ([1, 0, 0, 0], -0.5)
    said = []

    def between():
        # What the test of the bounds would see of small, middle and large areas, behind what the other one would.
        said.append((some, never, always, never)[len(said) % 4])
        return said[-1]

    (result,) = run({"between": between}, COURSE.find_lesson("3-layer"), question="between")
    assert said == [some]
    assert result.score < result.max_score
