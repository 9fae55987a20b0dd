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
