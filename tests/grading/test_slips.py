"""A slip in one function costs its own question and no other, also where the student's functions use one another."""

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging import stand_ins
from autograder.judging.calling import Namespace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.student.check import check_question
from autograder.student.notebook import with_checker

#: Answers that use the student's own functions wherever the lesson has one for it.
OWN = {
    "2-gradient-descent": {
        "train_neuron": """
def train_neuron(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        losses.append(cost(X, y, w, b))
        dw, db = neuron_gradients(X, y, w, b)
        w, b = w - lr * dw, b - lr * db
    return w, b, losses
""".strip(),
    },
    "4-network": {
        "forward": """
def forward(X, params):
    a = torch.sigmoid(X @ params["W1"] + params["b1"])
    return softmax(a @ params["W2"] + params["b2"])
""".strip(),
    },
    "6-learning-digits": {
        "network_gradients": """
def network_gradients(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    delta2 = blame_at_scores(probs, y)
    dW2, db2 = layer_slopes(hidden, delta2)
    dW1, db1 = layer_slopes(X, blame_at_hidden(delta2, params["W2"], hidden))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
""".strip(),
        "train_network": """
def train_network(X, y, params, lr, batch_size, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch_size):
            grads = network_gradients(X[rows], y[rows], params)
            params = {name: params[name] - lr * grads[name] for name in params}
    return params
""".strip(),
    },
}

#: Slips: the lesson, the wrong function, and the questions that it used to take with it.
SLIPS = {
    "sign": ("4-network", "def softmax(z):\n    return torch.softmax(-z, dim=1)", ("forward",)),
    "raises": ("4-network", "def softmax(z):\n    return torch.ex(z)", ("forward",)),
    "not written": ("4-network", "def softmax(z):\n    raise NotImplementedError()", ("forward",)),
    "not even Python": ("4-network", "def softmax(z)\n    return torch.softmax(z, dim=1)", ("forward",)),
    "uphill": (
        "2-gradient-descent",
        "def neuron_gradients(X, y, w, b):\n    a = torch.sigmoid(X @ w + b)\n"
        "    blame = 2 * (y - a) * a * (1 - a) / len(y)\n    return blame @ X, blame.sum()",
        ("train_neuron",),
    ),
    "over everything": ("4-network", "def softmax(z):\n    return torch.exp(z) / torch.exp(z).sum()", ("forward",)),
    "the mean forgotten": (
        "6-learning-digits",
        "def blame_at_scores(probs, y):\n    return probs - torch.nn.functional.one_hot(y, probs.shape[1])",
        ("network_gradients", "train_network"),
    ),
}


def cells(lesson, wrong):
    name = wrong.partition("(")[0].removeprefix("def ")
    return name, {**reference_answers(lesson, COURSE), **OWN[lesson.name], name: wrong}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("slips")
    paths = {}
    for name, (lesson, wrong, _) in SLIPS.items():
        found = COURSE.find_lesson(lesson)
        paths[name] = folder / f"{name}.ipynb"
        paths[name].write_text(fill_in(found.notebook(COURSE.home / "assignments").read_text(), cells(found, wrong)[1]))

    def grade(grader):
        return {name: grader.grade(Submission("student", SLIPS[name][0], path)) for name, path in paths.items()}

    def check(checker):
        return {
            name: tuple(checker.check(path, COURSE.find_lesson(SLIPS[name][0])).results())
            for name, path in paths.items()
        }

    return with_grader(grade, COURSE, fork_server=fork_server), with_checker(check, COURSE)


@pytest.mark.parametrize("way", [0, 1], ids=["graded", "checked"])
@pytest.mark.parametrize("slip", SLIPS)
def test_costs_its_own_question_alone(graded, slip, way):
    lesson, wrong, callers = SLIPS[slip]
    culprit, _ = cells(COURSE.find_lesson(lesson), wrong)
    results = graded[way][slip].questions if way == 0 else graded[way][slip]
    assert {one.name for one in results if one.outcome != "passed"} <= {culprit, "mnist_accuracy"}
    verdicts = {one.name: one for one in results}
    assert verdicts[culprit].outcome != "passed"
    for caller in callers:
        assert verdicts[caller].misconception is None
        if way == 0:
            assert f"your `{culprit}`" in verdicts[caller].note


@pytest.mark.parametrize("slip", ["sign", "not written", "over everything"])
def test_check_in_the_notebook_says_the_same(slip, typed):
    lesson, wrong, callers = SLIPS[slip]
    culprit, answers = cells(COURSE.find_lesson(lesson), wrong)
    names = typed("import torch", *answers.values())
    own = names[culprit]
    for caller in callers:
        verdict = check_question(caller, COURSE, names)
        assert verdict.result.outcome == "passed"
        assert f"your `{culprit}`" in verdict.result.note
    assert names[culprit] is own
    assert check_question(culprit, COURSE, names).result.outcome != "passed"


def test_without_stand_ins_a_student_is_told_what_to_mend_first(typed, monkeypatch):
    monkeypatch.setattr(stand_ins, "sources", lambda lesson: {})
    lesson, wrong, _ = SLIPS["sign"]
    _, answers = cells(COURSE.find_lesson(lesson), wrong)
    result = check_question("forward", COURSE, typed("import torch", *answers.values())).result
    assert result.outcome == "partial" or result.outcome == "failed"
    assert result.misconception is None
    assert result.note == "This uses your `softmax`, which is not right yet. Mend that first."


def test_own_slip_of_a_caller_is_still_its_own(typed):
    names = typed(
        "import torch",
        "def softmax(z):\n    return torch.softmax(-z, dim=1)",
        'def forward(X, params):\n    return softmax(torch.sigmoid(X @ params["W1"]) @ params["W2"])',
    )
    result = check_question("forward", COURSE, names).result
    assert result.outcome != "passed"
    assert "your `softmax`" in result.note


def test_an_earlier_question_never_gets_a_later_one_for_a_stand_in(typed):
    names = typed(
        "import torch",
        "def forward(X, params):\n    raise NotImplementedError()",
        "def softmax(z):\n    return forward(z, {})",
    )
    assert check_question("softmax", COURSE, names).result.score == 0


def stood_in():
    for lesson in COURSE.lessons:
        for name, source in stand_ins.sources(lesson).items():
            yield pytest.param(lesson, name, source, id=name)


@pytest.mark.parametrize(("lesson", "name", "source"), list(stood_in()))
def test_stand_in_is_right(lesson, name, source):
    names = {}
    exec(source, names)
    (result,) = with_suites(
        lambda suites: suites.run(lesson, Namespace({name: names[name]}), seed=3, question=name),
        COURSE,
        ReferenceSolutions(COURSE),
        (lesson,),
    )
    assert [test.message for test in result.tests if test.message] == []


def test_no_stand_in_is_a_line_of_a_reference_solution(solution_lines):
    for lesson in COURSE.lessons:
        answers = reference_answers(lesson, COURSE)
        for name, source in stand_ins.sources(lesson).items():
            for line in solution_lines(answers[name]):
                assert line not in source, name
