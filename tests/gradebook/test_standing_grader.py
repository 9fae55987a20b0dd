"""The grader that stays from one command of nbgrader's to the next."""

import contextlib
import os
import pickle
import socket
import subprocess
import sys
from multiprocessing.connection import Connection

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook import outputs, plugin, standing_grader
from autograder.gradebook.persistent_grader import GraderAnswer, PlannedRun
from autograder.gradebook.standing_grader import NoPlace, StandingGrader, stop
from autograder.grading.kernel import Kernel
from autograder.grading.processes import GraderDied
from autograder.notebooks.reading import parse_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="graders stay on Linux alone")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    """A folder for sockets of our own; what waits there is ended at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        yield
        stop()


@pytest.fixture
def planned(notebook, code_cell):
    """``planned(source)``: a notebook of one cell that is no lesson, as it is to be run."""

    def make(source, **kernel):
        read = parse_notebook(notebook(code_cell(source)))
        return PlannedRun(read, outputs.plan(COURSE, "ps1", read), Kernel(10.0, **kernel))

    return make


@pytest.fixture
def grader(runtime):
    """``grader()``: what another command of nbgrader's has."""
    made = []

    def make():
        made.append(StandingGrader(COURSE.where))
        return made[-1]

    yield make
    for one in made:
        one.close()


def printed(answer):
    return [output.text for shown in answer.run.outputs.values() for output in shown]


def waiting_at(place):
    """The processes that wait at a socket, by their number, and those that they have forked."""
    found = subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True)
    return set(found.stdout.split())


def test_one_command_after_the_other_has_the_same(grader, planned):
    first = grader()
    assert printed(first.run(planned("print('first')"))) == ["first\n"]
    first.close()
    before = waiting_at(first._place)
    second, third = grader(), grader()
    assert printed(second.run(planned("print('second')"))) == ["second\n"]
    assert printed(third.run(planned("print('third')"))) == ["third\n"], "two commands side by side"
    assert waiting_at(first._place) == before != set()


def test_who_asks_imports_nothing_that_computes(grader, planned):
    """It would take longer than grading a notebook does, at each command of nbgrader's."""
    asked = planned("print('here')")
    code = (
        f"import pickle, sys; sys.path[:] = {sys.path!r}\n"
        "import autograder.gradebook.plugin, autograder.gradebook.release_feedback\n"
        "from autograder.gradebook.standing_grader import StandingGrader\n"
        f"answer = StandingGrader({COURSE.where!r}).run(pickle.loads({pickle.dumps(asked)!r}))\n"
        "print(answer.run.outputs, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "here" in done.stdout
    assert done.stdout.rstrip().endswith("False")


class Deadly:
    """Ends the process in which it is unpickled."""

    def __reduce__(self):
        return os._exit, (3,)


def test_death_over_a_notebook_is_told_and_the_next_one_is_run(soak, grader, planned):
    one = grader()
    with pytest.raises(GraderDied):
        one.run(planned("x", files={"a": Deadly()}))
    assert printed(one.run(planned("print('again')"))) == ["again\n"]


def test_it_is_stopped(grader, planned):
    assert printed(grader().run(planned("print(1)"))) == ["1\n"]
    assert stop() == 1
    assert stop() == 0
    assert printed(grader().run(planned("print(2)"))) == ["2\n"], "the next command starts another one"


@pytest.mark.parametrize("shown", [b"", b"x" * 32, b"x" * 100])
def test_who_does_not_show_its_key_gets_nothing(grader, planned, shown):
    one = grader()
    assert printed(one.run(planned("print(1)"))) == ["1\n"]
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(one._place))
        connection = Connection(stranger.detach())
        connection.send_bytes(shown)
        with contextlib.suppress(OSError):
            connection.send(Deadly())
        with pytest.raises((EOFError, OSError)):
            connection.recv()
        connection.close()
    assert printed(one.run(planned("print(2)"))) == ["2\n"]


def test_it_ends_when_nobody_asks(tmp_path):
    place = tmp_path / "some.socket"
    code = (
        "import sys; from pathlib import Path; from autograder.gradebook import standing_grader as one; "
        "one.IDLE_SECONDS = 1.0; one.serve(sys.argv[1], Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", code, COURSE.where, str(place)], timeout=60)
    assert done.returncode == 0
    assert not place.exists()


def test_another_version_is_another_one(grader, monkeypatch):
    before = grader()._place
    monkeypatch.setattr(standing_grader.fingerprints, "engine", lambda modules: "changed")
    assert grader()._place != before


def test_it_waits_only_where_nobody_else_can_enter(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / f"autograder-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(NoPlace, match="not a folder that only you can enter"):
        StandingGrader(COURSE.where)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(NoPlace):
        StandingGrader(COURSE.where)
    assert stop() == 0


class Own:
    """Stands in for the grader of one command alone."""

    def run(self, planned):
        return GraderAnswer(None, "It is the command's own.", ())


@pytest.mark.parametrize("stays", [True, False])
def test_where_none_can_stay_or_may_a_command_has_its_own(planned, monkeypatch, stays):
    def nowhere(where):
        assert stays, "one was asked for that must not stay"
        raise NoPlace

    monkeypatch.setattr(plugin, "standing_grader", nowhere)
    monkeypatch.setattr(plugin, "persistent_grader", lambda where: Own())
    with pytest.raises(plugin.NotGraded, match="the command's own"):
        plugin.SandboxedExecute(course=COURSE.where, stays=stays).run_notebook(planned("x"), {})
