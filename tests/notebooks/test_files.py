"""What was handed in is opened with care: ordinary files only, in pieces, and times that are times."""

import datetime
import os

import pytest

from autograder.notebooks.files import (
    MAX_FILES,
    FileError,
    acts_by_itself,
    copy_file,
    find_files,
    folder_digest,
    read_file,
    read_timestamp,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-30 17:05:00.000000 UTC", (2026, 11, 30, 17, 5)),
        ("2026-11-30 17:05:00 UTC\n", (2026, 11, 30, 17, 5)),
        ("2026-11-30 17:05:00", (2026, 11, 30, 17, 5)),
        ("2026-11-30T17:05:00Z", (2026, 11, 30, 17, 5)),
        ("2026-11-30T17:05:00+02:00", (2026, 11, 30, 15, 5)),
        ("2026-11-30 17:05:00 -0800", (2026, 12, 1, 1, 5)),
        ("2026-11-30 17:05:00 Europe/Berlin", (2026, 11, 30, 16, 5)),
        ("2026-11-30", (2026, 11, 30)),
    ],
)
def test_times_that_nbgrader_writes_and_iso_8601(tmp_path, text, moment):
    (tmp_path / "timestamp.txt").write_text(text)
    assert read_timestamp(tmp_path) == datetime.datetime(*moment)


def test_no_time_and_an_empty_one(tmp_path):
    assert read_timestamp(tmp_path) is None
    (tmp_path / "timestamp.txt").write_text("\n")
    assert read_timestamp(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-13-30 17:05:00 UTC",
        "2026-11-30 25:05:00 UTC",
        "0000-00-00 00:00:00 UTC",
        "0001-01-01 00:00:00 +23:59",
        "2026-11-30 17:05:00 /etc/localtime",
        "2026-11-30 17:05:00 Europe/../../../etc/passwd",
        "2026-11-30 17:05:00 Nowhere/At_All",
        "2026-11-30 17:05:00 UTC" + " " * 300,
        "\x1b[2J",
        "١٢٣٤-11-30 17:05:00 UTC",
    ],
)
def test_what_is_no_time_is_told_in_a_sentence(tmp_path, text):
    (tmp_path / "timestamp.txt").write_text(text)
    with pytest.raises(FileError, match=r"timestamp\.txt") as refused:
        read_timestamp(tmp_path)
    assert str(refused.value).isprintable()


def test_link_pipe_folder_and_size_are_refused(tmp_path):
    (tmp_path / "file").write_text("12345")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    for name, sentence in (
        ("link", "is a link"),
        ("pipe", "is not a file"),
        (".", "is a folder"),
        ("file", "has more than 4 bytes"),
    ):
        with pytest.raises(FileError, match=sentence):
            read_file(tmp_path / name, 4)
    assert read_file(tmp_path / "file", 5) == b"12345"


def test_endless_device_is_not_read():
    with pytest.raises(FileError, match=r"zero is not a file"):
        read_file("/dev/zero", 10)


def test_copy_has_content_and_permissions(tmp_path):
    (tmp_path / "a").write_text("12345")
    (tmp_path / "a").chmod(0o640)
    assert copy_file(tmp_path / "a", tmp_path / "b", 5) == 5
    assert (tmp_path / "b").read_text() == "12345"
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o640
    with pytest.raises(FileError, match="more than"):
        copy_file(tmp_path / "a", tmp_path / "c", 4)


def test_files_are_found_in_a_fixed_order_and_not_without_end(tmp_path):
    for name in ("b", "a/c", "a/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "all").symlink_to("/")
    assert [(found.name, found.is_ordinary) for found in find_files(tmp_path)] == [
        *(("all", False), ("b", True), ("a/b", True), ("a/c", True)),
    ]
    for number in range(MAX_FILES + 10):
        (tmp_path / f"{number}").touch()
    assert len(list(find_files(tmp_path))) == MAX_FILES + 1


def test_digest_changes_with_each_name_and_content_and_with_nothing_else(tmp_path):
    (tmp_path / "a").write_text("1")
    before = folder_digest(tmp_path)
    assert folder_digest(tmp_path) == before
    (tmp_path / "a").touch()
    assert folder_digest(tmp_path) == before
    for change in (
        lambda: (tmp_path / "a").write_text("2"),
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
        lambda: (tmp_path / "b").write_text("12"),
        lambda: (tmp_path / "link").symlink_to("b"),
        lambda: os.mkfifo(tmp_path / "pipe"),
    ):
        change()
        assert folder_digest(tmp_path) != before
        before = folder_digest(tmp_path)


def test_digest_of_what_is_far_too_large_takes_no_time(tmp_path):
    with (tmp_path / "a").open("wb") as file:
        file.truncate(8 * 2**40)
    before = folder_digest(tmp_path)
    assert folder_digest(tmp_path) == before
    with (tmp_path / "a").open("r+b") as file:
        file.truncate(7 * 2**40)
    assert folder_digest(tmp_path) != before


@pytest.mark.parametrize(
    "name", ["a/page.HTML", "x.svg", "x.xhtml", "sitecustomize.py", "x.pth", "jupyter_lab_config.py"]
)
def test_what_acts_by_itself(name):
    assert acts_by_itself(name)


@pytest.mark.parametrize("name", ["data.csv", "helper.py", "picture.png", "notes.txt", "config.json", "model.pt"])
def test_what_does_not(name):
    assert not acts_by_itself(name)
