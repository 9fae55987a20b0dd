"""What has become of a submission's cells, and of the functions that they make, as far as it can be believed."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from autograder.notebooks.text import legible
from autograder.sandbox.wire.messages import Cell, ReadyFrame
from autograder.sandbox.wire.outputs import MAX_CELL, MAX_NOTEBOOK, Output, Shown, Update, bounded, size

__all__ = ["CellRecords", "CellReport", "Replacement", "Stop"]

#: The longest name of the student's that is repeated.
_LONGEST_NAME = 60


class CellReport(NamedTuple):
    """A cell that did not end well: its number in the notebook, and the exception or ``TimeLimitReached``."""

    number: int
    type_name: str
    text: str
    line: str
    line_number: int


class Replacement(NamedTuple):
    """What made a function another one than it was where it was watched.

    Attributes:
        name: what has another meaning now: the function's own name, or one that it reads.
        cell: the number of the cell that gave it that meaning.
    """

    name: str
    cell: int


class Stop(NamedTuple):
    """A place in the notebook where calls are made: before the cell of that number, and which functions are watched."""

    before: float
    watched: tuple[str, ...]


class CellRecords:
    """Of each cell: whether it was run, what it showed, and what went wrong with it.

    Cells are run again where a process had to be ended. What counts is the first time.

    Attributes:
        to_run: the cells that are run, in order. One that is beyond stopping is left out the next time.
        reads: for each watched function the global names that it reads, where it was watched last.
        replaced: the watched functions that were made others further down.
        refused: by the cell's number, what it asked for and the sandbox does not give.
        left_out: the numbers of those that were beyond stopping.
    """

    def __init__(self, cells: Sequence[Cell]):
        self.to_run = list(cells)
        self.left_out: list[int] = []
        self._unfinished = {cell.number for cell in cells}
        self._reports: dict[int, CellReport] = {}
        self.refused: dict[int, tuple[str, ...]] = {}
        self._outputs: dict[int, tuple[Output, ...]] = {}
        self._room = MAX_NOTEBOOK
        self.reads: dict[str, frozenset[str]] = {}
        self.replaced: dict[str, Replacement] = {}
        self._stops: list[Stop] = []

    @property
    def reports(self) -> tuple[CellReport, ...]:
        """The cells that did not end well, in the notebook's order."""
        return tuple(self._reports[number] for number in sorted(self._reports))

    @property
    def outputs(self) -> dict[int, tuple[Output, ...]]:
        """What the cells printed and showed, by number, as far as it was little enough."""
        return dict(sorted(self._outputs.items()))

    @property
    def unfinished(self) -> list[int]:
        """The numbers of the cells that were not run, or that were cut off for no fault of their own."""
        return sorted(self._unfinished)

    @property
    def stops(self) -> int:
        """How many stops have been asked for."""
        return len(self._stops)

    def add_stop(self, before: float, watched: tuple[str, ...]) -> None:
        """Ask for a stop further down; one that lies above the last is passed already."""
        if not self._stops or self._stops[-1].before < before:
            self._stops.append(Stop(before, watched))

    def part(self, stop: int) -> tuple[list[Cell], Stop]:
        """The cells that are run between one stop and the next, and the stop where they end."""
        after = self._stops[stop - 1].before if stop else 0
        here = self._stops[stop]
        return [cell for cell in self.to_run if after <= cell.number < here.before], here

    def note_functions(self, stop: Stop, message: ReadyFrame) -> None:
        """Note what a worker says of the functions that are watched."""
        for name in stop.watched:
            if stop.before < math.inf:  # at the end of the notebook all that happened to a function counts
                self.replaced.pop(name, None)
        for one in message.replaced:
            if one.function in self.reads:
                self.replaced[one.function] = Replacement(legible(one.name, _LONGEST_NAME), one.cell)
        for name in stop.watched:
            self.reads[name] = frozenset(read[:_LONGEST_NAME] for read in message.reads.get(name, ()))

    def finished(self, number: int) -> None:
        """Note that a cell has been run to its end, or that it was itself what kept it from that."""
        self._unfinished.discard(number)

    def report(self, number: int, type_name: str, text: str, line: str = "", line_number: int = 0) -> None:
        """Note that a cell did not end well."""
        report = CellReport(number, legible(type_name), legible(text), legible(line), line_number)
        self._reports.setdefault(number, report)

    def note_refused(self, number: int, kinds: Sequence[str]) -> None:
        """Note what a cell has asked for and did not get."""
        self.refused[number] = tuple(sorted({*self.refused.get(number, ()), *kinds}))

    def keep(self, number: int, shown: Sequence[Output]) -> None:
        """Keep what a cell printed and showed."""
        if number not in self._outputs:
            kept = bounded(shown, max(0, min(MAX_CELL, self._room)))
            self._room -= sum(map(size, kept))
            self._outputs[number] = ()
            for output in kept:
                if isinstance(output, Update):
                    self._update(output)
                else:
                    self._outputs[number] += (output,)

    def _update(self, update: Update) -> None:
        for number, outputs in self._outputs.items():
            self._outputs[number] = tuple(
                msgspec.structs.replace(one, data=update.data, metadata=update.metadata)
                if isinstance(one, Shown) and one.display_id == update.display_id
                else one
                for one in outputs
            )

    def leave_out(self, number: int, type_name: str, text: str) -> None:
        """Run a cell no more: it is beyond stopping."""
        self.report(number, type_name, text)
        self.left_out.append(number)
        self.to_run = [cell for cell in self.to_run if cell.number != number]
