"""Zygotes for these tests, one for each set of layers, kept for the whole run because starting one takes seconds; and
processes as anybody can see them from outside.
"""

import contextlib
import functools
import os
import signal
import textwrap
import time
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.sandbox import LAYERS, Cell, Surroundings, Zygote


@pytest.fixture(scope="session")
def surroundings():
    """What our course wants around its students' code."""
    return Surroundings(COURSE.preload, COURSE.functions, [str(path) for path in COURSE.all_private])


@pytest.fixture(scope="session")
def zygote_with(surroundings, shared_start, request):
    """``zygote_with(layers)``: a zygote with these layers only; most are forks of one server."""
    found = {}
    with contextlib.ExitStack() as stack:

        def get(layers):
            key = frozenset(layers)
            if key not in found:
                often = key in (frozenset(LAYERS), frozenset())
                server = None if often else request.getfixturevalue("fork_server")
                found[key] = stack.enter_context(Zygote(surroundings, layers=layers, fork_server=server))
                if often:
                    with shared_start():
                        found[key].start()
            return found[key]

        yield get


@pytest.fixture(scope="session")
def forked(fork_server, surroundings):
    """``forked(limits=…)``: a new zygote, forked from the server that all tests share."""
    return functools.partial(Zygote, surroundings, fork_server=fork_server)


@pytest.fixture(scope="session")
def zygote(zygote_with):
    """A zygote with all layers."""
    return zygote_with(LAYERS)


@pytest.fixture(scope="session")
def bare(zygote_with):
    """A zygote without any layer, as on a machine that has none."""
    return zygote_with(())


@pytest.fixture(scope="session")
def cells():
    """``cells("a = 1", "b = 2")``: a notebook's cells."""

    def make(*sources):
        return [Cell(number, textwrap.dedent(source)) for number, source in enumerate(sources, 1)]

    return make


class Processes:
    """What the kernel tells about processes."""

    def children(self):
        """The processes that this one has started and that live."""
        return {pid for pid in _children_of(os.getpid()) if self.is_alive(pid)}

    def below(self, pid=None):
        """The descendants of a process, of this one if none is given."""
        found = []
        for child in _children_of(os.getpid() if pid is None else pid):
            found += [child, *self.below(child)]
        return found

    def is_alive(self, pid):
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def kill(self, pid):
        """Kill a process and wait until it is dead."""
        os.kill(pid, signal.SIGKILL)
        assert self.ends(pid)

    def ends(self, pid, seconds=1.0):
        """Whether a process ends in so many seconds; if not it is killed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_alive(pid):
                return True
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        return False

    def in_session(self, number):
        """Processes of a session that live."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    state, _, _, session, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
                    if int(session) == number and state != "Z":
                        found.append(entry.name)
        return found


def _children_of(pid):
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                found += map(int, file.read().split())
    return found


@pytest.fixture(scope="session")
def processes():
    """What the kernel tells about processes; see `Processes`."""
    return Processes()


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder in which this test's zygotes and workers get folders of their own."""
    tmp_path.chmod(0o711)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path
