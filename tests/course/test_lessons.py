"""The table of contents, and that the notebooks in `source/` and the suites keep to it."""

import ast
import json
import re

import pytest

from autograder.judging import recordings
from autograder.judging.course import HOME, LESSONS, Question, find_lesson, find_question, questions
from autograder.notebooks.reading import read_notebook

EACH_LESSON = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)

ANSWER = re.compile(r"^(\w+)-answer$")

#: What each lesson is worth, as the syllabus promises it.
POINTS = {
    "0-from-neurons-to-network": 0,
    "1-neuron": 12,
    "2-gradient-descent": 20,
    "3-layer": 14,
    "4-network": 18,
    "5-images-and-scores": 14,
    "6-learning-digits": 22,
}


# --- the table itself


def test_seven_lessons_are_numbered_in_order():
    assert [lesson.name.partition("-")[0] for lesson in LESSONS] == list("0123456")


def test_names_of_questions_are_unique():
    names = [question.name for _, question in questions()]
    assert len(names) == len(set(names))


def test_questions_come_with_their_lesson_in_order():
    assert list(questions()) == [(lesson, question) for lesson in LESSONS for question in lesson.questions]


@EACH_LESSON
def test_lesson_is_found_by_name(lesson):
    assert find_lesson(lesson.name) is lesson


def test_question_is_found_by_name():
    for lesson, question in questions():
        assert find_question(question.name) == (lesson, question)


def test_other_names_are_not_found():
    assert find_lesson("7-transformers") is None
    assert find_question("attention") is None


@pytest.mark.parametrize(
    ("signature", "parameters"),
    [
        ("softmax(z)", ("z",)),
        ("numeric_gradient(f, w, h=1e-3)", ("f", "w", "h")),
        ("roll()", ()),
        ("", ()),
    ],
)
def test_parameters_are_read_off_the_signature(signature, parameters):
    assert Question("any", signature).parameters == parameters


@pytest.mark.parametrize(
    ("name", "test_class"), [("softmax", "TestSoftmax"), ("neuron_gradients", "TestNeuronGradients")]
)
def test_class_of_tests_is_named_after_the_question(name, test_class):
    assert Question(name, "").test_class == test_class


def test_files_are_named_after_the_lesson(tmp_path):
    lesson = find_lesson("4-network")
    assert lesson.suite == "test_4_network.py"
    assert lesson.module == "lesson_4_network"
    assert lesson.notebook(tmp_path) == tmp_path / "4-network" / "4-network.ipynb"


def test_question_that_puts_the_others_to_work_has_no_function():
    lesson, question = find_question("mnist_accuracy")
    assert question.parameters == ()
    assert lesson.functions == ("network_gradients", "sgd_step", "train_network")


# --- the suites


@pytest.fixture(scope="module")
def worth():
    """Points of each question's tests, visible and hidden, by name. That the record is right, test_build sees to."""
    return {name: points for lesson in LESSONS for name, points in recordings.load(lesson)["points"].items()}


@EACH_LESSON
def test_tests_of_a_lesson_add_up_to_its_points(worth, lesson):
    assert sum(worth[question.name] for question in lesson.questions) == POINTS[lesson.name]


@EACH_LESSON
@pytest.mark.parametrize("folder", ["", "hidden"], ids=["visible", "hidden"])
def test_suite_has_one_class_a_question_in_the_lessons_order(lesson, folder):
    path = HOME / "autograder" / "suites" / folder / lesson.suite
    classes = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]
    wanted = [question.test_class for question in lesson.questions]
    tests = [name for name in classes if name.startswith("Test")]
    # What every question needs is a visible test; hidden ones only where there is something to hide.
    assert tests == (wanted if not folder else [name for name in wanted if name in tests])


@EACH_LESSON
@pytest.mark.parametrize("folder", ["", "hidden"], ids=["visible", "hidden"])
def test_every_test_has_points_and_a_sentence_of_its_own(lesson, folder):
    tree = ast.parse((HOME / "autograder" / "suites" / folder / lesson.suite).read_text())
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        tests = [node for node in group.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        sentences = [ast.get_docstring(test) for test in tests]
        assert all(sentence and sentence.endswith(".") for sentence in sentences)
        assert len(set(sentences)) == len(sentences)
        for test in tests:
            markers = [ast.unparse(decorator).partition("(")[0] for decorator in test.decorator_list]
            assert markers.count("points") == 1


# --- the notebooks in source/


@pytest.fixture(scope="module")
def source(request):
    """``source(lesson)``: the lesson's source notebook as plain JSON."""
    return lambda lesson: json.loads(lesson.notebook(HOME / "source").read_text())


def nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def code_of(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text(cell):
    return "".join(cell["source"])


@EACH_LESSON
def test_folder_holds_the_notebook_and_nothing_else(lesson):
    path = lesson.notebook(HOME / "source")
    assert [one.name for one in path.parent.iterdir() if not one.name.startswith(".")] == [path.name]


@EACH_LESSON
def test_notebook_asks_for_the_kernel_that_everybody_has(source, lesson):
    notebook = source(lesson)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["kernelspec"]["language"] == "python"


@EACH_LESSON
def test_source_carries_no_outputs(source, lesson):
    for cell in code_of(source(lesson)):
        assert (cell["outputs"], cell["execution_count"]) == ([], None)


@EACH_LESSON
def test_cell_ids_are_unique_words(source, lesson):
    ids = [cell["id"] for cell in source(lesson)["cells"]]
    assert len(set(ids)) == len(ids)
    for one in ids:
        assert re.fullmatch(r"[a-z]+([-_][a-z0-9]+)*", one)
        assert not re.search(r"[0-9a-f]{8}", one)
        assert len(one) <= 64  # nbformat's own limit


@EACH_LESSON
def test_each_question_has_one_graded_cell_in_order(source, lesson):
    graded = [cell for cell in source(lesson)["cells"] if nbgrader(cell).get("grade")]
    assert [nbgrader(cell)["grade_id"] for cell in graded] == [question.name for question in lesson.questions]
    for cell, question in zip(graded, lesson.questions, strict=True):
        assert text(cell) == f'check("{question.name}")'
        assert cell["id"] == question.name
        assert cell["cell_type"] == "code"
        assert nbgrader(cell)["locked"]
        assert not nbgrader(cell)["solution"]
        assert "tags" not in cell["metadata"]  # nbgrader gives a skipped test full marks


@EACH_LESSON
def test_graded_cell_is_worth_what_its_tests_add_up_to(worth, lesson):
    cells = read_notebook(lesson.notebook(HOME / "source")).cells
    assert {cell.grade_id: cell.points for cell in cells if cell.is_test} == {
        question.name: worth[question.name] for question in lesson.questions
    }


@EACH_LESSON
def test_each_function_has_one_answer_cell_right_before_its_check(source, lesson):
    code = code_of(source(lesson))
    answers = [cell for cell in code if nbgrader(cell).get("solution")]
    assert [nbgrader(cell)["grade_id"] for cell in answers] == [f"{name}-answer" for name in lesson.functions]
    for answer in answers:
        assert answer["id"] == nbgrader(answer)["grade_id"]
        assert not nbgrader(answer)["locked"]
        following = code[code.index(answer) + 1]
        assert following["id"] == ANSWER.match(answer["id"])[1]


@EACH_LESSON
def test_answers_have_the_signature_of_the_table(source, lesson):
    for cell in code_of(source(lesson)):
        if not nbgrader(cell).get("solution"):
            continue
        (function,) = [node for node in ast.parse(text(cell)).body if isinstance(node, ast.FunctionDef)]
        _, question = find_question(ANSWER.match(cell["id"])[1])
        (promised,) = ast.parse(f"def {question.signature}: pass").body
        assert function.name == promised.name
        assert ast.dump(function.args) == ast.dump(promised.args)
        assert ast.get_docstring(function)


@EACH_LESSON
def test_solution_is_all_that_nbgrader_takes_away(source, lesson):
    """What is left is the signature and its docstring, so that a stub as released can be told from an attempt."""
    for cell in source(lesson)["cells"]:
        whole = text(cell)
        is_answer = bool(nbgrader(cell).get("solution"))
        assert (whole.count("BEGIN SOLUTION"), whole.count("END SOLUTION")) == (is_answer, is_answer)
        assert "HIDDEN TESTS" not in whole
        if is_answer:
            before, solution = whole.split("### BEGIN SOLUTION\n")
            solution, after = solution.split("### END SOLUTION")
            (function,) = ast.parse(f"{before.rstrip()}\n    raise NotImplementedError()").body
            docstring, stub = function.body
            assert isinstance(docstring, ast.Expr)
            assert isinstance(stub, ast.Raise)
            assert solution.strip()
            assert after.strip() == ""


@EACH_LESSON
def test_every_code_cell_is_set_up_answer_check_or_show(source, lesson):
    code = code_of(source(lesson))
    assert [cell["id"] for cell in code].count("setup") == 1
    assert code[0]["id"] == nbgrader(code[0])["grade_id"] == "setup"
    for cell in code:
        of_nbgrader, tags = bool(nbgrader(cell)), cell["metadata"].get("tags", [])
        assert (of_nbgrader, tags) in [(True, []), (False, ["show"])]


@EACH_LESSON
def test_metadata_are_as_nbgrader_writes_them(source, lesson):
    for cell in source(lesson)["cells"]:
        if kind := nbgrader(cell):
            assert kind["schema_version"] == 3
            assert kind["task"] is False
            assert ("points" in kind) == kind["grade"]


@EACH_LESSON
def test_lesson_begins_with_its_title_and_the_conventions(source, lesson):
    first, second, *_ = source(lesson)["cells"]
    assert text(first).startswith("# ")
    assert (first["id"], second["id"]) == ("title", "conventions")
    for promise in ("X @ W + b", "(m, d)", "(d, h)"):
        assert promise in text(second)


@EACH_LESSON
def test_answers_do_not_call_each_other(source, lesson):
    """No slip is punished twice: each reference solution stands on torch alone."""
    asked = {question.name for _, question in questions()}
    for cell in code_of(source(lesson)):
        if nbgrader(cell).get("solution"):
            names = [node for node in ast.walk(ast.parse(text(cell))) if isinstance(node, ast.Name)]
            its_own = {name.id for name in names if isinstance(name.ctx, ast.Store)}
            assert {name.id for name in names} & asked <= its_own
