"""What an instructor has allowed beyond the ordinary, and what of the machine a submission then has to see.

Nothing is allowed by default. Programs, processes and hosts are given only where namespaces keep what comes of them
apart from everybody else; where there are none they are withheld, and the worker says so.
"""

import fnmatch
import glob
import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

__all__ = ["ALL", "Permissions", "Programs", "programs", "search_path"]

#: In place of a name: every program, every host.
ALL = "*"

#: What is started by almost everybody who starts something: a line of shell, and this Python.
_ALWAYS = ("sh", os.path.basename(sys.executable))
#: What programs read beside themselves.
_SHARED = ("/etc/alternatives", "/usr/libexec", "/usr/share")
#: What the kernel itself starts in order to start a program.
_LOADERS = ("/lib64/ld-linux*.so*", "/lib/ld-linux*.so*", "/lib/ld-musl*.so*")


class Permissions(msgspec.Struct, frozen=True):
    """What a submission may do beyond running in its own process and folder.

    Attributes:
        programs: names of programs that may be started, the shell and Python among them then; `ALL` for every one.
        processes: whether this Python may start further processes of itself.
        hosts: names of hosts that may be reached over HTTP and HTTPS, `ALL` for every one; ``*.example.org`` for all
            of a domain's.
        folders: absolute paths of files and folders that may be read.
    """

    programs: tuple[str, ...] = ()
    processes: bool = False
    hosts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def starts_processes(self) -> bool:
        """Whether there may be another process than the worker's own."""
        return self.processes or bool(self.programs)

    @property
    def started(self) -> tuple[str, ...]:
        """Names of the programs that may be started, whatever they are asked for by."""
        if not self.starts_processes:
            return ()
        return (*_ALWAYS, *self.programs) if self.programs else (_ALWAYS[1],)

    def names_program(self, asked_for: str) -> bool:
        """Whether a program may be started, by its name or its path."""
        return ALL in self.programs or os.path.basename(asked_for) in self.started

    def names_host(self, host: str) -> bool:
        """Whether a host stands among `hosts`, as it is."""
        return host.lower() in {one.lower() for one in self.hosts}

    def covers_host(self, host: str) -> bool:
        """Whether one of `hosts` is a pattern that a host follows."""
        patterns = [one.lower() for one in self.hosts if one == ALL or one.startswith("*.")]
        return any(fnmatch.fnmatchcase(host.lower(), pattern) for pattern in patterns)


class Programs(NamedTuple):
    """What has to be shown for programs to run.

    Attributes:
        places: files and folders, by the names that they are known under.
        executable: those of them that may be executed, and what else may be.
    """

    places: tuple[str, ...]
    executable: tuple[str, ...]


def search_path() -> str:
    """Where programs are looked for: those beside this Python first."""
    return os.pathsep.join((os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"))


def programs(names: Iterable[str]) -> Programs:
    """Find programs on this machine; one that is not there is left out."""
    names = tuple(names)
    if not names:
        return Programs((), ())
    folders = search_path().split(os.pathsep)
    if ALL in names:
        wanted = [*folders, *_SHARED]
        loaders = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"]  # programs that other programs start lie there as well
    else:
        wanted = [place for name in names for place in _found(name, folders)]
        loaders = [place for pattern in _LOADERS for place in glob.glob(pattern)]
    wanted = [name for place in (*wanted, sys.executable) for name in _names(place)]
    places = (*wanted, os.path.join(sys.prefix, "pyvenv.cfg"))
    executable = {os.path.realpath(place) for place in (*wanted, *loaders)}
    return Programs(tuple(place for place in places if os.path.exists(place)), tuple(sorted(executable)))


def _names(place: str) -> list[str]:
    """A name of a file and, where it is a link, the names that it leads to on the way."""
    found = [place]
    while os.path.islink(place):
        place = os.path.join(os.path.dirname(place), os.readlink(place))
        if place in found:
            break
        found.append(place)
    return found


def _found(name: str, folders: list[str]) -> list[str]:
    """Every name that a program has: the shell is asked for as ``/bin/sh``, whatever comes before that."""
    places = (os.path.join(folder, name) for folder in folders)
    return [place for place in places if os.path.isfile(place) and os.access(place, os.X_OK)]
