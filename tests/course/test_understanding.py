"""Understanding is graded, not typing: which questions ask for it, what they are worth, and what pasting earns."""

import ast
import importlib.util
from pathlib import Path

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.course.lessons.lesson_2_gradient_descent.suite import FARTHEST, stuck
from autograder.course.lessons.lesson_7_inside_your_network.suite import NEAR, NETWORK, neurons_of, said
from autograder.instructor.report import purposes
from autograder.judging import Mismatch, recordings
from autograder.judging.calling import Namespace
from autograder.judging.kinds import MOST_EXAMPLES
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites

PURPOSES = purposes(COURSE)
UNDERSTANDING = {"examples", "bug", "build", "rule", "belief", "evidence"}
#: One of these is in each lesson.
FIRST_FOUR = {"examples", "bug", "build", "rule"}
EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)

#: The best library line for each question that has one: torch's own functions and autograd, and nothing by hand.
PASTED = """
import torch
from torch import nn
import torch.nn.functional as F

def count_parameters(sizes):
    return sum(p.numel() for a, b in zip(sizes, sizes[1:]) for p in nn.Linear(a, b).parameters())

def weighted_sum(x, w, b):
    return F.linear(x, w[None])[..., 0] + b

def sigmoid(z):
    return torch.sigmoid(z)

def numeric_gradient(f, w, h=1e-3):
    return torch.autograd.functional.jacobian(f, w)

def neuron_gradients(X, y, w, b):
    return torch.autograd.functional.jacobian(lambda w, b: F.mse_loss(torch.sigmoid(X @ w + b), y.float()), (w, b))

def train_neuron(X, y, w, b, lr, steps):
    w, b = nn.Parameter(w.clone()), nn.Parameter(b.clone())
    optimizer, losses = torch.optim.SGD([w, b], lr=lr), []
    for _ in range(steps):
        optimizer.zero_grad()
        losses.append(F.mse_loss(torch.sigmoid(X @ w + b), y.float()))
        losses[-1].backward()
        optimizer.step()
    return w, b, losses

def linear(X, W, b):
    return F.linear(X, W.T, b)

def from_torch(weight, bias):
    return weight.T.clone(), bias.clone()

def init_params(sizes, seed):
    generator, params = torch.Generator().manual_seed(seed), {}
    for n, (a, b) in enumerate(zip(sizes, sizes[1:]), 1):
        params[f"W{n}"] = nn.init.normal_(torch.empty(a, b), std=a**-0.5, generator=generator)
        params[f"b{n}"] = torch.zeros(b)
    return params

def softmax(z):
    return torch.softmax(z, dim=1)

def forward(X, params):
    return torch.softmax(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], dim=1)

def predict_digits(probs):
    return probs.argmax(dim=1)

def prepare_images(images):
    return images.flatten(1) / 255

def cross_entropy(probs, y):
    return F.nll_loss(torch.log(probs.clamp(min=1e-12)), y)

def blame_at_scores(probs, y):
    scores = torch.log(probs).requires_grad_()
    return torch.autograd.grad(F.cross_entropy(scores, y), scores)[0]

def blame_at_hidden(delta2, W2, hidden):
    sums = torch.logit(hidden).requires_grad_()
    return torch.autograd.grad(torch.sigmoid(sums) @ W2, sums, delta2)[0]

def layer_slopes(inputs, delta):
    W, b = torch.zeros(inputs.shape[1], delta.shape[1], requires_grad=True), torch.zeros(delta.shape[1], requires_grad=True)
    return torch.autograd.grad(inputs @ W + b, (W, b), delta)

def network_gradients(X, y, params):
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    scores = torch.sigmoid(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
    return dict(zip(leaves, torch.autograd.grad(F.cross_entropy(scores, y), list(leaves.values()))))

def count_steps(m, batch_size, epochs):
    return len(torch.utils.data.DataLoader(range(m), batch_size)) * epochs

def train_network(X, y, params, lr, batch_size, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch_size):
            grads = network_gradients(X[rows], y[rows], params)
            params = {name: params[name] - lr * grads[name] for name in params}
    return params

def most_exciting(hidden, neuron, k):
    return torch.topk(hidden[:, neuron], k).indices

def ablate(hidden, neurons):
    return hidden.index_copy(1, torch.tensor(neurons, dtype=torch.long), hidden[:, neurons].mean(0).expand(len(hidden), -1))

def shift_images(images, right, down):
    return F.pad(images, (right, -right, down, -down))

def fit_probe(hidden, answers):
    solution = torch.linalg.lstsq(F.pad(hidden, (0, 1), value=1.0), answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]

def regroup(y, groups):
    return torch.stack([torch.isin(y, torch.tensor(group)) for group in groups]).int().argmax(0)

def deal(m, sizes, seed):
    order = torch.utils.data.RandomSampler(range(m), generator=torch.Generator().manual_seed(seed))
    return torch.tensor(list(order)[: sum(sizes)]).split(list(sizes))
"""  # noqa: E501


def points(chosen=lambda question: True):
    """What the questions are worth together that are chosen."""
    worth = {name: value for lesson in COURSE.lessons for name, value in recordings.load(lesson)["points"].items()}
    return sum(value for name, value in worth.items() if chosen(name))


def test_each_question_has_a_purpose_and_no_other_has():
    assert set(PURPOSES) == {question.name for _, question in COURSE.questions()}


def test_understanding_is_two_fifths_of_the_points_or_more():
    assert points(lambda name: PURPOSES[name].kind in UNDERSTANDING) >= 0.4 * points()


@EACH_LESSON
def test_each_lesson_asks_for_understanding(lesson):
    worth = recordings.load(lesson)["points"]
    kinds = {PURPOSES[question.name].kind for question in lesson.questions if worth[question.name]}
    assert kinds & FIRST_FOUR


@EACH_LESSON
def test_each_goal_of_a_lesson_is_shown_by_a_graded_question(lesson):
    worth = recordings.load(lesson)["points"]
    for question in lesson.questions:
        assert PURPOSES[question.name].goals
        assert worth[question.name] > 0


def test_the_page_says_the_same():
    """``python tests/course/goals.py`` writes it anew."""
    spec = importlib.util.spec_from_file_location("goals", Path(__file__).with_name("goals.py"))
    goals = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(goals)
    assert goals.PAGE.read_text(encoding="utf-8") == goals.page()


def test_whoever_pastes_library_lines_everywhere_does_not_pass():
    names = {"__name__": "__main__"}
    exec(compile(PASTED, "pasted", "exec"), names)
    defined = {node.name for node in ast.parse(PASTED).body if isinstance(node, ast.FunctionDef)}
    functions = {one.name for _, one in COURSE.questions() if one.signature and not one.is_value}
    assert defined == functions

    def grade(suites):
        torch.manual_seed(0)
        return [result for lesson in COURSE.lessons for result in suites.run(lesson, Namespace(names), seed=3)]

    results = with_suites(grade, COURSE, ReferenceSolutions(COURSE))
    earned = {result.name: result.score for result in results}
    # Torch's own lines are right wherever the answer is code, but for one: autograd knows no step size.
    lost = {result.name: result.max_score - result.score for result in results if PURPOSES[result.name].kind == "code"}
    assert {name for name, points in lost.items() if points} == {"numeric_gradient"}
    assert lost["numeric_gradient"] <= 0.25
    # Nor does whoever has a library fill in all examples besides, and is lucky with every one.
    assert sum(earned.values()) + points(lambda name: PURPOSES[name].kind == "examples") < 0.55 * points()


#: A table of each shape that comes to mind at once, for each question that asks for examples.
AT_ONCE = {
    "predict_examples": {"x": (4, 3), "w": (3,), "b": ()},
    "cost_examples": {"X": (4, 3), "y": (4,), "w": (3,), "b": ()},
    "linear_examples": {"X": (4, 3), "W": (3, 2), "b": (2,)},
    "softmax_examples": {"z": (4, 3)},
    "accuracy_examples": {"probs": (4, 3), "y": (4,)},
}


def filled(lesson, shapes):
    """An example of random numbers, and what the right function says to them."""
    right = importlib.import_module(f"autograder.course.lessons.{lesson.public.name}.suite").EXAMPLES
    assert set(shapes) == set(right.dims)
    inputs = [
        torch.randn(shape).ge(0).long() if name in right.labels else torch.randn(shape)
        for name, shape in shapes.items()
    ]
    return (*inputs, right.function(*inputs))


def test_examples_that_a_library_has_filled_by_chance_earn_less_than_thought():
    """Wrong versions differ from the right one in places, too, that no random number hits."""
    assert set(AT_ONCE) == {name for name, purpose in PURPOSES.items() if purpose.kind == "examples"}

    def grade(suites, name):
        lesson, _ = COURSE.find_question(name)
        answer = [filled(lesson, AT_ONCE[name]) for _ in range(MOST_EXAMPLES)]
        (result,) = suites.run(lesson, Namespace({name: answer}), seed=3, question=name)
        return result.score / result.max_score

    def earned(suites):
        torch.manual_seed(0)
        return {name: grade(suites, name) for name in AT_ONCE}

    shares = with_suites(earned, COURSE, ReferenceSolutions(COURSE))
    # Of these two, most wrong versions are wrong nearly everywhere.
    assert shares.pop("accuracy_examples") < 1
    assert shares.pop("cost_examples") < 1
    assert max(shares.values()) < 0.8


def test_a_neuron_that_is_moved_by_a_hair_is_the_one_that_was_there():
    # It moves no share by as much as two networks may differ.
    moved = {"W1": [[1, -2], [3, 0.5]], "b1": [0.4955, -1.0045], "W2": [[2, -1], [0.5, 1]], "b2": [0, 1]}
    hidden, shares = said({name: torch.tensor(value) for name, value in moved.items()})
    now, right = said(NETWORK)
    assert (hidden - now).abs().max() > NEAR > (shares - right).abs().max()
    with pytest.raises(Mismatch, match="hidden neuron 0 says what the one at its place says now"):
        neurons_of(moved)


@pytest.mark.parametrize(
    ("question", "example", "why"),
    [
        ("accuracy_examples", ([[0.2, 0.8]], [2], 0), "`y` is [2]. A label is the number of a class"),
        ("accuracy_examples", ([[0.2, 0.8]], [-1], 0), "`y` is [-1]. A label is the number of a class"),
        ("cost_examples", ([[0], [0]], [1, 2], [1], 0, 1.25), "`b` is 0. Each label is 0 or 1."),
    ],
)
def test_a_label_of_no_class_is_no_example(question, example, why):
    """A wrong version that stumbles over one would count as caught."""

    def grade(suites):
        lesson, _ = COURSE.find_question(question)
        return suites.run(lesson, Namespace({question: [example]}), seed=3, question=question)[0]

    result = with_suites(grade, COURSE, ReferenceSolutions(COURSE))
    assert result.score == 0
    assert "does not take the inputs of example 1" in result.tests[0].message
    assert why in result.tests[0].message


def test_a_neuron_that_never_fires_is_not_said_to_fire():
    def grade(suites):
        lesson, _ = COURSE.find_question("careful_neuron")
        return suites.run(lesson, Namespace({"careful_neuron": (-1, -1)}), question="careful_neuron")[0]

    result = with_suites(grade, COURSE, ReferenceSolutions(COURSE))
    assert result.tests[0].message == "It misses 212 of the 212 cancers. It never fires."


def test_a_place_that_is_guessed_is_seldom_one_where_a_neuron_stays():
    torch.manual_seed(0)
    found = 0
    for start in FARTHEST * (2 * torch.rand((100, 2)) - 1):
        moved, cost, _ = stuck(start)
        found += moved <= 0.01 and cost > 0.3
    assert found <= 10
