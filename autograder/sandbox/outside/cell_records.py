"""What has become of a submission's cells, and of the functions that they make, as far as it can be believed."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from autograder.notebooks.text import legible
from autograder.sandbox.wire.messages import Cell, ReadyFrame, Watch
from autograder.sandbox.wire.outputs import MAX_CELL, MAX_NOTEBOOK, Output, Shown, Update, bounded, size

__all__ = ["CellRecords", "CellReport", "Replacement"]

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


class CellRecords:
    """Of each cell: whether it was run, what it showed, and what went wrong with it.

    Cells are run again where a process had to be ended. What counts is the first time; and once calls may have been
    made, nothing that the student's code says of itself is noted any more, since it could tell what it was asked.

    Attributes:
        to_run: the cells that are run, in order. One that is beyond stopping is left out the next time.
        reads: for each watched function the global names that it reads, at the end.
        replaced: the functions that were made others, each with the number of the cell before which it was watched.
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
        self.replaced: dict[tuple[str, int], Replacement] = {}
        self._is_closed = False

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

    def close(self, watched: Sequence[Watch], message: ReadyFrame) -> None:
        """All cells have been run for the first time: note what the worker says of the functions that are watched."""
        if self._is_closed:
            return
        self._is_closed = True
        for watch in watched:
            for name in watch.functions:
                self.reads[name] = frozenset(read[:_LONGEST_NAME] for read in message.reads.get(name, ()))
        for one in message.replaced:
            if any(watch.before == one.before and one.function in watch.functions for watch in watched):
                self.replaced[one.function, one.before] = Replacement(legible(one.name, _LONGEST_NAME), one.cell)

    def finished(self, number: int) -> None:
        """Note that a cell has been run to its end, or that it was itself what kept it from that."""
        self._unfinished.discard(number)

    def report(self, number: int, type_name: str, text: str, line: str = "", line_number: int = 0) -> None:
        """Note that a cell did not end well."""
        if self._is_closed:
            return
        report = CellReport(number, legible(type_name), legible(text), legible(line), line_number)
        self._reports.setdefault(number, report)

    def note_refused(self, number: int, kinds: Sequence[str]) -> None:
        """Note what a cell has asked for and did not get."""
        if not self._is_closed:
            self.refused[number] = tuple(sorted({*self.refused.get(number, ()), *kinds}))

    def keep(self, number: int, shown: Sequence[Output]) -> None:
        """Keep what a cell printed and showed."""
        if number not in self._outputs and not self._is_closed:
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
        self._reports.setdefault(number, CellReport(number, type_name, "" if self._is_closed else legible(text), "", 0))
        self.left_out.append(number)
        self.to_run = [cell for cell in self.to_run if cell.number != number]
