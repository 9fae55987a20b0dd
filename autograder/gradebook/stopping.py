"""What no submission is to blame for ends what is being done, with a sentence."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.class_rules import UnknownGroup
from autograder.gradebook.course_folder import CourseFolderError
from autograder.gradebook.database import about_gradebook
from autograder.gradebook.permissions import PermissionsError
from autograder.gradebook.results_store import Busy, Damaged

__all__ = ["StoppedShort", "stopping"]

_log = logging.getLogger(__name__)


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
        raise StoppedShort(f"{about_gradebook(error)} {advice}".rstrip()) from error
    except (RuntimeError, OSError, sqlite3.Error) as error:
        _log.exception("The run stopped.")
        reason = str(error).partition("\n")[0].rstrip(".")
        raise StoppedShort(f"{reason}. {advice}".rstrip()) from error
