"""Commands of ours that were run from the page: each in a process and a folder of its own, whoever else runs one."""

import asyncio
import contextlib
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

#: So many results are kept, the newest; so many commands run at a time, each for so many seconds at most.
_KEPT = 30
_AT_A_TIME = 2
_SECONDS = 900.0
#: So much of what a command says is shown.
_MOST = 100_000


class Action(NamedTuple):
    """Something that the page offers.

    Attributes:
        title: as its button says.
        about: what it is for, in a sentence.
        command: the words of the command; the class's folder comes behind them.
        out: what it writes, relative to the folder of the run.
        result: the file to open.
    """

    title: str
    about: str
    command: tuple[str, ...]
    out: str
    result: str


ACTIONS = {
    "report": Action("Report", "What to teach next: one page about the whole class.", ("report",), ".", "index.html"),
    "similar": Action(
        "Similar answers",
        "Groups and pairs that are alike beyond what everybody writes: questions to ask, no verdict.",
        ("similar",),
        "similar.html",
        "similar.html",
    ),
    "questions": Action(
        "Table of questions",
        "A row a student, a column a question, for a spreadsheet.",
        ("export", "questions"),
        "questions.csv",
        "questions.csv",
    ),
    "canvas": Action("For Canvas", "Scores for Canvas to import.", ("export", "canvas"), "canvas.csv", "canvas.csv"),
    "moodle": Action(
        "For Moodle", "Scores and feedback for Moodle to import.", ("export", "moodle"), "moodle.csv", "moodle.csv"
    ),
    "ledger": Action(
        "Ledger",
        "Every score that has changed: whose, before, after, why, when.",
        ("ledger",),
        "ledger.csv",
        "ledger.csv",
    ),
}


class Run(NamedTuple):
    """One command that was run.

    Attributes:
        action: which.
        id: names its folder in addresses; nobody can guess it.
        folder: what it has written is in there.
        said: what it has printed.
    """

    action: Action
    id: str
    folder: Path
    said: str

    @property
    def files(self) -> list[str]:
        """The names of what it has written, the one to open first."""
        names = sorted(path.name for path in self.folder.iterdir() if path.is_file())
        return sorted(names, key=lambda name: name != self.action.result)


class Runs:
    """The runs of one server. What they have written goes away with it."""

    def __init__(self) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="autograder-")
        self._free = asyncio.Semaphore(_AT_A_TIME)
        self._runs: dict[str, Run] = {}

    async def run(self, action: Action, root: Path) -> Run:
        """Run a command on a class.

        Args:
            action: which.
            root: the class's folder.
        """
        id = secrets.token_urlsafe(16)
        folder = Path(self._place.name, id)
        async with self._free:
            folder.mkdir()
            out = folder / action.out
            said = await _run([*action.command, str(root), "--out", str(out)], folder)
        said = said.replace(f"{out}/", "").replace(f"{folder}/", "").strip()  # where it is, is nothing to know
        self._runs[id] = Run(action, id, folder, said)
        while len(self._runs) > _KEPT:
            shutil.rmtree(self._runs.pop(next(iter(self._runs))).folder, ignore_errors=True)
        return self._runs[id]

    def find(self, id: str, name: str) -> Path | None:
        """A file that a run has written, by its name."""
        run = self._runs.get(id)
        return run.folder / name if run is not None and name in run.files else None


async def _run(words: Sequence[str], folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "autograder", *words),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return f"It took longer than {_SECONDS / 60:g} minutes and was stopped. Run it in a terminal."
    return said.decode("utf-8", "replace")[:_MOST]
