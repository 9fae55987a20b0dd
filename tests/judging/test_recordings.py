"""The two files of a lesson that stand for solutions and misconceptions: what is written is what is read."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.contents import COURSE
from autograder.judging import recordings

NETWORK = COURSE.find_lesson("4-network")

numbers = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(width=32, allow_nan=False)
tensors = st.lists(st.floats(width=32, allow_nan=False), max_size=6).map(torch.tensor) | st.sampled_from(
    [torch.tensor(1.5), torch.zeros(2, 0), torch.tensor([[True], [False]]), torch.arange(6).reshape(2, 3)]
)
values = st.recursive(
    numbers | st.text(max_size=5) | tensors,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def same(one, other):
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and one.shape == other.shape and torch.equal(one, other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return torch.equal(torch.tensor(one), torch.tensor(other))
    return type(one) is type(other) and one == other


@given(values)
def test_value_comes_back_from_json(value):
    assert same(value, recordings.from_json(json.loads(json.dumps(recordings.to_json(value)))))


@pytest.mark.parametrize("kind", [recordings.ANSWERS, recordings.MISCONCEPTIONS])
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_what_is_loaded_and_saved_is_the_same_file(lesson, kind, tiny):
    (other,) = tiny("").lessons
    recordings.save(other, recordings.load(lesson, kind), kind)
    assert (other.public / kind).read_bytes() == (lesson.public / kind).read_bytes()
    assert recordings.load(other, kind) == recordings.load(lesson, kind)


def test_changed_recording_is_read_anew(tiny):
    (lesson,) = tiny("").lessons
    for points in (1, 2):
        recordings.save(lesson, {"points": {"half": points}})
        assert recordings.load(lesson) == {"points": {"half": points}}


def test_missing_recording_says_how_to_make_it(tiny):
    (lesson,) = tiny("").lessons
    with pytest.raises(recordings.MissingRecording, match=r"answers\.json is missing; `make lessons` records it"):
        recordings.load(lesson)


# --- what is written


@pytest.fixture
def saved(tiny):
    """``saved(recorded, …)``: what the file has after each of these was saved, one after the other."""
    (lesson,) = tiny("").lessons

    def save(*recorded):
        for one in recorded:
            recordings.save(lesson, one)
        return json.loads((lesson.public / recordings.ANSWERS).read_text())

    return save


def _answers(*numbers, dtype="float32", **others):
    return {
        "answers": {"test": [{"of": "f", "gives": {"tensor": dtype, "shape": [len(numbers)], "values": [*numbers]}}]},
        **others,
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_answers(0.231223896, 3e-9), _answers(0.231223911, 1e-9)),
        (_answers(1e30, float("nan"), float("inf")), _answers(1.0000001e30, float("nan"), float("inf"))),
        (_answers(1.0, mean=0.333333343), _answers(1.0, mean=0.333333313)),
        (_answers(0.0518749766), _answers(0.0518752374)),  # lesson 7's probe, twice on one computer
    ],
)
def test_numbers_that_differ_by_rounding_alone_are_not_written_anew(saved, old, new):
    """NaN is no number, so the files' texts are compared."""
    assert json.dumps(saved(old, new)) == json.dumps(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_answers(0.231223896), _answers(0.231233896)),
        (_answers(0.0, 0.0), _answers(0.0, 1e-30)),
        (_answers(1.0, 2.0), _answers(1.0, 2.0, 2.0)),
        (_answers(1.0), _answers(1.0, dtype="float64")),
        (_answers(10_000_000, dtype="int64"), _answers(10_000_001, dtype="int64")),
        (_answers(1.0, mean=2.0), _answers(1.0, mean=2)),
        (_answers(1.0, points={"f": 2.0, "g": 1.0}), _answers(1.0, points={"f": 2.0})),
        (_answers(1.0), _answers(float("nan"))),
        (_answers(1.0), _answers(float("inf"))),
    ],
)
def test_any_other_change_is_written(saved, old, new):
    assert json.dumps(saved(old, new)) == json.dumps(new)


def test_only_the_part_that_changed_is_written_anew(saved):
    old = {"answers": {"a": [{"of": "f", "gives": 0.1}], "b": [{"of": "f", "gives": 0.2}]}}
    new = {"answers": {"b": [{"of": "f", "gives": 0.3}], "a": [{"of": "f", "gives": 0.1 + 1e-9}]}}
    assert json.dumps(saved(old, new)) == json.dumps({"answers": {"b": new["answers"]["b"], "a": old["answers"]["a"]}})


def test_file_that_is_equal_stays_untouched_and_a_damaged_one_is_written_anew(tiny):
    (lesson,) = tiny("").lessons
    path = lesson.public / recordings.ANSWERS
    recordings.save(lesson, _answers(1.0))
    path.chmod(0o400)
    before = path.stat()
    recordings.save(lesson, _answers(1.0000001))
    assert path.stat() == before
    path.chmod(0o600)
    path.write_text("{")
    recordings.save(lesson, _answers(2.0))
    assert json.loads(path.read_text()) == _answers(2.0)
