"""What one cell prints and shows, kept as it comes."""

import base64
import io
from typing import Any, Literal

import msgspec

from autograder.sandbox.wire import outputs
from autograder.sandbox.wire.outputs import sendable

__all__ = ["PrintedStream", "Recorder"]

Name = Literal["stdout", "stderr"]


class _Printed:
    """Printed text in the making: parts, because adding to a long string copies it each time."""

    def __init__(self, name: Name):
        self.name: Name = name
        self.parts: list[str] = []

    def as_stream(self) -> outputs.Stream:
        return outputs.Stream(self.name, "".join(self.parts))


class Recorder:
    """Keeps the beginning of what one cell prints and shows, and all that a score may be read from.

    Attributes:
        instead: another one that keeps what comes, while it is set; see `autograder.sandbox.inside.output_widgets`.
    """

    def __init__(self) -> None:
        self.instead: Recorder | None = None
        self._kept: list[outputs.Output | _Printed] = []
        self._updates: dict[str, outputs.Update] = {}
        self._room = outputs.MAX_CELL
        self._clear_next = False

    def take(self) -> list[outputs.Output]:
        """Hand over what was kept, and begin anew."""
        kept = self.kept()
        self._forget()
        return kept

    def kept(self) -> list[outputs.Output]:
        """What was kept so far."""
        kept = [one.as_stream() if isinstance(one, _Printed) else one for one in self._kept]
        kept += list(self._updates.values())[: outputs.MAX_OUTPUTS]
        return outputs.bounded(kept)

    def printed(self, name: Name, text: str) -> None:
        """Keep printed text, together with what was printed just before it."""
        if self.instead is not None:
            return self.instead.printed(name, text)
        if not text:
            return
        self._come()
        last = self._kept[-1] if self._kept else None
        if self._is_full() and (name == "stdout" or (isinstance(last, _Printed) and last.name == name)):
            return
        # One more than fits, so that `bounded` sees that something was cut.
        text = sendable(text[: max(self._room, 0) + 1])
        self._room -= len(text)
        if not isinstance(last, _Printed) or last.name != name:
            last = _Printed(name)
            self._kept.append(last)
        last.parts.append(text)

    def shown(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        display_id: str = "",
        *,
        is_result: bool = False,
    ) -> None:
        """Keep a displayed object."""
        if self.instead is not None:
            return self.instead.shown(data, metadata, display_id, is_result=is_result)
        self._come()
        if self._is_full() and not is_result:
            return
        output = outputs.Shown(_texts(data), is_result, _json(metadata) if metadata else "", sendable(display_id))
        self._room -= outputs.size(output)
        self._kept.append(output)

    def updated(self, data: dict[str, Any], metadata: dict[str, Any] | None, display_id: str) -> None:
        """Change what was displayed under a name, in this cell or an earlier one."""
        update = outputs.Update(sendable(display_id), _texts(data), _json(metadata) if metadata else "")
        for place, one in enumerate(self._kept):
            if isinstance(one, outputs.Shown) and one.display_id == update.display_id:
                self._room -= outputs.size(update) - outputs.size(one)
                self._kept[place] = msgspec.structs.replace(one, data=update.data, metadata=update.metadata)
        self._updates[update.display_id] = update

    def failed(self, type_name: str, text: str, traceback: list[str]) -> None:
        """Keep an exception. There is always room for one."""
        if self.instead is not None:
            return self.instead.failed(type_name, text, traceback)
        self._come()
        if len(self._kept) < 2 * outputs.MAX_OUTPUTS:
            lines = [sendable(line[:5_000]) for line in traceback[:20]]
            self._kept.append(outputs.Failure(type_name, sendable(text[:2_000]), lines))

    def clear(self, wait: bool = False) -> None:
        """Forget what was kept, as ``clear_output`` does for a progress bar; with `wait` when something new comes."""
        if self.instead is not None:
            self.instead.clear(wait)
        elif wait:
            self._clear_next = True
        else:
            self._forget()

    def _come(self) -> None:
        if self._clear_next:
            self._forget()

    def _forget(self) -> None:
        self._kept, self._updates, self._room, self._clear_next = [], {}, outputs.MAX_CELL, False

    def _is_full(self) -> bool:
        return self._room < 0 or len(self._kept) > outputs.MAX_OUTPUTS


class PrintedStream(io.TextIOBase):
    """What a cell finds as ``sys.stdout`` or ``sys.stderr``."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: Name):
        self._recorder = recorder
        self._name: Name = name

    @property
    def name(self) -> str:
        """The stream's name between angle brackets, as the interpreter's own streams have it."""
        return f"<{self._name}>"

    def writable(self) -> bool:
        """Text can be written."""
        return True

    def write(self, text: str) -> int:
        """Keep the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.printed(self._name, text)
        return len(text)


def _texts(data: dict[str, Any]) -> dict[str, str]:
    return {sendable(str(kind)): _json(one) if outputs.is_json(str(kind)) else _text(one) for kind, one in data.items()}


def _text(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else sendable(str(value))


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value, enc_hook=str).decode()
    except (TypeError, ValueError, RecursionError):
        return "null"
