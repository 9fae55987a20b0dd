"""The course's table of contents: which lessons there are, and which questions each one asks.

One task has one name everywhere. The question ``softmax`` is the stub ``softmax`` in the notebook, the
nbgrader cell ``softmax``, ``class TestSoftmax`` in the suite and ``softmax/...`` among the misconceptions.
Points are not repeated here: they stand at each test of the suite.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

#: The clone's top folder, where ``source/``, ``assignments/`` and ``solutions/`` lie. In a student's
#: installation there is no clone and those folders do not exist.
HOME = Path(__file__).parent.parent


class Question(NamedTuple):
    """One graded question.

    Attributes:
        name: the question's one name.
        signature: the call as the lesson writes it, such as ``softmax(z)``; empty where the question has
            no stub of its own and puts the lesson's other functions to work together.
    """

    name: str
    signature: str

    @property
    def test_class(self) -> str:
        """The class in the suite: ``neuron_gradients`` is tested by ``TestNeuronGradients``."""
        return "Test" + "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the function's parameters, in order: ``("X", "W", "b")``."""
        inside = self.signature.partition("(")[2].rstrip(")")
        return tuple(part.split("=")[0].strip() for part in inside.split(",") if part.strip())


class Lesson(NamedTuple):
    """One lesson: a folder and a notebook of the same name, and the questions in it, in order."""

    name: str
    questions: tuple[Question, ...]

    @property
    def suite(self) -> str:
        """File name of the lesson's suite, visible and hidden alike: ``test_4_network.py``."""
        return f"test_{self.name.replace('-', '_')}.py"

    @property
    def module(self) -> str:
        """Name of the lesson's module in `autograder.judging.misconceptions`: ``lesson_4_network``."""
        return f"lesson_{self.name.replace('-', '_')}"

    @property
    def functions(self) -> tuple[str, ...]:
        """The names that the student defines."""
        return tuple(question.name for question in self.questions if question.signature)

    def notebook(self, tree: Path) -> Path:
        """This lesson's notebook below ``tree``, one of ``source``, ``assignments``, ``solutions``."""
        return tree / self.name / f"{self.name}.ipynb"


def _lesson(name: str, *signatures: str) -> Lesson:
    questions = []
    for signature in signatures:
        function, bracket, _ = signature.partition("(")
        questions.append(Question(function, signature if bracket else ""))
    return Lesson(name, tuple(questions))


LESSONS: tuple[Lesson, ...] = (
    _lesson("0-from-neurons-to-network", "count_parameters(sizes)"),
    _lesson(
        "1-neuron",
        "weighted_sum(x, w, b)",
        "sigmoid(z)",
        "hypothesis(x, w, b)",
        "predict(x, w, b)",
    ),
    _lesson(
        "2-gradient-descent",
        "cost(X, y, w, b)",
        "numeric_gradient(f, w, h=1e-3)",
        "neuron_gradients(X, y, w, b)",
        "gradient_step(theta, slope, lr)",
        "train_neuron(X, y, w, b, lr, steps)",
    ),
    _lesson(
        "3-layer",
        "stack_neurons(ws, bs)",
        "linear(X, W, b)",
        "layer_forward(X, W, b)",
        "from_torch(weight, bias)",
    ),
    _lesson(
        "4-network",
        "init_params(sizes, seed)",
        "softmax(z)",
        "forward(X, params)",
        "predict_digits(probs)",
    ),
    _lesson(
        "5-images-and-scores",
        "prepare_images(images)",
        "one_hot(y, n_classes)",
        "cross_entropy(probs, y)",
        "accuracy(probs, y)",
    ),
    _lesson(
        "6-learning-digits",
        "network_gradients(X, y, params)",
        "sgd_step(params, grads, lr)",
        "train_network(X, y, params, lr, batch_size, epochs, seed=0)",
        "mnist_accuracy",
    ),
)


@cache
def _by_name() -> dict[str, Lesson]:
    return {lesson.name: lesson for lesson in LESSONS}


@cache
def _by_question() -> dict[str, tuple[Lesson, Question]]:
    return {question.name: (lesson, question) for lesson, question in questions()}


def questions() -> Iterator[tuple[Lesson, Question]]:
    """Every question of the course with its lesson, in order."""
    for lesson in LESSONS:
        for question in lesson.questions:
            yield lesson, question


def find_lesson(name: str) -> Lesson | None:
    """The lesson of that name, or ``None``."""
    return _by_name().get(name)


def find_question(name: str) -> tuple[Lesson, Question] | None:
    """The question of that name and the lesson that asks it, or ``None``."""
    return _by_question().get(name)


def question_called(name: str) -> tuple[Lesson, Question]:
    """The question of that name and the lesson that asks it.

    Raises:
        ValueError: there is none; the text says which there are.
    """
    found = find_question(name) if isinstance(name, str) else None
    if found is None:
        names = ", ".join(question.name for _, question in questions())
        raise ValueError(f"There is no question {name!r}. The questions are: {names}.")
    return found
