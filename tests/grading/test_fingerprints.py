"""Fingerprints: they change with what marks depend on, and with nothing else."""

import shutil

import pytest

from autograder.grading import fingerprints
from autograder.judging.course import HOME, LESSONS, find_lesson

NETWORK = find_lesson("4-network")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the parts of the package that are fingerprinted, to be changed."""
    for name in ("suites", "misconceptions", "sandbox", "diagnosis"):
        shutil.copytree(fingerprints._PACKAGE / name, tmp_path / name)
    for name in fingerprints._DECIDING:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(fingerprints._PACKAGE / name, tmp_path / name)
    monkeypatch.setattr(fingerprints, "_PACKAGE", tmp_path)
    fingerprints.engine.cache_clear()
    yield tmp_path
    fingerprints.engine.cache_clear()


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def touched(before):
    now = fingerprints.questions(NETWORK)
    return {name for name in now if now[name] != before[name]}


def test_every_question_has_its_own():
    found = [print_ for lesson in LESSONS for print_ in fingerprints.questions(lesson).values()]
    assert len(set(found)) == len(found) == sum(len(lesson.questions) for lesson in LESSONS)


@pytest.mark.parametrize("tree", ["suites", "suites/hidden"])
def test_changed_test_touches_its_question_alone(package, tree):
    before = fingerprints.questions(NETWORK)
    change(package / tree / NETWORK.suite, "class TestSoftmax:", "class TestSoftmax:\n    harder = True\n")
    assert touched(before) == {"softmax"}


def test_what_tests_share_touches_all(package):
    before = fingerprints.questions(NETWORK)
    change(package / "suites" / NETWORK.suite, "import torch", "X = 1\nimport torch")
    assert touched(before) == set(before)


def test_changed_misconception_touches_its_question_alone(package):
    before = fingerprints.questions(NETWORK)
    path = package / "misconceptions" / f"{NETWORK.module}.py"
    path.write_text(path.read_text() + "\n\ndef softmax__adds_one(z):\n    return z + 1\n")
    assert touched(before) == {"softmax"}


def test_changed_reference_touches_its_question_alone(tmp_path):
    shutil.copytree(HOME / "solutions" / NETWORK.name, tmp_path / NETWORK.name)
    before = fingerprints.questions(NETWORK, tmp_path)
    change(NETWORK.notebook(tmp_path), "def forward(X, params):", "def forward(X, params):  # mended")
    now = fingerprints.questions(NETWORK, tmp_path)
    assert {name for name in now if now[name] != before[name]} == {"forward"}


def test_grader_itself_counts_but_not_its_words(package):
    before = fingerprints.engine()
    fingerprints.engine.cache_clear()
    assert fingerprints.engine() == before
    fingerprints.engine.cache_clear()
    change(package / "sandbox" / "wire.py", "MAX_HEADER = 8", "MAX_HEADER = 9")
    assert fingerprints.engine() != before
    assert not {"panels.py", "wording.py", "show.py"} & set(fingerprints._DECIDING)


def test_folder_changes_with_names_contents_and_links(tmp_path):
    seen = set()

    def look():
        seen.add(fingerprints.folder(tmp_path))
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
