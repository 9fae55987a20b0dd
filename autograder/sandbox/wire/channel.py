"""Frames between grader and worker, sent and received.

A frame is a 4-byte length, a msgpack header of that length, and the raw bytes of the arrays that the header
speaks of. Whatever a worker sends is hostile: every length is bounded before anything is allocated, and the header is
checked against the schema of `autograder.sandbox.wire.messages`.
"""

import contextlib
import socket
import struct
import time
from typing import Any

import msgspec

from autograder.judging.values import MAX_PARTS
from autograder.notebooks.text import legible
from autograder.sandbox.wire.errors import Closed, OutOfTime, WireError
from autograder.sandbox.wire.messages import FromWorker, ToWorker

__all__ = ["MAX_ARRAYS", "MAX_HEADER", "Channel"]

#: Bounds of one frame. The largest honest ones carry 10,000 flattened MNIST images (31 MB), or a million characters
#: that a cell has printed (4 MB).
MAX_HEADER = 8 * 2**20
MAX_ARRAYS = 128 * 2**20

_LENGTH = struct.Struct("!I")

_to_worker = msgspec.msgpack.Decoder(tuple[list[int], ToWorker])
_from_worker = msgspec.msgpack.Decoder(tuple[list[int], FromWorker])
_encoder = msgspec.msgpack.Encoder()


class Channel:
    """Sends and receives frames over a socket. `ToWorker` frames go one way, `FromWorker` the other."""

    def __init__(self, connection: socket.socket, *, worker_side: bool):
        self._socket = connection
        self._decoder = _to_worker if worker_side else _from_worker

    def send(self, message: Any, arrays: list[memoryview] | None = None, deadline: float | None = None) -> None:
        """Send one frame.

        Raises:
            Closed: nobody is there.
            OutOfTime: the other side did not read it before `deadline` (of `time.monotonic`).
        """
        arrays = arrays or []
        header = _encoder.encode(([array.nbytes for array in arrays], message))
        try:
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(_LENGTH.pack(len(header)) + header)
            for array in arrays:
                self._socket.sendall(array)
        except TimeoutError:
            raise OutOfTime("the frame was not read in time") from None
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self, deadline: float | None = None) -> tuple[Any, list[bytearray]]:
        """Wait for one frame: the message and its arrays.

        Raises:
            OutOfTime: none came before `deadline`.
            Closed: the other side is gone.
            WireError: what came is not a frame of ours.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        if length > MAX_HEADER:
            raise WireError("a header is too long")
        header = self._exactly(length, deadline)
        try:
            sizes, message = self._decoder.decode(header)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise WireError(f"a header does not follow the schema: {legible(str(error))}") from None
        if len(sizes) > MAX_PARTS or any(size < 0 for size in sizes) or sum(sizes) > MAX_ARRAYS:
            raise WireError("a frame carries too many arrays or bytes")
        return message, [self._exactly(size, deadline) for size in sizes]

    def send_socket(self, shared: socket.socket) -> None:
        """Hand a socket to the other side, of this machine; a frame before it has said that it comes.

        Raises:
            OSError: nobody is there, or the connection is none that sockets can travel over.
        """
        socket.send_fds(self._socket, [b"S"], [shared.fileno()])

    def receive_socket(self) -> socket.socket:
        """Take a socket that a frame has announced.

        Raises:
            Closed: none came.
        """
        try:
            _, handles, _, _ = socket.recv_fds(self._socket, 1, 1)
        except OSError as error:
            raise Closed(str(error)) from None
        if not handles:
            raise Closed("no socket came")
        return socket.socket(fileno=handles[0])

    def interrupt(self) -> None:
        """End the connection under whoever waits for it in another thread: for them it is `Closed`."""
        with contextlib.suppress(OSError):  # closed already
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket; harmless when it is closed already."""
        self._socket.close()

    def _exactly(self, size: int, deadline: float | None) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            try:
                self._socket.settimeout(_left(deadline))
                count = self._socket.recv_into(view)
            except TimeoutError:
                raise OutOfTime("nothing came in time") from None
            except OSError as error:
                raise Closed(str(error)) from None
            if not count:
                raise Closed("the connection was closed")
            view = view[count:]
        return buffer


def _left(deadline: float | None) -> float | None:
    """Seconds until `deadline`, at least a hair: 0 would make the socket non-blocking."""
    return None if deadline is None else max(deadline - time.monotonic(), 1e-6)
