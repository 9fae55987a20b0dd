"""Fingerprints: they change with each file that scores depend on, and with no other."""

import ast
import contextlib
import copy
import json
import re
import shutil
from dataclasses import replace

import pytest

from autograder.course.contents import COURSE
from autograder.grading import fingerprints
from autograder.notebooks.files import folder_digest
from autograder.sandbox import boundary

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of this package, to be changed; each test leaves it as it was."""
    path = tmp_path_factory.mktemp("clone") / "autograder"
    shutil.copytree(boundary.PACKAGE, path, ignore=shutil.ignore_patterns("__pycache__"))
    return path


@pytest.fixture(scope="module")
def in_a_copy(package):
    """``in_a_copy(lesson)``: the lesson as it lies in the copy of the package."""
    public, secret = (package / path.relative_to(boundary.PACKAGE) for path in (COURSE.public, COURSE.secret))
    course = replace(COURSE, public=public, secret=secret)
    return lambda lesson: course.find_lesson(lesson.name)


@contextlib.contextmanager
def changed(path, content):
    """A while in which that file has that content; `None` for one in which it does not exist."""
    before = path.read_bytes() if path.exists() else None
    _write(path, content)
    yield
    _write(path, before)


def _write(path, content):
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


def engine(package):
    """The engine's fingerprint, of the files as they are now."""
    fingerprints.engine.cache_clear()
    return fingerprints.engine(package)


def touched(lesson, before):
    """Names of the questions whose fingerprint is not what it was."""
    now = fingerprints.questions(lesson, COURSE.solutions)
    assert list(now) == list(before)
    return {name for name in now if now[name] != before[name]}


# --- the engine


def test_engine_is_the_same_as_long_as_nothing_changes(package):
    assert engine(package) == engine(package) == engine(boundary.PACKAGE)


def test_each_file_of_the_engine_counts(package, spread):
    before = engine(package)
    deciding = list(boundary.deciding_files(package))
    assert len(deciding) > 50
    for name in spread(deciding, 12):
        path = package / name
        for content in (path.read_bytes() + b"\n", None):
            with changed(path, content):
                assert engine(package) != before, name
    assert engine(package) == before


@pytest.mark.parametrize("room", ["gradebook", "grading", "grading/cluster", "judging", "notebooks", "sandbox/wire"])
def test_new_file_of_the_engine_counts_from_the_start(package, room):
    before = engine(package)
    with changed(package / room / "new.txt", b""):
        assert engine(package) != before


def test_what_decides_nothing_changes_nothing(package, in_a_copy, spread):
    """Panels, commands, figures, widgets, and what only instructors or only students use."""
    before = engine(package)
    of_lessons = {lesson: fingerprints.questions(in_a_copy(lesson), COURSE.solutions) for lesson in COURSE.lessons}
    others = [name for name in boundary.files(package) if not boundary.decides_marks(name)]
    assert {name.partition("/")[0] for name in others} >= {"cli", "instructor", "panels", "student"}
    for name in spread(others, 12):
        path = package / name
        with changed(path, path.read_bytes() + b"\n"):
            assert engine(package) == before, name
    with contextlib.ExitStack() as all_at_once:
        for name in others:
            all_at_once.enter_context(changed(package / name, (package / name).read_bytes() + b"\n"))
        assert engine(package) == before
        for lesson, questions in of_lessons.items():
            assert touched(in_a_copy(lesson), questions) == set()


def test_every_file_decides_for_all_for_single_questions_or_not_at_all(package):
    """So that the tests here have looked at each file of the package."""
    everywhere = set(boundary.deciding_files(package))
    nowhere = {name for name in boundary.files(package) if not boundary.decides_marks(name)}
    rest = set(boundary.files(package)) - everywhere - nowhere
    assert not everywhere & nowhere
    assert rest
    assert {name.rpartition("/lesson_")[0].partition("/")[0] for name in rest if "/lesson_" in name} == {"course"}


# --- the questions


def test_every_question_has_its_own():
    found = [one for lesson in COURSE.lessons for one in fingerprints.questions(lesson, COURSE.solutions).values()]
    assert len(set(found)) == len(found) == len(list(COURSE.questions()))


def files_of(lesson):
    return [
        path
        for folder in (lesson.public, lesson.secret)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def with_a_change_for_all(path):
    """The content of a lesson's file with something new in it that belongs to no single question."""
    text = path.read_text()
    if path.suffix == ".py":
        return text + "\nnew = 1\n"
    if path.suffix == ".toml":
        return text + "\nnew = 1\n"
    assert path.suffix == ".json"
    return json.dumps({**json.loads(text), "new": 1})


def with_a_change_for(path, question):
    """The content of a lesson's file with a change where it is about a question; `None` if it is not."""
    text = path.read_text()
    if path.suffix == ".py":
        for node in ast.parse(text).body:
            name = getattr(node, "name", "")
            if name == question.test_class or name.startswith(f"{question.name}__"):
                lines = text.splitlines()
                lines.insert(node.end_lineno, "    new = 1")
                return "\n".join(lines) + "\n"
        return None
    if path.suffix == ".toml":
        found = re.sub(rf"(?m)^{question.name} = \[$", rf'{question.name} = [\n"new",', text)
        return None if found == text else found
    assert path.suffix == ".json"
    content = json.loads(text)
    return json.dumps(content) if _change_entry(content, question) else None


def _change_entry(content, question):
    """Change the first entry of a question, however deep it lies."""
    if not isinstance(content, dict):
        return False
    for name in content:
        if re.split("::|/", name)[0] in (question.name, question.test_class):
            content[name] = ["new", content[name]]
            return True
        if _change_entry(content[name], question):
            return True
    return False


@EACH_LESSON
def test_each_file_of_a_lesson_counts(in_a_copy, lesson):
    lesson = in_a_copy(lesson)
    before = fingerprints.questions(lesson, COURSE.solutions)
    assert {path.name for path in files_of(lesson)} >= {"suite.py", "hints.toml", "answers.json", "contents.json"}
    for path in files_of(lesson):
        with changed(path, with_a_change_for_all(path).encode()):
            assert touched(lesson, before) == set(before), path
    assert touched(lesson, before) == set()


@EACH_LESSON
def test_what_is_about_one_question_touches_that_one_alone(in_a_copy, lesson, spread):
    lesson = in_a_copy(lesson)
    before = fingerprints.questions(lesson, COURSE.solutions)
    seen, questions = set(), spread(lesson.questions, 2)
    for path in files_of(lesson):
        for question in questions:
            content = with_a_change_for(path, question)
            if content is not None:
                seen.add((path.name, question.name))
                with changed(path, content.encode()):
                    assert touched(lesson, before) == {question.name}, path
    for question in questions:
        about = {"suite.py", "answers.json", "contents.json"}
        if question.signature:
            about |= {"hints.toml", "misconceptions.json", "misconceptions.py", "right_answers.py"}
        assert {name for name, asked in seen if asked == question.name} >= about


@pytest.mark.parametrize("name", ["table.csv", "inputs.pt", "deep/er/module.py"])
@pytest.mark.parametrize("folder", ["public", "secret"])
def test_new_file_in_a_lessons_folder_counts(in_a_copy, folder, name):
    lesson = in_a_copy(NETWORK)
    before = fingerprints.questions(lesson, COURSE.solutions)
    path = getattr(lesson, folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with changed(path, b""):
        assert touched(lesson, before) == set(before)
        made = fingerprints.questions(lesson, COURSE.solutions)
        path.write_bytes(b"x = 1")
        assert touched(lesson, made) == set(before)


@pytest.mark.parametrize("folder", ["public", "secret"])
def test_what_lies_beside_the_lessons_folders_counts_for_all(package, in_a_copy, folder):
    lesson = in_a_copy(NETWORK)
    before = fingerprints.questions(lesson, COURSE.solutions)
    with changed(getattr(lesson, folder).parent / "__init__.py", b"new = 1\n"):
        assert touched(lesson, before) == set(before)


def test_what_python_makes_by_itself_does_not_count(in_a_copy):
    lesson = in_a_copy(NETWORK)
    before = fingerprints.questions(lesson, COURSE.solutions)
    (lesson.public / "__pycache__").mkdir(exist_ok=True)
    with changed(lesson.public / "__pycache__" / "suite.cpython-311.pyc", b"compiled"):
        assert touched(lesson, before) == set()


def test_students_installation_has_no_secret_folder(tmp_path):
    lesson = replace(NETWORK, secret=tmp_path / "no" / "lesson_4_network")
    assert touched(lesson, fingerprints.questions(NETWORK, COURSE.solutions)) == {one.name for one in NETWORK.questions}


@EACH_LESSON
def test_changed_reference_touches_its_question_alone(tmp_path, lesson):
    path = lesson.notebook(tmp_path)
    path.parent.mkdir()
    notebook = json.loads(lesson.notebook(COURSE.solutions).read_text())
    before = fingerprints.questions(lesson, COURSE.solutions)
    together = {question.name for question in lesson.questions if not question.signature}
    of_cells = {"setup": set(before), **{f"{name}-answer": {name} | together for name in lesson.functions}}
    for name, expected in [*of_cells.items(), (None, set())]:
        changed = copy.deepcopy(notebook)
        for cell in changed["cells"]:
            its_name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            # With no name: all cells that are neither set-up nor answers, at once.
            if its_name == name or (name is None and its_name not in of_cells):
                cell["source"] = ["# mended\n", *cell["source"]]
        path.write_text(json.dumps(changed))
        now = fingerprints.questions(lesson, tmp_path)
        assert {one for one in now if now[one] != before[one]} == expected, name


# --- assignments


def test_folder_changes_with_names_contents_and_links(tmp_path):
    seen = set()

    def look():
        seen.add(folder_digest(tmp_path))
        return len(seen)

    assert look() == 1
    (tmp_path / "a").write_text("1")
    assert look() == 2
    (tmp_path / "a").write_text("2")
    assert look() == 3
    (tmp_path / "a").rename(tmp_path / "b")
    assert look() == 4
    (tmp_path / "c").symlink_to("/etc/passwd")
    assert look() == 5
    (tmp_path / "b").touch()
    assert look() == 5


def test_source_version_is_its_facts_and_the_files_beside_its_notebooks(tmp_path):
    seen = set()

    def look(facts="facts"):
        seen.add(fingerprints.source_version(facts, tmp_path))
        return len(seen)

    assert look() == 1
    assert look(["other", "facts"]) == 2
    (tmp_path / "1-neuron.ipynb").write_text("{}")  # what counts of it is among the facts
    assert look() == 2
    (tmp_path / "table.csv").write_text("1")
    assert look() == 3
    (tmp_path / "table.csv").write_text("2")
    assert look() == 4


def test_modules_of_a_course_outside_the_package_count(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "functions_of_another_course.py").write_text("def double(x):\n    return 2 * x\n")

    def now():
        fingerprints.engine.cache_clear()
        return fingerprints.engine(modules=("functions_of_another_course",))

    before = now()
    assert now() == before != fingerprints.engine()
    (tmp_path / "functions_of_another_course.py").write_text("def double(x):\n    return x + x\n")
    assert now() != before
