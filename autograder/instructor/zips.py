"""Zips that are the same to the byte whenever and wherever they are made of the same files."""

import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

#: With the real time no two would be the same. It is that of the files in the students' wheel.
_TIME = (2020, 2, 2, 0, 0, 0)


def write_zip(path: Path, files: Iterable[tuple[str, bytes]], scripts: Collection[str] = ()) -> None:
    """Write a zip.

    Args:
        path: where to.
        files: name and content of each, in the order in which they lie in it.
        scripts: names of those that can be run.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, on whatever machine it is made: it has permissions
            entry.external_attr = (0o100755 if name in scripts else 0o100644) << 16
            # A wheel is compressed already.
            packed = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, packed)
