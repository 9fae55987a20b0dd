"""The grader's end of the sandbox: a zygote, and the workers that it opens."""

import os
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import ModuleType
from typing import NamedTuple, Self

from autograder.sandbox.confinement import LAYERS, OUTCOMES, Limits, Permissions, process
from autograder.sandbox.outside.launch import ForkLauncher, ForkServer
from autograder.sandbox.outside.launcher import Launcher, NotConfined, SandboxError
from autograder.sandbox.outside.proxy import Proxy
from autograder.sandbox.outside.spawning import SpawnLauncher
from autograder.sandbox.outside.worker import Worker
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.control import Settings, Surroundings
from autograder.sandbox.wire.errors import WireError
from autograder.sandbox.wire.files import is_plain
from autograder.sandbox.wire.packing import module_of

__all__ = ["Zygote"]

#: Seconds that a worker has to confine itself. It takes milliseconds, or seconds where it starts without a zygote.
_OPENING_SECONDS = 120.0


class Begun(NamedTuple):
    """A worker's process, confined and with nothing in it.

    Attributes:
        number: what its launcher calls it.
        channel: to it.
        confinement: which layers it has found enforced.
        withheld: what it should have been allowed and this machine cannot allow, by the names that refusals have.
        proxy: its way to the hosts that are allowed, if some are.
    """

    number: int
    channel: Channel
    confinement: dict[str, bool]
    withheld: tuple[str, ...]
    proxy: Proxy | None


class Zygote:
    """Opens workers, from one zygote process that starts when first needed and anew if it dies.

    Use it as a context manager.

    Args:
        surroundings: what the course wants around its students' code.
        layers: which of `LAYERS` to enforce, as far as the machine allows; all of them by default.
        require: layers and outcomes (`LAYERS`, `OUTCOMES`) without which nothing is run.
        limits: what one submission may use.
        permissions: what one submission may do beyond the ordinary.
        imports: names of modules that all submissions import: once, where that can be shared.
        fork: whether workers are forked where that is safe; by default on Linux. Else each is a Python of its own.
        fork_server: where the zygote is forked from, if others like it are wanted; a Python of its own by default.

    Attributes:
        surroundings: what the course wants around its students' code.

    Raises:
        ValueError: there is no layer of such a name.
    """

    def __init__(
        self,
        surroundings: Surroundings = Surroundings(),  # noqa: B008  (it cannot change)
        *,
        layers: Collection[str] = LAYERS,
        require: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008  (it cannot change)
        permissions: Permissions = Permissions(),  # noqa: B008  (it cannot change)
        imports: Sequence[str] = (),
        fork: bool | None = None,
        fork_server: ForkServer | None = None,
    ):
        for name in (*layers, *require):
            if name not in (*LAYERS, *OUTCOMES):
                raise ValueError(f"there is no layer called {name!r}; there are {', '.join((*LAYERS, *OUTCOMES))}")
        if fork is None:
            fork = sys.platform == "linux" and hasattr(os, "fork")
        ordered = [name for name in LAYERS if name in layers]
        settings = Settings(surroundings, ordered, limits, "", permissions, tuple(imports) if fork else ())
        self._launcher: Launcher = ForkLauncher(settings, fork_server) if fork else SpawnLauncher(settings)
        self._permissions = permissions
        self.surroundings = surroundings
        self._opaque = "process" in layers
        self._require = tuple(require)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to import what the next worker needs, without waiting for it: its submission will not have to.

        Once is enough where workers are forked. Where each is a Python of its own, ask again before the next one.
        """
        self._launcher.start()

    @property
    def confinement(self) -> dict[str, bool]:
        """Which layers are enforced here, as a worker opened for that purpose finds.

        Raises:
            NotConfined: one is missing that is required.
            SandboxError: no worker can be opened.
        """
        with self.open(()) as worker:
            worker.start()
            return worker.confinement

    def open(
        self,
        cells: Sequence[messages.Cell],
        cell_seconds: float = 10.0,
        total_seconds: float = 60.0,
        submission_seconds: float = 900.0,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        folder: str = "notebook",
        stand_in_packages: bool = False,
        watched: Sequence[messages.Watch] = (),
    ) -> Worker:
        """Run a notebook's cells in a new worker.

        Args:
            cells: what to run, in order.
            cell_seconds: how long each may take, not counting the time in which others had its core. Then it is
                interrupted, and ended by force if it does not mind that.
            total_seconds: how long all of them may take, counted alike, also if they have to be run again.
            submission_seconds: how long cells and calls together may take by the clock.
            files: what lies in the notebook's folder, by relative name; see `files.MAX_BYTES`.
            environment: variables that the notebook finds set, beside the few that it has anyway.
            folder: what the notebook's folder is called.
            stand_in_packages: whether it may import what is not installed, which then fails where it is used.
            watched: functions of which is noted what they read, and which cell made others of them.

        Raises:
            ValueError: no folder can be called so.
        """
        if not is_plain(folder):
            raise ValueError(f"no folder of a notebook can be called {folder!r}")
        opening = messages.OpenFrame(
            [],
            cell_seconds,
            list(files or {}),
            dict(environment or {}),
            folder,
            self._launcher.interrupts,
            list(watched),
            stand_in_packages,
        )
        return Worker(self, cells, opening, total_seconds, submission_seconds, files)

    def close(self) -> None:
        """End every worker and the process they come from."""
        self._launcher.close()

    @cached_property
    def functions(self) -> ModuleType | None:
        """The module of the functions that may travel by name. For `Worker`."""
        return module_of(self.surroundings.functions)

    @property
    def not_shared(self) -> str:
        """A sentence if what was to be imported once is imported by each submission. Known when one was opened."""
        return self._launcher.not_shared

    def begin(self) -> Begun:
        """Open a worker's process, confined and with nothing in it. For `Worker`.

        Raises:
            NotConfined: a layer is missing that is required.
            SandboxError: no worker can be opened.
        """
        if self._opaque:
            process.be_opaque()  # our memory holds the answers
        number, connection = self._launcher.open()
        channel = Channel(connection, worker_side=False)
        try:
            message, _ = channel.receive(time.monotonic() + _OPENING_SECONDS)
            if not isinstance(message, messages.ConfinedFrame) or message.problem:
                raise SandboxError(f"a worker could not confine itself: {getattr(message, 'problem', message)}")
            found = {name: message.layers.get(name, False) for name in (*LAYERS, *OUTCOMES)}
            missing = [name for name in self._require if not found[name]]
            if missing:
                raise NotConfined(missing)
            proxy = Proxy(channel.receive_socket(), self._permissions) if message.has_way_out else None
        except BaseException as error:
            channel.close()
            why = self._launcher.complaint(number) or str(error)
            self.end(number)
            if isinstance(error, WireError):
                raise SandboxError(f"a worker ended before it was given anything: {why}") from None
            raise
        return Begun(number, channel, found, tuple(message.withheld), proxy)

    def end(self, number: int) -> None:
        """End a worker's process and everything it started. For `Worker`."""
        self._launcher.kill(number)

    def interrupt(self, number: int) -> None:
        """Interrupt what a worker's process is at, as Ctrl-C would. For `Worker`."""
        self._launcher.interrupt(number)

    def seconds_in_queue(self, number: int) -> float:
        """Seconds that a worker's process was ready to run and had no core, since it began. For `Worker`."""
        return self._launcher.seconds_in_queue(number)
