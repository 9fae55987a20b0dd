"""Frames between grader and worker.

A frame is a 4-byte length, a msgpack header of that length, and the raw bytes of the arrays that the header
speaks of. Whatever a worker sends is hostile: every length is bounded before anything is allocated, the header is
checked against a schema, and arrays are rebuilt from dtype, shape and bytes. Nothing is ever unpickled.
"""

import contextlib
import math
import socket
import struct
import time
from typing import Any

import msgspec
import torch

import autograder.course.functions
from autograder.judging.values import MAX_DEPTH, MAX_PARTS, Foreign, foreign
from autograder.notebooks.text import legible, text_of

from .outputs import Output, sendable

#: Bounds of one frame. The largest honest ones carry 10,000 flattened MNIST images (31 MB), or a million characters
#: that a cell has printed (4 MB).
MAX_HEADER = 8 * 2**20
MAX_ARRAYS = 128 * 2**20

#: Product of all sizes of a shape that are not 0. Beyond 64 bits torch cannot tell how far apart elements would be.
_MAX_STEPS = 2**48

_LENGTH = struct.Struct("!I")

_DTYPES = {
    name: getattr(torch, name)
    for name in ("bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128".split())
}


class WireError(Exception):
    """The other side sent something that is not a frame of ours."""


class Closed(WireError):
    """The other side is gone."""


class OutOfTime(WireError):
    """No frame came before the deadline."""


class _Array(msgspec.Struct, tag="array", array_like=True):
    dtype: str
    shape: list[int]


class _Several(msgspec.Struct, tag="several", array_like=True):
    parts: "list[_Node]"
    is_list: bool


class _Mapping(msgspec.Struct, tag="mapping", array_like=True):
    keys: list[str]
    parts: "list[_Node]"


class _Foreign(msgspec.Struct, tag="foreign", array_like=True):
    type_name: str
    text: str


class _Public(msgspec.Struct, tag="public", array_like=True):
    """A function of `autograder.course.functions`, by name."""

    name: str


_Node = None | bool | int | float | str | _Array | _Several | _Mapping | _Foreign | _Public


class Cell(msgspec.Struct, array_like=True):
    """One code cell to run: where it stands in the notebook, counted from 1, and its text."""

    number: int
    source: str


class Open(msgspec.Struct, tag="open"):
    """Grader to worker: run these cells, each for at most so many seconds.

    `files` are names of files that shall lie in the notebook's folder; the frame's arrays are their contents.
    """

    cells: list[Cell]
    cell_seconds: float
    files: list[str] = []
    environment: dict[str, str] = {}


class Confined(msgspec.Struct, tag="confined"):
    """Worker to grader, before it has been given anything: which walls it has tried and found biting.

    `problem` says what went wrong if it could not close them.
    """

    layers: dict[str, bool]
    problem: str = ""


class CellStarted(msgspec.Struct, tag="cell"):
    """Worker to grader: the cell of this number is being run."""

    number: int


class CellShown(msgspec.Struct, tag="shown"):
    """Worker to grader: what this cell printed and showed."""

    number: int
    outputs: list[Output]


class CellProblem(msgspec.Struct, tag="problem"):
    """Worker to grader: this cell did not end well."""

    number: int
    type_name: str
    text: str
    line: str = ""
    line_number: int = 0


class Ready(msgspec.Struct, tag="ready"):
    """Worker to grader: all cells were run, calls are answered from now on."""


class Collect(msgspec.Struct, tag="collect"):
    """Grader to worker: send the files that the notebook has made or changed."""


class Made(msgspec.Struct, tag="made"):
    """Worker to grader: files that the notebook has made or changed; the frame's arrays are their contents."""

    files: list[str]


class Call(msgspec.Struct, tag="call"):
    """Grader to worker: call this function."""

    name: str
    arguments: _Node
    seconds: float
    keep_arguments: bool


class Returned(msgspec.Struct, tag="returned"):
    """Worker to grader: the call came back with this pair of result and arguments afterwards."""

    pair: _Node


class Raised(msgspec.Struct, tag="raised"):
    """Worker to grader: the call raised. The fields are those of `autograder.judging.calling.Raised`."""

    type_name: str
    text: str
    line: str
    line_number: int
    untouched: bool
    where: str


class Missing(msgspec.Struct, tag="missing"):
    """Worker to grader: there is no such function."""

    text: str


class Stopped(msgspec.Struct, tag="stopped"):
    """Worker to grader: the call ran out of time and could be stopped from inside."""


ToWorker = Open | Call | Collect
FromWorker = Confined | CellStarted | CellShown | CellProblem | Ready | Made | Returned | Raised | Missing | Stopped

_to_worker = msgspec.msgpack.Decoder(tuple[list[int], ToWorker])
_from_worker = msgspec.msgpack.Decoder(tuple[list[int], FromWorker])
_encoder = msgspec.msgpack.Encoder()


def pack(value: Any, arrays: list[memoryview]) -> _Node:
    """Turn a plain value into a header node; the bytes of its tensors are appended to `arrays`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return sendable(value)
    if isinstance(value, torch.Tensor):
        tensor = value.detach().contiguous()
        dtype = str(tensor.dtype).removeprefix("torch.")
        if dtype not in _DTYPES:
            return pack(foreign(value), arrays)
        arrays.append(memoryview(tensor.flatten().view(torch.uint8).numpy()) if tensor.numel() else memoryview(b""))
        return _Array(dtype, list(tensor.shape))
    if isinstance(value, Foreign):
        return _Foreign(sendable(value.type_name), sendable(value.text))
    if isinstance(value, tuple | list):
        return _Several([pack(part, arrays) for part in value], isinstance(value, list))
    if isinstance(value, dict):
        return _Mapping([sendable(key) for key in value], [pack(part, arrays) for part in value.values()])
    if getattr(autograder.course.functions, getattr(value, "__name__", ""), None) is value:
        return _Public(value.__name__)
    return pack(foreign(value), arrays)


def unpack(node: _Node, arrays: list[bytearray]) -> Any:
    """Rebuild a plain value; tensors are taken from `arrays` in order.

    Raises:
        WireError: the header and the arrays do not fit together.
    """
    value = _Unpacker(arrays).build(node, MAX_DEPTH + 1)
    if arrays:
        raise WireError("there are more arrays than the header speaks of")
    return value


class _Unpacker:
    def __init__(self, arrays: list[bytearray]):
        self.arrays = arrays
        self.parts = 0

    def build(self, node: _Node, depth: int) -> Any:
        self.parts += 1
        if depth < 0 or self.parts > MAX_PARTS + 100:
            raise WireError("a value is nested too deeply or has too many parts")
        if isinstance(node, _Array):
            return self._tensor(node)
        if isinstance(node, _Several):
            parts = [self.build(part, depth - 1) for part in node.parts]
            return parts if node.is_list else tuple(parts)
        if isinstance(node, _Mapping):
            if len(node.keys) != len(node.parts):
                raise WireError("a dict has not as many keys as values")
            pairs = zip(node.keys, node.parts, strict=True)
            return {text_of(key): self.build(part, depth - 1) for key, part in pairs}
        if isinstance(node, _Foreign):
            return Foreign(legible(node.type_name), legible(node.text))
        if isinstance(node, _Public):
            function = getattr(autograder.course.functions, node.name, None)
            if getattr(function, "__module__", "") != "autograder.course.functions":
                raise WireError("no public function has that name")
            return function
        return text_of(node) if isinstance(node, str) else node

    def _tensor(self, node: _Array) -> torch.Tensor:
        dtype = _DTYPES.get(node.dtype)
        if dtype is None or len(node.shape) > 16 or any(size < 0 for size in node.shape):
            raise WireError("an array has an unknown dtype or an impossible shape")
        if not self.arrays:
            raise WireError("the header speaks of more arrays than there are")
        raw = self.arrays.pop(0)
        if math.prod(node.shape) * dtype.itemsize != len(raw):
            raise WireError("an array has not as many bytes as its shape needs")
        if math.prod(max(size, 1) for size in node.shape) > _MAX_STEPS:
            raise WireError("an array without elements has an impossible shape")
        if not raw:
            return torch.zeros(node.shape, dtype=dtype)
        if dtype is torch.bool:  # a byte that is neither 0 nor 1 is no bool
            return torch.frombuffer(raw, dtype=torch.uint8).reshape(node.shape) != 0
        return torch.frombuffer(raw, dtype=dtype).reshape(node.shape)


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
