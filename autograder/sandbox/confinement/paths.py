"""What a submission may read: Python, its libraries, and the package's public parts. Everything else is hidden.

An allow-list, because the secrets could lie anywhere: a gradebook, other submissions, a home folder.
"""

import os
import site
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2]

#: The parts of our own package that notebooks may import. The suites with their recorded answers, the known wrong
#: answers and MNIST's test labels are not among them.
_PUBLIC = (
    *("__init__.py", "calls.py", "functions.py", "kernel.py", "kindly.py", "lessons.py", "values.py"),
    *("figures", "sandbox", "data/__init__.py", "data/cells", "data/__pycache__", "__pycache__"),
)

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
        trees: files and folders with all that is in them.
        public: the package's public parts, relative to `PACKAGE`. The rest of that folder stays hidden, also
            where it lies inside one of the trees.
    """

    trees: tuple[str, ...]
    public: tuple[str, ...]

    def leaves(self) -> list[str]:
        """The same as one flat list in which no tree contains the package."""
        found: list[str] = []
        for tree in self.trees:
            found.extend(_without(tree, str(PACKAGE)))
        return [*found, *(str(PACKAGE / part) for part in self.public)]


def readable() -> Readable:
    """What may be read on this machine."""
    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    libraries += [*site.getsitepackages(), os.path.join(sys.base_prefix, "lib")]
    # Other folders on the import path may hold anything: the clone that this package comes from is one of them.
    others = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    trees = {os.path.realpath(path) for path in (*libraries, *others) if os.path.exists(path)}
    system = {path for path in _SYSTEM if os.path.exists(path)}
    kept = sorted(trees | {os.path.realpath(path) for path in system})
    # A tree inside another one needs no mention of its own.
    outer = [one for one in kept if not any(one != other and _holds(other, Path(one)) for other in kept)]
    public = tuple(part for part in _PUBLIC if (PACKAGE / part).exists())
    return Readable(tuple(outer), public)


def links() -> dict[str, str]:
    """Names in the file system under which Python or its libraries are known, and where they point: ``/lib64``."""
    found = {}
    names = ["/lib", "/lib64", "/etc/localtime", *sys.path, sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib")]
    for name in names:
        while name and name != "/":
            if os.path.islink(name):
                found[name] = os.path.realpath(name)
            name = os.path.dirname(name)
    return found


def secrets() -> list[str]:
    """Files and folders of the course that exist here and that no submission may open. Workers try each of them."""
    home = PACKAGE.parent
    candidates = [
        *(home / name for name in ("solutions", "source", "gradebook.db", "submitted", "autograded", "feedback")),
        *(PACKAGE / "suites" / name for name in ("hidden", "recorded")),
        *(PACKAGE / name for name in ("misconceptions", "data/mnist/t10k-labels-idx1-ubyte.gz")),
        Path("/etc/shadow"),
        Path("/proc/1/environ"),
    ]
    return [str(path) for path in candidates if path.exists()]


def _without(tree: str, hidden: str) -> list[str]:
    """`tree`, or where it contains `hidden`, everything in it that does not."""
    if tree == hidden:
        return []
    if not _holds(tree, Path(hidden)):
        return [tree]
    with os.scandir(tree) as entries:
        return [path for entry in entries for path in _without(entry.path, hidden)]


def _holds(folder: str, path: Path) -> bool:
    real = Path(os.path.realpath(folder))
    return real == path or real in path.parents
