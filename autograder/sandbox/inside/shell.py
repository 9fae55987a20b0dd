"""The shell that a notebook's cells run in: IPython's own, in the place and with the manners of a Jupyter kernel's.

What a kernel would send to a notebook is kept by a `Recorder` instead. Libraries look at the shell to find out where
they are: at the name of its class, its settings, its `kernel`. They find what they find in Jupyter.
"""

import asyncio
import builtins
import contextlib
import contextvars
import getpass
import importlib
import io
import os
import sys
import zlib
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core import page
from IPython.core.autocall import ExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Instance, Type, default
from traitlets.config import Config

from autograder.judging.time_limits import TimeLimitReached, time_limit
from autograder.sandbox.inside.output_widgets import OutputWidgets
from autograder.sandbox.inside.recorder import PrintedStream, Recorder
from autograder.sandbox.wire import outputs
from autograder.sandbox.wire.messages import Refusal

__all__ = ["CellRunner", "Shell", "make_shell", "warm_up"]

#: How a traceback's entries of our own code begin.
_OUR_FRAMES = f"File {os.path.dirname(__file__)}{os.sep}"


class _Compiler(CachingCompiler):
    """Names each cell's code as a kernel does; the name is read in warnings and tracebacks."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        folder = f"/tmp/ipykernel_{os.getpid()}"  # nothing is written there
        return os.path.join(folder, f"{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py")


class _DisplayHook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """There is no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        if format_dict:
            Shell.recorder.shown(format_dict, md_dict, is_result=True)

    def finish_displayhook(self) -> None:
        """There is nothing to finish."""


class _DisplayPublisher(DisplayPublisher):
    """Keeps what is displayed on purpose, and pictures."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        display_id = str((transient or {}).get("display_id", ""))
        if update:
            Shell.recorder.updated(data, metadata, display_id)
        else:
            Shell.recorder.shown(data, metadata, display_id)

    def clear_output(self, wait: bool = False) -> None:
        Shell.recorder.clear(wait)


class _Exit(ExitAutocall):
    """``exit()`` and ``quit()`` end nothing: the cells that follow are still to be run."""

    def __call__(self, keep_kernel: object = False) -> None:
        """Let it pass."""


class _Kernel:
    """What a notebook finds as ``get_ipython().kernel``."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.implementation, self.language = "ipython", "python"
        self.session = self.iopub_socket = self.eventloop = None
        self.cell = ""

    @property
    def execution_count(self) -> int:
        """The number of the cell."""
        return int(self.shell.execution_count)

    def get_parent(self, channel: object = None) -> dict[str, Any]:
        """What is needed of the message that would have brought the cell: its name."""
        return {"header": {"msg_id": self.cell}}

    def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Let it pass, as ``exit()``."""
        return {"status": "ok", "restart": restart}


class Shell(InteractiveShell):
    """IPython in a notebook without a frontend."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)
    compiler_class = Type(_Compiler)
    kernel = AnyTrait()
    exiter = Instance(_Exit)
    recorder = Recorder()
    #: Called with what a cell has asked for in vain; `None` where programs may be started.
    refused: Callable[[Refusal], None] | None = staticmethod(lambda kind: None)

    @default("exiter")
    def _default_exiter(self) -> _Exit:
        return _Exit(self)  # type: ignore[no-untyped-call]

    @default("kernel")
    def _default_kernel(self) -> _Kernel:
        return _Kernel(self)

    def ask_exit(self) -> None:
        """Let it pass; see `_Exit`."""

    def init_hooks(self) -> None:
        """Have nothing shown that a frontend would show beside the notebook, such as the help of ``int?``."""
        super().init_hooks()  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", page.as_hook(_nothing_shown), 99)  # type: ignore[no-untyped-call]

    def init_environment(self) -> None:
        """Set what a kernel sets."""
        os.environ.update(
            TERM="xterm-color", CLICOLOR="1", FORCE_COLOR="1", CLICOLOR_FORCE="1", PAGER="cat", GIT_PAGER="cat"
        )

    def init_virtualenv(self) -> None:
        """This Python's own environment is the right one."""

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to enable."""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Take ``%matplotlib widget`` and its kin for ``%matplotlib inline``."""
        return super().enable_matplotlib("inline")  # type: ignore[no-untyped-call]

    def system(self, cmd: str) -> None:
        """Run a command if programs may be started; else let ``!pip install`` pass without doing it."""
        if self.refused is None:
            super().system(cmd)  # type: ignore[no-untyped-call]
            return
        if not cmd.lstrip().startswith("pip "):  # what it would install is here, or its import says that it is not
            self.refused("programs")
        print(f"(`{cmd}` is not run while grading.)")

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        """Run a command if programs may be started; else let it pass without doing it: there are no lines."""
        if self.refused is None:
            return list(super().getoutput(cmd, split, depth + 1))  # type: ignore[no-untyped-call]
        self.system(cmd)
        return []

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except Exception:
            text = ""
        lines = [str(line) for line in stb]
        lines = [line for line in lines if not line.startswith(_OUR_FRAMES)]  # the signal's, which has interrupted it
        self.recorder.failed(etype.__name__, text, lines)


# Libraries ask for this name to find out whether they are in a notebook: rich, tqdm, plotly.
Shell.__name__ = Shell.__qualname__ = "ZMQInteractiveShell"


def _nothing_shown(*_: Any, **__: Any) -> None:
    return None


def make_shell() -> Shell:
    """The process's one shell. The zygote makes it once, before it forks; it is slow to make."""
    config = Config()
    config.HistoryManager.enabled = False  # no database, no thread
    config.InteractiveShell.colors = "nocolor"
    config.IPKernelApp.connection_file = ""  # there is none; that there is an `IPKernelApp` is what is looked for
    shell: Shell = Shell.instance(config=config)
    return shell


#: A picture finds its fonts and parts of libraries the first time that one is drawn. Nothing of pyplot's is used: it
#: would remember.
_USED_ONCE = """%matplotlib inline
from IPython.core.pylabtools import print_figure
from matplotlib.figure import Figure
figure = Figure()
axes = figure.subplots()
axes.plot([0, 1], label="a")
axes.set_title("a")
axes.legend()
print_figure(figure)
1
"""


def warm_up() -> None:
    """Use the shell once, so that no worker pays for what is slow the first time, and leave no trace in it."""
    shell = make_shell()
    shell.run_cell(_USED_ONCE, store_history=False)  # type: ignore[no-untyped-call]
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    Shell.recorder = Recorder()


class CellRunner:
    """Runs cells as Jupyter would: magics, `display`, top-level await, last-expression values, `_`.

    An event loop is running meanwhile, as in a kernel; what a cell has begun in it goes on with the next cell. It is
    open until the process ends, since calls may use it too.

    Attributes:
        context: the one in which all cells are run. Decimal's precision and how numpy prints are kept in there.
    """

    def __init__(self) -> None:
        self._shell = make_shell()
        _move_home(self._shell)
        self._recorder = Shell.recorder = Recorder()
        self._output_widgets = OutputWidgets(self._recorder)
        self._task: asyncio.Task[BaseException | None] | None = None
        self.context = contextvars.copy_context()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        sys.stdout = PrintedStream(self._recorder, "stdout")  # for good: a logger may hold on to them
        sys.stderr = PrintedStream(self._recorder, "stderr")
        sys.stdin = io.StringIO()
        if "" not in sys.path:
            sys.path.insert(0, "")
        # Cells follow one another faster than the clock of a file system ticks: what was compiled may be out of date.
        sys.dont_write_bytecode = True
        builtins.input = _no_input
        getpass.getpass = _no_password
        sys.breakpointhook = _breakpoint

    @property
    def names(self) -> dict[str, Any]:
        """The notebook's global names."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def run(self, source: str, seconds: float | None = None) -> BaseException | None:
        """Run one cell: the exception that ended it, or `None`.

        Args:
            source: its text.
            seconds: how long it may take; `None` if somebody else looks at the clock, and calls `interrupt`.
        """
        importlib.invalidate_caches()
        self._task = task = self._loop.create_task(self._run(source), context=self.context)
        try:
            with contextlib.nullcontext() if seconds is None else time_limit(seconds):
                return self._loop.run_until_complete(task)
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError, TimeLimitReached) as stopped:
            if not task.done():  # something in the background was hit
                task.cancel()
                with contextlib.suppress(BaseException):
                    self._loop.run_until_complete(task)
            return stopped

    def when_refused(self, note: Callable[[Refusal], None] | None) -> None:
        """Have this called with what a cell asks the shell for in vain; `None` has the shell do it."""
        self._shell.refused = note

    def interrupt(self) -> None:
        """Interrupt the cell that is being run, as Ctrl-C would. To be called by a signal's handler."""
        if self._task is not None and asyncio.current_task(self._loop) is None:
            self._loop.call_soon_threadsafe(self._task.cancel)  # it awaits something
        else:
            raise KeyboardInterrupt

    def outputs(self) -> list[outputs.Output]:
        """What was printed and shown since this was last asked."""
        return self._recorder.take()

    async def _run(self, source: str) -> BaseException | None:
        shell: Any = self._shell
        self._output_widgets.begin_cell()
        shell.kernel.cell = self._output_widgets.cell
        await asyncio.sleep(0)  # what earlier cells have begun has its turn
        error_of = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, error_of = source, sys.exc_info()
        if shell.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=error_of):
            result = None
            try:
                running = shell.run_cell_async(
                    source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=error_of
                )
                result = await self._loop.create_task(running)  # a kernel's has a context of its own, too
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(source, store_history=True)
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error


def _move_home(shell: Shell) -> None:
    """Have the shell keep what it keeps in the home folder of this process, and not in that of whoever made it."""
    shell.ipython_dir = os.path.join(os.path.expanduser("~"), ".ipython")
    with contextlib.suppress(OSError):  # nothing may be opened where there is no other layer than seccomp
        os.makedirs(shell.ipython_dir, exist_ok=True)
        shell.init_profile_dir(None)  # type: ignore[no-untyped-call]
    shell.db = None


def _no_input(prompt: object = "") -> NoReturn:
    raise StdinNotImplementedError("input() waits for somebody to type, and while grading nobody does")


def _breakpoint(*arguments: Any, **options: Any) -> Any:
    # This Python was started without looking at the variables that are meant for it.
    return None if os.environ.get("PYTHONBREAKPOINT") == "0" else sys.__breakpointhook__(*arguments, **options)


def _no_password(prompt: object = "", stream: object = None) -> NoReturn:
    raise StdinNotImplementedError("getpass() waits for somebody to type, and while grading nobody does")
