"""A package that the student had and the grader has not costs only what needs it."""

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

NETWORK = COURSE.find_lesson("4-network")
RIGHT = reference_answers(NETWORK, COURSE)
SOFTMAX = RIGHT["softmax"]

#: What is written above the right `softmax`, in the same cell.
HARMLESS = {
    "first line": "from nosuchpackage import something",
    "in a list": "import math, nosuchpackage as nsp, random",
    "a part of it": "import nosuchpackage.deep.down as d\nfrom nosuchpackage.other import a, b",
    "in brackets": "from nosuchpackage import (\n    a,\n    b,\n)",
    "type hints": "import nosuchpackage as n\n\ndef helper(x: n.A[float, 'm d']) -> n.A | None:\n    return x\n",
    "progress bars": "from tqdm import tqdm\nfrom tqdm.auto import trange\nlist(tqdm(range(3)))\nlist(trange(2))",
    "with another plan": "try:\n    import nosuchpackage\nexcept ImportError:\n    nosuchpackage = None\n"
    "assert nosuchpackage is None",
    "asked politely": "import importlib.util\nassert importlib.util.find_spec('nosuchpackage') is None",
}
#: What uses it inside the function.
USED = {
    "called": "from nosuchpackage import f\n\ndef softmax(z):\n    return f(z)",
    "through the module": "import nosuchpackage as n\n\ndef softmax(z):\n    return n.special.f(z)",
    "gone through": "from nosuchpackage import bars\n\ndef softmax(z):\n    for row in bars:\n        pass",
    "added": "from nosuchpackage import EPS\n\ndef softmax(z):\n    return z + EPS",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("packages")
    text = NETWORK.notebook(COURSE.home / "assignments").read_text()
    answers = {name: f"{above}\n\n{SOFTMAX}" for name, above in HARMLESS.items()} | USED
    paths = {}
    for name, answer in answers.items():
        paths[name] = folder / f"{name}.ipynb"
        paths[name].write_text(fill_in(text, {**RIGHT, "softmax": answer}))
    return with_grader(
        lambda grader: {name: grader.grade(Submission("s", NETWORK.name, path)) for name, path in paths.items()},
        COURSE,
        fork_server=fork_server,
    )


@pytest.mark.parametrize("name", HARMLESS)
def test_import_alone_costs_nothing(graded, name):
    result = graded[name]
    assert [question.name for question in result.questions if question.outcome != "passed"] == []
    absent = name in ("first line", "in a list", "a part of it", "in brackets", "type hints")
    said = [note for note in result.notes if "imports `nosuchpackage`, which is not installed here" in note]
    assert len(said) == absent
    assert len(result.notes) == absent


@pytest.mark.parametrize("name", USED)
def test_use_costs_its_question_and_names_the_package(graded, name):
    (question,) = [question for question in graded[name].questions if question.outcome != "passed"]
    assert question.name == "softmax"
    assert question.score == 0
    messages = {test.message for test in question.tests if not test.hidden}
    for message in messages:
        assert "raised ModuleNotFoundError: No module named 'nosuchpackage'" in message
        assert "The package `nosuchpackage` is not installed where this runs." in message
    assert any("imports `nosuchpackage`, which is not installed here" in note for note in graded[name].notes)
