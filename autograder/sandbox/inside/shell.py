"""The shell that a notebook's cells run in: IPython's own, with what it prints and shows kept instead of displayed."""

import base64
import builtins
import contextlib
import io
import warnings
from typing import Any, Literal, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.judging.time_limits import TimeLimitReached, time_limit
from autograder.sandbox.wire import outputs
from autograder.sandbox.wire.outputs import sendable

__all__ = ["CellRunner", "Recorder", "Shell", "make_shell", "run_cell"]


class _Printed:
    """Printed text in the making: parts, because adding to a long string copies it each time."""

    def __init__(self, name: Literal["stdout", "stderr"]):
        self.name = name
        self.parts: list[str] = []

    def as_stream(self) -> outputs.Stream:
        return outputs.Stream(self.name, "".join(self.parts))


class Recorder:
    """Keeps the beginning of what one cell prints and shows."""

    def __init__(self) -> None:
        self._kept: list[outputs.Output | _Printed] = []
        self._room = outputs.MAX_CELL

    def take(self) -> list[outputs.Output]:
        """Hand over what was kept, and begin anew."""
        kept = [one.as_stream() if isinstance(one, _Printed) else one for one in self._kept]
        self._kept, self._room = [], outputs.MAX_CELL
        return outputs.bounded(kept)

    def printed(self, name: Literal["stdout", "stderr"], text: str) -> None:
        """Keep printed text, together with what was printed just before it."""
        if self._is_full():
            return
        # One more than fits, so that `bounded` sees that something was cut.
        text = sendable(text[: self._room + 1])
        self._room -= len(text)
        last = self._kept[-1] if self._kept else None
        if not isinstance(last, _Printed) or last.name != name:
            last = _Printed(name)
            self._kept.append(last)
        last.parts.append(text)

    def shown(self, data: dict[str, Any], is_result: bool = False) -> None:
        """Keep a displayed object."""
        if self._is_full():
            return
        texts = {kind: _as_text(data[kind]) for kind in outputs.KINDS if kind in data}
        self._keep(outputs.Shown(texts, is_result))

    def failed(self, type_name: str, text: str, traceback: list[str]) -> None:
        """Keep an exception. There is always room for one."""
        lines = [sendable(line[:5_000]) for line in traceback[:20]]
        self._kept.append(outputs.Failure(type_name, sendable(text[:2_000]), lines))

    def clear(self) -> None:
        """Forget what was kept, as ``clear_output`` does for a progress bar."""
        self.take()

    def _keep(self, output: outputs.Output) -> None:
        self._room -= outputs.size(output)
        self._kept.append(output)

    def _is_full(self) -> bool:
        return self._room < 0 or len(self._kept) > outputs.MAX_OUTPUTS


class _Stream(io.TextIOBase):
    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: Literal["stdout", "stderr"]):
        self._recorder = recorder
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._recorder.printed(self._name, str(text))
        return len(text)


class _DisplayHook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """There is no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        Shell.recorder.shown(format_dict, is_result=True)

    def finish_displayhook(self) -> None:
        """There is nothing to finish."""


class _DisplayPublisher(DisplayPublisher):
    """Keeps what is displayed on purpose, and pictures."""

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        Shell.recorder.shown(data)

    def clear_output(self, wait: bool = False) -> None:
        Shell.recorder.clear()


class Shell(InteractiveShell):
    """IPython without a terminal or a frontend."""

    displayhook_class = _DisplayHook
    display_pub_class = _DisplayPublisher
    recorder = Recorder()

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to enable."""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Take ``%matplotlib widget`` and its kin for ``%matplotlib inline``."""
        return super().enable_matplotlib("inline")  # type: ignore[no-untyped-call]

    def system(self, cmd: str) -> None:
        """Let ``!pip install`` pass without doing it."""
        print(f"(`{cmd}` is not run while grading.)")

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        """Let ``lines = !command`` pass without doing it; there are no lines."""
        self.system(cmd)
        return []

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except Exception:
            text = ""
        self.recorder.failed(etype.__name__, text, [str(line) for line in stb])


def make_shell() -> Shell:
    """The process's one shell. The zygote makes it once, before it forks; it is slow to make."""
    config = Config()
    config.HistoryManager.enabled = False  # no database, no thread
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 100
    return Shell.instance(config=config)


def run_cell(shell: Shell, source: str) -> BaseException | None:
    """Run one cell in the shell: the exception that ended it, or `None`."""
    result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


class CellRunner:
    """Runs cells as Jupyter would: magics, `display`, top-level await, last-expression values, `_`."""

    def __init__(self) -> None:
        self._shell = make_shell()
        self._recorder = Shell.recorder = Recorder()
        builtins.input = _no_input

    @property
    def names(self) -> dict[str, Any]:
        """The notebook's global names."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def run(self, source: str, seconds: float) -> BaseException | None:
        """Run one cell: the exception that ended it, or `None`."""
        try:
            with (
                time_limit(seconds),
                contextlib.redirect_stdout(_Stream(self._recorder, "stdout")),
                contextlib.redirect_stderr(_Stream(self._recorder, "stderr")),
                warnings.catch_warnings(),
            ):
                return run_cell(self._shell, source)
        except TimeLimitReached as stopped:
            return stopped

    def outputs(self) -> list[outputs.Output]:
        """What was printed and shown since this was last asked."""
        return self._recorder.take()


def _as_text(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else sendable(str(value))


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError("input() waits for somebody to type, and while grading nobody does")
