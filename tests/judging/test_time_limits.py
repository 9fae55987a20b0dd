"""Code that does not end is stopped, in any thread, and only its own time counts."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from autograder.judging.outcomes import Returned, Stopped
from autograder.judging.time_limits import TimeLimitReached, time_limit


def in_a_thread(function):
    """What `function` returns when it runs in a thread that is not the main one."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function()), daemon=True)
    thread.start()
    thread.join(20)
    return results[0]


ENDLESS = {
    "loops": "def f():\n    while True:\n        pass",
    "loops_in_try": "def f():\n while True:\n  try:\n   sum(range(100))\n  except Exception:\n   pass",
    "sleeps_often": "import time\ndef f():\n    while True:\n        time.sleep(0.01)",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_function_without_end_is_stopped(call, source):
    assert call(source, "f", seconds=0.1) == Stopped("time")


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_function_without_end_is_stopped_in_another_thread(call, source):
    assert in_a_thread(lambda: call(source, "f", seconds=0.1)) == Stopped("time")


@pytest.fixture(params=["alarm", "no alarm"])
def with_and_without_an_alarm(request, monkeypatch):
    """As everywhere but on Windows, and as there."""
    if request.param == "no alarm":
        monkeypatch.delattr("signal.setitimer", raising=False)
    elif not hasattr(signal, "setitimer"):
        pytest.skip("there is no alarm here")


@pytest.mark.usefixtures("with_and_without_an_alarm")
def test_long_sleep_is_interrupted(call):
    began = time.monotonic()
    assert call("import time\ndef f():\n    time.sleep(30)", "f", seconds=0.1) == Stopped("time")
    assert time.monotonic() - began < 5


def test_result_in_another_thread_comes_back(call):
    assert in_a_thread(lambda: call("def f(x):\n    return x + 1", "f", 1)) == Returned(2)


@pytest.mark.usefixtures("with_and_without_an_alarm")
@pytest.mark.parametrize("run", [lambda function: function(), in_a_thread], ids=["main-thread", "other-thread"])
def test_limit_that_was_kept_does_not_strike_later(run):
    def work():
        with time_limit(0.05):
            done = 1
        for _ in range(20):
            time.sleep(0.01)
        return done

    assert run(work) == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm here")
def test_alarm_of_others_is_put_back():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.fixture
def one_core_for_four():
    """A core that three others want as well."""
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("processes choose their cores on Linux alone")
    spin = "import time\nbegan = time.monotonic()\nwhile time.monotonic() - began < 20: pass"
    cores = os.sched_getaffinity(0)
    others = []
    try:
        os.sched_setaffinity(0, {min(cores)})
        others = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(3)]
        time.sleep(0.5)
        yield
    finally:
        os.sched_setaffinity(0, cores)
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.usefixtures("one_core_for_four")
def test_time_in_the_queue_for_a_core_does_not_count(call):
    """0.3 seconds of work last longer than 0.5 by the clock."""
    work = "import time\ndef f():\n    began = time.thread_time()\n    while time.thread_time() - began < 0.3: pass"
    began = time.monotonic()
    assert call(work, "f", seconds=0.5) == Returned(None)
    assert time.monotonic() - began > 0.5


@pytest.mark.usefixtures("one_core_for_four")
def test_on_a_busy_core_what_does_not_end_gets_its_time_and_little_more(call):
    began = time.thread_time()
    assert call(ENDLESS["loops"], "f", seconds=0.3) == Stopped("time")
    assert time.thread_time() - began < 0.5


#: A process to which the system tells nothing of the queue, as no system but Linux does.
NO_ACCOUNT = """
import os, time
opened = os.open
def open_others(path, *arguments, **options):
    if "schedstat" in str(path):
        raise FileNotFoundError(path)
    return opened(path, *arguments, **options)
os.open = open_others
from autograder.judging.time_limits import TimeLimitReached, seconds_in_queue, time_limit
try:
    with time_limit(0.1):
        time.sleep(30)
except TimeLimitReached:
    print("stopped", seconds_in_queue())
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm here")
def test_without_an_account_of_the_queue_the_clock_decides():
    done = subprocess.run([sys.executable, "-c", NO_ACCOUNT], capture_output=True, text=True, timeout=25)
    assert (done.stdout, done.stderr) == ("stopped 0.0\n", "")


def test_ctrl_c_stays_one_where_there_is_no_alarm(monkeypatch):
    monkeypatch.delattr("signal.setitimer", raising=False)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), time_limit(30):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_one_limit_within_another_where_there_is_no_alarm(monkeypatch):
    monkeypatch.delattr("signal.setitimer", raising=False)
    with time_limit(30):
        with pytest.raises(TimeLimitReached), time_limit(0.05):
            time.sleep(20)
        time.sleep(0.1)


def test_time_limit_passes_except_exception():
    assert not issubclass(TimeLimitReached, Exception)
