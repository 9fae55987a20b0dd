"""What a frontend does for widgets of the kind `Output`: they take what is printed and shown while one is entered.

``interact`` shows what its function prints in one. In the cell stands the widget then, and nothing that a score could
be read from.
"""

import contextlib
import uuid
from typing import Any

import comm
from comm.base_comm import BaseComm

from autograder.sandbox.inside.recorder import Recorder
from autograder.sandbox.wire.outputs import as_nbformat

__all__ = ["OutputWidgets"]


class OutputWidgets:
    """The `Output` widgets of one notebook. From when this is made on it hears what all widgets say.

    Args:
        recorder: of the cells.

    Attributes:
        cell: names the cell that is run, as the message does that brings one to a kernel.
    """

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._known: dict[str, _Output] = {}
        self._entered: list[_Output] = []
        self.cell = ""
        comm.create_comm = self._made

    def begin_cell(self) -> None:
        """Let the widgets know what they have taken, as they learn between cells; and enter none."""
        self._recorder.instead = Recorder()  # whoever is called meanwhile belongs to no cell
        for one in list(self._known.values()):
            with contextlib.suppress(Exception):
                one.tell()
        self._entered.clear()
        self._recorder.instead = None
        self.cell = uuid.uuid4().hex

    def hear(self, said_by: BaseComm, kind: str, data: dict[str, Any]) -> None:
        """Take note of a widget's message, if it is about the outputs that the widget takes."""
        name, state = said_by.comm_id, data.get("state")
        if kind == "comm_close":
            self._known.pop(name, None)
        elif isinstance(state, dict) and kind == "comm_open" and state.get("_model_name") == "OutputModel":
            self._known[name] = _Output(said_by)
        elif isinstance(state, dict) and "msg_id" in state and name in self._known:
            one = self._known[name]
            if state["msg_id"] == self.cell:
                self._entered.append(one)
            elif one in self._entered:
                self._entered.remove(one)
            self._recorder.instead = self._entered[-1].taken if self._entered else None

    def _made(self, *arguments: Any, **options: Any) -> BaseComm:
        return _Comm(self, *arguments, **options)


class _Comm(BaseComm):
    """A widget's end of its line to the frontend."""

    def __init__(self, frontend: OutputWidgets, *arguments: Any, **options: Any):
        self._frontend = frontend
        super().__init__(*arguments, **options)

    def publish_msg(self, msg_type: str, data: dict[str, Any] | None = None, *_: Any, **__: Any) -> None:
        """Say something to the frontend."""
        self._frontend.hear(self, msg_type, data or {})


class _Output:
    """One `Output` widget.

    Attributes:
        taken: what it has taken in place of a cell.
    """

    def __init__(self, line: BaseComm):
        self._line = line
        self._told: list[dict[str, Any]] = []
        self.taken = Recorder()

    def tell(self) -> None:
        """Have the widget know what it shows now: its `outputs`."""
        now = as_nbformat(self.taken.kept(), None)
        if now != self._told:
            self._told = now
            update = {"method": "update", "state": {"outputs": now}, "buffer_paths": []}
            self._line.handle_msg({"content": {"data": update}, "buffers": []})
