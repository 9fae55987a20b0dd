"""Each question is graded as it was when it was checked, whatever a later cell makes of its function."""

import json

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.student.notebook import with_checker

GRADIENTS, NETWORK, LAYER = (COURSE.find_lesson(name) for name in ("2-gradient-descent", "4-network", "3-layer"))


def released(lesson):
    return lesson.notebook(COURSE.home / "assignments").read_text()


def solved(lesson, **answers):
    return fill_in(released(lesson), {**reference_answers(lesson, COURSE), **answers})


def edited(lesson, edit, **answers):
    whole = json.loads(solved(lesson, **answers))
    edit(whole["cells"])
    return json.dumps(whole)


def place(cells, name):
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") or cell["id"] for cell in cells]
    return names.index(name)


def adding(source, behind):
    """An edit that puts a cell of the student's own behind the cell of that name, or at the end."""

    def edit(cells):
        at = len(cells) if behind is None else place(cells, behind) + 1
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": source}
        cells.insert(at, {**cell, "outputs": [], "execution_count": None})

    return edit


def moving(name, behind):
    """An edit that moves a cell behind another one."""

    def edit(cells):
        cell = cells.pop(place(cells, name))
        cells.insert(place(cells, behind) + 1, cell)

    return edit


#: Notebooks that were right when they were checked: the lesson, the text, and what is said of which question.
RIGHT = {
    "a number takes the function's name": (
        GRADIENTS,
        edited(
            GRADIENTS,
            adding(
                "X, y = torch.ones(2, 1), torch.ones(2)\n"
                "neuron_gradients, _ = neuron_gradients(X, y, torch.ones(1), torch.tensor(0.0))",
                "neuron_gradients",
            ),
        ),
        {"neuron_gradients": "something else of `neuron_gradients`"},
    ),
    "tried out again at the end": (
        NETWORK,
        edited(NETWORK, adding("def softmax(z):\n    return torch.exp(z) / torch.exp(z).sum()", None)),
        {"softmax": "something else of `softmax`"},
    ),
    "torch is a text": (
        LAYER,
        edited(
            LAYER,
            adding('torch = "a torch"', "from_torch"),
            linear="def linear(X, W, b):\n    return torch.addmm(b, X, W)",
        ),
        {"linear": "`torch`, which `linear` reads"},
    ),
    "a loop takes the function's name": (
        LAYER,
        edited(LAYER, adding("for linear in range(3):\n    pass", "linear")),
        {"linear": "something else of `linear`"},
    ),
    "a number takes a value's name": (
        LAYER,
        edited(LAYER, adding("between = 3", "between")),
        {"between": "something else of `between`"},
    ),
    "a value is added to": (
        LAYER,
        edited(LAYER, adding("between.append(7)", "between"), between="between = [[1, 0, 0, -1], -0.5]"),
        {"between": "something else of `between`"},
    ),
    "a helper is written anew": (
        NETWORK,
        edited(
            NETWORK,
            adding("def helper(z):\n    return 0", "softmax"),
            softmax="def helper(z):\n    return torch.softmax(z, dim=1)\n\n\ndef softmax(z):\n    return helper(z)",
        ),
        {"softmax": "`helper`, which `softmax` reads"},
    ),
    "a name of Python's own is taken": (
        NETWORK,
        edited(
            NETWORK,
            adding("sum = 3", "softmax"),
            softmax="def softmax(z):\n    e = torch.exp(z - z.max(dim=1, keepdim=True).values)\n"
            "    return torch.stack([row / sum(row) for row in e])",
        ),
        {"softmax": "`sum`, which `softmax` reads"},
    ),
    "the answer stands below its check": (NETWORK, edited(NETWORK, moving("softmax-answer", "predict_digits")), {}),
    "a helper stands below": (
        NETWORK,
        edited(
            NETWORK,
            adding("def helper(z):\n    return torch.softmax(z, dim=1)", None),
            softmax="def softmax(z):\n    return helper(z)",
        ),
        {},
    ),
    "the same lines are run again": (
        NETWORK,
        edited(NETWORK, adding(reference_answers(NETWORK, COURSE)["softmax"], None)),
        {},
    ),
    "a cell further down ends the process": (NETWORK, edited(NETWORK, adding("import os\nos._exit(1)", None)), {}),
    "the graded cell stands there twice": (
        NETWORK,
        edited(NETWORK, lambda cells: cells.append(cells[place(cells, "softmax")])),
        {},
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("asked")
    paths = {}
    for number, (name, (lesson, text, _)) in enumerate(RIGHT.items()):
        paths[name] = folder / f"{number}-{lesson.name}.ipynb"
        paths[name].write_text(text)

    def grade(grader):
        return {
            name: grader.grade(Submission("student", RIGHT[name][0].name, path, ())) for name, path in paths.items()
        }

    def check(checker):
        found = {}
        for name, path in paths.items():
            one = checker.check(path, RIGHT[name][0])
            found[name] = (tuple(one.results()), one.notes)
        return found

    return with_grader(grade, COURSE, fork_server=fork_server), with_checker(check, COURSE)


@pytest.mark.parametrize("name", RIGHT)
def test_what_was_right_when_it_was_checked_has_its_points(graded, name):
    result = graded[0][name]
    assert [question.name for question in result.questions if question.outcome != "passed"] == []
    assert result.score == result.max_score


@pytest.mark.parametrize("name", RIGHT)
def test_the_command_check_says_the_same(graded, name):
    results, _ = graded[1][name]
    assert {result.name: result.outcome for result in results} == {
        question.name: "passed" for question in RIGHT[name][0].questions
    }


@pytest.mark.parametrize("name", RIGHT)
def test_what_was_replaced_is_named(graded, name):
    said = RIGHT[name][2]
    notes = {question.name: question.note for question in graded[0][name].questions if question.note}
    assert set(notes) == set(said)
    for question, part in said.items():
        assert part in notes[question]
        assert notes[question] in graded[1][name][1]
        assert "What counts is your answer as it was checked." in notes[question]
