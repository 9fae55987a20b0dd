"""Running suites on functions: outcomes, points, order, and the wall between a student's mistakes and ours."""

import pytest
import torch

from autograder.judging.calling import Namespace, Stopped
from autograder.judging.course import LESSONS, find_lesson
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import ReferenceFailed, with_suites

NETWORK = find_lesson("4-network")


def run(names, lesson=NETWORK, **options):
    """Run a lesson's suites on a dict of functions, or on anything that answers calls."""
    student = names if hasattr(names, "call") else Namespace(names)
    references = options.pop("references", None) or ReferenceSolutions()
    hidden = options.pop("hidden", True)
    return with_suites(lambda suites: suites.run(lesson, student, **options), references, (lesson,), hidden)


def only(results, name):
    return next(result for result in results if result.name == name)


@pytest.mark.parametrize("lesson", LESSONS[:-1], ids=lambda lesson: lesson.name)
def test_reference_passes_everything(lesson):
    for result in run(load_solution(lesson), lesson, seed=9):
        assert result.outcome == "passed"
        assert result.score == result.max_score


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_question_is_asked_in_the_lessons_order(lesson):
    assert [result.name for result in run({}, lesson)] == [question.name for question in lesson.questions]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_functions_that_do_nothing_earn_nothing(lesson):
    lazy = {name: lambda *arguments: None for name in lesson.functions}
    assert [result.score for result in run(lazy, lesson, seed=3)] == [0.0] * len(lesson.questions)


def test_functions_that_hand_their_argument_back_earn_little():
    lazy = {name: lambda *arguments: arguments[0] for name in NETWORK.functions}
    assert sum(result.score for result in run(lazy, seed=3)) == 0


def test_one_question_can_be_run_alone():
    (result,) = run(load_solution(NETWORK), question="softmax")
    assert (result.name, result.score) == ("softmax", 6.0)


def test_without_hidden_tests_only_visible_points_count():
    (result,) = run(load_solution(NETWORK), question="softmax", hidden=False)
    assert result.outcome == "passed"
    assert result.max_score < 6
    assert not any(test.hidden for test in result.tests)


def test_order_of_tests_depends_on_the_seed_and_results_keep_their_place():
    def names(seed):
        seen = []
        results = run(load_solution(NETWORK), seed=seed, watch=lambda test, calls: seen.append(test))
        return seen, [test.name for result in results for test in result.tests]

    written, listed = names(0)
    shuffled, listed_again = names(8)
    assert shuffled != written
    assert sorted(shuffled) == sorted(written)
    assert listed == listed_again


def test_hidden_inputs_differ_from_run_to_run():
    def inputs(seed):
        seen = {}

        def watch(test, calls):
            seen[test] = calls[0].arguments[0]

        results = run(load_solution(NETWORK), seed=seed, question="softmax", watch=watch)
        hidden = {f"TestSoftmax::{test.name}" for test in results[0].tests if test.hidden}
        return [seen[name] for name in sorted(hidden)], [seen[name] for name in sorted(set(seen) - hidden)]

    (hidden_1, visible_1), (hidden_2, visible_2) = inputs(1), inputs(2)
    assert not any(a.shape == b.shape and torch.equal(a, b) for a, b in zip(hidden_1, hidden_2, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(visible_1, visible_2, strict=True))


def test_student_who_changes_arguments_spoils_no_later_test():
    def softmax(z):
        answer = torch.softmax(z, dim=1)
        z.zero_()
        return answer

    result = only(run({"softmax": softmax}), "softmax")
    wrong = [test.message for test in result.tests if test.outcome != "passed"]
    assert len(wrong) == 1
    assert "changed its argument `z`" in wrong[0]


def test_what_was_wrong_is_kept_with_what_can_be_drawn():
    def softmax(z):
        return torch.softmax(z, dim=0)

    result = only(run({"softmax": softmax}, seed=5), "softmax")
    tests = {test.name: test for test in result.tests}
    values = tests["test_values"]
    assert values.kind == "values"
    assert values.comparison.picture == "bars"
    assert len(values.comparison.actual) == len(values.comparison.expected) == 3
    row, column = values.comparison.index
    assert f"at [{row}, {column}]" in values.message


def test_nothing_is_drawn_of_what_is_right_or_hidden():
    """Not even of what differs only where it is hidden."""

    def softmax(z):
        return torch.softmax(z, dim=0) if len(z) > 3 else torch.softmax(z, dim=1)

    for names in (load_solution(NETWORK), {"softmax": softmax}, {"softmax": lambda z: torch.softmax(z, dim=0)}):
        for result in run(names, seed=5):
            for test in result.tests:
                if test.hidden or test.outcome == "passed":
                    assert test.comparison is None
    assert any(
        test.hidden and test.outcome == "failed" for test in only(run({"softmax": softmax}, seed=5), "softmax").tests
    )


@pytest.mark.parametrize("question", [question.name for question in NETWORK.questions])
def test_function_that_returns_nothing_is_asked_for_return_by_every_test(question):
    (result,) = run({question: lambda *arguments: None}, question=question, seed=2)
    for test in result.tests:
        assert (test.outcome, test.kind) == ("failed", "none")
        assert "Did you forget `return`?" in test.message


def test_time_out_and_crash_are_told_apart():
    class Dying:
        def call(self, name, arguments, seconds, keep_arguments=False):
            return Stopped("time") if name == "softmax" else Stopped("crash", "its process ended during the call")

    results = run(Dying())
    assert only(results, "softmax").outcome == "timeout"
    assert only(results, "forward").outcome == "error"
    assert "its process ended" in only(results, "forward").tests[0].message


def test_reason_for_a_missing_function_is_told():
    result = only(run({}, missing={"softmax": "Its cell has a syntax error."}), "softmax")
    assert result.outcome == "error"
    assert result.tests[0].message == "Its cell has a syntax error."


def test_broken_reference_is_never_the_students_fault():
    class NoReference:
        def recorded(self, lesson, test):
            return Namespace({})

        def live(self, lesson):
            return Namespace({})

    with pytest.raises(ReferenceFailed, match="softmax"):
        run({"softmax": lambda z: torch.softmax(z, dim=1)}, question="softmax", references=NoReference())


def test_error_in_the_work_comes_out():
    def work(suites):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        with_suites(work, ReferenceSolutions(), (NETWORK,))


def test_settings_of_the_current_folder_change_nothing(tmp_path, monkeypatch):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('conftest was read')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    assert only(run(load_solution(NETWORK)), "softmax").outcome == "passed"


def test_what_a_shared_fixture_raised_is_told_by_every_test():
    """Both tests of `mnist_accuracy` look at one training; pytest raises its error again for the second."""

    def train_network(*arguments):
        return {}["W1"]

    (result,) = run({"train_network": train_network}, LESSONS[-1], question="mnist_accuracy", seed=4)
    assert result.outcome == "error"
    assert all("raised KeyError: 'W1'" in test.message for test in result.tests)


def test_training_that_never_ends_costs_one_time_limit():
    """The second test of `mnist_accuracy` does not train again what ran out of time for the first."""
    trainings = []

    class Slow:
        def call(self, name, arguments, seconds, keep_arguments=False):
            trainings.append(seconds)
            return Stopped("time")

    (result,) = run(Slow(), LESSONS[-1], question="mnist_accuracy")
    assert result.outcome == "timeout"
    assert len(trainings) == 1


def test_points_of_what_is_collected():
    visible, both = (
        with_suites(lambda suites: suites.points(NETWORK), ReferenceSolutions(), (NETWORK,), hidden)
        for hidden in (False, True)
    )
    assert visible["softmax"] == 4
    assert both == {"init_params": 4, "softmax": 6, "forward": 5, "predict_digits": 3}


def test_interrupt_while_collecting_is_handed_on(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.judging.runner._Plugin.pytest_collectreport", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run({})
