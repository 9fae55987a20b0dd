"""No right answer is ever called wrong, whatever its style: loops, numpy, double precision, torch's own functions."""

import importlib.util

import pytest

from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox.inside import preload


def _right_answers():
    """Every right answer of each lesson: its name, `<question>__<style>`, and the function."""
    for lesson in COURSE.lessons:
        path = lesson.secret / "right_answers.py"
        spec = importlib.util.spec_from_file_location(f"right answers of {lesson.name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, function in vars(module).items():
            if "__" in name.strip("_") and callable(function):
                yield name, function


ANSWERS = dict(_right_answers())


@pytest.fixture(scope="module")
def results():
    """Each answer's results with the tests' own order and with two drawn ones."""
    # As the grader does: torch's first optimizer imports for seconds on a busy machine, and the time limit runs.
    preload.warm_up()

    def grade(suites):
        graded = {}
        for name, function in ANSWERS.items():
            lesson, question = COURSE.find_question(name.partition("__")[0])
            student = Namespace({question.name: function})
            graded[name] = [
                suites.run(lesson, student, seed=seed, question=question.name)[0] for seed in (0, 20_260, 77)
            ]
        return graded

    return with_suites(grade, COURSE, ReferenceSolutions(COURSE))


def test_there_are_many_and_some_for_every_function():
    assert len(ANSWERS) >= 100
    asked = {question.name for _, question in COURSE.questions() if question.signature}
    assert {name.partition("__")[0] for name in ANSWERS} == asked


@pytest.mark.parametrize("name", ANSWERS)
def test_right_answer_gets_full_points(results, name):
    for result in results[name]:
        wrong = [f"{test.title} {test.message}" for test in result.tests if test.outcome != "passed"]
        assert wrong == []
        assert result.score == result.max_score
