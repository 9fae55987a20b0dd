"""Which tests a tier runs is found out by what they ask for: here of tests that `conftest.py` has never seen."""

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import multiprocessing
import os
import subprocess
import sys
import threading

import pytest

STARTED_BEFORE_ANY_TEST = subprocess.run([sys.executable, "-c", ""])


def target():
    pass


def swallows(start):
    try:
        start()
    except Exception:
        pass


def in_a_thread(start):
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()


WAYS = {
    "run": lambda: subprocess.run([sys.executable, "-c", ""]),
    "system": lambda: os.system("true"),
    "fork": lambda: os._exit(0) if os.fork() == 0 else os.wait(),
    "spawn": lambda: multiprocessing.get_context("spawn").Process(target=target).start(),
    "forkserver": lambda: multiprocessing.get_context("forkserver").Process(target=target).start(),
    "swallowed": lambda: swallows(WAYS["run"]),
    "in a thread": lambda: in_a_thread(WAYS["run"]),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("how", WAYS)
def test_starts(how):
    WAYS[how]()


@pytest.fixture(scope="module")
def started():
    return subprocess.run([sys.executable, "-c", ""]).returncode


def test_whose_fixture_starts(started):
    assert started == 0


@pytest.fixture(scope="module")
def half_made():
    in_a_thread(WAYS["run"])
    return None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("number", [1, 2])
def test_whose_fixture_starts_in_a_thread(number, half_made):
    pass


@pytest.fixture(scope="session")
def zygote(shared_start):
    with shared_start():
        return subprocess.run([sys.executable, "-c", ""]).returncode


def test_shares(zygote):
    assert zygote == 0


def test_asks_for_nothing():
    pass


def test_fails():
    assert False


def test_takes_long(soak):
    pass


def test_bank(few):
    assert few("abcdef", 2) in (["a", "b"], list("abcdef"))
    assert os.environ["WANTED"] == "".join(few("abcdef", 2))


@pytest.fixture
def browser():
    pass


@pytest.mark.parametrize("page", range(5))
def test_page(page, browser):
    pass


@pytest.mark.parametrize("page", range(5))
def test_without_a_browser(page):
    pass
"""

#: What each tier runs of them besides; in `make quick` nothing that starts a process.
ALWAYS = {
    "test_shares": "passed",
    "test_asks_for_nothing": "passed",
    "test_fails": "failed",
    "test_bank": "passed",
    **{f"test_without_a_browser[{page}]": "passed" for page in range(5)},
}
WAYS = ("run", "system", "fork", "spawn", "forkserver", "swallowed", "in a thread")
FIXTURES = ["test_whose_fixture_starts", *(f"test_whose_fixture_starts_in_a_thread[{number}]" for number in (1, 2))]


@pytest.fixture
def outcomes(tmp_path):
    """``outcomes("--tier=quick", …)``: of each of these tests how it ended; a test that was left out is missing."""
    (tmp_path / "test_unseen.py").write_text(TESTS)
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers --import-mode=importlib\n")

    def run(*options, wanted="ab", files=("test_unseen.py",)):
        command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options, *files]
        done = subprocess.run(
            command, cwd=tmp_path, env={"WANTED": wanted, "PATH": ""}, capture_output=True, text=True, timeout=120
        )
        found = re.findall(r"::(test_.*?) (PASSED|FAILED|ERROR|SKIPPED)", done.stdout)
        assert found, done.stdout + done.stderr
        return {name: outcome.lower() for name, outcome in found}

    return run


def test_quick_starts_nothing_but_what_is_shared(outcomes):
    skipped = [*(f"test_starts[{way}]" for way in WAYS), *FIXTURES, "test_takes_long"]
    assert outcomes("--tier=quick", "-p", "no:xdist") == {**ALWAYS, **dict.fromkeys(skipped, "skipped")}


def test_test_runs_a_few_cases_of_what_is_costly(outcomes):
    ways = {f"test_starts[{way}]": "passed" for way in WAYS}
    expected = {**ALWAYS, **ways, **dict.fromkeys(FIXTURES, "passed"), "test_takes_long": "skipped"}
    assert outcomes() == {**expected, "test_page[2]": "passed"}


def test_soak_runs_everything(outcomes):
    found = outcomes("--tier=soak", wanted="abcdef")
    assert len(found) == len(ALWAYS) + len(WAYS) + len(FIXTURES) + 1 + 5
    assert {name for name, outcome in found.items() if outcome != "passed"} == {"test_fails"}


def test_what_is_asked_for_by_name_is_run(outcomes):
    assert set(outcomes(files=("test_unseen.py::test_page",))) == {f"test_page[{page}]" for page in range(5)}
    assert set(outcomes("-k", "test_page")) == {f"test_page[{page}]" for page in range(5)}


@pytest.fixture
def promised(tmp_path):
    """``promised(imports=…, slow=…)``: how a whole `make quick` ends, and what it says of its promise.

    There are two modules of ours and a test for each that it is to import, and so many tests that start a process.
    """
    package, tests = tmp_path / "autograder", tmp_path / "tests"
    package.mkdir()
    tests.mkdir()
    for name in ("__init__", "__main__", "first", "second"):
        (package / f"{name}.py").touch()
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\npythonpath = .\n")

    def run(*options, imports=("first", "second"), slow=0):
        lines = [f"def test_{name}(): import autograder.{name}" for name in imports]
        lines += [f"def test_slow_{number}(): subprocess.run(['true'])" for number in range(slow)]
        (tests / "test_all.py").write_text("\n".join(["import subprocess", *lines, ""]))
        command = [sys.executable, "-m", "pytest", "--tier=quick", "-p", "no:cacheprovider", *options]
        # Its package is called as ours is, and is not ours to be covered.
        env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        return done.returncode, re.findall(r"make quick has .*", done.stdout)

    return run


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n2",)], ids=["alone", "on two cores"])
def test_quick_fails_where_it_runs_less_than_half_or_leaves_a_module_out(promised, workers, request):
    if "-n2" in workers:
        request.getfixturevalue("soak")
    assert promised(*workers, slow=2) == (0, [])
    assert promised(*workers, slow=3) == (1, ["make quick has run 2 of 5 tests, less than half."])
    missing = ["make quick has no test that imports autograder/second.py."]
    assert promised(*workers, imports=("first",)) == (1, missing)
    assert promised(*workers, "tests/test_all.py", imports=("first",)) == (0, [])


CASES = """
import pytest

@pytest.fixture
def fought(): pass

@pytest.mark.parametrize("name", [*(f"many/{number}" for number in range(100)), "rare/one", "odd"])
def test_attack(name, fought): pass

def test_spread(spread):
    assert spread(range(9), 3) == [1, 4, 7]
"""


def test_of_a_bank_cases_far_apart_are_kept_and_one_of_each_kind(outcomes, tmp_path):
    (tmp_path / "test_cases.py").write_text(CASES)
    found = set(outcomes(files=("test_cases.py",)))
    assert {"test_attack[rare/one]", "test_attack[odd]"} <= found
    numbers = sorted(int(name) for name in re.findall(r"many/(\d+)", " ".join(found)))
    assert 5 <= len(numbers) <= 20
    apart = [later - earlier for earlier, later in itertools.pairwise(numbers)]
    assert max(apart) - min(apart) <= 1
    assert len(outcomes("--tier=soak", files=("test_cases.py",))) == 103


def test_spread_takes_what_lies_far_apart_and_all_in_soak(outcomes, tmp_path):
    (tmp_path / "test_cases.py").write_text(CASES)
    assert outcomes(files=("test_cases.py::test_spread",)) == {"test_spread": "passed"}
    assert outcomes("--tier=soak", files=("test_cases.py::test_spread",)) == {"test_spread": "failed"}


#: Each case waits until both workers have begun one; where one worker has all, that is never.
APART = """
import time
from pathlib import Path
import pytest

@pytest.mark.parametrize("n", range(20))
def test_apart(n, worker_id):
    began, until = Path("began"), time.monotonic() + 60
    began.joinpath(worker_id).touch()
    while len(list(began.iterdir())) < 2:
        assert time.monotonic() < until
        time.sleep(0.01)
"""
TOGETHER = """
import pytest

@pytest.fixture(scope="module")
def made(): pass

@pytest.mark.parametrize("n", range(20))
def test_together(n, made): pass
"""


def test_cases_that_share_nothing_are_spread_over_the_workers(outcomes, tmp_path):
    """And those that share a fixture of their file stay together."""
    (tmp_path / "began").mkdir()
    (tmp_path / "test_apart.py").write_text(APART)
    (tmp_path / "test_together.py").write_text(TOGETHER)
    command = [sys.executable, "-m", "pytest", "-v", "-n2", "--dist", "loadfile", "test_apart.py", "test_together.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    workers = {"apart": set(), "together": set()}
    for worker, name in re.findall(r"\[(gw\d)\].*PASSED test_(\w+)\.py", done.stdout):
        workers[name].add(worker)
    assert (len(workers["apart"]), len(workers["together"])) == (2, 1), done.stdout
