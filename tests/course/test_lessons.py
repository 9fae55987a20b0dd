"""Each lesson's folders, suites and notebook in `source/` say the same of it."""

import ast
import itertools
import json
import re

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.build import signatures_in
from autograder.judging import recordings
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.judging.written import LOOKED_FOR, PLACEHOLDER
from autograder.notebooks.reading import read_notebook

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)

ANSWER = re.compile(r"^(\w+)-answer$")


# --- the folders


def folders(tree):
    """Names of the folders below it that are somebody's work."""
    return {path.name for path in tree.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}


@pytest.mark.parametrize("tree", ["source", "assignments", "solutions"])
def test_there_is_a_notebook_for_each_lesson_and_no_other(tree):
    assert folders(COURSE.home / tree) == {lesson.name for lesson in COURSE.lessons}
    for lesson in COURSE.lessons:
        assert lesson.notebook(COURSE.home / tree).is_file()


def test_there_are_two_folders_for_each_lesson_and_no_other():
    assert folders(COURSE.public) == {lesson.public.name for lesson in COURSE.lessons}
    assert folders(COURSE.secret) == {lesson.secret.name for lesson in COURSE.lessons}


@EACH_LESSON
def test_folders_are_named_after_the_lesson(lesson):
    assert lesson.public.name == lesson.secret.name == "lesson_" + lesson.name.replace("-", "_")


def test_lessons_are_numbered_from_0():
    assert [lesson.name.partition("-")[0] for lesson in COURSE.lessons] == [str(n) for n in range(len(COURSE.lessons))]


@EACH_LESSON
def test_contents_are_those_of_the_source(lesson):
    """What `make lessons` derives of the notebook in `source/` is what is written down, in the same order."""
    derived = signatures_in(lesson.notebook(COURSE.home / "source"))
    assert list(derived.items()) == [(question.name, question.signature) for question in lesson.questions]


# --- the suites


@pytest.fixture(scope="module")
def worth():
    """Points of each question's tests, visible and hidden, by name."""
    return with_suites(
        lambda suites: {name: points for lesson in COURSE.lessons for name, points in suites.points(lesson).items()},
        COURSE,
        ReferenceSolutions(COURSE),
    )


EACH_SUITE = pytest.mark.parametrize("folder", ["public", "secret"])


def suite_of(lesson, folder):
    return ast.parse((getattr(lesson, folder) / "suite.py").read_text())


@EACH_LESSON
@EACH_SUITE
def test_suite_has_one_class_a_question_in_the_lessons_order(lesson, folder):
    classes = [node.name for node in suite_of(lesson, folder).body if isinstance(node, ast.ClassDef)]
    wanted = [question.test_class for question in lesson.questions]
    tests = [name for name in classes if name.startswith("Test")]
    # What every question needs is a visible test; hidden ones only where there is something to hide.
    assert tests == (wanted if folder == "public" else [name for name in wanted if name in tests])


@EACH_LESSON
@EACH_SUITE
def test_every_test_has_points_and_a_sentence_of_its_own(lesson, folder):
    for group in (node for node in suite_of(lesson, folder).body if isinstance(node, ast.ClassDef)):
        tests = [node for node in group.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        sentences = [ast.get_docstring(test) for test in tests]
        assert all(sentence and sentence.endswith(".") for sentence in sentences)
        assert len(set(sentences)) == len(sentences)
        for test in tests:
            markers = [ast.unparse(decorator).partition("(")[0] for decorator in test.decorator_list]
            assert markers.count("points") == 1


@EACH_LESSON
def test_recording_knows_what_the_tests_are_worth(worth, lesson):
    assert recordings.load(lesson)["points"] == {question.name: worth[question.name] for question in lesson.questions}


# --- the notebooks in source/


@pytest.fixture(scope="module")
def source():
    """``source(lesson)``: the lesson's source notebook as plain JSON."""
    return lambda lesson: json.loads(lesson.notebook(COURSE.home / "source").read_text())


def nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def code_of(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text(cell):
    return "".join(cell["source"])


@EACH_LESSON
def test_folder_holds_the_notebook_and_nothing_else(lesson):
    path = lesson.notebook(COURSE.home / "source")
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
    graded = [cell for cell in code_of(source(lesson)) if nbgrader(cell).get("grade")]
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
    cells = read_notebook(lesson.notebook(COURSE.home / "source")).cells
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
def test_answers_have_the_signature_of_the_contents(source, lesson):
    for cell in code_of(source(lesson)):
        if not nbgrader(cell).get("solution"):
            continue
        question = lesson.find(ANSWER.match(cell["id"])[1])
        if question.is_value:
            continue
        (function,) = [node for node in ast.parse(text(cell)).body if isinstance(node, ast.FunctionDef)]
        (promised,) = ast.parse(f"def {question.signature}: pass").body
        assert function.name == promised.name
        assert ast.dump(function.args) == ast.dump(promised.args)
        assert ast.get_docstring(function)


@EACH_LESSON
def test_solution_is_all_that_nbgrader_takes_away(source, lesson):
    """What is left is the signature and its docstring, so that a stub as released can be told from an attempt."""
    for cell in source(lesson)["cells"]:
        whole = text(cell)
        if cell["cell_type"] == "markdown":  # read by a person: nbgrader takes all of it away
            continue
        is_answer = bool(nbgrader(cell).get("solution"))
        assert (whole.count("BEGIN SOLUTION"), whole.count("END SOLUTION")) == (is_answer, is_answer)
        assert "HIDDEN TESTS" not in whole
        if is_answer:
            before, solution = whole.split("### BEGIN SOLUTION\n")
            solution, after = solution.split("### END SOLUTION")
            if lesson.find(ANSWER.match(cell["id"])[1]).is_value:
                # The form of the answer is said above it; what is left of the answer itself is its name.
                assert all(line.startswith("# ") for line in before.splitlines())
                continue
            (function,) = ast.parse(f"{before.rstrip()}\n    raise NotImplementedError()").body
            docstring, stub = function.body
            assert isinstance(docstring, ast.Expr)
            assert isinstance(stub, ast.Raise)
            assert solution.strip()
            assert after.strip() == ""


@EACH_LESSON
def test_every_code_cell_is_set_up_answer_check_or_show(source, lesson):
    """Or it is for a learner's own notebook: what it shows is their answer, or numbers that are others each time."""
    code = code_of(source(lesson))
    assert [cell["id"] for cell in code].count("setup") == 1
    assert code[0]["id"] == nbgrader(code[0])["grade_id"] == "setup"
    for cell in code:
        of_nbgrader, tags = bool(nbgrader(cell)), cell["metadata"].get("tags", [])
        at_home = {"recall": (False, ["show", "at-home"]), "compare": (True, ["at-home"])}
        whose = at_home.get(text(cell).partition("(")[0])
        assert (of_nbgrader, tags) in ([whose] if whose else [(True, []), (False, ["show"])])


@EACH_LESSON
def test_thinking_question_is_answered_in_sentences_and_held_against_ours(source, lesson):
    cells = source(lesson)["cells"]
    (place,) = (place for place, cell in enumerate(cells) if cell["id"] == "think-answer")
    answer, ours = cells[place : place + 2]
    about = nbgrader(answer)
    assert (about["grade"], about["solution"], about["points"], about["locked"]) == (True, True, 0, False)
    (written,) = lesson.written
    assert written.name == about["grade_id"]
    assert written.ours in text(answer)
    assert 2 <= len(written.looked_for) <= 3
    assert text(ours) == f'compare("{written.name}")'
    assert nbgrader(ours)["grade_id"] == f"{written.name}-ours"
    assert nbgrader(ours)["locked"]


@EACH_LESSON
def test_released_lesson_has_nothing_of_our_answer_in_sentences(lesson):
    released = lesson.notebook(COURSE.home / "assignments").read_text()
    (written,) = lesson.written
    cells = {nbgrader(cell).get("grade_id"): text(cell) for cell in json.loads(released)["cells"]}
    assert cells[written.name] == PLACEHOLDER
    assert LOOKED_FOR not in released
    assert written.looked_for[-1] not in " ".join(cells.values())


@EACH_LESSON
def test_opening_of_each_lesson_but_the_first_ends_with_three_from_before(source, lesson):
    cells = source(lesson)["cells"]
    places = [place for place, cell in enumerate(cells) if text(cell).startswith("recall(")]
    number = int(lesson.name.split("-")[0])
    if not number:
        assert not places
        return
    (place,) = places
    assert text(cells[place]) == f"recall({number})"
    assert [cell["id"] for cell in cells[place - 2 : place]] == ["setup", "recall-text"]


def test_names_of_answers_in_sentences_are_no_other_questions():
    written = [one.name for lesson in COURSE.lessons for one in lesson.written]
    assert len(set(written)) == len(written)
    assert not set(written) & {question.name for _, question in COURSE.questions()}


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
    asked = {question.name for _, question in COURSE.questions()}
    for cell in code_of(source(lesson)):
        if nbgrader(cell).get("solution"):
            names = [node for node in ast.walk(ast.parse(text(cell))) if isinstance(node, ast.Name)]
            its_own = {name.id for name in names if isinstance(name.ctx, ast.Store)}
            assert {name.id for name in names} & asked <= its_own


@EACH_LESSON
def test_what_a_person_grades_has_a_rubric_that_adds_up(source, lesson):
    cells = source(lesson)["cells"]
    for above, cell in itertools.pairwise(cells):
        if cell["cell_type"] == "markdown" and nbgrader(cell) and LOOKED_FOR not in text(cell):
            assert cell["id"] == nbgrader(cell)["grade_id"]
            assert (nbgrader(cell)["grade"], nbgrader(cell)["solution"], nbgrader(cell)["locked"]) == (
                True,
                True,
                False,
            )
            assert above["cell_type"] == "markdown"
            rows = [int(points) for points in re.findall(r"\| (\d+) \|$", text(above), flags=re.MULTILINE)]
            assert sum(rows) == nbgrader(cell)["points"]
