"""What cells print and show is kept, in order, bounded twice, and can be written into a notebook."""

import base64
import time

import nbformat
import pytest

from autograder.sandbox.wire import outputs
from autograder.sandbox.wire.outputs import CUT, Failure, Shown, Stream


@pytest.fixture
def shown(zygote, cells):
    """``shown("print(1)")``: a cell's outputs."""

    def run(source):
        with zygote.open(cells(source)) as worker:
            worker.start()
            return list(worker.outputs.get(1, ()))

    return run


def test_streams_in_order(shown):
    found = shown("import sys\nprint('a'); print('b')\nprint('c', file=sys.stderr)\nprint('d')")
    assert found == [Stream("stdout", "a\nb\n"), Stream("stderr", "c\n"), Stream("stdout", "d\n")]


def test_value_of_the_last_expression(shown):
    assert shown("1\n'x' * 3") == [Shown({"text/plain": "'xxx'"}, is_result=True)]
    assert shown("1;") == []


def test_displayed_objects(shown):
    found = shown("from IPython.display import display, HTML\nprint('a')\ndisplay(HTML('<b>b</b>'), 3)\nprint('c')")
    assert [type(one) for one in found] == [Stream, Shown, Shown, Stream]
    assert found[1].data["text/html"] == "<b>b</b>"
    assert found[2] == Shown({"text/plain": "3"})


@pytest.mark.parametrize("show", ["", "plt.show()"])
def test_pictures(shown, show):
    found = shown(f"import matplotlib.pyplot as plt\nplt.plot([1, 2]);\n{show}")
    (picture,) = [one for one in found if "image/png" in one.data]
    assert base64.b64decode(picture.data["image/png"]).startswith(b"\x89PNG")


def test_exceptions(shown):
    (failure,) = shown("def f():\n    raise ValueError('bad')\nf()")
    assert (failure.type_name, failure.text) == ("ValueError", "bad")
    assert "ValueError: bad" in "\n".join(failure.traceback)
    assert "autograder" not in "\n".join(failure.traceback)


def test_warnings_go_to_stderr(shown):
    (warning,) = shown("import warnings\nwarnings.warn('careful')")
    assert warning.name == "stderr"
    assert "careful" in warning.text


def test_a_flood_is_cut_by_the_worker(shown):
    (stream,) = shown("for _ in range(100_000): print('x' * 100)")
    assert stream.text.endswith(CUT)
    assert len(stream.text) < outputs.MAX_CELL + 100
    assert (
        len(shown("from IPython.display import display\nfor i in range(10_000): display(i)")) == outputs.MAX_OUTPUTS + 1
    )


def test_many_small_prints_are_quick(shown):
    began = time.monotonic()
    (stream,) = shown("for _ in range(200_000): print('x')")
    assert stream.text == "x\n" * 200_000
    assert time.monotonic() - began < 5


def test_a_million_long_characters_arrive(shown):
    (stream,) = shown("print('\U0001f600' * 2_000_000)")
    assert stream.text == "\U0001f600" * outputs.MAX_CELL + CUT


def test_half_a_character_is_no_crash(shown):
    assert shown("print(chr(0xd83d))") == [Stream("stdout", "?\n")]
    assert shown("raise ValueError(chr(0xd83d))")[0].text == "?"


def test_an_exception_after_a_flood_is_kept(shown):
    found = shown("print('x' * 10**7)\n1 / 0")
    assert found[0].text.endswith(CUT)
    assert found[-1].type_name == "ZeroDivisionError"


def test_the_grader_bounds_a_notebook(zygote, cells, monkeypatch):
    monkeypatch.setattr("autograder.sandbox.outside.cell_records.MAX_NOTEBOOK", 1000)
    monkeypatch.setattr("autograder.sandbox.outside.cell_records.MAX_CELL", 700)
    with zygote.open(cells(*["print('x' * 600)"] * 5)) as worker:
        worker.start()
        kept = worker.outputs
    assert sum(outputs.size(one) for cell in kept.values() for one in cell) < 1200
    assert kept[1] == (Stream("stdout", "x" * 600 + "\n"),)


def test_bounded_keeps_what_fits():
    picture = Shown({"image/png": "x" * 100})
    assert outputs.bounded([picture]) == [picture]
    assert outputs.bounded([picture], 50) == [Shown({"text/plain": CUT})]
    assert len(outputs.bounded([Shown(dict.fromkeys(map(str, range(99)), "x"))])[0].data) == 20
    assert outputs.bounded([Stream("stdout", "abcdef")], 3) == [Stream("stdout", "abc" + CUT)]
    flood = Failure("E" * 500, "x" * 50_000, ["y" * 10_000])
    assert outputs.bounded([flood], 300) == [Failure("E" * 100, "x" * 19_900, [])]


def test_a_flood_washes_no_score_away():
    flood = [Stream("stdout", "x" * 100), *[Shown({"text/plain": "y"})] * 3]
    result, complaint = Shown({"text/plain": "0.5", "text/html": "z" * 99}, True), Stream("stderr", "careful")
    assert outputs.bounded([*flood, result], 50)[-1] == Shown({"text/plain": "0.5"}, True)
    assert outputs.bounded([*flood, complaint, result], 50)[-1].name == "stderr"


def test_json_is_json_and_never_too_deep():
    deep = "[" * 60 + "]" * 60
    data = {"application/json": '{"a": [1]}', "application/x+json": deep, "text/plain": "t"}
    (found,) = outputs.as_nbformat([Shown(data, metadata='{"b": 2}')], 1)
    assert found["data"] == {"application/json": {"a": [1]}, "text/plain": "t"}
    assert found["metadata"] == {"b": 2}
    (found,) = outputs.as_nbformat([Shown({"application/json": "[" * 100_000}, metadata="[1")], 1)
    assert (found["data"], found["metadata"]) == ({}, {})


def test_as_a_notebook_has_them(shown):
    found = shown("print('a')\nfrom IPython.display import display\ndisplay(1)\n1 / 0") + shown("2")
    cell = nbformat.v4.new_code_cell("", outputs=outputs.as_nbformat(found, 5), execution_count=5)
    nbformat.validate(nbformat.from_dict(nbformat.v4.new_notebook(cells=[cell])))
    assert [one["output_type"] for one in cell.outputs] == ["stream", "display_data", "error", "execute_result"]
