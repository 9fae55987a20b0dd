"""What a submission may read: Python, its libraries, and what `boundary` says of our own package. All else is hidden.

An allow-list, because the secrets could lie anywhere: a gradebook, other submissions, a home folder.
"""

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from autograder.sandbox import boundary

__all__ = ["DEVICES", "PACKAGE", "Readable", "readable", "secrets"]

PACKAGE = boundary.PACKAGE

#: Shared libraries, time zones and fonts, wherever a Linux system keeps them.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/fonts", "/etc/localtime"),
)

#: Devices that are safe for everybody.
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


class Readable(NamedTuple):
    """Paths that a submission may read.

    Attributes:
        trees: files and folders with all that is in them, but for our own package and what is private.
        public: the parts of our own package, with all that is in them, but for what is private.
        private: what is hidden although it may lie in one of those.
        package: the folder of our own package.
        links: other names under which something of it is known, and where these point.
    """

    trees: tuple[str, ...]
    public: tuple[str, ...]
    private: tuple[str, ...]
    package: str
    links: Mapping[str, str] = {}

    def leaves(self) -> list[str]:
        """The same as one flat list in which nothing contains what is hidden."""
        outside = [leaf for tree in self.trees for leaf in _without(tree, (self.package, *self.private))]
        return outside + [leaf for part in self.public for leaf in _without(part, self.private)]

    def hidden_within(self) -> list[str]:
        """The private files and folders that lie in something readable; the outermost ones."""
        return [
            one
            for one in _outermost(self.private)
            if any(_holds(tree, one) for tree in self.public)
            or (any(_holds(tree, one) for tree in self.trees) and not _holds(self.package, one))
        ]


def readable(private: Iterable[str] = (), package: Path = PACKAGE, also: Iterable[str] = ()) -> Readable:
    """What may be read on this machine.

    Args:
        private: files and folders that no submission may read; those that do not exist are left out.
        package: the folder of our own package.
        also: further files and folders that may be read; those that do not exist are left out.

    Raises:
        ValueError: a private folder holds Python's libraries or our package, without which no code can run.
    """
    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    libraries += [*site.getsitepackages(), os.path.join(sys.base_prefix, "lib")]
    # Other folders on the import path may hold anything: the clone that this package comes from is one of them.
    others = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    trees = [path for path in (*libraries, *others, *_SYSTEM, *also) if os.path.exists(path)]
    public = [str(package / part) for part in boundary.readable_parts(package)]
    hidden = tuple(sorted({os.path.realpath(path) for path in private if os.path.lexists(path)}))
    shown = tuple(_outermost(map(os.path.realpath, trees)))
    found = Readable(shown, tuple(public), hidden, str(package), _links(also))
    for one in hidden:
        if any(_holds(one, tree) for tree in (*found.trees, *found.public)):
            raise ValueError(f"{one} cannot be hidden: what every submission needs lies in it")
    return found


def _links(also: Iterable[str]) -> dict[str, str]:
    """Names in the file system under which what is readable is known, and where they point: ``/lib64``."""
    found = {}
    names = ["/lib", "/lib64", "/etc/localtime", *sys.path, sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib")]
    names += also
    for name in names:
        while name and name != "/":
            if os.path.islink(name):
                found[name] = os.path.realpath(name)
            name = os.path.dirname(name)
    return found


def secrets(private: Iterable[str] = ()) -> list[str]:
    """Files and folders that exist here and that no submission may open. Each worker tries them all.

    Args:
        private: what the course wants hidden.
    """
    ours = (str(PACKAGE / part) for part in boundary.hidden_parts(PACKAGE))
    candidates = [*ours, *private, "/etc/shadow", "/proc/1/environ"]
    return list(dict.fromkeys(path for path in candidates if os.path.lexists(path)))


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths without those that lie in another one of them, in order."""
    kept: list[str] = []
    for path in sorted(set(paths)):  # a folder comes before what is in it
        if not any(_holds(one, path) for one in kept):
            kept.append(path)
    return kept


def _without(tree: str, hidden: tuple[str, ...]) -> list[str]:
    """`tree`, or where it contains something hidden, everything in it that neither is that nor contains it."""
    if any(_holds(one, tree) for one in hidden):
        return []
    if not any(_holds(tree, one) for one in hidden):
        return [tree]
    found = []
    with os.scandir(tree) as entries:
        for entry in entries:
            if not entry.is_symlink():
                found += _without(entry.path, hidden)
            elif not _touches(os.path.realpath(entry.path), hidden):  # a link to something hidden shows nothing
                found.append(entry.path)
    return found


def _touches(path: str, hidden: tuple[str, ...]) -> bool:
    return any(_holds(one, path) or _holds(path, one) for one in hidden)


def _holds(folder: str, path: str) -> bool:
    """Whether `path` is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
