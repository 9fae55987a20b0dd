"""Errors that are the machine's are nobody's who has handed something in."""

import errno

import pytest

from autograder.notebooks import files, reading
from autograder.notebooks.machine import about_machine, is_of_the_machine

TOO_MANY = OSError(errno.EMFILE, "Too many open files", "/course/\x1b[2J.ipynb")


def test_it_says_what_where_and_what_to_do():
    said = "/course/\N{REPLACEMENT CHARACTER}[2J.ipynb: Too many open files. Let this process open more files: "
    assert about_machine(TOO_MANY) == f"{said}`ulimit -n 1024`."
    assert about_machine(OSError(errno.ENOSPC, "Full")) == "Full. Make room on the disk, then run this again."


@pytest.mark.parametrize("name", ["EACCES", "ENOENT", "EIO", "ELOOP"])
def test_others_are_of_the_file(name):
    assert not is_of_the_machine(OSError(getattr(errno, name), "x"))


@pytest.mark.parametrize("read", [reading.read_bytes, lambda path: files.read_timestamp(path.parent)])
def test_no_file_is_blamed(tmp_path, monkeypatch, read):
    """It is read again when the machine is well; a sentence about the file would stay with its author."""
    for name in ("a.ipynb", "timestamp.txt"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setattr(files.os, "open", lambda *_: (_ for _ in ()).throw(TOO_MANY))
    with pytest.raises(OSError, match="Too many open files"):
        read(tmp_path / "a.ipynb")
    with pytest.raises(OSError, match="Too many open files"):
        files.folder_digest(tmp_path)
