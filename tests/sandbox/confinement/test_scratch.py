"""The scratch folder where it is an ordinary one."""

from autograder.sandbox.confinement import scratch


def test_an_ordinary_folder_is_watched(tmp_path):
    (tmp_path / "below").mkdir()
    assert not scratch.exceeds(str(tmp_path), 50_000)
    (tmp_path / "below" / "file").write_bytes(bytes(100_000))
    assert scratch.exceeds(str(tmp_path), 50_000)
    assert not scratch.exceeds(str(tmp_path), 200_000)


def test_too_many_files_count_as_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "_MOST_FILES", 10)
    for number in range(11):
        (tmp_path / str(number)).touch()
    assert scratch.exceeds(str(tmp_path), 2**30)
