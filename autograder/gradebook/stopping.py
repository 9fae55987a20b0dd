"""What no submission is to blame for ends what is being done, with a sentence."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.class_rules import UnknownGroup
from autograder.gradebook.course_folder import CourseFolderError
from autograder.gradebook.permissions import PermissionsError
from autograder.gradebook.results_store import Busy, Damaged
from autograder.notebooks.machine import about_machine, is_of_the_machine

__all__ = ["StoppedShort", "stopping"]

_log = logging.getLogger(__name__)

#: What a database says, and what to do then.
_REMEDIES = {
    "is not a database": "Put a copy of it back, then run `autograder grade --regrade`.",
    "malformed": "Put a copy of it back, then run `autograder grade --regrade`.",
    "locked": "Another program is writing into it: wait until that is done.",
    "readonly": "It, or its folder, may not be written by this account.",
    "full": "Make room on its disk.",
    "unable to open": "Too many open files (`ulimit -n 1024` allows more), or a folder that may not be written.",
}


class StoppedShort(Exception):
    """What was begun had to stop. What was done until then is safe; the text says why and what to do."""


@contextlib.contextmanager
def stopping(advice: str = "") -> Iterator[None]:
    """Turn what no submission is to blame for into a sentence.

    Raises:
        StoppedShort: with the sentence, and the advice behind it.
    """
    try:
        yield
    except (Busy, CourseFolderError, Damaged, PermissionsError, UnknownGroup) as error:
        raise StoppedShort(str(error)) from error
    except SQLAlchemyError as error:
        _log.exception("The run stopped.")
        raise StoppedShort(f"{_about_gradebook(error)} {advice}".rstrip()) from error
    except (RuntimeError, OSError, sqlite3.Error) as error:
        _log.exception("The run stopped.")
        if isinstance(error, OSError) and is_of_the_machine(error):
            raise StoppedShort(f"{about_machine(error)} {advice}".rstrip()) from error
        about = _with_remedy(error) if isinstance(error, sqlite3.Error) else _reason(error)
        raise StoppedShort(f"{about} {advice}".rstrip()) from error


def _about_gradebook(error: SQLAlchemyError) -> str:
    """Sentences for the instructor about a gradebook that cannot be read or written: what is wrong, what to do."""
    return f"nbgrader's gradebook cannot be used: {_with_remedy(getattr(error, 'orig', None) or error)}"


def _with_remedy(error: BaseException) -> str:
    reason = _reason(error)
    remedy = next((remedy for words, remedy in _REMEDIES.items() if words in reason), "")
    return f"{reason} {remedy}".rstrip()


def _reason(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".") + "."
