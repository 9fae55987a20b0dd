"""Where workers' processes come from: they start, start anew, are begun ahead, say why they do not, and end."""

import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from autograder.judging.outcomes import Returned
from autograder.notebooks.machine import is_of_the_machine
from autograder.sandbox import LAYERS, ForkServer, SandboxError, Surroundings, Zygote

ALL_OR_NONE = pytest.mark.parametrize("layers", [LAYERS, ()], ids=["layers", "bare"])

#: A module without such a function: what a course asks for cannot be done.
BROKEN = Surroundings(preload="os.path:no_such_function")


class TestZygote:
    """The process that workers are forked from."""

    def test_starts_anew_when_it_has_died(self, cells, processes):
        before = processes.children()
        with Zygote() as zygote:
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)
                (started,) = processes.children() - before
                processes.kill(started)
                time.sleep(0.1)
                assert worker.call("f", (), 5).by == "crash"
                assert worker.call("f", (), 5) == Returned(1)
            with zygote.open(cells("def f(): return 2")) as worker:
                assert worker.call("f", (), 5) == Returned(2)

    def test_closing_ends_everything(self, cells, processes, temporary):
        before = processes.children()
        with Zygote() as zygote:
            worker = zygote.open(cells("def f(): return 1"))
            assert worker.call("f", (), 5) == Returned(1)
            (started,) = processes.children() - before
            everybody = [started, *processes.below(started)]
        assert not any(processes.is_alive(pid) for pid in everybody)
        assert os.listdir(temporary) == []
        worker.close()

    def test_numpy_has_one_thread_from_the_start(self, soak, processes):
        """With two it looks as if torch kept one, and all is imported a second time."""
        before = processes.children()
        with Zygote() as zygote:
            _ = zygote.confinement
            (started,) = processes.children() - before
            environment = Path(f"/proc/{started}/environ").read_bytes().split(b"\0")
        assert b"OPENBLAS_NUM_THREADS=1" in environment

    def test_no_python_is_an_error_of_the_sandbox(self, monkeypatch, temporary):
        monkeypatch.setattr("sys.executable", "/bin/false")
        with Zygote() as zygote, pytest.raises(SandboxError, match="does not start"):
            _ = zygote.confinement
        assert os.listdir(temporary) == []

    @pytest.mark.skipif(sys.platform == "win32", reason="there it is no signal that ends a process")
    @pytest.mark.parametrize("fork", [True, False])
    def test_one_that_is_killed_at_the_start_is_the_machines_fault(self, monkeypatch, temporary, tmp_path, fork):
        """As the kernel ends it where there is too little memory."""
        python = tmp_path / "python"
        python.write_text("#!/bin/sh\nkill -KILL $$\n")
        python.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(python))
        with Zygote(fork=fork) as zygote, pytest.raises(OSError, match="too little memory") as raised:
            _ = zygote.confinement
        assert is_of_the_machine(raised.value)
        assert os.listdir(temporary) == ["python"]

    def test_one_that_dies_at_the_start_says_why(self, soak, caplog):
        with Zygote(BROKEN) as zygote, pytest.raises(SandboxError, match=r"AttributeError: .*no_such_function"):
            _ = zygote.confinement
        assert "Traceback" in caplog.text


@pytest.fixture(scope="module")
def spawning(surroundings):
    """Workers without a zygote, as on macOS and Windows."""
    with Zygote(surroundings, fork=False) as zygote:
        yield zygote


class TestWithoutFork:
    """A Python of its own for each submission, as on macOS and Windows."""

    def test_same_answers_and_same_layers(self, spawning, zygote, cells):
        source = """
        import os
        from autograder.course.data import load_mnist
        def f(x): return x + 1
        def labels(): return int(load_mnist().test_labels.sum())
        def leave(): os._exit(0)
        """
        with spawning.open(cells(source)) as worker:
            assert worker.call("f", (torch.ones(2),), 5).value.tolist() == [2, 2]
            assert worker.call("labels", (), 5) == Returned(0)
            assert worker.confinement == zygote.confinement
            assert worker.call("leave", (), 5).by == "crash"
            assert worker.call("f", (1,), 5) == Returned(2)

    def test_nothing_is_left(self, cells, processes, temporary):
        before = processes.children()
        with Zygote(fork=False) as zygote:
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)
                (started,) = processes.children() - before
            assert not processes.is_alive(started)
            assert os.listdir(temporary) == []

    def test_one_begun_ahead_is_the_next_and_dies_unused(self, cells, processes, temporary):
        before = processes.children()
        with Zygote(fork=False) as zygote:
            zygote.start()
            zygote.start()  # one is enough
            (ahead,) = processes.children() - before
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)
                assert processes.children() - before == {ahead}
            zygote.start()
            (unused,) = processes.children() - before
            assert unused != ahead
        assert not processes.is_alive(unused)
        assert os.listdir(temporary) == []

    def test_one_begun_ahead_that_died_is_replaced(self, soak, cells, processes, temporary):
        before = processes.children()
        with Zygote(fork=False) as zygote:
            zygote.start()
            (dead,) = processes.children() - before
            processes.kill(dead)
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)
        assert os.listdir(temporary) == []

    def test_no_python_is_an_error_of_the_sandbox_at_once(self, monkeypatch):
        monkeypatch.setattr("sys.executable", "/bin/false")
        began = time.monotonic()
        with Zygote(fork=False) as zygote, pytest.raises(SandboxError, match="does not start"):
            _ = zygote.confinement
        assert time.monotonic() - began < 10

    def test_one_that_dies_at_the_start_says_why(self, caplog):
        with (
            Zygote(BROKEN, fork=False) as zygote,
            pytest.raises(SandboxError, match=r"before it was given anything: AttributeError: .*no_such_function"),
        ):
            _ = zygote.confinement
        assert "Traceback" in caplog.text

    def test_what_it_complains_of_is_logged_although_it_works(self, soak, cells, caplog):
        caplog.set_level(logging.WARNING)
        talkative = Surroundings(preload="faulthandler:dump_traceback")
        with Zygote(talkative, fork=False) as zygote, zygote.open(cells("def f(): return 1")) as worker:
            assert worker.call("f", (), 5) == Returned(1)
        assert "most recent call first" in caplog.text

    def test_a_process_that_leads_its_session_already(self, cells, few):
        """As every one does where there are no user namespaces: nothing is forked on the way to a worker."""
        for layers in few([(), ("landlock", "seccomp", "rlimits"), ("process",), ("seccomp",)], 2):
            with Zygote(fork=False, layers=layers) as zygote, zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1), layers

    @pytest.mark.skipif(sys.platform != "linux" or not shutil.which("unshare"), reason="needs Linux's unshare")
    def test_on_a_machine_that_allows_no_user_namespaces(self):
        """As on Ubuntu 24.04 and in most containers; where not even this test may make one, it is such a machine."""
        code = (
            "from autograder.sandbox import Cell, Zygote\n"
            "for fork in (False, True):\n"
            "    with Zygote(fork=fork) as zygote, zygote.open([Cell(1, 'def f(): return 1')]) as worker:\n"
            "        print(worker.call('f', (), 60).value, worker.confinement['namespaces'])\n"
        )
        forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
        command = ["unshare", "-Ur", "sh", "-c", forbid, "sh"]
        if subprocess.run([*command, "true"], capture_output=True).returncode:
            command = []
        done = subprocess.run([*command, sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
        assert (done.stdout, done.stderr) == ("1 False\n1 False\n", "")


KEEP_A_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"

#: As Debian's torch does, and others where there is a graphics card.
KEEP_A_THREAD_AFTER_GRADIENTS = """
import threading, time, torch
compute = torch.autograd.backward
def backward(*arguments, **options):
    compute(*arguments, **options)
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
torch.autograd.backward = backward
"""


@pytest.fixture
def every_python_begins_with(monkeypatch, tmp_path):
    """``every_python_begins_with(code)``: what each process of the sandbox runs before anything else."""

    def wrap(code):
        wrapper, prelude = tmp_path / "python", tmp_path / "prelude.py"
        prelude.write_text(code)
        wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -I -c "$(cat {prelude})\n$3" "$4"\n')
        wrapper.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(wrapper))

    return wrap


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
class TestUnsafeFork:
    """Whether a fork is safe depends on the build of torch and on what a course imports: it is found out."""

    TRAINS = """
    import os
    import torch
    def parent(): return os.getppid()
    def slope():
        w = torch.tensor(3.0, requires_grad=True)
        (w * w).backward()
        return w.grad
    """

    def test_gradients_are_left_to_workers_where_torch_keeps_a_thread(
        self, soak, every_python_begins_with, cells, processes
    ):
        every_python_begins_with(KEEP_A_THREAD_AFTER_GRADIENTS)
        before = processes.children()
        with Zygote(layers=()) as zygote:
            zygotes = set()
            for _ in range(2):
                with zygote.open(cells(self.TRAINS)) as worker:
                    assert worker.call("slope", (), 5).value.item() == 6
                    zygotes.add(worker.call("parent", (), 5).value)
            assert zygotes == processes.children() - before, "workers were not forked from one zygote"

    @pytest.mark.parametrize("served", [False, True], ids=["zygote", "fork-server"])
    def test_each_submission_has_a_fresh_python_where_a_thread_stays(self, every_python_begins_with, cells, served):
        every_python_begins_with(KEEP_A_THREAD)
        server = ForkServer(Surroundings()) if served else None
        try:
            with Zygote(layers=(), fork_server=server) as zygote:
                for _ in range(2):
                    with zygote.open(cells(self.TRAINS)) as worker:
                        assert worker.call("slope", (), 20).value.item() == 6
                        assert worker.call("parent", (), 5) == Returned(os.getpid())
        finally:
            if server is not None:
                server.close()


@pytest.mark.skipif(sys.platform != "linux", reason="zygotes are forked on Linux alone")
class TestForkServer:
    """One process that imports for several zygotes."""

    @ALL_OR_NONE
    def test_zygotes_of_one_server_are_as_good_as_any(self, cells, layers, zygote_with, forked, processes):
        wanted = zygote_with(layers).confinement
        before = processes.children()
        with forked(layers=layers) as one, forked(layers=layers) as other:
            for zygote in (one, other):
                assert zygote.confinement == wanted
                with zygote.open(cells("def f(): return 1")) as worker:
                    assert worker.call("f", (), 5) == Returned(1)
            assert processes.children() == before, "a zygote was started without the server"

    def test_zygotes_outlive_their_server_and_end_with_their_grader(self, cells, processes):
        before = processes.children()
        server = ForkServer(Surroundings())
        (session,) = processes.children() - before
        with Zygote(fork_server=server) as zygote, zygote.open(cells("def f(): return 1")) as worker:
            assert worker.call("f", (), 5) == Returned(1)
            server.close()
            assert worker.call("f", (), 5) == Returned(1)
            assert processes.in_session(session)
        until = time.monotonic() + 10
        while processes.in_session(session) and time.monotonic() < until:
            time.sleep(0.01)  # they have let go of everything but their memory
        assert not processes.in_session(session)

    def test_zygote_of_a_dead_server_is_started_anew(self, soak, cells):
        server = ForkServer(Surroundings())
        server.close()
        with Zygote(fork_server=server) as zygote, zygote.open(cells("def f(): return 1")) as worker:
            assert worker.call("f", (), 5) == Returned(1)

    def test_one_that_has_imported_for_another_course_is_not_used(self, soak, cells, surroundings):
        server = ForkServer(Surroundings())
        try:
            with Zygote(surroundings, fork_server=server) as zygote:
                source = "import sys\ndef f(): return 'autograder.course.figures' in sys.modules"
                with zygote.open(cells(source)) as worker:
                    assert worker.call("f", (), 5) == Returned(True)
        finally:
            server.close()

    def test_one_that_dies_at_the_start_says_why_in_the_end(self, soak):
        server = ForkServer(BROKEN)
        try:
            with Zygote(BROKEN, fork_server=server) as zygote:
                with pytest.raises(SandboxError, match=r"AttributeError: .*no_such_function"):
                    _ = zygote.confinement
        finally:
            server.close()


@pytest.mark.skipif(sys.platform != "linux", reason="zygotes are forked on Linux alone")
class TestSharedImports:
    """What a source version imports is imported once, where that changes nothing for anybody."""

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("x = 1", ""),
            ("print('hello')", "it shows something"),
            ("import warnings\nwarnings.warn('old')", "it shows something"),
            (
                "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
                "threads",
            ),
            ("import os\nos._exit(3)", "has ended"),
        ],
        ids=["quiet", "prints", "warns", "thread", "exits"],
    )
    def test_they_are_shared_or_left_to_each(self, cells, every_python_begins_with, tmp_path, text, why):
        (tmp_path / "imported_once.py").write_text(text)
        every_python_begins_with(f"import sys; sys.path.insert(0, {str(tmp_path)!r})")
        source = "import sys\ndef f(): return 'imported_once' in sys.modules"
        with Zygote(imports=("imported_once", "no.such.module")) as zygote, zygote.open(cells(source)) as worker:
            assert worker.call("f", (), 5) == Returned(not why)
            assert why in zygote.not_shared
            assert bool(zygote.not_shared) == bool(why)
