"""Nothing secret gets out unseen: each kind of leak, put into a notebook or a wheel, is a sentence that names it."""

import json
import re
import shutil
import zipfile

import pytest

from autograder.instructor.release import build_wheel, leaks
from autograder.judging.course import HOME, LESSONS


@pytest.fixture(scope="module")
def secret():
    return leaks.secrets(HOME)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(HOME, tmp_path_factory.mktemp("wheel"))


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
    return request.param, a_line(lines[request.param](HOME))


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
    assert len(leaks.solution_lines(HOME)) > 40
    assert len(leaks.hidden_lines(HOME)) > 100
    assert len(leaks.misconception_lines(HOME)) > 400


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_released_notebooks_give_nothing_away(lesson, secret):
    assert list(leaks.in_notebook("here", lesson.notebook(HOME / "assignments"), secret)) == []


def test_wheel_gives_nothing_away(wheel, secret):
    assert list(leaks.in_wheel(wheel, secret)) == []


def test_line_in_a_notebook_is_named(line_of, secret, tmp_path, neuron, edit):
    of, line = line_of
    path = shutil.copy(neuron.notebook(HOME / "assignments"), tmp_path / "1-neuron.ipynb")
    edit(path, lambda cells: cells["title"].update(source=["# Neuron\n", f"    {line}\n"]))
    (said,) = leaks.in_notebook("assignments/1-neuron/1-neuron.ipynb", path, secret)
    assert said == f"assignments/1-neuron/1-neuron.ipynb, cell title, has a line of a {of}: `{line}`"


def test_line_in_the_wheel_is_named(line_of, secret, wheel, tmp_path):
    of, line = line_of
    leaking = with_file(wheel, tmp_path, "autograder/figures/_new.py", f"def draw():\n    {line}\n")
    (said,) = leaks.in_wheel(leaking, secret)
    assert said == f"autograder/figures/_new.py in {wheel.name} has a line of a {of}: `{line}`"


@pytest.mark.parametrize(
    "name",
    [
        "autograder/suites/hidden/test_1_neuron.py",
        "autograder/misconceptions/lesson_1_neuron.py",
        "solutions/1-neuron/1-neuron.ipynb",
        "source/1-neuron/1-neuron.ipynb",
    ],
)
def test_file_of_the_graders_in_the_wheel_is_named(name, wheel, tmp_path):
    (said,) = leaks.in_wheel(with_file(wheel, tmp_path, name, "x = 1\n"), {})
    assert said.startswith(f"{wheel.name} holds {name}, which is for the grader alone")


@pytest.mark.parametrize(
    ("kind", "put"),
    [
        (".json", lambda kept, test: kept["answers"].update({test: []})),
        (".misconceptions.json", lambda kept, test: kept["right"].update({test: {}})),
        (".misconceptions.json", lambda kept, test: kept["known"]["sigmoid/no_minus"]["seen"].update({test: {}})),
    ],
)
def test_recorded_answer_of_a_hidden_test_is_named(kind, put, wheel, tmp_path):
    name = f"autograder/suites/recorded/1-neuron{kind}"
    with zipfile.ZipFile(wheel) as archive:
        kept = json.loads(archive.read(name))
    kept.get("known", {}).setdefault("sigmoid/no_minus", {"seen": {}})
    put(kept, "TestSigmoid::test_random_numbers[3]")
    (said,) = leaks.in_wheel(with_file(wheel, tmp_path, name, json.dumps(kept)), {})
    assert said.startswith(f"{name} in {wheel.name} answers TestSigmoid::test_random_numbers[3], which is no visible")


def test_hidden_suite_put_beside_the_visible_ones_is_still_hidden(course):
    suites = course / "autograder" / "suites"
    before = leaks.hidden_lines(course)
    shutil.copy(suites / "hidden" / "test_1_neuron.py", suites / "test_neuron_more.py")
    assert leaks.hidden_lines(course) == before
    wheel = build_wheel(course, course)
    (said,) = leaks.in_wheel(wheel, leaks.secrets(course))
    assert said.startswith(f"autograder/suites/test_neuron_more.py in {wheel.name} has a line of a hidden test: `")
    assert re.search(r"`, and \d\d+ more that must not get out$", said)


def test_words_of_a_tutor_may_be_read_and_idioms_say_nothing(secret):
    from autograder.judging.misconceptions import misconceptions

    said = {text for lesson in LESSONS for one in misconceptions(lesson) for text in (one.diagnosis, one.pointer)}
    assert said.isdisjoint(secret)
    assert secret.keys().isdisjoint(leaks.IDIOMS)
