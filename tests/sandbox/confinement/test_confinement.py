"""Each layer alone refuses what it is there for. All attempts succeed without layers, see `test_doctor`."""

import ctypes
import os
import socket
import sysconfig
import time
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.judging.outcomes import Raised, Returned
from autograder.sandbox import LAYERS, OUTCOMES, ForkServer, Limits, NotConfined, SandboxError, Surroundings, Zygote
from autograder.sandbox.confinement import paths, process
from autograder.sandbox.outside import doctor

#: What each layer refuses when it is the only one. More than one refuses most things.
REFUSES = {
    "rlimits": {
        *("write_a_huge_file", "take_all_memory", "open_many_files", "start_many_threads", "raise_limits"),
    },
    "user": {"become_root", "mount", "read_the_graders_memory", "trace_the_grader"},
    "namespaces": {
        *("read_secrets", "read_the_graders_memory", "read_the_graders_environment", "trace_the_grader"),
        *("signal_the_grader", "signal_everybody", "limit_the_grader", "connect_to_the_network", "fill_the_disk"),
        *("start_a_program", "write_outside_the_scratch_folder", "change_the_grader_itself"),
        *("become_root", "mount", "make_namespaces"),
    },
    "landlock": {
        *("read_secrets", "list_other_peoples_files", "read_the_graders_memory", "read_the_graders_environment"),
        *("start_a_program", "write_outside_the_scratch_folder", "change_the_grader_itself", "mount"),
        *("connect_to_the_network", "listen_on_the_network"),
    },
    "seccomp": {
        *("read_secrets", "trace_the_grader", "signal_the_grader", "signal_everybody", "limit_the_grader"),
        *("connect_to_the_network", "listen_on_the_network", "talk_to_other_processes", "share_memory"),
        *("start_a_program", "fork", "become_root", "mount", "make_namespaces", "raise_limits", "use_io_uring"),
    },
}


@pytest.mark.parametrize("layer", REFUSES)
def test_each_layer_is_enforced_alone(zygote_with, layer):
    zygote = zygote_with([layer])
    refused = {one.name for one in doctor.try_probes(zygote) if one.refused}
    assert REFUSES[layer] - refused == set()
    if layer != "user":  # a Python in root's own home can be shown to nobody else but in a namespace
        assert zygote.confinement[layer]


#: What the others still refuse where two are missing.
WITHOUT_TWO = {
    ("namespaces", "landlock"): REFUSES["rlimits"] | REFUSES["seccomp"],
    ("namespaces", "seccomp"): REFUSES["rlimits"] | REFUSES["landlock"] | {"become_root"},
    ("landlock", "seccomp"): REFUSES["rlimits"] | REFUSES["namespaces"],
}


@pytest.mark.parametrize("missing", WITHOUT_TWO, ids=" and ".join)
def test_where_two_layers_are_missing_the_others_hold(zygote_with, missing):
    zygote = zygote_with([layer for layer in LAYERS if layer not in missing])
    refused = {one.name for one in doctor.try_probes(zygote) if one.refused}
    assert WITHOUT_TWO[missing] - refused == set()


def test_what_is_left_to_a_worker_without_namespaces_and_seccomp(zygote_with, cells, tmp_path):
    """Datagrams go out; whoever has to stay root can change permissions of what is root's, and not read or write it."""
    source = """
    import os, socket
    def send(port):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
            return made.sendto(b"1", ("127.0.0.1", port))
    def permit(path):
        os.chmod(path, 0o640)
        return True
    def hinder(pid):
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid))
        return True
    def read(path):
        return open(path).read()
    def write(path):
        open(path, "w")
    """
    mine = tmp_path / "mine"
    mine.write_text("secret")
    zygote = zygote_with([layer for layer in LAYERS if layer not in ("namespaces", "seccomp")])
    with zygote.open(cells(source)) as worker, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(5)
        assert worker.call("send", (heard.getsockname()[1],), 5) == Returned(1)
        assert heard.recv(9) == b"1"
        is_mine = not worker.confinement["user"]  # a Python in root's own home: the worker has to stay who we are
        assert (worker.call("permit", (str(mine),), 5) == Returned(True)) is is_mine
        assert isinstance(worker.call("hinder", (os.getpid(),), 5), Raised)
        assert isinstance(worker.call("read", (str(mine),), 5), Raised)
        assert isinstance(worker.call("write", (str(mine),), 5), Raised)
    assert mine.read_text() == "secret"


def test_all_layers_are_enforced_on_this_machine(zygote):
    found = zygote.confinement
    assert list(found) == [*LAYERS, *OUTCOMES]
    # Control groups of version 2 with the right to make one are rare; see `test_control_group`.
    assert [name for name, is_enforced in found.items() if not is_enforced and name != "cgroup"] == []


def test_layers_that_were_not_asked_for_are_not_reported(bare):
    assert not any(bare.confinement.values())


class TestProcess:
    """The layer that is about a process itself."""

    ASK = """
    import ctypes, os
    def ask():
        libc = ctypes.CDLL(None)
        return libc.prctl(3, 0, 0, 0, 0), libc.prctl(39, 0, 0, 0, 0), os.getsid(0) == os.getpid()
    """

    def test_worker_is_opaque_and_gains_no_rights(self, zygote_with, cells):
        with zygote_with(["process"]).open(cells(self.ASK)) as worker:
            assert worker.call("ask", (), 5).value == (0, 1, True)

    def test_grader_is_opaque_once_it_opens_workers(self, zygote):
        assert zygote.confinement["process"]
        assert ctypes.CDLL(None).prctl(3) == 0

    def test_worker_dies_with_its_zygote(self, cells, processes):
        before = processes.children()
        with (
            Zygote(layers=["process"]) as zygote,
            zygote.open(cells("import os\ndef me(): return os.getpid()")) as worker,
        ):
            pid = worker.call("me", (), 5).value
            assert processes.is_alive(pid)
            (started,) = processes.children() - before
            processes.kill(started)
            assert processes.ends(pid)

    def test_worker_dies_with_its_zygote_in_namespaces(self, cells, processes):
        before = processes.children()
        with Zygote() as zygote, zygote.open(cells("def me(): return 1")) as worker:
            assert worker.start()
            (started,) = processes.children() - before
            everybody = processes.below(started)
            assert len(everybody) == 2
            processes.kill(started)
            assert all(processes.ends(pid) for pid in everybody)

    def test_opaque_twice_is_harmless(self):
        assert process.be_opaque()
        assert process.be_opaque()


class TestSurvivors:
    """No process outlives its submission."""

    DAEMON = """
    import os, time
    def leave(ignore):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                if ignore:
                    import signal
                    for number in range(1, 32):
                        if number not in (9, 19):
                            signal.signal(number, signal.SIG_IGN)
                time.sleep(300)
            os._exit(0)
    """

    @pytest.mark.parametrize("layers", [(), ("process",), ("namespaces",), ("rlimits", "user", "landlock")])
    def test_daemons_are_killed(self, zygote_with, cells, layers, processes):
        zygote = zygote_with(layers)
        with zygote.open(cells(self.DAEMON)) as worker:
            assert worker.start()
            before = len(processes.below())
            assert worker.call("leave", (True,), 5) == Returned(None)
            time.sleep(0.1)
            assert len(processes.below()) > before
        time.sleep(0.1)
        assert len(processes.below()) < before

    def test_daemons_are_not_born_where_seccomp_is(self, zygote, cells):
        with zygote.open(cells(self.DAEMON)) as worker:
            assert worker.call("leave", (True,), 5).type_name == "PermissionError"


class TestScratch:
    """The only writable place: empty, small, gone afterwards."""

    WORK = """
    import os
    def look():
        return os.listdir(".")
    def write(name, size):
        with open(name, "wb") as file:
            file.write(bytes(size))
    """

    @pytest.mark.parametrize("layers", [(), LAYERS])
    def test_each_submission_finds_it_empty(self, zygote_with, cells, layers):
        for _ in range(2):
            with zygote_with(layers).open(cells(self.WORK)) as worker:
                assert worker.call("look", (), 5) == Returned([])
                assert worker.call("write", ("mine", 100), 5) == Returned(None)
                assert worker.call("look", (), 5) == Returned(["mine"])

    def test_it_is_removed(self, forked, cells, temporary):
        with forked(layers=()) as zygote:
            with zygote.open(cells(self.WORK, "def place(): return os.getcwd()")) as worker:
                worker.call("write", ("mine", 100), 5)
                place = worker.call("place", (), 5).value
                assert temporary in Path(place).parents
                assert os.listdir(place) == ["mine"]
            assert not os.path.exists(place)
        assert os.listdir(temporary) == []

    def test_a_file_is_bounded_and_so_are_all_together(self, forked, cells):
        limits = Limits(file_size=2**20, scratch=4 * 2**20)
        with forked(limits=limits) as zygote, zygote.open(cells(self.WORK)) as worker:
            assert worker.call("write", ("a", 2**20), 5) == Returned(None)
            assert "too large" in worker.call("write", ("b", 2**20 + 1), 5).text
            outcomes = [worker.call("write", (str(number), 2**20 - 1), 5) for number in range(5)]
            assert any(isinstance(one, Raised) and "No space" in one.text for one in outcomes)


class TestMemory:
    """Memory is bounded, and running into the bound is an exception."""

    def test_torch_raises(self, forked, cells):
        source = "import torch\ndef take(size): return torch.ones(size).sum()"
        with forked(limits=Limits(memory=200 * 2**20)) as zygote, zygote.open(cells(source)) as worker:
            assert worker.call("take", (10_000_000,), 10).value == 10_000_000
            outcome = worker.call("take", (100_000_000,), 10)
            assert outcome.type_name == "RuntimeError"
            assert "memory" in outcome.text


class TestHidden:
    """What a submission must not read is not readable, and what it needs is."""

    READ = """
    import os
    def read(path):
        os.close(os.open(path, os.O_RDONLY))
    def late():
        import decimal, sqlite3, unittest.mock, xml.dom.minidom
        return True
    """

    @pytest.mark.parametrize("layers", [LAYERS, ("landlock",), ("namespaces",), ("seccomp",)])
    def test_secrets(self, zygote_with, cells, layers, tmp_path, surroundings):
        gradebook = tmp_path / "gradebook.db"
        gradebook.write_text("secret")
        found = [*paths.secrets(surroundings.private), *map(str, COURSE.all_private), str(gradebook), __file__]
        assert len(found) > 20
        with zygote_with(layers).open(cells(self.READ)) as worker:
            for path in found:
                assert isinstance(worker.call("read", (path,), 5), Raised), path

    @pytest.mark.parametrize("layers", [LAYERS, ("landlock",), ("namespaces",), ()])
    def test_libraries_can_be_imported_late(self, zygote_with, cells, layers):
        with zygote_with(layers).open(cells(self.READ)) as worker:
            assert worker.call("late", (), 20).value is True

    def test_what_a_course_calls_private(self, cells, temporary):
        library = Path(sysconfig.get_path("stdlib"))
        private = [str(library / "json"), str(library / "this.py"), str(temporary / "not there")]
        source = """
        import os
        def can(path):
            return not os.close(os.open(path, os.O_RDONLY))
        """
        others = [str(library / name) for name in ("csv.py", "email")]
        surroundings = Surroundings(private=private)
        server = ForkServer(surroundings)
        try:
            for layers in (LAYERS, ("landlock",), ("namespaces",)):
                with (
                    Zygote(surroundings, layers=layers, fork_server=server) as zygote,
                    zygote.open(cells(source)) as worker,
                ):
                    for path in (*private, str(library / "json" / "__init__.py")):
                        assert isinstance(worker.call("can", (path,), 5), Raised), (layers, path)
                    for path in others:
                        assert worker.call("can", (path,), 5) == Returned(True), (layers, path)
                    assert worker.confinement["hidden"]
        finally:
            server.close()

    def test_what_is_private_and_can_be_opened_is_reported(self, cells, tmp_path):
        (tmp_path / "secret").touch()
        private = Surroundings(private=[str(tmp_path / "secret")])
        with Zygote(private, layers=["rlimits"], require=["hidden"]) as zygote, pytest.raises(NotConfined):
            _ = zygote.confinement
        assert paths.secrets(private.private)[-3:] == [str(tmp_path / "secret"), "/etc/shadow", "/proc/1/environ"]

    def test_a_private_folder_that_holds_pythons_libraries_is_refused(self, soak):
        private = Surroundings(private=[os.path.dirname(sysconfig.get_path("stdlib"))])
        with Zygote(private) as zygote, pytest.raises(SandboxError, match="cannot be hidden"):
            _ = zygote.confinement


def test_permissions_can_be_set_as_if(zygote, cells):
    source = """
    import os, shutil
    def copy():
        open("a", "w").write("text")
        shutil.copy("a", "b")
        return open("b").read()
    """
    with zygote.open(cells(source)) as worker:
        assert worker.call("copy", (), 5) == Returned("text")
