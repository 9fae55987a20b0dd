"""No right answer is ever called wrong, whatever its style: loops, numpy, double precision, torch's own functions."""

import importlib.util
from pathlib import Path

import pytest

from autograder.judging.calling import Namespace
from autograder.judging.course import LESSONS, find_question, questions
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox.inside import preload

BANK = Path(__file__).parent.parent / "bank" / "right"


def _bank():
    """Every right answer in the bank: its name, `<question>__<style>`, and the function."""
    for path in sorted(BANK.glob("lesson_*.py")):
        spec = importlib.util.spec_from_file_location(f"bank_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, function in vars(module).items():
            if "__" in name.strip("_") and callable(function):
                yield name, function


ANSWERS = dict(_bank())


@pytest.fixture(scope="module")
def results():
    """Each answer's results with the tests' own order and with two drawn ones."""
    # As the grader does: torch's first optimizer imports for seconds on a busy machine, and the time limit runs.
    preload.warm_up()

    def grade_all(suites):
        graded = {}
        for name, function in ANSWERS.items():
            lesson, question = find_question(name.partition("__")[0])
            student = Namespace({question.name: function})
            graded[name] = [
                suites.run(lesson, student, seed=seed, question=question.name)[0] for seed in (0, 20_260, 77)
            ]
        return graded

    return with_suites(grade_all, ReferenceSolutions(), LESSONS)


def test_bank_is_large_and_knows_every_function():
    assert len(ANSWERS) >= 100
    asked = {question.name for _, question in questions() if question.signature}
    assert {name.partition("__")[0] for name in ANSWERS} == asked


@pytest.mark.parametrize("name", ANSWERS)
def test_right_answer_gets_full_points(results, name):
    for result in results[name]:
        wrong = [f"{test.title} {test.message}" for test in result.tests if test.outcome != "passed"]
        assert wrong == []
        assert result.score == result.max_score
