"""Reading a class or a file of results: whatever is wrong with a part of it, the rest is reported."""

import msgspec
import pytest

from autograder.instructor.report import ReportError, gather


@pytest.fixture
def lines(made_up_results):
    return [msgspec.json.encode(one) + b"\n" for one in made_up_results(["ada", "bob", "Zoë O'Hara"])]


def test_a_file_of_results(lines, tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_bytes(b"".join(lines) + b"\n")
    gathered = gather(path)
    assert (gathered.title, len(gathered.results), gathered.roster) == ("results.jsonl", len(lines), None)
    assert gathered.is_whole


def test_lines_that_are_no_results_are_left_out_and_told(lines, tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_bytes(lines[0] + b'{"student": "ada"}\n\xff\n' + b"".join(lines[1:-1]) + lines[-1][:40])
    gathered = gather(path)
    assert len(gathered.results) == len(lines) - 1
    assert not gathered.is_whole
    assert gathered.remarks[-1] == (
        f"3 lines of results.jsonl could not be read: 2, 3, {len(lines) + 2}. All others count."
    )


def test_of_one_submission_graded_twice_the_last_counts(lines, tmp_path):
    path = tmp_path / "results.jsonl"
    first = msgspec.json.decode(lines[0])
    path.write_bytes(lines[0] + msgspec.json.encode({**first, "score": 0.25}))
    (result,) = gather(path).results
    assert result.score == 0.25


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear all\n")
    with pytest.raises(ReportError, match="no results in it: line 1 is not one"):
        gather(path)


def test_an_empty_file_is_an_empty_class(tmp_path):
    (tmp_path / "results.jsonl").touch()
    assert gather(tmp_path / "results.jsonl").results == ()


def test_a_class_without_a_gradebook_says_so_and_gets_none(made_up_results, keep, tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    keep(tmp_path, made_up_results(["ada"]))
    gathered = gather(tmp_path)
    assert gathered.roster is None
    assert gathered.remarks[0].startswith("There is no gradebook")
    assert not (tmp_path / "gradebook.db").exists()


def test_a_gradebook_that_is_none_is_told(tmp_path):
    (tmp_path / "gradebook.db").write_text("This is a diary. " * 100)
    with pytest.raises(ReportError, match=r"gradebook of .* cannot be read: .*not a database"):
        gather(tmp_path)


def test_stored_results_that_are_damaged_are_reported(tmp_path):
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "results.db").write_text("This is a diary. " * 100)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(ReportError, match=r"results\.db cannot be read: file is not a database\. Remove it"):
        gather(tmp_path)


def test_settings_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = (")
    with pytest.raises(ReportError, match=r"settings of .* cannot be read"):
        gather(tmp_path)
