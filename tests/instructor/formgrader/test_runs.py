"""Commands that the formgrader's page has run: whose files are whose, and which can be asked for."""

import asyncio

import pytest

from autograder.instructor.formgrader import _runs
from autograder.instructor.formgrader._runs import ACTIONS, Runs


@pytest.fixture
def several(monkeypatch, tmp_path):
    """``several(2)``: so many runs of a command at once, and whoever keeps them."""

    async def run(words, folder):
        await asyncio.sleep(0)  # others begin meanwhile
        (folder / "canvas.csv").write_text(folder.name)
        (folder / "more").mkdir()
        return f"Written: {folder}/canvas.csv"

    monkeypatch.setattr(_runs, "_run", run)

    async def all_at_once(kept, count):
        return await asyncio.gather(*(kept.run(ACTIONS["canvas"], tmp_path) for _ in range(count)))

    def make(count):
        kept = Runs()
        made.append(kept)
        return kept, asyncio.run(all_at_once(kept, count))

    made = []
    yield make
    for kept in made:
        kept._place.cleanup()


def test_each_run_has_files_of_its_own(several):
    kept, (one, other) = several(2)
    assert one.id != other.id
    for run in (one, other):
        assert run.files == ["canvas.csv"]
        assert kept.find(run.id, "canvas.csv").read_text() == run.id
        assert run.said == "Written: canvas.csv"  # and not where


@pytest.mark.parametrize("name", ["moodle.csv", "more", "..", "../canvas.csv", "/etc/passwd", ""])
def test_nothing_but_what_a_run_has_written_is_found(several, name):
    kept, (run,) = several(1)
    assert kept.find(run.id, name) is None
    assert kept.find("x", "canvas.csv") is None


def test_the_newest_runs_are_kept(several):
    kept, runs = several(_runs._KEPT + 2)
    found = [run for run in runs if kept.find(run.id, "canvas.csv")]
    assert len(found) == _runs._KEPT
    assert sum(run.folder.exists() for run in runs) == _runs._KEPT
