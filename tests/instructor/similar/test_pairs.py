"""Copies are found in whatever disguise; people who are right by themselves, or wrong as many are, are left alone."""

import ast
import random

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.instructor.similar import given_code
from autograder.instructor.similar._pairs import find_pairs
from autograder.judging.misconceptions import misconceptions

NETWORK = COURSE.find_lesson("4-network")


def bank(lesson):
    """Right answers in many styles, by question."""
    text = (lesson.secret / "right_answers.py").read_text()
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and "__" in node.name:
            question = node.name.partition("__")[0]
            source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
            found.setdefault(question, []).append(source.replace(node.name, question, 1))
    return found


def class_of(lesson, count, seed=0):
    """Answers as students give them: the usual way, in their own style, or with a known mistake, as chance has it."""
    draw = random.Random(seed)
    usual, styles = reference_answers(lesson, COURSE), bank(lesson)
    answers = {}
    for question in lesson.functions:
        if lesson.find(question).is_value:  # numbers of one's own
            answers[question] = {
                f"student-{number:04}": f"{question} = {[round(draw.uniform(-9, 9), 3) for _ in range(12)]}"
                for number in range(count)
            }
            continue
        wrong = [one.source for one in misconceptions(lesson) if one.question == question]
        answers[question] = {
            f"student-{number:04}": draw.choice(
                draw.choice([[usual[question]], [usual[question]], styles[question], wrong])
            )
            for number in range(count)
        }
    return answers


def pairs_in(lesson, answers):
    return find_pairs(lesson.name, answers, given_code(lesson.name, COURSE))


def planted(answers, first, second):
    """The class with two more students."""
    return {q: {**by_student, "ada": first[q], "bob": second[q]} for q, by_student in answers.items()}


@pytest.mark.parametrize("size", [0, 5, 22, 200])
def test_copy_is_found_whatever_the_size_of_the_class(size, original):
    pair, *_ = pairs_in(NETWORK, planted(class_of(NETWORK, size), original, original))
    assert (pair.assignment, pair.students) == ("4-network", ("ada", "bob"))
    assert [one.question for one in pair.likenesses] == list(original)


@pytest.mark.parametrize("size", [0, 5, 22, 200])
def test_copy_in_disguise_is_found(size, original, copied):
    assert all(original[question] != copied[question] for question in original)
    pair, *_ = pairs_in(NETWORK, planted(class_of(NETWORK, size), original, copied))
    assert pair.students == ("ada", "bob")
    assert not any(one.names or one.comments for one in pair.likenesses)


def test_undisguised_copy_weighs_more_and_words_count(original, copied):
    plain, disguised = (
        pairs_in(NETWORK, planted(class_of(NETWORK, 22), original, other))[0] for other in (original, copied)
    )
    assert plain.bits > disguised.bits
    (softmax,) = (one for one in plain.likenesses if one.question == "softmax")
    assert softmax.names == ("biggest", "powered", "total", "totals")
    assert softmax.comments == ("shift so that the biggest score becomes zero",)
    assert softmax.others == 0


def test_two_copied_answers_of_four_are_enough_in_a_larger_class(original, copied):
    answers = class_of(NETWORK, 100)
    for question in ("init_params", "softmax"):
        answers[question] |= {"student-0003": original[question], "student-0080": copied[question]}
    pair, *_ = pairs_in(NETWORK, answers)
    assert pair.students == ("student-0003", "student-0080")
    assert {one.question for one in pair.likenesses} >= {"init_params", "softmax"}


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("others", [0, 20])
def test_independent_right_answers_are_left_alone(lesson, others):
    """Everybody has a style of their own, whether or not there are others who do it the usual way."""
    usual, styles = reference_answers(lesson, COURSE), bank(lesson)
    most = max(map(len, styles.values()))
    answers = {
        question: {
            **{f"style-{number}": source for number, source in enumerate(styles[question])},
            **{f"usual-{number}": usual[question] for number in range(others + most)},
        }
        for question in lesson.functions
        if not lesson.find(question).is_value  # the bank makes values with one another's code
    }
    assert pairs_in(lesson, answers) == []


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_same_known_mistakes_and_the_lessons_own_code_say_nothing(lesson):
    answers = {}
    for question in lesson.functions:
        wrong = next(one.source for one in misconceptions(lesson) if one.question == question)
        usual = reference_answers(lesson, COURSE)[question]
        answers[question] = {"ada": wrong, "bob": wrong, "cem": usual, "dee": usual}
    assert pairs_in(lesson, answers) == []


def test_what_a_quarter_of_the_class_wrote_says_nothing(original):
    answers = {question: {f"student-{n}": source for n in range(12)} for question, source in original.items()}
    assert pairs_in(NETWORK, answers) == []


def test_unusual_mistake_weighs_and_numbers_are_part_of_it(original):
    """The same wrong numbers in two answers of a large class."""
    wrong = {q: source.replace("+ 1.0", "+ 1.7").replace("-1, 1", "1, -1") for q, source in original.items()}
    answers = planted(class_of(NETWORK, 100), wrong, wrong)
    answers = {q: {**by_student, "cem": original[q]} for q, by_student in answers.items()}
    first, *others = pairs_in(NETWORK, answers)
    assert first.students == ("ada", "bob")
    assert {one.students for one in others} >= {("ada", "cem"), ("bob", "cem")}


def test_nobody_and_one_alone_make_no_pair(original):
    assert find_pairs("any", {}, {}) == []
    assert find_pairs("any", {q: {"ada": source} for q, source in original.items()}, {}) == []


def test_places_are_those_of_the_code(original, copied):
    (pair,) = pairs_in(NETWORK, planted({question: {} for question in original}, original, copied))
    for one in pair.likenesses:
        for source, passages in zip(one.sources, one.passages, strict=True):
            assert passages == sorted(passages)
            assert all(start < end and "\n" not in source[start:end] for start, end in passages)
    (softmax,) = (one for one in pair.likenesses if one.question == "softmax")
    marked = "".join(softmax.sources[0][start:end] for start, end in softmax.passages[0])
    assert "torch.pow(torch.e, z - biggest)" in marked
    assert "def softmax" not in marked
