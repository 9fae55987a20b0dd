"""Evidence: every variant is solved by the reference, pieces tell what they show, and nobody reads the key off."""

import json

import pytest
import torch

from autograder.course import figures
from autograder.course.contents import COURSE
from autograder.course.data import evidence, load_evidence
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox import boundary

LESSON = COURSE.find_lesson("8-your-own-question")
KEYS = json.loads((LESSON.secret / "evidence.json").read_text())
ANSWERS = reference_answers(LESSON, COURSE)
EACH = pytest.mark.parametrize("question", evidence.EVIDENCE)
IDS = ["ada", "student-07", "Grace Hopper", "emmy.noether@example.org", "李", *map(str, range(100))]


def read_by_reference(question, student, load=load_evidence):
    """What the reference solution answers when somebody of that id hands it in."""
    names = {"load_evidence": load}
    exec(ANSWERS[question].replace('"solutions"', repr(student)), names)
    return names[question]


@EACH
def test_every_variant_is_solved_by_the_reference(question):
    for student in IDS:
        asked = evidence.EVIDENCE[question]
        assert read_by_reference(question, student) == (student, asked.right(student, KEYS[question]))


@EACH
def test_every_piece_in_stock_is_solved_by_the_reference_and_as_many_show_the_same(question):
    stock = json.loads((COURSE.home / "autograder/course/data/evidence" / f"{question}.json").read_text())
    _, found = read_by_reference(question, "ada", lambda *_: stock)
    assert found == KEYS[question]
    asked = evidence.EVIDENCE[question]
    assert {found.count(word) for word in asked.signs} == {len(stock) // len(asked.signs)}
    assert len({json.dumps(piece) for piece in stock}) == len(stock)


@EACH
def test_practice_is_solved_by_the_reference_and_never_ends(question, few):
    asked, pieces = evidence.EVIDENCE[question], set()
    for number in few(range(40), 4):
        made, right = evidence.practice(question, number)
        assert read_by_reference(question, "ada", lambda *_, made=made: made)[1] == right
        assert evidence.practice(question, number) == (made, right)
        pieces |= {json.dumps(piece) for piece in made}
        assert set(right) <= set(asked.signs)
    assert len(pieces) == asked.count * len(few(range(40), 4))


@EACH
def test_full_points_and_shares_by_grading(question):
    asked = evidence.EVIDENCE[question]
    student, right = read_by_reference(question, "ada")
    other = next(word for word in asked.signs if word != right[0])

    def grade(suites):
        answers = [
            (student, right),
            (student, [other, *right[1:]]),
            (student, [right[0]] * asked.count),
            ("bob", right),
        ]
        return [suites.run(LESSON, Namespace({question: answer}), seed=3, question=question)[0] for answer in answers]

    full, most, one_word, of_another = with_suites(grade, COURSE, ReferenceSolutions(COURSE))
    assert full.score == full.max_score
    assert {test.signed for test in full.tests} == {"", "ada"}
    assert 0.7 * full.max_score < most.score < full.max_score
    assert one_word.score <= 0.4 * full.max_score
    assert of_another.score < full.max_score


def test_no_student_has_the_key():
    """Neither in the stock nor in what a process finds that runs a student's code."""
    assert boundary.side_of("course/secret/lesson_8_your_own_question/evidence.json") is boundary.Side.GRADER
    readable = boundary.readable_parts()
    assert "course/data/evidence" in readable
    assert not any(part.startswith("course/secret/") for part in readable)
    for question, asked in evidence.EVIDENCE.items():
        text = (COURSE.home / "autograder/course/data/evidence" / f"{question}.json").read_text()
        assert not any(word in text for word in asked.signs)


def test_gradient_checks_are_printed(capsys):
    assert figures.gradient_checks("ada") is None
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line.startswith("check")] == [f"check {n}" for n in range(1, 6)]
    first = load_evidence("which_bug", "ada")[0]["W1"]
    row = next(line for line in out.splitlines() if line.startswith("  W1"))
    shown = [float(number.replace("\N{MINUS SIGN}", "-")) for number in row.split()[1:]]
    assert shown == [number for numbers in first for number in numbers]


def test_practice_says_what_is_right(capsys):
    _, right = evidence.practice("which_bug", 3)
    figures.gradient_checks(3, ["right"] * 5)
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("check")]
    assert heads == [
        f"check {number}: {word}" + ("" if word == "right" else ", and not right")
        for number, word in enumerate(right, 1)
    ]
    picture = figures.loss_curves(3, ["good"] * 6)
    assert picture.alt.count("good") >= 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ada", ["good"] * 6), "Not yet: what you hand in is judged when it is graded."),
        ((None,), "Not yet: give your id between quotes, or a whole number to practise."),
        ((1.5,), "Not yet: give your id between quotes, or a whole number to practise."),
        ((-1,), "Not yet: give your id between quotes, or a whole number to practise."),
        ((1, ["good"]), "Not yet: expected a list of 6 words, got a list of 1."),
        ((1, ["bad"] * 6), 'Not yet: number 1 is "bad", and none of'),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(arguments, words, capsys):
    assert figures.loss_curves(*arguments) is None
    assert capsys.readouterr().out.startswith(words)


def test_curves_are_told_in_words():
    """As much as the picture shows, and not what it means."""
    alt = figures.loss_curves("ada").alt
    assert alt.count("Training ") == 6
    for piece in load_evidence("which_training", "ada"):
        assert " ".join(f"{cost:.2f}" for cost in piece["training"][0][::4]) in alt
    assert not any(word in alt for word in evidence.EVIDENCE["which_training"].signs)


def test_slopes_are_those_of_autograd_where_nothing_is_wrong():
    """The code that makes checks is right where it says so: measured and calculated agree to the last digit but one."""
    for seed in range(20):
        for measured, calculated in evidence.MADE["which_bug"]("right", seed).values():
            assert torch.allclose(torch.tensor(measured), torch.tensor(calculated), atol=3e-4)
