"""Frames: whatever a worker announces, the grader waits for no more than an honest one could send."""

import socket
import struct
import time

import msgspec
import pytest

from autograder.judging.values import MAX_PARTS
from autograder.sandbox.wire.channel import MAX_ARRAYS, MAX_HEADER, Channel
from autograder.sandbox.wire.errors import Closed, OutOfTime, WireError
from autograder.sandbox.wire.messages import CellStartedFrame, InterruptFrame


@pytest.fixture
def ends():
    """The grader's channel, and the socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, worker_side=False), theirs


def soon():
    return time.monotonic() + 0.2


def frame(sizes, message):
    header = msgspec.msgpack.encode((sizes, message))
    return struct.pack("!I", len(header)) + header


def test_frame_and_its_arrays_come_as_they_were_sent(ends):
    channel, theirs = ends
    arrays = [memoryview(b"123"), memoryview(b""), memoryview(b"4" * 1000)]
    Channel(theirs, worker_side=True).send(CellStartedFrame(7), arrays)
    message, found = channel.receive(soon())
    assert message == CellStartedFrame(7)
    assert found == arrays


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (struct.pack("!I", MAX_HEADER + 1), "a header is too long"),
        (struct.pack("!I", 2**32 - 1), "a header is too long"),
        (frame([MAX_ARRAYS + 1], CellStartedFrame(7)), "too many arrays or bytes"),
        (frame([MAX_ARRAYS // 2 + 1] * 2, CellStartedFrame(7)), "too many arrays or bytes"),
        (frame([2**62], CellStartedFrame(7)), "too many arrays or bytes"),
        (frame([-1], CellStartedFrame(7)), "too many arrays or bytes"),
        (frame([0] * (MAX_PARTS + 1), CellStartedFrame(7)), "too many arrays or bytes"),
        (frame([], InterruptFrame(7)), "does not follow the schema"),  # which graders send, and no worker
        (frame("many", CellStartedFrame(7)), "does not follow the schema"),
        (struct.pack("!I", 3) + b"\xc1\xc1\xc1", "does not follow the schema"),
    ],
    ids=["header", "largest", "array", "two", "huge", "negative", "many", "other way", "sizes", "none"],
)
def test_what_is_announced_beyond_the_bounds_is_refused_before_it_comes(ends, sent, sentence):
    channel, theirs = ends
    theirs.settimeout(1)
    theirs.sendall(sent)
    with pytest.raises(WireError, match=sentence):
        channel.receive(soon())


def test_what_does_not_come_is_waited_for_until_the_deadline(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack("!I", 100) + b"half")
    with pytest.raises(OutOfTime):
        channel.receive(soon())


def test_whoever_is_gone_is_no_wait(ends):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(Closed):
        channel.receive()
    with pytest.raises(Closed):
        channel.send(InterruptFrame(1))
