"""The layers around a student's code, one module each.

Each layer stands by itself: it is put on where the machine allows, tries whether it is enforced, and reports that. What
one layer stops, another mostly stops too. The zygote prepares them once (`Confinement.prepare`), forks with them
(`Confinement.fork`), and each worker puts them on (`Confinement.confine`) before it is given anything of a student's.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from autograder.sandbox.confinement import process, scratch
from autograder.sandbox.confinement.limits import Limits, size_of_this_process, tasks_of
from autograder.sandbox.confinement.limits import apply as _apply_limits
from autograder.sandbox.confinement.permissions import Permissions, programs, search_path

if sys.platform == "linux":
    from autograder.sandbox.confinement import cgroup, landlock, namespaces, paths, seccomp, survivors, user

if TYPE_CHECKING:
    from autograder.sandbox.confinement.namespaces import Entered
    from autograder.sandbox.confinement.seccomp import Filter

__all__ = ["LAYERS", "OUTCOMES", "Confinement", "Limits", "Permissions"]

#: The layers that there are.
LAYERS = ("process", "rlimits", "user", "namespaces", "landlock", "seccomp", "cgroup")
#: What they amount to: no secret of the course can be opened; nothing but the bounded scratch folder is writable.
OUTCOMES = ("hidden", "scratch")

#: What a submission's user is called.
_NAME = "student"

#: Places where a file could be left for others to find.
_ELSEWHERE = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc")


class Confinement:
    """The layers of one zygote and its workers.

    Args:
        layers: which of `LAYERS` to enforce, as far as the machine allows.
        limits: what a submission may use.
        base: an empty folder of the grader's, for scratch folders and to build a root in.
        private: files and folders of the course that no submission may read.
        permissions: what a submission may do beyond the ordinary.
    """

    def __init__(
        self,
        layers: Collection[str],
        limits: Limits,
        base: str,
        private: Iterable[str] = (),
        permissions: Permissions = Permissions(),  # noqa: B008  (it cannot change)
    ):
        self._layers = set(layers)
        self._limits = limits
        self._base = base
        self._private = tuple(private)
        self._permissions = permissions
        self._linux = sys.platform == "linux"
        self._size = 0
        self._tasks = 16  # the zygote, its attendant, and workers that are open side by side
        self._entered: Entered | None = None
        self._leaves: list[str] = []
        self._executable: tuple[str, ...] = ()
        self._ruleset = -1
        self._filter: Filter | None = None
        self._secrets: list[str] = []
        self._has_group = False
        self._folders: dict[int, str] = {}
        self._queues: dict[int, int] = {}

    def prepare(self) -> None:
        """Put on what all workers have in common. To be called once, when everything is imported.

        Where namespaces are to be had, the code that follows runs in a child of the process that called.

        Raises:
            ValueError: what is private cannot be hidden, because every submission needs what lies in it.
        """
        self._size = size_of_this_process()
        if sys.platform != "linux":
            return
        self._secrets = paths.secrets(self._private)
        started = programs(self._permissions.started if "namespaces" in self._layers else ())
        readable = paths.readable(self._private, also=(*self._permissions.folders, *started.places))
        if "landlock" in self._layers and landlock.version():
            self._leaves = readable.leaves()
        if "cgroup" in self._layers:
            memory = 4 * self._limits.memory
            group = cgroup.enter(memory, 16 * self._limits.processes)
            self._has_group = group is not None and cgroup.is_enforced(group, memory)
        uid = os.getuid()
        if uid == 0 and "user" in self._layers:
            uid = user.somebody()
        if "namespaces" in self._layers and namespaces.rehearse(self._base, readable, uid):
            self._entered = namespaces.enter(self._base, readable, uid)
            user.narrow()
        else:
            if uid != os.getuid() and user.could_become(uid, [os.__file__, str(paths.PACKAGE / "__init__.py")]):
                os.chown(self._base, uid, uid)
                user.narrow()
                user.become(uid)
            self._tasks = tasks_of(os.getuid())
            process.adopt_orphans()
        if "process" in self._layers:
            process.be_opaque()
            process.gain_nothing()
        granted = self.granted
        if self._entered is not None and self._leaves:
            self._executable = started.executable
            leaves = [*self._leaves, *namespaces.MADE]
            self._ruleset = self._list_of_files(leaves, os.path.dirname(namespaces.SCRATCH))
        if "seccomp" in self._layers:
            # Where no other layer tells secrets from libraries, nothing may be opened; all that is usual is imported.
            with contextlib.suppress(OSError):
                self._filter = seccomp.build(
                    bool(self._leaves) or self._entered is not None,
                    self._entered is not None,
                    processes="processes" in granted,
                    network="network" in granted,
                )

    def _list_of_files(self, leaves: Iterable[str], folder: str) -> int:
        granted = self.granted
        return landlock.ruleset(
            leaves,
            [folder],
            paths.DEVICES,
            executable=(*self._executable, folder) if "programs" in granted else self._executable,
            listable=("/",) if "files" in granted and self._entered is not None else (),
            terminals=(os.path.dirname(namespaces.TERMINALS),) if "programs" in granted else (),
            network="network" in granted,
            sockets="processes" in granted,
        )

    @property
    def permissions(self) -> Permissions:
        """What a submission may do beyond the ordinary, where the machine allows it."""
        return self._permissions

    @property
    def granted(self) -> frozenset[str]:
        """What is allowed beyond the ordinary, by the names that refusals have. Known when all is prepared."""
        can_open = self._entered is not None or bool(self._leaves) or "seccomp" not in self._layers
        granted = {"files"} if self._permissions.folders and self._linux and can_open else set()
        if self._entered is not None:
            granted |= {"programs", "processes"} if self._permissions.programs else set()
            granted |= {"processes"} if self._permissions.processes else set()
            granted |= {"network"} if self._permissions.hosts else set()
        return frozenset(granted)

    @property
    def withheld(self) -> list[str]:
        """What an instructor has allowed and this machine cannot, by the names that refusals have."""
        asked = (
            ("programs", self._permissions.programs),
            ("processes", self._permissions.processes),
            ("network", self._permissions.hosts),
            ("files", self._permissions.folders),
        )
        return [kind for kind, wanted in asked if wanted and kind not in self.granted]

    @property
    def proc(self) -> int | None:
        """Descriptor of /proc where nothing is mounted there any more, until this process confines itself."""
        return None if self._entered is None else self._entered.proc

    def fork(self) -> int:
        """Fork a worker: its process id, and 0 in the worker itself."""
        folder = "" if self._entered is not None else tempfile.mkdtemp(prefix="submission-", dir=self._base)
        pid = namespaces.fork(self._entered) if self._entered is not None else os.fork()
        self._folders[pid] = folder
        if pid == 0:
            for handle in self._queues.values():  # those of the others
                os.close(handle)
            self._queues.clear()
        else:
            self._queues[pid] = namespaces.queue_of_last_child(self.proc) if self._linux else -1
        return pid

    def confine(self, folder: str | None = None) -> dict[str, bool]:
        """Confine this process and all that it will run, for good.

        Args:
            folder: where to work if there is no scratch folder of our own making; a worker that was forked has one.

        Returns:
            For each of `LAYERS` and `OUTCOMES`, whether it was tried and found enforced.
        """
        enforced = dict.fromkeys((*LAYERS, *OUTCOMES), False)
        folder = folder or self._folders.get(0) or None
        if "process" in self._layers:
            enforced["process"] = process.apply()
        if self._entered is not None:
            enforced["namespaces"] = namespaces.isolate(
                self._entered,
                self._limits.scratch,
                loopback="network" in self.granted,
                terminals="programs" in self.granted,
            )
            folder = namespaces.SCRATCH
        assert folder is not None
        os.chdir(folder)
        for name in scratch.PARTS:
            os.mkdir(name)
        os.environ.update(HOME=folder, TMPDIR=os.path.join(folder, scratch.TEMPORARY), USER=_NAME, LOGNAME=_NAME)
        if "processes" in self.granted:
            os.environ["PATH"] = search_path()
        tempfile.tempdir = None
        enforced["cgroup"] = self._has_group
        if self._linux and ("user" in self._layers or self._entered is not None):
            enforced["user"] = user.drop_capabilities()
        if "rlimits" in self._layers:
            enforced["rlimits"] = _apply_limits(self._limits, self._size, self._tasks)
        if self._leaves:
            if self._ruleset < 0:
                self._ruleset = self._list_of_files(self._leaves, folder)
            enforced["landlock"] = landlock.apply(self._ruleset)
            os.close(self._ruleset)
        if self._filter is not None:
            enforced["seccomp"] = seccomp.apply(self._filter)
        if self._linux:
            enforced["hidden"] = not any(map(_can_open, self._secrets))
            enforced["scratch"] = scratch.nothing_else_writable(folder, [*_ELSEWHERE, os.path.dirname(folder)])
        return enforced

    @property
    def must_watch(self) -> bool:
        """Whether somebody has to look now and then at what the workers write."""
        return self._entered is None and bool(self._folders)

    def watch(self) -> None:
        """End workers that have written more than they may."""
        for pid, folder in self._folders.items():
            if folder and scratch.exceeds(folder, self._limits.scratch):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def interrupt(self, pid: int) -> None:
        """Interrupt a worker that was forked, as Ctrl-C would."""
        if pid in self._folders:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)

    def nanoseconds_in_queue(self, pid: int) -> int:
        """How long a worker that was forked was ready to run and had no core; 0 where that cannot be told."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int(os.pread(self._queues.get(pid, -1), 100, 0).split()[1])
        return 0

    def end(self, pid: int) -> None:
        """Kill a worker that was forked and everything it started, and remove its scratch folder."""
        folder = self._folders.pop(pid, None)
        if (handle := self._queues.pop(pid, -1)) >= 0:
            os.close(handle)
        if folder is None:  # not a worker of ours, or ended before
            return
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        if self._entered is None and self._linux:
            survivors.kill_below(os.getpid(), self._folders)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)

    def end_all(self) -> None:
        """End every worker."""
        for pid in list(self._folders):
            self.end(pid)


def _can_open(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
    except OSError:
        return False
    return True
