"""The log of a class: bounded, legible, and fed from processes that do not have the file."""

import logging

import pytest

from autograder.gradebook import run_log
from autograder.gradebook.run_log import collected_log, write_log

LOG = logging.getLogger("autograder.some.module")


def test_warnings_and_tracebacks_are_written_while_it_lasts(tmp_path):
    path = tmp_path / "log"
    with write_log(path):
        LOG.info("all is well")
        LOG.warning("ada: %s", "a note")
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            LOG.exception("The grader failed.")
    LOG.warning("too late")
    text = path.read_text()
    assert "WARNING ada: a note" in text
    assert "ERROR The grader failed.\nTraceback" in text
    assert "ZeroDivisionError: division by zero" in text
    assert "all is well" not in text
    assert "too late" not in text


def test_there_is_no_file_where_nothing_was_logged(tmp_path):
    with write_log(tmp_path / "log"):
        LOG.info("all is well")
    assert list(tmp_path.iterdir()) == []


def test_file_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log, "_MAX_BYTES", 10_000)
    with write_log(tmp_path / "log"):
        for number in range(1_000):
            LOG.warning("note %d: %s", number, "x" * 100)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "log.1"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert "note 999" in (tmp_path / "log").read_text()


def test_what_a_submission_puts_into_it_steers_no_terminal(tmp_path):
    with write_log(tmp_path / "log"):
        LOG.warning("%s", "\x1b[2Jgone\u202e" + "x" * 100_000)
    text = (tmp_path / "log").read_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 3_000


@pytest.fixture
def elsewhere():
    """A list of what another handler was given."""
    seen = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(record.getMessage())
    logging.getLogger("autograder").addHandler(handler)
    yield seen
    logging.getLogger("autograder").removeHandler(handler)


def test_collected_messages_go_nowhere_else(elsewhere, caplog):
    with collected_log() as messages:
        LOG.warning("first")
        try:
            raise ValueError("why")
        except ValueError:
            LOG.exception("second")
    assert messages[0] == "first"
    assert messages[1].startswith("second\nTraceback")
    assert messages[1].endswith("ValueError: why")
    assert elsewhere == []
    assert caplog.records == []
    LOG.warning("third")
    assert elsewhere == ["third"]


def test_collecting_ends_also_with_an_exception(elsewhere):
    with pytest.raises(OSError, match="full"), collected_log():
        raise OSError("full")
    LOG.warning("after it")
    assert elsewhere == ["after it"]


def test_one_submission_cannot_fill_the_log():
    with collected_log() as messages:
        for _ in range(10_000):
            LOG.warning("again")
    assert len(messages) == 100
