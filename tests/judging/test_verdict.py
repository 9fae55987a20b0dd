"""What is said of an answer, and the line between a student's mistakes and ours."""

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace
from autograder.judging.outcomes import ReferenceFailed, Stopped
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import with_suites
from autograder.judging.verdict import MAX_MESSAGE

NETWORK = COURSE.find_lesson("4-network")
DIGITS = COURSE.find_lesson("6-learning-digits")


def only(results, name="softmax"):
    """The result of one question."""
    return next(result for result in results if result.name == name)


def test_student_who_changes_arguments_spoils_no_later_test(run):
    def softmax(z):
        answer = torch.softmax(z, dim=1)
        z.zero_()
        return answer

    result = only(run({"softmax": softmax}))
    wrong = [test.message for test in result.tests if test.outcome != "passed"]
    assert len(wrong) == 1
    assert "changed its argument `z`" in wrong[0]


def test_what_was_wrong_is_kept_with_what_can_be_drawn(run):
    def softmax(z):
        return torch.softmax(z, dim=0)

    result = only(run({"softmax": softmax}, seed=5))
    tests = {test.name: test for test in result.tests}
    values = tests["test_values"]
    assert values.kind == "values"
    assert values.comparison.picture == "bars"
    assert len(values.comparison.actual) == len(values.comparison.expected) == 3
    row, column = values.comparison.index
    assert f"at [{row}, {column}]" in values.message


def test_nothing_is_drawn_of_what_is_right_or_hidden(run):
    """Not even of what differs only where it is hidden."""

    def softmax(z):
        return torch.softmax(z, dim=0) if len(z) > 3 else torch.softmax(z, dim=1)

    right = load_solution(NETWORK, COURSE.solutions)
    for names in (right, {"softmax": softmax}, {"softmax": lambda z: torch.softmax(z, dim=0)}):
        for result in run(names, seed=5):
            for test in result.tests:
                if test.hidden or test.outcome == "passed":
                    assert test.comparison is None
    assert any(test.hidden and test.outcome == "failed" for test in only(run({"softmax": softmax}, seed=5)).tests)


@pytest.mark.parametrize("question", [question.name for question in NETWORK.questions])
def test_function_that_returns_nothing_is_asked_for_return_by_every_test(run, question):
    (result,) = run({question: lambda *arguments: None}, question=question, seed=2)
    for test in result.tests:
        assert (test.outcome, test.kind) == ("failed", "none")
        assert "Did you forget `return`?" in test.message


def test_time_out_and_crash_are_told_apart(run):
    class Dying:
        def call(self, name, arguments, seconds, keep_arguments=False):
            return Stopped("time") if name == "softmax" else Stopped("crash", "its process ended during the call")

    results = run(Dying())
    assert only(results, "softmax").outcome == "timeout"
    assert only(results, "forward").outcome == "error"
    assert "its process ended" in only(results, "forward").tests[0].message


def test_reason_for_a_missing_function_is_told(run):
    result = only(run({}, missing={"softmax": "Its cell has a syntax error."}))
    assert result.outcome == "error"
    assert result.tests[0].message == "Its cell has a syntax error."


def test_broken_reference_is_never_the_students_fault(run):
    class NoReference:
        def recorded(self, lesson, test):
            return Namespace({})

        def live(self, lesson):
            return Namespace({})

    with pytest.raises(ReferenceFailed, match="softmax"):
        run({"softmax": lambda z: torch.softmax(z, dim=1)}, question="softmax", references=NoReference())


def test_what_a_shared_fixture_raised_is_told_by_every_test(run):
    """Both tests of `mnist_accuracy` look at one training; pytest raises its error again for the second."""

    def train_network(*arguments):
        return {}["W1"]

    (result,) = run({"train_network": train_network}, DIGITS, question="mnist_accuracy", seed=4)
    assert result.outcome == "error"
    assert all("raised KeyError: 'W1'" in test.message for test in result.tests)


def test_training_that_never_ends_costs_one_time_limit(run):
    """The second test of `mnist_accuracy` does not train again what ran out of time for the first."""
    trainings = []

    class Slow:
        def call(self, name, arguments, seconds, keep_arguments=False):
            trainings.append(seconds)
            return Stopped("time")

    (result,) = run(Slow(), DIGITS, question="mnist_accuracy")
    assert result.outcome == "timeout"
    assert len(trainings) == 1


STUMBLES = """
from autograder.judging import points

class TestHalf:
    @points(1)
    def test_rest(self, student):
        '''What is left is the other half.'''
        assert 3 - student.half(3) == 1.5
"""


def judge(course, half):
    (lesson,) = course.lessons
    functions = Namespace({"half": half})
    return with_suites(lambda suites: suites.run(lesson, functions), course, ReferenceSolutions(course))


def test_answer_over_which_a_test_stumbles_fails_and_leaves_a_trace(tiny, caplog):
    (result,) = judge(tiny(STUMBLES), lambda x: "a half")
    (test,) = result.tests
    assert (test.outcome, test.kind) == ("failed", "type")
    assert test.message == "`half(x)` with `x = 3` returned something that could not be read as an answer."
    (record,) = caplog.records
    assert "TestHalf::test_rest stumbled" in record.message
    assert record.exc_info[0] is TypeError


def test_test_that_fails_before_it_calls_anything_is_a_mistake_of_ours(tiny):
    broken = STUMBLES.replace("assert", "assert 1 / 0;")
    with pytest.raises(RuntimeError, match=r"TestHalf::test_rest failed before it called anything.*ZeroDivisionError"):
        judge(tiny(broken), lambda x: x / 2)


def test_message_is_cut(tiny):
    long = STUMBLES.replace("import points", "import assert_that, points")
    long = long.replace("assert 3 - student.half(3) == 1.5", "assert_that(student.half(3) == 1.5, '!' * 10_000)")
    (result,) = judge(tiny(long), lambda x: 0)
    assert (result.tests[0].outcome, result.tests[0].kind) == ("failed", "property")
    assert len(result.tests[0].message) == MAX_MESSAGE
