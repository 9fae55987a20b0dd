"""The student's commands: ``check`` and ``progress``. (Hints are asked for in the notebook.)"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.judging.course import Course, Lesson

__all__ = ["check", "progress"]

#: For so many notebooks or fewer, a fresh Python each is ready sooner than a zygote that forks them.
_FEW = 2


@click.command()
@click.argument("notebooks", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--watch", is_flag=True, help="Stay, and check again after every save. Ctrl-C ends it.")
@click.pass_obj
def check(course: "Course", notebooks: tuple[Path, ...], watch: bool) -> None:
    """Check your notebook: every question's verdict, and what to mend first.

    Without NOTEBOOK it takes the course's notebooks in the current folder.

    Exit code 0: done, whatever the verdicts. 1: a notebook could not be read or run. 2: wrong usage.
    """
    with contextlib.suppress(KeyboardInterrupt) if watch else contextlib.nullcontext():
        sys.exit(_check(course, notebooks or (Path(),), watch))


def _check(course: "Course", paths: Sequence[Path], stay: bool) -> int:
    """Check once, or watch; the exit code."""
    from rich.console import Console

    console = Console(highlight=False)
    with _getting_ready(console, interrupted=0 if stay else 1):
        from autograder.sandbox import SandboxError
        from autograder.student import notebook, terminal, watch

    chosen = _chosen(course, paths)
    try:
        if stay:
            notebook.with_checker(lambda checker: watch.watch(console, checker, chosen), course)
        readable = notebook.with_checker(
            lambda checker: [terminal.show_check(console, checker, *one) for one in chosen.items()],
            course,
            fork=None if len(chosen) > _FEW else False,
        )
    except (SandboxError, OSError) as error:
        raise click.ClickException(str(error)) from error
    return 0 if all(readable) else 1


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.pass_obj
def progress(course: "Course", folder: Path) -> None:
    """See where you stand in the course: checks every lesson's notebook in FOLDER and below.

    Exit code 0: done. 1: a notebook could not be read or run. 2: wrong usage.
    """
    from rich.console import Console

    console = Console(highlight=False)
    with _getting_ready(console, interrupted=1):
        from autograder.sandbox import SandboxError
        from autograder.student import notebook, terminal

        folder = folder.resolve()
        notebooks = notebook.notebooks_below(folder, course)
    if not notebooks:
        raise click.UsageError(f"there are no notebooks of this course in {folder} or below")
    try:
        readable = notebook.with_checker(
            lambda checker: terminal.show_progress(console, checker, notebooks, folder, course), course
        )
    except SandboxError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(0 if readable else 1)


@contextlib.contextmanager
def _getting_ready(console: "Console", interrupted: int) -> Iterator[None]:
    """Show that imports take their seconds, and let Ctrl-C end them, with `interrupted` as the exit code.

    Torch's imports swallow a KeyboardInterrupt now and then. Nothing has been begun that would have to be tidied up.
    """

    def leave(*_: object) -> None:
        console.show_cursor()
        os._exit(interrupted)

    before = signal.signal(signal.SIGINT, leave)
    try:
        with console.status("Getting ready"):
            yield
    finally:
        signal.signal(signal.SIGINT, before)


def _chosen(course: "Course", paths: Sequence[Path]) -> "dict[Path, Lesson]":
    """The notebooks at `paths`, each a notebook or a folder of them, with their lessons.

    Raises:
        click.UsageError: one of the paths has no notebook of the course.
    """
    from autograder.student import notebook

    chosen: dict[Path, Lesson] = {}
    for path in paths:
        real = Path(os.path.realpath(path))
        if real.is_dir():
            found = notebook.notebooks_in(real, course)
            if not found:
                below = next((notebook.seen_from(real, one) for one in notebook.notebooks_below(real, course)), "")
                raise click.UsageError(
                    f"there is no notebook of this course in {real}"
                    + (f", but there are below it: name one, such as {below}" if below else "; name one, or its folder")
                )
            chosen |= found
        else:
            lesson = notebook.lesson_of(real, course)
            if lesson is None:
                raise click.UsageError(f"{path} is no notebook of this course: it asks none of its questions")
            chosen[real] = lesson
    return chosen
