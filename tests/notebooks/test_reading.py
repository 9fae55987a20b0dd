"""A notebook is read as data; whatever cannot be read ends in one sentence for its author."""

import json
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.contents import COURSE
from autograder.notebooks.reading import MAX_BYTES, MAX_CELLS, MAX_SOURCE, NotebookError, parse_notebook, read_notebook

DEEP = 100_000


@pytest.fixture
def refused():
    """``refused(raw)``: the sentence with which these bytes are refused."""

    def sentence(raw):
        with pytest.raises(NotebookError) as caught:
            parse_notebook(raw)
        return str(caught.value)

    return sentence


def assert_one_short_text(error):
    """Nothing of the machinery shows: no traceback, no cause, no name of a class, no line break."""
    text = str(error)
    assert text[0].isupper()
    assert text.endswith(".")
    assert len(text) < 400
    assert "\n" not in text
    assert "msgspec" not in text
    assert error.__suppress_context__ or error.__context__ is None


# --- files that are no notebooks


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b"print('hello')", "not even JSON"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "co', "perhaps cut off while saving"),
        (b"\x89PNG\r\n\x1a\n", "not even JSON"),
        (b"\x00", "not even JSON"),
        ('{"nbformat": 4, "cells": []}'.encode("utf-16"), "not even JSON"),
        (b"[" * DEEP, "The notebook is made of more parts"),
        (b'["a", "list"]', "The file is not a notebook."),
        (b"42", "The file is not a notebook."),
        (b'{"nbformat": "four"}', "The file is not a notebook."),
        (b'{"nbformat": 4, "metadata": ' + b"[" * DEEP, "The notebook is made of more parts"),
        (b'{"nbformat": %s}' % (b"9" * 400), "The file is not a notebook."),
        (b'{"nbformat": %s}' % (b"9" * 5000), "The file is not a notebook."),
        (b'{"answer": 42}', "The file is JSON but not a notebook."),
        (b'{"nbformat": null}', "The file is JSON but not a notebook."),
        (b'{"nbformat": 3, "worksheets": []}', "in format 3, this course needs format 4. Open it in Jupyter"),
        (b'{"nbformat": 5, "cells": []}', "in format 5, this course needs format 4."),
        (b'{"nbformat": 4}', "The notebook is damaged: its cells cannot be read."),
        (b'{"nbformat": 4, "cells": {}}', "The notebook is damaged"),
        (b'{"nbformat": 4, "cells": [1]}', "The notebook is damaged"),
        (b'{"nbformat": 4, "cells": [{"source": "x"}]}', "The notebook is damaged"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}', "The notebook is damaged"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\xff"}]}', "The notebook is damaged"),
    ],
)
def test_what_is_no_notebook_is_told_in_a_sentence(refused, raw, sentence):
    assert sentence in refused(raw)


def test_too_many_cells_are_refused(refused, notebook, code_cell):
    assert (
        refused(notebook(*[code_cell("")] * (MAX_CELLS + 1))) == "The notebook has 2,001 cells, at most 2,000 are read."
    )


def test_as_many_cells_as_are_allowed_are_read(notebook, code_cell):
    assert len(parse_notebook(notebook(*[code_cell("")] * MAX_CELLS)).cells) == MAX_CELLS


def test_too_much_code_is_refused(refused, notebook, code_cell):
    half = code_cell("#" * (MAX_SOURCE // 2))
    assert refused(notebook(half, half, code_cell("x"))) == "The notebook has more than 256 KB of code."


def test_long_texts_are_no_code(notebook):
    long = {"cell_type": "markdown", "metadata": {}, "source": "x" * (MAX_SOURCE + 1)}
    assert len(parse_notebook(notebook(long)).cells) == 1


def test_missing_file_is_named(tmp_path):
    with pytest.raises(NotebookError, match=r"There is no notebook .*lost\.ipynb\."):
        read_notebook(tmp_path / "lost.ipynb")


def test_folder_is_no_notebook(tmp_path):
    with pytest.raises(NotebookError, match="is a folder, not a notebook"):
        read_notebook(tmp_path)


def test_file_too_large_is_not_even_opened(tmp_path):
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(NotebookError, match="more than 50 MB"):
        read_notebook(path)


def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(NotebookError, match=r"pipe\.ipynb is not a file\."):
        read_notebook(tmp_path / "pipe.ipynb")


def test_device_is_not_read():
    with pytest.raises(NotebookError, match=r"zero is not a file\."):
        read_notebook(Path("/dev/zero"))


def test_link_is_not_followed(tmp_path):
    shutil.copy(COURSE.lessons[0].notebook(COURSE.home / "solutions"), tmp_path / "solution.ipynb")
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "solution.ipynb")
    assert read_notebook(tmp_path / "solution.ipynb")
    with pytest.raises(NotebookError, match=r"mine\.ipynb is a link\. Hand in the notebook itself\."):
        read_notebook(tmp_path / "mine.ipynb")


@pytest.mark.parametrize("name", ["x" * 300, "loop.ipynb/inside"])
def test_path_that_the_system_refuses_is_told(tmp_path, name):
    (tmp_path / "loop.ipynb").symlink_to(tmp_path / "loop.ipynb")
    with pytest.raises(NotebookError, match="The file cannot be read: "):
        read_notebook(tmp_path / name)


def test_sentence_about_an_unwritable_name_can_be_written(tmp_path):
    with pytest.raises(NotebookError) as caught:
        read_notebook(tmp_path / os.fsdecode(b"sch\xfctz.ipynb"))
    assert "sch?tz.ipynb" in str(caught.value).encode().decode()


# --- what is read of a cell


def test_cells_are_numbered_as_a_reader_counts(notebook, code_cell):
    text = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
    assert [(c.number, c.cell_type) for c in parse_notebook(notebook(text, code_cell("x"))).cells] == [
        (1, "markdown"),
        (2, "code"),
    ]


def test_source_may_be_a_list_of_lines(notebook, code_cell):
    (cell,) = parse_notebook(notebook(code_cell(["def f(x):\n", "    return x"]))).cells
    assert cell.source == "def f(x):\n    return x"


def test_what_nbgrader_says_is_read(notebook, code_cell):
    made = code_cell("check('softmax')", tags=["a", "b"], grade_id="softmax", grade=True, points=6)
    (cell,) = parse_notebook(notebook({**made, "id": "softmax"})).cells
    assert cell == (1, "softmax", "code", "check('softmax')", ("a", "b"), "softmax", True, False, 6.0)


@pytest.mark.parametrize(
    ("kind", "is_answer", "is_test"),
    [
        ({"solution": True}, True, False),
        ({"grade": True, "points": 3}, False, True),
        ({"grade": True, "solution": True, "points": 3}, True, False),
        ({"locked": True}, False, False),
        ({}, False, False),
    ],
)
def test_answers_and_tests_are_told_apart(notebook, code_cell, kind, is_answer, is_test):
    (cell,) = parse_notebook(notebook(code_cell("x", grade_id="softmax", **kind))).cells
    assert (cell.is_answer, cell.is_test) == (is_answer, is_test)


def test_texts_are_neither_answer_nor_test(notebook, code_cell):
    made = code_cell("words", grade_id="essay", grade=True)
    (cell,) = parse_notebook(notebook({**made, "cell_type": "markdown"})).cells
    assert (cell.is_answer, cell.is_test) == (False, False)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        "nonsense",
        {"nbgrader": None, "tags": None},
        {"nbgrader": 5, "tags": "show"},
        {"nbgrader": {"grade_id": 7}, "tags": [1, 2]},
        {"nbgrader": {"grade": "yes"}, "tags": {"show": True}},
        {"collapsed": True, "jupyter": {"outputs_hidden": [1, {"deep": None}]}},
    ],
)
def test_nonsense_in_metadata_costs_the_metadata_alone(notebook, code_cell, metadata):
    raw = notebook({**code_cell("x = 1"), "metadata": metadata}, code_cell("y = 2", grade_id="b", solution=True))
    first, second = parse_notebook(raw).cells
    assert (first.source, first.tags, first.grade_id, first.is_answer, first.is_test) == ("x = 1", (), "", False, False)
    assert (second.grade_id, second.is_answer) == ("b", True)


def test_nonsense_in_tags_leaves_nbgraders_alone(notebook, code_cell):
    made = code_cell("x", grade_id="softmax", solution=True)
    (cell,) = parse_notebook(notebook({**made, "metadata": {**made["metadata"], "tags": 3}})).cells
    assert (cell.grade_id, cell.is_answer) == ("softmax", True)


@pytest.mark.parametrize(
    ("points", "read"), [(3, 3.0), (2.5, 2.5), ("4", 4.0), (None, 0.0), ("many", 0.0), ("nan", 0.0), ("inf", 0.0)]
)
def test_points_are_a_number_whatever_stands_there(notebook, code_cell, points, read):
    (cell,) = parse_notebook(notebook(code_cell("x", grade_id="softmax", grade=True, points=points))).cells
    assert (cell.points, cell.is_test) == (read, True)


def test_deep_nesting_in_metadata_and_outputs_does_no_harm():
    deep = b"[" * 500 + b"]" * 500
    raw = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": %s, "metadata": {"tags": %s}}]}'
    (cell,) = parse_notebook(raw % (deep, deep)).cells
    assert (cell.source, cell.tags) == ("x", ())


def test_old_minor_formats_have_no_ids(notebook, code_cell):
    (cell,) = parse_notebook(notebook(code_cell("x"), nbformat_minor=2)).cells
    assert cell.id == ""


# --- the student's program


def test_program_is_the_code_without_tests_pictures_and_blanks(notebook, code_cell):
    raw = notebook(
        {"cell_type": "markdown", "metadata": {}, "source": "text"},
        {"cell_type": "raw", "metadata": {}, "source": "raw"},
        code_cell("import torch", grade_id="setup", locked=True),
        code_cell("helper = 1"),
        code_cell("def softmax(z): ...", grade_id="softmax-answer", solution=True),
        code_cell('check("softmax")', grade_id="softmax", grade=True, points=6),
        code_cell("figures.show()", tags=["show"]),
        code_cell("kept = 1", tags=["own"]),
        code_cell(" \n"),
    )
    assert [cell.source for cell in parse_notebook(raw).code] == [
        "import torch",
        "helper = 1",
        "def softmax(z): ...",
        "kept = 1",
    ]


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_released_lesson_is_read_as_json_reads_it(lesson):
    path = lesson.notebook(COURSE.home / "assignments")
    cells = json.loads(path.read_text())["cells"]
    read = read_notebook(path).cells
    assert [cell.source for cell in read] == ["".join(cell["source"]) for cell in cells]
    assert [cell.id for cell in read] == [cell["id"] for cell in cells]
    assert [cell.name for cell in lesson.questions] == [cell.grade_id for cell in read if cell.is_test]


# --- whatever is in the file


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(raw):
    with pytest.raises(NotebookError) as caught:
        parse_notebook(raw)
    assert_one_short_text(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", 4, ""])},
    optional={
        "source": JSON | st.text() | st.lists(st.text()),
        "id": JSON | st.text(),
        "outputs": JSON,
        "metadata": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "tags": JSON | st.lists(st.text()),
                "nbgrader": JSON
                | st.fixed_dictionaries(
                    {},
                    optional={"grade_id": JSON, "grade": JSON, "solution": st.booleans(), "points": JSON | st.text()},
                ),
            },
        ),
    },
)


def assert_read_or_refused(raw):
    try:
        cells = parse_notebook(raw).cells
    except NotebookError as error:
        assert_one_short_text(error)
        return
    for cell in cells:
        texts = (cell.id, cell.cell_type, cell.source, cell.grade_id, *cell.tags)
        assert all(isinstance(text, str) for text in texts)
        assert "\n".join(texts).encode()
        assert abs(cell.points) < float("inf")


@given(st.fixed_dictionaries({"nbformat": st.just(4) | JSON, "cells": JSON | st.lists(CELL, max_size=4)}))
def test_notebook_of_odd_parts_is_read_or_refused(whole):
    assert_read_or_refused(json.dumps(whole).encode())


@given(st.integers(0, 2**32))
def test_damaged_notebook_is_read_or_refused(seed):
    draw = random.Random(seed)
    raw = bytearray(DAMAGED_HERE)
    for _ in range(draw.randint(1, 8)):
        start = draw.randrange(len(raw)) if raw else 0
        match draw.randrange(4):
            case 0:
                raw[start : start + 1] = bytes([draw.randrange(256)])
            case 1:
                del raw[start : start + draw.randint(1, 50)]
            case 2:
                raw[start:start] = draw.choice([b'"', b"{", b"]", b",", b"null", b"\\ud800", b"1e999", b"\xff", b"NaN"])
            case 3:
                del raw[start + 1 :]
    assert_read_or_refused(bytes(raw))


DAMAGED_HERE = COURSE.lessons[1].notebook(COURSE.home / "assignments").read_bytes()
