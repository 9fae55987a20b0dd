"""A course as a value: what is found in it, how it is read from its folders, how it travels."""

import pickle
from dataclasses import replace

import pytest

from autograder.course.contents import COURSE
from autograder.judging.course import CONTENTS, Lesson, Question, load_course, read_lessons, write_contents

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)


# --- questions and lessons


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


def test_question_that_puts_the_others_to_work_has_no_function(tmp_path):
    questions = (Question("half", "half(x)"), Question("quarters", ""), Question("third", "third(x)"))
    lesson = Lesson("1-parts", questions, tmp_path / "public", tmp_path / "secret")
    assert lesson.functions == ("half", "third")
    assert lesson.find("quarters").parameters == ()
    assert lesson.find("eighths") is None


def test_files_of_a_lesson_lie_where_its_name_and_folders_say(tmp_path):
    lesson = Lesson("1-parts", (), tmp_path / "public", tmp_path / "secret")
    assert lesson.notebook(tmp_path) == tmp_path / "1-parts" / "1-parts.ipynb"
    assert lesson.suites == ()
    for folder in (lesson.public, lesson.secret):
        folder.mkdir()
        (folder / "suite.py").touch()
    assert lesson.suites == (lesson.public / "suite.py", lesson.secret / "suite.py")


# --- finding


def test_names_of_questions_are_unique():
    names = [question.name for _, question in COURSE.questions()]
    assert len(names) == len(set(names))


def test_questions_come_with_their_lesson_in_order():
    assert list(COURSE.questions()) == [
        (lesson, question) for lesson in COURSE.lessons for question in lesson.questions
    ]


@EACH_LESSON
def test_lesson_is_found_by_name(lesson):
    assert COURSE.find_lesson(lesson.name) is lesson


def test_question_is_found_by_name():
    for lesson, question in COURSE.questions():
        assert COURSE.find_question(question.name) == COURSE.question_called(question.name) == (lesson, question)
        assert lesson.find(question.name) == question


def test_other_names_are_not_found():
    assert COURSE.find_lesson("9-transformers") is None
    assert COURSE.find_question("attention") is None


@pytest.mark.parametrize("name", ["attention", "", None, 7, ["softmax"]])
def test_what_is_no_question_is_told_with_those_that_are(name):
    with pytest.raises(ValueError, match=r"There is no question .*The questions are: .*softmax, forward, ") as caught:
        COURSE.question_called(name)
    assert repr(name) in str(caught.value)


# --- reading the folders


def test_lessons_are_read_in_the_order_of_their_numbers(tmp_path):
    for number in (10, 9, 1, 11, 0):
        folder = tmp_path / f"lesson_{number}_parts"
        folder.mkdir()
        write_contents(folder, f"{number}-parts", {f"part_{number}": "part(x)", f"all_{number}": ""})
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "lesson_2_begun").mkdir()  # it has no contents yet
    lessons = read_lessons(tmp_path, tmp_path / "secret")
    assert [lesson.name for lesson in lessons] == ["0-parts", "1-parts", "9-parts", "10-parts", "11-parts"]
    assert lessons[3] == Lesson(
        "10-parts",
        (Question("part_10", "part(x)"), Question("all_10", "")),
        tmp_path / "lesson_10_parts",
        tmp_path / "secret" / "lesson_10_parts",
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"lesson": "1-parts"}', '{"lesson": "1-parts", "questions": ["half"]}', "\xff"]
)
def test_damaged_contents_are_named(tmp_path, text):
    (tmp_path / "lesson_1_parts").mkdir()
    (tmp_path / "lesson_1_parts" / CONTENTS).write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=rf"lesson_1_parts/{CONTENTS} is damaged .*`make lessons` writes it anew"):
        read_lessons(tmp_path, tmp_path)


def test_contents_that_are_written_later_are_read_by_a_fresh_course(tiny):
    course = tiny("")
    (lesson,) = course.lessons
    write_contents(lesson.public, lesson.name, {"half": "half(x)", "double": "double(x)"})
    assert course.find_question("double") is None
    assert course.fresh().find_question("double") is not None


def test_hidden_tests_are_installed_where_there_is_a_hidden_suite(tiny):
    course = tiny("")
    assert not course.hidden_tests_installed
    (course.secret / "lesson_1_halves").mkdir(parents=True)
    (course.secret / "lesson_1_halves" / "suite.py").touch()
    assert course.hidden_tests_installed


def test_nothing_of_the_lessons_nor_of_the_solutions_is_open_to_students_code():
    for path in (COURSE.public, COURSE.secret, COURSE.solutions, COURSE.home / "source", *COURSE.private):
        assert path in COURSE.all_private


# --- travelling


def test_course_travels_by_its_name(tmp_path):
    assert load_course(COURSE.where) is COURSE
    assert pickle.loads(pickle.dumps(COURSE)) is COURSE
    assert len(pickle.dumps(COURSE)) < 200


def test_other_solutions_travel_along(tmp_path):
    other = COURSE.with_solutions(tmp_path)
    arrived = pickle.loads(pickle.dumps(other))
    assert arrived == other == replace(COURSE, solutions=tmp_path)
    assert arrived.lessons == COURSE.lessons


@pytest.mark.parametrize("where", ["autograder.course.contents:COURSES", "autograder.course.contents", "json:dumps"])
def test_what_is_no_course_is_refused(where):
    with pytest.raises(TypeError, match=f"{where} is no course"):
        load_course(where)
