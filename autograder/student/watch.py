"""A verdict after every save, for ``autograder check --watch``.

A thread notices saves and cancels the check that is running; the main thread checks and shows. So nobody has to wait
for a cell that loops for ever.
"""

import contextlib
import os
import threading
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import watchfiles
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from autograder.judging.course import Lesson
from autograder.notebooks.reading import NotebookError
from autograder.student.notebook import Checker, NotebookCheck, is_slow
from autograder.student.terminal import Board, Fitted, heading

__all__ = ["Saves", "watch"]

#: Milliseconds without a change after which a save counts as complete, and the most that changes are gathered over.
_STEP, _DEBOUNCE = 20, 200
#: Seconds that an unreadable notebook has to become readable: editors write, rename and replace in several steps.
_GRACE = 0.3
#: Seconds between looks at the keyboard's Ctrl-C, which on Windows does not end a wait.
_TICK = 0.5


class Saves:
    """Notices when one of some notebooks is saved, in a thread of its own. A context manager.

    Whole folders are watched, since editors save by writing elsewhere and renaming.

    Args:
        paths: the notebooks.
    """

    def __init__(self, paths: Collection[Path]):
        self._ours = {os.path.normcase(path.resolve()): path for path in paths}
        self._folders = sorted({str(path.resolve().parent) for path in paths})
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._is_watching = False
        self._saved: Path | None = None
        self._check: NotebookCheck | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="saves", daemon=True)

    def __enter__(self) -> "Saves":
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._is_watching or self._error is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self) -> Path:
        """Wait for a save.

        Returns:
            The notebook that was saved.

        Raises:
            OSError: the folder cannot be watched.
        """
        with self._changed:
            while not self._is_due():
                self._changed.wait(_TICK)
            if self._error is not None:
                raise self._error
            saved, self._saved = self._saved, None
            assert saved is not None
            return saved

    def is_due(self, seconds: float) -> bool:
        """Whether, within so many seconds, there is a save that `wait` has not returned yet."""
        with self._changed:
            return self._changed.wait_for(self._is_due, seconds)

    @contextlib.contextmanager
    def cancelling(self, check: NotebookCheck) -> Iterator[None]:
        """Cancel `check` if something is saved during the block."""
        with self._changed:
            self._check = check
            if self._saved is not None:
                check.cancel()
        try:
            yield
        finally:
            with self._changed:
                self._check = None

    def _is_due(self) -> bool:
        return self._saved is not None or self._error is not None

    def _run(self) -> None:
        try:
            try:
                self._watch()
            except OSError:  # the system notifies nobody any more: it has a limit, or a drive of another kind
                self._watch(force_polling=True)
        except BaseException as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _watch(self, force_polling: bool | None = None) -> None:
        for changes in watchfiles.watch(
            *self._folders,
            watch_filter=lambda _, path: os.path.normcase(path) in self._ours,
            debounce=_DEBOUNCE,
            step=_STEP,
            stop_event=self._stop,
            rust_timeout=_DEBOUNCE,
            yield_on_timeout=True,  # the first yield says that it has begun
            raise_interrupt=False,
            force_polling=force_polling,
            recursive=False,
        ):
            with self._changed:
                self._is_watching = True
                for _, path in changes:
                    self._saved = self._ours[os.path.normcase(path)]
                    if self._check is not None:
                        self._check.cancel()
                self._changed.notify_all()


def watch(console: Console, checker: Checker, notebooks: Mapping[Path, Lesson]) -> NoReturn:
    """Check the notebook saved last, and then each one as it is saved. Only Ctrl-C ends it.

    Raises:
        KeyboardInterrupt: it was pressed.
        OSError: the folder cannot be watched.
    """
    show = _Screen(console) if console.is_terminal else _Lines(console)
    newest = max(notebooks, key=lambda path: path.stat().st_mtime_ns if path.exists() else 0)
    try:
        with show, Saves(notebooks) as saves:
            path = newest
            while True:
                _check(show, saves, checker, path, notebooks[path])
                checker.prepare()
                path = saves.wait()
    except KeyboardInterrupt:
        show.farewell()
        raise


def _check(show: "_Screen | _Lines", saves: Saves, checker: Checker, path: Path, lesson: Lesson) -> None:
    """Check one notebook, as far as the next save lets it."""
    try:
        check = checker.check(path, lesson)
    except NotebookError as error:
        if not saves.is_due(_GRACE):
            show.board(Board(heading(path), problem=f"{error} Waiting for the next save."))
        return
    board = Board(heading(path), check)
    show.board(board)
    with saves.cancelling(check):
        for result in check.results():
            board.add(result)
            show.progressed()


class _Screen(Live):
    """The whole terminal: the board of the notebook saved last. Drawn anew only where something has changed."""

    def __init__(self, console: Console):
        super().__init__(console=console, screen=True)
        self._board: Board | None = None
        self._drawn: tuple[object, ...] = ()

    def board(self, board: Board) -> None:
        """Show another board, which may still be filling."""
        self._board = board
        hint = Text("Watching: save, and it is checked. Ctrl-C ends.", "dim")
        self.update(Fitted(Group(hint, board)), refresh=True)

    def progressed(self) -> None:
        """The board has changed."""
        self.refresh()

    def refresh(self) -> None:
        """Draw; called again and again by rich, for what moves and for windows that change their size."""
        state = (self._board, self._board and len(self._board.results), self.console.size)
        if state != self._drawn or (self._board is not None and not self._board.is_done):
            super().refresh()
        self._drawn = state

    def farewell(self) -> None:
        """Leave the last board where it can be scrolled back to."""
        if self._board is not None:
            self.console.print(self._board)


class _Lines:
    """What is shown where there is no terminal: a line for each change."""

    def __init__(self, console: Console):
        self._console = console
        self._board: Board | None = None

    def __enter__(self) -> None:
        """There is nothing to prepare."""

    def __exit__(self, *_: object) -> None:
        """There is nothing to tidy up."""

    def board(self, board: Board) -> None:
        """Take another board: it is a line at once if there is nothing to wait for."""
        self._board = board
        if board.is_done:
            self._print()

    def progressed(self) -> None:
        """Print a line when all is known, and one before a question that takes long."""
        assert self._board is not None
        running = self._board.running
        if running is None or is_slow(running):
            self._print()

    def farewell(self) -> None:
        """There is nothing to leave behind."""

    def _print(self) -> None:
        assert self._board is not None
        print(self._board.line(), file=self._console.file, flush=True)
