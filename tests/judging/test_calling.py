"""One call of a student's function: what comes back, and the student's own line where nothing does."""

import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import pytest
import torch

from autograder.course.functions import bowl
from autograder.judging.calling import (
    Missing,
    Namespace,
    Raised,
    Returned,
    Stopped,
    TimeLimitReached,
    seconds_in_queue,
    time_limit,
)
from autograder.judging.course import HOME, find_lesson
from autograder.notebooks.reading import read_notebook
from autograder.notebooks.text import MAX_TEXT

STUB = '''def softmax(z):
    """Turn each row of scores into shares."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''


@pytest.fixture
def call(typed):
    """``call(source, "name", arguments…)``: type the source into a notebook and call one of its functions."""

    def run(source, name, *arguments, seconds=5.0, **options):
        sources = [source] if isinstance(source, str) else source
        return Namespace(typed(*sources)).call(name, arguments, seconds, **options)

    return run


def in_a_thread(function):
    """What `function` returns when it runs in a thread that is not the main one."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function()), daemon=True)
    thread.start()
    thread.join(20)
    return results[0]


# --- what comes back


def test_result_comes_back_plain(call):
    source = "import torch\ndef double(w):\n    return (2 * w).requires_grad_()"
    outcome = call(source, "double", torch.tensor([1.0]))
    assert isinstance(outcome, Returned)
    assert outcome.value.tolist() == [2.0]
    assert not outcome.value.requires_grad
    assert outcome.arguments is None


def test_helpers_of_other_cells_are_there(call):
    cells = ["def half(x):\n    return x / 2", "def quarter(x):\n    return half(half(x))"]
    assert call(cells, "quarter", 8) == Returned(2)


def test_functions_can_be_arguments(call):
    assert call("def at(f, w):\n    return f(w)", "at", bowl, torch.tensor([3.0, 4.0])).value.item() == 25


def test_no_such_function_is_missing(call):
    assert call("x = 1", "softmax") == Missing()


def test_what_is_not_a_function_is_missing_and_named(call):
    assert call("softmax = [1, 2]", "softmax") == Missing("`softmax` is not a function but list")


# --- exceptions


def test_exception_comes_with_the_line_that_raised(call):
    outcome = call("def share(a, b):\n    c = a + b\n    return a / (c - c)", "share", 1, 2)
    assert outcome == Raised("ZeroDivisionError", "division by zero", "return a / (c - c)", 3, False, "share")


def test_exception_deep_in_a_library_shows_the_students_line(call):
    source = "import torch\n\ndef linear(X, W):\n    # rows times columns\n    return torch.stack([X @ W])"
    outcome = call(source, "linear", torch.ones(2, 3), torch.ones(2, 3))
    assert outcome.type_name == "RuntimeError"
    assert (outcome.line, outcome.line_number) == ("return torch.stack([X @ W])", 5)


def test_exception_in_a_helper_shows_the_helpers_line(call):
    helper = "def helper(x):\n    return x.nonsense"
    outcome = call([helper, "def predict(x):\n    return helper(x)"], "predict", 1)
    assert (outcome.line, outcome.line_number, outcome.where) == ("return x.nonsense", 2, "helper")


def test_exception_in_a_function_handed_in_shows_the_students_line(call):
    outcome = call("def at(f, w):\n    return f(w)", "at", bowl, "not a tensor")
    assert (outcome.type_name, outcome.line) == ("TypeError", "return f(w)")


def test_lambda_has_no_name_to_show(call):
    outcome = call("sigmoid = lambda z: z / 0", "sigmoid", 1)
    assert (outcome.line, outcome.where) == ("sigmoid = lambda z: z / 0", "")


def test_wrong_number_of_parameters_needs_no_line(call):
    outcome = call("def sigmoid():\n    return 1", "sigmoid", 1)
    assert outcome.type_name == "TypeError"
    assert "takes 0 positional arguments but 1 was given" in outcome.text
    assert outcome.line == ""


def test_syntax_error_shows_the_text_that_does_not_parse(call):
    outcome = call("def area(r):\n    return eval('3 *')", "area", 1)
    assert outcome == Raised("SyntaxError", "invalid syntax", "3 *", 1)


def test_endless_recursion_is_an_exception(call):
    outcome = call("def down(n):\n    return down(n - 1)", "down", 1)
    assert (outcome.type_name, outcome.line) == ("RecursionError", "return down(n - 1)")


@pytest.mark.parametrize("way", ["exit()", "quit()", "import sys; sys.exit(3)"])
def test_leaving_is_an_exception_like_any_other(call, way):
    source = f"from builtins import exit, quit\ndef leave():\n    {way}"
    assert call(source, "leave").type_name == "SystemExit"


def test_interrupt_from_the_keyboard_is_not_the_functions_business(call):
    with pytest.raises(KeyboardInterrupt):
        call("def wait():\n    raise KeyboardInterrupt", "wait")


@pytest.mark.parametrize(
    ("raise_it", "text"),
    [
        ("raise ValueError('x' * 10_000)", "x" * MAX_TEXT),
        ("raise ValueError('\\ud800')", "?"),
        ("raise Wordless()", ""),
        ("raise SyntaxError(5)", "5"),
        ("raise SyntaxError('odd', ('file', 'line', 1, 5))", "odd"),
    ],
)
def test_odd_exceptions_are_described_in_short_plain_text(call, raise_it, text):
    wordless = "class Wordless(Exception):\n    def __str__(self):\n        raise RuntimeError"
    outcome = call([wordless, f"def odd():\n    {raise_it}"], "odd")
    assert isinstance(outcome, Raised)
    assert outcome.text == text
    assert all(isinstance(field, str) for field in (outcome.type_name, outcome.text, outcome.line, outcome.where))
    assert isinstance(outcome.line_number, int)


# --- stubs


def test_stub_as_released_is_untouched(call):
    outcome = call(STUB, "softmax", torch.ones(1, 2))
    assert (outcome.type_name, outcome.untouched, outcome.where) == ("NotImplementedError", True, "softmax")


@pytest.mark.parametrize("lesson", ["1-neuron", "4-network", "6-learning-digits"])
def test_every_stub_that_nbgrader_leaves_is_untouched(lesson, typed):
    lesson = find_lesson(lesson)
    cells = read_notebook(lesson.notebook(HOME / "assignments")).cells
    functions = Namespace(typed(*(cell.source for cell in cells if cell.is_answer)))
    for question in lesson.questions:
        if question.signature:
            outcome = functions.call(question.name, (None,) * len(question.parameters), 5.0)
            assert (outcome.untouched, outcome.where) == (True, question.name)


def test_stub_that_another_function_calls_is_named(call):
    outcome = call([STUB, "def forward(X):\n    return softmax(X)"], "forward", torch.ones(1, 2))
    assert (outcome.untouched, outcome.where) == (True, "softmax")


@pytest.mark.parametrize(
    "body",
    [
        "e = 2 * z\n    raise NotImplementedError()",
        "raise NotImplementedError('to do')",
        "raise NotImplementedError",
        "if z is not None:\n        raise NotImplementedError()",
    ],
)
def test_code_beside_the_raise_is_an_attempt(call, body):
    outcome = call(f"def softmax(z):\n    {body}", "softmax", 1)
    assert (outcome.type_name, outcome.untouched) == ("NotImplementedError", False)


# --- time


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


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="only an alarm interrupts a long sleep")
def test_long_sleep_is_interrupted(call):
    began = time.monotonic()
    assert call("import time\ndef f():\n    time.sleep(30)", "f", seconds=0.1) == Stopped("time")
    assert time.monotonic() - began < 5


def test_result_in_another_thread_comes_back(call):
    assert in_a_thread(lambda: call("def f(x):\n    return x + 1", "f", 1)) == Returned(2)


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


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes choose their cores on Linux alone")
def test_time_in_the_queue_for_a_core_does_not_count(call):
    """Three others want the same core, so 0.3 seconds of work last longer than 0.5 by the clock."""
    spin = "import time\nbegan = time.monotonic()\nwhile time.monotonic() - began < 20: pass"
    work = "import time\ndef f():\n    began = time.thread_time()\n    while time.thread_time() - began < 0.3: pass"
    cores = os.sched_getaffinity(0)
    others = []
    try:
        os.sched_setaffinity(0, {min(cores)})
        others = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(3)]
        time.sleep(0.5)
        began = time.monotonic()
        assert call(work, "f", seconds=0.5) == Returned(None)
        assert time.monotonic() - began > 0.5
    finally:
        os.sched_setaffinity(0, cores)
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm here")
def test_without_an_account_of_the_queue_the_clock_decides(call, monkeypatch):
    monkeypatch.setattr("autograder.judging.calling._account", (os.getpid(), -1))
    assert seconds_in_queue() == 0
    assert call("import time\ndef f():\n    time.sleep(30)", "f", seconds=0.1) == Stopped("time")


def test_time_limit_passes_except_exception():
    assert not issubclass(TimeLimitReached, Exception)


# --- prints, warnings, arguments


def test_prints_and_warnings_are_swallowed(call, capfd):
    source = (
        "import sys, warnings\ndef noisy():\n    print('out')\n    print('err', file=sys.stderr)\n"
        "    warnings.warn('old')\n    return 7"
    )
    with warnings.catch_warnings(record=True) as seen:
        assert call(source, "noisy") == Returned(7)
    assert seen == []
    assert capfd.readouterr() == ("", "")


def test_streams_and_filters_are_put_back_after_an_exception(call):
    before = sys.stdout, sys.stderr, warnings.filters[:]
    call("import warnings\ndef f():\n    warnings.simplefilter('ignore')\n    1 / 0", "f")
    assert (sys.stdout, sys.stderr, warnings.filters[:]) == before


SPOIL = """
def spoil(w, params, ws):
    w += 1
    params["W1"].zero_()
    params["b1"] = 5
    ws.append(3)
    return w
"""


def spoilable():
    return torch.zeros(2), {"W1": torch.ones(2)}, [torch.ones(1)]


def test_arguments_are_not_the_callers_own(call):
    w, params, ws = spoilable()
    assert call(SPOIL, "spoil", w, params, ws).value.tolist() == [1, 1]
    assert w.tolist() == [0, 0]
    assert params["W1"].tolist() == [1, 1]
    assert list(params) == ["W1"]
    assert len(ws) == 1


def test_arguments_afterwards_can_be_kept(call):
    w, params, ws = call(SPOIL, "spoil", *spoilable(), keep_arguments=True).arguments
    assert w.tolist() == [1, 1]
    assert params["W1"].tolist() == [0, 0]
    assert params["b1"] == 5
    assert ws[1] == 3


def test_result_and_arguments_afterwards_share_no_memory(call):
    value, (argument,) = call("def same(w):\n    return w", "same", torch.zeros(2), keep_arguments=True)
    value += 1
    assert argument.tolist() == [0, 0]


def test_argument_that_misbehaves_afterwards_is_an_exception_and_no_more(call):
    source = (
        "class Odd(dict):\n    def items(self):\n        raise ValueError('odd')\n"
        "def f(ws):\n    ws.append(Odd())\n    return 1"
    )
    outcome = call(source, "f", [1], keep_arguments=True)
    assert (outcome.type_name, outcome.text) == ("ValueError", "odd")
