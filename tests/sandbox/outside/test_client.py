"""Workers as the grader sees them: cells run, calls answered, mishaps contained, nothing left over."""

import gc
import os
import threading
import time

import pytest
import torch

from autograder.judging.outcomes import Missing, Raised, Returned, Stopped
from autograder.sandbox import LAYERS, NotConfined, Zygote
from autograder.sandbox.outside import worker as worker_module

ALL_OR_NONE = pytest.mark.parametrize("layers", [LAYERS, ()], ids=["layers", "bare"])


class TestCalls:
    """What a call ends in."""

    def test_result_and_arguments_afterwards(self, zygote, cells):
        source = """
        import torch
        def double(x):
            y = 2 * x
            x[0] = 7
            return {"y": y, "text": "a", "parts": [1, (2.5, None, True)]}
        """
        with zygote.open(cells(source)) as worker:
            outcome = worker.call("double", (torch.tensor([1.0, 2.0]),), 5, keep_arguments=True)
            assert torch.equal(outcome.value["y"], torch.tensor([2.0, 4.0]))
            assert outcome.value["parts"] == [1, (2.5, None, True)]
            assert torch.equal(outcome.arguments[0], torch.tensor([7.0, 2.0]))

    def test_exception_with_the_students_line(self, zygote, cells):
        with zygote.open(cells("def f(x):\n    return x / 0")) as worker:
            outcome = worker.call("f", (1,), 5)
            assert isinstance(outcome, Raised)
            assert (outcome.type_name, outcome.line) == ("ZeroDivisionError", "return x / 0")

    def test_half_a_character_is_no_crash(self, zygote, cells):
        source = "def give(): return {chr(0xd83d): chr(0xd83d)}\ndef fail(): raise ValueError(chr(0xd83d))\nfail()"
        with zygote.open(cells(source)) as worker:
            assert worker.call("give", (), 5) == Returned({"?": "?"})
            assert worker.call("fail", (), 5).text == "?"
            assert worker.reports[0].text == "?"

    @ALL_OR_NONE
    def test_endless_python_is_stopped_and_the_rest_goes_on(self, zygote_with, cells, layers):
        source = "def hang():\n    while True: pass\ndef fine(): return 1"
        with zygote_with(layers).open(cells(source)) as worker:
            assert worker.call("hang", (), 0.2) == Stopped("time")
            assert worker.call("fine", (), 5) == Returned(1)

    @ALL_OR_NONE
    def test_blocked_signals_do_not_help(self, zygote_with, cells, layers):
        source = """
        import signal
        def hang():
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        def fine(): return 1
        """
        with zygote_with(layers).open(cells(source)) as worker:
            began = time.monotonic()
            assert worker.call("hang", (), 0.2) == Stopped("time")
            assert time.monotonic() - began < worker_module.PATIENCE * 0.2 + worker_module.GRACE + 1
            assert worker.call("fine", (), 5) == Returned(1)

    @ALL_OR_NONE
    def test_time_in_the_queue_for_a_core_is_known_when_confined(self, zygote_with, cells, layers):
        source = """
        import time
        from autograder.judging.time_limits import seconds_in_queue
        def f():
            for _ in range(100):
                time.sleep(0.001)
            return seconds_in_queue()
        """
        with zygote_with(layers).open(cells(source)) as worker:
            assert worker.call("f", (), 5).value > 0

    @ALL_OR_NONE
    def test_a_crash_costs_one_call_however_many_crash(self, zygote_with, cells, layers):
        source = "import os\ndef leave(): os._exit(0)\ndef fine(): return 1"
        with zygote_with(layers).open(cells(source)) as worker:
            for _ in range(8):
                assert worker.call("leave", (), 5).by == "crash"
                assert worker.call("fine", (), 5) == Returned(1)

    def test_a_segmentation_fault_is_a_crash(self, zygote, cells):
        with zygote.open(cells("import ctypes\ndef f(): ctypes.string_at(0)")) as worker:
            assert worker.call("f", (), 5).by == "crash"

    def test_the_submissions_own_limit(self, zygote, cells):
        source = "import time\ndef f(): time.sleep(0.4)"
        assert zygote.confinement  # it has started: its imports alone take longer than this submission may
        with zygote.open(cells(source), submission_seconds=1.0) as worker:
            outcomes = [worker.call("f", (), 5) for _ in range(4)]
            assert outcomes[0] == Returned(None)
            assert outcomes[-1] == Stopped("time")


class TestCells:
    """What running a notebook ends in."""

    def test_goes_on_after_a_cell_that_raises(self, zygote, cells):
        with zygote.open(cells("a = 1", "1 / 0", "def f(): return a")) as worker:
            assert worker.call("f", (), 5) == Returned(1)
            assert [(one.number, one.type_name) for one in worker.reports] == [(2, "ZeroDivisionError")]

    def test_goes_on_after_a_cell_that_ends_its_process(self, zygote, cells):
        with zygote.open(cells("a = 1", "import os; os._exit(0)", "def f(): return a")) as worker:
            assert worker.call("f", (), 5) == Returned(1)
            assert [(one.number, one.type_name) for one in worker.reports] == [(2, "Crash")]

    def test_goes_on_after_a_cell_that_cannot_be_interrupted(self, zygote, cells):
        hang = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass"
        with zygote.open(cells(hang, "def f(): return 1"), cell_seconds=0.2) as worker:
            assert worker.call("f", (), 5) == Returned(1)
            assert [(one.number, one.type_name) for one in worker.reports] == [(1, "TimeLimitReached")]

    def test_interrupt_keeps_names_and_charges_the_cell_alone(self, zygote, cells):
        slow = "a = 1\nimport time\ntime.sleep(60)"
        awaits = "b = 2\nimport asyncio\nawait asyncio.gather(asyncio.sleep(60), asyncio.sleep(61))"
        swallows = "try:\n    import time; time.sleep(60)\nexcept KeyboardInterrupt:\n    c = 3"
        sources = [slow, awaits, swallows, "await asyncio.sleep(0)\nd = 4", "def f(): return a, b, c, d"]
        with zygote.open(cells(*sources), cell_seconds=0.5) as worker:
            assert worker.call("f", (), 5) == Returned((1, 2, 3, 4))
            found = [(one.number, one.type_name) for one in worker.reports]
            assert found == [(number, "TimeLimitReached") for number in (1, 2, 3)]
            assert not worker.not_run

    def test_a_notebook_may_use_the_alarm_itself(self, zygote, cells):
        alarm = (
            "import signal, time\nrang = []\nsignal.signal(signal.SIGALRM, lambda *_: rang.append(1))\nsignal.alarm(1)"
        )
        with zygote.open(cells(alarm, "time.sleep(1.5)", "def f(): return rang"), cell_seconds=5) as worker:
            assert worker.call("f", (), 5) == Returned([1])

    @pytest.mark.parametrize(
        ("source", "kinds"),
        [
            ("!echo hello", ("programs",)),
            ("lines = !ls", ("programs",)),
            ("%%bash\necho hello", ("programs",)),
            ("import subprocess\ntry: subprocess.run(['ls'])\nexcept OSError: pass", ("programs",)),
            ("import os; os.fork()", ("processes",)),
            ("import urllib.request; urllib.request.urlopen('http://example.org')", ("network",)),
            ("open('/etc/hostname')", ("files",)),
            ("open('../data.csv')", ("files",)),
            ("bytearray(2**40)", ("memory",)),
            ("open('missing.csv')", None),
            ("!pip install numpy", None),
            ("import platform; platform.processor()", None),
            ("1 / 0", None),
        ],
    )
    def test_what_the_sandbox_refuses_is_told(self, zygote, cells, source, kinds):
        with zygote.open(cells(source, "x = 1")) as worker:
            worker.start()
            assert worker.refused.get(1) == kinds, worker.reports
            assert 2 not in worker.refused

    def test_an_interrupt_for_a_cell_that_has_ended_hits_no_other(self, zygote, cells, monkeypatch):
        def due(self, spent):
            return 0 if self.cell == 1 and not self.interrupts else 9

        monkeypatch.setattr(worker_module._Patience, "_due", due)
        with zygote.open(cells(*["x = 1"] * 5, "import time; time.sleep(0.3)"), cell_seconds=5) as worker:
            assert worker.start()
            assert {one.number for one in worker.reports} <= {1}

    def test_all_cells_together_are_limited(self, zygote, cells):
        nap = "import time; time.sleep(0.4)"
        with zygote.open(cells(*[nap] * 10, "def f(): return 1"), total_seconds=1.0) as worker:
            began = time.monotonic()
            assert worker.call("f", (), 5).by == "crash"
            assert time.monotonic() - began < 3

    def test_a_notebook_of_crashes_is_given_up(self, zygote, cells):
        with zygote.open(cells(*["import os; os._exit(0)"] * 20)) as worker:
            assert not worker.start()
            assert len(worker.reports) == worker_module.MAX_DEATHS

    @pytest.mark.parametrize(
        "source",
        [
            "import asyncio; await asyncio.sleep(0); done = True",
            "!pip install something\ndone = True",
            "%pip install something\ndone = True",
            "lines = !ls\ndone = True",
            "%matplotlib inline\n%matplotlib widget\ndone = True",
            "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ndone = True",
            "from IPython.display import display, clear_output\ndisplay(1); clear_output(); done = True",
            "%timeit -n1 -r1 1\n%time done = True",
            "import torch\ntorch.set_num_threads(2)\n(torch.ones(300, 300) @ torch.ones(300, 300)).sum()\ndone = True",
            "import threading\nt = threading.Thread(target=print); t.start(); t.join(); done = True",
            "import tempfile, torch\nwith tempfile.TemporaryFile() as f: torch.save(torch.ones(3), f)\ndone = True",
            "with open('notes.txt', 'w') as f: f.write('x')\ndone = True",
        ],
    )
    def test_what_honest_notebooks_do(self, zygote, cells, source):
        with zygote.open(cells(source, "def f(): return done")) as worker:
            assert worker.call("f", (), 5) == Returned(True), worker.reports

    def test_input_says_that_nobody_types(self, zygote, cells):
        with zygote.open(cells("input('your name? ')")) as worker:
            assert worker.start()
            assert worker.reports[0].type_name == "StdinNotImplementedError"


class TestPublicData:
    """A submission has the training data, and never a test label."""

    SOURCE = """
    from autograder.course.data import load_cells, load_mnist
    data = load_mnist()
    def labels():
        return data.train_labels[:5], int(data.test_labels.abs().sum()), tuple(data.test_labels.shape)
    def sizes():
        return tuple(data.train_images.shape), tuple(load_cells().X.shape)
    def digits_in_memory():
        import gc, torch
        return sum(one.numel() == 10_000 and one.unique().numel() == 10
                   for one in gc.get_objects() if type(one) is torch.Tensor)
    """

    @ALL_OR_NONE
    def test_labels(self, zygote_with, cells, layers):
        with zygote_with(layers).open(cells(self.SOURCE)) as worker:
            train, total, shape = worker.call("labels", (), 5).value
            assert train.tolist() == [5, 0, 4, 1, 9]
            assert (total, shape) == (0, (10_000,))
            assert worker.call("sizes", (), 5).value == ((60_000, 28, 28), (569, 1))
            assert worker.call("digits_in_memory", (), 5).value == 0

    def test_the_grader_has_them(self):
        from autograder.course.data import load_mnist

        assert load_mnist().test_labels[:5].tolist() == [7, 2, 1, 0, 4]


class TestFreshState:
    """Nothing that one submission does reaches the next."""

    @ALL_OR_NONE
    def test_next_submission_is_unaffected(self, zygote_with, cells, layers):
        spoil = """
        import os, sys, threading, builtins, torch, numpy
        torch.softmax = torch.allclose = lambda *a, **k: True
        os.environ["LEFT"] = "behind"
        sys.modules["autograder.course.functions"] = None
        torch.set_default_dtype(torch.float64)
        torch.manual_seed(0)
        open("left", "w").write("behind")
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        def f():
            builtins.len = lambda x: 42
        """
        look = """
        import os, threading, torch
        def look():
            import autograder.course.functions
            return (len([1]), "LEFT" in os.environ, os.path.exists("left"), threading.active_count(),
                    str(torch.get_default_dtype()), torch.softmax(torch.zeros(2), 0))
        """
        zygote = zygote_with(layers)
        with zygote.open(cells(spoil)) as worker:
            assert not isinstance(worker.call("f", (), 5), Missing)  # the cell ran to its end
        with zygote.open(cells(look)) as worker:
            *rest, result = worker.call("look", (), 5).value
            assert rest == [1, False, False, 1, "torch.float32"]
            assert result.tolist() == [0.5, 0.5]

    def test_submissions_side_by_side(self, zygote, cells):
        with zygote.open(cells("a = 1\ndef f(): return a")) as one, zygote.open(cells("def f(): return a")) as other:
            assert one.call("f", (), 5) == Returned(1)
            assert other.call("f", (), 5).type_name == "NameError"

    @ALL_OR_NONE
    def test_nothing_is_open_but_the_socket_to_the_grader_and_an_account_of_time(self, zygote_with, cells, layers):
        # The event loop wakes itself through a pair of sockets, both of which are its own.
        source = """
        import asyncio, os, stat
        loop = asyncio.get_event_loop()
        own = {loop._ssock.fileno(), loop._csock.fileno()}
        def descriptors():
            sockets, others = 0, []
            for number in set(range(3, 250)) - own:
                try:
                    if stat.S_ISSOCK(os.fstat(number).st_mode):
                        sockets += 1
                    else:
                        others.append(len(os.pread(number, 100, 0).split()))
                except OSError:
                    pass
            return sockets, others
        """
        zygote = zygote_with(layers)
        with zygote.open(cells("def f(): return 1")) as other, zygote.open(cells(source)) as worker:
            assert other.call("f", (), 5) == Returned(1)
            assert worker.call("descriptors", (), 5) == Returned((1, [3]))

    def test_of_the_graders_environment_it_has_what_computing_needs(self, cells, few, monkeypatch):
        for name, value in (
            ("GRADEBOOK_PASSWORD", "secret"),
            ("PYTHONPATH", "/secret"),
            ("OPENBLAS_CORETYPE", "Nehalem"),
            ("CUDA_VISIBLE_DEVICES", "0"),
        ):
            monkeypatch.setenv(name, value)
        source = "import os, sys\ndef environment(): return dict(os.environ)\ndef path(): return sys.path"
        ways = [{}, {"fork": False}, {"layers": ()}, {"fork": False, "layers": ()}]
        for way in few(ways, 2):
            with Zygote(**way) as zygote, zygote.open(cells(source)) as worker:
                environment = worker.call("environment", (), 5).value
                path = worker.call("path", (), 5).value
            assert "secret" not in f"{environment} {path}", way
            # Else the last digits would be others than those of a kernel that is started here.
            assert environment["OPENBLAS_CORETYPE"] == "Nehalem"
            # Scores are the same with a graphics card and without, and torch keeps threads where it sees one.
            assert environment["CUDA_VISIBLE_DEVICES"] == environment["ROCR_VISIBLE_DEVICES"] == ""


class TestTrust:
    """What a worker says is believed as far as it can be."""

    FORGE = """
    import os, struct, msgspec
    def forge(*messages):
        for fd in range(3, 100):
            try:
                for message in messages:
                    header = msgspec.msgpack.encode(([], message))
                    os.write(fd, struct.pack("!I", len(header)) + header)
            except OSError:
                pass
    """

    def test_layers_are_reported_before_the_first_cell_only(self, bare, cells):
        forged = self.FORGE + "    forge({'type': 'confined', 'layers': {'seccomp': True}})\n"
        with bare.open(cells(forged.replace("    forge({", "\n    forge({"))) as worker:
            worker.start()
            assert not any(worker.confinement.values())
            assert worker.reports[0].type_name == "Crash"

    @pytest.mark.parametrize(
        "message",
        [
            "{'type': 'ready'}",
            "{'type': 'cell', 'number': 1}",
            "{'type': 'cell', 'number': 3}",
            "{'type': 'problem', 'number': 9, 'type_name': '', 'text': ''}",
            "{'type': 'returned', 'pair': None}",
            "{'type': 'unknown'}",
            "1",
        ],
    )
    def test_messages_out_of_turn_end_the_worker(self, zygote, cells, message):
        source = self.FORGE + f"\n    forge({message})\n"
        with zygote.open(cells(source, "a = 1")) as worker:
            worker.start()
            assert [(one.number, one.type_name) for one in worker.reports] == [(1, "Crash")]

    def test_a_result_sent_ahead_answers_no_more_than_the_call_it_spoils(self, zygote, cells):
        source = (
            self.FORGE
            + """
    def f():
        forge({"type": "returned", "pair": ["several", [1, None], False]})
        return 2
    """
        )
        with zygote.open(cells(source)) as worker:
            first = worker.call("f", (), 5)
            assert isinstance(first, Stopped | Returned)


class TestRequire:
    """A course can set the least it accepts."""

    def test_missing_layers_are_refused_by_name(self, forked):
        with forked(layers=["rlimits"], require=["rlimits", "seccomp", "hidden"]) as zygote:
            with pytest.raises(NotConfined, match=r"Missing: seccomp, hidden\.") as caught:
                _ = zygote.confinement
            assert caught.value.missing == ("seccomp", "hidden")
            with zygote.open([]) as worker, pytest.raises(NotConfined):
                worker.call("f", (), 5)

    def test_layers_that_are_enforced_are_accepted(self, forked, cells):
        with forked(require=["namespaces", "seccomp", "landlock", "rlimits", "hidden", "scratch"]) as zygote:
            with zygote.open(cells("def f(): return 1")) as worker:
                assert worker.call("f", (), 5) == Returned(1)

    @pytest.mark.parametrize("option", ["layers", "require"])
    def test_unknown_layers_are_refused(self, option):
        with pytest.raises(ValueError, match="no layer called 'moat'"):
            Zygote(**{option: ["moat"]})


class TestZygote:
    """The process that workers come from."""

    def test_descriptors_and_memory_do_not_grow(self, zygote, cells):
        hostile = "import os\nx = bytearray(10**7)\nprint('a' * 10**6)\ndef f(): os._exit(1)"

        def grade():
            with zygote.open(cells(hostile)) as worker:
                worker.call("f", (), 5)

        for _ in range(20):
            grade()
        before = len(os.listdir("/proc/self/fd")), resident()
        for _ in range(60):
            grade()
        gc.collect()
        descriptors, memory = len(os.listdir("/proc/self/fd")), resident()
        assert descriptors <= before[0]
        assert memory - before[1] < 10 * 2**20


class TestCancel:
    """Letting go of a worker from another thread."""

    @ALL_OR_NONE
    @pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(100)"])
    def test_cell_is_let_go(self, zygote_with, cells, layers, source):
        with zygote_with(layers).open(cells(source, "def f(): return 1"), cell_seconds=100) as worker:
            soon = threading.Timer(0.2, worker.cancel)
            soon.start()
            assert not worker.start()
            assert worker.call("f", (), 5).by == "crash"
            soon.join()

    @ALL_OR_NONE
    def test_call_is_let_go_and_none_follows(self, zygote_with, cells, layers):
        with zygote_with(layers).open(cells("def hang():\n    while True: pass\ndef f(): return 1")) as worker:
            assert worker.call("f", (), 5) == Returned(1)
            soon = threading.Timer(0.2, worker.cancel)
            soon.start()
            assert worker.call("hang", (), 100) == Stopped("crash", "its process ended during the call")
            assert worker.call("f", (), 5) == Stopped("crash", "it was cancelled")
            soon.join()

    def test_before_it_has_begun_nothing_is_run(self, zygote, cells):
        with zygote.open(cells("def f(): return 1")) as worker:
            worker.cancel()
            assert not worker.start()
            assert worker.reports == ()


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
