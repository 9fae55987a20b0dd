"""`hint`: three steps, none of them the solution, counted where nobody else looks and never in the way."""

import dataclasses
import json
import os
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging.course import write_contents
from autograder.student.hint import STEPS, TEXTS, hint_for
from autograder.student.hint import texts as texts_of

QUESTIONS = {question.name: (lesson, question) for lesson, question in COURSE.questions()}


def texts():
    """The hints to every question."""
    return texts_of(COURSE)


@pytest.fixture
def counts(tmp_path, monkeypatch):
    """Where the counts are kept, for this test alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / COURSE.data_name / "hints.json"


def hint(question):
    """Ask for a hint of the course."""
    return hint_for(question, COURSE)


# --- the texts


def test_every_question_has_three_in_the_course_s_order():
    assert list(texts()) == list(QUESTIONS)
    for steps in texts().values():
        assert len(steps) == STEPS
        assert len(set(steps)) == STEPS


@pytest.mark.parametrize("name", QUESTIONS)
def test_first_asks_and_all_can_be_read_aloud(name):
    assert "?" in texts()[name][0]
    for text in texts()[name]:
        assert 60 <= len(text) <= 400
        assert text[-1] in ".?"
        assert text.count("`") % 2 == 0
        assert not re.search(
            r"\b(simply|obviously|just|easy|easily|trivial|of course)\b", text.replace("just above", "")
        )


def squeezed(text):
    """Without spaces and quotes, and with letters alike: how a line is laid out makes no difference."""
    return re.sub(r"[\s\"'`]", "", text).lower()


@pytest.mark.parametrize("name", [name for name, (_, question) in QUESTIONS.items() if question.signature])
def test_none_has_a_line_of_the_solution(name, solution_lines):
    lines = list(solution_lines(reference_answers(QUESTIONS[name][0], COURSE)[name]))
    assert lines
    for text in texts()[name]:
        for line in lines:
            assert squeezed(line) not in squeezed(text)


def test_solution_lines_finds_lines(solution_lines):
    lines = list(solution_lines("def f(x):\n    y = x @ x\n    return y + 1\n"))
    assert lines == ["y = x @ x", "x @ x", "return y + 1", "y + 1"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_code_in_them_is_no_whole_answer(name):
    """What stands between backquotes is a name, a method, an argument: never a function with a body."""
    for text in texts()[name]:
        for code in re.findall("`([^`]+)`", text):
            assert "return " not in code
            assert "lambda" not in code
            assert len(code) <= 30


# --- one after the other


def test_each_call_shows_one_more_and_the_last_stays(counts):
    seen = [hint("softmax") for _ in range(STEPS + 2)]
    assert [len(one.steps) for one in seen] == [1, 2, 3, 3, 3]
    assert [one.is_last for one in seen] == [False, False, False, True, True]
    assert seen[2].steps == texts()["softmax"]
    assert "once more says a little more" in flat(seen[0])
    assert "This is the last hint" in flat(seen[2])
    assert "That was the last hint" in flat(seen[3])
    assert "“Your turn: softmax(z)”" in flat(seen[3])
    assert 'check("softmax")' in flat(seen[3])


def flat(one):
    return " ".join(repr(one).split())


def test_where_it_leads_is_a_heading_of_the_lesson(counts):
    for name, (lesson, _) in QUESTIONS.items():
        for _ in range(STEPS + 1):
            last = hint(name)
        (section,) = re.findall("“(.*)”", flat(last))
        cells = json.loads(lesson.notebook(COURSE.home / "source").read_text())["cells"]
        headings = re.findall(r"^#+ (.*)$", "\n".join("".join(cell["source"]) for cell in cells), re.M)
        assert section in [heading.replace("`", "") for heading in headings]


def test_questions_are_counted_apart(counts):
    hint("softmax")
    hint("softmax")
    assert len(hint("linear").steps) == 1
    assert json.loads(counts.read_text()) == {"softmax": 2, "linear": 1}


def test_every_one_says_that_it_costs_nothing(counts):
    for _ in range(STEPS + 1):
        assert "counted on this computer only, and they never cost points" in flat(hint("forward"))


def test_unknown_question_is_the_sentence_of_check(counts):
    with pytest.raises(ValueError, match=r"There is no question 'sofmax'\. The questions are: exactly_one,"):
        hint("sofmax")
    with pytest.raises(ValueError, match="There is no question"):
        hint(["softmax"])
    assert not counts.exists()


# --- the file of counts


def test_deleting_the_file_begins_anew(counts):
    hint("softmax")
    hint("softmax")
    counts.unlink()
    assert len(hint("softmax").steps) == 1


DAMAGED = [b"", b"{", b"\xff\xfe", b"[1, 2]", b"7", b'{"softmax": "two"}', b'{"softmax": -4}', b'{"softmax": 1e400}']
DAMAGED += [b'{"softmax": true}', b'{"softmax": 99}', b"[" * 50_000, b'{"softmax": 1, "x": ' + b"1" * 5_000 + b"}"]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_file_begins_anew(counts, content):
    counts.parent.mkdir()
    counts.write_bytes(content)
    assert len(hint("softmax").steps) == 1
    assert len(hint("softmax").steps) == 2


@given(content=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_content_of_the_file_is_in_the_way(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("counts")
    (folder / COURSE.data_name).mkdir()
    (folder / COURSE.data_name / "hints.json").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        assert hint("softmax").steps == texts()["softmax"][:1]
        assert hint("softmax").steps == texts()["softmax"][:2]


def test_where_nothing_can_be_written_it_counts_in_memory(counts):
    counts.mkdir(parents=True)  # a folder in the place of the file
    assert [len(hint("softmax").steps) for _ in range(4)] == [1, 2, 3, 3]
    assert list(counts.parent.iterdir()) == [counts]  # no half-written file is left


def test_where_no_folder_can_be_made_it_counts_in_memory(counts):
    counts.parent.write_text("in the way")
    assert [len(hint("softmax").steps) for _ in range(4)] == [1, 2, 3, 3]
    assert counts.parent.read_text() == "in the way"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")
def test_read_only_home_is_no_obstacle(counts):
    counts.parent.mkdir()
    counts.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert [len(hint("softmax").steps) for _ in range(2)] == [1, 2]
    finally:
        counts.parent.chmod(stat.S_IRWXU)


def test_counts_lie_in_the_user_s_data_folder(tmp_path):
    code = "import sys, autograder; autograder.hint('softmax'); print('torch' in sys.modules, 'pytest' in sys.modules)"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]  # a hint is had at once
    (path,) = tmp_path.rglob("hints.json")
    assert json.loads(path.read_text()) == {"softmax": 1}


# --- in a notebook


class Page(HTMLParser):
    """The words of a page; its tags must balance."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words = [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("name", QUESTIONS)
def test_page_says_what_the_terminal_says(counts, name):
    for _ in range(STEPS + 1):
        shown = hint(name)
    words = Page(shown._html()).words
    for text in (*shown.steps, *shown._foot()):
        assert text.replace("`", "") in words


def test_kernel_shows_a_page_and_the_next_run_of_the_cell_the_next_step(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin:/usr/bin:/bin")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    cells = ["from autograder import hint", 'hint("softmax")', 'hint("softmax")']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    shown = [cell.outputs[0].data for cell in notebook.cells[1:]]
    assert "Hint 1 of 3" in shown[0]["text/html"]
    assert "Hint 2 of 3" in shown[1]["text/html"]
    assert shown[0]["text/plain"].startswith("Hint 1 of 3: softmax")


def test_each_course_has_counts_of_its_own(counts):
    other = dataclasses.replace(COURSE, data_name="another-course")
    hint("softmax")
    assert len(hint_for("softmax", other).steps) == 1
    assert (counts.parent.parent / "another-course" / "hints.json").exists()


def test_question_without_hints_is_a_sentence(counts, tmp_path):
    lesson = tmp_path / "lessons" / "lesson_1_words"
    lesson.mkdir(parents=True)
    write_contents(lesson, "1-words", {"count": "count(text)"})
    course = dataclasses.replace(COURSE, public=lesson.parent)
    with pytest.raises(ValueError, match="There are no hints to 'count'"):
        hint_for("count", course)


def test_lessons_are_all_there():
    for lesson in COURSE.lessons:
        assert (lesson.public / TEXTS).exists()
