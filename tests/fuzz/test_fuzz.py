"""Whatever reads what strangers send ends in a value or in one clear refusal: no crash, no hang, no other exception.

A short run by default; ``FUZZ=long`` makes it ten thousand examples of each kind.
"""

import json
import math
import os
import time

import msgspec
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.contents import COURSE
from autograder.judging import Mismatch, assert_close
from autograder.judging.outcomes import Missing, Raised, Returned, Stopped
from autograder.judging.values import UnsupportedValue
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook
from autograder.sandbox.outside import client
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.errors import WireError
from autograder.sandbox.wire.packing import DTYPES, pack, unpack

EXAMPLES = 10_000 if os.environ.get("FUZZ") == "long" else 150
fuzz = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

#: What breaks readers: ends of number ranges, opening brackets, half characters, msgpack's markers.
_PIECES = [
    *(bytes([one]) for one in (0, 0x7F, 0x80, 0x90, 0x91, 0xC0, 0xC1, 0xC7, 0xCB, 0xCF, 0xD3, 0xDC, 0xDD, 0xDF, 0xFF)),
    *(b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\x80" + b"\0" * 7, b"\xed\xa0\x80", b"\xcb\x7f\xf8\0\0\0\0\0\0"),
    *(
        b"[" * 50,
        b"{" * 50,
        b'"',
        b"\\u",
        b"\\ud800",
        b"null",
        b"1e999",
        b"-0",
        b"NaN",
        b"true",
        b"9" * 400,
        b"{}",
        b"[]",
    ),
]

#: One change: what is done, where (as a fraction of the length), over how many bytes, and with which piece.
_changes = st.tuples(
    st.sampled_from(["replace", "insert", "delete", "repeat", "cut", "flip"]),
    st.floats(0, 1),
    st.integers(1, 16),
    st.sampled_from(_PIECES) | st.binary(min_size=1, max_size=8),
)


def spoiled(originals: list[bytes]) -> st.SearchStrategy[bytes]:
    """One of these byte strings after one to six changes."""
    return st.builds(_spoil, st.sampled_from(originals), st.lists(_changes, min_size=1, max_size=6))


def _spoil(original: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    data = bytearray(original)
    for kind, where, count, piece in changes:
        place = int(where * len(data))
        if kind == "replace":
            data[place : place + len(piece)] = piece
        elif kind == "insert":
            data[place:place] = piece
        elif kind == "delete":
            del data[place : place + count]
        elif kind == "repeat":
            data[place:place] = data[max(0, place - 8 * count) : place] * count
        elif kind == "cut":
            del data[place:]
        elif place < len(data):
            data[place] ^= 1 << (count % 8)
    return bytes(data)


#: Any value that JSON and msgpack can both express.
odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, -1, 2**31, 2**53, 2**63 - 1, -(2**63), 2**64 - 1])
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["code", "markdown", "float32", "bool", "array", "several", "unsupported", "softmax", "x" * 5000]
    ),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=12,
)

#: No single example may take longer, on a busy machine either.
MOST_SECONDS = 5.0

RELEASES = [lesson.notebook(COURSE.home / "assignments").read_bytes() for lesson in COURSE.lessons[:4]]


def read(raw):
    """Read bytes as a notebook; whatever happens has to be quick and one of the two things that may happen."""
    began = time.perf_counter()
    try:
        notebook = parse_notebook(raw)
    except NotebookError as error:
        text = str(error)
        assert text[0].isupper()
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) < 300
    else:
        assert isinstance(notebook, Notebook)
        for cell in notebook.code:
            cell.source.encode()
        assert all(math.isfinite(cell.points) for cell in notebook.cells)
    assert time.perf_counter() - began < MOST_SECONDS


class TestNotebooks:
    @fuzz
    @given(st.binary(max_size=2000))
    def test_any_bytes(self, raw):
        read(raw)

    @fuzz
    @given(spoiled(RELEASES))
    def test_spoiled_notebooks(self, raw):
        read(raw)

    @fuzz
    @given(odd_values)
    def test_any_json(self, value):
        read(json.dumps(value).encode())

    @fuzz
    @given(
        st.fixed_dictionaries(
            {"nbformat": st.just(4) | odd_values, "cells": st.lists(odd_values, max_size=4)},
            optional={"metadata": odd_values, "nbformat_minor": odd_values},
        )
    )
    def test_odd_cells(self, value):
        read(json.dumps(value).encode())

    @fuzz
    @given(
        st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["metadata", "source", "id", "cell_type"]), odd_values))
    )
    def test_odd_parts_of_cells(self, changes):
        content = json.loads(RELEASES[2])
        for number, key, value in changes:
            content["cells"][number % len(content["cells"])][key] = value
        read(json.dumps(content).encode())

    @fuzz
    @given(
        st.dictionaries(
            st.sampled_from(["grade_id", "grade", "solution", "points", "locked", "schema_version"]), odd_values
        ),
        odd_values,
    )
    def test_odd_flags(self, nbgrader, tags):
        cell = {"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": nbgrader, "tags": tags}}
        read(json.dumps({"nbformat": 4, "cells": [cell]}).encode())


class Connection:
    """A socket whose other end has said all it will say."""

    def __init__(self, incoming=b""):
        self.incoming = memoryview(incoming)
        self.sent = bytearray()

    def settimeout(self, seconds):
        assert seconds is None or seconds > 0

    def sendall(self, data):
        self.sent += data

    def recv_into(self, view):
        count = min(len(view), len(self.incoming))
        view[:count] = self.incoming[:count]
        self.incoming = self.incoming[count:]
        return count

    def close(self):
        pass


def framed(message, value=None, *, packed=None):
    """The bytes of a frame."""
    connection = Connection()
    arrays = []
    if packed is not None:
        message = packed(pack(value, arrays))
    Channel(connection, worker_side=False).send(message, arrays)
    return bytes(connection.sent)


VALUES = [
    None,
    (torch.tensor([[0.25, 0.75]]), None),
    ([1, 2.5, True, "text"], (torch.arange(4), torch.zeros(2, 0))),
    ({"W1": torch.ones(2, 3), "b1": torch.zeros(3, dtype=torch.float64)}, ({"a": [1, (2, [3])]},)),
    (UnsupportedValue("function", "<function f>"), (torch.tensor([True, False]), torch.tensor(1 + 2j))),
]
RETURNED = [framed(None, value, packed=messages.ReturnedFrame) for value in VALUES]
FROM_WORKER = [
    *RETURNED,
    framed(messages.ConfinedFrame({"seccomp": True})),
    framed(messages.CellStartedFrame(1)),
    framed(messages.CellShownFrame(1, [])),
    framed(messages.CellProblemFrame(1, "ValueError", "text", "line", 3)),
    framed(messages.ReadyFrame()),
    framed(messages.RaisedFrame("ValueError", "text", "line", 3, True, "softmax")),
    framed(messages.MissingFrame("text")),
    framed(messages.StoppedFrame()),
]
TO_WORKER = [
    framed(messages.OpenFrame([messages.Cell(1, "x = 1")], 10.0)),
    framed(None, (torch.ones(2, 2), 3), packed=lambda node: messages.CallFrame("softmax", node, 1.0, True)),
]


def receive(raw, worker_side):
    """Receive frames and rebuild their values until a refusal, which there has to be at the end."""
    began = time.perf_counter()
    with pytest.raises(WireError):
        receive_all(Channel(Connection(raw), worker_side=worker_side))
    assert time.perf_counter() - began < MOST_SECONDS


def receive_all(channel):
    while True:
        message, arrays = channel.receive(time.monotonic() + 10)
        if isinstance(message, messages.ReturnedFrame | messages.CallFrame):
            unpack(message.pair if isinstance(message, messages.ReturnedFrame) else message.arguments, arrays)


class FakeZygote:
    """Gives a worker that sends what it is given."""

    functions = None

    def __init__(self, raw):
        self.raw = raw

    def begin(self):
        return client.Begun(1, Channel(Connection(self.raw), worker_side=False), {}, (), None)

    def seconds_in_queue(self, number):
        return 0.0

    def interrupt(self, number):
        pass

    def end(self, number):
        pass


def run(raw):
    """Open a worker that sends `raw`, and call it: nothing but the known outcomes, none of them large."""
    began = time.perf_counter()
    cells = [messages.Cell(1, "x = 1"), messages.Cell(2, "y = 2")]
    with client.Worker(FakeZygote(raw), cells, messages.OpenFrame([], 1.0), 5.0, 10.0) as worker:
        worker.start()
        outcome = worker.call("softmax", (torch.ones(2, 2),), 1.0, keep_arguments=True)
    assert isinstance(outcome, Returned | Raised | Missing | Stopped)
    if isinstance(outcome, Returned):
        for expected in (torch.full((2, 2), 7.5), {"W1": torch.full((2, 3), 7.5)}, (torch.tensor(7.5), 7)):
            with pytest.raises(Mismatch):
                assert_close(outcome.value, expected)
    for report in worker.reports:
        assert len(report.type_name) + len(report.text) + len(report.line) <= 1500
    assert time.perf_counter() - began < MOST_SECONDS


class TestWire:
    @fuzz
    @given(st.binary(max_size=500))
    def test_any_bytes(self, raw):
        receive(raw, worker_side=False)
        receive(len(raw).to_bytes(4, "big") + raw, worker_side=False)

    @fuzz
    @given(spoiled(FROM_WORKER))
    def test_spoiled_frames_to_the_grader(self, raw):
        receive(raw, worker_side=False)

    @fuzz
    @given(spoiled(TO_WORKER))
    def test_spoiled_frames_to_a_worker(self, raw):
        receive(raw, worker_side=True)

    @fuzz
    @given(odd_values, st.lists(st.integers(-1, 2**64 - 1) | st.integers(0, 16), max_size=4), st.binary(max_size=64))
    def test_odd_headers(self, value, sizes, blobs):
        header = msgspec.msgpack.encode([sizes, {"type": "returned", "pair": value}])
        receive(len(header).to_bytes(4, "big") + header + blobs, worker_side=False)

    @fuzz
    @given(
        st.sampled_from([*DTYPES, "object", "float8_e4m3fn", ""]),
        st.lists(st.sampled_from([0, 0, 1, 2, 3, -1, 2**31, 2**62, 2**63, 2**64 - 1]) | st.integers(0, 9), max_size=20),
        st.binary(max_size=64),
    )
    def test_odd_arrays(self, dtype, shape, blob):
        node = ["array", dtype, shape]
        header = msgspec.msgpack.encode([[len(blob)], {"type": "returned", "pair": ["several", [node, None], False]}])
        receive(len(header).to_bytes(4, "big") + header + blob, worker_side=False)

    @fuzz
    @given(st.lists(spoiled(FROM_WORKER) | st.sampled_from(FROM_WORKER), max_size=8).map(b"".join))
    def test_worker_that_sends_anything(self, raw):
        run(raw)

    @fuzz
    @given(spoiled(RETURNED) | st.sampled_from(RETURNED))
    def test_answers_that_hold_anything(self, raw):
        polite = [
            framed(messages.CellStartedFrame(1)),
            framed(messages.CellStartedFrame(2)),
            framed(messages.ReadyFrame()),
        ]
        run(b"".join(polite) + raw)
