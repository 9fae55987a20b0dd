"""Whose a file is, by its path: as Moodle, Canvas, Gradescope and nbgrader's exchange name what they hand out.

These forms are known from such downloads and not from a specification. A name of another form is told as not matched,
and never given to somebody by likeness.
"""

import datetime
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from autograder.instructor.collect._reading import CollectError, Found

_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_|/|$)")
_CANVAS = re.compile(r"(?P<letters>\w+?)(?:_(?i:late))?_(?P<number>\d+)_\d+_.+")
_EXCHANGE = re.compile(r"(?P<id>[^+/]+)\+(?P<assignment>[^+/]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[^/]*")
_METADATA = "submission_metadata.yml"
_LARGEST = 50 * 2**20


class Owner(NamedTuple):
    """Whose a file may be.

    Attributes:
        keys: kind and value of all that is known of the student, the surest first.
        called: what people read.
        handed_in: when, if the source says so surely.
    """

    keys: tuple[tuple[str, str], ...]
    called: str
    handed_in: datetime.datetime | None = None


class Owners:
    """Tells whose the files of one source are."""

    def __init__(self, files: Sequence[Found]):
        self._gradescope = _gradescope(files)

    def of(self, file: Found) -> list[Owner]:
        """Whose a file is: several where a group has handed it in; nobody if its path does not say."""
        parts = PurePosixPath(file.name).parts
        for part in parts:
            if part in self._gradescope:
                return self._gradescope[part]
        for part in parts[:-1]:
            if match := _EXCHANGE.fullmatch(part):
                time = datetime.datetime.strptime(match["time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC)
                return [Owner((("id", match["id"]),), match["id"], time)]
        for part in parts:
            if match := _MOODLE.match(part):
                keys = (("number", match["number"]), ("name", match["name"]))
                return [Owner(keys, match["name"])]
        if match := _CANVAS.fullmatch(parts[-1]):
            keys = (("number", match["number"]), ("letters", match["letters"]))
            return [Owner(keys, match["letters"])]
        folder = next((part for part in parts[:-1]), "")
        for called in filter(None, (folder, PurePosixPath(parts[-1]).stem)):
            return [Owner((("id", called), ("email", called), ("sid", called), ("name", called)), called)]
        return []


def _gradescope(files: Sequence[Found]) -> dict[str, list[Owner]]:
    """The submitters by submission's folder, where the source is Gradescope's export.

    Raises:
        CollectError: its metadata cannot be read.
    """
    found = next((file for file in files if PurePosixPath(file.name).name == _METADATA), None)
    if found is None or found.problem:
        return {}
    import yaml

    try:
        if len(found.content) > _LARGEST:
            raise ValueError("it is too large")
        whole = yaml.safe_load(found.content)
        return {str(name): [_submitter(one, entry) for one in entry[":submitters"]] for name, entry in whole.items()}
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise CollectError(f"{found.name} is not as Gradescope writes it: {reason}.") from None


def _submitter(one: dict[str, Any], entry: dict[str, Any]) -> Owner:
    name, email, sid = (str(one.get(key) or "") for key in (":name", ":email", ":sid"))
    created = entry.get(":created_at")
    when = None
    if isinstance(created, datetime.datetime):
        when = created.replace(tzinfo=datetime.UTC) if created.tzinfo is None else created.astimezone(datetime.UTC)
    return Owner((("email", email), ("sid", sid), ("name", name)), name or email or sid, when)
