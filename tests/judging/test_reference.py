"""Where expected values come from: a solution's notebook, or what was recorded of it."""

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.judging import recordings
from autograder.judging.outcomes import Missing, Returned
from autograder.judging.reference import MissingReference, ReferenceSolutions, load_solution

NETWORK = COURSE.find_lesson("4-network")


def test_solution_is_the_set_up_and_the_answers_alone(tiny, notebook, code_cell):
    course = tiny("")
    (lesson,) = course.lessons
    path = lesson.notebook(course.solutions)
    path.parent.mkdir(parents=True)
    cells = [
        code_cell("unit = 1", grade_id="setup", locked=True),
        code_cell("def half(x):\n    return unit * x / 2", grade_id="half-answer", solution=True),
        code_cell("raise RuntimeError('a picture')", tags=["show"]),
        code_cell('check("half")', grade_id="half", grade=True, points=1, locked=True),
    ]
    path.write_bytes(notebook(*cells))
    solution = load_solution(lesson, course.solutions)
    assert solution.call("half", (3,), 5.0) == Returned(1.5)
    assert solution.call("third", (3,), 5.0) == Missing()


def test_missing_solution_says_how_to_make_it(tmp_path):
    with pytest.raises(MissingReference, match=r"there is no reference solution at .* `make lessons` builds it"):
        load_solution(NETWORK, tmp_path)


def test_solutions_of_a_course_are_those_in_its_folder(tmp_path):
    found = ReferenceSolutions(COURSE).live(NETWORK).call("softmax", (torch.zeros(1, 2),), 5.0)
    assert found.value.tolist() == [[0.5, 0.5]]
    with pytest.raises(MissingReference):
        ReferenceSolutions(COURSE.with_solutions(tmp_path)).live(NETWORK)


def test_recorded_answers_come_in_the_order_of_the_test(tiny):
    (lesson,) = tiny("").lessons
    answers = [{"of": "half", "gives": 1.5}, {"of": "half", "gives": {"tensor": "int64", "shape": [1], "values": [2]}}]
    recordings.save(lesson, {"answers": {"TestHalf::test_values": answers}})
    functions = ReferenceSolutions(COURSE).recorded(lesson, "TestHalf::test_values")
    assert functions.call("half", (3,), 5.0) == Returned(1.5)
    assert functions.call("half", (4,), 5.0).value.tolist() == [2]
    with pytest.raises(recordings.MissingRecording, match="asks for an answer of half that was not recorded"):
        functions.call("half", (5,), 5.0)


@pytest.mark.parametrize(("test", "function"), [("test_values", "third"), ("test_more", "half")])
def test_what_was_not_recorded_is_named(tiny, test, function):
    (lesson,) = tiny("").lessons
    recordings.save(lesson, {"answers": {"TestHalf::test_values": [{"of": "half", "gives": 1.5}]}})
    functions = ReferenceSolutions(COURSE).recorded(lesson, f"TestHalf::{test}")
    with pytest.raises(recordings.MissingRecording, match=f"{test} asks for an answer of {function}"):
        functions.call(function, (3,), 5.0)
