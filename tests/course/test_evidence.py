"""Evidence: every variant is solved by the reference, pieces tell what they show, and nobody reads the key off."""

import json
import random
import re
from statistics import mean

import pytest
import torch

from autograder.course import figures
from autograder.course.contents import COURSE
from autograder.course.data import evidence, load_evidence
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging import recordings
from autograder.judging.assertions import Mismatch
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox import boundary

#: The lesson that asks each question, what is right for each piece of its stock, and our own answer.
LESSONS = {question: COURSE.find_question(question)[0] for question in evidence.EVIDENCE}
KEYS = {
    question: json.loads((lesson.secret / "evidence.json").read_text())[question]
    for question, lesson in LESSONS.items()
}
ANSWERS = {question: reference_answers(lesson, COURSE)[question] for question, lesson in LESSONS.items()}
EACH = pytest.mark.parametrize("question", evidence.EVIDENCE)
IDS = ["ada", "student-07", "Grace Hopper", "emmy.noether@example.org", "李", *map(str, range(100))]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """As in each notebook: two threads wait for one another longer than they work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def read_by_reference(question, student, load=load_evidence):
    """What the reference solution answers when somebody of that id hands it in."""
    names = {"load_evidence": load, "torch": torch}
    exec(ANSWERS[question].replace('"solutions"', repr(student)), names)
    return names[question]


@EACH
def test_every_variant_is_solved_by_the_reference(question):
    for student in IDS:
        asked = evidence.EVIDENCE[question]
        assert read_by_reference(question, student) == (student, asked.right(student, KEYS[question]))


@EACH
def test_every_piece_in_stock_is_solved_by_the_reference_and_as_many_show_the_same(question):
    stock = evidence.load_stock(question)
    _, found = read_by_reference(question, "ada", lambda *_: stock)
    assert found == KEYS[question]
    asked = evidence.EVIDENCE[question]
    assert {found.count(word) for word in asked.signs} == {len(stock) // len(asked.signs)}
    assert len({json.dumps(piece) for piece in stock}) == len(stock)


@EACH
def test_practice_is_solved_by_the_reference_and_never_ends(question, few, training):
    asked, pieces = evidence.EVIDENCE[question], set()
    for number in few(range(40), 2):
        made, right = evidence.practice(question, number)
        assert read_by_reference(question, "ada", lambda *_, made=made: made)[1] == right
        assert evidence.practice(question, number) == (made, right)
        pieces |= {json.dumps(piece) for piece in made}
        assert set(right) <= set(asked.signs)
    assert len(pieces) == asked.count * len(few(range(40), 2))


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
        return [
            suites.run(LESSONS[question], Namespace({question: answer}), seed=3, question=question)[0]
            for answer in answers
        ]

    full, most, one_word, of_another = with_suites(grade, COURSE, ReferenceSolutions(COURSE))
    assert full.score == full.max_score
    assert {test.signed for test in full.tests} == {"", "ada"}
    assert 0.7 * full.max_score < most.score < full.max_score
    assert one_word.score <= 0.4 * full.max_score
    assert of_another.score < full.max_score


def test_no_student_has_the_key():
    """Neither in the stock nor in what a process finds that runs a student's code."""
    for lesson in LESSONS.values():
        assert boundary.side_of(f"course/secret/{lesson.secret.name}/evidence.json") is boundary.Side.GRADER
    readable = boundary.readable_parts()
    assert "course/data/evidence" in readable
    assert not any(part.startswith("course/secret/") for part in readable)
    for question, asked in evidence.EVIDENCE.items():
        text = json.dumps(evidence.load_stock(question))
        assert not any(word in text for word in asked.signs)


@EACH
def test_what_students_carry_of_our_own_answer_says_nothing_of_its_pieces(question):
    """They have what visible tests see of it and of known mistakes; each piece of a stock is somebody's."""
    recorded = recordings.load(LESSONS[question], recordings.MISCONCEPTIONS)
    form = f"Test{question.title().replace('_', '')}::test_form"
    seen = [recorded["right"][form], *(known["seen"].get(form, {}) for known in recorded["known"].values())]
    assert len([one for one in seen if one]) == 1 + len(evidence.EVIDENCE[question].signs)
    assert all(set(one) <= {"verdict", "fine.0.value", "fine.0.value.0", "fine.0.value.1"} for one in seen)
    assert not any(form in test for test in recordings.load(LESSONS[question])["answers"])


def test_stock_is_small():
    """It comes with every installation and lies in the history of changes, anew each term."""
    assert sum(evidence.stock_file(question).stat().st_size for question in evidence.EVIDENCE) < 400_000


@EACH
def test_guessing_earns_little(question):
    """The mean over 500 ids of who draws words at random, and of who writes one word for all."""
    asked, draw = evidence.EVIDENCE[question], random.Random(0)
    words = list(asked.signs)
    share = {
        "drawn": mean(earned(question, f"s-{n}", draw.choices(words, k=asked.count)) for n in range(500)),
        "one word": max(mean(earned(question, f"s-{n}", [word] * asked.count) for n in range(500)) for word in words),
        "none twice": mean(
            earned(question, f"s-{n}", (draw.sample(words, len(words)) * 2)[: asked.count]) for n in range(500)
        ),
    }
    assert max(share.values()) < 0.15, share


def earned(question, student, says):
    """The share of the points that somebody earns who says this."""
    try:
        evidence.EVIDENCE[question].assert_read((student, says), KEYS[question])
    except Mismatch as mismatch:
        return mismatch.share
    return 1.0


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


def test_weights_and_tables_are_told_in_words():
    """With what an eye would find, so that who cannot see a picture can answer from its words."""
    alt = figures.weight_pictures("ada").alt
    right = evidence.EVIDENCE["which_weights"].right("ada", KEYS["which_weights"])
    told = alt.split("Picture ")[1:]
    assert [told_kind(words) for words in told] == right
    assert not any(word in alt for word in evidence.EVIDENCE["which_weights"].signs)
    alt = figures.answer_tables("ada").alt
    for number, piece in enumerate(load_evidence("which_table", "ada"), 1):
        ((_, told),) = re.findall(rf"Table ({number}): ([^.]*)", alt)
        table = [[0] * 10 for _ in range(10)]
        for true, row in re.findall(r"of digit (\d), ([^;]*)", told):
            for count, read in re.findall(r"(\d+) as (\d)", row):
                table[int(true)][int(read)] = int(count)
        assert table == piece["table"]
    assert not any(word in alt for word in evidence.EVIDENCE["which_table"].signs)


def told_kind(words):
    """Which kind of network has these words, for somebody who has nothing else."""
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", words.replace("\N{MINUS SIGN}", "-"))]
    _, least, largest, middle, rim, *_, steps, _, _, _, first, second, third, fourth = numbers
    if largest - least > 3:
        return "step too large"
    if steps > 1.2:
        return "untrained" if largest < 0.25 else "scrambled pixels"
    assert rim < middle
    return "no hidden layer" if (first, second, third, fourth) == (0, 1, 2, 3) else "hidden layer"


def test_practice_says_what_is_right_beside_each_picture_and_table(training):
    for draw, question in ((figures.weight_pictures, "which_weights"), (figures.answer_tables, "which_table")):
        asked = evidence.EVIDENCE[question]
        _, right = evidence.practice(question, 5)
        picture = draw(5, [right[0]] * asked.count)
        for number, word in enumerate(right, 1):
            beside = word if word == right[0] else f"{word}, and not {right[0]}"
            assert f" {number}: {beside}: " in picture.alt
            assert any(axes.get_title(loc="left") == f"{number}: {beside}" for axes in picture.axes)


def test_networks_that_read_digits_are_what_their_words_say(training):
    """Made for a label: not just told apart by the reference, but with the property that the label names."""
    tables = {
        label: torch.tensor(evidence.MADE["which_table"](label, 1)["table"])
        for label in evidence.EVIDENCE["which_table"].signs
    }
    assert all(table.sum(dim=1).tolist() == [50] * 10 for table in tables.values())
    assert tables["good"].trace() > 400 > tables["images moved"].trace() > 60
    assert (tables["digit left out"].sum(dim=0) == 0).sum() == 1
    one, other = (tables["labels swapped"].diag() < 10).nonzero().flatten().tolist()
    assert tables["labels swapped"][one, other] > 30 < tables["labels swapped"][other, one]
    again = evidence.MADE["which_table"]("good", 1)["table"]
    assert again == tables["good"].tolist() != evidence.MADE["which_table"]("good", 2)["table"]
    weights = {
        label: torch.tensor(list(evidence.MADE["which_weights"](label, 1).values()))
        for label in evidence.EVIDENCE["which_weights"].signs
    }
    assert all(tiles.shape == (4, 28, 28) for tiles in weights.values())
    # A step from a drawn weight changes only where there is ink: the rim of a trained tile is as it was drawn.
    for label in ("untrained", "hidden layer", "no hidden layer"):
        assert weights[label][:, 0].std().item() == pytest.approx(1 / 28, rel=0.2)


def test_a_good_training_does_not_look_like_learning_by_heart():
    """The cost of images that were held out does not climb in it, as it does where images are learned by heart."""
    key = json.loads((COURSE.find_lesson("8-your-own-question").secret / "evidence.json").read_text(encoding="utf-8"))
    pieces = zip(evidence.load_stock("which_training"), key["which_training"], strict=True)
    good = [piece["held out"][0] for piece, shows in pieces if shows == "good"]
    assert len(good) >= 10
    assert all(costs[-1] < 1.05 * min(costs) for costs in good)
