"""Each reason not to hand a lesson out: a copy of the course is broken in one place, and one sentence says so."""

import json

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.release import _checks

NOTEBOOK = "assignments/1-neuron/1-neuron.ipynb"


# --- notebooks that were run, and ids


def test_nothing_is_said_of_the_lesson_as_it_is(neuron, fresh):
    assert list(_checks.tidy(COURSE, [neuron])) == []
    assert list(_checks.as_built(COURSE, fresh, [neuron])) == []


@pytest.mark.parametrize(
    "ran", [{"execution_count": 3}, {"outputs": [{"output_type": "stream", "name": "stdout", "text": "0.5"}]}]
)
def test_notebook_that_was_run_is_refused(course, neuron, edit, ran):
    edit(course.home / NOTEBOOK, lambda cells: cells["sigmoid-answer"].update(ran))
    assert list(_checks.tidy(course, [neuron])) == [
        f"{NOTEBOOK}, cell sigmoid-answer, has been run: it has outputs. Run `make lessons`."
    ]


def test_missing_id_is_refused(course, neuron, edit):
    edit(course.home / NOTEBOOK, lambda cells: cells["conventions"].pop("id"))
    assert list(_checks.tidy(course, [neuron])) == [
        f"{NOTEBOOK}: cells without an id: 2. Give each an id of its own in source/."
    ]


def test_id_that_two_cells_have_is_refused(course, neuron, edit):
    edit(course.home / NOTEBOOK, lambda cells: cells["conventions"].update(id="title"))
    assert list(_checks.tidy(course, [neuron])) == [
        f"{NOTEBOOK}: 2 cells have the id title. Give each an id of its own in source/."
    ]


@pytest.mark.parametrize("tree", ["assignments", "solutions"])
def test_id_that_changed_since_the_last_build_is_refused(course, neuron, fresh, edit, tree):
    edit(neuron.notebook(course.home / tree), lambda cells: cells["title"].update(id="f3a9c1d2"))
    (problem,) = _checks.as_built(course, fresh, [neuron])
    assert problem.startswith(f"{tree}/1-neuron/1-neuron.ipynb: the cells have other ids than at the last build.")


# --- what is not what source/ gives


@pytest.mark.parametrize("tree", ["assignments", "solutions"])
def test_notebook_edited_by_hand_is_refused(course, neuron, fresh, edit, tree):
    edit(neuron.notebook(course.home / tree), lambda cells: cells["title"].update(source=["# Another title"]))
    assert list(_checks.as_built(course, fresh, [neuron])) == [
        f"{tree}/1-neuron/1-neuron.ipynb is not what source/ gives today. Run `make lessons`."
    ]


def test_missing_and_damaged_notebooks_are_refused(course, neuron, fresh):
    (course.home / NOTEBOOK).write_text("{")
    neuron.notebook(course.solutions).unlink()
    assert list(_checks.as_built(course, fresh, [neuron])) == [
        f"{NOTEBOOK} is not a notebook. Run `make lessons`.",
        "solutions/1-neuron/1-neuron.ipynb is missing. Run `make lessons`.",
    ]


def test_file_beside_the_notebook_that_source_does_not_give_is_refused(course, neuron, fresh):
    (course.home / "assignments" / "1-neuron" / "answers.txt").write_text("42")
    (course.home / "assignments" / "1-neuron" / ".DS_Store").write_text("not handed out")
    assert list(_checks.as_built(course, fresh, [neuron])) == [
        "assignments/1-neuron/answers.txt is not what source/ gives today. Run `make lessons`."
    ]


# --- contents


def test_contents_that_source_does_not_give_any_more_are_refused(course, neuron, edit):
    assert list(_checks.contents(course, course.lessons)) == []
    source = neuron.notebook(course.home / "source")
    edit(source, lambda cells: cells["sigmoid-answer"].update(source="def sigmoid(z, steep=1):\n    return z"))
    assert list(_checks.contents(course, course.lessons)) == [
        "autograder/course/lessons/lesson_1_neuron/contents.json is not what source/ gives today. Run `make lessons`."
    ]
    edit(source, lambda cells: cells["sigmoid-answer"].update(source="def sigma(z):\n    return z"))
    assert list(_checks.contents(course, [neuron])) == [
        "1-neuron.ipynb, cell sigmoid-answer: there is no function sigmoid in it, and no value `sigmoid = …`"
    ]


# --- points


def points(course, worth=2.0, promised=2.0):
    lesson = course.find_lesson("1-neuron")
    agreed = {"weighted_sum": 2.0, "predict_examples": 4.0, "careful_neuron": 4.0}
    tests = {lesson.name: {**agreed, "sigmoid": worth}}
    shown = {lesson.name: {**agreed, "sigmoid": promised}}
    return list(_checks.points_agree(course, [lesson], tests, shown))


def test_points_that_agree_need_no_sentence():
    assert points(COURSE) == []


def test_tests_and_cell_that_disagree_are_refused():
    assert points(COURSE, worth=4.0, promised=4.0) == [
        f"{NOTEBOOK}: the cell of sigmoid is worth 2 points, its tests add up to 4."
    ]


def test_record_that_disagrees_with_the_tests_is_refused():
    assert points(COURSE, promised=1.0) == [
        "autograder/course/lessons/lesson_1_neuron/answers.json: sigmoid is recorded with 1 points, its tests add up "
        "to 2. Run `make lessons`."
    ]


def test_question_that_the_contents_do_not_list_is_refused(course, edit):
    edit(
        course.home / NOTEBOOK, lambda cells: cells["predict_examples"]["metadata"]["nbgrader"].update(grade_id="guess")
    )
    assert points(course) == [
        f"{NOTEBOOK} asks weighted_sum, sigmoid, guess, careful_neuron, "
        "but the lesson's contents.json lists weighted_sum, sigmoid, predict_examples, careful_neuron."
    ]


def test_json_of_notebooks_is_read_without_the_traces_of_a_run(tmp_path):
    from autograder.instructor.build import without_outputs

    cells = [{"cell_type": "code", "metadata": {"execution": {}}, "outputs": [1], "execution_count": 1, "source": ""}]
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps({"metadata": {"language_info": {}}, "cells": cells}))
    assert without_outputs(path) == {"metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": ""}]}
