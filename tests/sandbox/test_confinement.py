"""Each wall alone refuses what it is there for. All attempts succeed without walls, see `test_doctor`."""

import contextlib
import ctypes
import os
import signal
import time

import pytest

from autograder.judging.calling import Raised, Returned
from autograder.sandbox import LAYERS, OUTCOMES, Limits, NotConfined, Zygote
from autograder.sandbox.confinement import cgroup, paths, process, scratch, seccomp
from autograder.sandbox.outside import doctor

#: What each wall refuses when it stands alone. More than one refuses most things.
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
def test_each_wall_bites_alone(zygote_with, layer):
    zygote = zygote_with([layer])
    refused = {one.name for one in doctor.probe(zygote) if one.refused}
    assert REFUSES[layer] - refused == set()
    if layer != "user":  # a Python in root's own home can be shown to nobody else but in a namespace
        assert zygote.confinement[layer]


def test_all_walls_bite_on_this_machine(zygote):
    found = zygote.confinement
    assert list(found) == [*LAYERS, *OUTCOMES]
    # Control groups of version 2 with the right to make one are rare; see `test_control_group`.
    assert [name for name, bites in found.items() if not bites and name != "cgroup"] == []


def test_walls_that_were_not_put_up_are_not_reported(bare):
    assert not any(bare.confinement.values())


class TestProcess:
    """The wall that is about a process itself."""

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

    def test_worker_dies_with_its_zygote(self, cells):
        with (
            Zygote(layers=["process"]) as zygote,
            zygote.open(cells("import os\ndef me(): return os.getpid()")) as worker,
        ):
            pid = worker.call("me", (), 5).value
            assert is_alive(pid)
            zygote._opener._process.kill()
            zygote._opener._process.wait()
            assert ends(pid)

    def test_worker_dies_with_its_zygote_in_namespaces(self, cells):
        with Zygote() as zygote, zygote.open(cells("def me(): return 1")) as worker:
            assert worker.start()
            everybody = below(zygote._opener._process.pid)
            assert len(everybody) == 2
            zygote._opener._process.kill()
            zygote._opener._process.wait()
            assert all(ends(pid) for pid in everybody)

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
    def test_daemons_are_killed(self, zygote_with, cells, layers):
        zygote = zygote_with(layers)
        with zygote.open(cells(self.DAEMON)) as worker:
            assert worker.start()
            before = len(below(zygote._opener._process.pid))
            assert worker.call("leave", (True,), 5) == Returned(None)
            time.sleep(0.1)
            assert len(below(zygote._opener._process.pid)) > before
        time.sleep(0.1)
        assert len(below(zygote._opener._process.pid)) < before

    def test_daemons_are_not_born_where_seccomp_is(self, zygote, cells):
        with zygote.open(cells(self.DAEMON)) as worker:
            assert worker.call("leave", (True,), 5).type_name == "PermissionError"


class TestRequire:
    """A course can set the least it accepts."""

    def test_missing_walls_are_refused_by_name(self):
        with Zygote(layers=["rlimits"], require=["rlimits", "seccomp", "hidden"]) as zygote:
            with pytest.raises(NotConfined, match=r"Missing: seccomp, hidden\.") as caught:
                _ = zygote.confinement
            assert caught.value.missing == ("seccomp", "hidden")
            with zygote.open([]) as worker, pytest.raises(NotConfined):
                worker.call("f", (), 5)

    def test_walls_that_stand_are_accepted(self, cells):
        with Zygote(require=["namespaces", "seccomp", "landlock", "rlimits", "hidden", "scratch"]) as zygote:
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)

    @pytest.mark.parametrize("option", ["layers", "require"])
    def test_unknown_walls_are_refused(self, option):
        with pytest.raises(ValueError, match="no wall called 'moat'"):
            Zygote(**{option: ["moat"]})


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

    def test_it_is_removed(self, cells):
        with Zygote(layers=()) as zygote:
            with zygote.open(cells(self.WORK)) as worker:
                worker.call("write", ("mine", 100), 5)
                base = zygote._opener._base
                assert len(os.listdir(base)) == 1
            assert os.listdir(base) == []
        assert not os.path.exists(base)

    def test_a_file_is_bounded_and_so_are_all_together(self, cells):
        limits = Limits(file_size=2**20, scratch=4 * 2**20)
        with Zygote(limits=limits) as zygote, zygote.open(cells(self.WORK)) as worker:
            assert worker.call("write", ("a", 2**20), 5) == Returned(None)
            assert "too large" in worker.call("write", ("b", 2**20 + 1), 5).text
            outcomes = [worker.call("write", (str(number), 2**20 - 1), 5) for number in range(5)]
            assert any(isinstance(one, Raised) and "No space" in one.text for one in outcomes)

    def test_an_ordinary_folder_is_watched(self, tmp_path):
        (tmp_path / "below").mkdir()
        assert not scratch.exceeds(str(tmp_path), 50_000)
        (tmp_path / "below" / "file").write_bytes(bytes(100_000))
        assert scratch.exceeds(str(tmp_path), 50_000)
        assert not scratch.exceeds(str(tmp_path), 200_000)

    def test_too_many_files_count_as_too_much(self, tmp_path, monkeypatch):
        monkeypatch.setattr(scratch, "_MOST_FILES", 10)
        for number in range(11):
            (tmp_path / str(number)).touch()
        assert scratch.exceeds(str(tmp_path), 2**30)


class TestMemory:
    """Memory is bounded, and running into the bound is an exception."""

    def test_torch_raises(self, cells):
        source = "import torch\ndef take(size): return torch.ones(size).sum()"
        with Zygote(limits=Limits(memory=200 * 2**20)) as zygote, zygote.open(cells(source)) as worker:
            assert worker.call("take", (10_000_000,), 10).value == 10_000_000
            outcome = worker.call("take", (100_000_000,), 10)
            assert outcome.type_name == "RuntimeError"
            assert "memory" in outcome.text

    def test_control_group(self, tmp_path):
        # A folder stands in for the kernel's.
        (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
        folder = cgroup.enter(1000, 10, tmp_path)
        assert (folder / "memory.max").read_text() == "1000"
        assert (folder / "pids.max").read_text() == "10"
        assert cgroup.bites(folder, 1000)
        (folder / "memory.max").write_text("max")
        assert not cgroup.bites(folder, 1000)

    def test_no_control_group_without_controllers(self, tmp_path):
        (tmp_path / "cgroup.subtree_control").write_text("cpu\n")
        assert cgroup.enter(1000, 10, tmp_path) is None
        assert cgroup.enter(1000, 10, tmp_path / "nowhere") is None


class TestHidden:
    """What a submission must not read is not readable, and what it needs is."""

    READ = """
    def read(path):
        with open(path, "rb") as file:
            return len(file.read())
    def late():
        import decimal, sqlite3, unittest.mock, xml.dom.minidom
        return True
    """

    @pytest.mark.parametrize("layers", [LAYERS, ("landlock",), ("namespaces",), ("seccomp",)])
    def test_secrets(self, zygote_with, cells, layers, tmp_path):
        gradebook = tmp_path / "gradebook.db"
        gradebook.write_text("secret")
        found = [*paths.secrets(), str(gradebook), __file__]
        assert len(found) > 5
        with zygote_with(layers).open(cells(self.READ)) as worker:
            for path in found:
                assert isinstance(worker.call("read", (path,), 5), Raised), path

    @pytest.mark.parametrize("layers", [LAYERS, ("landlock",), ("namespaces",), ()])
    def test_libraries_can_be_imported_late(self, zygote_with, cells, layers):
        with zygote_with(layers).open(cells(self.READ)) as worker:
            assert worker.call("late", (), 20).value is True

    def test_a_package_inside_a_library_folder_is_taken_out(self, tmp_path, monkeypatch):
        package = tmp_path / "lib" / "site-packages" / "autograder"
        for name in ("__init__.py", "suites/recorded/x.json", "figures/__init__.py"):
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).touch()
        (package.parent / "torch").mkdir()
        monkeypatch.setattr(paths, "PACKAGE", package)
        leaves = paths.Readable((str(tmp_path / "lib"),), ("__init__.py", "figures")).leaves()
        assert sorted(leaves) == [
            *(str(package / part) for part in ("__init__.py", "figures")),
            str(package.parent / "torch"),
        ]


class TestSeccomp:
    """The filter as such."""

    def test_known_processors(self):
        for machine in ("x86_64", "aarch64"):
            program = seccomp.build(machine=machine).program
            assert len(program) % 8 == 0
            assert len(program) // 8 < 4096  # the kernel takes no more
        with pytest.raises(OSError, match="riscv64"):
            seccomp.build(machine="riscv64")

    def test_without_opening_it_is_shorter(self):
        assert len(seccomp.build(opening=False).program) == len(seccomp.build(opening=True).program) - 4 * 8

    def test_permissions_can_be_set_as_if(self, zygote, cells):
        source = """
        import os, shutil
        def copy():
            open("a", "w").write("text")
            shutil.copy("a", "b")
            return open("b").read()
        """
        with zygote.open(cells(source)) as worker:
            assert worker.call("copy", (), 5) == Returned("text")


def below(pid):
    """The descendants of a process."""
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                for child in map(int, file.read().split()):
                    found += [child, *below(child)]
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid):
    """Whether a process ends within a second; if not it is killed."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        if not is_alive(pid):
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return False
