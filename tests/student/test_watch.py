"""``autograder check --watch``: a verdict after every save, whatever was running before."""

import os
import queue
import signal
import subprocess
import sys
import threading

import pexpect
import pytest

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.student.watch import Saves

NETWORK = COURSE.find_lesson("4-network")
RELEASE = NETWORK.notebook(COURSE.home / "assignments").read_text()
#: Seconds that nothing here takes, on the slowest machine.
LONG = 60


def solved(**answers):
    """The solved notebook of lesson 4, some answers replaced."""
    return fill_in(RELEASE, {**reference_answers(NETWORK, COURSE), **answers})


RIGHT = "✓ init_params   ✓ softmax_examples   ✓ softmax   ✓ forward   ✓ predict_digits"
WRONG_SOFTMAX = solved(softmax="def softmax(z):\n    return torch.softmax(z, dim=0)")
WRONG = "✓ init_params   ✓ softmax_examples   ✗ softmax   ✓ forward   ✓ predict_digits"
LOOPING_FUNCTION = solved(softmax="def softmax(z):\n    while True:\n        pass")
LOOPING_CELL = solved(init_params="while True:\n    pass")


def write(path, text):
    """As Jupyter saves: the file itself is written."""
    path.write_text(text)


def rename(path, text):
    """As editors save: written elsewhere and moved into its place."""
    (path.parent / "elsewhere").write_text(text)
    os.replace(path.parent / "elsewhere", path)


def move_away(path, text):
    """As vim saves: the old file is moved away first."""
    os.replace(path, path.with_suffix(".ipynb~"))
    path.write_text(text)


class Watched:
    """A child process that watches, and the lines it prints."""

    def __init__(self, *arguments, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", "check", "--watch", *map(str, arguments)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self):
        """The next line, as soon as there is one."""
        return self._lines.get(timeout=LONG)

    def no_line(self):
        """No line that nobody asked for has come."""
        return self._lines.empty()

    def interrupt(self):
        """Press Ctrl-C: the exit code, and what was said on stderr."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(LONG)
        self._reader.join()
        with self.process.stdout, self.process.stderr:
            return code, self.process.stderr.read()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Three notebooks that are watched, and the process."""
    folder = tmp_path_factory.mktemp("watched")
    for name in ("1-neuron", "6-learning-digits"):
        (folder / f"{name}.ipynb").write_text(
            COURSE.find_lesson(name).notebook(COURSE.home / "assignments").read_text()
        )
        os.utime(folder / f"{name}.ipynb", (0, 0))
    path = folder / "4-network.ipynb"
    path.write_text(solved())
    child = Watched(folder=folder)
    first = child.line()
    assert "4-network.ipynb" in first  # the one saved last
    assert RIGHT in first
    yield path, child
    assert child.interrupt() == (0, "")
    assert child.no_line()


@pytest.mark.parametrize("save", [write, rename, move_away])
def test_every_way_of_saving_is_noticed(watched, save):
    path, child = watched
    save(path, WRONG_SOFTMAX)
    assert WRONG in child.line()
    save(path, solved())
    line = child.line()
    assert RIGHT in line
    assert "10.5 of 10.5 points" in line


@pytest.mark.parametrize("looping", [LOOPING_FUNCTION, LOOPING_CELL], ids=["function", "cell"])
def test_newer_save_does_not_wait_for_what_loops(watched, looping):
    path, child = watched
    write(path, looping)
    with Saves([path]) as saves:  # the child, which watches as we do, has noticed about when we have
        assert not saves.is_due(0.5)
        write(path, solved())
        assert RIGHT in child.line()  # and not a word of the time that ran out
    assert child.no_line()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (solved()[:3000], "not even JSON"),
        ("", "The file is empty."),
        ('{"nbformat": 3}', "The notebook is in format 3"),
    ],
)
def test_half_written_notebook_is_a_sentence_and_watching_goes_on(watched, text, says):
    path, child = watched
    write(path, text)
    line = child.line()
    assert says in line
    assert "Waiting for the next save." in line
    write(path, solved())
    assert RIGHT in child.line()


def test_deleted_notebook_may_come_back(watched):
    path, child = watched
    path.unlink()
    assert "There is no notebook" in child.line()
    write(path, solved())
    assert RIGHT in child.line()


def test_other_notebook_is_checked_when_it_is_saved(watched):
    path, child = watched
    other = path.parent / "1-neuron.ipynb"
    write(other, other.read_text())
    line = child.line()
    assert line.startswith("1-neuron.ipynb, saved ")
    assert "○ weighted_sum   ○ sigmoid   ○ predict_examples   ○ careful_neuron" in line


def test_other_files_are_nobody_s_business(watched):
    path, child = watched
    (path.parent / "diary.ipynb").write_text("{}")
    (path.parent / "4-network.py").write_text("")
    write(path, solved())
    assert RIGHT in child.line()
    assert child.no_line()


def test_quick_verdicts_come_before_the_long_training(watched):
    path, child = watched
    lesson = COURSE.find_lesson("6-learning-digits")
    release = lesson.notebook(COURSE.home / "assignments").read_text()
    write(path.parent / "6-learning-digits.ipynb", fill_in(release, reference_answers(lesson, COURSE)))
    assert "✓ train_network   … mnist_accuracy" in child.line()
    assert "✓ train_network   ✓ mnist_accuracy" in child.line()


def terminal(path):
    """A terminal in which a notebook is watched."""
    command = ["-m", "autograder", "check", "--watch", str(path)]
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment["TERM"] = "xterm-256color"
    return pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=LONG, dimensions=(80, 100), env=environment)


def test_interrupt_while_it_gets_ready_is_no_error(tmp_path):
    path = tmp_path / "4-network.ipynb"
    path.write_text(RELEASE)
    child = terminal(path)
    child.expect_exact("Getting ready")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "Traceback" not in child.before


def test_terminal_shows_the_board_and_leaves_it_behind(tmp_path):
    path = tmp_path / "4-network.ipynb"
    path.write_text(WRONG_SOFTMAX)
    child = terminal(path)
    child.expect_exact("\x1b[?1049h")  # a screen of its own
    child.expect_exact("Ctrl-C ends")
    child.expect_exact("Not correct yet")
    child.expect_exact("4 of 5 questions done")
    child.expect_exact('hint("softmax")')
    rename(path, solved())
    child.expect_exact("5 of 5 questions done")
    child.sendintr()
    child.expect_exact("\x1b[?1049l")
    child.expect_exact("5 of 5 questions done")  # where it can be scrolled back to
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


# --- noticing


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.ipynb"
    path.touch()
    return path


class Recorded:
    """Stands for a check: knows only whether it was cancelled."""

    cancelled = False

    def cancel(self):
        self.cancelled = True


def test_save_cancels_the_check_that_is_running_and_no_other(file):
    before, running, after = Recorded(), Recorded(), Recorded()
    with Saves([file]) as saves:
        with saves.cancelling(before):
            pass
        with saves.cancelling(running):
            file.write_text("1")
            assert saves.is_due(LONG)
            assert running.cancelled
        assert saves.wait() == file
        with saves.cancelling(after):
            pass
    assert not before.cancelled
    assert not after.cancelled


def test_save_just_before_the_check_cancels_it_too(file):
    with Saves([file]) as saves:
        file.write_text("1")
        assert saves.is_due(LONG)
        check = Recorded()
        with saves.cancelling(check):
            assert check.cancelled


def test_reading_is_no_save(file):
    with Saves([file]) as saves:
        file.read_text()
        assert not saves.is_due(0.2)


def test_folder_that_is_gone_is_an_error_and_not_a_wait(tmp_path):
    with Saves([tmp_path / "gone" / "a.ipynb"]) as saves, pytest.raises(OSError, match="No such file"):
        saves.wait()
