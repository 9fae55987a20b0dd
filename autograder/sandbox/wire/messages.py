"""The messages between grader and worker, and nothing but their fields.

Each is the header of one frame; see `autograder.sandbox.wire.channel`. A value in it is a node of
`autograder.sandbox.wire.nodes`, whose arrays follow the header as raw bytes.
"""

from typing import Literal

import msgspec

from autograder.sandbox.wire.nodes import Node
from autograder.sandbox.wire.outputs import Output

__all__ = [
    "CallFrame",
    "Cell",
    "CellProblemFrame",
    "CellRefusedFrame",
    "CellShownFrame",
    "CellStartedFrame",
    "CollectFrame",
    "ConfinedFrame",
    "FromWorker",
    "InterruptFrame",
    "MadeFrame",
    "MissingFrame",
    "OpenFrame",
    "RaisedFrame",
    "ReadyFrame",
    "Refusal",
    "Replaced",
    "ReturnedFrame",
    "StoppedFrame",
    "ToWorker",
    "Watch",
]

#: Kinds of things that a cell may ask for and that the sandbox does not give.
Refusal = Literal["programs", "processes", "network", "files", "memory", "disk", "threads"]


class Cell(msgspec.Struct, array_like=True):
    """One code cell to run: where it stands in the notebook, counted from 1, and its text."""

    number: int
    source: str


class Watch(msgspec.Struct, array_like=True):
    """Remember how these functions stand before the cell of that number is run: what they are, and what they read."""

    before: int
    functions: list[str]


class OpenFrame(msgspec.Struct, tag="open"):
    """Grader to worker: run these cells, each for at most so many seconds.

    Attributes:
        cells: what to run, in order.
        cell_seconds: how long each may take.
        files: names of files that shall lie in the notebook's folder; the frame's arrays are their contents.
        environment: variables to be set.
        folder: what the notebook's folder is called.
        is_interrupted: whether somebody else interrupts cells that take too long.
        watched: functions of which the worker says, at the end, what has become of them since; by the cells' numbers.
        stand_in_packages: whether a package that is not installed can be imported, and fails where it is used.
    """

    cells: list[Cell]
    cell_seconds: float
    files: list[str] = []
    environment: dict[str, str] = {}
    folder: str = "notebook"
    is_interrupted: bool = False
    watched: list[Watch] = []
    stand_in_packages: bool = False


class Replaced(msgspec.Struct, array_like=True):
    """A watched function is another one since a cell has run: because of this name, its own or one that it reads.

    Attributes:
        function: which one.
        before: since when it was watched; see `Watch`.
        name: what has another meaning now.
        cell: the number of the cell that gave it that meaning.
    """

    function: str
    before: int
    name: str
    cell: int


class InterruptFrame(msgspec.Struct, tag="interrupt"):
    """Grader to worker: the signal that follows is meant for the cell of this number."""

    number: int


class ConfinedFrame(msgspec.Struct, tag="confined"):
    """Worker to grader, before it has been given anything: which layers it has tried and found enforced.

    Attributes:
        layers: by name, whether it is enforced.
        problem: what went wrong if it could not confine itself.
        withheld: what an instructor has allowed and this machine cannot.
        has_way_out: whether a socket follows on which connections to allowed hosts are asked for.
    """

    layers: dict[str, bool]
    problem: str = ""
    withheld: list[str] = []
    has_way_out: bool = False


class CellStartedFrame(msgspec.Struct, tag="cell"):
    """Worker to grader: the cell of this number is being run."""

    number: int


class CellShownFrame(msgspec.Struct, tag="shown"):
    """Worker to grader: what this cell printed and showed."""

    number: int
    outputs: list[Output]


class CellProblemFrame(msgspec.Struct, tag="problem"):
    """Worker to grader: this cell did not end well."""

    number: int
    type_name: str
    text: str
    line: str = ""
    line_number: int = 0


class CellRefusedFrame(msgspec.Struct, tag="refused"):
    """Worker to grader: this cell asked for these things, and did not get them."""

    number: int
    kinds: list[Refusal]


class ReadyFrame(msgspec.Struct, tag="ready"):
    """Worker to grader: all cells were run, calls are answered from now on.

    `reads` has, for each function that was watched, the global names that it reads now. `replaced` has those that have
    become others since.
    """

    reads: dict[str, list[str]] = {}
    replaced: list[Replaced] = []


class CollectFrame(msgspec.Struct, tag="collect"):
    """Grader to worker: send the files that the notebook has made or changed."""


class MadeFrame(msgspec.Struct, tag="made"):
    """Worker to grader: files that the notebook has made or changed; the frame's arrays are their contents."""

    files: list[str]


class CallFrame(msgspec.Struct, tag="call"):
    """Grader to worker: call this function."""

    name: str
    arguments: Node
    seconds: float
    keep_arguments: bool


class ReturnedFrame(msgspec.Struct, tag="returned"):
    """Worker to grader: the call came back with this pair of result and arguments afterwards.

    `traces` are those of `autograder.judging.outcomes.Returned`.
    """

    pair: Node
    traces: list[tuple[Literal["entries", "tracked", "slopes", "shared"], int]] = []


class RaisedFrame(msgspec.Struct, tag="raised"):
    """Worker to grader: the call raised. The fields are those of `autograder.judging.outcomes.Raised`."""

    type_name: str
    text: str
    line: str
    line_number: int
    untouched: bool
    where: str


class MissingFrame(msgspec.Struct, tag="missing"):
    """Worker to grader: there is no such function."""

    text: str


class StoppedFrame(msgspec.Struct, tag="stopped"):
    """Worker to grader: the call ran out of time and could be stopped from inside."""


ToWorker = OpenFrame | InterruptFrame | CallFrame | CollectFrame
FromWorker = (
    ConfinedFrame
    | CellStartedFrame
    | CellShownFrame
    | CellProblemFrame
    | CellRefusedFrame
    | ReadyFrame
    | MadeFrame
    | ReturnedFrame
    | RaisedFrame
    | MissingFrame
    | StoppedFrame
)
