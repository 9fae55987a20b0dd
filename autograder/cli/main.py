"""The group of all commands, and what several of them need.

Everything heavy is imported inside the commands, so that ``autograder --help`` answers at once.
"""

import codecs
import contextlib
import errno
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from autograder.judging.course import Course, Lesson

__all__ = ["CLASS_FILES", "is_class", "lesson_called", "main", "message_on_stderr", "needing", "of_students"]

#: What makes a folder a class, with students who submit: nbgrader's settings, or its gradebook.
CLASS_FILES = ("nbgrader_config.py", "gradebook.db")

_LOG = logging.getLogger("autograder")

#: What stands for a sign where the console has none, such as Windows's in a pipe.
_SIGNS = dict(zip("✓✗◐○∞━─│┃…“”‘’–−×→", "+x~o8--||.\"\"''--x>", strict=True))
#: How Python calls this way of dealing with them.
_PLAIN = "autograder-plain"


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Write plain signs for those that the console does not have."""
    assert isinstance(error, UnicodeEncodeError)
    return "".join(_SIGNS.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


codecs.register_error(_PLAIN, _plain)


#: Errors over a place that this account may not use.
_CLOSED = (errno.EACCES, errno.EPERM)


def _about_machine(error: OSError) -> str | None:
    """The sentence about an error of the machine's, or over a place that is closed; `None` for all others."""
    from autograder.notebooks.machine import about_machine, is_of_the_machine
    from autograder.notebooks.text import legible

    if is_of_the_machine(error):
        return about_machine(error)
    if error.errno in _CLOSED and isinstance(error.filename, str | bytes):
        place = legible(os.fsdecode(error.filename))
        return f"{place}: {error.strerror}. Choose a place that this account may use, or change its permissions."
    return None


def _write_no_more() -> None:
    """Forget what cannot be written to stdout: Python would try again at its end, and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


class _Group(click.Group):
    """A group whose commands end with a sentence, whatever happens in them."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command. What nobody expected is a mistake of ours: a sentence, and a traceback in the log."""
        try:
            try:
                return super().invoke(context)
            finally:
                if sys.stdout is not None:  # which it is where nobody wants it
                    sys.stdout.flush()  # while somebody can still be told that it cannot be written
        except (click.exceptions.Exit, click.Abort):
            raise
        except click.ClickException as error:
            from autograder.notebooks.text import legible

            # Names of files are in it, which somebody else may have given. Click calls it final for its own classes.
            error.message = legible(error.message)  # type: ignore[misc]
            if error.__cause__ is not None:
                _LOG.debug("Why a command has ended early", exc_info=error.__cause__)
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # whoever was reading has gone, and click ends in silence
            about = _about_machine(error) if isinstance(error, OSError) else None
            if about is not None:
                _LOG.debug("Why a command has ended early", exc_info=error)
                _write_no_more()
                raise click.ClickException(about) from error
            misled = _misled(error)
            if misled is not None:
                raise click.ClickException(misled) from error
            _LOG.exception("A command has failed")
            raise click.ClickException(_our_mistake(error, context)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neurons-to-network")
@click.option("--debug", is_flag=True, help="Show on stderr what goes on, and where it goes wrong.")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """An auto-graded course and its grader: check, grade, report, release."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAIN)  # a pipe on Windows may know no ✓
    if debug:
        context.with_resource(_log_on_stderr())
    if context.obj is None:
        from autograder.course.contents import COURSE

        context.obj = COURSE


@contextlib.contextmanager
def _log_on_stderr() -> Iterator[None]:
    """Show the log of the whole package while a command runs."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = _LOG.level
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)


def _misled(error: Exception) -> str | None:
    """The sentence where Python was given another module than it should have: by a file here, or by PYTHONPATH."""
    if not isinstance(error, ImportError | AttributeError | TypeError | NameError):
        return None
    from autograder.student import preflight

    reason = preflight.reason_for(error)
    return None if reason is None else str(reason)


def _our_mistake(error: Exception, context: click.Context) -> str:
    """The sentence about an exception that nobody expected in a command of this group."""
    from autograder.notebooks.text import legible

    what = legible(" ".join(f"{type(error).__name__}: {error}".split()).rstrip(":. "))
    again = f"{context.info_name} --debug {context.invoked_subcommand}"
    where = (
        "the lines above show where" if context.params["debug"] else f"run again with --debug (`{again}`) to see where"
    )
    return f"This is a mistake in autograder, not in your work: {what}; {where}."


@contextlib.contextmanager
def needing(what: str) -> Iterator[None]:
    """Say in a sentence which module is missing in this installation. Students have less than instructors.

    Args:
        what: who has it: ``A report is made in the instructor's clone``.

    Raises:
        click.ClickException: a module is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{what}, and {error.name} is not installed here.") from error


def is_class(path: Path) -> bool:
    """Whether a folder is a class: an nbgrader course with what its students have submitted."""
    return any((path / name).is_file() for name in CLASS_FILES)


def lesson_called(course: "Course", name: str, option: str | None = None) -> "Lesson":
    """The lesson of that name.

    Args:
        course: whose lesson.
        name: its name, as it was typed.
        option: the option that named it, for the message.

    Raises:
        click.BadParameter: there is none; the text says which there are.
    """
    found = course.find_lesson(name)
    if found is None:
        names = ", ".join(lesson.name for lesson in course.lessons)
        raise click.BadParameter(f"there is no lesson {name!r}; there are {names}", param_hint=option)
    return found


def of_students(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command about a class the options ``--student`` and ``--group``, as ``students`` and ``groups``."""
    student = click.option(
        "--student", "students", metavar="ID", multiple=True, help="A class: only this student; may be repeated."
    )
    group = click.option(
        "--group",
        "groups",
        metavar="NAME",
        multiple=True,
        help="A class: only the students of this group in c.ClassRules.groups; may be repeated.",
    )
    return student(group(function))


def message_on_stderr(text: str) -> None:
    """Print a line for people, beside what the command itself writes."""
    click.echo(text, err=True)
