"""What a call leaves behind on its arguments, in this process and over the wire, and what every question says of it."""

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.grading.fork_server import surroundings_of
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging.calling import Namespace
from autograder.judging.outcomes import Trace
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox import Cell, Zygote

LEAVES = {
    "tracked": "def f(w, params):\n    w.requires_grad_()\n    return w * 2",
    "slopes": "def f(w, params):\n    w.requires_grad_()\n    (w * w).sum().backward()\n    w.requires_grad_(False)\n"
    "    return w * 2",
    "shared": "def f(w, params):\n    return w.T",
    "shared numpy": "def f(w, params):\n    return [1.0, w.numpy()[::-1]]",
    "shared entry": "def f(w, params):\n    return {'W': params['W1'][1:]}",
    "entries": "def f(w, params):\n    params['W1'] = params['W1'].clone()\n    return w * 2",
    "nothing": "def f(w, params):\n    v = w.detach().clone().requires_grad_()\n    (v * v).sum().backward()\n"
    "    return v, v.grad, w.T.contiguous()",
    "nothing but a number": "def f(w, params):\n    return w[0, 0], [w[1, 1]]",
    "nothing by numpy": "def f(w, params):\n    return (w.numpy() * 2)[::-1]",
}
EXPECTED = {
    "tracked": (Trace("tracked", 0),),
    "slopes": (Trace("slopes", 0),),
    "shared": (Trace("shared", 0),),
    "shared numpy": (Trace("shared", 0),),
    "shared entry": (Trace("shared", 1),),
    "entries": (Trace("entries", 1),),
    "nothing": (),
    "nothing but a number": (),
    "nothing by numpy": (),
}


def arguments():
    return torch.tensor([[1.0, 2.0], [3.0, 4.0]]), {"W1": torch.ones(3, 2)}


@pytest.mark.parametrize("name", LEAVES)
def test_what_is_left_behind_is_found(typed, name):
    functions = Namespace(typed(LEAVES[name]))
    assert functions.call("f", arguments(), 5, keep_arguments=True).traces == EXPECTED[name]
    assert functions.call("f", arguments(), 5).traces == ()


def test_what_is_left_behind_crosses_the_wire(fork_server):
    with Zygote(surroundings_of(COURSE), fork_server=fork_server) as zygote:
        for name, source in LEAVES.items():
            with zygote.open([Cell(1, source)]) as worker:
                assert worker.call("f", arguments(), 10, keep_arguments=True).traces == EXPECTED[name], name


#: What a hasty function does first, and what it is told.
HASTY = {
    "{0}.add_(1)": "changed its argument",
    "{0}.requires_grad_()": "switched on `requires_grad` in its argument",
    "{0}.grad = torch.zeros_like({0})": "left slopes in the `.grad` of its argument",
}
#: Questions whose arguments are plain numbers, which nobody can change.
NUMBERS = {"count_parameters", "init_params", "mnist_accuracy", "count_steps", "deal"}
#: Parameters that are numbers, functions or lists of numbers.
PLAIN = """f h lr steps n_classes batch_size epochs seed sizes neuron neurons k right down groups""".split()


def asked():
    for lesson, question in COURSE.questions():
        if question.name in NUMBERS:
            continue
        for place, parameter in enumerate(question.parameters):
            if parameter in PLAIN:
                continue
            yield pytest.param(lesson, question, place, id=f"{question.name}-{parameter}")


def is_whole(question, parameter):
    return parameter == "y" or (question, parameter) == ("prepare_images", "images")


def parts(parameter):
    if parameter in ("ws", "bs"):
        return f"{parameter}[0]"
    return f'{parameter}["W1"]' if parameter in ("params", "grads") else parameter


@pytest.fixture(scope="module")
def ask():
    """Verdicts of hasty answers: the reference's own, behind a line that spoils an argument."""

    def collect(suites):
        def run(lesson, name, line):
            source = reference_answers(lesson, COURSE)[name].replace(f"def {name}(", "def unspoilt(")
            parameters = ", ".join(lesson.find(name).parameters)
            names = {"torch": torch, "__name__": "__main__"}
            # The answer is worked out first, so that the values are right whatever is done to the arguments.
            body = f"    result = unspoilt({parameters})\n    {line}\n    return result\n"
            exec(source + f"\n\ndef {lesson.find(name).signature}:\n" + body, names)
            (result,) = suites.run(lesson, Namespace(names), seed=5, question=name)
            return result

        asked_of = {}
        for case in asked():
            lesson, question, place = case.values
            parameter = question.parameters[place]
            for line in HASTY:
                if is_whole(question.name, parameter) and "add_" not in line:
                    continue  # only what has fractions has slopes
                asked_of[case.id, line] = run(lesson, question.name, line.format(parts(parameter)))
        return asked_of

    return with_suites(collect, COURSE, ReferenceSolutions(COURSE))


@pytest.mark.parametrize(("lesson", "question", "place"), list(asked()))
def test_every_question_keeps_every_argument(ask, lesson, question, place):
    parameter = question.parameters[place]
    for line, says in HASTY.items():
        result = ask.get((f"{question.name}-{parameter}", line))
        if result is None:
            continue
        (wrong,) = [test for test in result.tests if test.outcome != "passed"]
        assert wrong.kind == "arguments"
        assert f"{says} `{parameter}`" in wrong.message
        assert 0 < wrong.points <= 0.5
