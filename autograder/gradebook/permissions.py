"""What an instructor allows students' code beyond the ordinary: settings beside ``use_sandbox(c)``.

::

    c.Sandbox.programs = ["bash", "ls"]                        # for the whole course
    c.Sandbox.assignments = {"ps3": {"memory": 6144, "hosts": ["api.example.org"]}}

They hold for notebooks whose tests are cells of their own. Lessons that our suites ask are run as strictly as ever.
"""

import hashlib
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict, Float, Int, List, TraitError, Unicode
from traitlets.config import Config, Configurable

from autograder.sandbox import Limits, Permissions

_MEGABYTE = 2**20
_ORDINARY = Limits()
#: For so many cells that use up their time the processor's time is enough; each cell's own limit ends it before.
_CELLS = 100


class PermissionsError(Exception):
    """The settings of the sandbox make no sense; the text says which and why."""


class Allowed(NamedTuple):
    """What the notebooks of one assignment may do.

    Attributes:
        permissions: beyond running in their own process and folder.
        limits: what they may use.
        environment: variables that they find.
        seconds: for each cell; 0 where nbgrader's own ``Execute.timeout`` holds.
        widened: what differs from the ordinary, by the names of the settings. Of variables the names alone.
        fingerprint: tells two sets of settings apart; empty for the ordinary one.
    """

    permissions: Permissions
    limits: Limits
    environment: Mapping[str, str]
    seconds: float
    widened: dict[str, Any]
    fingerprint: str


class Sandbox(Configurable):
    """The settings, as nbgrader's configuration has them."""

    programs = List(
        Unicode(),
        help="Names of programs that cells may start, such as `bash`, `git`; `*` for all. The shell and Python are "
        "among them then.",
    ).tag(config=True)
    processes = Bool(False, help="Whether Python may start processes of itself, as process pools do.").tag(config=True)
    hosts = List(
        Unicode(),
        help="Names of hosts that cells may reach over HTTP and HTTPS; `*.example.org` for a domain's, `*` for all.",
    ).tag(config=True)
    folders = List(Unicode(), help="Absolute paths of files and folders that cells may read.").tag(config=True)
    environment = Dict(help="Variables that cells find, by name.").tag(config=True)
    memory = Int(_ORDINARY.memory // _MEGABYTE, help="Megabytes of memory for one process.").tag(config=True)
    disk = Int(
        _ORDINARY.scratch // _MEGABYTE, help="Megabytes for all files together that cells write; they are memory."
    ).tag(config=True)
    file_size = Int(_ORDINARY.file_size // _MEGABYTE, help="Megabytes for one file that cells write.").tag(config=True)
    threads = Int(_ORDINARY.processes, help="How many threads and processes there may be at a time.").tag(config=True)
    seconds = Float(0, help="Seconds for one cell, in place of `Execute.timeout`; 0 leaves that.").tag(config=True)
    assignments = Dict(
        help="What is different for single assignments: `{'ps3': {'memory': 4096}}`, by the names of the settings here."
    ).tag(config=True)


def allowed(config: Config, assignment: str, folders: CourseDirectory | None = None) -> Allowed:
    """What the notebooks of an assignment may do.

    Args:
        config: nbgrader's configuration.
        assignment: nbgrader's name of it.
        folders: the course's, which no setting can open to students' code.

    Raises:
        PermissionsError: the settings make no sense.
    """
    try:
        found = _Settings(config, assignment)
    except TraitError as error:
        raise PermissionsError(f"A setting of `c.Sandbox` in nbgrader_config.py is wrong: {error}") from None
    settings = found.settings
    _check(settings, folders)
    return Allowed(
        Permissions(
            tuple(settings["programs"]),
            settings["processes"],
            tuple(settings["hosts"]),
            tuple(map(os.path.normpath, settings["folders"])),
        ),
        _ORDINARY._replace(
            cpu_seconds=max(_ORDINARY.cpu_seconds, math.ceil(_CELLS * settings["seconds"])),
            memory=settings["memory"] * _MEGABYTE,
            file_size=settings["file_size"] * _MEGABYTE,
            scratch=settings["disk"] * _MEGABYTE,
            processes=settings["threads"],
        ),
        settings["environment"],
        settings["seconds"],
        found.widened(),
        found.fingerprint(),
    )


class _Settings:
    """The settings of one assignment: what stands for it alone before what stands for the course."""

    def __init__(self, config: Config, assignment: str):
        names = set(Sandbox.class_trait_names(config=True))
        _known(config.get("Sandbox", {}), names, "c.Sandbox")
        course = Sandbox(config=config)
        own = course.assignments.get(assignment, {})
        if not isinstance(own, Mapping):
            raise PermissionsError(f"`c.Sandbox.assignments[{assignment!r}]` is no dictionary of settings.")
        _known(own, names - {"assignments"}, f"c.Sandbox.assignments[{assignment!r}]")
        merged = {name: own.get(name, getattr(course, name)) for name in names - {"assignments"}}
        checked = Sandbox(**merged)  # a single text becomes a list of one
        self.settings: dict[str, Any] = {name: getattr(checked, name) for name in merged}

    def widened(self) -> dict[str, Any]:
        """What differs from the ordinary."""
        usual = Sandbox()
        found = {name: value for name, value in sorted(self.settings.items()) if value != getattr(usual, name)}
        if "environment" in found:
            found["environment"] = sorted(found["environment"])
        return found

    def fingerprint(self) -> str:
        """Tells two sets of settings apart."""
        if not self.widened():
            return ""
        plain = msgspec.json.encode(sorted(self.settings.items()), enc_hook=str)
        return hashlib.blake2b(plain, digest_size=16).hexdigest()


def _known(settings: Iterable[str], names: set[str], where: str) -> None:
    for name in settings:
        if name not in names:
            raise PermissionsError(f"`{where}` has no setting {name!r}; there are {', '.join(sorted(names))}.")


def _check(settings: Mapping[str, Any], folders: CourseDirectory | None) -> None:
    for name in ("memory", "disk", "file_size", "threads"):
        if settings[name] <= 0:
            raise PermissionsError(f"`c.Sandbox.{name}` is {settings[name]}, and has to be more than 0.")
    if settings["seconds"] < 0:
        raise PermissionsError(f"`c.Sandbox.seconds` is {settings['seconds']}, and cannot be less than 0.")
    for name, value in settings["environment"].items():
        if not isinstance(name, str) or not isinstance(value, str) or not name or "=" in name or "\0" in name + value:
            raise PermissionsError(f"`c.Sandbox.environment` has {name!r}: a variable's name and value are texts.")
    for name in settings["programs"]:
        if not name or "/" in name:
            raise PermissionsError(
                f"`c.Sandbox.programs` has {name!r}: a program is given by its name, without a folder."
            )
    for host in settings["hosts"]:
        if not host or "/" in host or ("*" in host and host != "*" and not host.startswith("*.")):
            raise PermissionsError(
                f"`c.Sandbox.hosts` has {host!r}: a host is given by its name, such as api.example.org, without "
                "https:// before it and a path behind it."
            )
    for folder in settings["folders"]:
        _check_folder(folder, folders)


def _check_folder(folder: str, folders: CourseDirectory | None) -> None:
    if not os.path.isabs(folder):
        raise PermissionsError(f"`c.Sandbox.folders` has {folder!r}, which does not begin with a slash.")
    if folders is None:
        return
    place = Path(os.path.realpath(folder))
    root = Path(os.path.realpath(folders.root))
    steps = (folders.source_directory, folders.submitted_directory, folders.autograded_directory)
    for secret in (root, *(root / step for step in (*steps, folders.feedback_directory)), root / "gradebook.db"):
        if secret.is_relative_to(place) or (secret != root and place.is_relative_to(secret)):
            raise PermissionsError(
                f"`c.Sandbox.folders` has {folder!r}: with it students' code could read {secret}. "
                "Put what it should read into a folder of its own."
            )


#: Which setting gives what a cell was refused, as a line of it might read, by the names that refusals have.
SETTINGS = {
    "programs": '"programs": ["*"]',
    "processes": '"processes": True',
    "network": '"hosts": ["…"]',
    "files": '"folders": ["…"]',
    "memory": f'"memory": {4 * _ORDINARY.memory // _MEGABYTE}',
    "disk": f'"disk": {8 * _ORDINARY.scratch // _MEGABYTE}, "file_size": {8 * _ORDINARY.scratch // _MEGABYTE}',
    "threads": f'"threads": {4 * _ORDINARY.processes}',
}
