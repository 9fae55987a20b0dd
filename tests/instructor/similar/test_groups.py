"""Groups of copies are found whatever their size; who works alone is in none, however many think alike."""

import ast
import random

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.instructor.similar import given_code
from autograder.instructor.similar._groups import _bits, find_groups
from autograder.instructor.similar._pairs import find_pairs
from autograder.judging.misconceptions import misconceptions

NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture(scope="module")
def writers():
    """``writers(36, seed)``: answers of so many who work alone: the usual way, a style, or a known mistake."""
    return pretend_writers()


def pretend_writers():
    """A function that makes the answers of so many who work alone."""
    text = (NETWORK.secret / "right_answers.py").read_text()
    styles = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and "__" in node.name:
            question = node.name.partition("__")[0]
            source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
            styles.setdefault(question, []).append(source.replace(node.name, question, 1))
    usual = reference_answers(NETWORK, COURSE)

    def make(count, seed=0):
        draw = random.Random(seed)
        answers = {}
        for question in NETWORK.functions:
            if NETWORK.find(question).is_value:  # numbers of one's own
                answers[question] = {
                    f"alone-{n:03}": f"{question} = {[round(draw.uniform(-9, 9), 3) for _ in range(12)]}"
                    for n in range(count)
                }
                continue
            wrong = [one.source for one in misconceptions(NETWORK) if one.question == question]
            kinds = [[usual[question]], styles[question], wrong]
            answers[question] = {f"alone-{n:03}": draw.choice(draw.choice(kinds)) for n in range(count)}
        return answers

    return make


@pytest.fixture(scope="module")
def given():
    return given_code(NETWORK.name, COURSE)


def with_copies(answers, count, *sources):
    """The class with so many who hand in these answers in turn."""
    return {
        question: {**by, **{f"copy-{n:02}": sources[n % len(sources)][question] for n in range(count)}}
        for question, by in answers.items()
    }


@pytest.mark.parametrize(("alone", "copies"), [(30, 5), (30, 6), (30, 15), (150, 3), (150, 15)])
def test_group_is_found_whole_whatever_its_size_and_disguise(writers, given, original, copied, alone, copies):
    crowd = with_copies(writers(alone), copies, original, copied)
    (group,) = find_groups(NETWORK.name, crowd, given)
    assert group.students == tuple(f"copy-{n:02}" for n in range(copies))
    assert set(group.answers) == set(original)
    assert group.answers["softmax"]["copy-01"] == copied["softmax"]


@pytest.mark.parametrize("copies", [2, 3, 4])
def test_what_is_too_small_for_a_group_is_found_as_pairs(writers, given, original, copied, copies):
    crowd = with_copies(writers(30), copies, original, copied)
    found = {one for pair in find_pairs(NETWORK.name, crowd, given) for one in pair.students}
    found |= {one for group in find_groups(NETWORK.name, crowd, given) for one in group.students}
    assert found == {f"copy-{n:02}" for n in range(copies)}


@pytest.mark.parametrize("seed", range(3))
def test_who_works_alone_is_in_no_group(writers, given, seed):
    assert find_groups(NETWORK.name, writers(60, seed), given) == []


def test_many_who_think_alike_in_one_question_are_no_group(writers, given, original):
    alike = writers(30)
    for number in range(12):
        alike["softmax"][f"alone-{number:03}"] = original["softmax"]
    assert find_groups(NETWORK.name, alike, given) == []


def test_weight_is_the_chance_in_halvings():
    assert _bits(1, 5.0) == 0.0
    assert _bits(3, 0.001) == pytest.approx(32.5, abs=0.1)  # 0.001 ** 3 / 6
