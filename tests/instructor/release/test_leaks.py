"""Nothing secret gets out unseen: each kind of leak, put into a notebook or a wheel, is a sentence that names it."""

import json
import re
import shutil
import tomllib
import zipfile

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.release import build_wheel, leaks
from autograder.sandbox import boundary


@pytest.fixture(scope="module")
def secret():
    return leaks.secrets(COURSE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(COURSE, tmp_path_factory.mktemp("wheel"))


def a_line(lines):
    """The longest: nobody writes that by chance."""
    return max(sorted(lines), key=len)


@pytest.fixture(params=["solution", "hidden test", "known wrong answer"])
def line_of(request):
    lines = {
        "solution": leaks.solution_lines,
        "hidden test": leaks.hidden_lines,
        "known wrong answer": leaks.misconception_lines,
    }
    return request.param, a_line(lines[request.param](COURSE))


def with_file(wheel, folder, name, content):
    """A copy of the wheel with another file in it, or a file replaced."""
    copy = folder / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w") as new:
        for one in old.namelist():
            if one != name and not one.endswith(".gz"):
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return copy


def test_there_are_lines_to_look_for():
    assert len(leaks.solution_lines(COURSE)) > 40
    assert len(leaks.hidden_lines(COURSE)) > 100
    assert len(leaks.misconception_lines(COURSE)) > 400


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_released_notebooks_give_nothing_away(lesson, secret):
    assert list(leaks.in_notebook("here", lesson.notebook(COURSE.home / "assignments"), secret)) == []


def test_wheel_gives_nothing_away(wheel, secret):
    assert list(leaks.in_wheel(COURSE, wheel, secret)) == []


def test_line_in_a_notebook_is_named(line_of, secret, tmp_path, neuron, edit):
    of, line = line_of
    path = shutil.copy(neuron.notebook(COURSE.home / "assignments"), tmp_path / "1-neuron.ipynb")
    edit(path, lambda cells: cells["title"].update(source=["# Neuron\n", f"    {line}\n"]))
    (sentence,) = leaks.in_notebook("assignments/1-neuron/1-neuron.ipynb", path, secret)
    assert sentence == f"assignments/1-neuron/1-neuron.ipynb, cell title, has a line of a {of}: `{line}`"


def test_line_in_the_wheel_is_named(line_of, secret, wheel, tmp_path):
    of, line = line_of
    leaking = with_file(wheel, tmp_path, "autograder/course/figures/_new.py", f"def draw():\n    {line}\n")
    (sentence,) = leaks.in_wheel(COURSE, leaking, secret)
    assert sentence == f"autograder/course/figures/_new.py in {wheel.name} has a line of a {of}: `{line}`"


@pytest.mark.parametrize(
    "name",
    [
        "autograder/course/secret/lesson_1_neuron/suite.py",
        "autograder/course/secret/lesson_1_neuron/right_answers.py",
        "autograder/gradebook/database.py",
        "autograder/grading/cluster/engine.py",
        "autograder/instructor/build.py",
        "autograder/plugin.py",
        "solutions/1-neuron/1-neuron.ipynb",
        "source/1-neuron/1-neuron.ipynb",
    ],
)
def test_file_of_the_graders_in_the_wheel_is_named(name, wheel, tmp_path):
    (sentence,) = leaks.in_wheel(COURSE, with_file(wheel, tmp_path, name, "x = 1\n"), {})
    assert sentence.startswith(f"{wheel.name} holds {name}, which is for the grader alone")


@pytest.mark.parametrize(
    ("kind", "put"),
    [
        ("answers", lambda kept, test: kept["answers"].update({test: []})),
        ("misconceptions", lambda kept, test: kept["right"].update({test: {}})),
        ("misconceptions", lambda kept, test: kept["known"]["sigmoid/no_minus"]["seen"].update({test: {}})),
    ],
)
def test_recorded_answer_of_a_hidden_test_is_named(kind, put, wheel, tmp_path):
    name = f"autograder/course/lessons/lesson_1_neuron/{kind}.json"
    with zipfile.ZipFile(wheel) as archive:
        kept = json.loads(archive.read(name))
    kept.get("known", {}).setdefault("sigmoid/no_minus", {"seen": {}})
    put(kept, "TestSigmoid::test_random_numbers[3]")
    (sentence,) = leaks.in_wheel(COURSE, with_file(wheel, tmp_path, name, json.dumps(kept)), {})
    assert sentence.startswith(
        f"{name} in {wheel.name} answers TestSigmoid::test_random_numbers[3], which is no visible"
    )


def test_hidden_suite_put_beside_the_visible_ones_is_still_hidden(course, neuron):
    before = leaks.hidden_lines(course)
    beside = course.public / neuron.public.name
    shutil.copy(course.secret / neuron.secret.name / "suite.py", beside / "more.py")
    assert leaks.hidden_lines(course) == before
    wheel = build_wheel(course, course.home)
    (sentence,) = leaks.in_wheel(course, wheel, leaks.secrets(course))
    where = f"autograder/course/lessons/lesson_1_neuron/more.py in {wheel.name}"
    assert sentence.startswith(f"{where} has a line of a hidden test: `")
    assert re.search(r"`, and \d\d+ more that must not get out$", sentence)


def test_wheel_excludes_the_graders_side_and_nothing_else():
    settings = tomllib.loads((COURSE.home / "pyproject.toml").read_text())
    excluded = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]
    assert set(excluded) == {f"autograder/{part}" for part in boundary.GRADER}


def test_words_of_a_tutor_may_be_read_and_idioms_say_nothing(secret):
    from autograder.judging.misconceptions import misconceptions

    explained = {
        text for lesson in COURSE.lessons for one in misconceptions(lesson) for text in (one.diagnosis, one.pointer)
    }
    assert explained.isdisjoint(secret)
    assert secret.keys().isdisjoint(leaks.IDIOMS)
