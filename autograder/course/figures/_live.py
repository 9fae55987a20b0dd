"""Long work in a notebook: a bar that fills, and a picture that is drawn anew while what it shows is growing."""

import time
from collections.abc import Callable
from html import escape
from typing import Any

from autograder.panels.kernel import in_kernel

from ._style import Picture, in_words


class TrainingProgress:
    """A progress bar with a note beside it. Outside a notebook only the last state is printed."""

    def __init__(self, total: int):
        """Args: total: steps of the work, each as long as the others."""
        self._total = total
        self._began = time.monotonic()
        self._display = _Display()

    def show(self, done: int, note: str) -> None:
        """Say that so many steps are done, and what there is to tell."""
        passed = time.monotonic() - self._began
        left = f"about {passed / done * (self._total - done):.0f} s left" if done else "just begun"
        # Without the time it took: a lesson that is built twice says the same twice.
        when = left if done < self._total else "done"
        text = f"{done / self._total:.0%} · {note} · {when}"
        bar = f'<progress value="{done}" max="{self._total}" aria-label="progress"></progress> {escape(text)}'
        if in_kernel():
            self._display.show({"text/html": bar, "text/plain": text})
        elif done == self._total:
            print(text)


class LivePicture:
    """A picture that is drawn anew in its place, at most every so often, so that the work itself goes on."""

    def __init__(self, draw: Callable[[], Picture], seconds: float = 1.0):
        """Args: draw: makes the picture as it is now. seconds: the least time from one drawing to the next."""
        self._draw, self._seconds = draw, seconds
        self._last = time.monotonic()
        self._display = _Display()

    def refresh(self) -> None:
        """Draw it anew if the last drawing is old enough. Nothing outside a notebook, where nobody watches."""
        if in_kernel() and time.monotonic() - self._last >= self._seconds:
            self._display.show(*self._draw().mimebundle())
            self._last = time.monotonic()

    def finish(self) -> Picture:
        """The picture as it is in the end, shown in the same place."""
        picture = self._draw()
        if in_kernel():
            self._display.show(*picture.mimebundle())
            _Display().show(in_words(picture.alt))
        return picture


class _Display:
    """One place in a cell's output, filled again and again."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, data: dict[str, str], metadata: dict | None = None) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(data, metadata=metadata or {}, raw=True, display_id=True)
        else:
            self._handle.update(data, metadata=metadata or {}, raw=True)
